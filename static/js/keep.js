// Keeps this page's card on this phone when somebody asks for it, and says "saved" only when what
// was stored has been read back and the worker opens it.
import { cardOf, compare, copyOf, remove } from "./copies.js";
import { moment, removed } from "./shelf.js";

// Over a slow network the worker has about 100 kB to fetch.
const LONGEST = 60000;
const card = cardOf(location.pathname);
const app = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
const all = (sought) => [...document.querySelectorAll(sought)];
const iphone = /iPhone|iPad|iPod/.test(navigator.userAgent) || (/Mac/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);

async function show(state) {
  const held = await copyOf(card).catch(() => null);
  for (const each of all("[data-state]")) each.hidden = !each.dataset.state.split(" ").includes(state);
  for (const each of all("[data-moment]")) each.textContent = held ? moment(held.stamps.compared) : "";
  for (const each of all("[data-held]")) each.hidden = !held || !["away", "gone", "broken"].includes(state);
  for (const each of all("[data-removes]")) each.hidden = !held || state === "working";
  document.getElementById("install").hidden = state !== "saved" || app;
}

function within(time, promise) {
  return Promise.race([promise, new Promise((_, fail) => setTimeout(fail, time, new Error("too late")))]);
}

// A worker that cannot be installed never becomes ready.
function refused({ installing, active }) {
  return new Promise((_, fail) => {
    if (installing) installing.addEventListener("statechange", () => {
      if (installing.state === "redundant" && !active) fail(new Error("not installed"));
    });
  });
}

// The worker that is at work here, and whether it would open the card with no network.
async function proved() {
  const found = await navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" });
  const { active } = await within(LONGEST, Promise.race([navigator.serviceWorker.ready, refused(found)]));
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((done) => (port1.onmessage = ({ data }) => done(data)));
  active.postMessage(card, [port2]);
  return within(LONGEST, answer);
}

function lasting(kept) {
  for (const each of all("[data-lasts]")) each.hidden = each.dataset.lasts !== (kept ? "yes" : "no");
  for (const each of all("[data-safari]")) each.hidden = !iphone || app || kept;
}

// What this browser says of how long it keeps what it was given; an old one does not know.
async function stays(asked) {
  return Boolean(navigator.storage && navigator.storage[asked] && (await navigator.storage[asked]()));
}

async function keep(asking) {
  await show("working");
  const before = await copyOf(card).catch(() => null);
  let state = await compare(card, true).catch(() => "lost");
  if (state === "kept") state = (await proved().catch(() => false)) ? "saved" : "broken";
  // What is half done is undone: a copy that nothing opens would be a promise.
  if (state === "lost" || (state === "broken" && !before)) await remove(card).catch(() => null);
  if (state === "saved") {
    removed(false);
    lasting(await stays("persisted").catch(() => false));
  }
  await show(state);
  // Firefox asks the person, who may never answer: the card is kept meanwhile.
  if (state === "saved" && asking) stays("persist").then(lasting, () => null);
}

function offerIcon() {
  const phone = iphone ? "iphone" : /Android/.test(navigator.userAgent) ? "android" : "desktop";
  for (const each of all("[data-for]")) each.hidden = each.dataset.for !== phone;
  const offer = document.getElementById("offer");
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    offer.hidden = false;
    offer.querySelector("button").onclick = () => event.prompt();
  });
  addEventListener("appinstalled", () => (document.getElementById("install").hidden = true));
}

async function begin() {
  offerIcon();
  for (const id of ["press", "again"]) document.getElementById(id).addEventListener("click", () => keep(true));
  document.getElementById("remove").addEventListener("click", async () => {
    await remove(card);
    removed(true);
    await show("removed");
  });
  // Opened from its icon for the first time, the app has nothing of what the browser kept.
  const first = app && location.search === "?app" && !removed();
  if ((await copyOf(card)) || first) await keep(false);
  else await show("ready");
}

if (self.caches && navigator.serviceWorker) begin().catch(() => show("cannot"));
else show("cannot");
