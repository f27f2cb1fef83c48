/**
 * An earbud, hop by hop: it wakes, computes and sleeps on the grid of hops, power is an area, and rows of weights are swept.
 *
 * exports frame(pen, scene)
 */
import { between, fitted, isFlat, overflow, shareBar, shareKey, tag } from "./shares.js";

const PAD = 10;
const CAUSES = { memory: ["memory", "up"], compute: ["compute", "dots"], latency: ["latency", "down"] };
const GROWS = 24; // steps after which a queue that grows is shown from its start again

/** @param {import("./pen.js").Pen} pen */
export function frame(pen, { now, was, time_s, still }) {
  if (now.stopped?.memory) return overflow(pen, now.stopped);
  const begun_s = still ? time_s + (GROWS - 2.5) * now.hops.step_s : time_s;
  const scene = now.stopped ? piling(now.hops, begun_s) : waking(now.hops, time_s, still);
  const places = layOut(pen, now.power !== null);
  steps(pen, places.steps, now, was, scene);
  if (now.power) budget(pen, places.budget, now.power, was?.power);
  rows(pen, places.rows, now.matrix, scene.swept);
}

/** Where everything stands: one above the other, but energy beside the weights where it is wide and low. */
function layOut({ width, height }, powered) {
  const wide = width - 2 * PAD;
  if (isFlat({ width, height })) {
    const [low, half] = [Math.max(height * 0.26, 50), wide * (powered ? 0.5 : 0) + (powered ? 8 : 0)];
    return {
      steps: { x: PAD, y: 2, width: wide, height: height - low - 6 },
      budget: { x: PAD, y: height - low, width: wide * 0.5 - 8, lines: 0 },
      rows: { x: PAD + half, y: height - low, width: wide - half, height: low - 4 },
    };
  }
  const low = height < 330;
  const matrix = low ? 62 : 104;
  const energy = powered ? (low ? 38 : 54) : 0;
  const high = height - matrix - energy - 12;
  return {
    steps: { x: PAD, y: 2, width: wide, height: high },
    budget: { x: PAD, y: high + 6, width: wide, lines: low ? 0 : 1 },
    rows: { x: PAD, y: height - matrix + 2, width: wide, height: matrix - 8 },
  };
}

/**
 * What of the shown window has come to pass: the phases of each step, and how far the present one has swept its rows.
 * The chip is awake as the last sample of a step comes.
 */
function waking(hops, time_s, still) {
  const { step_s, shown_steps, wake_s, full_s, gate_s, runs_full } = hops;
  const window_s = step_s * shown_steps;
  const at_s = still ? window_s : time_s % window_s;
  const first = Math.floor(time_s / window_s) * shown_steps;
  const phases = [];
  for (let step = -1; step < shown_steps; step += 1) {
    const place = (((first + step) % runs_full.length) + runs_full.length) % runs_full.length;
    const ready_s = (step + 1) * step_s;
    const long_s = runs_full[place] ? full_s : gate_s;
    phases.push({ wake_s: ready_s - wake_s, from_s: ready_s, until_s: ready_s + long_s, full: runs_full[place] });
  }
  const present = phases.find(({ from_s, until_s }) => time_s % window_s >= from_s && time_s % window_s < until_s);
  const swept = present ? ((time_s % window_s) - present.from_s) / (present.until_s - present.from_s) : null;
  return { window_s, now_s: time_s % window_s, drawn_s: at_s, phases, swept, waiting: null };
}

/** Steps that take longer than their time: one after the other without sleep, while those that wait add up. */
function piling({ step_s, shown_steps, mean_s }, time_s) {
  const window_s = step_s * shown_steps * 2;
  const since_s = time_s % (step_s * GROWS);
  const start_s = Math.floor(since_s / window_s) * window_s;
  const phases = [];
  for (let at = Math.max(Math.floor((start_s - step_s) / mean_s), 0); at * mean_s + step_s < start_s + window_s; at += 1) {
    const from_s = step_s + at * mean_s - start_s;
    phases.push({ wake_s: from_s, from_s, until_s: from_s + mean_s, full: true });
  }
  const come = Math.floor(since_s / step_s);
  const begun = since_s < step_s ? 0 : Math.floor((since_s - step_s) / mean_s) + 1;
  const swept = since_s < step_s ? null : ((since_s - step_s) % mean_s) / mean_s;
  return { window_s, now_s: since_s - start_s, drawn_s: since_s - start_s, phases, swept, waiting: Math.max(come - begun, 0) };
}

/** Power over time: its area is energy. Without a power to show, all that is awake is as high. */
function steps(pen, { x, y, width, height }, { hops, power, hidden, delay }, was, scene) {
  const floor = y + height - 44;
  const roof = y + 24;
  const across = (s) => x + (width * s) / scene.window_s;
  const top = power ? power.top_w * 1.12 : 1;
  const up = (w) => between(floor, roof, w / top);
  const awake = power ? power.awake_w : 0.8;
  grid(pen, { across, floor, roof, x, width }, hops, scene);
  pen.clip(x, roof, width, floor - roof + 1, () => {
    if (power?.asleep_w) pen.box(x, up(power.asleep_w), across(scene.drawn_s) - x, floor - up(power.asleep_w), { fill: "link", alpha: 0.45 });
    for (const phase of scene.phases) awakened(pen, { across, up, floor }, phase, hops, awake, scene.drawn_s);
    if (was?.hops && was.power && power) outline(pen, { across, up }, was, scene.window_s);
  });
  pen.line([[x, floor], [x + width, floor]], { stroke: "edge" });
  if (power?.limit_w != null) {
    pen.line([[x, up(power.limit_w)], [x + width, up(power.limit_w)]], { stroke: "limit", line: 2.5 });
    tag(pen, power.limit_label, x + width, up(power.limit_w) - 3, { align: "right", at: "bottom", size: "xs", bold: true, colour: "limit-ink" });
  }
  if (power && was?.power) tag(pen, `- - before: ${was.power.awake_label}`, x + width, roof + 2, { size: "xs", align: "right", colour: "ink-2" });
  pen.line([[across(scene.now_s), roof - 4], [across(scene.now_s), floor + 4]], { stroke: "ink", line: 1.5 });
  key(pen, { x, y, width }, hops, power, hidden);
  late(pen, { across, x, width, y: floor + 16 }, hops, delay, scene);
}

/** Where hops end; the first has its length beside it. */
function grid(pen, { across, floor, roof, x, width }, { hop_s, step_s, hop_label }, { window_s }) {
  if (width > 420) pen.text(hop_label, x + width, floor + 5, { size: "xs", align: "right", colour: "ink-2" });
  const apart = across(hop_s) - across(0) > 5 ? hop_s : step_s;
  for (let s = 0; s <= window_s * 1.0001; s += apart) {
    const whole = Math.abs(s / step_s - Math.round(s / step_s)) < 1e-6;
    const at = Math.min(Math.max(across(s), x + 0.5), x + width - 0.5);
    pen.line([[at, roof], [at, floor + 6]], { stroke: whole ? "edge" : "line", dash: whole ? [] : [2, 3] });
  }
}

/** One step awake: waking, then its computing by what it waits for. */
function awakened(pen, { across, up, floor }, { wake_s, from_s, until_s, full }, { causes }, awake, drawn_s) {
  const high = floor - up(awake);
  const piece = (begin_s, end_s, ink, hatch, past) => {
    if (end_s <= begin_s) return;
    const [left, wide] = [across(begin_s), Math.max(across(end_s) - across(begin_s), 1)];
    pen.box(left, up(awake), wide, high, past ? { fill: ink, alpha: 0.4 } : { stroke: ink, dash: [2, 2], alpha: 0.5 });
    if (past) pen.box(left, up(awake), wide, high, { hatch, stroke: ink });
  };
  const drawn = (begin_s, end_s, ink, hatch) => {
    piece(begin_s, Math.min(end_s, drawn_s), ink, hatch, true);
    piece(Math.max(begin_s, drawn_s), end_s, ink, hatch, false);
  };
  drawn(wake_s, from_s, "link", "cross");
  let at_s = from_s;
  for (const { id, fraction } of full ? causes : causes.slice(0, 1)) {
    const end_s = at_s + (full ? fraction : 1) * (until_s - from_s);
    drawn(at_s, end_s, ...CAUSES[id]);
    at_s = end_s;
  }
}

/** The first steps of the ghost, as an outline. */
function outline(pen, { across, up }, { hops, power }, window_s) {
  const low = up(power.asleep_w ?? power.front_w);
  const points = [[across(0), low]];
  for (let end_s = hops.step_s; end_s < window_s; end_s += hops.step_s) {
    const until_s = Math.min(end_s + hops.full_s, end_s + hops.step_s - hops.wake_s);
    points.push([across(end_s - hops.wake_s), low], [across(end_s - hops.wake_s), up(power.awake_w)]);
    points.push([across(until_s), up(power.awake_w)], [across(until_s), low]);
  }
  pen.line(points, { stroke: "ink-2", line: 1.5, dash: [4, 4] });
}

function key(pen, { x, y, width }, hops, power, hidden) {
  const words = hidden ?? [power.awake_label, power.asleep_label].filter(Boolean).join(", ");
  pen.text(words, x, y, { size: "xs", bold: true });
  let right = x + width;
  const entries = [...(hops.sleeps ? [["wake", "link", "cross"]] : []), ...hops.causes.map(({ id, name }) => [name, ...CAUSES[id]])];
  for (const [name, ink, hatch] of entries.reverse()) {
    const wide = pen.measure(name, { size: "xs" });
    if (right - wide - 26 < x + pen.measure(words, { size: "xs", bold: true })) return;
    pen.text(name, right, y, { size: "xs", align: "right", colour: "ink-2" });
    right -= wide + 15;
    pen.box(right, y + 3, 10, 9, { fill: ink, alpha: 0.4 });
    pen.box(right, y + 3, 10, 9, { hatch, stroke: ink });
    right -= 12;
  }
}

/** From the first sample to the result, against its limit; or the steps that wait, which become ever more. */
function late(pen, { across, x, width, y }, hops, delay, { waiting }) {
  const ink = delay.met === false ? "limit" : "met";
  const words = { size: "xs", at: "middle", bold: true, colour: delay.met === false ? "limit-ink" : "ink" };
  if (waiting !== null) {
    const most = Math.floor((width - 190) / 11);
    pen.text(delay.label, x, y + 8, words);
    const left = x + pen.measure(delay.label, words) + 10;
    for (let at = 0; at < Math.min(waiting, most); at += 1) pen.box(left + at * 11, y + 2, 9, 12, { fill: "limit", radius: 2, alpha: 0.9 });
    return;
  }
  const end = Math.min(across(delay.delay_s), x + width);
  pen.line([[x + 1, y - 4], [x + 1, y + 4]], { stroke: ink, line: 2 });
  pen.line([[x, y], [end, y]], { stroke: ink, line: 2.5 });
  pen.shape([[end, y], [end - 7, y - 4], [end - 7, y + 4]], { fill: ink });
  pen.text(delay.label, x, y + 15, words);
  if (delay.limit_s === null || across(delay.limit_s) > x + width) return;
  const limit = across(delay.limit_s);
  const left = Math.max(limit, x + pen.measure(delay.label, words) + 12);
  pen.line([[limit, y - 7], [limit, y + 7]], { stroke: "limit", line: 3 });
  if (left + pen.measure(delay.limit_label, { size: "xs" }) < x + width) pen.text(delay.limit_label, left, y + 15, { size: "xs", at: "middle", colour: "limit-ink" });
}

/** The energy of a hop by cause, against what the limit leaves. */
function budget(pen, { x, y, width, lines }, power, ghost) {
  const full = 1.06 * Math.max(power.energy_j, power.budget_j ?? 0);
  const values = power.parts.map(({ j }) => j);
  pen.text(power.energy_label, x, y, { size: "xs", bold: true, colour: power.met === false ? "limit-ink" : "ink" });
  const end = shareBar(pen, { x, y: y + 16, width, height: 13, values, full });
  pen.clip(x, y, width, 40, () => {
    if (ghost) pen.box(x, y + 15, (width * ghost.energy_j) / full, 15, { stroke: "ink-2", line: 1.5, dash: [4, 3] });
  });
  if (power.budget_j !== null) {
    const limit = x + (width * power.budget_j) / full;
    if (end > limit) pen.box(limit, y + 16, end - limit, 13, { hatch: "cross", stroke: "limit", line: 1.5 });
    pen.line([[limit, y + 12], [limit, y + 32]], { stroke: "limit", line: 3 });
    const look = { size: "xs", align: "right", bold: true, colour: "limit-ink" };
    pen.text(fitted(pen, power.budget_label, width - pen.measure(power.energy_label, look) - 8, look), x + width, y, look);
  }
  if (lines) shareKey(pen, { x, y: y + 32, width, entries: power.parts.map(({ name, label }) => `${name} ${label}`), lines });
}

/** All rows of the weights, as they are stored: what is swept filled, what fills rows up in red hatch. */
function rows(pen, { x, y, width, height }, matrix, swept) {
  const stored = matrix.matrices.reduce((sum, { stored_bytes }) => sum + stored_bytes, 0);
  const gap = matrix.matrices.length > 1 ? 8 : 0;
  const scale = (width - gap) / stored;
  const over = y + 17;
  const high = height - 17;
  const look = { size: "xs", bold: true };
  pen.text(fitted(pen, matrix.label, width - pen.measure(matrix.waste_label, look) - 12, look), x, y, look);
  pen.text(matrix.waste_label, x + width, y, { size: "xs", align: "right", bold: true, colour: matrix.waste_fraction > 0 ? "limit-ink" : "met-ink" });
  let left = x;
  for (const each of matrix.matrices) {
    stripe(pen, { x: left, y: over, height: high, scale }, each, swept);
    left += each.stored_bytes * scale + gap;
  }
  if (swept !== null) {
    const at = over + high * swept;
    pen.line([[x, at], [x + width, at]], { stroke: "ink", line: 2.5 });
  }
}

function stripe(pen, { x, y, height, scale }, { parts, stored_bytes, vector_fill_bytes, line_fill_bytes, step_bytes }, swept) {
  const inks = { inputs: ["memory", "up"], states: ["compute", "dots"] };
  let left = x;
  for (const { name, bytes } of parts) {
    const [ink, hatch] = inks[name];
    pen.box(left, y, bytes * scale, height, { fill: ink, alpha: 0.18 });
    if (swept !== null) pen.box(left, y, bytes * scale, height * swept, { fill: ink, alpha: 0.5 });
    pen.box(left, y, bytes * scale, height, { hatch, stroke: ink, alpha: 0.6 });
    if (bytes * scale > pen.measure(name, { size: "xs" }) + 8) {
      pen.text(name, left + (bytes * scale) / 2, y + height / 2, { size: "xs", align: "center", at: "middle", halo: "paper" });
    }
    left += bytes * scale;
  }
  for (const bytes of [vector_fill_bytes, line_fill_bytes]) {
    pen.box(left, y, bytes * scale, height, { fill: "limit", alpha: 0.15 });
    pen.box(left, y, bytes * scale, height, { hatch: "up", stroke: "limit", line: 1.5 });
    left += bytes * scale;
  }
  if (step_bytes * scale < 5) return;
  for (let bytes = step_bytes; bytes < stored_bytes - 0.5; bytes += step_bytes) {
    pen.line([[x + bytes * scale, y], [x + bytes * scale, y + height]], { stroke: "paper", line: 1 });
  }
}
