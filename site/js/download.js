/**
 * Hand a text to the learner as a file: by the browser's download, or by the share sheet where a download does nothing.
 *
 * exports handOut(text, name, options?) -> Promise<void>, datedName(what, ending, name?, date?) -> string
 */

import { announce } from "./announce.js";
import { showText } from "./copy.js";
import { isFramed } from "./frame.js";
import { showNotice } from "./notice.js";

/** @typedef {"handed"|"shared"|"dismissed"|"refused"} Outcome  handed: to the browser, which does not say what became of it */

const WORDS = {
  handed: (name) => `${name} was handed to the browser for download.`,
  shared: (name) => `${name} was shared.`,
  dismissed: (name) => `${name} was not shared.`,
};

/**
 * Hand out a file and say what came of it.
 * @param {string} text
 * @param {string} name
 * @param {object} [options]
 * @param {string} [options.kind]  media type
 * @param {() => void} [options.onGone]  the browser has taken the file
 */
export async function handOut(text, name, options = {}) {
  const { kind = "application/json", onGone = () => {} } = options;
  const outcome = await download(new File([text], name, { type: kind }));
  if (outcome === "refused") {
    // The browser shares only in answer to a press, and the one before this was too long ago.
    showNotice({
      id: "hand-out",
      words: `${name} is ready.`,
      actions: [{ label: "Share it", run: () => handOut(text, name, options) }, { label: "Dismiss" }],
    });
    return;
  }
  if (outcome === "handed" && isFramed()) doubtful(text, name);
  else announce(WORDS[outcome](name));
  if (outcome !== "dismissed") onGone();
}

/** The page around the lab may forbid downloads, and neither it nor the browser says so. */
function doubtful(text, name) {
  showNotice({
    id: "hand-out",
    words: `${WORDS.handed(name)} If no file appears, the page around the lab does not allow downloads.`,
    actions: [{ label: "Show the text instead", run: () => showText(text, name) }, { label: "Dismiss" }],
  });
}

/**
 * Name a file for what it is, for its learner and for the learner's own day, which is not always UTC's.
 * @param {string} what
 * @param {string} ending
 * @param {string} [name]  as the learner typed it, or empty
 * @param {Date} [date]
 */
export function datedName(what, ending, name = "", date = new Date()) {
  const day = [date.getFullYear(), date.getMonth() + 1, date.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  return `${["rooflab", what, safe(name), day].filter(Boolean).join("-")}.${ending}`;
}

/** Letters of any script stay; what a file system refuses, and what cannot be seen, goes. */
function safe(name) {
  const plain = name.normalize("NFC").replace(/[\p{Cc}\p{Cf}\p{Cs}/\\:*?"<>|\s]+/gu, "-");
  return [...plain].slice(0, 40).join("").replace(/^[-.]+|[-.]+$/g, "");
}

/** @param {File} file @returns {Outcome|Promise<Outcome>} */
function download(file) {
  if (downloadDoesNothing() && navigator.canShare?.({ files: [file] })) return share(file);
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = file.name;
  link.click();
  // Some browsers read the blob after click() returns.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return "handed";
}

/** The web app installed on an iPhone or iPad's home screen; no other browser has `navigator.standalone`. */
function downloadDoesNothing() {
  return navigator.standalone === true;
}

/** @param {File} file @returns {Promise<Outcome>} */
async function share(file) {
  try {
    await navigator.share({ files: [file] });
    return "shared";
  } catch (error) {
    return error.name === "AbortError" ? "dismissed" : "refused";
  }
}
