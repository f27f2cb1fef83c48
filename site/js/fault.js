/**
 * An error whose message is a sentence for a learner: what happened, and what to do. The text of any other is an engine's.
 *
 * exports Fault, FileFault, wordsOf(error) -> string
 */
export class Fault extends Error {}

/** A file of the lab is missing, damaged or blocked: the notice says what to do about that. */
export class FileFault extends Fault {}

const UNNAMED = "The lab stopped while it was starting, for a reason that it cannot name. Reload the page; if that does not help, try another browser.";
const MEMORY = "This device has too little free memory for the lab. Close other tabs and programs, then reload the page.";

/** @param {unknown} error @returns {string} */
export function wordsOf(error) {
  if (error instanceof Fault) return error.message;
  console.info("rooflab: the start failed:", error);
  return error instanceof RangeError && /memory/i.test(error.message) ? MEMORY : UNNAMED;
}
