// After saving: the draft goes, and the card may be kept on this device's start page.
import { cards, drafts, forget, keep, renewing } from "./shelf.js";

const place = document.getElementById("kept");
const card = JSON.parse(place.dataset.card);
const device = document.getElementById("this-device");
const said = document.getElementById("said");

if (place.dataset.erase) drafts.erase(place.dataset.erase);
if ("follows" in place.dataset) {
  const old = renewing.take();
  if (cards().some((each) => each.path === old) && keep(card) && forget(old)) {
    said.textContent = place.dataset.follows;
  }
}
if (cards().some((each) => each.path === card.path)) {
  // What is due has changed with the card.
  keep(card);
} else if (device) {
  device.hidden = false;
  document.getElementById("device-note").hidden = false;
  device.querySelector("button").addEventListener("click", () => {
    const done = keep(card);
    said.textContent = done ? place.dataset.kept : place.dataset.taken;
    device.hidden = done;
  });
}
