// Fills the holes of kept cards for the days of a table that the program has written.
// Run by tests/test_offline.py, which says where the table and the scripts are.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const { dayAt, dayOf, page, state } = await import(pathToFileURL(`${process.env.SCRIPTS}/days.js`));
const table = JSON.parse(readFileSync(process.env.TABLE, "utf-8"));

for (const { name, card, days } of table.cards) {
  test(`${name}: every day reads as the program has it`, () => {
    assert.ok(days.length > 100);
    for (const { now, filled } of days) {
      const read = { ...card, parts: filled.flatMap(([hole]) => ["\n", hole]) };
      const expected = filled.map(([, words]) => `\n${words}`).join("");
      assert.equal(page(read, { compared: now }, now), expected, new Date(now).toISOString());
    }
  });
}

test("the day is the patient's, by the card's table or by what the phone knows of zones", () => {
  for (const { moment, zone, clock, day } of table.zones) {
    assert.equal(dayAt(moment, { time_zone: zone }), day, zone);
    assert.equal(dayAt(moment, { time_zone: "Nowhere/Nothing", clock }), day, zone);
  }
});

test("before and after the card's table the phone is asked", () => {
  const clock = [[Date.UTC(2026, 0, 1) / 1000, 14 * 3600], [Date.UTC(2027, 0, 1) / 1000, null]];
  for (const [year, ahead] of [[2025, 0], [2026, 1], [2027, 0]]) {
    const noon = Date.UTC(year, 5, 1, 12);
    assert.equal(dayAt(noon, { time_zone: "UTC", clock }), dayOf(year, 6, 1 + ahead));
  }
});

test("a zone that the phone does not know is no fault", () => {
  assert.ok(dayAt(Date.now(), { time_zone: "Nowhere/Nothing" }) > dayOf(2020, 1, 1));
});

const [{ card }] = table.cards;
const HOUR = 3600000;

test("a copy says how old it is, in words that fit its age", () => {
  const compared = new Date(2026, 10, 21, 9, 5).getTime();
  for (const [hours, words] of [[0, "less than 1 hour"], [0.99, "less than 1 hour"], [1, "1 hour"], [1.99, "1 hour"], [2, "2 hours"], [47.9, "47 hours"], [48, "2 days"], [24 * 400, "400 days"]]) {
    const said = state(card, { compared }, compared + hours * HOUR);
    assert.ok(said.includes(`${words} old`), said);
    assert.ok(said.includes("21 Nov 2026, 09:05"), said);
    assert.ok(!said.includes("clock") && !said.includes("no longer"), said);
  }
});

test("a clock that stands before the copy is named", () => {
  const compared = new Date(2026, 10, 21, 9, 5).getTime();
  assert.ok(!state(card, { compared }, compared - HOUR / 15).includes("clock"));
  assert.ok(state(card, { compared }, compared - HOUR).includes("clock"));
});

test("a card that the server no longer opens says so first", () => {
  const compared = new Date(2026, 10, 21, 9, 5).getTime();
  const said = state(card, { compared, gone: compared + 30 * HOUR }, compared + 50 * HOUR);
  assert.ok(said.startsWith("<b>Since 22 Nov 2026, 15:05, the server no longer opens this card"), said);
  assert.ok(said.includes("2 days old"), said);
});
