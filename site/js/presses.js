/**
 * The presses of buttons that enter something in the ledger: kept before Python hears of them, until Python has
 * answered, and pressed again after a restart, at most twice.
 *
 * They are kept with the ledger that they were made on: once that has changed, the first of them was entered, or another
 * tab has gone on. What is in a button's form is kept by the drafts; what was on the bench, here.
 *
 * exports openPresses(options) -> Presses
 */

import { attempt } from "./attempt.js";
import { fingerprint } from "./fingerprint.js";
import { keysFor } from "./keys.js";

const TRIES = 2;

/** @typedef {{track: string, part: string, name: string, bench: object, again?: boolean}} Press  `again` where it repeats another */

/**
 * @typedef {object} Presses
 * @property {(press: Press|null) => void} note  a button was pressed; null where the page does not know all that it was pressed on
 * @property {(field: {track: string, part: string, kind: string}) => void} changed  a form is not as it was when it was pressed for
 * @property {(count: number, saved: boolean) => void} answered  Python has answered the first presses, and what came of them is saved
 * @property {() => "kept"|"lost"|""} unanswered
 * @property {() => {press: Press|null, count: number, tried: boolean}} again  what is to be pressed again first, and how many
 *   in all; `tried` where that did not help twice
 * @property {() => Press|null} retry  what to press now: it counts as tried; null where another tab has had the answer
 */

/**
 * @param {object} options
 * @param {() => string} options.session  of the ledger that is the learner's
 * @param {() => Storage|null} [options.storage]
 * @param {string} [options.pathname] of the page
 * @returns {Presses}
 */
export function openPresses({ session, storage = () => window.localStorage, pathname = window.location.pathname }) {
  const keys = keysFor(pathname);
  /** @type {(Press|null)[]} null where it is not kept */
  let presses = [];
  let tries = 0;
  return { note, changed, answered, unanswered, again, retry };

  function note(press) {
    const alike = press && presses.every((other) => other && JSON.stringify(other.bench) === JSON.stringify(press.bench));
    const again = alike && presses.some((other) => isSame(other, press));
    presses.push(alike ? { ...press, again } : null);
    if (!write()) presses.fill(null);
  }

  function changed({ track, part, kind }) {
    const at = presses.findIndex((press) => press?.name === kind && press.track === track && press.part === part);
    if (at < 0) return;
    presses.fill(null, at);
    write();
  }

  function answered(count, saved) {
    if (count === 0) return;
    presses.splice(0, count);
    tries = 0;
    if (saved) write();
  }

  function unanswered() {
    if (presses.length === 0) return "";
    return presses[0] ? "kept" : "lost";
  }

  function again() {
    const found = read();
    const tried = found?.tries >= TRIES;
    presses = found && !tried ? found.presses.filter(isPress) : [];
    tries = presses.length > 0 ? found.tries : 0;
    write();
    return { press: presses[0] ?? null, count: presses.length, tried };
  }

  function retry() {
    tries += 1;
    if (read()) write();
    else presses = [];
    return presses[0] ?? null;
  }

  /** What is kept, if the ledger is still as it was. */
  function read() {
    const found = attempt(storage, (store) => JSON.parse(store.getItem(keys.press)), null);
    return Array.isArray(found?.presses) && found.base === attempt(storage, base, null) ? found : null;
  }

  /** @returns {boolean} whether those that are to be kept are */
  function write() {
    const kept = presses.slice(0, presses.includes(null) ? presses.indexOf(null) : undefined).filter((press) => !press.again);
    return attempt(storage, (store) => {
      if (kept.length > 0) store.setItem(keys.press, JSON.stringify({ base: base(store), tries, presses: kept }));
      else store.removeItem(keys.press);
      return true;
    }, false);
  }

  /** A ledger that was begun anew is another, even where it is as empty. */
  function base(store) {
    return `${session()} ${fingerprint(store.getItem(keys.ledger) ?? "")}`;
  }
}

/** An impatient learner presses a button that does not answer more than once, and means it once. */
function isSame(one, other) {
  return one.name === other.name && one.track === other.track && one.part === other.part;
}

function isPress(value) {
  const isText = (name) => typeof value?.[name] === "string";
  return isText("track") && isText("part") && isText("name") && typeof value.bench === "object";
}
