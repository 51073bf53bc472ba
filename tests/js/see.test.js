// What the device says of ticks, next to what the program says; run by tests/test_sign_rules.py, which
// tells where the script and the cases are.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";

const { answer, filled, message, placed, smsAddress } = await import(pathToFileURL(`${process.env.SCRIPTS}/see.js`));
const { table, words, answers, messages } = JSON.parse(readFileSync(process.env.CASES, "utf-8"));

test("every set of ticks has the same answer", () => {
  assert.ok(answers.length > 300);
  for (const { ticked, expected } of answers) assert.deepEqual(answer(ticked, table), expected, String(ticked));
});

test("every message has the same words, and the same address to send it", () => {
  assert.ok(messages.length > 3);
  for (const { seen, time, own, lines, expected, address } of messages) {
    assert.equal(message(words, seen, time, own, lines), expected);
    assert.equal(decodeURIComponent(smsAddress("+13125550142", expected)), decodeURIComponent(address));
  }
});

test("what is filled in is not read again", () => {
  assert.equal(filled("{a} {b} {c}", { a: "{b}", b: "$&" }), "{b} $& {c}");
});

test("a place is five decimals and whole metres", () => {
  const line = placed(words, { latitude: -41.123456789, longitude: 7, accuracy: 12.6 });
  assert.match(line, /-41\.12346, 7\.00000/);
  assert.match(line, /13 m/);
});
