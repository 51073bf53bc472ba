// After deleting, the card is taken off this device's list. The address of this page still tells
// which one it was; the page itself does not.
import { cards, forget } from "./shelf.js";

const path = location.pathname.replace(/\/delete$/, "");
if (cards().some((each) => each.path === path)) {
  document.getElementById("off-list").hidden = !forget(path);
}
