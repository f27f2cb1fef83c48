/**
 * Keep a keyboard where it was: what is committed is built anew, and with its button the focus is gone.
 *
 * exports createFocusKeeper() -> {before: () => void, after: () => void}
 */

/** @returns {{before: () => void, after: () => void}} before a change of the document, and after it was answered */
export function createFocusKeeper() {
  let step = null;
  return {
    before() {
      step = document.activeElement?.closest("section.step") ?? step;
    },
    after() {
      const left = step;
      step = null;
      if (!left) return;
      // Views are put up after the models have changed: look twice, a frame apart.
      requestAnimationFrame(() => requestAnimationFrame(() => document.activeElement === document.body && focusTitle(left)));
    },
  };
}

/** @param {Element} section */
function focusTitle(section) {
  const title = section.querySelector("h2");
  if (!title || section.hidden) return;
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
}
