/**
 * Small things that the page remembers beside the ledger. Without storage they last as long as the page.
 *
 * exports openMemo(options?) -> Memo
 */

import { attempt } from "./attempt.js";
import { keysFor } from "./keys.js";

/**
 * @typedef {object} Memo
 * @property {(name: "name"|"exported") => string} read  empty where there is none
 * @property {(name: "name"|"exported", text: string) => void} write
 * @property {(what: string) => boolean} firstTime  true once for each thing that is said only once
 */

/**
 * @param {object} [options]
 * @param {() => Storage|null} [options.storage]
 * @param {string} [options.pathname]
 * @returns {Memo}
 */
export function openMemo({ storage = () => window.localStorage, pathname = window.location.pathname } = {}) {
  const keys = keysFor(pathname);
  const here = new Map();
  return { read, write, firstTime };

  function read(name) {
    if (here.has(name)) return here.get(name);
    return attempt(storage, (store) => store.getItem(keys[name]) ?? "", "");
  }

  function write(name, text) {
    const kept = attempt(storage, (store) => (store.setItem(keys[name], text), true), false);
    if (kept) here.delete(name);
    else here.set(name, text);
  }

  function firstTime(what) {
    const told = read("told").split(" ");
    if (told.includes(what)) return false;
    write("told", [...told, what].join(" ").trim());
    return true;
  }
}
