// The start page: the cards that are kept on this device, each with what is due today.
import { cards, forget } from "./shelf.js";

const shelf = document.getElementById("shelf");
const list = document.getElementById("cards");
const pattern = document.getElementById("card");

function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

function due(card) {
  const day = today();
  return (card.due ?? [])
    .filter((each) => each.first <= day && (!each.last || day <= each.last))
    .sort((one, other) => other.grave - one.grave)
    .map((each) => `${each.word}: ${each.title}`);
}

// An address that opens nothing any more gets the page that everybody gets; why it may be so is
// said here. What cannot be asked is opened.
async function dead(path) {
  try {
    const answer = await fetch(path, { method: "HEAD", signal: AbortSignal.timeout(4000) });
    return answer.status === 404;
  } catch {
    return false;
  }
}

function shown(card) {
  const item = pattern.content.cloneNode(true);
  const link = item.querySelector("a");
  link.textContent = card.name;
  link.href = card.path;
  const note = item.querySelector("[role=alert]");
  link.addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    note.hidden = !(await dead(card.path));
    if (note.hidden) location.assign(card.path);
  });
  const notes = due(card);
  const lines = item.querySelector("ul");
  if (notes.length) {
    lines.replaceChildren(...notes.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
  }
  const button = item.querySelector("button");
  button.setAttribute("aria-label", `${button.textContent}: ${card.name}`);
  button.addEventListener("click", () => {
    forget(card.path);
    draw();
  });
  return item;
}

function draw() {
  const kept = cards().sort((one, other) => one.name.localeCompare(other.name));
  list.replaceChildren(...kept.map(shown));
  shelf.hidden = kept.length === 0;
}

draw();
