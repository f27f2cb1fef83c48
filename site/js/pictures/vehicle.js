/**
 * A vehicle's loop: a usual frame through its stages, and recorded frames one after the other against the deadline.
 *
 * exports frame(pen, scene) -> void, hit(scene, x, y) -> {frame: number} | null
 */

const LEFT = 58;
const ROW = 20;
/** In pixels around a mark of the recording. */
const REACH = 8;
/** By so much of its height a stage of the cores is lower than one of the GPU. */
const CORES_LOWER = 0.3;
/** On a canvas that is lower, fewer frames are shown, those next to the one in the middle. */
const LOW = 320;

/**
 * @param {import("./pen.js").Pen} pen
 * @param {import("./stage.js").Scene} scene
 */
export function frame(pen, scene) {
  const { now, was, time_s, still, width, height } = scene;
  const places = layOut(scene);
  if (now.stopped) return drawStopped(pen, now.stopped, width, height);
  const playing = playedAt(places.frames.shown, now.usual, time_s);
  drawUsual(pen, places.usual, now, was, { age_s: still ? null : playing.age_s, time_s });
  if (now.hidden_label) pen.text(now.hidden_label, width / 2, height - 30, { size: "s", colour: "ink-2", align: "center" });
  if (!now.recorded) return;
  drawFrames(pen, places.frames, now, still ? null : playing);
  drawRecording(pen, places.recording, now.recorded);
}

/**
 * @param {import("./stage.js").Scene} scene
 * @returns {{frame: number}|null} the recorded frame that is there
 */
export function hit({ now, width, height }, x, y) {
  if (!now.recorded) return null;
  const { frames, recording } = layOut({ now, width, height });
  const row = Math.floor((y - frames.y) / frames.row);
  if (x >= 0 && row >= 0 && row < frames.shown.length && y < recording.y) return { frame: frames.shown[row].frame };
  if (y < recording.y || now.recorded.slow.length === 0) return null;
  const at = (mark) => recording.x + (recording.wide * mark) / now.recorded.count;
  const nearest = now.recorded.slow.reduce((best, each) => (Math.abs(at(each) - x) < Math.abs(at(best) - x) ? each : best));
  return Math.abs(at(nearest) - x) <= REACH ? { frame: nearest } : null;
}

function layOut({ now, width, height }) {
  const low = height < LOW;
  const recording = { x: 4, y: height - (low ? 36 : 46), wide: width - 8 };
  const shown = shownOf(now, low);
  const row = low ? 16 : Math.min(ROW + 6, Math.max((height * 0.42 - 24) / Math.max(shown.length, 1), 14));
  const framesHigh = now.recorded ? 24 + shown.length * row : 0;
  const frames = { x: LEFT, y: recording.y - shown.length * row - (low ? 2 : 10), wide: width - LEFT - 8, row, shown };
  const usual = { x: 4, y: 0, wide: width - 8, high: (now.recorded ? recording.y : height - 40) - framesHigh - (low ? 0 : 12), low };
  return { recording, frames, usual };
}

function shownOf({ recorded }, low) {
  if (!recorded) return [];
  return low ? recorded.frames.slice(1, 4) : recorded.frames;
}

/** Which recorded frame runs, and how old it is; without a recording, the usual frame again and again. */
function playedAt(frames, usual, time_s) {
  const times = frames.length ? frames.map((each) => each.time_s) : [usual.time_s];
  let age_s = time_s % times.reduce((sum, each) => sum + each, 0);
  let place = 0;
  while (place < times.length - 1 && age_s > times[place]) age_s -= times[place++];
  return { place, age_s };
}

function drawStopped(pen, { kind, reason }, width, height) {
  pen.box(0, 0, width, height, { fill: "limit-wash", stroke: "limit", hatch: "up", radius: 6 });
  pen.box(width * 0.1, height / 2 - 60, width * 0.8, 120, { fill: "paper", radius: 6 });
  pen.text(kind, width / 2, height / 2 - 40, { size: "l", bold: true, colour: "limit-ink", align: "center" });
  pen.text(reason, width / 2, height / 2 - 8, { size: "s", align: "center", wide: width * 0.74 });
}

// The usual frame

function drawUsual(pen, { x, y, wide, high, low }, now, was, { age_s, time_s }) {
  const { usual } = now;
  const end_s = Math.max(usual.time_s, now.deadline_s) * 1.06;
  const scale = wide / end_s;
  pen.text(usual.label, x, y, { size: "s", bold: true });
  let after = x + pen.measure(usual.label, { size: "s", bold: true }) + 12;
  if (was) pen.text(was.usual.ghost_label, after, y + 1, { size: "xs", colour: "ink-2" });
  if (was) after += pen.measure(was.usual.ghost_label, { size: "xs" }) + 12;
  if (now.backlog) drawBacklog(pen, { x: after, y: y + 3, wide: x + wide - after }, now.backlog, time_s);
  else drawKeys(pen, usual.keys, after, y, x + wide);
  const top = y + (low ? 28 : 36);
  const tall = Math.min(now.recorded ? 46 : 110, Math.max(high - 96, low ? 18 : 22));
  drawImages(pen, { x, y: top - 8 }, now.arrivals_s, scale);
  let at_s = 0;
  if (usual.batch_wait_s) at_s = drawSpan(pen, { x, top, tall, scale, at_s }, usual.batch_wait_s, { fill: "paper-2", stroke: "edge", hatch: "dots" });
  const labels = usual.wait_label ? [{ x: x + (at_s * scale) / 2, words: usual.wait_label, wide: at_s }] : [];
  for (const stage of usual.stages) {
    const begins = at_s;
    const colour = stage.on_gpu ? "part-0" : "part-3";
    const low = stage.on_gpu ? 0 : tall * CORES_LOWER; // told apart without their colour
    const span = { x, top: top + low, tall: tall - low, scale };
    at_s = drawSpan(pen, { ...span, at_s }, stage.waits_s, { fill: "paper", stroke: colour, hatch: "up" });
    at_s = drawSpan(pen, { ...span, at_s }, stage.runs_s, { fill: colour, stroke: "paper" });
    labels.push({ x: x + ((begins + at_s) / 2) * scale, words: stage.label, wide: at_s - begins });
  }
  drawLabels(pen, labels, top + tall, { x, wide, low: y + high });
  drawDeadline(pen, x + now.deadline_s * scale, [y + (low ? 15 : 18), top + tall + 6], now.deadline_label, x + wide);
  if (was) pen.line([[x + was.usual.time_s * scale, top - 6], [x + was.usual.time_s * scale, top + tall + 6]], { stroke: "ink", dash: [3, 2], line: 1.5 });
  if (age_s === null) return;
  const head = x + Math.min(age_s, end_s) * scale;
  pen.line([[head, top - 8], [head, top + tall + 4]], { stroke: "ink", line: 2 });
  pen.shape([[head - 5, top - 14], [head + 5, top - 14], [head, top - 6]], { fill: age_s > now.deadline_s ? "limit" : "ink" });
}

function drawSpan(pen, { x, top, tall, scale, at_s }, long_s, look) {
  pen.box(x + at_s * scale, top, long_s * scale, tall, { ...look, line: 1 });
  return at_s + long_s;
}

/** The images of a batch, as they arrive. */
function drawImages(pen, { x, y }, arrivals_s, scale) {
  if (arrivals_s.length < 2 || arrivals_s.at(-1) === 0) return;
  for (const at_s of arrivals_s) pen.box(x + at_s * scale - 3, y - 3, 8, 6, { fill: "machine", stroke: "paper" });
}

/** Each label under its stage, the longest stage first, in the first row where it meets no other; a thin line leads to it. */
function drawLabels(pen, labels, y, { x, wide, low }) {
  const rows = Array.from({ length: Math.max(Math.floor((low - y - 8) / 15), 0) }, () => []);
  const placed = [];
  for (const { x: middle, words } of labels.toSorted((one, other) => other.wide - one.wide)) {
    const long = pen.measure(words, { size: "xs" });
    const left = Math.min(Math.max(middle - long / 2, x), x + wide - long);
    const row = rows.findIndex((taken) => taken.every(([from, to]) => left > to + 8 || left + long < from - 8));
    if (row < 0) continue;
    rows[row].push([left, left + long]);
    placed.push({ middle, words, left, top: y + 8 + row * 15 });
  }
  for (const { middle, top } of placed) pen.line([[middle, y], [middle, top + 1]], { stroke: "edge", line: 0.75 });
  for (const { words, left, top } of placed) pen.text(words, left, top, { size: "xs", halo: "paper" });
}

/** What the looks of a stage mean. */
function drawKeys(pen, keys, x, y, right) {
  const looks = [{ fill: "part-0" }, { fill: "part-3" }, { fill: "paper", stroke: "part-0", hatch: "up" }];
  keys.forEach((words, at) => {
    const long = pen.measure(words, { size: "xs" });
    if (x + 16 + long > right) return;
    const low = at === 1 ? 9 * CORES_LOWER : 0;
    pen.box(x, y + 4 + low, 11, 9 - low, looks[at]);
    pen.text(words, x + 16, y + 1, { size: "xs", colour: "ink-2" });
    x += long + 28;
  });
}

function drawDeadline(pen, x, [top, low], words, right) {
  pen.line([[x, top], [x, low]], { stroke: "limit", line: 2.5 });
  if (!words) return;
  const long = pen.measure(words, { size: "xs", bold: true });
  pen.text(words, Math.min(x - 4, right), top - 2, { size: "xs", bold: true, colour: "limit-ink", align: x - long - 4 > 0 ? "right" : "left", at: "top", halo: "paper" });
}

// Images that wait

/** They pile up as time goes on: the loop takes fewer than the cameras deliver. */
function drawBacklog(pen, { x, y, wide }, backlog, time_s) {
  const most = Math.floor((wide - 12) / 12);
  const waiting = Math.min(Math.floor(time_s * backlog.grows_per_s), most);
  for (let each = 0; each < waiting; each++) pen.box(x + each * 12, y, 10, 10, { fill: "limit-wash", stroke: "limit", hatch: "up" });
  if (waiting === most) pen.text("+", x + wide, y - 3, { size: "s", bold: true, colour: "limit-ink", align: "right" });
}

// Recorded frames

function drawFrames(pen, { x, y, wide, row, shown: frames }, now, playing) {
  const longest_s = Math.max(now.deadline_s * 1.06, ...frames.map((each) => each.time_s));
  const room = wide - 74;
  const scale = room / longest_s;
  frames.forEach((each, at) => {
    const top = y + at * row;
    const tall = row - 6;
    const played_s = !playing || at < playing.place ? each.time_s : at === playing.place ? playing.age_s : 0;
    pen.text(each.label, x - 8, top + tall / 2, { size: "xs", align: "right", at: "middle", bold: each.slow, colour: each.slow ? "limit-ink" : "ink-2" });
    drawFrame(pen, { x, top, tall, scale }, each, { played_s, deadline_s: now.deadline_s, usual: now.usual });
    const end = x + Math.max(each.time_s, now.deadline_s) * scale + 7;
    drawMark(pen, end + 5, top + tall / 2, !each.slow);
    pen.text(each.time_label, end + 15, top + tall / 2, { size: "xs", at: "middle", bold: each.slow, colour: each.slow ? "limit-ink" : "ink" });
    if (each.picked) pen.box(x - 2, top - 2, each.time_s * scale + 4, tall + 4, { stroke: "chosen", line: 2, radius: 3 });
    if (each.longer_label) pen.text(each.longer_label, x + Math.max(now.deadline_s * scale, 20) + 10, top + tall / 2, { size: "xs", bold: true, at: "middle", halo: "paper" });
  });
  drawDeadline(pen, x + now.deadline_s * scale, [y - 18, y + frames.length * row - 2], now.deadline_label, x + wide);
}

/** What was played is solid; past the deadline it is hatched red. A frame that was opened shows its stages. */
function drawFrame(pen, { x, top, tall, scale }, each, { played_s, deadline_s, usual }) {
  pen.box(x, top, each.time_s * scale, tall, { fill: "paper-2", stroke: each.slow ? "limit" : "edge" });
  const within = Math.min(played_s, deadline_s) * scale;
  pen.box(x, top, within, tall, { fill: "part-0" });
  if (played_s > deadline_s) pen.box(x + within, top, (played_s - deadline_s) * scale, tall, { fill: "limit-wash", stroke: "limit", hatch: "up" });
  if (!each.stages) return;
  let at_s = 0;
  pen.box(x, top, each.time_s * scale, tall, { fill: "paper", stroke: "edge" });
  each.stages.forEach(([waits_s, runs_s], stage) => {
    const colour = usual.stages.find(({ place }) => place === stage)?.on_gpu ? "part-0" : "part-3";
    at_s = drawSpan(pen, { x, top, tall, scale, at_s }, waits_s, { fill: "limit-wash", stroke: "limit", hatch: "up" });
    at_s = drawSpan(pen, { x, top, tall, scale, at_s }, runs_s, { fill: colour });
  });
}

function drawMark(pen, x, y, met) {
  const look = { stroke: met ? "met" : "limit", line: 2 };
  if (met) return pen.line([[x - 4, y], [x - 1, y + 3], [x + 4, y - 4]], look);
  pen.line([[x - 4, y - 4], [x + 4, y + 4]], look);
  pen.line([[x - 4, y + 4], [x + 4, y - 4]], look);
}

/** All recorded frames from left to right; a triangle for each slow one. */
function drawRecording(pen, { x, y, wide }, recorded) {
  pen.text(recorded.label, x, y, { size: "xs", colour: "ink-2", wide });
  const top = y + 16;
  const at = (frame) => x + (wide * frame) / recorded.count;
  pen.box(x, top + 8, wide, 8, { fill: "part-0", radius: 2 });
  for (const each of recorded.slow) pen.shape([[at(each) - 5, top], [at(each) + 5, top], [at(each), top + 10]], { fill: "limit", stroke: "paper" });
  const [first, last] = [recorded.frames[0].frame, recorded.frames.at(-1).frame];
  pen.box(at(first) - 4, top + 5, at(last) - at(first) + 8, 14, { stroke: "ink", line: 1.5, radius: 3 });
}
