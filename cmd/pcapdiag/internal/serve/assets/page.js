// The upload page with a script: files are dropped, and their way is watched.
// Without it the page is a plain form.
"use strict";

const byId = id => document.getElementById(id);
const form = byId("upload"), list = byId("list"), running = byId("running"), bar = byId("bar"), status = byId("status");
const words = running.dataset;
const chosen = []; // {file, name}, where name is the field that holds the point's name
let cancel = () => {};

// Swap the fields of the plain form for those that need a script.
for (const e of document.querySelectorAll(".scripted")) e.hidden = false;
for (const e of document.querySelectorAll(".plain")) e.remove();

// pointName guesses the point from a file name, as in node-a_eth0.pcap.gz.
const pointName = file => file.replace(/(\.(pcapng|pcap|cap|dmp|txt|log|gz|bz2|zst|xz|lz4|zip|tar|tgz))+\d*$/i, "");

function add(files) {
  for (const file of files) {
    const row = document.createElement("li"), label = document.createElement("label");
    const name = document.createElement("input"), size = document.createElement("span"), remove = document.createElement("button");
    const entry = { file, name };
    name.value = pointName(file.name);
    name.maxLength = 200;
    label.append(list.dataset.point + " ", name);
    size.className = "file";
    size.textContent = file.name + " · " + bytes(file.size);
    remove.type = "button";
    remove.textContent = list.dataset.remove;
    remove.setAttribute("aria-label", list.dataset.remove + " " + file.name);
    remove.onclick = () => {
      chosen.splice(chosen.indexOf(entry), 1);
      row.remove();
      byId("files").focus();
    };
    row.append(label, size, remove);
    list.append(row);
    chosen.push(entry);
  }
}

function bytes(n) {
  const units = ["B", "kB", "MB", "GB"];
  let i = 0;
  for (; n >= 1000 && i < units.length - 1; i++) n /= 1000;
  return n.toFixed(i ? 1 : 0) + " " + units[i];
}

byId("files").onchange = e => { add(e.target.files); e.target.value = ""; };
// A file that misses the zone would replace the page otherwise.
document.addEventListener("dragover", e => { e.preventDefault(); byId("drop").classList.add("over"); });
document.addEventListener("dragleave", () => byId("drop").classList.remove("over"));
document.addEventListener("drop", e => {
  e.preventDefault();
  byId("drop").classList.remove("over");
  if (!form.hidden) add(e.dataTransfer.files);
});

form.onsubmit = e => {
  e.preventDefault();
  byId("error").textContent = "";
  if (!chosen.length && !form.elements.text.value.trim()) return fail(words.none);
  upload();
};

// body is the form as the API reads it: what is known before the files, and
// each name before its file.
function body() {
  const data = new FormData(), pairs = [];
  for (const field of document.querySelectorAll("[data-key]")) {
    const value = field.value.trim();
    if (value) pairs.push(field.dataset.key + "=" + value);
  }
  if (pairs.length) data.append("context", pairs.join(","));
  for (const key of ["ticket", "text"]) {
    if (form.elements[key].value.trim()) data.append(key, form.elements[key].value);
  }
  for (const { file, name } of chosen) {
    data.append("name", name.value);
    data.append("file", file);
  }
  return data;
}

function upload() {
  const request = new XMLHttpRequest();
  request.upload.onprogress = e => {
    if (e.lengthComputable) bar.value = e.loaded / e.total;
    status.textContent = words.upload + ": " + bytes(e.loaded) + " / " + bytes(e.total);
  };
  request.onload = () => {
    if (request.status !== 202) return fail(request.responseText);
    watch(JSON.parse(request.responseText).id);
  };
  request.onerror = () => fail(words.lost);
  cancel = () => { request.abort(); reset(); };
  request.open("POST", "/api/v1/analyses");
  request.send(body());
  form.hidden = true;
  running.hidden = false;
  status.textContent = words.upload;
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
  const show = () => location.assign("/analyses/" + id + new URL(form.action).search);
  bar.removeAttribute("value"); // how much is left is not known
  status.textContent = words.running;
  cancel = () => end(() => fetch(address, { method: "DELETE" }).finally(reset));
  events.addEventListener("progress", e => progress(JSON.parse(e.data)));
  events.addEventListener("done", () => end(show));
  // The page of the analysis refreshes itself, should the events fail.
  events.onerror = () => end(show);
}

function progress(p) {
  const number = n => Math.round(n).toLocaleString(document.documentElement.lang);
  status.textContent = p.state === "queued" ? words.queued :
    `${words.running}: ${bytes(p.bytes)}, ${number(p.packets)} ${words.packets}, ${number(p.rate)} ${words.rate}`;
}

function reset() {
  running.hidden = true;
  form.hidden = false;
  cancel = () => {};
  form.querySelector(".main").focus();
}

function fail(message) {
  reset();
  byId("error").textContent = message;
}

byId("cancel").onclick = () => cancel();
