// Copies the report as Markdown for a ticket, with the number of that and a link
// to this page.
"use strict";

const button = document.getElementById("copy"), said = document.getElementById("copied");

// write puts text into the clipboard. Outside of a secure context (plain HTTP
// from another machine) only the old way is there.
async function write(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (!copied) throw new Error("not copied");
}

document.querySelector(".copy").hidden = false;
button.onclick = async () => {
  try {
    const answer = await fetch(button.dataset.from);
    if (!answer.ok) throw new Error(answer.statusText);
    const link = location.origin + location.pathname; // in the language of whoever opens it
    const head = [button.dataset.ticket, link].filter(Boolean).join("\n");
    await write(head + "\n\n" + (await answer.text()).trimEnd() + "\n");
    said.textContent = button.dataset.done;
  } catch {
    said.textContent = button.dataset.failed;
  }
};
