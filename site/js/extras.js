/**
 * The screens beside the lab: the learner's report and the instructors' class. Which one is open stands in the
 * address, so that a link, the menu and the browser's own way back lead there alike.
 *
 * exports startExtras(options) -> Extras
 */

import { announce } from "./announce.js";
import { readFiles } from "./files.js";

const SCREENS = new Map([
  ["#report", { name: "report", title: "My report" }],
  ["#instructors", { name: "classroom", title: "For instructors" }],
]);
const BATCH = 20;

/**
 * @typedef {object} Extras
 * @property {(fragment: string, before?: string) => boolean} show  open the screen that the fragment names, or close the
 *   open one; false where the fragment leads to another place in the lab
 * @property {() => void} ready  Python is there: what is open is built
 * @property {(message: {done: number, total: number, last: boolean}) => void} counted  Python has taken or counted so many files
 * @property {(name: string) => void} shown  Python has built the screen
 * @property {(files: File[]) => boolean} drop  take files that were dropped, if the class is open
 * @property {() => boolean} isCounting  Python is busy with a class, and answers later
 */

/**
 * @param {object} options
 * @param {(message: object) => void} options.post
 * @returns {Extras}
 */
export function startExtras({ post }) {
  const labTitle = document.title;
  const region = document.getElementById("counting");
  let open = null;
  let ready = false;
  let left = "#main";
  let scrolled = 0;
  let counting = false;
  let nextBatch = () => {};

  for (const button of document.querySelectorAll("[data-back]")) button.addEventListener("click", back);
  document.getElementById("print-report").addEventListener("click", () => window.print());
  for (const id of ["class-files", "class-folder"]) {
    const chooser = document.getElementById(id);
    document.getElementById(`choose-${id}`).addEventListener("click", () => chooser.click());
    chooser.addEventListener("change", async () => {
      const files = [...chooser.files];
      chooser.value = ""; // so that the same files can be chosen again
      await take(files);
    });
  }
  // Before the menu and the dialogs hear of it: a key that closes one of them does not close the screen too.
  window.addEventListener("keydown", escape, { capture: true });
  show(location.hash);

  return { show, ready: isReady, shown, counted, drop, isCounting: () => counting };

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

  // The class

  function drop(files) {
    if (open?.name !== "classroom") return false;
    take(files);
    return true;
  }

  /** @param {File[]} files */
  async function take(files) {
    if (files.length === 0 || counting) return;
    counting = true;
    tell(`Reading ${files.length.toLocaleString("en")} files`, 0, files.length);
    try {
      for (let at = 0; at < files.length; at += BATCH) {
        const batch = await readFiles(files.slice(at, at + BATCH));
        const taken = new Promise((resolve) => (nextBatch = resolve));
        post({ type: "ledger", purpose: "classroom", ...batch, first: at === 0, last: at + BATCH >= files.length });
        await taken;
        tell(`Reading ${files.length.toLocaleString("en")} files`, Math.min(at + BATCH, files.length), files.length);
      }
    } finally {
      counting = false;
      region.hidden = true;
    }
  }

  function counted({ done, total, last }) {
    if (done > 0 && !last) tell(`Counting: ${done.toLocaleString("en")} of ${total.toLocaleString("en")} ledgers`, done, total);
    else nextBatch();
  }

  function tell(words, done, total) {
    if (region.hidden) announce(words);
    region.hidden = false;
    region.querySelector("label").textContent = words;
    Object.assign(region.querySelector("progress"), { max: total, value: done });
  }
}
