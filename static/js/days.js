// What a day changes on a kept page: as emergency.words does it in the program, where a test holds
// the two together. Nothing here asks for the time or keeps anything.
// A day is a number, as the program counts them: 1 is the first day of the year 1.
const DAY = 86400000;
const FIRST = 719163; // 1 January 1970

export function dayOf(year, month, day) {
  return Date.UTC(year, month - 1, day) / DAY + FIRST;
}

// The day where the patient is; a card without a time zone goes by UTC, as on the server. Its own
// table tells how far the clock there is ahead: what the browser knows of zones takes a worker that
// has just begun longer to ask for than all the rest.
export function dayAt(moment, { clock = [], time_zone }) {
  const [, ahead] = clock.filter(([from]) => from * 1000 <= moment).pop() || [];
  if (typeof ahead === "number") return Math.floor((moment + ahead * 1000) / DAY) + FIRST;
  const found = {};
  for (const { type, value } of calendar(time_zone).formatToParts(moment)) found[type] = Number(value);
  return dayOf(found.year, found.month, found.day);
}

function calendar(timeZone) {
  const options = { calendar: "iso8601", numberingSystem: "latn", year: "numeric", month: "numeric", day: "numeric" };
  try {
    return new Intl.DateTimeFormat("en", { ...options, timeZone: timeZone || "UTC" });
  } catch {
    // A phone that does not know the zone goes by its own.
    return new Intl.DateTimeFormat("en", options);
  }
}

function parted(day) {
  const date = new Date((day - FIRST) * DAY);
  return [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
}

function say(card, place, details = {}) {
  const words = card.words[place];
  // A text that counts has its forms; copies from before were in English and had one.
  const form = typeof words === "string" ? words : words[plural(card, details.count)] || words.other;
  return filled(form, { days: details.count, ...details });
}

function plural({ language }, count) {
  return new Intl.PluralRules(language || "en").select(count);
}

function filled(words, details) {
  return words.replace(/\{(\w+)\}/g, (_, name) => details[name]);
}

function written(card, day) {
  const [year, month, date] = parted(day);
  return filled(card.days[month - 1], { day: date, year });
}

function away(card, day, today) {
  const days = day - today;
  if (Math.abs(days) <= 1) return say(card, ["day.yesterday", "day.today", "day.tomorrow"][days + 1]);
  return say(card, days > 0 ? "day.ahead" : "day.ago", { count: Math.abs(days) });
}

function age(card, today) {
  const [born, now] = [parted(card.born), parted(today)];
  const early = now[2] < born[2];
  const months = (now[0] - born[0]) * 12 + now[1] - born[1] - (early ? 1 : 0);
  const years = Math.floor(months / 12);
  if (years >= 2) return say(card, "day.years", { count: years });
  return months < 1 ? say(card, "day.newborn") : say(card, "day.months", { count: months });
}

// The notices that hold on a day, gravest first:
// [first day, last day, day of the event, presses, severity, title, action, short title].
export function holding(card, today) {
  return card.notices.filter(([first, last]) => first <= today && (last === null || today <= last));
}

function distance(card, [, , due], today) {
  return due === null ? "" : ` (${away(card, due, today)})`;
}

function urgent(card, today) {
  const rows = holding(card, today).filter((row) => row[3]);
  if (!rows.length) return "";
  const [first, ...rest] = rows;
  // Older copies have no short titles.
  const shorts = rest.map((row) => (row[7] || row[5]).replace("{away}", distance(card, row, today)));
  const also = rest.length ? `<p><b>${card.words["page.also"] || "+"}:</b> ${shorts.join("; ")}.</p>` : "";
  const day = say(card, "page.urgent_heading", { day: written(card, today) });
  const words = `<b>${first[5]}${distance(card, first, today)}.</b> ${first[6]} <b>${say(card, "alert.signs_now")}</b>`;
  return `<div class="alert"><h3>${say(card, `severity.${first[4]}`)}, ${day}</h3><p>${words}</p>${also}</div>`;
}

function others(card, today) {
  const rows = holding(card, today).filter((row) => !row[3]);
  if (!rows.length) return "";
  const items = rows.map((row) => `<li><b>${row[5]}</b>${distance(card, row, today)}. ${row[6]}</li>`).join("");
  const day = say(card, "page.as_of", { day: written(card, today) });
  return `<section class="due"><h2>${say(card, "page.other_alerts")}</h2><p class="note">${day}</p><ul>${items}</ul></section>`;
}

// What presses, on the card's page of signs: as sign_checker.py has it.
function due(card, today) {
  const items = holding(card, today).filter((row) => row[3]).map((row) => `<li>${row[5]}</li>`);
  return items.length ? `<div class="alert"><h3>${say(card, "seeing.due")}</h3><ul>${items.join(" ")}</ul></div>` : "";
}

// Links that need the network are left out: the guides are kept beside the cards.
function about(card, today, made) {
  const [confirmed, statement] = card.confirmed;
  const copied = say(card, "page.copy_made", { day: written(card, made) });
  const beside = [[`${card.address}/beeping`, "page.beeping"], ["/guide", "page.guide"], ["/", "phone.list"]];
  const links = beside.map(([path, place]) => `<a href="${path}">${say(card, place)}</a>`).join(" ");
  return `<p dir="auto"><b>${statement}</b> (${away(card, confirmed, today)}). ${copied} ${say(card, "phone.newer")}</p><p class="links">${links}</p>`;
}

// A moment by the phone's own clock: its day and time of day.
function momentOf(card, moment) {
  const [date, two] = [new Date(moment), (part) => String(part).padStart(2, "0")];
  const day = dayOf(date.getFullYear(), date.getMonth() + 1, date.getDate());
  return { day: written(card, day), time: `${two(date.getHours())}:${two(date.getMinutes())}` };
}

function elapsed(card, since, now) {
  const hours = Math.floor((now - since) / 3600000);
  if (hours < 1) return say(card, "phone.age-moment");
  if (hours < 48) return say(card, "phone.age-hours", { count: hours });
  return say(card, "phone.age-days", { count: Math.floor(hours / 24) });
}

// Directly under the danger: how old the copy is, and whether the server still knows the card.
export function state(card, { compared, gone }, now) {
  const age = elapsed(card, compared, now);
  const words = [say(card, "phone.age", { age, ...momentOf(card, compared) })];
  if (gone) words.unshift(`<b>${say(card, "phone.gone", momentOf(card, gone))}</b>`);
  // Five minutes: the server is not asked what time it is, and clocks are set.
  if (now < compared - 300000) words.push(`<b>${say(card, "phone.clock")}</b>`);
  return words.join(" ");
}

// A page of a kept card, the emergency page unless other `parts` are given, as it is read `now`, in
// milliseconds.
export function page(card, stamps, now, parts = card.parts) {
  const today = dayAt(now, card);
  const holes = {
    copy: () => `<p class="keep">${state(card, stamps, now)}</p>`,
    age: () => age(card, today),
    urgent: () => urgent(card, today),
    others: () => others(card, today),
    about: () => about(card, today, dayAt(stamps.compared, card)),
    due: () => due(card, today),
    // Nothing of a kept copy is fetched.
    seen: () => "",
  };
  return parts.map((part, index) => (index % 2 ? holes[part]() : part)).join("");
}
