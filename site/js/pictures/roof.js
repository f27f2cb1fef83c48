/**
 * A roofline that rises: the chosen layer's dot stays or comes along, and what it waits for races below.
 *
 * exports frame(pen, scene)
 */
import { between, fitted, isFlat, tag } from "./shares.js";

const PAD = 10;
const LANES = { memory: ["memory", "up"], compute: ["compute", "dots"], latency: ["latency", "down"], link: ["link", "cross"] };
const LANE = 19;

/** @param {import("./pen.js").Pen} pen */
export function frame(pen, { now, was, time_s, still }) {
  const { width, height } = pen;
  const at_s = still ? now.layer_s : time_s;
  if (isFlat(pen)) {
    const middle = width * 0.62;
    chart(pen, { x: PAD + 40, y: 6, width: middle - PAD - 46, height: height - 44 }, now, was);
    lanes(pen, { x: middle + 12, y: 6, width: width - middle - PAD - 12, above: true }, now, at_s);
    return;
  }
  const race = now.lanes.length * LANE + 22;
  chart(pen, { x: PAD + 40, y: 6, width: width - 2 * PAD - 40, height: height - race - 48 }, now, was);
  lanes(pen, { x: PAD, y: height - race + 2, width: width - 2 * PAD }, now, at_s);
}

/** Places on logarithmic axes. */
function axes({ x, y, width, height }, { low_flop_per_byte, high_flop_per_byte, low_flop_per_s, high_flop_per_s }) {
  const share = (value, low, high) => Math.log(value / low) / Math.log(high / low);
  const kept = (value, low, high) => Math.min(Math.max(value, low), high);
  return {
    across: (value) => between(x, x + width, share(kept(value, low_flop_per_byte, high_flop_per_byte), low_flop_per_byte, high_flop_per_byte)),
    up: (value) => between(y + height, y, share(kept(value, low_flop_per_s, high_flop_per_s), low_flop_per_s, high_flop_per_s)),
    low: low_flop_per_byte,
    high: high_flop_per_byte,
    bottom: low_flop_per_s,
  };
}

function chart(pen, box, now, was) {
  const places = axes(box, now.axes);
  const [own, other] = now.roofs;
  ticks(pen, box, now.axes, places);
  pen.clip(box.x, box.y, box.width + PAD, box.height, () => {
    if (other && now.supposed) risen(pen, places, own, other);
    if (other) roof(pen, places, other, { stroke: now.supposed ? "machine" : "ink-2", line: 1.5, dash: [6, 4] });
    if (was) roof(pen, places, was.roofs[0], { stroke: "ink-2", line: 1.5, dash: [2, 4] });
    roof(pen, places, own, { stroke: "machine", line: 3 });
    if (now.own) ownCeiling(pen, places, now.own);
  });
  for (const dot of now.dots.filter(({ chosen }) => !chosen)) mark(pen, places, dot, 4.5, { fill: LANES[dot.bound][0], alpha: 0.7 });
  const chosen = now.dots.find((dot) => dot.chosen);
  const ghost = was?.dots.find((dot) => dot.chosen && was.layer === now.layer);
  if (chosen && now.stood) moved(pen, places, now.stood, chosen, "machine");
  else if (chosen && ghost) moved(pen, places, ghost, chosen, "ink-2");
  if (chosen) {
    mark(pen, places, chosen, 7, { fill: "limit" });
    pen.dot(places.across(chosen.flop_per_byte), places.up(chosen.flop_per_s), 13, { stroke: "limit", line: 2 });
  }
  names(pen, box, places, now, chosen);
}

function ticks(pen, box, { across, up, across_name, up_name }, places) {
  const wide = box.width / (across.length - 1) < 54;
  const floor = box.y + box.height;
  across.forEach(({ at, label }, place) => {
    const x = places.across(at);
    pen.line([[x, box.y], [x, floor]], { stroke: "line" });
    if (!(wide && (across.length - 1 - place) % 2)) pen.text(label, x, floor + 3, { size: "xs", align: place === across.length - 1 ? "right" : place ? "center" : "left", colour: "ink-2" });
  });
  const every = Math.ceil((17 * (up.length - 1)) / box.height);
  up.forEach(({ at, label }, place) => {
    pen.line([[box.x, places.up(at)], [box.x + box.width, places.up(at)]], { stroke: "line" });
    if (place % every === 0) pen.text(label, box.x - 5, places.up(at), { size: "xs", align: "right", at: "middle", colour: "ink-2" });
  });
  pen.text(across_name, box.x + box.width, floor + 18, { size: "xs", align: "right", colour: "ink-2" });
  pen.text(up_name, box.x - 40, floor + 18, { size: "xs", colour: "ink-2" });
}

const corners = ({ across, up, low, high }, { peak_flop_per_s, bytes_per_s, ridge_flop_per_byte }) => [
  [across(low), up(low * bytes_per_s)],
  [across(ridge_flop_per_byte), up(peak_flop_per_s)],
  [across(high), up(peak_flop_per_s)],
];

function roof(pen, places, drawn, look) {
  pen.line(corners(places, drawn), look);
}

/** What lies between the device's own roof and the one that is supposed. */
function risen(pen, places, own, other) {
  const outline = [...corners(places, own), ...corners(places, other).reverse()];
  pen.shape(outline, { fill: "machine", alpha: 0.1 });
  pen.shape(outline, { hatch: "up", stroke: "machine", alpha: 0.25 });
}

/** What the chosen layer's own kernels can reach. */
function ownCeiling(pen, { across, up, low, high }, { flop_per_s, ridge_flop_per_byte }) {
  const ridge = Math.min(Math.max(ridge_flop_per_byte, low), high);
  const start = ridge_flop_per_byte ? Math.min(low / ridge_flop_per_byte, 1) : 1;
  const end = ridge_flop_per_byte ? Math.min(high / ridge_flop_per_byte, 1) : 1;
  pen.line([[across(low), up(start * flop_per_s)], [across(ridge), up(end * flop_per_s)], [across(high), up(end * flop_per_s)]], { stroke: "limit", line: 1.5 });
}

/** A dot in the shape of what bounds it: a disc, a square, a triangle, a diamond. */
function mark(pen, { across, up }, { flop_per_byte, flop_per_s, bound }, size, look) {
  const [x, y] = [across(flop_per_byte), up(flop_per_s)];
  if (bound === "memory") pen.dot(x, y, size, look);
  if (bound === "compute") pen.box(x - size, y - size, 2 * size, 2 * size, look);
  if (bound === "latency") pen.shape([[x, y - size * 1.2], [x + size * 1.1, y + size * 0.8], [x - size * 1.1, y + size * 0.8]], look);
  if (bound === "link") pen.shape([[x, y - size * 1.3], [x + size * 1.3, y], [x, y + size * 1.3], [x - size * 1.3, y]], look);
}

/** Where the dot stood, hollow, and the way from there. */
function moved(pen, places, from, to, ink) {
  const [x0, y0] = [places.across(from.flop_per_byte), places.up(from.flop_per_s)];
  const [x1, y1] = [places.across(to.flop_per_byte), places.up(to.flop_per_s)];
  const far = Math.hypot(x1 - x0, y1 - y0);
  if (far < 3) return;
  mark(pen, places, from, 7, { stroke: ink, line: 1.5, dash: [3, 2] });
  if (ink === "ink-2") tag(pen, "before", x0 - 12, y0, { size: "xs", align: "right", at: "middle", colour: "ink-2" });
  if (far < 24) return;
  const [dx, dy] = [(x1 - x0) / far, (y1 - y0) / far];
  const tip = [x1 - dx * 15, y1 - dy * 15];
  pen.line([[x0 + dx * 8, y0 + dy * 8], tip], { stroke: ink, line: 2.5 });
  pen.shape([tip, [tip[0] - dx * 8 - dy * 5, tip[1] - dy * 8 + dx * 5], [tip[0] - dx * 8 + dy * 5, tip[1] - dy * 8 - dx * 5]], { fill: ink });
}

/** The names of roofs on either side of them, the upper one's above; then the layer's, away from the nearer edge. */
function names(pen, box, places, { roofs: [own, other], own: ceiling, layer }, chosen) {
  const right = box.x + box.width;
  const look = { size: "xs", align: "right" };
  const over = places.up(own.peak_flop_per_s);
  const under = other ? places.up(other.peak_flop_per_s) : over;
  const above = over <= under;
  tag(pen, fitted(pen, own.label, box.width - 4, { ...look, bold: true }), right, above ? over - 3 : over + 4, { ...look, bold: true, at: above ? "bottom" : "top" });
  if (other) tag(pen, fitted(pen, other.name, box.width - 4, look), right, above ? under + 4 : under - 3, { ...look, at: above ? "top" : "bottom", colour: "ink-2" });
  const reach = ceiling && places.up(ceiling.flop_per_s);
  if (ceiling && reach > Math.max(over, under) + 20) tag(pen, "its own ceiling", right, reach + 3, { ...look, colour: "limit-ink" });
  if (!chosen) return;
  const [x, y] = [places.across(chosen.flop_per_byte), places.up(chosen.flop_per_s)];
  const leftwards = x + 18 + pen.measure(layer, { bold: true }) > right;
  const below = y + 30 < box.y + box.height ? y + 24 : y - 22;
  tag(pen, layer, leftwards ? x - 18 : x + 18, below, { bold: true, at: "middle", align: leftwards ? "right" : "left" });
}

/** What the layer waits for, side by side on one scale of time, named before its bar or above it; the longest one binds. */
function lanes(pen, { x, y, width, above = false }, { lanes: each, layer_s, layer_label }, time_s) {
  const full_s = Math.max(layer_s, ...each.map(({ s }) => s));
  const words = each.map(({ name, label, binds }) => `${label}${binds ? ", binds" : ""}  ${name}`);
  const named = above ? 0 : Math.min(width * 0.5, Math.max(60, ...words.map((line, place) => pen.measure(line, { size: "xs", bold: each[place].binds }))) + 10);
  const across = (s) => x + named + ((width - named) * s) / full_s;
  const at_s = time_s > 0 && time_s % layer_s === 0 ? layer_s : time_s % layer_s;
  const lane = above ? 36 : LANE;
  pen.text(fitted(pen, layer_label, width, { size: "xs", bold: true }), x, y, { size: "xs", bold: true });
  each.forEach(({ id, s, binds }, place) => {
    const [ink, hatch] = LANES[id];
    const top = y + 18 + place * lane + (above ? 16 : 0);
    const look = { size: "xs", at: above ? "bottom" : "middle", bold: binds, colour: binds ? "ink" : "ink-2" };
    pen.text(fitted(pen, words[place], above ? width : named - 6, look), x, above ? top - 1 : top + 7, look);
    pen.box(across(0), top, across(s) - across(0), 13, { fill: ink, alpha: 0.15 });
    pen.box(across(0), top, across(Math.min(s, at_s)) - across(0), 13, { fill: ink, alpha: binds ? 1 : 0.55 });
    pen.box(across(0), top, across(s) - across(0), 13, { hatch, stroke: ink });
  });
  each.forEach((_, place) => {
    const top = y + 18 + place * lane + (above ? 16 : 0);
    pen.line([[across(at_s), top - 2], [across(at_s), top + (above ? 15 : LANE - 2)]], { stroke: "ink", line: 1.5 });
  });
}
