/**
 * The screens beside the lab: the learner's report, the instructors' class, the open bench and the learner's machine. Which one is open stands in the
 * address, so that a link, the menu and the browser's own way back lead there alike.
 *
 * exports startExtras(options) -> Extras
 */

import { announce } from "./announce.js";
import { batches, chosen, readFile } from "./files.js";
import { print } from "./frame.js";
import { showNotice } from "./notice.js";

const SCREENS = new Map([
  ["#report", { name: "report", title: "My report" }],
  ["#instructors", { name: "classroom", title: "For instructors" }],
  ["#open-bench", { name: "open-bench", title: "Open bench" }],
  ["#your-machine", { name: "machine", title: "Your machine" }],
]);

/**
 * @typedef {object} Extras
 * @property {(fragment: string, before?: string) => boolean} show  open the screen that the fragment names, or close the
 *   open one; false where the fragment leads to another place in the lab
 * @property {() => void} ready  Python is there: what is open is built
 * @property {(message: {done: number, total: number, last: boolean, failed?: boolean}) => void} counted  Python has taken or
 *   counted so many files, or has failed to
 * @property {() => void} stopped  Python is gone
 * @property {(name: string) => void} shown  Python has built the screen
 * @property {(found: import("./files.js").Found, asClass?: boolean) => boolean} drop  take files that were dropped, if the
 *   class is open or is to be, or as models and devices, if the open bench is
 * @property {() => boolean} isCounting  Python is busy with a class, and answers later
 */

/**
 * @param {object} options
 * @param {(message: object, transfer?: Transferable[]) => void} options.post
 * @param {(name: string) => void} [options.onShown]  a screen is built
 * @returns {Extras}
 */
export function startExtras({ post, onShown = () => {} }) {
  const labTitle = document.title;
  const region = document.getElementById("counting");
  let open = null;
  let ready = false;
  let left = "#main";
  let scrolled = 0;
  let counting = false;
  /** @type {{resolve: () => void, reject: (why: Error) => void, last: boolean}|null} a batch that Python has not answered yet */
  let sent = null;

  for (const button of document.querySelectorAll("[data-back]")) button.addEventListener("click", back);
  document.getElementById("print-report").addEventListener("click", print);
  for (const id of ["class-files", "class-folder"]) {
    const chooser = document.getElementById(id);
    document.getElementById(`choose-${id}`).addEventListener("click", () => chooser.click());
    chooser.addEventListener("change", async () => {
      const found = chosen(chooser.files);
      chooser.value = ""; // so that the same files can be chosen again
      await take(found);
    });
  }
  const benchFiles = document.getElementById("bench-files");
  document.getElementById("choose-bench-files").addEventListener("click", () => benchFiles.click());
  benchFiles.addEventListener("change", async () => {
    const found = chosen(benchFiles.files);
    benchFiles.value = "";
    await load(found);
  });
  // Before the menu and the dialogs hear of it: a key that closes one of them does not close the screen too.
  window.addEventListener("keydown", escape, { capture: true });
  show(location.hash);

  return { show, ready: isReady, shown, counted, stopped, drop, isCounting: () => counting };

  function show(fragment, before = "") {
    const wanted = SCREENS.get(fragment) ?? null;
    if (wanted === open) return wanted !== null;
    if (!open) [left, scrolled] = [before || "#main", window.scrollY];
    const closed = open;
    open = wanted;
    if (open) document.body.dataset.screen = open.name;
    else delete document.body.dataset.screen;
    for (const { name } of SCREENS.values()) {
      const section = document.getElementById(`section-${name}`);
      section.hidden = name !== open?.name;
      delete section.dataset.shown;
    }
    document.title = open ? `${open.title}: Rooflab` : labTitle;
    if (ready) post({ type: "screen", name: open?.name ?? "" });
    if (open) {
      window.scrollTo({ top: 0, behavior: "instant" });
      document.getElementById(`title-${open.name}`).focus({ preventScroll: true });
    } else if (closed) {
      document.getElementById("open-menu").focus({ preventScroll: true });
      window.scrollTo({ top: scrolled, behavior: "instant" });
    }
    return open !== null || fragment === left;
  }

  function shown(name) {
    document.getElementById(`section-${name}`).dataset.shown = "true";
    onShown(name);
  }

  function isReady() {
    ready = true;
    if (open) post({ type: "screen", name: open.name });
  }

  function back() {
    location.hash = left;
  }

  function escape(event) {
    if (event.key !== "Escape" || !open || document.querySelector("dialog[open]") || !document.getElementById("menu").hidden) return;
    back();
  }

  // The open bench

  /** Send models and devices one after the other: the last of each is on the bench. @param {import("./files.js").Found} found */
  async function load({ files, refused }) {
    for (const [name] of refused) refuse(`${name} cannot be read.`, "open-bench");
    for (const { name, file } of files) {
      try {
        const data = await readFile(file);
        post({ type: "ledger", purpose: "load", name, data }, [data]);
      } catch {
        refuse(`${name} cannot be read.`, "open-bench");
      }
    }
  }

  // The class

  function drop(found, asClass = false) {
    if (open?.name === "open-bench") {
      load(found);
      return true;
    }
    if (asClass) location.hash = "#instructors";
    else if (open?.name !== "classroom") return false;
    take(found);
    return true;
  }

  /** @param {import("./files.js").Found} found */
  async function take(found) {
    const total = found.files.length;
    if (total + found.refused.length === 0) return refuse("There is no file in what you chose.");
    if (counting) return refuse("The files before are still being counted. Choose these again when that is done.");
    counting = true;
    region.dataset.counting = "true";
    try {
      let first = true;
      tell(`Reading ${total.toLocaleString("en")} files`, 0, total);
      for await (const { files, refused, done, last } of batches(found)) {
        await answered({ files, refused, first, last });
        if (!last) tell(`Reading ${total.toLocaleString("en")} files`, done, total);
        first = false;
      }
    } catch {
      refuse("The files could not be counted. Choose them again once the lab is running.");
    } finally {
      counting = false;
      delete region.dataset.counting;
      region.hidden = true;
    }
  }

  /** Send a batch, and wait until Python has taken it; the last one, until everything is counted. */
  function answered(batch) {
    return new Promise((resolve, reject) => {
      sent = { resolve, reject, last: batch.last };
      post({ type: "ledger", purpose: "classroom", ...batch }, batch.files.map(([, data]) => data));
    });
  }

  function counted({ done, total, last, failed = false }) {
    if (failed) sent?.reject(new Error("not counted"));
    else if (last || (sent && !sent.last)) sent?.resolve();
    else if (done > 0) tell(`Counting: ${done.toLocaleString("en")} of ${total.toLocaleString("en")} ledgers`, done, total);
  }

  function stopped() {
    sent?.reject(new Error("Python is gone"));
  }

  function refuse(words, id = "class") {
    showNotice({ id, kind: "failed", words });
  }

  function tell(words, done, total) {
    if (region.hidden) announce(words);
    region.hidden = false;
    region.querySelector("label").textContent = words;
    Object.assign(region.querySelector("progress"), { max: total, value: done });
  }
}
