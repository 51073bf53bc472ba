// Cards kept on this phone, for the pages and the worker alike. They lie in a cache whose name
// carries no version, so that no update loses them; what was kept is the server's own bytes.
const KEPT = "kept-cards";
// Which the server puts on every answer: what comes without it is some network's own page.
const OURS = "Caregiver-Card";
const FORMAT = 1;
// For the copy of one card, about 30 kB, over the slowest telephone network.
const LONGEST = 20000;

// "/c/TOKEN" in the one spelling in which cards are kept, or "" for a path that is none of a card's
// pages here: the emergency page, the one that keeps it, and those that are kept beside it.
export function cardOf(path) {
  const [, token = ""] = /^\/c\/([^/]+)(?:\/(?:keep|beeping|see)?)?$/i.exec(path) || [];
  const read = token.toUpperCase().replace(/-/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
  return /^[0-9A-HJKMNP-TV-Z]{26}$/.test(read) ? `/c/${read}` : "";
}

const place = (card) => `${card}/kept.json`;

// Two tabs and the worker may be at it at once: what is removed must not come back.
function alone(work) {
  return navigator.locks ? navigator.locks.request(KEPT, work) : work();
}

export function isOurs(answer) {
  return Boolean(answer && answer.headers.has(OURS));
}

// Whether the server itself says that this card opens no more.
export function isGone(answer) {
  return answer.status === 404 && answer.headers.get(OURS) === "unknown";
}

// A kept card: its file, when it was kept and compared, and, if so, since when it is gone.
export async function copyOf(card) {
  const held = await caches.match(place(card), { cacheName: KEPT });
  if (!held) return null;
  const policy = held.headers.get("Content-Security-Policy");
  const stamps = stampsOf(held);
  return { card, stamps, policy, file: await held.json() };
}

export async function copies() {
  if (!self.caches || !(await caches.has(KEPT))) return [];
  const cache = await caches.open(KEPT);
  const paths = (await cache.keys()).map((each) => cardOf(new URL(each.url).pathname.replace(/\/kept\.json$/, "")));
  return (await Promise.all(paths.map((each) => copyOf(each).catch(() => null)))).filter(Boolean);
}

function stampsOf(held) {
  const at = (name) => Number(held.headers.get(name)) || 0;
  return { kept: at("Kept-At"), compared: at("Compared-At"), gone: at("Gone-At") };
}

// Ask the server for a card and keep what it says: "kept", "gone" (the copy stays), "away" (no
// answer of the server's own), "none" (it is not kept here, and is not to be), or "lost" (this
// browser did not give back what it was given). Only `adding` puts a card where there was none.
export async function compare(card, adding = false) {
  let answer, given;
  try {
    answer = await fetch(place(card), { cache: "no-store", signal: AbortSignal.timeout ? AbortSignal.timeout(LONGEST) : undefined });
    given = new Uint8Array(await answer.arrayBuffer());
  } catch {
    return "away";
  }
  return alone(async () => {
    const held = await caches.match(place(card), { cacheName: KEPT });
    if (!held && !adding) return "none";
    const stamps = held ? stampsOf(held) : { kept: Date.now() };
    if (isGone(answer)) return mark(card, held);
    if (!isOurs(answer) || !answer.ok || !readable(given)) return "away";
    await write(card, answer, given, { ...stamps, compared: Date.now(), gone: 0 });
    return (await same(card, given)) ? "kept" : "lost";
  });
}

// The server no longer opens a card: its copy stays, and says so.
export function gone(card) {
  return alone(async () => mark(card, await caches.match(place(card), { cacheName: KEPT })));
}

async function mark(card, held) {
  const stamps = held && stampsOf(held);
  if (held && !stamps.gone) await write(card, held, await held.arrayBuffer(), { ...stamps, gone: Date.now() });
  return "gone";
}

function readable(given) {
  try {
    return JSON.parse(new TextDecoder().decode(given)).format === FORMAT;
  } catch {
    return false;
  }
}

async function write(card, answer, body, { kept, compared, gone }) {
  const headers = new Headers({ "Content-Type": "application/json", "Kept-At": kept, "Compared-At": compared });
  headers.set("Content-Security-Policy", answer.headers.get("Content-Security-Policy"));
  if (gone) headers.set("Gone-At", gone);
  const cache = await caches.open(KEPT);
  await cache.put(place(card), new Response(body, { headers }));
}

// Byte for byte, out of the cache again.
async function same(card, given) {
  const held = await caches.match(place(card), { cacheName: KEPT });
  const found = new Uint8Array(held ? await held.arrayBuffer() : 0);
  return found.length === given.length && found.every((byte, index) => byte === given[index]);
}

export function remove(card) {
  return alone(async () => {
    const cache = await caches.open(KEPT);
    await cache.delete(place(card));
    if (!(await cache.keys()).length) await caches.delete(KEPT);
  });
}

// Everything that this site keeps here, the worker included.
export function clear() {
  return alone(async () => {
    for (const each of await caches.keys()) await caches.delete(each);
    const found = navigator.serviceWorker ? await navigator.serviceWorker.getRegistrations() : [];
    for (const each of found) await each.unregister();
  });
}
