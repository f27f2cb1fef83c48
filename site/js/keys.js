/**
 * The names under which this copy of the lab keeps a learner's work: two copies under one origin share its storage, so
 * each name holds the folder of the page.
 *
 * exports keysFor(pathname) -> Keys, OLD, TAKEN_BY
 */

/** What versions before the lab was called Rooflab kept, whatever the folder. Copied, never changed or deleted. */
export const OLD = { ledger: "ridgepoint:ledger", early: "ridgepoint:early", undo: "ridgepoint:undo", aside: "ridgepoint:aside:" };

/** Which folder took the old work. */
export const TAKEN_BY = "rooflab:taken-by";

/**
 * @typedef {{folder: string, all: string, ledger: string, early: string, undo: string, aside: string, old: string, draft: string, session: string, channel: string, name: string, exported: string, told: string}} Keys
 *   `all` begins every name of this folder, `aside` the names of texts set aside; `old` keeps a fingerprint of the old
 *   ledger that was taken or declined, `exported` one of the ledger last exported; `name` is what the learner wants in
 *   the names of exported files; `draft` begins the names of drafts, `session` is that of a ledger without an entry; `told` lists what is said only once
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
    session: key("session"),
    channel: key("tabs"),
    name: key("name"),
    exported: key("exported"),
    told: key("told"),
  };
}
