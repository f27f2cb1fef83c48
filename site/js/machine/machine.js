/**
 * Measures this device when Python asks, and tells it what was measured or why nothing was.
 *
 * exports openMachine(options) -> {ask(what) -> void}
 */

import { engineOf } from "./engine.js";
import { measureJitter, measureThermal } from "./longer.js";
import { measure } from "./measure.js";
import { openPanel } from "./panel.js";
import { Refusal } from "./refusal.js";
import { openRun } from "./run.js";
import { rounded } from "./sampling.js";
import { showTexts } from "./texts.js";

const WORDS = {
  measure: "Measuring this machine",
  jitter: "Measuring jitter: the same kernel, over and over",
  thermal: "Measuring heat: a matrix product for a minute",
};

const RUNNING = "A measurement is running already. Stop it first.";

/**
 * @typedef {object} Files
 * @property {() => Worker} worker
 * @property {{plain: Uint8Array, relaxed: Uint8Array}} modules
 * @property {{plan: object, kernels: object[]}} kernels  what the build wrote
 */

/**
 * @param {object} options
 * @param {(message: object) => void} options.post  to Python
 * @param {(words: string) => void} options.announce
 * @param {Files} options.files
 */
export function openMachine({ post, announce, files }) {
  const { plan, kernels } = files.kernels;
  const cores = navigator.hardwareConcurrency || 1;
  const panel = openPanel(() => run?.refuse("stopped"));
  const works = { measure, jitter: measureJitter, thermal: measureThermal };
  const events = { measure: "measured", jitter: "jitter", thermal: "thermal" };
  /** @type {import("./run.js").Run|null} */
  let run = null;
  let textsShown = false; // what the kernels count answers the predictions: Python asks for them once these are locked

  return {
    /** @param {"texts"|"measure"|"jitter"|"thermal"|"stop"} what */
    ask(what) {
      if (what === "texts") textsShown ||= showTexts(kernels);
      else if (what === "stop") run?.refuse("stopped");
      else if (run && what in works) announce(RUNNING);
      else if (what in works) start(what);
    },
  };

  async function start(what) {
    run = openRun(files.worker);
    panel.open(`${WORDS[what]}. Leave this tab in sight.`, partsOf(what));
    announce(WORDS[what]);
    try {
      const { simd, tick_s, gpu = null, ...measured } = await run.over(() => works[what](run, { plan, modules: files.modules, cores, panel, announce }));
      tell({ event: events[what], run: conditions({ simd, tick_s, gpu }), ...measured });
    } catch (error) {
      const why = error instanceof Refusal ? error.why : "failed";
      if (why === "failed") console.warn("The machine could not be measured.", error);
      tell({ event: "refused", why });
    } finally {
      run = null;
      panel.close();
    }
  }

  /** Python shows what was made to a learner who is still at the panel. */
  function tell(message) {
    post({ type: "machine", focused: panel.hasFocus(), ...message });
  }

  function conditions({ simd, tick_s, gpu }) {
    const date = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    return { date, clock_s: rounded(tick_s), simd, cores, hidden: false, engine: engineOf(navigator.userAgent), gpu };
  }

  /** What the panel counts: a step is a round of a row. */
  function partsOf(what) {
    const nameOf = (id) => kernels.find(({ kernel }) => kernel === id).name;
    if (what !== "measure") return [{ id: plan[what].kernel, name: nameOf(plan[what].kernel), steps: 100 }];
    const counted = kernels.map(({ kernel, name }) => ({ id: kernel, name, steps: (plan.rounds + 1) * plan.rows.filter((row) => row.kernel === kernel).length }));
    const parts = counted.filter(({ steps }) => steps > 0);
    if (cores > 1) parts.push({ id: "cores", name: `All ${cores} cores`, steps: plan.all_cores.length });
    if (navigator.gpu) parts.push({ id: "gpu", name: "Vector units of the GPU", steps: plan.webgpu.length });
    return parts;
  }
}
