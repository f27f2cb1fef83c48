/**
 * The menu, the dialogs, and ledgers going out and coming in. What a file says is the caller's to judge.
 *
 * exports startMenu(options) -> Menu
 */

import { dropped, readFile } from "./files.js";
import { showNotice } from "./notice.js";

/**
 * @typedef {object} Menu
 * @property {(words: string) => void} showTransfer  open the import dialog with a sentence above its content
 * @property {() => void} closeTransfer
 * @property {() => void} refresh  look again whether an import can be undone
 */

/**
 * @param {object} options
 * @param {() => void} options.onExport
 * @param {() => void} options.onCopies
 * @param {(name: string, data: ArrayBuffer) => void} options.onImport  a chosen file, unchecked
 * @param {() => boolean} options.canUndo
 * @param {() => void} options.onUndo
 * @param {() => boolean} options.hasLedger
 * @param {() => void} options.onStartOver
 * @param {() => void} options.onErase
 * @param {(found: import("./files.js").Found, asClass?: boolean) => boolean} [options.onDrop]  true where dropped files are
 *   taken as a class: it is open, or the learner asks for it
 * @param {() => void} [options.onTransferClosed]  the import dialog was closed by the learner
 * @returns {Menu}
 */
export function startMenu({ onExport, onCopies, onImport, canUndo, onUndo, hasLedger, onStartOver, onErase, onDrop = () => false, onTransferClosed = () => {} }) {
  const panel = byId("menu");
  const opener = byId("open-menu");
  const file = byId("import-file");
  const transfer = byId("dialog-transfer");

  opener.addEventListener("click", () => setOpen(panel.hidden));
  document.addEventListener("click", ({ target }) => {
    if (!panel.hidden && !panel.contains(target) && !opener.contains(target)) setOpen(false);
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || panel.hidden) return;
    setOpen(false);
    opener.focus();
  });

  onClick("open-help", () => byId("dialog-help").showModal());
  onClick("open-report", () => (location.hash = "#report"));
  onClick("open-machine", () => (location.hash = "#your-machine"));
  onClick("open-classroom", () => (location.hash = "#instructors"));
  onClick("export-ledger", onExport);
  onClick("open-copies", onCopies);
  onClick("import-ledger", () => file.click());
  onClick("undo-import", onUndo);
  onClick("start-over", () => {
    byId("start-over-export").hidden = !hasLedger();
    byId("dialog-start-over").showModal();
  });
  onClick("start-over-confirm", () => {
    byId("dialog-start-over").close();
    onStartOver();
  });
  onClick("start-over-export", onExport);
  onClick("start-over-erase", () => {
    byId("dialog-start-over").close();
    onErase();
  });
  onClick("erase-all", onErase);
  file.addEventListener("change", () => {
    take(file.files[0]);
    file.value = ""; // so that the same file can be chosen again
  });
  for (const dialog of document.querySelectorAll("dialog")) startDialog(dialog, opener);
  transfer.addEventListener("close", () => onTransferClosed());
  startDrop((found) => onDrop(found) || takeOne(found));
  refresh();

  return { showTransfer, closeTransfer: () => transfer.close(), refresh };

  function setOpen(open) {
    if (open) refresh();
    panel.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
  }

  function onClick(id, act) {
    byId(id).addEventListener("click", () => {
      if (panel.contains(byId(id))) setOpen(false);
      act();
    });
  }

  function refresh() {
    byId("undo-import").disabled = !canUndo();
  }

  function showTransfer(words) {
    byId("transfer-words").textContent = words;
    if (!transfer.open) transfer.showModal();
  }

  /** @param {File|undefined} chosen */
  async function take(chosen) {
    if (!chosen) return;
    try {
      const data = await readFile(chosen);
      showTransfer("Nothing changes until you confirm.");
      onImport(chosen.name, data);
    } catch {
      refuse(`${chosen.name} cannot be read.`);
    }
  }

  /** @param {import("./files.js").Found} found */
  function takeOne(found) {
    const { files, refused } = found;
    if (files.length === 1 && refused.length === 0) return take(files[0].file);
    if (files.length + refused.length === 0) return refuse("There is no file in what you dropped.");
    const words = `You dropped ${files.length + refused.length} files. One ledger is imported at a time; instructors count many.`;
    return refuse(words, [{ label: "Count them as a class", run: () => onDrop(found, true) }, { label: "Dismiss" }]);
  }

  function refuse(words, actions) {
    showNotice({ id: "import", kind: "failed", words, actions });
  }
}

/** @param {(found: import("./files.js").Found) => void} take */
function startDrop(take) {
  const carriesFile = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (on) => document.body.classList.toggle("dropping", on);
  document.addEventListener("dragover", (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    mark(true);
  });
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) mark(false);
  });
  document.addEventListener("drop", async (event) => {
    if (!carriesFile(event)) return;
    event.preventDefault();
    mark(false);
    take(await dropped(event.dataTransfer));
  });
}

/**
 * @param {HTMLDialogElement} dialog
 * @param {HTMLElement} menu  takes the focus where what opened the dialog is gone or hidden: a menu item, a notice's button
 */
function startDialog(dialog, menu) {
  dialog.addEventListener("close", () => {
    const at = document.activeElement; // still inside the closed dialog, until the next frame
    if (at === document.body || at.getClientRects().length === 0) menu.focus({ preventScroll: true });
  });
  for (const button of dialog.querySelectorAll("[data-close]")) {
    button.addEventListener("click", () => dialog.close());
  }
  // A press on the backdrop reaches the dialog itself, one inside it a child.
  dialog.addEventListener("pointerdown", (event) => {
    const { left, right, top, bottom } = dialog.getBoundingClientRect();
    const inside = event.clientX >= left && event.clientX <= right && event.clientY >= top && event.clientY <= bottom;
    if (event.target === dialog && !inside) dialog.close();
  });
}

function byId(id) {
  return document.getElementById(id);
}
