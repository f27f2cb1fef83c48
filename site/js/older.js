/**
 * Work that a version of before the lab was called Rooflab saved at this origin.
 *
 * The first folder that opens the lab takes it over by itself. Another folder, or one that has a ledger of its own, is
 * asked; so is a folder that took it, when an old version has since saved something else.
 *
 * exports takeOlder(store, keys) -> boolean, acceptOlder(store, keys), declineOlder(store, keys)
 */
import { fingerprint } from "./fingerprint.js";
import { OLD, TAKEN_BY } from "./keys.js";

/**
 * Take the old work over where nobody else has.
 * @param {Storage} store
 * @param {import("./keys.js").Keys} keys
 * @returns {boolean} whether old work is there that the learner must be asked about
 */
export function takeOlder(store, keys) {
  const older = store.getItem(OLD.ledger) ?? store.getItem(OLD.early);
  if (older === null || store.getItem(keys.old) === fingerprint(older)) return false;
  const owner = store.getItem(TAKEN_BY);
  const own = store.getItem(keys.ledger) ?? store.getItem(keys.early);
  if (own === older) return false; // copied, and then there was no room for the mark
  if (own !== null || (owner !== null && owner !== keys.folder) || store.getItem(keys.old) !== null) return true;
  acceptOlder(store, keys);
  return false;
}

/** Copy the old ledger to this folder's name; what is there already must have been set aside before. */
export function acceptOlder(store, keys) {
  copy(store, OLD.ledger, keys.ledger);
  store.setItem(TAKEN_BY, keys.folder);
  declineOlder(store, keys);
  copyWhereNone(store, OLD.early, keys.early);
  copyWhereNone(store, OLD.undo, keys.undo);
  for (const key of Object.keys(store)) {
    if (key.startsWith(OLD.aside)) copyWhereNone(store, key, keys.aside + key.slice(OLD.aside.length));
  }
}

/** Do not ask about this text again. */
export function declineOlder(store, keys) {
  store.setItem(keys.old, fingerprint(store.getItem(OLD.ledger) ?? store.getItem(OLD.early) ?? ""));
}

function copy(store, from, to) {
  const text = store.getItem(from);
  if (text !== null) store.setItem(to, text);
}

function copyWhereNone(store, from, to) {
  if (store.getItem(to) === null) copy(store, from, to);
}
