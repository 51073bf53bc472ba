// After a refill: the days from the refill to the alarm date are said as soon as both are there, and a
// number that stands in a box is replaced by the first key.
const form = document.getElementById("refill-form");
const days = document.getElementById("days");
const DAY_MS = 24 * 60 * 60 * 1000;

function dayOf(path) {
  const [day, month, year] = ["day", "month", "year"].map((part) => {
    const typed = form.elements[`${path}-${part}`].value.trim();
    return /^[0-9]+$/.test(typed) ? Number(typed) : NaN;
  });
  const full = year < 100 ? 2000 + year : year;
  const time = Date.UTC(full, month - 1, day);
  // 31 February is no day.
  return new Date(time).getUTCDate() === day ? time : NaN;
}

// "Today" has its day with it.
function refilled() {
  const chosen = form.elements.refill_day.value;
  return chosen && chosen !== "other" ? Date.parse(chosen) : dayOf("refill.last_refill_on");
}

function say() {
  const count = Math.round((dayOf("refill.alarm_date") - refilled()) / DAY_MS);
  days.firstElementChild.textContent = count > 0 && count < 1000 ? days.dataset.words.replace("{}", count) : "";
  days.hidden = !days.textContent.trim();
}

form.addEventListener("input", say);
for (const box of form.querySelectorAll("input.digits")) box.addEventListener("focus", () => box.select());
say();
