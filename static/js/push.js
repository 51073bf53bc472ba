// Puts this phone on the list of those told, when somebody presses the button that says so: only
// then is the browser's permission asked for.
import { fields, remember, subscribed } from "./phone.js";

const LONGEST = 60000;
const form = document.getElementById("here");

function show(state, words = "") {
  for (const each of document.querySelectorAll("[data-push]")) each.hidden = each.dataset.push !== state;
  if (words) document.querySelector("[data-push=refused]").textContent = words;
  form.hidden = state === "cannot";
  form.querySelector("button").disabled = state === "working";
}

function within(time, promise) {
  return Promise.race([promise, new Promise((_, fail) => setTimeout(fail, time, new Error("too late")))]);
}

async function subscription(key) {
  await navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" });
  const { pushManager } = await within(LONGEST, navigator.serviceWorker.ready);
  return within(LONGEST, subscribed(pushManager, key));
}

async function add() {
  const { key } = form.dataset;
  const found = await subscription(key);
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of fields(found)) body.set(name, value);
  body.set("time_zone", Intl.DateTimeFormat().resolvedOptions().timeZone);
  const answer = await fetch(form.action, { method: "POST", body });
  const words = await answer.text();
  if (answer.status !== 201) return answer.headers.get("Content-Type").startsWith("text/plain") ? show("refused", words) : show("lost");
  await remember(words, key);
  location.assign(form.dataset.then);
}

if (form) form.addEventListener("submit", async (event) => {
  event.preventDefault();
  // Asked at once: a browser shows its question only right after a press.
  const asked = Notification.requestPermission();
  show("working");
  if ((await asked) !== "granted") show("denied");
  else await add().catch(() => show("lost"));
});
if (form) show(self.PushManager && self.Notification && navigator.serviceWorker ? "ready" : "cannot");
