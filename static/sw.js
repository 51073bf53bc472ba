// The worker: opens kept cards, the start page and the guides where there is no network.
// What is served has VERSION, ASSETS, days.js, copies.js and phone.js in front of it (web/pwa.py).
const SHELL = `shell-${VERSION}`;
// Who waits longer for the network has none.
const LIMIT = 3000;
// After one failure, for how long the rest of a page is not asked for in vain.
const PAUSE = 10000;
// The pages that are kept beside a card's, and what stands in for them where a card is not kept, or
// was kept before they were.
const BESIDE = { beeping: "/beeping", see: "/signs" };
// Pages that know no patient, and which of a card's own pages says the same with the numbers to call.
const OWN = { "/beeping": "/beeping", "/signs": "/see", "/guide": "", "/offline": "" };
let resting = 0;
let confirmed = false;

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));
addEventListener("message", (event) => event.waitUntil(prove(event)));
addEventListener("push", (event) => event.waitUntil(tell(event)));
addEventListener("notificationclick", (event) => event.waitUntil(answerTo(event)));
addEventListener("pushsubscriptionchange", (event) => event.waitUntil(confirmHere(registration.pushManager)));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.waitUntil(start(event.handled));
  const card = request.mode === "navigate" && cardOf(pathname);
  if (card) event.respondWith(open(event, card));
  else if (request.mode === "navigate" && pathname in OWN) event.respondWith(led(shell(fetch(request), pathname), pathname));
  else if (ASSETS.includes(pathname)) event.respondWith(shell(fetch(request), pathname));
});

// All of the shell or nothing: a network's own page in the place of ours ends the installation,
// and the worker before goes on.
async function install() {
  await fill();
  // Nothing that is open depends on the worker before it, so nobody has to close anything.
  await skipWaiting();
}

async function fill() {
  const cache = await caches.open(SHELL);
  await Promise.all(
    ASSETS.map(async (address) => {
      // As nobody: the start page says who has begun a card here.
      const answer = await fetch(address, { cache: "reload", credentials: "omit" });
      if (!answer.ok || !isOurs(answer)) throw new Error(`not installed: ${address}`);
      await cache.put(address, answer);
    }),
  );
}

async function activate() {
  const old = (await caches.keys()).filter((each) => each.startsWith("shell-") && each !== SHELL);
  await Promise.all(old.map((each) => caches.delete(each)));
  await clients.claim();
}

const wait = (time) => new Promise((done) => setTimeout(done, time, null));
const shelved = (address) => caches.match(address, { cacheName: SHELL });

// Every message is shown, at once and as it came: a browser takes the right to send from those who
// do not, and nothing may be fetched before.
async function tell({ data }) {
  let told = {};
  try {
    told = data.json();
  } catch {
    // Not ours, or cut off: that something came is shown all the same.
  }
  const { title = location.host, body = "", tag = "", url = "/" } = told;
  // A repetition takes the place of what it repeats, and is heard again; without a tag none may be.
  const again = { tag, renotify: Boolean(tag) };
  await registration.showNotification(title, { body, ...again, icon: "/static/icons/icon-192.png", data: { url } });
}

// The page behind a message, at this host whatever the message says.
async function answerTo({ notification }) {
  notification.close();
  await clients.openWindow(new URL(notification.data.url, location.origin).pathname);
}

// A worker ends when nothing is open for a while, so this is once for each start of the app.
async function start(handled) {
  if (confirmed) return;
  confirmed = true;
  // No page waits for this.
  if (handled) await handled.catch(() => null);
  await confirmHere(registration.pushManager).catch(() => null);
}

// From the network, so that page and script are of one version; otherwise as it was installed.
async function shell(asked, address) {
  const arrived = asked.then((answer) => (answer.ok && isOurs(answer) ? answer : null)).catch(() => null);
  const answer = Date.now() < resting ? null : await Promise.race([arrived, wait(LIMIT)]);
  if (answer) return answer;
  resting = Date.now() + PAUSE;
  return (await shelved(address)) || asked;
}

// A page that knows no patient, with a link to the same of each card that is kept here.
async function led(coming, address) {
  const [answer, kept] = await Promise.all([coming, copies().catch(() => [])]);
  if (!kept.length || !answer || !answer.ok) return answer;
  kept.sort((one, other) => one.file.name.localeCompare(other.file.name));
  const links = kept.map(({ card, file }) => `<a href="${card}${OWN[address]}"><b>${ownWords(file)}</b></a>`);
  const [, before, after] = /^([^]*?<main[^>]*>)([^]*)$/.exec(await answer.text());
  const headers = new Headers(answer.headers);
  // It is unpacked now, and longer.
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  return new Response(`${before}\n<p class="links">${links.join(" ")}</p>${after}`, { headers });
}

// A copy that was kept before there were such words has only the name.
function ownWords(file) {
  const name = file.name.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  return file.words["phone.own"] ? say(file, "phone.own", { name }) : name;
}

// A card, a page beside it, or the page that keeps it. The icon of an app leads to "keep?app", which
// is the card itself where it is kept; where it is not, that page keeps it first.
async function open(event, card) {
  const { request } = event;
  const { pathname, search } = new URL(request.url);
  const name = (pathname.split("/")[3] || "").toLowerCase();
  const keeping = name === "keep";
  const asked = keeping ? null : fetch(request);
  // Until it is known whether the card is kept, a failure is nobody's yet.
  if (asked) asked.catch(() => null);
  // Made while the network is asked: who has none need not wait for the one and then the other.
  const copy = keeping && search !== "?app" ? null : await read(card, name).catch(() => null);
  if (!copy) {
    if (name in BESIDE) return led(shell(asked, BESIDE[name]), BESIDE[name]);
    return (asked || fetch(request)).catch(() => led(shelved("/offline"), "/offline"));
  }
  const answer = await kept(event, card, asked || fetch(card));
  if (answer && answer.ok) return answer;
  // It may have been marked meanwhile.
  return answer ? read(card, name).catch(() => copy) : copy;
}

// The server's page if it comes in time and whole, otherwise nothing: then the copy stands in for
// it. Only the server's own answer renews the copy or says that the card is gone.
async function kept(event, card, asked) {
  const arrived = asked.then(whole).catch(() => null);
  event.waitUntil(arrived.then((answer) => answer && answer.ok && compare(card)));
  const answer = await Promise.race([arrived, wait(LIMIT)]);
  if (answer && isGone(answer)) await gone(card);
  return answer;
}

async function whole(answer) {
  if (!isOurs(answer)) return null;
  await answer.clone().arrayBuffer();
  return answer;
}

async function read(card, name) {
  const { file, stamps, policy } = await copyOf(card);
  const beside = (file.beside || {})[name];
  if (name in BESIDE && !beside) return shelved(BESIDE[name]);
  const headers = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": beside ? beside.policy : policy,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
  };
  return new Response(page(file, stamps, Date.now(), beside && beside.parts), { headers });
}

// For the page that keeps a card: would this worker open it, and everything else, right now?
// A shell that was cleared away under it is fetched anew.
async function prove({ data, ports: [port] }) {
  const whole = async () => (await Promise.all(ASSETS.map(shelved))).every(Boolean);
  if (!(await whole())) await fill().catch(() => null);
  const pages = ["", ...Object.keys(BESIDE)].map((name) => read(data, name));
  const opened = await Promise.all(pages).catch(() => []);
  if (port) port.postMessage(opened.length > 0 && opened.every(Boolean) && (await whole()));
}
