import assert from "node:assert/strict";
import { test } from "node:test";
import { showSavedPlace } from "../../site/js/summary.js";
import { page } from "./store.mjs";

function shown(text) {
  const parts = page("saved-place", "saved-place-body");
  const told = showSavedPlace(text);
  return { told, hidden: parts["saved-place"].hidden, lines: parts["saved-place-body"].children.map((each) => each.textContent) };
}

const ledger = (...entries) => JSON.stringify({ entries });

test("the last track, its day and the count of each kind are told", () => {
  const { told, hidden, lines } = shown(
    ledger(
      { kind: "prediction", track: "cloud-titan", at: "2026-11-01T09:00:00Z" },
      { kind: "prediction", track: "cloud-titan", at: "2026-11-01T09:01:00Z" },
      { kind: "pin", track: "tiny-pioneer", at: "2026-11-02T12:30:00Z" },
      { kind: "reflection", track: "mobile-nomad", at: "2026-11-03T12:30:00Z" },
    ),
  );
  assert.deepEqual([told, hidden], [true, false]);
  assert.equal(lines[0], "Mobile Nomad, last worked on November 3, 2026");
  assert.match(lines[1], /: 2 predictions, 1 pinned reading, 1 reflection\.$/);
});

test("an entry of no track does not hide the track before it", () => {
  assert.match(shown(ledger({ track: "edge-guardian", at: "2026-01-05T12:00:00Z" }, { kind: "signed", at: "2026-02-06T12:00:00Z" })).lines[0], /^Edge Guardian, .*February 6, 2026$/);
});

test("an empty ledger and one without a date make no claim", () => {
  assert.deepEqual(shown(ledger()).lines.slice(0, 2), ["Your lab", "Nothing is committed yet."]);
  assert.equal(shown(ledger({ kind: "pin", track: "cloud-titan", at: 7 })).lines[0], "Cloud Titan");
  assert.equal(shown(ledger(null, { track: "constructor" })).lines[0], "Your lab");
});

test("text of another shape shows only that something is saved, and none takes the summary away", () => {
  for (const text of ["", "{", "[]x", '{"entries": 3}', "null"]) {
    const { told, lines } = shown(text);
    assert.deepEqual([told, lines.length], [true, 1], text);
  }
  assert.deepEqual(shown(null), { told: false, hidden: true, lines: [] });
});
