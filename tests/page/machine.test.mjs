import assert from "node:assert/strict";
import { test } from "node:test";
import { burst, together } from "../../site/js/machine/burst.js";
import { tickOf } from "../../site/js/machine/clock.js";
import { engineOf } from "../../site/js/machine/engine.js";
import { simdOf } from "../../site/js/machine/features.js";
import { isSoftware } from "../../site/js/machine/gpu.js";
import { FIRST, SECOND, WEIGHTS, fill, sum } from "../../site/js/machine/inputs.js";
import { jitter, runsWithin } from "../../site/js/machine/jitter.js";
import { placesOf } from "../../site/js/machine/layout.js";
import { memoryFor } from "../../site/js/machine/memory.js";
import { openWatch } from "../../site/js/machine/pause.js";
import { Refusal } from "../../site/js/machine/refusal.js";
import { measureRows } from "../../site/js/machine/rows.js";
import { openRun } from "../../site/js/machine/run.js";
import { repeatsFor, rounded, sampled } from "../../site/js/machine/sampling.js";
import { rates, thermal } from "../../site/js/machine/thermal.js";
import { openThread } from "../../site/js/machine/thread.js";

/** A kernel whose run takes a known time of a clock that only it moves. */
function machine(run_s) {
  const clock = { at: 1000, read: () => clock.at };
  const kernel = { runs: 0, prepared: 0, prepare: () => kernel.prepared++, run: (repeats) => ((kernel.runs += repeats), (clock.at += repeats * run_s)), check: () => 7 };
  return { clock, kernel };
}
const calm = { step() {} };

test("the numbers are those of the contract, and a cycle fills any length", () => {
  assert.deepEqual([...FIRST.slice(0, 3)], [-2, 5, 1]);
  assert.deepEqual([...SECOND.slice(0, 3)], [-2, 3, 1]);
  assert.deepEqual([...WEIGHTS], [-1, 0, 1]);
  for (const length of [4, 11, 25, 1000]) {
    const numbers = new Float32Array(length);
    fill(numbers, FIRST);
    assert.deepEqual([...numbers], Array.from({ length }, (_, i) => ((i * 7 + 3) % 11) - 5));
    assert.equal(sum(numbers), numbers.reduce((all, each) => all + each, 0));
  }
});

test("arrays lie apart, none at the same place of a page", () => {
  const sizes = [8192, 8192, 8192];
  const { at, end } = placesOf(sizes);
  at.forEach((place, i) => assert.ok(place + sizes[i] <= (at[i + 1] ?? end)));
  assert.equal(new Set(at.map((place) => place % 4096)).size, 3);
  assert.ok(at.every((place) => place % 16 === 0));
});

test("a browser that has no memory to give refuses", (t) => {
  t.mock.method(WebAssembly, "Memory", function () {
    throw new Error("out of memory");
  });
  assert.throws(() => memoryFor([{ kernel: "triad", variant: "", size: 2 ** 26 }]), (error) => error instanceof Refusal && error.why === "no-memory");
});

test("a sample lasts as planned, however short a run is", () => {
  for (const run_s of [1e-7, 3e-4, 0.04]) {
    const { clock, kernel } = machine(run_s);
    const { repeats } = repeatsFor(kernel.run, 0.05, clock.read);
    assert.ok(repeats * run_s >= 0.05 * 0.999 && repeats * run_s < 0.05 + run_s * 1.001, `${run_s}: ${repeats}`);
    assert.ok(Math.abs(sampled(kernel.run, repeats, clock.read) / run_s - 1) < 1e-3);
  }
});

test("a clock that stands still for a whole run does not make endless samples", () => {
  for (const tick of [0.001, 0.016]) {
    const clock = { at: 1000.0009 };
    let runs = 0;
    const run = (repeats) => ((runs += repeats), (clock.at += repeats * 5e-5));
    const { repeats } = repeatsFor(run, 0.004, () => Math.floor(clock.at / tick) * tick);
    assert.ok(repeats * 5e-5 < 0.15 && runs * 5e-5 < 0.3, `${tick}: ${repeats} of ${runs}`);
  }
});

test("a run that is longer than a sample is done once", () => {
  const { clock, kernel } = machine(0.7);
  assert.deepEqual(repeatsFor(kernel.run, 0.05, clock.read).repeats, 1);
  assert.equal(kernel.runs, 1);
});

test("three significant digits are recorded", () => {
  assert.deepEqual([123456, 0.00123456, 9.999e-7, 1].map(rounded), [123000, 0.00123, 1e-6, 1]);
});

test("rows are interleaved, slow ones are measured once, and every sample is kept", () => {
  const clock = { at: 0 };
  const order = [];
  const open = ({ kernel, size }) => ({ prepare: () => order.push(kernel), run: (repeats) => (clock.at += repeats * size), check: () => 5 });
  const rows = [
    { kernel: "quick", variant: "", size: 0.01 },
    { kernel: "slow", variant: "", size: 1 },
  ];
  const steps = [];
  const measured = measureRows({ rows, rounds: 3, sample_s: 0.05, slow_s: 0.3 }, { open, read: () => clock.at, watch: calm, onStep: ({ kernel }) => steps.push(kernel) });
  assert.deepEqual(order, ["quick", "slow", "quick", "quick"]);
  assert.deepEqual(measured.map(({ samples_s }) => samples_s), [[0.01, 0.01, 0.01], [1]]);
  assert.deepEqual({ ...measured[0], samples_s: [] }, { kernel: "quick", variant: "", size: 0.01, workers: 1, where: "wasm", repeats: measured[0].repeats, samples_s: [], checksum: 5 });
  assert.equal(steps.length, 8);
});

test("a step that takes seconds longer than planned is a pause", () => {
  const clock = { at: 0 };
  const watch = openWatch(3, () => clock.at);
  clock.at = 3.9;
  watch.step(1);
  clock.at = 8;
  assert.throws(() => watch.step(1), (error) => error.why === "paused");
});

test("the step of a clock is found, also where it moves unevenly", () => {
  let reads = 0;
  assert.ok(Math.abs(tickOf(() => Math.floor(reads++ / 7)) - 0.001) < 1e-9);
  reads = 0;
  assert.ok(Math.abs(tickOf(() => Math.floor(reads++ / 50) * 0.1 + (reads % 3 === 0 ? 1e-9 : 0)) - 0.0001) < 2e-4);
  assert.equal(tickOf(() => 0), Infinity);
});

test("what WebAssembly can do is asked of it", () => {
  assert.equal(simdOf(() => true), "relaxed");
  assert.equal(simdOf(() => false), "none");
  let asked = 0;
  assert.equal(simdOf(() => asked++ === 0), "plain");
  assert.notEqual(simdOf(), "none");
});

test("all cores: rates are added over the time that all have in common", () => {
  const even = (from_s, every, count, repeats) => ({ from_s, ends_s: Array.from({ length: count }, (_, i) => from_s + (i + 1) * every), repeats });
  const logs = [even(0, 0.01, 120, 10), even(0.2, 0.02, 50, 10)];
  const seconds = together(logs, 5);
  assert.equal(seconds.length, 5);
  for (const each of seconds) assert.ok(Math.abs(2 / each - (1000 + 500)) < 10, String(2 / each));
  assert.equal(together([even(0, 0.01, 10, 1), even(0.2, 0.01, 10, 1)], 5), null);
});

test("a burst begins at the agreed time and ends once it is over", () => {
  const clock = { at: 0, read: () => (clock.at += 0.001) };
  const kernel = { run: () => (clock.at += 0.05) };
  const log = burst(kernel, { at_s: 1, for_s: 0.5, repeats: 4, read: clock.read });
  assert.ok(log.from_s >= 1 && log.from_s < 1.01);
  assert.ok(log.ends_s.at(-1) >= 1.5 && log.ends_s.at(-1) < 1.6);
});

test("a coarse clock makes longer runs of jitter, and fewer of them", () => {
  const plan = { runs: 2000, ticks: 20, most_s: 60 };
  assert.equal(runsWithin(plan, 0.0001), 2000);
  assert.equal(runsWithin(plan, 0.001), 1500);
  assert.equal(runsWithin(plan, 10), 1);
});

test("jitter keeps the first run, and each run with a time stamp a kernel beside it", () => {
  const { clock, kernel: cold } = machine(0.0005);
  let first = true;
  cold.run = (repeats) => ((clock.at += repeats * 0.0005 + (first ? 0.3 : 0)), (first = false));
  const read = () => clock.at;
  const made = jitter({ plan: { runs: 50, ticks: 20, most_s: 60 }, tick_s: 0.0001, warm: { run: (repeats) => (clock.at += repeats * 0.0005) }, cold, read, onStep() {}, watch: calm });
  assert.equal(made.samples_s.length, 50);
  assert.equal(made.observed_s.length, 50);
  const run_s = rounded(made.repeats * 0.0005);
  assert.ok(run_s >= 0.002 && run_s <= 0.0025);
  assert.ok(Math.abs(made.samples_s[0] - 0.3 - run_s) < 1e-3);
  assert.equal(made.samples_s[1], run_s);
});

test("heat: stretches of each thread, and the rate of all over time", () => {
  const { clock, kernel } = machine(0.1);
  clock.read = () => (clock.at += 1e-6);
  const log = [];
  thermal(kernel, { at_s: 1000, seconds: 2, every_s: 0.5, read: clock.read, watch: calm, onStretch: (each) => log.push(each) });
  assert.equal(log.length, 4);
  const [[at_s, flop_per_s]] = rates([log, log], 1e9);
  assert.ok(Math.abs(at_s - 0.5) < 0.11);
  assert.equal(flop_per_s, 2e10);
});

test("software adapters are known by name or by what the browser says", () => {
  assert.ok(isSoftware({ vendor: "google", architecture: "swiftshader" }));
  assert.ok(isSoftware({ description: "llvmpipe (LLVM 15)" }));
  assert.ok(isSoftware({ vendor: "intel", isFallbackAdapter: true }));
  assert.ok(!isSoftware({ vendor: "apple", architecture: "metal-3" }));
});

test("the engine is named", () => {
  const gecko = "Mozilla/5.0 (X11; Linux x86_64; rv:153.0) Gecko/20100101 Firefox/153.0";
  const webkit = "Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15";
  assert.equal(engineOf(gecko), "Firefox");
  assert.equal(engineOf(webkit), "WebKit");
  assert.equal(engineOf("Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/156.0 Safari/537.36"), "Chromium");
});

/** A page that can be hidden, and threads that answer when they are told to. */
function stage() {
  const page = Object.assign(new EventTarget(), { hidden: false });
  const workers = [];
  const make = () => {
    const worker = { sent: [], ended: false, postMessage: (message) => worker.sent.push(message), terminate: () => (worker.ended = true) };
    workers.push(worker);
    return worker;
  };
  return { page, workers, make };
}

test("a run ends with its work, and all its threads with it", async () => {
  const { page, workers, make } = stage();
  const run = openRun(make, page);
  const steps = [];
  const working = run.over(() => run.thread().ask({ type: "measure" }, (step) => steps.push(step)));
  workers[0].onmessage({ data: { type: "step", kernel: "triad" } });
  workers[0].onmessage({ data: { type: "done", answer: { rows: [] } } });
  assert.deepEqual(await working, { rows: [] });
  assert.deepEqual(steps, [{ kernel: "triad" }]);
  assert.ok(workers[0].ended);
});

for (const [why, end] of [
  ["stopped", ({ run }) => run.refuse("stopped")],
  ["hidden", ({ page }) => ((page.hidden = true), page.dispatchEvent(new Event("visibilitychange")))],
  ["failed", ({ workers }) => workers[0].onerror({ message: "gone" })],
  ["no-memory", ({ workers }) => workers[0].onmessage({ data: { type: "refused", why: "no-memory" } })],
]) {
  test(`a run that is ${why} gives nothing, and ends its threads`, async () => {
    const { page, workers, make } = stage();
    const run = openRun(make, page);
    const working = run.over(() => run.thread().ask({ type: "measure" }));
    end({ run, page, workers });
    await assert.rejects(working, (error) => error instanceof Refusal && error.why === why);
    assert.ok(workers[0].ended);
  });
}

test("a run that begins in a hidden tab is refused", async () => {
  const { page, make } = stage();
  page.hidden = true;
  const run = openRun(make, page);
  await assert.rejects(run.over(() => new Promise(() => {})), (error) => error.why === "hidden");
});

/** A worker that says what it is told to, or nothing; a killed one stays silent. */
function silentWorker() {
  return { postMessage() {}, terminate() {}, onmessage: null };
}

test("a thread that was killed without a word ends its run, and one that slept is called paused", async (t) => {
  const real = Date.now;
  for (const [late_ms, why] of [[0, "failed"], [3_600_000, "paused"]]) {
    const asked = openThread(silentWorker, 20).ask({ type: "measure" });
    t.mock.method(Date, "now", () => real() + late_ms);
    await assert.rejects(asked, (error) => error instanceof Refusal && error.why === why);
    t.mock.restoreAll();
  }
});

test("a thread that says how far it is, is waited for, and an ended one is not missed", async () => {
  const worker = silentWorker();
  const thread = openThread(() => worker, 60);
  const asked = thread.ask({ type: "measure" });
  for (let step = 0; step < 4; step++) {
    await new Promise((resolve) => setTimeout(resolve, 30));
    worker.onmessage({ data: { type: "step", kernel: "peak" } });
  }
  worker.onmessage({ data: { type: "done", answer: { rows: [] } } });
  assert.deepEqual(await asked, { rows: [] });
  thread.ask({ type: "measure" }).catch(() => assert.fail("it was ended"));
  thread.end();
  await new Promise((resolve) => setTimeout(resolve, 90));
});
