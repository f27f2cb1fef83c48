/**
 * The run of about twenty seconds: one core row by row, then all of them, then the graphics processor.
 *
 * exports measure(run, tools) -> {simd, tick_s, gpu, rows}
 */

import { together } from "./burst.js";
import { now } from "./clock.js";
import { Refusal } from "./refusal.js";

/**
 * @typedef {object} Tools
 * @property {object} plan
 * @property {{plain: Uint8Array, relaxed: Uint8Array}} modules
 * @property {number} cores
 * @property {import("./panel.js").Panel} panel
 * @property {(words: string) => void} announce
 */

/** How long the announcement stands before the bursts that it announces. */
const ANNOUNCED_MS = 1500;

/** @param {import("./run.js").Run} run @param {Tools} tools */
export async function measure(run, { plan, modules, cores, panel, announce }) {
  const first = run.thread();
  const opened = await first.ask({ type: "open", modules, coarsest_s: plan.coarsest_s, rows: plan.rows });
  const { rows } = await first.ask({ type: "measure", plan }, ({ kernel }) => panel.step(kernel));
  first.end();
  const onAll = cores > 1 ? await onAllCores(run, { plan, modules, cores, panel, announce }) : [];
  const { gpu, rows: drawn } = await onGpu(run, { plan, modules, panel });
  return { ...opened, gpu, rows: [...rows, ...onAll, ...drawn] };
}

/** Every core at once, kernel after kernel; none where there is no memory for so many. */
async function onAllCores(run, { plan, modules, cores, panel, announce }) {
  const threads = Array.from({ length: cores }, () => run.thread());
  const rows = [];
  try {
    await askAll(threads, { type: "open", modules, coarsest_s: plan.coarsest_s, rows: plan.all_cores });
    announce(`Next, all ${cores} cores are busy for at most ${Math.ceil(plan.lead_s + plan.burst_s)} seconds, ${plan.all_cores.length} times.`);
    await pause(ANNOUNCED_MS);
    for (const row of plan.all_cores) {
      rows.push(...(await burstOf(threads, row, plan)));
      panel.step("cores");
    }
  } catch (error) {
    if (!(error instanceof Refusal) || error.why !== "no-memory") throw error;
  }
  for (const each of threads) each.end();
  return rows;
}

async function burstOf(threads, row, { lead_s, burst_s, windows }) {
  const ready = await askAll(threads, { type: "ready", row });
  const at_s = now() + lead_s;
  const begun = performance.now();
  const logs = (await askAll(threads, { type: "burst", at_s, for_s: burst_s })).map(({ log }) => log);
  performance.measure("rooflab:burst", { start: begun, end: performance.now() });
  const samples_s = together(logs, windows);
  const checksums = new Set(ready.map(({ checksum }) => checksum));
  if (checksums.size > 1) throw new Refusal("failed", "threads disagree");
  return samples_s ? [{ ...row, workers: threads.length, where: "wasm", repeats: logs[0].repeats, samples_s, checksum: [...checksums][0] }] : [];
}

/** A driver that fails may never answer; the rest of the run is kept without it. */
async function onGpu(run, { plan, modules, panel }) {
  if (!navigator.gpu) return { gpu: null, rows: [] };
  const thread = run.thread();
  try {
    await thread.ask({ type: "open", modules, coarsest_s: plan.coarsest_s, rows: [plan.rows[0]] });
    const silent = pause(1000 * plan.webgpu_s).then(() => Promise.reject(new Refusal("failed", `no answer in ${plan.webgpu_s} s`)));
    return await Promise.race([thread.ask({ type: "webgpu", plan }, () => panel.step("gpu")), silent]);
  } catch (error) {
    if (!(error instanceof Refusal) || error.why !== "failed") throw error;
    console.warn("The graphics processor could not be measured.", error.message);
    return { gpu: null, rows: [] };
  } finally {
    thread.end();
  }
}

/** @param {import("./thread.js").Thread[]} threads */
export function askAll(threads, message, onStep = () => {}) {
  return Promise.all(threads.map((each, i) => each.ask(message, (step) => onStep(step, i))));
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
