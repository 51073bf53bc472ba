// The kill switch: what CARD_OFFLINE=off serves as the worker (README, "Offline"). It takes the
// place of any worker before it, takes the shell away and then itself. Kept cards stay where they
// are, and open again without a network once the switch is back.
addEventListener("install", (event) => event.waitUntil(skipWaiting()));
addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  const shells = (await caches.keys()).filter((each) => each.startsWith("shell-"));
  await Promise.all(shells.map((each) => caches.delete(each)));
  await registration.unregister();
}
