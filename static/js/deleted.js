// After deleting, the card is taken off this device's list. The address of this page still tells
// which one it was; the page itself does not.
import { cards, drafts, forget } from "./shelf.js";

const note = document.getElementById("off-list");
drafts.eraseOf(note.dataset.drafts);
const path = location.pathname.replace(/\/delete$/, "");
if (cards().some((each) => each.path === path)) {
  note.hidden = !forget(path);
}
