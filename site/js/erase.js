/**
 * Everything that this copy of the lab keeps in the browser: named, and erased. From then on neither this tab nor
 * another one keeps anything, until it is loaded again.
 *
 * exports openErasure(options?) -> Erasure
 */

import { entriesIn } from "./copies.js";
import { keysFor, OLD_ALL, TAKEN_BY, THEME } from "./keys.js";

const HEARD_MS = 500;

/**
 * @typedef {object} Erasure
 * @property {() => Storage|null} storage  the browser's; throws an error named Erased once it was erased
 * @property {() => boolean} isErased
 * @property {() => Promise<string[]>} kept  what there is to erase, each in a few words
 * @property {() => Promise<boolean>} erase  false where something would not go
 */

/**
 * @param {object} [options]
 * @param {() => void} [options.onErased]  another tab has erased everything
 * @param {string} [options.pathname] of the page
 * @returns {Erasure}
 */
export function openErasure({ onErased = () => {}, pathname = window.location.pathname } = {}) {
  const keys = keysFor(pathname);
  let isErased = false;
  window.addEventListener("storage", ({ key, newValue }) => {
    if (key !== keys.erased || newValue === null || isErased) return;
    isErased = true;
    onErased();
  });

  return {
    storage() {
      if (isErased) throw Object.assign(new Error("everything was erased"), { name: "Erased" });
      return window.localStorage;
    },

    isErased: () => isErased,

    async kept() {
      const offline = [...(await offlineCaches(keys)), ...(await offlineWorkers(keys))];
      return [...textsKept(keys), ...(offline.length ? ["the offline copy: without a network, the lab cannot be opened again"] : [])];
    },

    async erase() {
      isErased = true;
      const results = await Promise.allSettled([eraseTexts(keys), eraseTabNotes(), eraseOfflineCopy(keys)]);
      return results.every(({ status }) => status === "fulfilled");
    },
  };
}

/** @param {import("./keys.js").Keys} keys @returns {string[]} */
function textsKept(keys) {
  const found = storedKeys(keys);
  const some = (...names) => found.some((key) => names.some((name) => (name.endsWith(":") ? key.startsWith(name) : key === name)));
  const copies = found.filter((key) => key.startsWith(keys.aside)).length;
  return [
    some(keys.ledger) && ledgerWords(entriesIn(localStorage.getItem(keys.ledger))),
    some(keys.early) && "predictions that Python has not seen yet",
    some(keys.undo) && "the ledger that Undo the last import brings back",
    copies > 0 && counted(copies, "saved copy", "saved copies"),
    some(keys.draft, keys.press) && "answers that you have filled in but not committed",
    some(keys.name) && "your name for exported files",
    some(OLD_ALL) && "work saved under the lab's earlier name, Ridgepoint, for every copy of the lab at this address",
    some(THEME) && "the choice of light or dark, for every copy of the lab at this address",
    some(keys.old, keys.exported, keys.told, keys.session, TAKEN_BY) && "notes of the page about what was exported and said",
  ].filter(Boolean);
}

function storedKeys(keys) {
  const isOurs = (key) => key.startsWith(keys.all) || key.startsWith(OLD_ALL) || key === TAKEN_BY || key === THEME;
  try {
    return Object.keys(window.localStorage ?? {}).filter(isOurs);
  } catch {
    return []; // where the browser forbids storage, nothing was ever kept
  }
}

async function eraseTexts(keys) {
  if (!window.localStorage) return;
  removeTexts(keys);
  // The other tabs hear this.
  localStorage.setItem(keys.erased, "now");
  localStorage.removeItem(keys.erased);
  // What they wrote before they heard it goes too.
  await new Promise((resolve) => setTimeout(resolve, HEARD_MS));
  removeTexts(keys);
}

function removeTexts(keys) {
  for (const key of storedKeys(keys)) localStorage.removeItem(key);
}

async function eraseTabNotes() {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("rooflab:")) sessionStorage.removeItem(key);
}

async function eraseOfflineCopy(keys) {
  for (const registration of await offlineWorkers(keys)) await registration.unregister();
  for (const name of await offlineCaches(keys)) await caches.delete(name);
}

/** Cache storage belongs to the whole origin; sw.js puts the folder at the end of its names. */
async function offlineCaches({ folder }) {
  const names = (await window.caches?.keys().catch(() => [])) ?? [];
  return names.filter((name) => name.startsWith("rooflab-") && name.endsWith(`@${folder}`));
}

async function offlineWorkers({ folder }) {
  const found = (await navigator.serviceWorker?.getRegistrations().catch(() => [])) ?? [];
  return found.filter(({ scope }) => new URL(scope).pathname === folder);
}

function ledgerWords(entries) {
  return entries === null ? "a ledger that cannot be read" : `your ledger, ${counted(entries, "entry", "entries")}`;
}

function counted(count, one, many) {
  return `${count} ${count === 1 ? one : many}`;
}
