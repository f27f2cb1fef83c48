/**
 * The kernels in plain WGSL: vector units only, for the web reaches no others.
 *
 * exports SHADERS, by kernel
 */

import { FIRST, SECOND, WEIGHTS, ZERO } from "./inputs.js";

const ELEMENTS = 2 ** 24;
const SIDE = 4096;
const GROUP = 256;
/** Threads of the peak kernel: each does the work of one run. */
const PEAK_THREADS = 2 ** 16;

const HEAD = `struct Row { size: u32, unused: u32, m: f32, a: f32 }
@group(0) @binding(0) var<uniform> row: Row;
`;
const array = (binding, kind, access = "read") => `@group(0) @binding(${binding}) var<storage, ${access}> b${binding}: array<${kind}>;\n`;

const chains = Array.from({ length: 12 }, (_, i) => `x${i}`);
const peak = `${HEAD}${array(1, "f32", "read_write")}
@compute @workgroup_size(${GROUP}) fn main(@builtin(global_invocation_id) id: vec3u) {
  ${chains.map((x, i) => `var ${x} = vec4f(${i}.0);`).join(" ")}
  for (var n = 0u; n < row.size; n++) {
    ${chains.map((x) => `${x} = ${x} * row.m + row.a;`).join(" ")}
  }
  let v = ${chains.join(" + ")};
  b1[id.x] = v.x + v.y + v.z + v.w;
}`;

const triad = `${HEAD}${array(1, "vec4f", "read_write")}${array(2, "vec4f")}${array(3, "vec4f")}
@compute @workgroup_size(${GROUP}) fn main(@builtin(global_invocation_id) id: vec3u) {
  b1[id.x] = b2[id.x] + row.m * b3[id.x];
}`;

const chain = `${HEAD}${array(1, "vec4f", "read_write")}
@compute @workgroup_size(${GROUP}) fn main(@builtin(global_invocation_id) id: vec3u) {
  var x = b1[id.x];
  for (var k = 0u; k < row.size; k++) { x = x * row.m + row.a; }
  b1[id.x] = x;
}`;

/** A group makes 64 x 64 results, a thread 4 x 4 of them, from strips of 16 that lie in the group's own memory. */
const gemm = `${HEAD}${array(1, "f32", "read_write")}${array(2, "f32")}${array(3, "f32")}
var<workgroup> left: array<f32, 1024>;
var<workgroup> right: array<f32, 1024>;
@compute @workgroup_size(16, 16) fn main(@builtin(workgroup_id) block: vec3u, @builtin(local_invocation_id) id: vec3u) {
  let n = row.size;
  let at = id.y * 16u + id.x;
  var sums: array<vec4f, 4>;
  for (var k = 0u; k < n; k += 16u) {
    for (var i = at; i < 1024u; i += 256u) {
      left[i] = b2[(block.y * 64u + i / 16u) * n + k + i % 16u];
      right[i] = b3[(k + i / 64u) * n + block.x * 64u + i % 64u];
    }
    workgroupBarrier();
    for (var j = 0u; j < 16u; j++) {
      let r = j * 64u + id.x * 4u;
      let b = vec4f(right[r], right[r + 1u], right[r + 2u], right[r + 3u]);
      for (var i = 0u; i < 4u; i++) { sums[i] += left[(id.y * 4u + i) * 16u + j] * b; }
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < 4u; i++) {
    for (var j = 0u; j < 4u; j++) { b1[(block.y * 64u + id.y * 4u + i) * n + block.x * 64u + id.x * 4u + j] = sums[i][j]; }
  }
}`;

/** A group of 64 makes one row of the results, four columns at a time. */
const batch = `${HEAD}${array(1, "f32", "read_write")}${array(2, "vec4f")}${array(3, "vec4f")}
var<workgroup> parts: array<vec4f, 64>;
@compute @workgroup_size(64) fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) id: vec3u) {
  for (var first = 0u; first < row.size; first += 4u) {
    let count = min(4u, row.size - first);
    var sums = vec4f();
    for (var k = id.x; k < 1024u; k += 64u) {
      let w = b2[group.x * 1024u + k];
      for (var c = 0u; c < count; c++) { sums[c] += dot(w, b3[(first + c) * 1024u + k]); }
    }
    parts[id.x] = sums;
    workgroupBarrier();
    if (id.x < 4u && id.x < count) {
      var sum = 0.0;
      for (var i = 0u; i < 64u; i++) { sum += parts[i][id.x]; }
      b1[(first + id.x) * 4096u + group.x] = sum;
    }
    workgroupBarrier();
  }
}`;

/**
 * Of each: the length of its arrays, the result first, and the cycles that fill them; m and a of its uniforms; how many groups
 * a dispatch has; and how many runs of a row a dispatch is.
 */
export const SHADERS = {
  peak: {
    code: peak,
    buffers: () => [PEAK_THREADS],
    cycles: [ZERO],
    uniforms: [-1, 1],
    groups: () => [PEAK_THREADS / GROUP],
    runs: PEAK_THREADS,
  },
  triad: {
    code: triad,
    buffers: ({ size }) => [size / 4, size / 4, size / 4],
    cycles: [ZERO, FIRST, SECOND],
    uniforms: [2, 0],
    groups: ({ size }) => [size / 16 / GROUP],
    runs: 1,
  },
  chain: {
    code: chain,
    buffers: () => [ELEMENTS],
    cycles: [FIRST],
    uniforms: [-1, 1],
    groups: () => [ELEMENTS / 4 / GROUP],
    runs: 1,
  },
  gemm: {
    code: gemm,
    buffers: ({ size: n }) => [n * n, n * n, n * n],
    cycles: [ZERO, FIRST, SECOND],
    uniforms: [0, 0],
    groups: ({ size: n }) => [n / 64, n / 64],
    runs: 1,
  },
  batch: {
    code: batch,
    buffers: ({ size }) => [SIDE * size, SIDE * SIDE, SIDE * size],
    cycles: [ZERO, WEIGHTS, FIRST],
    uniforms: [0, 0],
    groups: () => [SIDE],
    runs: 1,
  },
};
