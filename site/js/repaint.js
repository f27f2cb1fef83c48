/**
 * The figures' colours: read from the page's custom properties once, and again when these change.
 *
 * BokehJS looks every custom property up each time it paints, which is half of what a moved dot costs.
 *
 * exports keepStyles(bokeh) -> void, repaintFigures(bokeh) -> void
 */

let kept = new WeakMap();
let keeping = false;

/**
 * Keep what figures look up, from the first figure on; harmless to call again.
 * @param {{index: {query: (test: (view: any) => boolean) => Iterable<any>}}} bokeh the global Bokeh
 */
export function keepStyles(bokeh) {
  if (keeping) return;
  for (const view of figures(bokeh)) {
    const owner = ownerOf(view.visuals?.background_fill, "_get_css_value");
    if (!owner) return;
    const lookUp = owner._get_css_value;
    owner._get_css_value = function (name) {
      let values = kept.get(this);
      if (!values) kept.set(this, (values = new Map()));
      if (!values.has(name)) values.set(name, lookUp.call(this, name));
      return values.get(name);
    };
    window.addEventListener("resize", () => (kept = new WeakMap()));
    keeping = true;
    return;
  }
}

/** @param {{index: {query: (test: (view: any) => boolean) => Iterable<any>}}} bokeh the global Bokeh */
export function repaintFigures(bokeh) {
  kept = new WeakMap();
  for (const view of figures(bokeh)) view.request_repaint();
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
