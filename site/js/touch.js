/**
 * Sliders under a finger: a tap or a sideways drag moves them, a swipe along the page scrolls it.
 *
 * noUiSlider takes every touch at once, before the direction is known. Its touches are kept from it and come to it as
 * mouse events when they are meant for it; widgets.css leaves vertical panning to the browser.
 *
 * exports startTouch() -> void
 */

/** A finger that moves less than this is tapping. */
const TAP_PX = 8;

/** @typedef {{id: number, x: number, y: number, slider: Element, target: Element, dragging: boolean}} Finger */

export function startTouch() {
  /** @type {Finger|null} */
  let finger = null;
  const listen = (type, act, passive = true) => document.addEventListener(type, act, { capture: true, passive });

  listen("touchstart", (event) => {
    const slider = event.composedPath().find((each) => each.classList?.contains("noUi-base"));
    if (!slider) return;
    event.stopPropagation();
    const { identifier: id, clientX: x, clientY: y } = event.changedTouches[0];
    release(x);
    finger = event.touches.length === 1 ? { id, x, y, slider, target: event.composedPath()[0], dragging: false } : null;
  });

  listen("touchmove", (event) => {
    const touch = touchOf(event);
    if (!touch) return;
    const [across, along] = [Math.abs(touch.clientX - finger.x), Math.abs(touch.clientY - finger.y)];
    if (!finger.dragging && Math.max(across, along) < TAP_PX) return;
    if (!finger.dragging && along >= across) {
      finger = null; // the browser scrolls
      return;
    }
    if (!finger.dragging) press(nearestHandle(finger), finger.x, finger.y);
    finger.dragging = true;
    tell(document.documentElement, "mousemove", touch.clientX, touch.clientY, 1);
  });

  listen("touchend", (event) => {
    const touch = touchOf(event);
    if (!touch) return;
    if (event.cancelable) event.preventDefault(); // no mouse events of the browser's own
    else if (!finger.dragging) return release(); // it has only stopped a page that still scrolled
    if (!finger.dragging) press(finger.target, finger.x, finger.y);
    finger.dragging = true;
    release(touch.clientX);
  }, false);

  listen("touchcancel", (event) => touchOf(event) && release(touchOf(event).clientX));

  function touchOf(event) {
    return finger && [...event.changedTouches].find(({ identifier }) => identifier === finger.id);
  }

  function release(x) {
    if (finger?.dragging) tell(document.documentElement, "mouseup", x, finger.y, 0);
    finger = null;
  }
}

function press(target, x, y) {
  tell(target, "mousedown", x, y, 1);
}

function tell(target, type, clientX, clientY, buttons) {
  target.dispatchEvent(new MouseEvent(type, { clientX, clientY, buttons, bubbles: true, composed: true, cancelable: true }));
}

/** @param {Finger} finger */
function nearestHandle({ slider, x }) {
  const distance = (handle) => {
    const { left, width } = handle.getBoundingClientRect();
    return Math.abs(left + width / 2 - x);
  };
  return [...slider.querySelectorAll(".noUi-handle")].reduce((one, other) => (distance(other) < distance(one) ? other : one));
}
