import assert from "node:assert/strict";
import { test } from "node:test";
import { fill, held, numberTyped } from "../../site/js/fields.js";

const radio = (active = null) => ({ active, labels: ["Rise", "Fall", "Stay"] });
const text = (limit) => ({ value: "", max_length: limit, setv(values) { Object.assign(this, values); } });

test("a choice is held in its words, several as several, a value as it is", () => {
  assert.equal(held(radio(), "active", 1), "Fall");
  assert.equal(held(radio(), "active", null), "");
  assert.deepEqual(held(radio(), "active", [2, 0]), ["Stay", "Rise"]);
  assert.equal(held({}, "value", 7), 7);
  assert.equal(held({}, "value_input", null), "");
  assert.equal(held({}, "visible", true), undefined);
});

test("what is put back is found by its words, wherever it stands now", () => {
  const moved = { active: null, labels: ["Stay", "Rise", "Fall"] };
  fill(moved, "Fall");
  assert.equal(moved.active, 2);
  const several = { active: [], labels: ["Stay", "Rise", "Fall"] };
  fill(several, ["Fall", "Stay", "gone"]);
  assert.deepEqual(several.active, [0, 2]);
});

test("what is no longer offered, or does not fit, is left out", () => {
  const choice = radio(1);
  fill(choice, "gone");
  assert.equal(choice.active, 1);
  const select = { value: "a", options: ["a", ["b", "B"]] };
  fill(select, "c");
  assert.equal(select.value, "a");
  fill(select, "b");
  assert.equal(select.value, "b");
  const number = { value: 4, low: 1, high: 8 };
  for (const words of [0, 9, 2.5, "3"]) fill(number, words);
  assert.equal(number.value, 4);
  for (const words of [1, 8]) fill(number, words);
  assert.equal(number.value, 8);
  const short = text(3);
  fill(short, "four");
  assert.equal(short.value, "");
  fill(short, "two");
  assert.deepEqual([short.value, short.value_input], ["two", "two"]);
});

test("a number that is being typed is known by its field, a text is not", () => {
  const host = { shadowRoot: {} };
  const model = { value: 5 };
  globalThis.window = { Bokeh: {} };
  globalThis.Bokeh = { index: { query: (test) => [{ el: host, model }].filter(test) } };
  const event = (type, value) => ({ composedPath: () => [{ type, value }, {}, host] });
  assert.deepEqual(numberTyped(event("text", "12")), { model, value: 12 });
  assert.equal(numberTyped(event("checkbox", "12")), null);
  model.value = "words";
  assert.equal(numberTyped(event("text", "12")), null);
});
