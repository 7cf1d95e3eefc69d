// The upload page with a script: files are dropped, and their way is watched.
// Without it the page is a plain form.
"use strict";

const byId = id => document.getElementById(id);
const chosen = []; // {file, point: name of its capture point}
const state = {
  phase: "", // "upload", "queued", "running"; "" shows the form
  sent: 0, size: 0, // bytes of the upload
  progress: null, // of the analysis, as the API tells it
  error: "",
};
let cancel = () => {};

// begin makes the page that is there one with a script; the other language is
// another page.
function begin() {
  for (const e of document.querySelectorAll(".scripted")) e.hidden = false;
  for (const e of document.querySelectorAll(".plain")) e.remove();
  byId("files").onchange = e => { add(e.target.files); e.target.value = ""; };
  byId("upload").onsubmit = e => { e.preventDefault(); submit(); };
  byId("cancel").onclick = () => cancel();
  for (const link of document.querySelectorAll(".languages a")) {
    link.onclick = e => { e.preventDefault(); translate(link.href); };
  }
  for (const entry of chosen) list(entry);
  draw();
}

// draw shows the state.
function draw() {
  const form = byId("upload"), running = byId("running"), bar = byId("bar"), words = running.dataset;
  form.hidden = state.phase !== "";
  running.hidden = state.phase === "";
  byId("error").textContent = words[state.error] ?? state.error;
  if (state.error === "large") byId("error").textContent += " " + bytes(Number(form.dataset.max));
  if (!state.phase) return;
  // A screen reader says the phase when it changes, not each number.
  if (byId("phase").textContent !== words[state.phase]) byId("phase").textContent = words[state.phase];
  let amount = "";
  if (state.phase === "upload" && state.size) {
    bar.value = state.sent / state.size;
    amount = bytes(state.sent) + " / " + bytes(state.size);
  } else {
    bar.removeAttribute("value"); // how much is left is not known
  }
  if (state.phase === "running" && state.progress?.packets) {
    const { file, packets, rate, bytes: read } = state.progress;
    amount = `${number(packets)} ${words.packets} · ${bytes(read)} · ${number(rate)} ${words.rate} · ${file}`;
  }
  byId("amount").textContent = amount;
}

const number = n => Math.round(n).toLocaleString(document.documentElement.lang);

function bytes(n) {
  const units = ["B", "kB", "MB", "GB"];
  let i = 0;
  for (; n >= 1000 && i < units.length - 1; i++) n /= 1000;
  return n.toFixed(i ? 1 : 0) + " " + units[i];
}

// translate swaps the page for that of another language. What was typed and
// chosen stays, and so does a running analysis.
async function translate(address) {
  let text;
  try {
    text = await (await fetch(address)).text();
  } catch {
    return showError("lost");
  }
  const page = new DOMParser().parseFromString(text, "text/html"), open = byId("cluster").open;
  const typed = fields().map(field => field.value);
  document.documentElement.lang = page.documentElement.lang;
  document.body.replaceWith(page.body);
  history.replaceState(null, "", address);
  begin();
  fields().forEach((field, i) => { field.value = typed[i]; });
  byId("cluster").open = open;
  document.querySelector(".languages [aria-current=true]").focus();
}

// fields are those that are typed into, besides the names of points.
const fields = () => [...document.querySelectorAll("#upload [name], [data-key]")];

// pointName guesses the point from a file name, as in node-a_eth0.pcap.gz.
const pointName = file => file.replace(/(\.(pcapng|pcap|cap|dmp|txt|log|gz|bz2|zst|xz|lz4|zip|tar|tgz))+\d*$/i, "");

function add(files) {
  for (const file of files) {
    const entry = { file, point: pointName(file.name) };
    chosen.push(entry);
    list(entry);
  }
}

// list adds the row of a file.
function list(entry) {
  const rows = byId("list"), row = document.createElement("li"), label = document.createElement("label");
  const name = document.createElement("input"), size = document.createElement("span"), remove = document.createElement("button");
  name.value = entry.point;
  name.maxLength = 200;
  name.oninput = () => { entry.point = name.value; };
  label.append(rows.dataset.point + " ", name);
  size.className = "file";
  size.textContent = entry.file.name + " · " + bytes(entry.file.size);
  remove.type = "button";
  remove.textContent = rows.dataset.remove;
  remove.setAttribute("aria-label", rows.dataset.remove + " " + entry.file.name);
  remove.onclick = () => {
    chosen.splice(chosen.indexOf(entry), 1);
    row.remove();
    byId("files").focus();
  };
  row.append(label, size, remove);
  rows.append(row);
}

// A file that misses the zone would replace the page otherwise.
document.addEventListener("dragover", e => { e.preventDefault(); byId("drop").classList.add("over"); });
document.addEventListener("dragleave", () => byId("drop").classList.remove("over"));
document.addEventListener("drop", e => {
  e.preventDefault();
  byId("drop").classList.remove("over");
  if (!state.phase) drop([...e.dataTransfer.items].filter(item => item.kind === "file"));
});

// drop adds what was dropped. A folder looks like a file that cannot be read.
function drop(items) {
  const files = items.filter(item => !item.webkitGetAsEntry()?.isDirectory).map(item => item.getAsFile());
  add(files);
  state.error = files.length < items.length ? "folder" : "";
  draw();
}

function submit() {
  const form = byId("upload");
  if (!chosen.length && !form.elements.text.value.trim()) return showError("none");
  if (chosen.reduce((sum, { file }) => sum + file.size, 0) > Number(form.dataset.max)) return showError("large");
  upload();
}

// body is the form as the API reads it: what is known before the files, and
// each name before its file.
function body() {
  const data = new FormData(), pairs = [], form = byId("upload");
  for (const field of document.querySelectorAll("[data-key]")) {
    const value = field.value.trim();
    if (value) pairs.push(field.dataset.key + "=" + value);
  }
  if (pairs.length) data.append("context", pairs.join(","));
  for (const key of ["ticket", "text"]) {
    if (form.elements[key].value.trim()) data.append(key, form.elements[key].value);
  }
  for (const { file, point } of chosen) {
    data.append("name", point);
    data.append("file", file);
  }
  return data;
}

function upload() {
  const request = new XMLHttpRequest();
  request.upload.onprogress = e => enter("upload", { sent: e.loaded, size: e.total });
  request.onload = () => {
    switch (request.status) {
      case 202: return watch(JSON.parse(request.responseText).id);
      case 413: return showError("large");
      case 503: return showError("busy");
      default: showError(request.responseText.trim());
    }
  };
  request.onerror = () => showError("lost");
  cancel = () => { request.abort(); reset(); };
  request.open("POST", "/api/v1/analyses");
  request.send(body());
  enter("upload", { error: "", sent: 0, size: 0, progress: null });
  byId("doing").focus();
}

// watch follows the events of an analysis until its report can be shown.
function watch(id) {
  const address = "/api/v1/analyses/" + id, events = new EventSource(address + "/events");
  let ended = false;
  const end = then => {
    if (ended) return;
    ended = true;
    events.close();
    then();
  };
  const show = () => location.assign("/analyses/" + id + new URL(byId("upload").action).search);
  cancel = () => end(() => fetch(address, { method: "DELETE" }).finally(reset));
  events.addEventListener("progress", e => {
    const progress = JSON.parse(e.data);
    enter(progress.state, { progress });
  });
  events.addEventListener("done", () => end(show));
  // The page of the analysis refreshes itself, should the events fail.
  events.onerror = () => end(show);
  enter("running");
}

function enter(phase, more) {
  Object.assign(state, { phase }, more);
  draw();
}

function reset() {
  cancel = () => {};
  enter("");
  document.querySelector(".main").focus();
}

// showError shows the form again with a message: the name of a word of the page,
// or what the server says.
function showError(error) {
  state.error = error;
  reset();
}

begin();
