/**
 * The learner's ledger as a file, under a name of their choice.
 *
 * exports startExport(options) -> Export
 */

import { datedName, handOut } from "./download.js";
import { fingerprint } from "./fingerprint.js";
import { showNotice } from "./notice.js";

/**
 * @typedef {object} Export
 * @property {() => boolean} ask  open the dialog; false where there is nothing to export
 * @property {() => Promise<void>} now  export at once, under the name that is kept
 * @property {(text: string) => Promise<void>} copy  hand out another text than the present ledger
 */

/**
 * @param {object} options
 * @param {() => string|null} options.exportText
 * @param {import("./memo.js").Memo} options.memo
 * @param {(name: string) => Promise<void>|void} options.sign  enter the name in the ledger, where that can be done
 * @param {() => void} [options.onExported]
 * @returns {Export}
 */
export function startExport({ exportText, memo, sign, onExported = () => {} }) {
  const dialog = document.getElementById("dialog-export");
  const field = document.getElementById("export-name");

  // Not a form: in a frame that is not allowed forms, submitting one does nothing.
  document.getElementById("export-confirm").addEventListener("click", confirm);
  field.addEventListener("keydown", ({ key, isComposing }) => key === "Enter" && !isComposing && confirm());
  return { ask, now, copy };

  async function confirm() {
    const name = field.value.trim();
    memo.write("name", name);
    dialog.close();
    if (name !== signature(exportText())) await sign(name);
    now();
  }

  function ask() {
    if (exportText() === null) return nothing();
    field.value = memo.read("name") || signature(exportText());
    dialog.showModal();
    return true;
  }

  async function now() {
    const text = exportText();
    if (text === null) return nothing();
    await copy(text, () => {
      memo.write("exported", fingerprint(text));
      onExported();
    });
  }

  function copy(text, onGone) {
    return handOut(text, datedName("ledger", "json", memo.read("name")), { onGone });
  }

  function nothing() {
    showNotice({ id: "export", words: "There is nothing to export yet: your ledger begins with your first prediction." });
    return false;
  }
}

/** The name in a ledger: what was signed last. */
function signature(text) {
  try {
    return JSON.parse(text).entries.findLast(({ kind }) => kind === "signed")?.name ?? "";
  } catch {
    return "";
  }
}
