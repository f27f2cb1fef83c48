/**
 * The dialog that erases everything: it says what goes, and offers the export first.
 *
 * exports startErase(options) -> {open: () => Promise<void>}
 */

/**
 * @param {object} options
 * @param {import("./erase.js").Erasure} options.erasure
 * @param {() => boolean} options.hasLedger
 * @param {() => void} options.onExport
 * @param {() => void} [options.onErase]  the learner has confirmed
 */
export function startErase({ erasure, hasLedger, onExport, onErase = () => {} }) {
  const dialog = byId("dialog-erase");
  const confirm = byId("erase-confirm");
  const save = byId("erase-export");
  const stay = byId("erase-cancel");
  let done = false;

  save.addEventListener("click", onExport);
  confirm.addEventListener("click", erase);
  dialog.addEventListener("close", () => done && location.reload());
  return { open };

  async function open() {
    const kept = await erasure.kept();
    say(kept.length ? "This permanently deletes from this browser:" : "Nothing is kept in this browser.", kept);
    confirm.hidden = kept.length === 0;
    save.hidden = !hasLedger();
    dialog.showModal();
    stay.focus();
  }

  async function erase() {
    for (const button of [confirm, save, stay]) button.disabled = true;
    onErase();
    const whole = await erasure.erase();
    done = true;
    confirm.hidden = save.hidden = true;
    byId("erase-title").textContent = whole ? "Everything was erased" : "Not everything was erased";
    say(whole ? "Close this tab, or start the lab afresh." : "The browser kept something back. Delete this site's data in the browser's settings.", []);
    byId("erase-note").hidden = true;
    stay.textContent = "Start afresh";
    stay.disabled = false;
    if (dialog.open) stay.focus();
    else location.reload();
  }

  function say(words, items) {
    byId("erase-words").textContent = words;
    byId("erase-list").replaceChildren(
      ...items.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
    );
  }
}

function byId(id) {
  return document.getElementById(id);
}
