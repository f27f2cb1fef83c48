import assert from "node:assert/strict";
import { test } from "node:test";
import { attempt } from "../../site/js/attempt.js";
import { asideKey, dropOldest, entriesIn, listCopies } from "../../site/js/copies.js";
import { exchange, isFull } from "../../site/js/exchange.js";
import { fingerprint } from "../../site/js/fingerprint.js";
import { keysFor, OLD, TAKEN_BY } from "../../site/js/keys.js";
import { openMeasured } from "../../site/js/measured.js";
import { openMemo } from "../../site/js/memo.js";
import { acceptOlder, takeOlder } from "../../site/js/older.js";
import { Store } from "./store.mjs";

const KEYS = keysFor("/course/lab/index.html");

test("names hold the folder of the page, whatever its file, and each is another", () => {
  assert.equal(KEYS.ledger, "rooflab:/course/lab/:ledger");
  assert.deepEqual(keysFor("/course/lab/"), KEYS);
  const names = Object.values(KEYS);
  assert.equal(new Set(names).size, names.length);
  assert.ok(Object.entries(KEYS).every(([name, key]) => name === "folder" || key.startsWith(KEYS.all)));
  assert.notEqual(keysFor("/course/other/").ledger, KEYS.ledger);
});

test("a fingerprint is FNV-1a of 32 bits with the length before it", () => {
  assert.equal(fingerprint(""), "0:2166136261");
  assert.equal(fingerprint("a"), "1:3826002220"); // 0xe40c292c, as the authors print it
  assert.equal(fingerprint("foobar"), "6:3214735720"); // 0xbf9cf968
});

test("a storage that refuses is answered otherwise", () => {
  assert.equal(attempt(() => ({ size: 3 }), (store) => store.size, 0), 3);
  assert.equal(attempt(() => null, (store) => store.size, 7), 7);
});

test("all changes are made, or none", () => {
  const store = new Store({ a: "1", b: "2" });
  assert.equal(exchange(store, [["a", null], ["b", "3"], ["c", "4"]]), true);
  assert.deepEqual({ ...store }, { b: "3", c: "4" });
  const small = new Store({ a: "1", b: "2" }, 6);
  assert.throws(() => exchange(small, [["b", "3"], ["c", "long text"]]));
  assert.deepEqual({ ...small }, { a: "1", b: "2" });
});

test("where there is no room for old and new, the old goes first", () => {
  const store = new Store({ a: "x".repeat(10) }, 14);
  assert.equal(exchange(store, [["b", "y".repeat(10)], ["a", null]]), true);
  assert.deepEqual({ ...store }, { b: "y".repeat(10) });
});

test("a browser that takes a change and does not keep it is found out", () => {
  const store = new Store({ a: "1" });
  Object.defineProperty(store, "setItem", { value: () => {} });
  assert.equal(exchange(store, [["a", "2"]]), false);
});

test("every browser's word for full is known", () => {
  assert.ok(isFull({ name: "QuotaExceededError" }) && isFull({ name: "NS_ERROR_DOM_QUOTA_REACHED" }) && isFull({ code: 22 }));
  assert.ok(!isFull({ name: "SecurityError", code: 18 }) && !isFull(undefined));
});

const copies = () =>
  new Store({
    [`${KEYS.aside}2026-01-02 import`]: '{"entries": [1, 2]}',
    [`${KEYS.aside}2026-01-01 conflict`]: '{"entries": []}',
    [`${KEYS.aside}2026-01-03 start-over+`]: "Grüße",
    [KEYS.ledger]: '{"entries": [1]}',
  });

test("copies are listed newest first, each with its reason, its entries and its bytes", () => {
  const found = listCopies(copies(), KEYS).map(({ at, why, entries, bytes }) => [at, why, entries, bytes]);
  assert.deepEqual(found, [["2026-01-03", "start-over", null, 7], ["2026-01-02", "import", 2, 19], ["2026-01-01", "conflict", 0, 15]]);
});

test("the oldest that may go is dropped, never the newest, one in use, or one that nobody has read", () => {
  const store = copies();
  assert.equal(dropOldest(store, KEYS), true);
  assert.deepEqual(listCopies(store, KEYS).map(({ why }) => why), ["start-over", "conflict"]);
  assert.equal(dropOldest(store, KEYS), false);
  assert.equal(dropOldest(copies(), KEYS, [`${KEYS.aside}2026-01-02 import`]), false);
});

test("two texts of one moment have two names; a text that is no ledger has no entries", () => {
  const key = asideKey(new Store(), KEYS, "now", "import");
  assert.equal(asideKey(new Store({ [key]: "x" }), KEYS, "now", "import"), `${key}+`);
  assert.deepEqual(['{"entries": [1, 2, 3]}', '{"entries": 3}', "{"].map(entriesIn), [3, null, null]);
});

test("a memo is read back, kept for the page where the storage refuses, and tells a first time once", () => {
  const store = new Store();
  const memo = openMemo({ storage: () => store, pathname: "/course/lab/" });
  memo.write("name", "Ada");
  assert.equal(store[KEYS.name], "Ada");
  assert.deepEqual([memo.read("name"), memo.read("exported")], ["Ada", ""]);
  assert.deepEqual([memo.firstTime("a"), memo.firstTime("b"), memo.firstTime("a")], [true, true, false]);
  const without = openMemo({ storage: () => null, pathname: "/" });
  without.write("name", "Ada");
  assert.equal(without.read("name"), "Ada");
});

test("old work is taken by the first folder, and another or one with its own is asked", () => {
  const old = { [OLD.ledger]: "old", [OLD.undo]: "undone", [`${OLD.aside}x`]: "aside" };
  const first = new Store(old);
  assert.equal(takeOlder(first, KEYS), false);
  assert.deepEqual([first[KEYS.ledger], first[KEYS.undo], first[`${KEYS.aside}x`], first[TAKEN_BY]], ["old", "undone", "aside", KEYS.folder]);
  assert.equal(takeOlder(first, KEYS), false);
  assert.equal(takeOlder(new Store({ ...old, [TAKEN_BY]: "/elsewhere/" }), KEYS), true);
  const own = new Store({ ...old, [KEYS.ledger]: "mine", [KEYS.undo]: "my undo" });
  assert.equal(takeOlder(own, KEYS), true);
  assert.equal(own[KEYS.ledger], "mine");
  acceptOlder(own, KEYS);
  assert.deepEqual([own[KEYS.ledger], own[KEYS.undo]], ["old", "my undo"]);
  assert.equal(takeOlder(new Store({}), KEYS), false);
});

test("an old version that has saved something else since is asked about again", () => {
  const store = new Store({ [OLD.ledger]: "old" });
  takeOlder(store, KEYS);
  store[OLD.ledger] = "newer";
  assert.equal(takeOlder(store, KEYS), true);
});

test("a measurement is kept until Python has answered it, for its own ledger alone", () => {
  const tab = new Store();
  const open = (session) => openMeasured({ session: () => session, storage: () => tab, pathname: "/course/lab/" });
  const [first, second] = [{ event: "measured", rows: [1] }, { event: "jitter", row: {} }];
  const page = open("mine");
  page.note(first);
  page.note(second);
  page.taken();
  assert.deepEqual(page.again(), []); // the screen is opened again before Python has answered: that is no restart

  assert.deepEqual(open("another's").again(), []);
  page.note(first);
  assert.deepEqual(open("mine").again(), [second, first]);
  assert.deepEqual(open("mine").again(), []); // told: the new page keeps it from now on
  tab[KEYS.measured] = "{";
  assert.deepEqual(open("mine").again(), []);
});

test("a tab that keeps nothing loses no measurement while Python lives", () => {
  const page = openMeasured({ session: () => "mine", storage: () => null, pathname: "/course/lab/" });
  page.note({ event: "measured" });
  page.taken();

  assert.deepEqual(page.again(), []);
});
