/**
 * The vector units of a graphics processor, where WebGPU reaches one.
 *
 * exports measureGpu(plan, tools) -> {gpu: {name, software}|null, rows: MeasuredRow[]}, isSoftware(info) -> boolean
 */

import { fill, sum } from "./inputs.js";
import { rounded } from "./sampling.js";
import { SHADERS } from "./shaders.js";

const SOFTWARE = /swiftshader|llvmpipe|lavapipe|softpipe|basic render|warp|software/i;
/** A browser that answers by a poll adds up to one to each time; so many polls make it small. */
const POLLS = 8;
const MOST_S = 0.4;
const MOST_DISPATCHES = 1024;

/** @param {{vendor?: string, architecture?: string, device?: string, description?: string, isFallbackAdapter?: boolean}} info */
export function isSoftware(info) {
  return Boolean(info.isFallbackAdapter) || SOFTWARE.test(nameOf(info));
}

function nameOf({ vendor, architecture, device, description }) {
  return [vendor, architecture, device, description].filter(Boolean).join(" ") || "unnamed";
}

/**
 * @param {{webgpu: import("./kernels.js").Row[], webgpu_software: import("./kernels.js").Row[], sample_s: number}} plan
 * @param {{gpu: GPU|undefined, read: () => number, onStep: (row: object) => void}} tools
 */
export async function measureGpu(plan, { gpu, read, onStep }) {
  const adapter = await gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) return { gpu: null, rows: [] };
  const info = adapter.info ?? {};
  const software = isSoftware(info) || adapter.isFallbackAdapter === true;
  const device = await adapter.requestDevice(limitsOf(adapter));
  const rows = [];
  try {
    const wait_s = await timeOf(device, () => {}, read);
    for (const row of software ? plan.webgpu_software : plan.webgpu) {
      const made = await measureOne(device, row, { sample_s: plan.sample_s, wait_s, read, software });
      if (made) rows.push(made);
      onStep(row);
    }
  } finally {
    device.destroy();
  }
  return { gpu: { name: nameOf(info), software }, rows };
}

/** Ask for buffers as large as there are. @param {GPUAdapter} adapter */
function limitsOf({ limits }) {
  const { maxStorageBufferBindingSize, maxBufferSize } = limits;
  return { requiredLimits: { maxStorageBufferBindingSize, maxBufferSize } };
}

/** A row, or nothing where the adapter's buffers are too small for it, or the adapter refuses it. */
async function measureOne(device, row, { sample_s, wait_s, read, software }) {
  const shader = SHADERS[row.kernel];
  const lengths = shader.buffers(row);
  if (Math.max(...lengths) * 4 > device.limits.maxStorageBufferBindingSize) return null;
  device.pushErrorScope("validation");
  const kernel = openShader(device, shader, row, lengths);
  try {
    const checksum = (await kernel.check()) / shader.runs;
    if (await device.popErrorScope()) return null;
    const seconds = (repeats) => timeOf(device, (pass) => kernel.put(pass, repeats), read);
    if (software) return rowOf(row, 1, [rounded((await seconds(1)) / shader.runs)], checksum);
    const repeats = await repeatsOf(seconds, Math.max(sample_s, Math.min(POLLS * wait_s, MOST_S)));
    const samples_s = [];
    for (let i = 0; i < (wait_s > 0.02 ? 1 : 3); i++) {
      const [once, twice] = [await seconds(repeats), await seconds(2 * repeats)];
      if (twice > once) samples_s.push(rounded((twice - once) / repeats / shader.runs));
    }
    return samples_s.length > 0 ? rowOf(row, repeats, samples_s, checksum) : null;
  } finally {
    kernel.end();
  }
}

function rowOf(row, repeats, samples_s, checksum) {
  return { ...row, workers: 1, where: "webgpu", repeats, samples_s, checksum };
}

/** How many dispatches last as long as wanted. @param {(repeats: number) => Promise<number>} seconds */
async function repeatsOf(seconds, wanted_s) {
  for (let repeats = 1; ; repeats *= 2) {
    if ((await seconds(repeats)) >= wanted_s || repeats >= MOST_DISPATCHES) return repeats;
  }
}

/** Seconds from handing in what `put` writes to the answer that all of it is done. */
async function timeOf(device, put, read) {
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  put(pass);
  pass.end();
  const commands = encoder.finish();
  const from = read();
  device.queue.submit([commands]);
  await device.queue.onSubmittedWorkDone();
  return read() - from;
}

function openShader(device, shader, row, lengths) {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffers = lengths.map((length) => device.createBuffer({ size: 4 * length, usage, mappedAtCreation: true }));
  buffers.forEach((buffer, i) => (fill(new Float32Array(buffer.getMappedRange()), shader.cycles[i]), buffer.unmap()));
  const uniform = device.createBuffer({ size: 16, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  device.queue.writeBuffer(uniform, 0, new Uint32Array([row.size, 0]));
  device.queue.writeBuffer(uniform, 8, new Float32Array(shader.uniforms));
  const compute = { module: device.createShaderModule({ code: shader.code }), entryPoint: "main" };
  const pipeline = device.createComputePipeline({ layout: "auto", compute });
  const entries = [uniform, ...buffers].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const bound = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });

  function put(pass, repeats) {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bound);
    for (let i = 0; i < repeats; i++) pass.dispatchWorkgroups(...shader.groups(row));
  }

  /** The sum of the result after one run. */
  async function check() {
    const size = 4 * lengths[0];
    const copy = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    put(pass, 1);
    pass.end();
    encoder.copyBufferToBuffer(buffers[0], 0, copy, 0, size);
    device.queue.submit([encoder.finish()]);
    await copy.mapAsync(GPUMapMode.READ);
    const total = sum(new Float32Array(copy.getMappedRange()));
    copy.destroy();
    return total;
  }

  return { put, check, end: () => [uniform, ...buffers].forEach((buffer) => buffer.destroy()) };
}
