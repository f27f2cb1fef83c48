/**
 * A thread that measures, with a memory of its own; it does one thing and is ended from outside.
 *
 * Page to thread: open {modules: {plain, relaxed}, coarsest_s, rows}, which rows it must have room for; then measure {plan},
 * ready {row} and burst {at_s, for_s}, jitter {plan}, thermal {plan, at_s}, or webgpu {plan}.
 * Thread to page: done {...} answers each; step {kernel} and stretch {stretch} on the way; refused {why, what}.
 */

import { burst, stretchOf } from "./burst.js";
import { now, tickOf } from "./clock.js";
import { simdOf } from "./features.js";
import { measureGpu } from "./gpu.js";
import { jitter } from "./jitter.js";
import { openKernel } from "./kernels.js";
import { memoryFor } from "./memory.js";
import { openWatch } from "./pause.js";
import { Refusal } from "./refusal.js";
import { measureRows } from "./rows.js";
import { thermal } from "./thermal.js";

/** @type {{memory: WebAssembly.Memory, instance: WebAssembly.Instance, bytes: Uint8Array, tick_s: number}} */
let bench;
let waiting;

const tell = (type, fields = {}) => globalThis.postMessage({ type, ...fields });
const kernelOf = (row, instance = bench.instance) => openKernel(row, instance, bench.memory);

const handlers = {
  async open({ modules, coarsest_s, rows }) {
    const simd = simdOf();
    if (simd === "none") throw new Refusal("no-simd");
    const tick_s = tickOf();
    if (tick_s > coarsest_s) throw new Refusal("coarse-clock", `${tick_s} s`);
    const memory = memoryFor(rows);
    bench = { memory, bytes: modules[simd], tick_s, instance: await instanceOf(modules[simd], memory) };
    return { simd, tick_s };
  },
  measure({ plan }) {
    const watch = openWatch(plan.unplanned_s);
    return { rows: measureRows(plan, { open: kernelOf, read: now, watch, onStep: ({ kernel }) => tell("step", { kernel }) }) };
  },
  ready({ row }) {
    const kernel = kernelOf(row);
    const checksum = kernel.check();
    waiting = { kernel, repeats: stretchOf(kernel, now) };
    kernel.prepare();
    return { checksum };
  },
  burst: ({ at_s, for_s }) => ({ log: burst(waiting.kernel, { at_s, for_s, repeats: waiting.repeats, read: now }) }),
  async jitter({ plan }) {
    const warm = kernelOf(plan);
    const checksum = warm.check();
    const cold = kernelOf(plan, await instanceOf(another(bench.bytes), bench.memory));
    const onStep = (done, total) => tell("step", { kernel: plan.kernel, done, total });
    const measured = jitter({ plan, tick_s: bench.tick_s, warm, cold, read: now, watch: openWatch(plan.unplanned_s), onStep });
    return { ...measured, checksum };
  },
  thermal({ plan, at_s }) {
    const onStretch = (stretch) => tell("stretch", { stretch });
    thermal(waiting.kernel, { ...plan, at_s, read: now, watch: openWatch(plan.unplanned_s + plan.lead_s), onStretch });
  },
  webgpu: ({ plan }) => measureGpu(plan, { gpu: navigator.gpu, read: now, onStep: ({ kernel }) => tell("step", { kernel }) }),
};

globalThis.onmessage = async ({ data: { type, ...message } }) => {
  try {
    tell("done", { answer: await handlers[type](message) });
  } catch (error) {
    tell("refused", { why: error instanceof Refusal ? error.why : "failed", what: String(error?.message ?? error).slice(0, 300) });
  }
};

async function instanceOf(bytes, memory) {
  const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } });
  return instance;
}

/** The same module in other bytes, by an empty section of its own: nothing that was compiled of the first is used for it. */
function another(bytes) {
  const made = new Uint8Array(bytes.length + 4);
  made.set(bytes);
  made.set([0, 2, 1, 120], bytes.length);
  return made;
}
