// Notifications on this phone, for the page and the worker alike: under which addresses of people
// told ("/u/TOKEN") it stands on lists. They lie in a cache whose name carries no version.
const TOLD = "told-here";

// This phone's subscription under the server's key; one under another key is worth nothing.
export async function subscribed(manager, key) {
  const found = await manager.getSubscription();
  const used = found && found.options && found.options.applicationServerKey;
  if (found && (!used || spelled(used) === key)) return found;
  if (found) await found.unsubscribe();
  return manager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
}

function spelled(bytes) {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

export function fields(subscription) {
  const { endpoint, keys } = subscription.toJSON();
  return new URLSearchParams({ endpoint, p256dh: keys.p256dh, auth: keys.auth });
}

export async function remember(own, key) {
  const cache = await caches.open(TOLD);
  await cache.put(own, new Response(key));
}

// On each start: a browser may have changed or lost its subscription and told nobody.
export async function confirmHere(manager) {
  if (!manager || !(await caches.has(TOLD))) return;
  const cache = await caches.open(TOLD);
  for (const { url } of await cache.keys()) {
    const held = await (await cache.match(url)).text();
    const subscription = await subscribed(manager, held).catch(() => null);
    if (!subscription) continue;
    const own = new URL(url).pathname;
    const answer = await fetch(`${own}/phone`, { method: "POST", body: fields(subscription) }).catch(() => null);
    if (!answer || !answer.headers.has("Caregiver-Card")) continue;
    if (answer.status === 404) await cache.delete(url);
    else if (answer.ok) await remember(own, await answer.text());
  }
}
