/**
 * Put a link to this page into the clipboard; where the browser refuses, show it to be copied by hand.
 *
 * exports copyLink(fragment) -> Promise<void>
 */

import { showNotice } from "./notice.js";

/** @param {string} fragment with its # */
export async function copyLink(fragment) {
  const link = location.href.split("#")[0] + fragment;
  try {
    await navigator.clipboard.writeText(link);
    showNotice({ id: "copied", words: "The link to this design was copied. Anyone who opens it sees the design on their own bench." });
  } catch {
    showNotice({ id: "copied", words: "This browser does not let the page copy. Copy the link by hand:", link });
  }
}
