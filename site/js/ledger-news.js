/**
 * What happens to the ledger beside a save, told to the learner.
 *
 * exports tellNews(news, store), tellErased(onExport), tellPruned(), reloadAfter(result)
 */

import { attempt } from "./attempt.js";
import { showNotice } from "./notice.js";
import { changeFailureWords } from "./words.js";

const PRUNED = "rooflab:pruned";
const RELOAD = { label: "Reload", run: () => location.reload() };
const TABS = {
  "second-tab": ["The lab is open in another tab too. Work in one of them: the one that saves last would overtake the other."],
  overtaken: ["Another tab has saved newer work. This tab no longer saves; reload it to go on from there.", [RELOAD]],
  conflict: ["Another tab has gone on with this ledger. What you did in this tab is kept beside it: the menu lists it under Saved copies. Reload to go on from the other tab.", [RELOAD]],
  alone: ["Another tab has gone on with this ledger, and this browser has no room for what you did in this tab. Export your ledger from the menu before you reload.", [RELOAD]],
};

const ofTab = () => window.sessionStorage;

let pruned = 0;

/**
 * @param {import("./ledger.js").LedgerNews} news
 * @param {import("./ledger.js").LedgerStore} store
 */
export function tellNews(news, store) {
  if (news.kind === "older") return offerOlder(store);
  if (news.kind === "pruned") return sayPruned(++pruned);
  const [words, actions] = TABS[news.aside === null ? "alone" : news.kind];
  showNotice({ id: "tabs", words, actions });
}

/** Say again what a reload has wiped from the page. */
export function tellPruned() {
  const count = Number(attempt(ofTab, (store) => store.getItem(PRUNED), 0));
  if (!count) return;
  attempt(ofTab, (store) => store.removeItem(PRUNED), undefined);
  sayPruned(count);
}

/** @param {() => void} onExport */
export function tellErased(onExport) {
  showNotice({
    id: "tabs",
    kind: "failed",
    words: "Another tab has erased everything kept in this browser, and this tab saves no more. Export your ledger if you want to keep it, or start afresh.",
    actions: [
      { label: "Export my ledger", run: () => (onExport(), tellErased(onExport)) },
      { label: "Start afresh", run: () => location.reload() },
    ],
  });
}

/** @param {import("./ledger.js").SaveResult} result of a change that the page has to follow */
export function reloadAfter(result) {
  if (!result.ok) return showNotice({ id: "storage", kind: "failed", words: changeFailureWords(result.reason) });
  if (pruned) attempt(ofTab, (store) => store.setItem(PRUNED, pruned), undefined);
  location.reload();
}

function sayPruned(count) {
  const copies = count === 1 ? "the oldest of your saved copies was" : `the ${count} oldest of your saved copies were`;
  showNotice({ id: "pruned", words: `To make room, ${copies} deleted. The menu lists the others under Saved copies.` });
}

/** Another copy of the lab may have taken this work already, or there is work here too: the learner says which it is to be. */
function offerOlder(store) {
  showNotice({
    id: "older",
    words: "An earlier version of this lab saved work at this address. Use it here? What you have here now is set aside in this browser.",
    actions: [
      { label: "Use it here", run: () => reloadAfter(store.useOlder()) },
      { label: "Leave it", run: () => store.leaveOlder() },
    ],
  });
}
