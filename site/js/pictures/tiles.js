/**
 * A product in tiles, wave by wave over the processors; and the time of the waves against that of the bytes.
 *
 * exports frame(pen, scene)
 */
import { columnsOf, fitted, isFlat } from "./shares.js";

const PAD = 10;
const LANE = 18;
const MOST_CELLS = 6000;

/** @param {import("./pen.js").Pen} pen */
export function frame(pen, { now, was, time_s, still }) {
  const { product, tiles, times } = now;
  const progress = tiles?.fits ? waveAt(tiles, times, time_s, still) : null;
  const at = layOut(pen, now);
  output(pen, at.output, now, was?.tiles, progress);
  if (tiles && !tiles.fits) tooLarge(pen, at.places, product, tiles);
  else places(pen, at.places, product, tiles, progress);
  if (times) lanes(pen, at.lanes, times, was?.times, progress);
  else note(pen, at.lanes, now.untimed ?? (tiles ? "" : product.label));
}

/** Where everything stands: times below, or beside where it is wide and low. */
function layOut({ width, height }, { product, times }) {
  const beside = times !== null && isFlat({ width, height });
  const wide = beside ? width * 0.64 : width;
  const below = beside ? 0 : times ? times.lanes.length * LANE + 26 : 26;
  const split = wide * (product.slots > 40 ? 0.56 : 0.62);
  const high = height - below - 8;
  return {
    output: { x: PAD, y: 4, width: split - 2 * PAD, height: high },
    places: { x: split, y: 4, width: wide - split - PAD, height: high },
    lanes: beside ? { x: wide + 8, y: 8, width: width - wide - PAD - 8, above: true } : { x: PAD, y: height - below, width: width - 2 * PAD },
  };
}

function note(pen, { x, y, width }, words) {
  const look = { size: "xs", colour: "ink-2" };
  pen.text(fitted(pen, words, width, look), x, y + 6, look);
}

/** How far the kernel is: every wave has the same share of it. Without times the clock counts waves. */
function waveAt({ waves, count }, times, time_s, still) {
  const whole = times ? times.kernel_s : waves;
  const share = still && time_s === 0 ? 1 : (time_s % whole) / whole;
  const wave = Math.min(Math.floor(share * waves), waves - 1);
  return { share, wave, within: share === 1 ? 1 : share * waves - wave, ended: share === 1, count };
}

/** The outputs, cut into tiles: done, in this wave, still to come; what hangs over the edge is hatched. */
function output(pen, { x, y, width, height }, { product, tiles }, ghost, progress) {
  const side = pen.measure(product.rows_label, { size: "xs" }) + 6;
  const label = tiles ? 20 : 0;
  const box = { x: x + side, y: y + 18, width: width - side, height: height - 20 - label };
  if (!tiles) {
    sizes(pen, box, product, box);
    pen.box(box.x, box.y, box.width, box.height, { fill: "paper-2", stroke: "edge" });
    return;
  }
  const [down, across] = [Math.ceil(product.rows / tiles.tile_rows), Math.ceil(product.columns / tiles.tile_columns)];
  const [covered, wide] = [down * tiles.tile_rows, across * tiles.tile_columns];
  const inner = { width: (box.width * product.columns) / wide, height: (box.height * product.rows) / covered };
  sizes(pen, box, product, inner);
  cells(pen, box, { down, across, splits: tiles.splits, slots: product.slots }, progress);
  for (const over of [
    [box.x + inner.width, box.y, box.width - inner.width, box.height],
    [box.x, box.y + inner.height, inner.width, box.height - inner.height],
  ]) {
    pen.box(...over, { fill: "paper", alpha: 0.4 });
    pen.box(...over, { hatch: "down", stroke: "limit" });
  }
  pen.box(box.x, box.y, inner.width, inner.height, { stroke: "ink", line: 2 });
  if (ghost) tileOf(pen, box, ghost, { wide, covered });
  const whole = tiles.beyond_label ? `${tiles.label}: ${tiles.beyond_label}` : tiles.label;
  const words = pen.measure(whole, { size: "xs", bold: true }) <= width ? whole : tiles.label;
  const under = box.y + box.height + 4;
  const left = x + pen.measure(words, { size: "xs", bold: true }) + 14;
  pen.text(words, x, under, { size: "xs", bold: true });
  if (progress) waveKey(pen, { x: left, y: under, right: x + width });
}

function waveKey(pen, { x, y, right }) {
  let left = x;
  for (const [words, ink, hatch] of [["done", "machine"], ["this wave", "met", "up"]]) {
    if (left + pen.measure(words, { size: "xs" }) + 14 > right) return;
    pen.box(left, y + 3, 10, 9, { fill: ink, alpha: 0.55 });
    if (hatch) pen.box(left, y + 3, 10, 9, { hatch, stroke: ink });
    pen.text(words, left + 14, y, { size: "xs", colour: "ink-2" });
    left += 24 + pen.measure(words, { size: "xs" });
  }
}

/** How many rows and columns there are. */
function sizes(pen, { x, y }, { rows_label, columns_label }, { width, height }) {
  pen.text(columns_label, x + width / 2, y - 3, { size: "xs", align: "center", at: "bottom", colour: "ink-2" });
  pen.text(rows_label, x - 6, y + height / 2, { size: "xs", align: "right", at: "middle", colour: "ink-2" });
}

/** The tile of before, as an outline in the corner. */
function tileOf(pen, box, { tile_rows, tile_columns }, { wide, covered }) {
  const [width, height] = [(box.width * tile_columns) / wide, (box.height * tile_rows) / covered];
  pen.clip(box.x - 2, box.y - 2, box.width + 4, box.height + 4, () => {
    pen.box(box.x, box.y, width, height, { stroke: "ink", line: 2, dash: [4, 3] });
  });
}

/** Tiles run row by row, the parts of a split depth one after the other. Cells too many to see are drawn as runs. */
function cells(pen, box, { down, across, splits, slots }, progress) {
  pen.box(box.x, box.y, box.width, box.height, { fill: "paper-2" });
  const [wide, high] = [box.width / across, box.height / down];
  const done = progress ? Math.min((progress.wave + (progress.ended ? 1 : 0)) * slots, progress.count) : 0;
  const until = progress && !progress.ended ? Math.min(done + slots, progress.count) : done;
  const fill = (from, to, look) => {
    for (let row = Math.floor(from / splits / across); row < down && row * across * splits < to; row += 1) {
      const first = Math.max(from / splits - row * across, 0);
      const last = Math.min(to / splits - row * across, across);
      pen.box(box.x + first * wide, box.y + row * high, (last - first) * wide, high, look);
    }
  };
  if (progress) {
    fill(0, done, { fill: "machine", alpha: 0.55 });
    fill(done, until, { fill: "met", alpha: 0.3 });
    fill(done, until, { hatch: "up", stroke: "met" });
    fill(done, done + (until - done) * progress.within, { fill: "met", alpha: 0.6 });
  }
  if (down * across > MOST_CELLS || wide < 3 || high < 3) return;
  for (let at = 1; at < across; at += 1) pen.line([[box.x + at * wide, box.y], [box.x + at * wide, box.y + box.height]], { stroke: "paper" });
  for (let at = 1; at < down; at += 1) pen.line([[box.x, box.y + at * high], [box.x + box.width, box.y + at * high]], { stroke: "paper" });
}

/** The processors: at work on a tile of this wave, or with nothing to do. */
function places(pen, { x, y, width, height }, product, tiles, progress) {
  const { slots } = product;
  const lines = tiles ? Math.ceil(pen.measure(tiles.waves_label, { size: "xs" }) / width) + Math.ceil((pen.measure(tiles.idle_label, { size: "xs", bold: true }) * 1.1) / width) : 0;
  const room = height - 28 - 15 * lines;
  const columns = columnsOf(slots, Math.sqrt((slots * width) / room));
  const rows = Math.ceil(slots / columns);
  const cell = Math.min(width / columns, room / rows, 56);
  const last = progress && progress.wave === tiles.waves - 1;
  const busy = progress ? (last ? tiles.last : slots) : 0;
  pen.text(product.slots_label, x, y, { size: "xs", bold: true });
  for (let at = 0; at < slots; at += 1) {
    const [left, top] = [x + (at % columns) * cell, y + 20 + Math.floor(at / columns) * cell];
    const side = cell - Math.max(cell * 0.1, 1.5);
    if (at >= busy && progress) idle(pen, left, top, side);
    else working(pen, left, top, side, progress);
  }
  if (!tiles) return;
  const under = y + 24 + rows * cell;
  const high = pen.text(tiles.waves_label, x, under, { size: "xs", wide: width });
  pen.text(tiles.idle_label, x, under + high, { size: "xs", bold: true, wide: width, colour: tiles.idle ? "limit-ink" : "met-ink" });
}

function working(pen, x, y, side, progress) {
  pen.box(x, y, side, side, { fill: "paper-2", stroke: "edge", radius: 2 });
  if (!progress) return;
  const high = side * progress.within;
  pen.box(x, y + side - high, side, high, { fill: "met", radius: 2 });
}

function idle(pen, x, y, side) {
  pen.box(x, y, side, side, { fill: "limit-wash", radius: 2 });
  pen.box(x, y, side, side, { hatch: "cross", stroke: "limit", radius: 2 });
}

/** What a tile needs on the chip, against what there is. */
function tooLarge(pen, { x, y, width, height }, product, tiles) {
  const floor = y + height - 70;
  const high = floor - y - 24;
  const full = Math.max(tiles.needed_bytes, product.on_chip_bytes);
  const [needs, has] = [(high * tiles.needed_bytes) / full, (high * product.on_chip_bytes) / full];
  const wide = Math.min(width * 0.6, 90);
  pen.box(x, floor - has, wide, has, { fill: "machine", alpha: 0.4 });
  pen.box(x, floor - needs, wide, needs, { stroke: "limit", line: 2 });
  pen.box(x, floor - needs, wide, needs - has, { hatch: "cross", stroke: "limit", line: 2 });
  pen.line([[x - 6, floor - has], [x + wide + 10, floor - has]], { stroke: "limit", line: 3 });
  pen.text(tiles.needed_label, x, floor + 6, { size: "xs", bold: true, wide: width, colour: "limit-ink" });
  pen.text(product.on_chip_label, x, floor + 36, { size: "xs", wide: width });
}

/** Waves against bytes on one scale of time, named before their bars or above them, and the kernel that both make. */
function lanes(pen, { x, y, width, above = false }, { lanes: each, kernel_s, kernel_label, binds_label }, ghost, progress) {
  const full_s = Math.max(kernel_s, ...each.map(({ s }) => s)) * 1.02;
  const words = each.map(({ name, label, binds }) => `${label}${binds ? ", binds" : ""}  ${name}`);
  const named = above ? 0 : Math.min(width * 0.5, Math.max(...words.map((line) => pen.measure(line, { size: "xs", bold: true }))) + 10);
  const across = (s) => Math.min(x + named + ((width - named) * s) / full_s, x + width);
  const bold = { size: "xs", bold: true, colour: "limit-ink" };
  const lane = above ? 34 : LANE;
  const head = above ? y + 15 : y;
  pen.text(fitted(pen, binds_label, above ? width : across(kernel_s) - x - pen.measure(kernel_label, bold) - 12, bold), x, y, bold);
  pen.text(kernel_label, across(kernel_s), head, { size: "xs", bold: true, align: "right" });
  each.forEach(({ name, s, binds }, place) => {
    const top = head + 18 + place * lane + (above ? 15 : 0);
    const ink = name === "waves" ? "compute" : "memory";
    const look = { size: "xs", at: above ? "bottom" : "middle", bold: binds, colour: binds ? "ink" : "ink-2" };
    pen.text(fitted(pen, words[place], above ? width : named - 6, look), x, above ? top - 1 : top + 6, look);
    pen.box(across(0), top, across(s) - across(0), 12, { fill: ink, alpha: 0.2 });
    pen.box(across(0), top, across(Math.min(s, progress.share * kernel_s)) - across(0), 12, { fill: ink, alpha: binds ? 1 : 0.6 });
    pen.box(across(0), top, across(s) - across(0), 12, { hatch: name === "waves" ? "dots" : "up", stroke: ink });
  });
  const rule = (s, look) =>
    each.forEach((_, place) => {
      const top = head + 18 + place * lane + (above ? 15 : 0);
      pen.line([[across(s), top - 3], [across(s), top + (above ? 14 : LANE - 3)]], look);
    });
  rule(kernel_s, { stroke: "ink", line: 2 });
  if (ghost) rule(ghost.kernel_s, { stroke: "ink-2", line: 2, dash: [3, 3] });
  rule(progress.share * kernel_s, { stroke: "ink", line: 1 });
}
