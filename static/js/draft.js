// A draft of a new card on this device, until it is saved: a flat battery loses nothing.
import { draft } from "./shelf.js";

const OWN = new Set(["csrf_token", "answers", "step", "go", "confirm", "returning", "time_zone"]);

function typed(form) {
  const found = JSON.parse(form.elements.answers.value || "{}");
  for (const field of form.elements) {
    if (!field.name || OWN.has(field.name)) continue;
    if (field.type === "radio" && !field.checked) continue;
    found[field.name] = field.value;
  }
  return found;
}

function watch(form) {
  const step = form.elements.step.value || "check";
  const note = () => draft.write({ answers: typed(form), step, at: Date.now() });
  let soon;
  form.addEventListener("input", () => {
    clearTimeout(soon);
    soon = setTimeout(note, 300);
  });
  addEventListener("pagehide", note);
  // On which day it is depends on where: the one thing that the device knows better.
  const zone = Object.assign(document.createElement("input"), { type: "hidden", name: "time_zone" });
  zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  form.append(zone);
  // A page that is opened has all that was typed before it.
  if (Object.keys(typed(form)).length) note();
}

function offer(box) {
  const held = draft.read();
  if (!held || typeof held.answers !== "object") return;
  const form = document.getElementById("draft-form");
  document.getElementById("draft-when").textContent = new Date(held.at).toLocaleString();
  form.elements.answers.value = JSON.stringify(held.answers);
  form.elements.go.value = held.step;
  document.getElementById("draft-erase").addEventListener("click", () => {
    draft.erase();
    box.hidden = true;
  });
  box.hidden = false;
}

const form = document.querySelector("form[data-draft]");
if (form) watch(form);
const box = document.getElementById("draft");
if (box) offer(box);
