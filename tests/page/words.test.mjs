import assert from "node:assert/strict";
import { test } from "node:test";
import { Fault, FileFault, wordsOf } from "../../site/js/fault.js";
import { changeFailureWords, saveFailureWords } from "../../site/js/words.js";

const SAVES = { full: /full/, forbidden: /does not let/, absent: /no storage/, unconfirmed: /did not keep/, erased: /erased/ };
const CHANGES = { full: /full/, conflict: /Another tab/, erased: /erased/ };

test("each reason has its own words, and those of a save say to export", () => {
  for (const [reason, words] of Object.entries(SAVES)) {
    assert.match(saveFailureWords(reason), words);
    assert.match(saveFailureWords(reason), /[Ee]xport your ledger/);
  }
  for (const [reason, words] of Object.entries(CHANGES)) assert.match(changeFailureWords(reason), words);
});

test("an unknown reason says what is so in any case", () => {
  assert.match(saveFailureWords("other"), /not saved/);
  assert.match(changeFailureWords("other"), /nothing was changed/);
});

test("a change that failed never says that a step is lost, nor a save that nothing was changed", () => {
  for (const reason of [...Object.keys(CHANGES), "other"]) assert.doesNotMatch(changeFailureWords(reason), /not saved/);
  for (const reason of [...Object.keys(SAVES), "other"]) assert.doesNotMatch(saveFailureWords(reason), /nothing was changed/);
});

test("a fault speaks for itself, an engine's error does not, and want of memory is told", (t) => {
  t.mock.method(console, "info", () => {});
  assert.equal(wordsOf(new FileFault("A file is missing.")), "A file is missing.");
  assert.equal(wordsOf(new Fault("Stop.")), "Stop.");
  assert.match(wordsOf(new RangeError("Out of memory")), /too little free memory/);
  assert.doesNotMatch(wordsOf(new RangeError("index")), /memory/);
  assert.doesNotMatch(wordsOf(new Error("at wasm:0x12")), /wasm/);
});
