/**
 * When a part is done, offer to export the ledger: once a part, below its last step.
 *
 * exports startNudge(options) -> Nudge
 */

import { fingerprint } from "./fingerprint.js";
import { showNotice } from "./notice.js";

/**
 * @typedef {object} Nudge
 * @property {(place: import("./path.js").Place) => void} moved  the learner is here now, and has done so much
 * @property {(place: import("./path.js").Place) => void} saved  a step of theirs has led here
 * @property {() => void} close  the ledger was exported
 */

/**
 * @param {object} options
 * @param {import("./memo.js").Memo} options.memo
 * @param {() => string|null} options.exportText
 * @param {() => void} options.onExport
 * @returns {Nudge}
 */
export function startNudge({ memo, exportText, onExport }) {
  const done = new Set();
  let here = "";
  let close = () => {};
  return { moved, saved, close: () => close() };

  function moved(place) {
    const { key, isDone } = read(place);
    if (key !== here) close();
    here = key;
    if (isDone) done.add(key);
  }

  function saved(place) {
    const { key, isDone } = read(place);
    const isNew = isDone && !done.has(key);
    moved(place);
    if (!isNew || memo.read("exported") === fingerprint(exportText() ?? "")) return;
    close = showNotice({
      id: "nudge",
      place: document.getElementById("nudge-place"),
      words: `Part ${place.part} is done. Export your ledger to keep a copy of your own.`,
      actions: [{ label: "Export my ledger", run: onExport }, { label: "Not now" }],
    });
  }
}

function read({ track, part, parts }) {
  return { key: `${track}:${part}`, isDone: parts.find(({ number }) => number === part)?.state === "done" };
}
