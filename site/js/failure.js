/**
 * Say that the lab did not start, and why. Until the page's scripts have taken over, guard.js does this.
 *
 * exports takeOver() -> void, showFailure(words, ofFile?) -> void, whyFailed(address, otherwise, stay?) -> Promise<string>, whyRefused() -> Promise<string>
 */

const byId = (id) => document.getElementById(id);

/** The lab's script has run: from here on it says itself what fails. */
export function takeOver() {
  document.documentElement.dataset.boot = "done";
  byId("failed").hidden = true;
}

/**
 * @param {string} words  a sentence for a learner
 * @param {boolean} [ofFile]  a file of the lab failed
 */
export function showFailure(words, ofFile = false) {
  const panel = byId("failed");
  byId("failed-title").textContent = "The lab did not start";
  byId("failed-what").textContent = words;
  byId("failed-ways").hidden = !ofFile;
  byId("failed-actions").hidden = false;
  byId("failed-retry").onclick = () => location.reload();
  panel.dataset.told = "";
  byId("main").removeAttribute("aria-busy");
  panel.hidden = false;
  panel.focus();
}

/**
 * Ask the host about a file that failed. Does not return where the browser's cache was at fault: the page is reloaded.
 * @param {string|undefined} address
 * @param {string} otherwise  what to say where the guard is missing too
 * @param {boolean} [stay]  do not reload
 * @returns {Promise<string>}
 */
export function whyFailed(address, otherwise, stay = false) {
  return new Promise((resolve) => {
    if (address && window.labGuard) window.labGuard.explain(address, resolve, stay);
    else resolve(otherwise);
  });
}

/**
 * What the host's policy forbade, in a sentence, or nothing. Browsers tell of it a moment after what was forbidden failed.
 * @returns {Promise<string>}
 */
export async function whyRefused() {
  await new Promise((resolve) => setTimeout(resolve, 100));
  return window.labGuard?.refusal() || "";
}
