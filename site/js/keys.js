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
 * @typedef {{folder: string, ledger: string, early: string, undo: string, aside: string, old: string, channel: string}} Keys
 *   `aside` begins the names of texts set aside; `old` keeps a fingerprint of the old ledger that was taken or declined
 */

/** @param {string} pathname of the page @returns {Keys} */
export function keysFor(pathname) {
  const folder = pathname.slice(0, pathname.lastIndexOf("/") + 1);
  const key = (name) => `rooflab:${folder}:${name}`;
  return { folder, ledger: key("ledger"), early: key("early"), undo: key("undo"), aside: key("aside:"), old: key("old"), channel: key("tabs") };
}
