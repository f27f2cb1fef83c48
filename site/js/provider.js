/**
 * Where the lab's files come from: requests on a site, scripts beside the page in the double-click bundle.
 *
 * exports openAssets() -> Provider
 */
import { attempt } from "./attempt.js";
import { FileFault } from "./fault.js";

/**
 * @typedef {object} Provider
 * @property {number} total  bytes of a start, as they come over the network
 * @property {(isFirst: boolean) => Promise<Worker>} worker
 * @property {string} [workerFile]  its address
 * @property {() => Promise<{message: object, transfer: Transferable[]}>} startMessage
 * @property {() => Promise<void>} [unpackKept]  have what a start needs unpacked in the offline copy; a page on disk has none
 * @property {() => void} avoidImage  from now on this tab starts this version of the lab without the memory image
 */

/** @returns {Provider} */
export function openAssets() {
  const manifest = JSON.parse(document.getElementById("lab-files").textContent);
  const total = Object.entries(manifest.files).reduce((sum, [name, file]) => sum + (LATER.test(name) ? 0 : file.bytes), 0);
  const avoidImage = () => mark(manifest.worker);
  return { total, avoidImage, ...(manifest.inline ? fromScripts(manifest) : fromSite(manifest)) };
}

/** What a start does not wait for, and what not every browser needs. */
const LATER = /^library$|^decoder|_rest$/;
const TRAPPED = "rooflab:trapped"; // early.js reads it too, before this module is there

const ofTab = () => window.sessionStorage;

/** Where there is no storage, the next start tries the image again. */
function mark(version) {
  attempt(ofTab, (store) => store.setItem(TRAPPED, version), undefined);
}

function startName(version) {
  const trapped = attempt(ofTab, (store) => store.getItem(TRAPPED), null) === version;
  return trapped ? "?start=fallback" : location.search;
}

function fromSite(manifest) {
  const workerFile = new URL(manifest.worker, document.baseURI).href;
  return {
    workerFile,
    // early.js started the first, unless the browser refused
    worker: async (isFirst) =>
      (isFirst && window.labWorker) || new Worker(workerFile, { type: "module", name: startName(manifest.worker) }),
    startMessage: async () => ({ message: { base: document.baseURI, manifest }, transfer: [] }),
    unpackKept: () => unpackKept(manifest.files),
  };
}

async function unpackKept(files) {
  const script = document.querySelector("script[data-inflate]")?.dataset.inflate;
  if (!script) return;
  const needed = Object.keys(files).filter((name) => !LATER.test(name) && files[name].url.endsWith(".bin"));
  const thread = new Worker(script, { type: "module" });
  thread.postMessage({ kept: needed.map((name) => new URL(files[name].url, document.baseURI).href) });
  await new Promise((resolve) => (thread.onmessage = thread.onerror = resolve));
}

function missing(name) {
  return new FileFault(`runtime/${name}.js is missing beside this page, or damaged.`);
}

/** On file:// the scripts beside the page have put the files into `labFiles`, in base64. */
function fromScripts(manifest) {
  const loaded = new Promise((resolve) => {
    if (document.readyState === "complete") resolve();
    else window.addEventListener("DOMContentLoaded", resolve, { once: true });
  });
  const bytes = (name) => {
    const text = window.labFiles?.[name];
    if (!text) throw missing(name);
    delete window.labFiles[name];
    return Uint8Array.fromBase64 ? Uint8Array.fromBase64(text) : Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  };
  return {
    async worker() {
      await loaded;
      const text = window.labFiles?.worker;
      if (!text) throw missing("worker");
      return new Worker(`data:text/javascript;base64,${text}`, { type: "module", name: startName(manifest.worker) });
    },
    async startMessage() {
      await loaded;
      const buffers = Object.fromEntries(Object.keys(manifest.files).map((name) => [name, bytes(name).buffer]));
      return { message: { base: "https://files.invalid/", manifest, buffers }, transfer: Object.values(buffers) };
    },
  };
}
