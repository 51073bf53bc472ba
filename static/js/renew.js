// A new owner's address: the old one is known here, the new one on the page that comes next.
import { drafts, renewing } from "./shelf.js";

const form = document.querySelector("form[data-renews]");
form.addEventListener("submit", () => {
  renewing.note(form.dataset.renews);
  // Drafts go by the old address: no page would ever offer or erase them again.
  drafts.eraseOf(form.dataset.drafts);
});
