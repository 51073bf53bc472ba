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

function shown(card) {
  const item = pattern.content.cloneNode(true);
  const link = item.querySelector("a");
  link.textContent = card.name;
  link.href = card.path;
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
