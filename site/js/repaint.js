/**
 * The figures' colours and their size of type: read from the page once, and again when these change.
 *
 * BokehJS looks every custom property up each time it paints, and the size of the type: half of what a moved dot costs.
 *
 * exports keepStyles(bokeh) -> void, repaintFigures(bokeh) -> void, repaintOnceStyled(bokeh) -> void
 */

/** Set by the style sheet that every figure brings into its shadow root. */
const STYLED = "--bk-text-color";
/** Views are put up some frames after their models have come, and their sheets come later still. */
const PATIENCE = 120;
const LATEST = 20;

let kept = new WeakMap();
let keeping = false;
/** Frames for which figures without their colours are still looked for, and the views that have them. */
let looking = 0;
const styled = new WeakSet();

/**
 * Keep what figures look up, from the first figure on; harmless to call again.
 * @param {{index: {query: (test: (view: any) => boolean) => Iterable<any>}}} bokeh the global Bokeh
 */
export function keepStyles(bokeh) {
  if (keeping) return;
  for (const view of figures(bokeh)) {
    const styled = ownerOf(view.visuals?.background_fill, "_get_css_value");
    const sized = ownerOf(view, "base_font_size");
    if (!styled || !sized) return;
    const lookUp = styled._get_css_value;
    styled._get_css_value = function (name) {
      return once(this, name, () => lookUp.call(this, name));
    };
    const size = Object.getOwnPropertyDescriptor(sized, "base_font_size").get;
    Object.defineProperty(sized, "base_font_size", {
      get() {
        return once(this, "font-size", () => size.call(this));
      },
    });
    window.addEventListener("resize", () => (kept = new WeakMap()));
    keeping = true;
    return;
  }
}

/** What `find` finds for a name, found once for each thing that asks. */
function once(thing, name, find) {
  let values = kept.get(thing);
  if (!values) kept.set(thing, (values = new Map()));
  if (!values.has(name)) values.set(name, find());
  return values.get(name);
}

/**
 * At once, not with the next frame: a browser that prints does not wait for one.
 * @param {{index: {query: (test: (view: any) => boolean) => Iterable<any>}}} bokeh the global Bokeh
 */
export function repaintFigures(bokeh) {
  kept = new WeakMap();
  for (const view of figures(bokeh)) {
    view.invalidate_painters();
    view.paint();
  }
}

/**
 * Figures have come: one that is painted before its style sheet is there has looked up nothing, and that would be kept.
 * @param {{index: {query: (test: (view: any) => boolean) => Iterable<any>}}} bokeh the global Bokeh
 */
export function repaintOnceStyled(bokeh) {
  if (looking === 0) requestAnimationFrame(look);
  looking = PATIENCE;

  function look() {
    const fresh = [...figures(bokeh)].filter((view) => !styled.has(view));
    const ready = fresh.filter(({ el }) => getComputedStyle(el).getPropertyValue(STYLED) !== "");
    for (const view of ready) styled.add(view);
    if (ready.length > 0) repaintFigures(bokeh);
    if (--looking > 0 && (fresh.length > ready.length || looking > PATIENCE - LATEST)) requestAnimationFrame(look);
    else looking = 0;
  }
}

function figures(bokeh) {
  return bokeh.index.query((view) => view.model.type === "Figure");
}

/** The prototype that defines a method. */
function ownerOf(thing, method) {
  let owner = thing;
  while (owner && !Object.hasOwn(owner, method)) owner = Object.getPrototypeOf(owner);
  return owner;
}
