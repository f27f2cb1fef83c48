import assert from "node:assert/strict";
import { test } from "node:test";
import { createQuiet } from "../../site/js/quiet.js";

test("what can wait waits until nothing was asked for so long", async () => {
  const quiet = createQuiet();
  const begun = performance.now();
  setTimeout(quiet.stir, 30);
  setTimeout(quiet.stir, 60);

  await quiet.last(50);

  const waited_ms = performance.now() - begun;
  assert.ok(waited_ms >= 60 + 50 - 2, `${waited_ms}`); // 50 after the last that was asked; timers are whole milliseconds
});

test("it is counted from when it is waited for, not from when the page was opened", async () => {
  let now = 1_000_000;
  let ended = false;
  createQuiet(() => now).last(20).then(() => (ended = true));
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(ended, false);
  now += 20;
  await new Promise((resolve) => setTimeout(resolve, 40));
  assert.equal(ended, true);
});
