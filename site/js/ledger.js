/**
 * The learner's text in localStorage: read, saved with a read-back, set aside, never overwritten unseen.
 *
 * exports openLedgerStore(options?) -> LedgerStore
 */

import { asideKey as freeKey, COPIES_KEPT, dropOldest, listCopies } from "./copies.js";
import { exchange, isFull } from "./exchange.js";
import { keysFor } from "./keys.js";
import { acceptOlder, declineOlder, takeOlder } from "./older.js";

/**
 * @typedef {"absent"|"forbidden"|"full"|"conflict"|"unconfirmed"|"erased"} SaveFailure
 * @typedef {{ok: boolean, reason: ""|SaveFailure}} SaveResult
 * @typedef {{text: string|null, reason: ""|"absent"|"forbidden"}} ReadResult
 *
 * second-tab: another tab has the lab open. overtaken: it has saved, so this one no longer may.
 * older: a version of before the lab was called Rooflab saved work here that this folder did not take by itself.
 * conflict: what this tab wrote was replaced or refused, and lies under the key `aside` (null: no room).
 * pruned: the oldest copy was deleted to make room.
 * @typedef {{kind: "second-tab"|"overtaken"|"older"|"pruned"} | {kind: "conflict", aside: string|null}} LedgerNews
 *
 * @typedef {object} LedgerStore
 * @property {() => ReadResult} read
 * @property {(text: string, aside?: "import"|"unreadable"|"newer"|null) => SaveResult} save
 * @property {() => string|null} exportText  the newest text there is, saved or not
 * @property {() => boolean} hasUnsaved
 * @property {() => boolean} isOnlyHere  what is unsaved was not set aside either
 * @property {() => unknown} readEarly  the early lock submission, or null
 * @property {(entry: object) => SaveResult} writeEarly
 * @property {() => void} clearEarly
 * @property {() => boolean} canUndo
 * @property {() => SaveResult} undo  swap the ledger with the text before the last import
 * @property {() => SaveResult} useOlder  set the ledger aside and take over the older version's
 * @property {() => void} leaveOlder  do not ask about it again
 * @property {() => SaveResult} startOver  set the ledger aside and leave none
 * @property {() => SaveResult} drop  leave no ledger and keep no copy of it; refused where it is another tab's
 * @property {() => import("./copies.js").Copy[]} copies  what was set aside, newest first
 * @property {(key: string) => string|null} copyText
 * @property {(key: string) => SaveResult} restore  set the ledger aside and take the copy instead
 * @property {(key: string) => void} deleteCopy
 * @property {() => void} close
 */

/**
 * @param {object} [options]
 * @param {() => Storage|null} [options.storage]
 * @param {() => string} [options.now] ISO time for the names of texts set aside
 * @param {(news: LedgerNews) => void} [options.onNews]
 * @param {string} [options.pathname] of the page
 * @returns {LedgerStore}
 */
export function openLedgerStore({
  storage = () => window.localStorage,
  now = () => new Date().toISOString(),
  onNews = () => {},
  pathname = window.location.pathname,
} = {}) {
  const keys = keysFor(pathname);
  /** What goes with a ledger that is given up. @type {[string, null][]} */
  const begun = [[keys.early, null], [keys.session, null]];
  /** What this tab last read or wrote; anything else in the store is another tab's. */
  let known = null;
  /** What this tab could not save. */
  let unsaved = null;
  /** Why the stored text must still be kept, where an earlier save that should have done so failed. */
  let owed = null;
  /** Another tab has deleted the ledger, and written none since. */
  let gone = false;
  let asideKey = null;
  /** What lies under that key. */
  let setAside = null;
  let secondTabTold = false;
  let overtakenTold = false;

  const channel = openChannel(keys.channel, () => {
    if (!secondTabTold) onNews({ kind: "second-tab" });
    secondTabTold = true;
  });
  window.addEventListener("storage", heard);
  window.addEventListener("pageshow", shown);

  return {
    read() {
      return attempt(
        (store) => {
          if (olderWaits(store)) onNews({ kind: "older" });
          known = store.getItem(keys.ledger);
          return { text: known, reason: "" };
        },
        (reason) => ({ text: null, reason: reason === "absent" ? "absent" : "forbidden" }),
      );
    },

    save(text, aside = null) {
      owed = aside ?? owed;
      const result = attempt((store) => replace(store, text, owed), failure);
      if (result.ok) {
        known = text;
        unsaved = owed = null;
        gone = false;
      } else {
        unsaved = text;
      }
      return result;
    },

    exportText() {
      return unsaved ?? attempt((store) => store.getItem(keys.ledger), () => null) ?? known;
    },

    hasUnsaved: () => unsaved !== null,

    isOnlyHere: () => unsaved !== null && unsaved !== setAside,

    readEarly() {
      return attempt(
        (store) => {
          const text = store.getItem(keys.early);
          return text === null ? null : JSON.parse(text);
        },
        () => null,
      );
    },

    writeEarly(entry) {
      return attempt((store) => change(store, [[keys.early, JSON.stringify(entry)]]), failure);
    },

    clearEarly() {
      attempt((store) => store.removeItem(keys.early), () => undefined);
    },

    canUndo: () => attempt((store) => store.getItem(keys.undo) !== null, () => false),

    undo() {
      return attempt((store) => {
        const before = store.getItem(keys.undo);
        if (before === null) return failure("absent");
        const result = replace(store, before, "import");
        if (result.ok) known = before;
        return result;
      }, failure);
    },

    useOlder() {
      return attempt((store) => {
        const kept = change(store, aside(store, "older"));
        if (!kept.ok) return kept;
        acceptOlder(store, keys);
        known = store.getItem(keys.ledger);
        unsaved = null;
        return kept;
      }, failure);
    },

    leaveOlder() {
      attempt((store) => declineOlder(store, keys), () => undefined);
    },

    startOver: () => attempt((store) => changeTo(store, null, [...aside(store, "start-over"), ...begun]), failure),

    drop() {
      return attempt((store) => {
        const current = store.getItem(keys.ledger);
        return current === null || current === known ? changeTo(store, null, begun) : failure("conflict");
      }, failure);
    },

    copies: () => attempt((store) => listCopies(store, keys), () => []),

    copyText: (key) => attempt((store) => store.getItem(key), () => null),

    restore(key) {
      return attempt((store) => {
        const text = store.getItem(key);
        if (text === null) return failure("absent");
        return changeTo(store, text, [...aside(store, "restore"), [key, null]]);
      }, failure);
    },

    deleteCopy(key) {
      attempt((store) => store.removeItem(key), () => undefined);
    },

    close() {
      window.removeEventListener("storage", heard);
      window.removeEventListener("pageshow", shown);
      channel?.close();
    },
  };

  /**
   * @param {Storage} store
   * @param {string} text
   * @param {"import"|"unreadable"|"newer"|null} why
   * @returns {SaveResult}
   */
  function replace(store, text, why) {
    const current = store.getItem(keys.ledger);
    if (why === null && (current !== null || gone) && current !== known && current !== text) {
      keepAside(text);
      return failure("conflict");
    }
    if (why === null || current === null) return change(store, [[keys.ledger, text]]);
    const key = why === "import" ? keys.undo : freeKey(store, keys, now(), why);
    return change(store, [[key, current], [keys.ledger, text]]);
  }

  /** A storage too full for a copy: the old work is asked about, for it is still where it was. */
  function olderWaits(store) {
    try {
      return takeOlder(store, keys);
    } catch {
      return true;
    }
  }

  /**
   * The ledger as copies: two where another tab has saved over what this one holds.
   * @param {Storage} store
   * @param {import("./copies.js").Why} why
   * @returns {[string, string][]}
   */
  function aside(store, why) {
    const current = store.getItem(keys.ledger);
    const texts = unsaved !== null && current === known ? [unsaved] : [unsaved, current];
    const key = freeKey(store, keys, now(), why);
    return [...new Set(texts.filter((each) => each !== null))].map((text, at) => [key + "+".repeat(at), text]);
  }

  /** Make another text the ledger, or none, with what else belongs to that. @returns {SaveResult} */
  function changeTo(store, text, others) {
    const result = change(store, [...others, [keys.ledger, text]]);
    if (!result.ok) return result;
    known = text;
    unsaved = null;
    return result;
  }

  /**
   * Where the storage is full, drop the oldest copy and try again, as long as one may go.
   * @param {Storage} store
   * @param {[string, string|null][]} changes
   * @returns {SaveResult}
   */
  function change(store, changes) {
    const inUse = changes.map(([key]) => key);
    for (;;) {
      try {
        if (!exchange(store, changes)) return failure("unconfirmed");
        if (inUse.some((key) => key.startsWith(keys.aside))) while (listCopies(store, keys).length > COPIES_KEPT && dropped(store, inUse));
        return { ok: true, reason: "" };
      } catch (error) {
        if (!isFull(error) || !dropped(store, inUse)) throw error;
      }
    }
  }

  function dropped(store, inUse) {
    const found = dropOldest(store, keys, inUse);
    if (found) onNews({ kind: "pruned" });
    return found;
  }

  /** One text a tab is enough: a later one has all that the one before it had. */
  function keepAside(text) {
    asideKey ??= attempt((store) => freeKey(store, keys, now(), "conflict"), () => `${keys.aside}${now()} conflict`);
    const kept = attempt((store) => change(store, [[asideKey, text]]), failure);
    if (kept.ok) setAside = text;
    onNews({ kind: "conflict", aside: kept.ok ? asideKey : null });
  }

  /** @param {StorageEvent} event */
  function heard(event) {
    if (event.key !== keys.ledger) return;
    const wasGone = gone;
    gone = event.newValue === null;
    if (gone || event.newValue === known) return;
    // The other tab did not build on what this one wrote: the two saved at the same moment.
    if (known !== null && event.oldValue !== known && !wasGone) keepAside(known);
    else if (!overtakenTold) onNews({ kind: "overtaken" });
    overtakenTold = true;
  }

  /** A page that the browser kept for its Back button has heard of nothing meanwhile. */
  function shown({ persisted }) {
    const newValue = persisted ? attempt((store) => store.getItem(keys.ledger), () => known) : known;
    if (newValue !== known) heard({ key: keys.ledger, oldValue: known, newValue });
  }

  /**
   * @template T
   * @param {(store: Storage) => T} act
   * @param {(reason: SaveFailure) => T} otherwise
   * @returns {T}
   */
  function attempt(act, otherwise) {
    try {
      const store = storage();
      return store ? act(store) : otherwise("absent");
    } catch (error) {
      return otherwise(isFull(error) ? "full" : error.name === "Erased" ? "erased" : "forbidden");
    }
  }
}

/** @param {SaveFailure} reason @returns {SaveResult} */
function failure(reason) {
  return { ok: false, reason };
}

/** @param {string} name @param {() => void} onCompany called when another tab answers or asks */
function openChannel(name, onCompany) {
  try {
    const channel = new BroadcastChannel(name);
    channel.onmessage = ({ data }) => {
      if (data === "anyone?") channel.postMessage("here");
      onCompany();
    };
    channel.postMessage("anyone?");
    return channel;
  } catch {
    return null; // Some browsers refuse channels to file: pages; the storage event still tells.
  }
}
