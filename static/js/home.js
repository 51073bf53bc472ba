// The start page: the cards that are kept on this device, each with what is due today. A card is
// here by its owner's address, which needs the network, or as a copy, which does not.
import { cardOf, clear, compare, copies, remove } from "./copies.js";
import { dayAt, holding } from "./days.js";
import { cards, clearShelf, forget, moment, removed } from "./shelf.js";

const shelf = document.getElementById("shelf");
const list = document.getElementById("cards");
const pattern = document.getElementById("card");

function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

function due(card) {
  const day = today();
  return (card.due || [])
    .filter((each) => each.first <= day && (!each.last || day <= each.last))
    .sort((one, other) => other.grave - one.grave)
    .map((each) => `${each.word}: ${each.title}`);
}

// A kept copy's words are HTML already, without a tag in them.
function unescaped(words) {
  return new DOMParser().parseFromString(words, "text/html").body.textContent;
}

function dueOf(file) {
  return holding(file, dayAt(Date.now(), file))
    .filter((each) => each[4] !== "INFO")
    .map((each) => unescaped(`${file.words[`severity.${each[4]}`]}: ${each[5]}`));
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

// To a card's own pages, which name the numbers to call; the public ones know none.
function lead(within, card) {
  for (const each of within.querySelectorAll("[data-way]")) if (card) each.href = `${card}/${each.dataset.way}`;
}

function item({ name, path, card, kind, notes, when, take }) {
  const made = pattern.content.cloneNode(true);
  const link = made.querySelector("a");
  link.textContent = name;
  link.href = path;
  lead(made, card);
  for (const each of made.querySelectorAll("[data-kind]")) each.hidden = each.dataset.kind !== kind;
  for (const each of made.querySelectorAll("[data-moment]")) each.textContent = when;
  const lines = made.querySelector("ul");
  if (notes.length) {
    lines.replaceChildren(...notes.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
  }
  const button = made.querySelector("button");
  button.setAttribute("aria-label", `${button.textContent}: ${name}`);
  button.addEventListener("click", async () => {
    await take();
    await draw();
  });
  return made;
}

// The page that whoever keeps the owner's address can open for a card; older lists do not say it.
function readerOf({ reader }) {
  return typeof reader === "string" ? cardOf(reader) : "";
}

// Whose pump may it be? One person's pages are led to at once; of several it is asked which. Who is
// here twice, by the owner's address and as a copy, is one person.
function ways(kept) {
  const names = kept.map(({ file }) => file.name);
  const others = cards().filter(({ name }) => !names.includes(name));
  const found = [...kept.map(({ card }) => card), ...others.map(readerOf)];
  const links = document.querySelector("main > .links [data-way]").parentElement;
  document.getElementById("whom").hidden = found.length < 2;
  if (found.length === 1) lead(links, found[0]);
  if (found.length > 1) for (const each of links.querySelectorAll("[data-way]")) each.href = "#whom";
}

function owned(card) {
  const made = item({ ...card, card: readerOf(card), kind: "owner", notes: due(card), when: "", take: () => forget(card.path) });
  const note = made.querySelector("[role=alert]");
  made.querySelector("a").addEventListener("click", async (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    note.hidden = !(await dead(card.path));
    if (note.hidden) location.assign(card.path);
  });
  return made;
}

function copied({ card, file, stamps }, working) {
  const kind = stamps.gone ? "gone" : working ? "copy" : "shut";
  const take = () => {
    removed(true);
    return remove(card);
  };
  return item({ name: file.name, path: card, card, kind, notes: dueOf(file), when: moment(stamps.gone || stamps.compared), take });
}

// Whether a worker here would open a copy.
async function works() {
  const found = navigator.serviceWorker && (await navigator.serviceWorker.getRegistration());
  return Boolean(found && found.active);
}

async function draw() {
  const working = await works().catch(() => false);
  const kept = await copies().catch(() => []);
  const rows = [
    ...cards().map((card) => [card.name, owned(card)]),
    ...kept.map((each) => [each.file.name, copied(each, working)]),
  ].sort(([one], [other]) => one.localeCompare(other));
  // Who hears the same words for two people is told whose each is.
  rows.forEach(([, made], index) => {
    made.querySelector("a").id = `name-${index}`;
    for (const each of made.querySelectorAll("[data-way]")) each.setAttribute("aria-describedby", `name-${index}`);
  });
  const drawn = list.cloneNode();
  drawn.append(...rows.map(([, made]) => made));
  // What is there already stays: somebody may be about to press it, or be there with the keyboard.
  if (drawn.innerHTML !== list.innerHTML) {
    list.textContent = "";
    list.append(...drawn.childNodes);
  }
  shelf.hidden = rows.length === 0;
  ways(kept);
  return kept;
}

// What is kept stays only as good as its last look at the server, and as the worker that opens it.
async function renew(kept) {
  const app = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
  if (navigator.serviceWorker && (kept.length || app) && shelf.dataset.worker === "on") {
    await navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" });
    await Promise.race([navigator.serviceWorker.ready, new Promise((done) => setTimeout(done, 10000))]);
  }
  await Promise.all(kept.map(({ card }) => compare(card)));
  if (kept.length) await draw();
}

function offerToClear() {
  const asked = document.getElementById("sure");
  document.getElementById("clear").addEventListener("click", () => {
    asked.hidden = false;
    asked.querySelector("button").focus();
  });
  document.getElementById("leave").addEventListener("click", () => (asked.hidden = true));
  document.getElementById("clear-all").addEventListener("click", async () => {
    clearShelf();
    if (self.caches) await clear();
    asked.hidden = true;
    // Looked up again: it is said only of what is so.
    const left = [...(await draw()), ...cards()];
    document.getElementById("cleared").hidden = left.length > 0;
  });
}

offerToClear();
draw().then(renew).catch(() => null);
