// Copies the report as Markdown, with a link to this page, for a ticket.
"use strict";

const button = document.getElementById("copy"), said = document.getElementById("copied");

// Outside of a secure context (plain HTTP from another machine) there is no
// clipboard to write to.
button.hidden = !navigator.clipboard;
button.onclick = async () => {
  try {
    const answer = await fetch(button.dataset.from);
    if (!answer.ok) throw new Error(answer.statusText);
    await navigator.clipboard.writeText((await answer.text()).trimEnd() + "\n\n" + location.href + "\n");
    said.textContent = button.dataset.done;
  } catch {
    said.textContent = button.dataset.failed;
  }
};
