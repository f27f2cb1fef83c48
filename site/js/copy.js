/**
 * Put a link to this page into the clipboard; where the browser refuses, show it to be copied by hand.
 *
 * exports copyLink(fragment) -> Promise<void>
 */

import { announce } from "./announce.js";
import { showNotice } from "./notice.js";

/** @param {string} fragment with its # */
export async function copyLink(fragment) {
  const link = location.href.split("#")[0] + fragment;
  try {
    await navigator.clipboard.writeText(link);
    showNotice({ id: "copied", words: "The link to this design is in your clipboard. Whoever opens it, sees the design on their own bench." });
    announce("The link is in your clipboard.");
  } catch {
    showNotice({ id: "copied", words: "The browser did not let the page copy. Copy this link by hand:", link });
  }
}
