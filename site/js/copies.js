/**
 * The texts that were set aside in this browser: listed, and the oldest dropped where there is no room.
 *
 * exports listCopies(store, keys) -> Copy[], entriesIn(text) -> number|null, asideKey(store, keys, at, why) -> string, dropOldest(store, keys, except?) -> boolean, COPIES_KEPT
 */

/** @typedef {"start-over"|"import"|"restore"|"older"|"unreadable"|"newer"|"conflict"|""} Why */
/** @typedef {{key: string, at: string, why: Why, entries: number|null, bytes: number}} Copy  `entries` is null where the text is no ledger */

export const COPIES_KEPT = 20;

/** Work that no ledger may hold and that the learner may never have seen: dropped only by the learner. */
const NEVER_DROPPED = new Set(["conflict", "unreadable", "newer"]);

/**
 * @param {Storage} store
 * @param {import("./keys.js").Keys} keys
 * @returns {Copy[]} newest first
 */
export function listCopies(store, keys) {
  const names = Object.keys(store).filter((key) => key.startsWith(keys.aside));
  return names.map((key) => describe(store, keys, key)).sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
}

/** A name that is still free: two texts may be set aside in one millisecond. */
export function asideKey(store, keys, at, why) {
  let key = `${keys.aside}${at} ${why}`;
  while (store.getItem(key) !== null) key += "+";
  return key;
}

/**
 * Drop the oldest copy that may go. The newest always stays.
 * @param {string[]} [except]  keys that are in use
 * @returns {boolean} whether one was dropped
 */
export function dropOldest(store, keys, except = []) {
  const old = listCopies(store, keys).slice(1).filter(({ key, why }) => !except.includes(key) && !NEVER_DROPPED.has(why));
  if (old.length === 0) return false;
  store.removeItem(old.at(-1).key);
  return true;
}

/** @returns {Copy} */
function describe(store, keys, key) {
  const [at, why = ""] = key.slice(keys.aside.length).split(" ");
  const text = store.getItem(key) ?? "";
  return { key, at, why: why.replace(/\++$/, ""), entries: entriesIn(text), bytes: new Blob([text]).size };
}

/** @returns {number|null} null where the text is no ledger */
export function entriesIn(text) {
  try {
    const { entries } = JSON.parse(text);
    return Array.isArray(entries) ? entries.length : null;
  } catch {
    return null;
  }
}
