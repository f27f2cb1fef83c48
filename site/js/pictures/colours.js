/**
 * The colours of a picture, read once from the page's custom properties; system colours where the learner forces them.
 *
 * exports readColours(element) -> (name: string) => string
 */

/** What stands for a colour where only the system's are allowed: shapes, hatches and labels tell the rest apart. */
const FORCED = new Map([
  ["paper", "Canvas"],
  ["paper-2", "Canvas"],
  ["line", "GrayText"],
  ["ink-2", "CanvasText"],
  ["part-3", "GrayText"],
  ["machine", "Highlight"],
  ["machine-ink", "LinkText"],
  ["on-machine", "HighlightText"],
  ["on-mark", "Canvas"],
]);

/**
 * @param {Element} element  colours are those of its theme
 * @returns {(name: string) => string} a colour by its name in the palette, without `--rp-`
 */
export function readColours(element) {
  const forced = window.matchMedia("(forced-colors: active)").matches;
  const style = getComputedStyle(element);
  const known = new Map();
  return (name) => {
    if (!known.has(name)) known.set(name, forced ? forcedColour(name) : style.getPropertyValue(`--rp-${name}`).trim());
    return known.get(name);
  };
}

function forcedColour(name) {
  return FORCED.get(name) ?? (name.endsWith("-wash") ? "Canvas" : "CanvasText");
}
