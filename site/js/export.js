/**
 * The learner's ledger as a file, under a name of their choice.
 *
 * exports startExport(options) -> Export, ledgerFileName(name, date) -> string
 */

import { announce } from "./announce.js";
import { download, outcomeWords } from "./download.js";
import { fingerprint } from "./fingerprint.js";
import { showNotice } from "./notice.js";

/**
 * @typedef {object} Export
 * @property {() => boolean} ask  open the dialog; false where there is nothing to export
 * @property {() => Promise<boolean>} now  export at once, under the name that is kept; whether a file went out
 * @property {(text: string) => Promise<void>} copy  hand out another text than the present ledger
 */

/**
 * @param {object} options
 * @param {() => string|null} options.exportText
 * @param {import("./memo.js").Memo} options.memo
 * @returns {Export}
 */
export function startExport({ exportText, memo }) {
  const dialog = document.getElementById("dialog-export");
  const field = document.getElementById("export-name");

  document.getElementById("export-form").addEventListener("submit", (event) => {
    event.preventDefault();
    memo.write("name", field.value.trim());
    dialog.close();
    now();
  });
  return { ask, now, copy };

  function ask() {
    if (exportText() === null) return nothing();
    field.value = memo.read("name");
    dialog.showModal();
    return true;
  }

  async function now() {
    const text = exportText();
    if (text === null) return nothing();
    const gone = await handOut(text);
    if (gone) memo.write("exported", fingerprint(text));
    return gone;
  }

  async function copy(text) {
    await handOut(text);
  }

  async function handOut(text) {
    const name = ledgerFileName(memo.read("name"), new Date());
    const outcome = await download(text, name);
    const words = outcomeWords(outcome, name);
    if (outcome === "refused") showNotice({ id: "export", kind: "failed", words });
    else announce(words);
    return outcome === "handed" || outcome === "shared";
  }

  function nothing() {
    showNotice({ id: "export", words: "There is nothing to export yet: your ledger begins with your first prediction." });
    return false;
  }
}

/**
 * @param {string} name  as the learner typed it, or empty
 * @param {Date} date  the learner's own day is in the name, not UTC's
 */
export function ledgerFileName(name, date) {
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  return ["rooflab-ledger", safe(name), day].filter(Boolean).join("-") + ".json";
}

/** Letters of any script stay; what a file system refuses, and what cannot be seen, goes. */
function safe(name) {
  const plain = name.normalize("NFC").replace(/[\p{Cc}\p{Cf}\p{Cs}/\\:*?"<>|\s]+/gu, "-");
  return [...plain].slice(0, 40).join("").replace(/^[-.]+|[-.]+$/g, "");
}
