// Notifications on this phone, for the page and the worker alike: under which addresses of people
// told ("/u/TOKEN") it stands on lists. They lie in a cache whose name carries no version.
const TOLD = "told-here";

// This phone's subscription under the server's key; one under another key is worth nothing.
export async function subscribed(manager, key, known = [key]) {
  const found = await manager.getSubscription();
  const used = found && found.options && found.options.applicationServerKey;
  if (found && (!used || known.includes(spelled(used)))) return found;
  if (found) await found.unsubscribe();
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

function spelled(bytes) {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

// With the server's key that it stands under: after a new secret the server knows the old one too.
export function fields(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  const used = subscription.options && subscription.options.applicationServerKey;
  const key = used ? spelled(used) : "";
  return new URLSearchParams({ endpoint, p256dh: keys.p256dh, auth: keys.auth, server_key: key });
}

export async function remember(own, key) {
  const cache = await caches.open(TOLD);
  await cache.put(own, new Response(key));
}

// On each start: a browser may have changed or lost its subscription and told nobody.
export async function confirmHere(manager) {
  if (!manager || !(await caches.has(TOLD))) return;
  const cache = await caches.open(TOLD);
  const addresses = await cache.keys();
  const known = await Promise.all(addresses.map(async (each) => (await cache.match(each)).text()));
  for (const [at, { url }] of addresses.entries()) {
    // One phone has one subscription, for all its lists: one that stands under the key of any of
    // them is left alone, until every list has the server's new key.
    const subscription = await subscribed(manager, known[at], known).catch(() => null);
    if (!subscription) continue;
    const own = new URL(url).pathname;
    const answer = await fetch(`${own}/phone`, { method: "POST", body: fields(subscription) }).catch(() => null);
    if (!answer || !answer.headers.has("Caregiver-Card")) continue;
    if (answer.status === 404) await cache.delete(url);
    else if (answer.ok) await remember(own, await answer.text());
  }
}
