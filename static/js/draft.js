// What is typed into a form stays on this device until it is saved: a flat battery loses nothing.
import { drafts } from "./shelf.js";

const form = document.querySelector("form[data-draft]");
const offered = document.getElementById("draft");

const typed = (form) => [...new FormData(form)].filter(([name]) => name !== "csrf_token");

function hidden(name, value) {
  return Object.assign(document.createElement("input"), { type: "hidden", name, value });
}

function watch(form) {
  // A page that was sent and came back holds what was typed; any other only once it is typed.
  let begun = "typed" in form.dataset;
  const note = () => begun && drafts.write(form.dataset.draft, { typed: typed(form), at: Date.now() });
  let soon;
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
  const again = document.getElementById("draft-form");
  again.append(...held.typed.map(([name, value]) => hidden(name, value)));
  document.getElementById("draft-when").textContent = new Date(held.at).toLocaleString(
    document.documentElement.lang, { dateStyle: "long", timeStyle: "short" });
  const seen = again.elements.version && again.elements.version.value;
  document.getElementById("draft-older").hidden = !seen || seen === form.elements.version.value;
  document.getElementById("draft-erase").addEventListener("click", () => {
    drafts.erase(name);
    box.remove();
  });
}

if (offered) offer(offered.dataset.of);
if (form) watch(form);
