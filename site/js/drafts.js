/**
 * What a learner has filled in and not yet committed: kept as it is typed, put back into the controls, dropped when it
 * is in the ledger.
 *
 * A control's tag says where it belongs: `rooflab:draft:<track>:<part>:<kind>:<name>`, where the kind is that of the
 * ledger's entry. Drafts belong to the session of a ledger: after an import they are out of sight, not lost.
 *
 * exports openDrafts(options) -> Drafts
 */

import { fill, held } from "./fields.js";
import { keysFor } from "./keys.js";

const DRAFT = "rooflab:draft:";
const SESSION = /^[0-9a-f]{16}$/;

/**
 * @typedef {object} Drafts
 * @property {string} session  for a ledger that has still to be begun
 * @property {(event: {model: any, attr: string, value: any}) => void} note  a learner changed a control
 * @property {(models: Iterable<any>) => void} restore  fill the controls that have not been filled before
 * @property {(entries: [track: string, part: number, kind: string][]) => void} drop  these are in the ledger now
 * @property {(text: string) => void} follow  another ledger is the learner's now
 */

/**
 * @param {object} options
 * @param {string|null} options.text  the saved ledger
 * @param {() => Storage|null} [options.storage]
 * @param {string} [options.pathname] of the page
 * @param {() => void} [options.onLost]  a draft could not be kept; told once
 * @returns {Drafts}
 */
export function openDrafts({ text, storage = () => window.localStorage, pathname = window.location.pathname, onLost = () => {} }) {
  const keys = keysFor(pathname);
  const seen = new WeakSet();
  let told = false;
  const session = text === null ? begin() : newSession();
  let owner = text === null ? session : sessionOf(text);

  return {
    session,

    note({ model, attr, value }) {
      const field = fieldOf(model);
      const words = field && held(model, attr, value);
      if (words === undefined || words === null) return;
      const kept = attempt((store) => {
        change(store, field, (fields) => {
          if (words.length === 0) delete fields[field.kind]?.[field.name];
          else (fields[field.kind] ??= {})[field.name] = words;
        });
        return true;
      }, false);
      if (!kept && !told) onLost();
      told ||= !kept;
    },

    restore(models) {
      for (const model of models) {
        const field = !seen.has(model) && fieldOf(model);
        if (!field) continue;
        seen.add(model);
        const words = attempt((store) => read(store, field)[field.kind]?.[field.name], undefined);
        if (words !== undefined) fill(model, words);
      }
    },

    drop(entries) {
      for (const [track, part, kind] of entries) {
        attempt((store) => change(store, { track, part }, (fields) => delete fields[kind]), undefined);
      }
    },

    follow(now) {
      owner = sessionOf(now);
    },
  };

  /** The session of a ledger without an entry is kept apart, for what is filled in before the first. */
  function begin() {
    const begun = attempt((store) => store.getItem(keys.session), null);
    if (SESSION.test(begun)) return begun;
    const made = newSession();
    attempt((store) => store.setItem(keys.session, made), undefined);
    return made;
  }

  function keyOf({ track, part }) {
    return `${keys.draft}${owner}:${track}:${part}`;
  }

  /** What is kept of a part, by kind and name. */
  function read(store, field) {
    try {
      const fields = JSON.parse(store.getItem(keyOf(field)));
      return Object.fromEntries(Object.entries(fields).filter(([, kept]) => kept && typeof kept === "object"));
    } catch {
      return {};
    }
  }

  /** Read anew each time: another tab may have written other fields. */
  function change(store, field, act) {
    const fields = read(store, field);
    act(fields);
    const kept = Object.entries(fields).filter(([, names]) => Object.keys(names).length > 0);
    if (kept.length > 0) store.setItem(keyOf(field), JSON.stringify(Object.fromEntries(kept)));
    else store.removeItem(keyOf(field));
  }

  /** @template T @param {(store: Storage) => T} act @param {T} otherwise @returns {T} */
  function attempt(act, otherwise) {
    try {
      return act(storage());
    } catch {
      return otherwise;
    }
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
