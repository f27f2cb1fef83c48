/**
 * What a learner has filled in or moved and not yet committed: kept with each input, put back into the controls, dropped
 * when it is in the ledger.
 *
 * A control's tag says where it belongs: `rooflab:draft:<track>:<part>:<kind>:<name>`, where the kind is that of the
 * ledger's entry, or `bench`. A bench is kept by Python, as the design that its controls came to; what is kept of the
 * controls themselves is what Python has not answered. Drafts belong to the session of a ledger: after an import they
 * are out of sight, not lost.
 *
 * exports openDrafts(options) -> Drafts
 */

import { attempt } from "./attempt.js";
import { fill, held } from "./fields.js";
import { keysFor } from "./keys.js";

const DRAFT = "rooflab:draft:";
const BENCH = "bench";
const LEFT = "left";
const SESSION = /^[0-9a-f]{16}$/;

/**
 * @typedef {{track: string, part: string, kind: string, name: string}} Field
 *
 * @typedef {object} Drafts
 * @property {string} begun  the session of a ledger that has still to be begun
 * @property {() => string} session  whose drafts these are
 * @property {(event: {model: any, attr: string, value: any}) => Field|null} note  a learner changed a control: which, unless this was kept already
 * @property {(models: Iterable<any>) => void} restore  fill the controls that have not been filled before
 * @property {(entries: [track: string, part: number, kind: string][]) => void} drop  these are in the ledger now
 * @property {(place: {track: string, part: number}, left: object) => void} leave  Python says what is on a bench
 * @property {(model: any, value: number|null) => void} type  a number is being typed; null when it is done
 * @property {() => void} answered  Python has taken all that was moved
 * @property {(place: {track: string, part: string}) => object} bench  all that is kept of it
 * @property {(place: {track: string, part: string}, kept: object) => void} putBench  keep that instead
 * @property {() => Record<string, object>} benches  what Python said of each, by track and part
 * @property {(text: string) => void} follow  another ledger is the learner's now
 */

/**
 * @param {object} options
 * @param {string|null} options.text  the saved ledger
 * @param {() => Storage|null} [options.storage]
 * @param {string} [options.pathname] of the page
 * @param {(areLost: boolean) => void} [options.onLost]  whether there are drafts that could not be kept; told as it changes
 * @returns {Drafts}
 */
export function openDrafts({ text, storage = () => window.localStorage, pathname = window.location.pathname, onLost = () => {} }) {
  const keys = keysFor(pathname);
  const seen = new WeakSet();
  const moved = new Map();
  const unfinished = new Map();
  /** The fields that the storage did not take, by key. */
  const unkept = new Map();
  const begun = text === null ? begin() : newSession();
  let owner = text === null ? begun : sessionOf(text);

  return {
    begun,

    note,

    type(model, value) {
      if (Number.isInteger(value)) unfinished.set(model, value);
      else unfinished.delete(model);
      note({ model, attr: "value", value: unfinished.get(model) });
    },

    restore(models) {
      const found = [];
      for (const model of models) {
        const field = !seen.has(model) && fieldOf(model);
        if (!field) continue;
        seen.add(model);
        const kept = attempt(storage, (store) => read(store, keyOf(field))[field.kind] ?? {}, {});
        const at = Object.keys(kept).indexOf(field.name);
        if (at < 0) continue;
        found.push({ model, at, words: kept[field.name] });
        if (field.kind === BENCH) moved.set(keyOf(field), field);
      }
      for (const { model, words } of found.sort((a, b) => a.at - b.at)) fill(model, words);
    },

    drop(entries) {
      for (const [track, part, kind] of entries) keep({ track, part }, (fields) => delete fields[kind]);
    },

    leave(place, left) {
      keep(place, (fields) => {
        fields[LEFT] = left;
        if (!moved.has(keyOf(place))) delete fields[BENCH]; // a link's design came after what was moved
      });
    },

    answered() {
      for (const place of moved.values()) keep(place, (fields) => delete fields[BENCH]);
      moved.clear();
      for (const [model, value] of unfinished) note({ model, attr: "value", value });
    },

    bench(place) {
      const { [BENCH]: controls, [LEFT]: left } = attempt(storage, (store) => read(store, keyOf(place)), {});
      return { [BENCH]: controls, [LEFT]: left };
    },

    putBench(place, kept) {
      keep(place, (fields) => {
        for (const kind of [BENCH, LEFT]) fields[kind] = kept[kind];
      });
    },

    benches() {
      const start = keyOf({ track: "", part: "" }).slice(0, -1);
      return attempt(storage, (store) => {
        const names = Object.keys(store).filter((key) => key.startsWith(start));
        const left = names.map((key) => [key.slice(start.length), read(store, key)[LEFT]]);
        return Object.fromEntries(left.filter(([, kept]) => kept));
      }, {});
    },

    session: () => owner,

    follow(now) {
      owner = sessionOf(now);
    },
  };

  function note({ model, attr, value }) {
    const field = fieldOf(model);
    const words = field && held(model, attr, value);
    if (words === undefined || words === null) return null;
    if (field.kind === BENCH) moved.set(keyOf(field), field);
    let changed = false;
    keep(field, (fields) => {
      changed = JSON.stringify(fields[field.kind]?.[field.name] ?? "") !== JSON.stringify(words);
      delete fields[field.kind]?.[field.name]; // so that the last is the last to be put back
      if (words.length !== 0 || field.kind === BENCH) (fields[field.kind] ??= {})[field.name] = words;
    });
    return changed ? field : null;
  }

  /** The session of a ledger without an entry is kept apart, for what is filled in before the first. */
  function begin() {
    const kept = attempt(storage, (store) => store.getItem(keys.session), null);
    if (SESSION.test(kept)) return kept;
    const made = newSession();
    attempt(storage, (store) => {
      prune(store);
      store.setItem(keys.session, made);
    }, undefined);
    return made;
  }

  /** Drop the drafts of ledgers that are nowhere any more. */
  function prune(store) {
    const names = Object.keys(store).filter((key) => key.startsWith(keys.all));
    const texts = names.filter((key) => !key.startsWith(keys.draft)).map((key) => store.getItem(key));
    for (const key of names.filter((each) => each.startsWith(keys.draft))) {
      const session = key.slice(keys.draft.length).split(":").slice(0, -2).join(":");
      if (!texts.some((text) => text.includes(JSON.stringify(session)))) store.removeItem(key);
    }
  }

  function keyOf({ track, part }) {
    return `${keys.draft}${owner}:${track}:${part}`;
  }

  /** What is kept of a part, by kind and name. */
  function read(store, key) {
    if (unkept.has(key)) return unkept.get(key);
    try {
      const fields = JSON.parse(store.getItem(key));
      return Object.fromEntries(Object.entries(fields).filter(([, kept]) => kept && typeof kept === "object"));
    } catch {
      return {};
    }
  }

  /** Read anew each time: another tab may have written other fields. */
  function keep(place, act) {
    const key = keyOf(place);
    const fields = attempt(storage, (store) => read(store, key), unkept.get(key) ?? {});
    act(fields);
    const before = unkept.size;
    if (write(key, fields)) for (const each of [...unkept.keys()]) write(each, unkept.get(each));
    if (unkept.size > 0 !== before > 0) onLost(unkept.size > 0);
  }

  /** @returns {boolean} whether the storage has taken them */
  function write(key, fields) {
    const full = Object.entries(fields).filter(([, names]) => names && Object.keys(names).length > 0);
    const kept = attempt(storage, (store) => {
      if (full.length > 0) store.setItem(key, JSON.stringify(Object.fromEntries(full)));
      else store.removeItem(key);
      return true;
    }, false);
    if (kept || full.length === 0) unkept.delete(key);
    else unkept.set(key, fields);
    return kept;
  }
}

function fieldOf(model) {
  const tag = model.tags?.find((each) => typeof each === "string" && each.startsWith(DRAFT));
  if (!tag) return null;
  const [track, part, kind, name] = tag.slice(DRAFT.length).split(":");
  return { track, part, kind, name };
}

/** The session of a saved ledger, whatever else is in it. */
function sessionOf(text) {
  try {
    return String(JSON.parse(text).session).slice(0, 64);
  } catch {
    return "";
  }
}

function newSession() {
  return Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
