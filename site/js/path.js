/**
 * Mark where the learner is, in the path and on the sections of the page.
 *
 * exports showPath(place) -> void
 */

/**
 * @typedef {"done"|"current"|"locked"} StepState
 * @typedef {{track: string, part: number, step: string, steps: {id: string, label: string, state: StepState}[]}} Place
 */

const WORDS = { done: "done", current: "now", locked: "locked" };

/** @param {Place} place */
export function showPath(place) {
  /** @type {Map<string, StepState>} */
  const states = new Map(place.steps.map(({ id, state }) => [id, state]));
  for (const item of document.querySelectorAll(`#path [data-part="${Number(place.part)}"] [data-step]`)) {
    const state = states.get(item.dataset.step);
    if (!(state in WORDS)) continue;
    item.dataset.state = state;
    item.querySelector(".state").textContent = item.dataset.step === "brief" ? "open" : WORDS[state];
    const link = item.querySelector("a");
    if (state === "current") link.setAttribute("aria-current", "step");
    else link.removeAttribute("aria-current");
  }
  for (const section of document.querySelectorAll("main [data-step]")) {
    const steps = [section.dataset.step, section.dataset.also].filter(Boolean);
    const found = steps.map((step) => states.get(step)).filter((state) => state in WORDS);
    if (!found.length) continue;
    section.dataset.state = found.includes("current") ? "current" : found.at(-1) === "done" ? "done" : found[0];
  }
}
