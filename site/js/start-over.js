/**
 * Begin afresh and keep the ledger as a copy; where there is no room for one, only if the learner says so.
 *
 * exports startOver(options) -> void
 */

import { reloadAfter } from "./ledger-news.js";
import { showNotice } from "./notice.js";

/**
 * @param {object} options
 * @param {import("./ledger.js").LedgerStore} options.store
 * @param {() => void} options.onExport
 */
export function startOver({ store, onExport }) {
  const result = store.startOver();
  if (result.reason !== "full") return reloadAfter(result);
  ask();

  function ask() {
    showNotice({
      id: "storage",
      kind: "failed",
      words: "This browser's storage is full, so no copy of your ledger can be kept. Export it before you start over without one.",
      actions: [
        { label: "Export my ledger", run: () => (onExport(), ask()) },
        { label: "Start over without a copy", run: () => reloadAfter(store.drop()) },
        { label: "Keep going" },
      ],
    });
  }
}
