/**
 * One step at a time: the step that the learner is at has the screen; the line above leads back to those that are done.
 *
 * What is done stays on the screen until the learner goes on, so that it can be read; only a lock opens the bench at once.
 *
 * exports startSteps() -> void, showSteps(place) -> void, beginAnew() -> void, settleSteps() -> void, sectionOf(id) -> string
 */

import { announce } from "./announce.js";

/** The sections that a step has on the screen; the first is the step's own. */
const SECTIONS = {
  brief: ["section-brief"],
  predict: ["section-lock", "section-brief"],
  explore: ["section-workbench"],
  reveal: ["section-reveal"],
  attempt: ["section-workbench"],
  verify: ["section-workbench"],
  propose: ["section-reflection", "section-workbench"], // of the bench, its picture
};
const CLOSING = ["section-reflection"];
/** Steps after which the next one opens by itself. */
const GOES_ON = new Set(["predict"]);

/** @type {import("./path.js").Place|null} */
let place = null;
let key = "";
let open = "";

/** @param {string} id of a step @returns {string} the id of its section */
export function sectionOf(id) {
  return (SECTIONS[id] ?? CLOSING)[0];
}

/** Let the links of the path open their steps, and the button below a step the next one. */
export function startSteps() {
  document.getElementById("path").addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#section-']");
    if (!link) return;
    event.preventDefault();
    const { step } = link.closest("[data-step]").dataset;
    if (openStep(step)) focusStep();
    else announce(`${link.textContent} is locked: finish the step before it first.`);
  });
  document.getElementById("go-on-button").addEventListener("click", () => {
    openStep(place.step === "done" ? open : place.step);
    focusStep();
  });
  new ResizeObserver(() => bringIntoLine(document.querySelector("#path .open"))).observe(document.getElementById("path"));
}

/** Another ledger's place comes next: whatever is open belongs to the one before. */
export function beginAnew() {
  key = "";
}

/** Follow the learner's place. @param {import("./path.js").Place} now */
export function showSteps(now) {
  const before = place;
  place = now;
  const isNew = key !== `${now.track}:${now.part}`;
  key = `${now.track}:${now.part}`;
  const wasAt = before?.step ?? "";
  if (isNew || !stateOf(open) || (GOES_ON.has(open) && wasAt !== now.step)) open = beginsAt(now);
  show();
  // Not away from the arrow keys that go through the tracks.
  if (isNew && before && !document.activeElement?.matches("#tracks input:focus-visible")) focusStep();
  else if (isNew && before) announce(whereWords());
}

/** @param {string} id @returns {boolean} whether it could be opened */
function openStep(id) {
  if (!place || !["done", "current"].includes(stateOf(id))) return false;
  open = id;
  show();
  settleSteps();
  return true;
}

function beginsAt({ step, steps }) {
  return steps.some(({ id }) => id === step) ? step : (steps.at(-1)?.id ?? "brief");
}

function stateOf(id) {
  return place?.steps.find((step) => step.id === id)?.state;
}

function labelOf(id) {
  return place?.steps.find((step) => step.id === id)?.label ?? "";
}

function show() {
  const shown = new Set(SECTIONS[open] ?? CLOSING);
  for (const section of document.querySelectorAll("main > .step")) {
    if (shown.has(section.id)) section.dataset.shown = "true";
    else delete section.dataset.shown;
  }
  document.body.dataset.step = open;
  document.body.toggleAttribute("data-bench", sectionOf(open) === "section-workbench");
  for (const item of document.querySelectorAll("#path [data-step]")) item.classList.toggle("open", item.dataset.step === open);
  bringIntoLine(document.querySelector("#path .open"));
  if (!isBehind()) document.getElementById("go-on").hidden = true;
}

/** @returns {boolean} whether what is open lies before the learner's step, and on another section */
function isBehind() {
  return stateOf(place.step) === "current" && sectionOf(place.step) !== sectionOf(open);
}

/** All is on the screen that the learner's last action has made: they may go on, if the step is done. */
export function settleSteps() {
  if (!place) return;
  const button = document.getElementById("go-on-button");
  button.textContent = `Next: ${labelOf(place.step)}`;
  document.getElementById("go-on").hidden = !isBehind();
}

/** On a narrow window the path goes sideways: the open step is in sight. */
function bringIntoLine(item) {
  if (!item) return;
  const path = document.getElementById("path");
  path.scrollLeft = item.offsetLeft - (path.clientWidth - item.offsetWidth) / 2;
}

/** @returns {string} the part and the step that are on the screen */
function whereWords() {
  const part = place.parts.find(({ number }) => number === place.part);
  return `${part.number}. ${part.title}: ${labelOf(open)}`;
}

/** Bring the open step to the top of the window, and the focus to its heading, and say where that is. */
function focusStep() {
  const section = document.getElementById(sectionOf(open));
  const title = section.querySelector("h2");
  title.tabIndex = -1;
  title.focus({ preventScroll: true });
  window.scrollTo({ top: 0, behavior: "instant" });
  announce(whereWords());
}
