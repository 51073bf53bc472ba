// The start page: the cards that are kept on this device, each with its state of today, its
// numbers and its own ways. A card is
// here by its owner's address, which needs the network, or as a copy, which does not.
import { cardOf, clear, compare, copies, remove } from "./copies.js";
import { dayAt, holding } from "./days.js";
import { cards, clearShelf, drafts, forget, moment, removed } from "./shelf.js";

const shelf = document.getElementById("shelf");
const list = document.getElementById("cards");
const title = document.getElementById("title");
const pattern = document.getElementById("card");

function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
}

// What holds today, the gravest first: its words, and how grave it is.
function due(card) {
  const day = today();
  return (card.due || [])
    .filter((each) => each.first <= day && (!each.last || day <= each.last))
    .sort((one, other) => other.grave - one.grave);
}

// A kept copy's words are HTML already, without a tag in them.
function unescaped(words) {
  return new DOMParser().parseFromString(words, "text/html").body.textContent;
}

const GRAVE = ["INFO", "DUE", "URGENT", "EMERGENCY"];

function dueOf(file) {
  return holding(file, dayAt(Date.now(), file))
    .filter((each) => each[4] !== "INFO")
    .map((each) => ({ grave: GRAVE.indexOf(each[4]), word: unescaped(file.words[`severity.${each[4]}`]), title: unescaped(each[5]) }));
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

// The numbers to call, as far as the card's entry has them; older ones have none.
function dial(made, calls) {
  for (const link of made.querySelectorAll("[data-call]")) {
    const [words, number, shown] = (calls && calls[link.dataset.call]) || [];
    link.hidden = !number || !/^\+?[0-9]+$/.test(number);
    if (link.hidden) continue;
    link.href = `tel:${number}`;
    link.querySelector(".what").textContent = words;
    if (link.querySelector(".digits")) link.querySelector(".digits").textContent = shown;
  }
}

// The strip: how grave the gravest is, as a colour, a shape and a word.
function state(made, notes) {
  const level = !notes.length ? "ok" : notes[0].grave >= 2 ? "red" : "due";
  made.querySelector(".state").classList.add(level);
  for (const each of made.querySelectorAll("[data-level]")) each.hidden = each.dataset.level !== level;
  if (notes.length) made.querySelector("[data-word]").textContent = notes[0].word;
  const lines = notes.map(({ title }) => Object.assign(document.createElement("li"), { textContent: title }));
  made.querySelector(".due").replaceChildren(...lines);
}

// An owner's address may have been renewed: what opens nothing is said here.
function openIfAlive(made, owner) {
  const note = made.querySelector("[role=alert]");
  for (const link of made.querySelectorAll("a")) {
    if (!owner || link.getAttribute("href") !== owner) continue;
    link.addEventListener("click", async (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      note.hidden = !(await dead(owner));
      if (note.hidden) location.assign(owner);
    });
  }
}

function item({ name, path, card, owner, calls, kind, notes, when, take }) {
  const made = pattern.content.cloneNode(true);
  const link = made.querySelector("h2 a");
  link.textContent = name;
  link.href = path;
  lead(made, card);
  dial(made, calls);
  state(made, notes);
  const pages = { page: card, owner };
  for (const each of made.querySelectorAll("[data-open]")) {
    const to = pages[each.dataset.open];
    if (to) each.href = to;
    else each.parentElement.remove();
  }
  openIfAlive(made, owner);
  for (const each of made.querySelectorAll("[data-kind]")) each.hidden = each.dataset.kind !== kind;
  for (const each of made.querySelectorAll("[data-moment]")) each.textContent = when;
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

// A card that is here by its owner's address alone.
function owned(card) {
  const take = () => forget(card.path);
  return item({ ...card, card: readerOf(card), owner: card.path, kind: "owner", notes: due(card), when: "", take });
}

// A copy, and the owner's address of the same card if that is here as well: one person, one tile.
function copied({ card, file, stamps }, working, owner) {
  const kind = stamps.gone ? "gone" : working ? "copy" : "shut";
  const take = () => {
    if (owner) forget(owner);
    removed(true);
    return remove(card);
  };
  const when = moment(stamps.gone || stamps.compared);
  return item({ name: file.name, path: card, card, owner, calls: file.calls, kind, notes: dueOf(file), when, take });
}

// Whether a worker here would open a copy.
async function works() {
  const found = navigator.serviceWorker && (await navigator.serviceWorker.getRegistration());
  return Boolean(found && found.active);
}

async function draw() {
  const working = await works().catch(() => false);
  const kept = await copies().catch(() => []);
  // The gravest first: on a night like that nobody looks for a name.
  const grave = (notes) => (notes.length ? notes[0].grave : 0);
  const owners = new Map(cards().map((card) => [readerOf(card) || card.path, card]));
  const copiedRows = kept.map((each) => {
    const owner = owners.get(each.card);
    owners.delete(each.card);
    return [each.file.name, copied(each, working, owner && owner.path), grave(dueOf(each.file))];
  });
  const rows = [
    ...copiedRows,
    ...[...owners.values()].map((card) => [card.name, owned(card), grave(due(card))]),
  ].sort(([one, , first], [other, , second]) => second - first || one.localeCompare(other));
  // Who hears the same words for two people is told whose each is.
  rows.forEach(([, made], index) => {
    made.querySelector("h2 a").id = `name-${index}`;
    for (const each of made.querySelectorAll("[data-way]")) each.setAttribute("aria-describedby", `name-${index}`);
  });
  const drawn = list.cloneNode();
  drawn.append(...rows.map(([, made]) => made));
  // What is there already stays: somebody may be about to press it, or be there with the keyboard.
  if (drawn.innerHTML !== list.innerHTML) {
    list.textContent = "";
    list.append(...drawn.childNodes);
  }
  const none = rows.length === 0;
  shelf.hidden = document.getElementById("another").hidden = none;
  document.getElementById("intro").hidden = !none;
  if (!none) title.textContent = rows.length > 1 ? title.dataset.whom : title.dataset.one;
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
if (drafts.read("new")) document.getElementById("begun").hidden = false;
draw().then(renew).catch(() => null);
