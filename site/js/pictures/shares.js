/**
 * Bars of shares that pictures have in common: parts of a whole, told apart by hatches too, with their key.
 *
 * exports shareBar, shareKey, overflow, between, isFlat, columnsOf, fitted, tag
 */

/** What tells the parts of a bar apart, in order: a colour, and how it is filled. */
const STYLES = [
  { colour: "link" },
  { colour: "memory", hatch: "up" },
  { colour: "compute", hatch: "dots" },
  { colour: "latency", hatch: "down" },
  { colour: "machine", hatch: "cross" },
  { colour: "ink-2" },
];

const BAR_HEIGHT = 14;
/** What no label ends with. */
const DANGLING = /(?:[,:;]| (?:of|in|on|at|a|the|and|from|for|to|by))+$/;

/** A place between two others: `share` of the way. */
export const between = (from, to, share) => from + (to - from) * share;

/** Whether a drawing is wide and low, so that its parts go side by side. */
export const isFlat = ({ width, height }) => height < 285 && width > 420;

/** As many columns as leave whole rows, if that is near enough to a cell's own shape. */
export function columnsOf(count, ideal) {
  const whole = Array.from({ length: count }, (_, at) => at + 1).filter((each) => count % each === 0);
  const nearest = whole.reduce((best, each) => (Math.abs(Math.log(each / ideal)) < Math.abs(Math.log(best / ideal)) ? each : best));
  return nearest > 1.7 * ideal || nearest < ideal / 1.7 ? Math.ceil(ideal) : nearest;
}

/** Of the words as many as there is room for, from the first; a number keeps its unit, and what is left out is in the table. */
export function fitted(pen, words, width, look) {
  const kept = words.split(/(?<!\d) /);
  const shown = () => kept.join(" ").replace(DANGLING, "");
  while (kept.length > 0 && pen.measure(shown(), look) > width) kept.pop();
  return shown();
}

/** Words on a ground of paper, so that no line strikes them out. */
export function tag(pen, words, x, y, look) {
  const { align = "left", at = "top" } = look;
  const wide = pen.measure(words, look);
  const left = { left: x, center: x - wide / 2, right: x - wide }[align];
  const top = { top: y, middle: y - 7, bottom: y - 15 }[at];
  pen.box(left - 2, top, wide + 4, 15, { fill: "paper", alpha: 0.85 });
  pen.text(words, x, y, look);
}

/** One part of a bar in the style of its place. */
export function part(pen, x, y, width, height, at) {
  const { colour, hatch } = STYLES[at % STYLES.length];
  pen.box(x, y, width, height, { fill: colour, alpha: hatch ? 0.3 : 1 });
  if (hatch) pen.box(x, y, width, height, { hatch, stroke: colour, line: 1 });
}

/**
 * Parts side by side in a frame of `width`, to the scale of `full`.
 *
 * @param {import("./pen.js").Pen} pen
 * @param {number[]} values
 * @returns {number} where the last part ends
 */
export function shareBar(pen, { x, y, width, height = BAR_HEIGHT, values, full }) {
  pen.box(x, y, width, height, { fill: "paper-2", stroke: "line" });
  let at = x;
  values.forEach((value, place) => {
    const wide = (width * value) / full;
    part(pen, at, y, Math.max(wide - 1, Math.min(wide, 1)), height, place);
    at += wide;
  });
  return at;
}

/**
 * Name the parts of a bar in as many lines as it takes; what has no room is in the table.
 *
 * @returns {number} the height of the lines
 */
export function shareKey(pen, { x, y, width, entries, lines = 2 }) {
  const swatch = 10;
  let left = x;
  let row = 0;
  for (const [place, words] of entries.entries()) {
    const wide = swatch + 5 + pen.measure(words, { size: "xs" });
    if (left > x && left + wide > x + width) {
      left = x;
      row += 1;
    }
    if (row >= lines || left + wide > x + width) break;
    part(pen, left, y + row * 16 + 3, swatch, swatch - 1, place);
    pen.text(words, left + swatch + 5, y + row * 16 + 8, { size: "xs", at: "middle", colour: "ink-2" });
    left += wide + 12;
  }
  return (row + 1) * 16;
}

/**
 * A design that cannot run: the memory that limits, and what does not fit beyond its edge, in red hatch.
 *
 * @param {import("./pen.js").Pen} pen
 * @param {{kind: string, label: string, memory: object|null}} stopped
 */
export function overflow(pen, stopped) {
  const { width, height } = pen;
  const { memory } = stopped;
  const x = 12;
  const high = Math.min(96, height * 0.3);
  const y = Math.max(height * 0.3, 58);
  const full = Math.max(memory.needed_bytes, memory.available_bytes);
  const wide = width - 2 * x;
  const edge = x + (wide * memory.available_bytes) / full;
  pen.text(stopped.kind, x, 12, { size: "l", bold: true, colour: "limit-ink" });
  pen.text(memory.needed_label, x, y - 8, { at: "bottom", bold: true });
  shareBar(pen, { x, y, width: wide, height: high, values: memory.parts.map(({ bytes }) => bytes), full });
  if (edge < x + wide) {
    pen.box(edge, y, x + wide - edge, high, { fill: "paper", alpha: 0.55 });
    pen.box(edge, y, x + wide - edge, high, { hatch: "cross", stroke: "limit", line: 2 });
  }
  pen.line([[edge, y - 6], [edge, y + high + 10]], { stroke: "limit", line: 3 });
  const rightwards = edge < width / 2;
  pen.text(memory.available_label, edge + (rightwards ? 6 : -6), y + high + 4, { align: rightwards ? "left" : "right", bold: true, colour: "limit-ink" });
  const entries = memory.parts.map(({ name, label }) => `${name} ${label}`);
  shareKey(pen, { x, y: y + high + 30, width: wide, entries, lines: 4 });
}
