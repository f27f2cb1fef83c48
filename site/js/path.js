/**
 * Mark where the learner is: the track, the parts with the present one's steps, the sections and the briefing.
 *
 * exports showPath(place) -> void, startPath(go) -> void
 */

/**
 * @typedef {"done"|"current"|"locked"} StepState
 * @typedef {{number: number, title: string, state: "open"|"done"|"locked"}} PartPlace
 * @typedef {object} Place
 * @property {string} track
 * @property {number} part
 * @property {string} mode
 * @property {string} step
 * @property {{id: string, label: string, state: StepState}[]} steps  of the present part
 * @property {PartPlace[]} parts  of the present track
 * @property {string} northStar
 * @property {string[]} briefing
 * @property {Record<string, string>} facts
 */

import { sectionOf, showSteps, startSteps } from "./steps.js";

const STEP_WORDS = { done: "done", current: "now", locked: "locked" };
const PART_WORDS = { done: "done", open: "open", locked: "locked" };
const CLOSING_TITLES = { 1: "Diagnose and reflect", 2: "Propose and reflect", 3: "Answer and reflect" };

/**
 * Let the track's radios lead to the tracks, and the path's links to sections without a change of address.
 * @param {(fragment: string) => void} go
 */
export function startPath(go) {
  const tracks = document.getElementById("tracks");
  tracks.addEventListener("change", ({ target }) => go(`#${target.value}/1`));
  tracks.addEventListener("click", ({ target }) => target.name === "track" && foldLanding()); // the one that is chosen already, too
  document.getElementById("modes")?.addEventListener("change", ({ target }) => {
    const { track, part } = document.getElementById("path").dataset;
    go(`#${track}/${part}&mode=${target.value}`);
  });
  startSteps();
}

/** @param {Place} place */
export function showPath(place) {
  const path = document.getElementById("path");
  Object.assign(path.dataset, { track: place.track, part: place.part });
  for (const radio of document.querySelectorAll("#tracks input")) radio.checked = radio.value === place.track;
  for (const radio of document.querySelectorAll("#modes input")) radio.checked = radio.value === place.mode;
  path.querySelector(".parts").replaceChildren(...place.parts.map((part) => partItem(place, part)));
  if (place.step !== "predict") foldLanding();
  showSections(place);
  if (place.briefing) showBriefing(place);
}

/** A track is chosen: its cards become one row. early.js does the same for work that is kept. */
function foldLanding() {
  document.documentElement.dataset.landing = "row";
}

/** @param {Place} place @param {PartPlace} part */
function partItem(place, part) {
  const present = part.number === place.part;
  const item = make("li", { className: "part", dataset: { part: part.number, state: part.state } });
  const words = `${part.number}. ${part.title}`;
  const name =
    present || part.state === "locked"
      ? make("span", { className: "part-name" }, words)
      : make("a", { className: "part-name", href: `#${place.track}/${part.number}` }, words);
  item.append(name, " ", make("span", { className: "state" }, present ? "" : PART_WORDS[part.state]));
  if (present) {
    if (part.state !== "locked") item.dataset.present = "true";
    item.append(make("ol", { className: "steps" }, ...place.steps.map(stepItem)));
  }
  return item;
}

/** @param {{id: string, label: string, state: StepState}} step */
function stepItem({ id, label, state }) {
  const link = make("a", { href: `#${sectionOf(id)}` }, label);
  if (state === "current") link.setAttribute("aria-current", "step");
  const words = id === "brief" && state === "done" ? "open" : STEP_WORDS[state];
  return make("li", { dataset: { step: id, state } }, link, " ", make("span", { className: "state" }, words));
}

/** @param {Place} place */
function showSections(place) {
  const states = new Map(place.steps.map(({ id, state }) => [id, state]));
  let number = 0;
  for (const section of document.querySelectorAll("main > .step")) {
    const steps = section.dataset.step.split(" ").filter((step) => states.has(step));
    if (steps.length === 0) continue;
    const found = steps.map((step) => states.get(step));
    section.dataset.state = found.includes("current") ? "current" : found.at(-1) === "done" ? "done" : found[0];
    section.querySelector(".step-number").textContent = ++number;
  }
  document.getElementById("bench-words").textContent = states.has("attempt") ? "Explore and attempt" : "Explore";
  document.getElementById("closing-words").textContent = CLOSING_TITLES[place.part];
  showSteps(place);
}

/** @param {Place} place */
function showBriefing({ northStar, briefing, facts }) {
  const words = make("div", {}, make("p", { className: "north-star" }, northStar), ...briefing.map((text) => make("p", {}, text)));
  const list = Object.entries(facts).map(([name, text]) => make("div", {}, make("dt", {}, name), make("dd", {}, text)));
  document.getElementById("briefing").replaceChildren(words, make("dl", { className: "facts" }, ...list));
}

function make(name, { dataset = {}, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  Object.assign(element.dataset, dataset);
  element.append(...children);
  return element;
}
