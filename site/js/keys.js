/**
 * The names under which this copy of the lab keeps a learner's work: two copies under one origin share its storage, so
 * each name holds the folder of the page.
 *
 * exports keysFor(pathname) -> Keys, OLD, OLD_ALL, TAKEN_BY, THEME
 */

/** What versions before the lab was called Rooflab kept, whatever the folder. Copied, never changed. */
export const OLD = { ledger: "ridgepoint:ledger", early: "ridgepoint:early", undo: "ridgepoint:undo", aside: "ridgepoint:aside:" };

/** What all of these begin with. */
export const OLD_ALL = "ridgepoint:";

/** Which folder took the old work. */
export const TAKEN_BY = "rooflab:taken-by";

/** Light or dark, for every copy of the lab at this address. early.js reads it too. */
export const THEME = "rooflab:theme";

/**
 * @typedef {{folder: string, all: string, ledger: string, early: string, undo: string, aside: string, old: string, channel: string, draft: string, press: string, measured: string, session: string, name: string, exported: string, told: string, erased: string}} Keys
 *   `all` begins every name of this folder, `aside` the names of texts set aside; `old` keeps a fingerprint of the old
 *   ledger that was taken or declined, `exported` one of the ledger last exported; `name` is what the learner wants in
 *   the names of exported files; `told` lists what is said only once; `draft` begins the names of
 *   drafts, `press` keeps presses without an answer, `measured` (in the tab alone) a measurement without one, `session` is that of a ledger without an entry; `erased` is written to tell the other tabs
 */

/** @param {string} pathname of the page @returns {Keys} */
export function keysFor(pathname) {
  const folder = pathname.slice(0, pathname.lastIndexOf("/") + 1);
  const key = (name) => `rooflab:${folder}:${name}`;
  return {
    folder,
    all: key(""),
    ledger: key("ledger"),
    early: key("early"),
    undo: key("undo"),
    aside: key("aside:"),
    old: key("old"),
    draft: key("draft:"),
    press: key("press"),
    measured: key("measured"),
    session: key("session"),
    channel: key("tabs"),
    name: key("name"),
    exported: key("exported"),
    told: key("told"),
    erased: key("erased"),
  };
}
