/**
 * Put a link to this page into the clipboard; where the browser refuses, show it to be copied by hand. Show a text to be
 * copied where it cannot be had as a file.
 *
 * exports copyLink(fragment) -> Promise<void>, showText(text, name) -> void
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

/** @param {string} text @param {string} name of the file it would be */
export function showText(text, name) {
  const dialog = document.getElementById("dialog-text");
  const field = document.getElementById("text-content");
  document.getElementById("text-words").textContent = `Copy all of it into a text editor, and save it as ${name}.`;
  field.value = text;
  dialog.showModal();
  field.select();
}
