/**
 * Give Bokeh's views the names and roles that its canvases and sliders lack.
 *
 * A model's tags carry them: `rooflab:label:<name>` for a control, `rooflab:alt:<sentence>` for a plot.
 * Views appear later than their models, so layouts' shadow roots are watched for new children.
 *
 * exports labelViews(bokeh, regions) -> {sweep: () => void, stop: () => void}
 */

const LABEL = "rooflab:label:";
const ALT = "rooflab:alt:";
const SETTLE_MS = 60;
const RETRIES = 20;

/**
 * @param {{index: {query: (test: (view: any) => boolean) => Iterable<any>}}} bokeh the global Bokeh
 * @param {Iterable<Element>} regions where views are embedded
 */
export function labelViews(bokeh, regions) {
  const watched = new WeakSet();
  const connected = new WeakSet();
  /** What each view held when it was last named: what is built anew is named anew, all else is passed over. */
  const named = new WeakMap();
  const observer = new MutationObserver(() => schedule(RETRIES));
  let timer = 0;

  for (const region of regions) observer.observe(region, { childList: true });
  schedule(RETRIES);
  return {
    sweep: () => sweep(),
    stop() {
      clearTimeout(timer);
      observer.disconnect();
    },
  };

  function schedule(retries) {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (!sweep() && retries > 0) schedule(retries - 1);
    }, SETTLE_MS);
  }

  /** @returns {boolean} whether every view that asks for a name has it */
  function sweep() {
    let complete = true;
    for (const view of bokeh.index.query(() => true)) {
      const root = view.el?.shadowRoot;
      if (!root) continue;
      if (view.child_views && !watched.has(root)) {
        watched.add(root);
        observer.observe(root, { childList: true });
      }
      const content = root.lastElementChild;
      if (content && named.get(view) === content) continue;
      const whole = name(view, root);
      if (whole && content) named.set(view, content);
      complete = whole && complete;
      follow(view);
    }
    return complete;
  }

  /** The words change with the data. */
  function follow(view) {
    if (connected.has(view) || !wanted(view)) return;
    connected.add(view);
    for (const property of ["tags", "title"]) {
      view.model.properties[property]?.change.connect(() => name(view, view.el.shadowRoot));
    }
  }
}

function wanted(view) {
  return Boolean(tagged(view.model, ALT) || tagged(view.model, LABEL) || view.el.shadowRoot?.querySelector(".noUi-handle, .bk-spin-btn"));
}

/** @returns {boolean} false where the element to be named is not there yet */
function name(view, root) {
  const alt = tagged(view.model, ALT);
  if (alt) {
    // The canvas, not the host: an image's children are hidden from assistive technology, a toolbar must not be.
    const canvas = view.canvas_view?.el;
    if (!canvas) return false;
    set(canvas, "role", "img");
    set(canvas, "aria-label", alt);
    // The figures have no tool that takes a key: a stop of the Tab key at which nothing can be done is none.
    canvas.shadowRoot?.querySelector(".bk-events")?.removeAttribute("tabindex");
  }
  const label = tagged(view.model, LABEL) ?? (typeof view.model.title === "string" ? view.model.title : "");
  for (const handle of root.querySelectorAll(".noUi-handle")) {
    if (label) set(handle, "aria-label", label);
  }
  for (const [direction, words] of [["up", "Increase"], ["down", "Decrease"]]) {
    const button = root.querySelector(`.bk-spin-btn-${direction}`);
    if (button && label) set(button, "aria-label", `${words} ${label}`);
  }
  if (!tagged(view.model, LABEL)) return true;
  if (root.querySelector(".noUi-handle")) return true;
  const group = root.querySelector(".bk-input-group, .bk-btn-group");
  if (!group) return false;
  const field = group.querySelector("input:not([type=radio]):not([type=checkbox]), select, textarea");
  const buttons = group.querySelectorAll("button");
  if (buttons.length === 1) {
    set(buttons[0], "aria-label", label);
  } else if (field) {
    set(field, "aria-label", label);
  } else {
    set(group, "role", group.querySelector("input[type=radio]") ? "radiogroup" : "group");
    set(group, "aria-label", label);
  }
  return true;
}

function tagged(model, prefix) {
  return model?.tags?.find((tag) => typeof tag === "string" && tag.startsWith(prefix))?.slice(prefix.length);
}

function set(element, attribute, value) {
  if (element.getAttribute(attribute) !== value) element.setAttribute(attribute, value);
}
