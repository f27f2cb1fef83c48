import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

const listeners = {};
let frames = [];
globalThis.addEventListener = (kind, listen) => (listeners[kind] = listen);
globalThis.requestAnimationFrame = (act) => frames.push(act);
globalThis.window = { scrollTo: () => {} };
const { showMade } = await import("../../site/js/made.js");

let opened, focused, scrolled;
const tabs = { open: (id) => opened.push(id) };
const heading = { tagName: "H3", textContent: "Attempt 1", checkVisibility: () => true, isConnected: true, focus: () => (focused += 1), scrollIntoView: () => (scrolled += 1) };
globalThis.document = { getElementById: () => ({ querySelectorAll: () => [heading] }) };

function pass(count) {
  for (let at = 0; at < count; at++) frames.splice(0).forEach((act) => act());
}

beforeEach(() => {
  [opened, focused, scrolled, frames] = [[], 0, 0, []];
});

test("what an action made has its tab opened and the focus, and again once all of it is built", () => {
  const made = { region: "attempt", heading: "Attempt 1", mark: "" };
  showMade(made, tabs);
  pass(4);
  showMade(made, tabs);
  pass(4);
  assert.deepEqual([opened, focused], [["attempts", "attempts"], 2]);
});

test("whoever has pressed something since keeps the tab and the focus", () => {
  const made = { region: "attempt", heading: "Attempt 1", mark: "" };
  showMade(made, tabs);
  listeners.keydown();
  pass(4);
  listeners.pointerdown();
  showMade(made, tabs);
  pass(4);
  assert.deepEqual([opened, focused], [["attempts"], 0]);
});

test("what was made stays in sight while more is built around it, until the learner moves the page", () => {
  showMade({ region: "attempt", heading: "Attempt 1", mark: "" }, tabs);
  pass(10);
  const before = scrolled;
  assert.ok(before > 1);
  listeners.wheel();
  pass(10);
  assert.deepEqual([scrolled, focused], [before, 1]);
});
