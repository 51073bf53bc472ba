// What is typed into a form stays in its tab until it is saved; on a person's own device it outlives
// the tab, so that a flat battery loses nothing. Of a new card the server has a draft as well, which
// knows nothing of what was typed and not sent.
import { drafts } from "./shelf.js";

const form = document.querySelector("form[data-draft]");
const offered = document.getElementById("draft");
const begun = document.getElementById("begun");
const choice = {
  box: document.getElementById("own"),
  own: document.getElementById("own-device"),
  clear: document.getElementById("draft-clear"),
};

const typed = (form) => [...new FormData(form)].filter(([name]) => name !== "csrf_token");

function hidden(name, value) {
  return Object.assign(document.createElement("input"), { type: "hidden", name, value });
}

function watch(form) {
  // A page that was sent and came back holds what was typed; any other only once it is typed.
  let begun = "typed" in form.dataset;
  const onServer = !("then" in choice.clear.dataset);
  const note = () => {
    if (begun) drafts.write(form.dataset.draft, { typed: typed(form), at: Date.now() });
    choice.clear.hidden = !onServer && !drafts.read(form.dataset.draft);
  };
  let soon;
  choice.own.checked = drafts.isOwn();
  choice.own.addEventListener("change", () => {
    drafts.own(choice.own.checked);
    note();
  });
  choice.clear.addEventListener("click", () => {
    // Leaving the page would otherwise note once more what it still shows.
    begun = false;
    clearTimeout(soon);
    drafts.eraseEvery();
    if (!onServer) location.assign(choice.clear.dataset.then);
  });
  choice.box.hidden = false;
  document.getElementById("own-choice").hidden = false;
  form.addEventListener("input", () => {
    begun = true;
    clearTimeout(soon);
    soon = setTimeout(note, 300);
  });
  addEventListener("pagehide", note);
  note();
}

// Sent as it is, the page is drawn again with all rows that it had; the server then says whether
// the card is another one by now.
function offer(name) {
  const held = drafts.read(name);
  if (!held || !Array.isArray(held.typed)) return;
  const box = offered.content.firstElementChild;
  offered.replaceWith(box);
  if (begun) begun.hidden = true;
  const again = document.getElementById("draft-form");
  again.append(...held.typed.map(([name, value]) => hidden(name, value)));
  document.getElementById("draft-when").textContent = new Date(held.at).toLocaleString(
    document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  const seen = again.elements.version && again.elements.version.value;
  document.getElementById("draft-older").hidden = !seen || seen === form.elements.version.value;
  document.getElementById("draft-erase").addEventListener("click", () => {
    drafts.erase(name);
    // What the server has of it goes the same way.
    if (begun) return document.getElementById("begun-erase").click();
    box.remove();
    if (choice.clear) choice.clear.hidden = true;
  });
}

// What is put into a form takes the place of what was typed there.
function warn() {
  for (const each of document.querySelectorAll("[data-replaces]")) {
    if (drafts.read(each.dataset.replaces)) each.hidden = false;
  }
}

// Hidden is what was typed in another tab, until the server has erased it (tab.js).
const isOurs = !document.documentElement.hidden;
if (isOurs) warn();
if (offered && isOurs) offer(offered.dataset.of);
if (form && isOurs) watch(form);
