/**
 * The dialog of saved copies: each can be exported, restored and deleted.
 *
 * exports startCopies(options) -> {open: () => void}
 */

const WHY = {
  "start-over": "set aside by Start over",
  import: "replaced by an import",
  restore: "replaced by a copy that was restored",
  older: "replaced by an earlier version's ledger",
  unreadable: "could not be read",
  newer: "written by a newer version",
  conflict: "written in a tab that another one had overtaken",
};

/**
 * @param {object} options
 * @param {import("./ledger.js").LedgerStore} options.store
 * @param {(text: string) => void} options.onExport
 * @param {(result: import("./ledger.js").SaveResult) => void} options.onRestored
 */
export function startCopies({ store, onExport, onRestored }) {
  const dialog = document.getElementById("dialog-copies");
  const list = document.getElementById("copies");

  return {
    open() {
      draw();
      dialog.showModal();
    },
  };

  function draw() {
    const copies = store.copies();
    document.getElementById("copies-words").textContent = copies.length
      ? "Kept in this browser. When its storage is full, or there are more than 20, the oldest left by Start over, an import or a restored copy are deleted."
      : "No copies are kept in this browser.";
    list.replaceChildren(...copies.map(item));
  }

  /** @param {import("./copies.js").Copy} copy */
  function item(copy) {
    const when = document.createElement("p");
    when.textContent = words(copy);
    const row = document.createElement("p");
    row.className = "actions";
    row.append(
      button("Export", when, () => onExport(store.copyText(copy.key))),
      button("Restore", when, () => {
        dialog.close();
        onRestored(store.restore(copy.key));
      }),
      deletion(copy, when),
    );
    const made = document.createElement("li");
    made.append(when, row);
    return made;
  }

  /** The first press asks, the second deletes. */
  function deletion(copy, when) {
    let asked = false;
    const made = button("Delete", when, () => {
      if (asked) {
        store.deleteCopy(copy.key);
        draw();
        dialog.querySelector("[data-close]").focus();
      }
      asked = true;
      made.textContent = "Delete permanently";
      made.setAttribute("aria-label", `Delete permanently: ${when.textContent}`);
    });
    return made;
  }
}

/** @param {import("./copies.js").Copy} copy */
function words({ at, why, entries, bytes }) {
  const time = Date.parse(at);
  const when = Number.isNaN(time) ? at : new Intl.DateTimeFormat("en", { dateStyle: "long", timeStyle: "short" }).format(time);
  const count = entries === null ? "not a ledger that this version can read" : `${entries} ${entries === 1 ? "entry" : "entries"}`;
  return [when, WHY[why] ?? "set aside", count, `${Math.max(1, Math.round(bytes / 1000))} kB`].join(", ");
}

/** @param {string} label @param {HTMLElement} about @param {() => void} act */
function button(label, about, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.setAttribute("aria-label", `${label}: ${about.textContent}`);
  made.addEventListener("click", act);
  return made;
}
