/**
 * Say that the lab did not start, and offer a way on.
 *
 * exports showFailure(failure) -> void
 */

/**
 * @param {object} failure
 * @param {string} failure.what a sentence for a learner
 * @param {() => void} failure.onRetry
 * @param {() => void} failure.onExport
 */
export function showFailure({ what, onRetry, onExport }) {
  const panel = document.getElementById("failed");
  document.getElementById("failed-what").textContent = what;
  document.getElementById("failed-retry").onclick = onRetry;
  document.getElementById("failed-export").onclick = onExport;
  panel.hidden = false;
  panel.focus();
}
