/**
 * The stage of the living picture: the figure in the page, its buttons, its clock, its canvas.
 *
 * A picture's module exports `frame(pen, scene)`, which draws one frame, and may export `hit(scene, x, y)`, which says
 * what a click asks Python to look at. Modules compute nothing but places in the drawing.
 *
 * exports openStage(options) -> Stage
 */
import { createClock } from "./clock.js";
import { readColours } from "./colours.js";
import { createControls } from "./controls.js";
import { createPen } from "./pen.js";
import { fillTable } from "./table.js";

/**
 * @typedef {object} Picture  what Python made of one design, as rooflab/systems/picture.py has it
 * @property {string} kind
 * @property {string} title
 * @property {string} words
 * @property {[string, string][]} rows
 * @property {import("./clock.js").Pace|null} pace
 * @property {Record<string, any>} numbers
 *
 * @typedef {object} Scene
 * @property {Record<string, any>} now  the picture's numbers
 * @property {Record<string, any>|null} was  those of the design that was last pinned or scored
 * @property {number} time_s  of the system's own clock
 * @property {boolean} still  nothing moves: everything must show in this one frame
 * @property {number} width
 * @property {number} height
 *
 * @typedef {object} Stage
 * @property {(message: {picture: Picture|null, was: object|null, chosen: string, choices: {id: string, name: string}[]}, since?: number) => void} show
 *   `since` is when the learner moved what this comes of
 * @property {() => void} repaint  the colours changed
 */

/** A browser that takes longer to grant a frame, on average, has no time to spare: the picture then rests between frames. */
const BUSY_MS = 60;
const REST_MS = 150;

/**
 * @param {object} options
 * @param {(message: object) => void} options.post  tells Python what is looked at
 * @param {Record<string, {frame: Function, hit?: Function}>} options.modules  by the kind of picture
 * @returns {Stage}
 */
export function openStage({ post, modules }) {
  const figure = document.getElementById("picture");
  const clock = createClock();
  const still = window.matchMedia("(prefers-reduced-motion: reduce)");
  const forced = window.matchMedia("(forced-colors: active)");
  const controls = createControls(figure, {
    clock,
    onChange: changed,
    onLook: (look) => post({ type: "picture", ...look }),
  });
  const { canvas } = controls;
  let message = null;
  let since = null;
  let playing = true;
  let seen = false;
  let due = 0;
  let asked_ms = 0;
  let granted_ms = 0; // how long a frame took to be granted, on average
  let resting = 0;
  /** @type {number|null} when the last frame was drawn, if it runs since */
  let drawn_ms = null;
  let pen = null;

  new ResizeObserver(() => ((pen = null), ask())).observe(canvas);
  // What changed since the last call comes together: the last entry is how it is now.
  new IntersectionObserver((entries) => ((seen = entries.at(-1).isIntersecting), (drawn_ms = null), ask())).observe(canvas);
  document.addEventListener("visibilitychange", () => ((drawn_ms = null), ask()));
  still.addEventListener("change", changed);
  for (const query of [forced, window.matchMedia("(prefers-color-scheme: dark)")]) query.addEventListener("change", repaint);
  canvas.addEventListener("click", (event) => look(event, true));
  canvas.addEventListener("pointermove", (event) => look(event, false));
  return { show, repaint };

  function show(told, cause) {
    const shown = told.picture !== null && told.picture.kind in modules;
    figure.hidden = !shown;
    message = shown ? told : null;
    if (!shown) return;
    if (Number.isFinite(cause)) since = Math.min(since ?? cause, cause);
    clock.take(told.picture.pace);
    controls.show(told, isRunning());
    fillTable(controls.table, told.picture.title, told.picture.rows);
    ask();
  }

  function repaint() {
    pen = null;
    if (document.hidden || !message || !seen) return ask();
    draw(); // at once: a browser that prints does not wait for a frame
  }

  /** The learner stopped it, set it going, stepped or chose another pace. */
  function changed({ play } = {}) {
    if (play !== undefined) playing = play;
    if (message) controls.show(message, isRunning());
    ask();
  }

  function isRunning() {
    return playing && !still.matches && message?.picture.pace != null;
  }

  /** Have one frame drawn; while it runs, each asks for the next. */
  function ask() {
    if (due || !message || !seen || document.hidden) return;
    window.clearTimeout(resting);
    asked_ms = performance.now();
    due = requestAnimationFrame(next);
  }

  function next(at_ms) {
    due = 0;
    if (!message || document.hidden) return;
    granted_ms += (performance.now() - asked_ms - granted_ms) / 8;
    const running = isRunning();
    if (running) clock.run(Math.max(at_ms - (drawn_ms ?? at_ms), 0) / 1000);
    drawn_ms = running ? at_ms : null;
    draw();
    if (running && granted_ms > BUSY_MS) resting = window.setTimeout(ask, REST_MS);
    else if (running) ask();
    if (since !== null) {
      const end = performance.now();
      if (end > since) performance.measure("rooflab:picture", { start: since, end });
      since = null;
    }
  }

  function scene() {
    const { picture, was } = message;
    return { now: picture.numbers, was, time_s: clock.now(), still: still.matches, width: pen.width, height: pen.height };
  }

  function draw() {
    pen ??= newPen();
    pen.context.clearRect(0, 0, pen.width, pen.height);
    modules[message.picture.kind].frame(pen, scene());
  }

  function newPen() {
    const scale = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = canvas;
    [canvas.width, canvas.height] = [Math.round(width * scale), Math.round(height * scale)];
    const style = getComputedStyle(figure);
    const text = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
    return createPen(canvas, readColours(figure), { scale, width, height, font: style.fontFamily, text });
  }

  function look(event, isClick) {
    const { hit } = (message && modules[message.picture.kind]) ?? {};
    if (!hit || !pen) return;
    const { left, top } = canvas.getBoundingClientRect();
    const found = hit(scene(), event.clientX - left, event.clientY - top);
    canvas.style.cursor = found ? "pointer" : "";
    if (found && isClick) post({ type: "picture", ...found });
  }
}
