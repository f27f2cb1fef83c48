/**
 * Glasses that warm: the skin along its curve, the frames of a second, and where power and bus go.
 *
 * exports frame(pen, scene)
 */
import { between, columnsOf, fitted, isFlat, overflow, shareBar, shareKey, tag } from "./shares.js";

const PAD = 10;
const BAR = 14;

/** @param {import("./pen.js").Pen} pen */
export function frame(pen, { now, was, time_s, still }) {
  if (now.stopped) return overflow(pen, now.stopped);
  const at = moment(now.heat, still ? time_s + telling(now.heat) : time_s);
  const places = layOut(pen);
  wear(pen, places.wear, now.heat, at);
  frames(pen, places.frames, now.frames, now.heat.throttled[at], still);
  warmth(pen, places.warmth, now.heat, was?.heat, at);
  power(pen, places.power, now.power, was?.power);
  bus(pen, places.bus, now.bus, was?.bus);
}

/** Where everything stands: one above the other, or side by side where it is wide and low. */
function layOut({ width, height }) {
  const whole = width - 2 * PAD;
  if (isFlat({ width, height })) {
    const [side, high, half] = [whole * 0.36, height - 54, whole * 0.57 - 8];
    return {
      wear: { x: PAD, y: 2, width: side, height: high * 0.5 },
      frames: { x: PAD, y: high * 0.5 + 6, width: side, height: high * 0.5 - 6 },
      warmth: { x: PAD + side + 14, y: 0, width: whole - side - 14, height: high },
      power: { x: PAD, y: height - 48, width: half, lines: 0 },
      bus: { x: PAD + half + 16, y: height - 48, width: whole - half - 16 },
    };
  }
  const low = height < 330;
  const bars = low ? 88 : 122;
  const top = low ? 78 : Math.min(118, height * 0.28);
  const middle = width * (width < 420 ? 0.48 : 0.44);
  return {
    wear: { x: PAD, y: 4, width: middle - 2 * PAD, height: top - 8 },
    frames: { x: middle, y: 4, width: width - middle - PAD, height: top - 8 },
    warmth: { x: PAD, y: top + 4, width: whole, height: height - top - bars - 8 },
    power: { x: PAD, y: height - bars, width: whole, lines: low ? 1 : 2 },
    bus: { x: PAD, y: height - 37, width: whole },
  };
}

/** The sample at a time of the shown span, which begins again at its end. */
function moment({ times_s }, time_s) {
  const span_s = times_s.at(-1);
  return Math.min(Math.floor(((time_s % span_s) / span_s) * (times_s.length - 1)), times_s.length - 1);
}

/** When a still begins: as the governor first holds back, or else just before the end. */
function telling({ times_s, throttled }) {
  return times_s.at(throttled.includes(true) ? throttled.indexOf(true) : -2);
}

/** The glasses themselves, filled as high as the skin is warm. */
function wear(pen, place, heat, at) {
  const { y, height } = place;
  const width = Math.min(place.width, height * 2.6);
  const x = place.x + (place.width - width) / 2;
  const hot = heat.throttled[at];
  const share = (heat.skin_c[at] - heat.low_c) / (heat.high_c - heat.low_c);
  const lens = { width: width * 0.42, height: height * 0.6 };
  const under = y + height - 2;
  const over = under - lens.height;
  for (const left of [x, x + width - lens.width]) {
    pen.box(left, over, lens.width, lens.height, { fill: "paper-2", radius: 18 });
    const level = between(under, over, share);
    pen.clip(left, level, lens.width, under - level, () => {
      pen.box(left, over, lens.width, lens.height, { fill: hot ? "limit" : "machine", alpha: 0.22, radius: 18 });
      if (hot) pen.box(left, over, lens.width, lens.height, { hatch: "up", stroke: "limit", radius: 18, alpha: 0.5 });
    });
    pen.box(left, over, lens.width, lens.height, { stroke: "ink", line: 2.5, radius: 18 });
  }
  const bridge = over + lens.height * 0.35;
  pen.line([[x + lens.width, bridge], [x + width / 2, bridge - 6], [x + width - lens.width, bridge]], { stroke: "ink", line: 2.5 });
  pen.curve([x + 6, over + 3], [x + 44, over - 14], { stroke: "ink", line: 2.5 });
  pen.curve([x + width - 6, over + 3], [x + width - 44, over - 14], { stroke: "ink", line: 2.5 });
  waves(pen, { x: x + width / 2, y: over - 4 }, share, hot);
  const line = over + lens.height / 2;
  const roomy = lens.width > 84;
  pen.text(heat.labels[at], x + lens.width / 2, line, { align: "center", at: "middle", bold: true, size: roomy ? "m" : "xs" });
  pen.text(hot ? "throttled" : "full clock", x + width - lens.width / 2, line, { align: "center", at: "middle", size: "xs", bold: hot && roomy, colour: hot ? "limit-ink" : "ink" });
}

/** Warmth that rises: one to four lines, the more the warmer. */
function waves(pen, { x, y }, share, hot) {
  const count = Math.max(1, Math.ceil(share * 4));
  for (let at = 0; at < count; at += 1) {
    const left = x + (at - (count - 1) / 2) * 13;
    const points = Array.from({ length: 9 }, (_, step) => [left + 3 * Math.sin(step * 1.1), y - step * 2]);
    pen.line(points, { stroke: hot ? "limit" : "machine", line: 2 });
  }
}

/** One cell for each frame that the camera takes in a second: filled if it is worked on, else struck out. */
function frames(pen, { x, y, width, height }, frames, hot, still) {
  const { asked_per_s, full_per_s, throttled_per_s } = frames;
  const share = (hot ? throttled_per_s : full_per_s) / asked_per_s;
  const label = hot ? frames.throttled_label : frames.full_label;
  pen.text(label, x, y, { bold: true, colour: hot ? "limit-ink" : "ink" });
  const both = still && !hot && frames.throttled_label ? `throttled: ${frames.throttled_label}` : frames.mean_label;
  pen.text(both, x, y + height, { size: "xs", at: "bottom", colour: "ink-2" });
  const columns = columnsOf(asked_per_s, Math.sqrt((asked_per_s * width) / (height - 38)));
  const rows = Math.ceil(asked_per_s / columns);
  const [wide, high] = [width / columns, Math.min((height - 38) / rows, 22)];
  for (let at = 0; at < asked_per_s; at += 1) {
    const done = Math.floor((at + 1) * share + 1e-9) > Math.floor(at * share + 1e-9);
    const [left, over] = [x + (at % columns) * wide, y + 20 + Math.floor(at / columns) * high];
    if (done) pen.box(left, over, wide - 2, high - 2, { fill: "machine", radius: 1.5 });
    else dropped(pen, left, over, wide - 2, high - 2);
  }
}

function dropped(pen, x, y, width, height) {
  pen.box(x + 0.5, y + 0.5, width - 1, height - 1, { stroke: "limit", radius: 1.5 });
  pen.line([[x + 1, y + height - 1], [x + width - 1, y + 1]], { stroke: "limit" });
}

/** The skin over half an hour: what is past drawn strong, with the limit, the ghost, and where the governor holds back. */
function warmth(pen, { x, y, width, height }, heat, ghost, at) {
  const span_s = heat.times_s.at(-1);
  const floor = y + height - 18;
  const across = (s) => x + (width * s) / span_s;
  const up = (c) => between(floor, y + 14, (c - heat.low_c) / (heat.high_c - heat.low_c));
  const points = heat.skin_c.map((c, place) => [across(heat.times_s[place]), up(c)]);
  held(pen, heat, points, floor);
  for (const { s, label } of heat.ticks) {
    const align = s === 0 ? "left" : s === span_s ? "right" : "center";
    pen.line([[across(s), floor], [across(s), floor + 4]], { stroke: "edge" });
    pen.text(label, across(s), floor + 4, { size: "xs", align, colour: "ink-2" });
  }
  pen.line([[x, floor], [x + width, floor]], { stroke: "edge" });
  pen.line([[x, up(heat.limit_c)], [x + width, up(heat.limit_c)]], { stroke: "limit", line: 2 });
  pen.line([[x, up(heat.resume_c)], [x + width, up(heat.resume_c)]], { stroke: "limit", dash: [5, 4], alpha: 0.7 });
  if (ghost) {
    pen.clip(x, y, width, height, () => pen.line(ghost.skin_c.map((c, place) => [across(ghost.times_s[place]), up(c)]), { stroke: "ink-2", line: 1.5, dash: [4, 4] }));
  }
  pen.text(heat.limit_label, x + width, up(heat.limit_c) - 3, { size: "xs", at: "bottom", align: "right", bold: true, colour: "limit-ink" });
  if (height > 110) tag(pen, heat.resume_label, x + width, up(heat.resume_c) + 3, { size: "xs", align: "right", colour: "ink-2" });
  pen.text(heat.ambient_label, x + 24, floor - 3, { size: "xs", at: "bottom", colour: "ink-2" });
  if (ghost) pen.text("- - before", x, y + 14, { size: "xs", at: "bottom", colour: "ink-2" });
  pen.line(points, { stroke: "machine", line: 1.5, alpha: 0.45 });
  pen.line(points.slice(0, at + 1), { stroke: "machine", line: 3.5 });
  pen.dot(...points[at], 6, { fill: heat.throttled[at] ? "limit" : "machine", stroke: "paper", line: 2 });
}

/** Hatch what lies under the curve while the governor holds back. */
function held(pen, { throttled }, points, floor) {
  for (let from = throttled.indexOf(true); from >= 0; ) {
    const end = throttled.indexOf(false, from);
    const until = end < 0 ? throttled.length - 1 : end;
    const under = points.slice(from, until + 1);
    pen.shape([[under[0][0], floor], ...under, [under.at(-1)[0], floor]], { fill: "limit", alpha: 0.08 });
    pen.shape([[under[0][0], floor], ...under, [under.at(-1)[0], floor]], { hatch: "up", stroke: "limit", alpha: 0.3 });
    from = end < 0 ? -1 : throttled.indexOf(true, end);
  }
}

/** The mean power by cause against what the glasses shed; what is beyond is hatched in red. */
function power(pen, { x, y, width, lines }, power, ghost) {
  const full = 1.04 * Math.max(power.power_w, power.limit_w, ghost?.power_w ?? 0);
  const place = (watts) => x + (width * watts) / full;
  const values = power.parts ? power.parts.map(({ w }) => w) : [power.power_w];
  const beyond = power.power_w > power.limit_w;
  const size = width < 400 ? "xs" : "s";
  pen.text(power.label, x, y, { size, bold: true, colour: beyond ? "limit-ink" : "ink" });
  const look = { size, align: "right", bold: true, colour: "limit-ink" };
  pen.text(fitted(pen, power.limit_label, width - pen.measure(power.label, look) - 8, look), x + width, y, look);
  shareBar(pen, { x, y: y + 19, width, height: BAR, values, full });
  if (beyond) pen.box(place(power.limit_w), y + 19, place(power.power_w) - place(power.limit_w), BAR, { hatch: "cross", stroke: "limit", line: 2 });
  if (ghost) pen.box(x, y + 18, place(ghost.power_w) - x, BAR + 2, { stroke: "ink-2", line: 1.5, dash: [4, 3] });
  pen.line([[place(power.limit_w), y + 15], [place(power.limit_w), y + 19 + BAR + 4]], { stroke: "limit", line: 3 });
  const entries = power.parts ? power.parts.map(({ name, label }) => `${name} ${label}`) : [power.hidden];
  if (lines) shareKey(pen, { x, y: y + 19 + BAR + 3, width, entries, lines });
}

/** The bus while the networks run: busy, and what of that is needed. */
function bus(pen, { x, y, width }, bus, ghost) {
  const [busy, needed] = [width * bus.busy_fraction, width * bus.needed_fraction];
  const size = width < 400 ? "xs" : "s";
  pen.text(`bus ${bus.busy_label},`, x, y, { size });
  pen.text(bus.needed_label, x + pen.measure(`bus ${bus.busy_label}, `, { size }), y, { size, bold: true });
  pen.box(x, y + 18, width, BAR, { fill: "paper-2", stroke: "line" });
  pen.box(x, y + 18, busy, BAR, { fill: "memory", alpha: 0.18 });
  pen.box(x, y + 18, busy, BAR, { hatch: "up", stroke: "memory" });
  pen.box(x, y + 18, needed, BAR, { fill: "memory" });
  if (!ghost) return;
  for (const share of [ghost.busy_fraction, ghost.needed_fraction]) {
    pen.box(x, y + 17, width * share, BAR + 2, { stroke: "ink-2", line: 1.5, dash: [4, 3] });
  }
}
