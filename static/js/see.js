// What was ticked -> the documented lists that hold it, and the message. As sign_checker.py
// does it, by the same table; nothing leaves the device before a person sends it.

export function answer(ticked, table) {
  const chosen = Object.keys(table.ticks).filter((key) => ticked.includes(key));
  const listed = new Set(chosen.flatMap((key) => table.ticks[key].listed));
  const lists = {};
  for (const name of table.lists) {
    const held = [...listed].filter((place) => place.split(".")[0] === name).sort();
    if (held.length) lists[name] = held;
  }
  const marks = new Set([...chosen, ...Object.keys(lists)]);
  const fired = table.rules.filter((rule) => fires(rule, marks));
  const say = fired.map((rule) => rule.say);
  return { lists, say, alike: chosen.some((key) => table.ticks[key].alike), grave: fired.some((rule) => rule.grave) };
}

function fires(rule, marks) {
  const one = (names) => names.some((name) => marks.has(name));
  return (!rule.on.length || one(rule.on)) && (!rule.with || one(rule.with)) && !one(rule.without || []);
}

// The places of {names} in words are filled; what is filled in is not read again.
export function filled(words, details) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => details[name] == null ? whole : details[name]);
}

export function message(words, seen, time, own, lines) {
  const first = filled(words.seen, { time, signs: seen.join("; ") || words.nothing });
  return [first, own.trim(), ...lines].filter(Boolean).join("\n");
}

// "?&body=" is what the most telephones understand; without a number the phone asks for one.
export function smsAddress(number, text) {
  return `sms:${number}?&body=${encodeURIComponent(text)}`;
}

export function placed(words, { latitude, longitude, accuracy }) {
  return filled(words.place, {
    latitude: latitude.toFixed(5),
    longitude: longitude.toFixed(5),
    metres: String(Math.round(accuracy)),
  });
}

// 21 Nov 2026, 14:05 and the device's time zone.
function written(moment, language) {
  const parts = { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" };
  const found = {};
  const format = new Intl.DateTimeFormat(language, { ...parts, hourCycle: "h23", timeZoneName: "short" });
  for (const { type, value } of format.formatToParts(moment)) found[type] = value;
  return `${found.day} ${found.month} ${found.year}, ${found.hour}:${found.minute} ${found.timeZoneName}`;
}

function start(form) {
  const { table, words, lines, bar = {} } = JSON.parse(form.dataset.given);
  const part = (name) => document.getElementById(name);
  const box = part("text");
  let place = "";

  function shown(found) {
    for (const each of document.querySelectorAll("[data-say]")) each.hidden = !found.say.includes(each.dataset.say);
    for (const each of document.querySelectorAll("[data-list]")) each.hidden = !(each.dataset.list in found.lists);
    const held = Object.values(found.lists).flat();
    for (const each of document.querySelectorAll("[data-place]")) each.hidden = !held.includes(each.dataset.place);
    part("alike").hidden = !found.alike;
    // Older kept pages have "none".
    for (const [name, hidden] of [["held", !held.length], ["none", held.length > 0]]) {
      if (part(name)) part(name).hidden = hidden;
    }
    document.body.classList.toggle("grave", found.grave);
  }

  // The answer is far below the ticks. Older kept pages have no bar.
  function stick(word, ticked) {
    if (part("first")) part("first").textContent = word;
    if (!part("bar")) return;
    part("bar").className = ticked ? "on" : "off";
    part("word").textContent = ticked ? word : "";
  }

  function write() {
    const checked = [...form.querySelectorAll("input:checked")];
    const found = answer(checked.map((each) => each.value), table);
    shown(found);
    stick(bar[found.say[0]], checked.length > 0);
    const seen = checked.map((each) => each.parentElement.textContent.trim());
    const all = place ? [...lines, place] : lines;
    box.value = message(words, seen, written(new Date(), document.documentElement.lang), part("own").value, all);
    for (const link of document.querySelectorAll("a[data-sms]")) link.href = smsAddress(link.dataset.sms, box.value);
  }

  // Beside the button that was pressed. Older kept pages have one place for everything.
  function said(name, place = "said") {
    for (const each of ["said", "sent"]) {
      if (part(each)) part(each).textContent = "";
    }
    (part(place) || part("said")).textContent = name ? form.dataset[name] : "";
  }

  const pressed = {
    share: () => navigator.share({ text: box.value }).catch(() => {}),
    copy: () =>
      navigator.clipboard.writeText(box.value).then(
        () => said("copied", "sent"),
        () => said("copyFault", "sent"),
      ),
    place: () => {
      said("placeWait");
      navigator.geolocation.getCurrentPosition(
        (found) => held(placed(words, found.coords), "placeIn"),
        () => said("placeFault"),
        { enableHighAccuracy: true, timeout: 20000 },
      );
    },
    out: () => held("", ""),
  };

  function held(line, name) {
    place = line;
    part("place").hidden = Boolean(line);
    part("out").hidden = !line;
    write();
    said(name);
  }

  const able = { share: navigator.share, copy: navigator.clipboard, place: navigator.geolocation };
  for (const [name, action] of Object.entries(pressed)) {
    part(name).hidden = name === "out" || !able[name];
    part(name).addEventListener("click", action);
  }
  const down = document.querySelector("#bar .down");
  // In older kept pages the bar has no numbers.
  if (down && !down.hidden) {
    const numbers = document.querySelectorAll(".call .emergency, .call .team, .call .lead");
    for (const each of numbers) down.before(each.cloneNode(true));
  }
  if (down) down.hidden = false;
  form.addEventListener("input", write);
  form.addEventListener("submit", (event) => event.preventDefault());
  part("show").hidden = true;
  part("answered").hidden = false;
  write();
}

if (typeof document !== "undefined") start(document.getElementById("ticks"));
