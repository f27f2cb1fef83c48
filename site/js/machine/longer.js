/**
 * What a learner asks for beside the run: jitter, and the warmth of a minute.
 *
 * exports measureJitter(run, tools) -> {simd, tick_s, row}, measureThermal(run, tools) -> {simd, tick_s, rows, ...}
 */

import { now } from "./clock.js";
import { askAll } from "./measure.js";
import { rates } from "./thermal.js";

/** @param {import("./run.js").Run} run @param {import("./measure.js").Tools} tools */
export async function measureJitter(run, { plan, modules, panel }) {
  const { kernel, variant, size, ...words } = plan.jitter;
  const row = { kernel, variant, size };
  const thread = run.thread();
  const opened = await thread.ask({ type: "open", modules, coarsest_s: plan.coarsest_s, rows: [row] });
  const asked = { type: "jitter", plan: { ...row, ...words, unplanned_s: plan.unplanned_s } };
  const measured = await thread.ask(asked, ({ done, total }) => panel.share(kernel, done / total));
  return { ...opened, row: { ...row, workers: 1, where: "wasm", ...measured } };
}

/** On all cores but one, so that the lab keeps answering. @param {import("./run.js").Run} run @param {import("./measure.js").Tools} tools */
export async function measureThermal(run, { plan, modules, cores, panel }) {
  const { kernel, variant, size, run_flop, ...words } = plan.thermal;
  const row = { kernel, variant, size };
  const threads = Array.from({ length: Math.max(1, cores - 1) }, () => run.thread());
  const [opened] = await askAll(threads, { type: "open", modules, coarsest_s: plan.coarsest_s, rows: [row] });
  await askAll(threads, { type: "ready", row });
  const logs = threads.map(() => []);
  const message = { type: "thermal", at_s: now() + plan.lead_s, plan: { ...words, unplanned_s: plan.unplanned_s, lead_s: plan.lead_s } };
  await askAll(threads, message, ({ stretch }, i) => {
    logs[i].push(stretch);
    if (i === 0) panel.share(kernel, stretch[1] / plan.thermal.seconds);
  });
  return { ...opened, ...row, workers: threads.length, rows: rates(logs, run_flop) };
}
