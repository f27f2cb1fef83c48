/**
 * What was measured and Python has not answered: kept in this tab until it has, and told again after a restart, so that
 * nobody has to wait through a measurement twice. It is kept with the session of the ledger that it is for.
 *
 * exports openMeasured(options) -> Measured
 */
import { attempt } from "./attempt.js";
import { keysFor } from "./keys.js";

/**
 * @typedef {object} Measured
 * @property {(message: object) => void} note  it is being told to Python
 * @property {() => void} taken  Python has answered the first that was noted
 * @property {() => object[]} again  what an earlier page was not answered, to be told now
 */

/**
 * @param {object} options
 * @param {() => string} options.session  of the ledger that is the learner's
 * @param {() => Storage|null} [options.storage]  of the tab
 * @param {string} [options.pathname] of the page
 * @returns {Measured}
 */
export function openMeasured({ session, storage = () => window.sessionStorage, pathname = window.location.pathname }) {
  const key = keysFor(pathname).measured;
  let kept = attempt(storage, (store) => JSON.parse(store.getItem(key)), null);
  /** @type {object[]} */
  const waiting = [];
  return {
    note(message) {
      waiting.push(message);
      write();
    },
    taken() {
      waiting.shift();
      write();
    },
    again() {
      const isOurs = kept?.session === session() && Array.isArray(kept.messages);
      const messages = isOurs ? kept.messages.filter((each) => each && typeof each === "object") : [];
      kept = null;
      write();
      return messages;
    },
  };

  function write() {
    attempt(storage, (store) => (waiting.length ? store.setItem(key, JSON.stringify({ session: session(), messages: waiting })) : store.removeItem(key)), undefined);
  }
}
