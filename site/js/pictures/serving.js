/**
 * A GPU that serves a language model: its memory to scale, bytes in flight as blocks, its multiprocessors, one layer.
 *
 * exports frame(pen, scene) -> void
 */

const GAP = 10;
const BLOCK = 6;
/** The part of a step that a block takes from one end of its way to the other. */
const WAY = 0.36;
/** A flow that is a smaller share of what moves is not drawn; the table has it. */
const FAINT = 0.002;
/** On a canvas that is lower, what matters less is left to the table. */
const LOW = 320;
const FAINT_LOW = 0.02;
const COLOURS = { weights: "part-0", cache: "part-1", activations: "part-2", workspace: "part-3", draft: "part-4" };
const DOES = { weights: "part-0", cache: "part-1", activations: "part-2", link: "link" };

/**
 * @param {import("./pen.js").Pen} pen
 * @param {import("./stage.js").Scene} scene
 */
export function frame(pen, { now, was, time_s, still, width, height }) {
  // A still shows the end of a step, when its drafts are verified.
  const step = now.period_s === null ? 0 : time_s / now.period_s + (still ? 0.97 : 0);
  const places = layOut(width, height, now);
  drawMemory(pen, places.memory, now, was);
  if (now.period_s !== null) drawFlows(pen, places, now, step);
  drawUnits(pen, places.units, now, was, step);
  if (!now.stopped) drawBus(pen, places.bus, now, was);
  if (now.layer) drawLayer(pen, places.layer, now.layer, was?.layer);
}

/** Where everything stands. */
function layOut(width, height, now) {
  const slim = width < 480;
  const low = now.layer ? (height < LOW ? 38 : 48) : 0;
  const high = height - low;
  const memory = { x: 0, y: 0, wide: slim ? width * 0.29 : Math.max(Math.min(width * 0.24, 170), 130), high, slim };
  const unitsWide = slim ? width * 0.33 : Math.min(width * 0.3, 190);
  const units = { x: width - unitsWide, y: 0, wide: unitsWide, high, slim };
  const middle = { x: memory.wide, y: 0, wide: units.x - memory.wide, high: high - (slim ? 60 : 46), slim };
  const bus = { x: middle.x + GAP, y: middle.high, wide: middle.wide - 2 * GAP, high: high - middle.high };
  return { memory, units, middle, bus, layer: { x: 0, y: height - low + 5, wide: width } };
}

// Memory

/** From the edge of the memory on: what grows with the batch comes last, and what does not fit lies beyond the other edge. */
const ORDER = ["weights", "draft", "reserve", "activations", "workspace", "cache"];

function drawMemory(pen, place, now, was) {
  const { memory, slots } = now;
  const { x, y, wide, high, slim } = place;
  pen.text(memory.label, x, y, { size: slim ? "xs" : "s", bold: true });
  const top = y + 22;
  const scale = (high - 22) / Math.max(memory.available_bytes, memory.needed_bytes);
  const edge = top + memory.available_bytes * scale;
  pen.box(x, top, wide, edge - top, { fill: "paper-2", stroke: "edge", radius: 4 });
  let at = top;
  place.parts = {};
  for (const id of ORDER) {
    const part = memory.parts.find((each) => each.id === id);
    if (!part) continue;
    const size = part.bytes * scale;
    place.parts[id] = { y: at + size / 2, top: at, size };
    drawPart(pen, { x, y: at, wide, high: size }, part, now);
    at += size;
  }
  if (memory.free_label && edge - at > 16) pen.text(memory.free_label, x + wide / 2, (at + edge) / 2, { size: "xs", colour: "ink-2", align: "center", at: "middle", wide: wide - 8 });
  if (memory.over_label) drawOver(pen, { x, y: edge, wide, high: at - edge }, [memory.over_label, slots.over_label]);
  if (!was) return;
  const before = top + Math.min(was.memory.needed_bytes * scale, high - 22);
  pen.line([[x, before], [x + wide, before]], { stroke: "ink", dash: [4, 3], line: 1.5 });
}

/** What lies beyond the memory's edge, and how much it is. */
function drawOver(pen, { x, y, wide, high }, labels) {
  pen.box(x, y, wide, high, { fill: "limit-wash", stroke: "limit", hatch: "up", line: 2 });
  pen.line([[x - 2, y], [x + wide + 6, y]], { stroke: "limit", line: 3 });
  const look = { size: "s", bold: true, colour: "limit-ink", wide: wide * 1.2 };
  const shown = labels.filter(Boolean);
  const tall = shown.reduce((sum, label) => sum + pen.heightOf(label, look), 0);
  let at = Math.min(Math.max(y + 6, y + high / 2 - 20), pen.height - tall);
  for (const label of shown) at += pen.text(label, x + wide + GAP, at, look);
}

function drawPart(pen, { x, y, wide, high }, part, now) {
  if (high < 0.5) return;
  const inset = Math.min(1, high / 4);
  const box = { x: x + 3, y: y + inset, wide: wide - 6, high: high - 2 * inset };
  const hollow = part.id === "cache" && now.slots.filled_fraction < 0.995;
  const look = part.id === "reserve" ? { fill: "line", hatch: "up", stroke: "edge" } : { fill: part.colour };
  pen.box(box.x, box.y, box.wide, box.high, { ...look, radius: 2 });
  if (hollow) drawRoom(pen, box, now.slots);
  const words = hollow && high > 60 ? `${part.label}, ${now.slots.label}` : part.label;
  drawLabel(pen, { x: x + wide / 2, y: y + high / 2, wide: wide - 8, high: high - 1 }, words, hollow || part.id === "reserve");
}

/** A label inside a part, if there is room for it; on a hatch it has a ground of its own. */
function drawLabel(pen, { x, y, wide, high }, words, ground) {
  const look = { size: "xs", bold: true, align: "center", at: "middle", wide };
  const tall = pen.heightOf(words, look);
  if (tall > high) return;
  if (ground) pen.box(x - wide / 2 + 1, y - tall / 2, wide - 2, tall, { fill: "paper", radius: 2 });
  pen.text(words, x, y, { ...look, colour: ground ? "ink" : "on-mark" });
}

/** Room that is kept for tokens which are not written yet is hatched. */
function drawRoom(pen, { x, y, wide, high }, slots) {
  const filled = wide * slots.filled_fraction;
  pen.box(x + filled, y, wide - filled, high, { fill: "paper", stroke: "part-1", hatch: "down" });
  const rows = Math.min(slots.count, Math.floor(high / 5));
  for (let row = 1; row < rows; row++) pen.line([[x, y + (row * high) / rows], [x + wide, y + (row * high) / rows]], { stroke: "paper", line: 1 });
}

// Bytes in flight

function drawFlows(pen, places, now, step) {
  const { memory, middle, units } = places;
  const moved = now.flows.reduce((sum, { bytes }) => sum + bytes, 0);
  const copied = now.copies !== null;
  const rows = now.flows.filter(({ id, bytes }) => bytes >= moved * (middle.high < LOW - 90 ? FAINT_LOW : FAINT) && !(copied && (id === "cache_read" || id === "copies_written")));
  const parts = rows.map(({ id }) => (id === "copies_read" ? 4 : 1));
  const whole = parts.reduce((sum, each) => sum + each, 0);
  const head = middle.slim ? 26 : 18;
  let y = middle.y + head;
  const labels = [];
  rows.forEach((flow, at) => {
    const high = ((middle.high - head) * parts[at]) / whole;
    const from = [memory.x + memory.wide, sourceOf(memory, flow)];
    const to = [units.x, y + high / 2 + 7];
    const label = { words: flow.label, x: units.x - 7, y, align: "right", wide: middle.wide - 12 };
    if (flow.id === "copies_read") {
      label.words = now.copies.label;
      const tall = pen.heightOf(label.words, { size: "xs", ...label });
      drawCopies(pen, places, now, step, { from: [from[0], memory.parts.cache.y], y: y + tall, high: high - tall });
    } else drawFlow(pen, { from, to, flow, now, step, most: high - 18 });
    if (flow.id === "weights" && now.experts) labels.push(...drawGate(pen, { x: from[0] + 12, y: from[1] }, now.experts, middle));
    labels.push(label);
    y += high;
  });
  for (const { words, x, y: top, ...look } of labels) pen.text(words, x, top, { size: "xs", colour: "ink", halo: "paper", ...look });
  pen.text(now.block_label, middle.x + GAP, middle.y + 1, { size: "xs", colour: "ink-2", wide: middle.wide - GAP });
}

function sourceOf(memory, flow) {
  const { y } = memory.parts[flow.place] ?? memory.parts.activations ?? memory.parts.weights;
  return y;
}

/** One flow: as many lanes as its blocks need, each block at its place on the way. */
function drawFlow(pen, { from, to, flow, now, step, most }) {
  const count = flow.bytes / now.block_bytes;
  const long = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const lanes = Math.min(Math.max(Math.ceil((count * WAY * (BLOCK + 2)) / long), 1), Math.max(Math.floor(most / (BLOCK + 2)), 1));
  const both = flow.id === "intermediates" || flow.id === "scores";
  const colour = COLOURS[flow.place];
  for (let lane = 0; lane < lanes; lane++) {
    const shift = (lane - (lanes - 1) / 2) * (BLOCK + 2);
    const ends = [[from[0], from[1] + shift * 0.6], [to[0], to[1] + shift]];
    pen.curve(...ends, { stroke: "line", line: 1 });
    const back = flow.written || (both && (lanes === 1 ? false : lane % 2 === 1));
    drawBlocks(pen, ends, { count: count / lanes, step: step + lane / lanes / Math.max(count / lanes, 1), back, colour, alternate: both && lanes === 1 });
  }
}

function drawBlocks(pen, [from, to], { count, step, back, colour, hatch, alternate = false, way = WAY, stroke }) {
  if (count <= 0) return;
  const last = Math.floor(step * count);
  for (let block = last; block > last - Math.ceil(count * way) - 1; block--) {
    const along = (step - block / count) / way;
    if (along < 0 || along > 1) continue;
    const returns = back || (alternate && Math.abs(block % 2) === 1);
    const [x, y] = onCurve(from, to, returns ? 1 - along : along);
    pen.box(x - BLOCK / 2, y - BLOCK / 2, BLOCK, BLOCK, { fill: colour, hatch, stroke });
  }
}

/** The point of the pen's level curve. */
function onCurve([x0, y0], [x1, y1], at) {
  const bend = (x1 - x0) / 2;
  const [a, b, c, d] = [(1 - at) ** 3, 3 * at * (1 - at) ** 2, 3 * at * at * (1 - at), at ** 3];
  return [a * x0 + b * (x0 + bend) + c * (x1 - bend) + d * x1, (a + b) * y0 + (c + d) * y1];
}

/** The cache fans out to its copies, which are written and read again. */
function drawCopies(pen, { middle, units }, now, step, { from, y, high }) {
  const flows = Object.fromEntries(now.flows.map((flow) => [flow.id, flow]));
  const { count: copies } = now.copies;
  const knot = [middle.x + middle.wide * 0.2, y + high / 2];
  const left = middle.x + middle.wide * 0.42;
  const wide = middle.wide * 0.24;
  const row = (high - 4) / copies;
  drawFlow(pen, { from, to: knot, flow: flows.cache_read, now, step, most: 20 });
  for (let copy = 0; copy < copies; copy++) {
    const at = y + 2 + (copy + 0.5) * row;
    const [to, box] = [[left, at], Math.min(row - 3, 18)];
    const count = flows.copies_written.bytes / now.block_bytes / copies;
    const own = step + copy / copies / count;
    pen.curve(knot, to, { stroke: "line", line: 1 });
    pen.line([[left + wide, at], [units.x, at]], { stroke: "line", line: 1 });
    drawBlocks(pen, [knot, to], { count, step: own, colour: "part-1", way: WAY / 2 });
    drawBlocks(pen, [[left + wide, at], [units.x, at]], { count, step: own - WAY, colour: "part-1", way: WAY / 2 });
    pen.box(left, at - box / 2, wide, box, { fill: "part-1", hatch: "up", stroke: "paper", radius: 2 });
  }
}

/** Of the stored experts those that the step reads are lit: the weights come through them. Returns what is to be said of it. */
function drawGate(pen, { x, y }, experts, middle) {
  const rows = Math.max(Math.round(Math.sqrt(experts.count / 2)), 1);
  const columns = Math.ceil(experts.count / rows);
  const side = 11;
  const top = y - (rows * side) / 2;
  pen.box(x - 3, top - 3, columns * side + 4, rows * side + 4, { fill: "paper", stroke: "edge", radius: 3 });
  for (let each = 0; each < experts.count; each++) {
    const [left, at] = [x + (each % columns) * side, top + Math.floor(each / columns) * side];
    const lit = Math.min(Math.max(experts.read_count - each, 0), 1);
    pen.box(left, at, side - 2, side - 2, { fill: "line", stroke: "part-0" });
    pen.box(left, at + (side - 2) * (1 - lit), side - 2, (side - 2) * lit, { fill: "part-0" });
  }
  return middle.slim || middle.high < LOW - 90 ? [] : [{ words: experts.label, x: x - 3, y: top + rows * side + 4, wide: middle.wide * 0.5 }];
}

// The multiprocessors, and what comes of the step

function drawUnits(pen, { x, y, wide, high, slim }, now, was, step) {
  const { units, next, draft } = now;
  pen.text(units.label, x + 10, y, { size: "s", bold: true });
  pen.box(x, y + 22, wide, high - 22, { fill: "paper", stroke: "edge", radius: 6 });
  const left = x + (slim ? 7 : 10);
  const room = wide - (slim ? 14 : 20);
  const low = high < LOW - 50;
  const columns = Math.ceil(Math.sqrt((units.count * room) / (low ? 34 : 64)));
  const cell = room / columns;
  const rows = Math.ceil(units.count / columns);
  const top = y + (low ? 27 : 30);
  const lit = (units.used_fraction ?? 0) * units.count;
  for (let each = 0; each < units.count; each++) {
    const [cx, cy] = [left + (each % columns) * cell, top + Math.floor(each / columns) * cell];
    const share = Math.min(Math.max(lit - each, 0), 1);
    pen.box(cx + 0.5, cy + 0.5, cell - 1.5, cell - 1.5, { fill: "line" });
    if (share > 0) pen.box(cx + 0.5, cy + 0.5, (cell - 1.5) * share, cell - 1.5, { fill: "machine" });
  }
  let at = top + rows * cell + 3;
  at += pen.text(units.used_label, left, at, { size: "xs", bold: true, wide: room });
  if (units.bound_label && !draft && !low) at += pen.text(units.bound_label, left, at, { size: "xs", colour: "ink-2", wide: room });
  at += pen.text(next.label, left, at + (low ? 2 : 8), { size: "xs", colour: "ink-2", wide: room }) + (low ? 2 : 8);
  at += pen.text(next.value, left, at, { size: slim || (low && draft) ? "l" : "xl", bold: true, colour: now.stopped ? "limit-ink" : "ink" });
  if (was && !(low && draft)) at += pen.text(was.next.ghost_label, left, at, { size: "xs", colour: "ink-2", wide: room });
  if (now.stopped) {
    pen.text(now.stopped.kind, left, at + 4, { size: "s", bold: true, colour: "limit-ink", wide: room });
    return;
  }
  drawProgress(pen, { x: left, y: at + 3, wide: room }, now.layers, step % 1);
  if (draft) drawDraft(pen, { x: left, y: at + 13, wide: room, low: y + high - 4, bare: low }, draft, step);
}

/** The layers that the step has passed. */
function drawProgress(pen, { x, y, wide }, layers, done) {
  pen.box(x, y, wide, 6, { fill: "line" });
  pen.box(x, y, (wide * Math.floor(done * layers)) / layers, 6, { fill: "machine" });
}

/** Drafts come one after another; when the step has verified them, those that hold have a tick, the others a cross. */
function drawDraft(pen, { x, y, wide, low, bare }, draft, step) {
  const side = Math.min(18, (wide - 3 * draft.count) / (draft.count + 1));
  const at = step % 1;
  const round = Math.floor(step);
  const made = Math.min(Math.floor((at / draft.drafting_fraction) * draft.count), draft.count);
  const verified = at > 1 - (1 - draft.drafting_fraction) / 2;
  const held = draft.rounds[round % draft.rounds.length];
  const top = bare ? y : y + pen.text(draft.label, x, y, { size: "xs", colour: "ink-2", wide }) + 3;
  if (top + side > low) return;
  for (let each = 0; each <= draft.count; each++) {
    const left = x + each * (side + 3);
    const own = each === draft.count;
    const holds = own || each < held;
    if (!verified) {
      pen.box(left, top, side, side, { stroke: "edge", dash: own ? [2, 2] : [], fill: !own && each < made ? "machine-wash" : "paper", radius: 2 });
      continue;
    }
    pen.box(left, top, side, side, { fill: holds ? "met-wash" : "limit-wash", stroke: holds ? "met" : "limit", line: 1.5, radius: 2 });
    const [a, b] = [left + side * 0.25, left + side * 0.75];
    const mark = { stroke: holds ? "met-ink" : "limit-ink", line: 2 };
    if (holds) pen.line([[a, top + side * 0.5], [left + side * 0.45, top + side * 0.72], [b, top + side * 0.28]], mark);
    else {
      pen.line([[a, top + side * 0.25], [b, top + side * 0.75]], mark);
      pen.line([[a, top + side * 0.75], [b, top + side * 0.25]], mark);
    }
  }
}

// The bus, and the kernels of a layer

function drawBus(pen, { x, y, wide, high }, { bus }, was) {
  const top = y + high - 14;
  pen.text(bus.label, x, top - 4, { size: "xs", colour: "ink-2", wide, at: "bottom" });
  pen.box(x, top, wide, 12, { fill: "line" });
  if (bus.busy_fraction !== null) pen.box(x, top, wide * bus.busy_fraction, 12, { fill: "machine-wash", hatch: "up", stroke: "machine" });
  if (bus.needed_fraction !== null) pen.box(x, top, wide * bus.needed_fraction, 12, { fill: "machine" });
  const before = was?.bus.busy_fraction;
  if (before != null) pen.line([[x + wide * before, top - 3], [x + wide * before, top + 15]], { stroke: "ink", dash: [3, 2], line: 1.5 });
}

function drawLayer(pen, { x, y, wide }, layer, before) {
  pen.text(layer.label, x, y, { size: "xs", colour: "ink-2", wide });
  const top = y + 17;
  const scale = wide / Math.max(layer.span_s, before?.span_s ?? 0);
  pen.box(x, top, layer.span_s * scale, 16, { stroke: "edge", fill: "paper" });
  for (const kernel of layer.kernels) {
    const long = Math.max(kernel.duration_s * scale, 0.75);
    pen.box(x + kernel.start_s * scale, top + 1, long, 14, { fill: DOES[kernel.does] });
    if (long > pen.measure(kernel.name, { size: "xs" }) + 8) {
      pen.text(kernel.name, x + kernel.start_s * scale + long / 2, top + 8, { size: "xs", colour: "on-mark", align: "center", at: "middle" });
    }
  }
  if (before) pen.line([[x + before.span_s * scale, top - 4], [x + before.span_s * scale, top + 20]], { stroke: "ink", dash: [3, 2], line: 1.5 });
}
