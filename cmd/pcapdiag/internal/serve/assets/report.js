// Copies the report as Markdown for a ticket, with the number of that and a link
// to this page.
"use strict";

const button = document.getElementById("copy"), said = document.getElementById("copied");

// text returns what a ticket gets.
async function text() {
  const answer = await fetch(button.dataset.from);
  if (!answer.ok) throw new Error(answer.statusText);
  const link = location.origin + location.pathname; // in the language of whoever opens it
  const head = [button.dataset.ticket, link].filter(Boolean).join("\n");
  return head + "\n\n" + (await answer.text()).trimEnd() + "\n";
}

// copy puts the text into the clipboard. Safari lets it in only where the write
// begins with the click, before the text is there; outside of a secure context
// (plain HTTP from another machine) only the old way is left.
async function copy() {
  if (navigator.clipboard) {
    return navigator.clipboard.write([new ClipboardItem({ "text/plain": text() })]);
  }
  const area = document.createElement("textarea");
  area.value = await text();
  document.body.append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  if (!copied) throw new Error("not copied");
}

document.querySelector(".copy").hidden = false;
button.onclick = async () => {
  try {
    await copy();
    said.textContent = button.dataset.done;
  } catch {
    said.textContent = button.dataset.failed;
  }
};
