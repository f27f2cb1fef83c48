/**
 * Keep a keyboard where it was: what changes is built anew, and with its button the focus is gone.
 *
 * exports createFocusKeeper() -> {before: () => void, after: () => void}
 */

const CAN_HAVE_IT = "button, input, select, textarea, summary, a[href], [tabindex]";

/** @returns {{before: () => void, after: () => void}} before a change of the document, and after it was answered */
export function createFocusKeeper() {
  let step = null;
  let host = null;
  let at = -1;
  return {
    before() {
      const active = document.activeElement;
      if (!active || active === document.body) return;
      step = active.closest("section.step") ?? step;
      const deepest = deepActive();
      host = deepest.getRootNode().host ?? null;
      at = host ? stops(host).indexOf(deepest) : -1;
    },
    after() {
      const [left, kept, place] = [step, host, at];
      step = host = null;
      if (!left) return;
      // Views are put up after the models have changed: look twice, a frame apart.
      requestAnimationFrame(() => requestAnimationFrame(() => isLost() && (focusAgain(kept, place) || focusTitle(left))));
    },
  };
}

function deepActive() {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at;
}

/** Nothing has it, or a component of which no part has it. */
function isLost() {
  const active = deepActive();
  return !active || active === document.body || Boolean(active.shadowRoot);
}

function stops(host) {
  return [...host.shadowRoot.querySelectorAll(CAN_HAVE_IT)];
}

/** @returns {boolean} whether the component is there still, and its part that stands where the other was has the focus */
function focusAgain(host, at) {
  if (!host?.isConnected || !host.checkVisibility()) return false;
  const again = stops(host)[at];
  again?.focus({ preventScroll: true });
  return Boolean(again);
}

/** @param {Element} section */
function focusTitle(section) {
  const title = section.querySelector("h2");
  if (!title?.checkVisibility()) return;
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
}
