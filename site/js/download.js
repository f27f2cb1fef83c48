/**
 * Hand a text to the learner as a file: by the browser's download, or by the share sheet where a download does nothing.
 *
 * exports download(text, name, kind?) -> Promise<Outcome>, outcomeWords(outcome, name) -> string
 */

/** @typedef {"handed"|"shared"|"dismissed"|"refused"} Outcome  handed: to the browser, which does not say what became of it */

const WORDS = {
  handed: (name) => `${name} was handed to the browser for download.`,
  shared: (name) => `${name} was shared.`,
  dismissed: (name) => `${name} was not shared.`,
  refused: (name) => `${name} was not shared: the browser did not allow it. Try again from the menu.`,
};

/**
 * @param {string} text
 * @param {string} name
 * @param {string} [kind]  media type
 * @returns {Promise<Outcome>}
 */
export async function download(text, name, kind = "application/json") {
  const file = new File([text], name, { type: kind });
  if (downloadDoesNothing() && navigator.canShare?.({ files: [file] })) return share(file);
  const url = URL.createObjectURL(file);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // Some browsers read the blob after click() returns.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return "handed";
}

/** @param {Outcome} outcome @param {string} name of the file */
export function outcomeWords(outcome, name) {
  return WORDS[outcome](name);
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
