// Read a memory image; image.mjs writes it, site/js/worker/image.js reads it in the browser and has its format.
import fs from "node:fs";

const PAGE = 256;

/** @param {string} source @returns {{head: Uint8Array, layout: number[], length: number, pages: [number, Uint8Array][]}} */
export function readImage(source) {
  const bytes = fs.readFileSync(source);
  const whole = new Uint8Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const words = (at, count) => new Uint32Array(whole.buffer, at, count);
  const [headLength, length, runCount, layoutLength] = words(0, 4);
  const layoutAt = 16 + Math.ceil(headLength / 4) * 4;
  const runsAt = layoutAt + 4 * layoutLength;
  const runs = words(runsAt, 2 * runCount);
  let at = runsAt + 8 * runCount;
  const pages = [];
  for (let i = 0; i < runs.length; i += 2) {
    pages.push([runs[i] * PAGE, whole.subarray(at, (at += runs[i + 1] * PAGE))]);
  }
  return { head: whole.slice(16, 16 + headLength), layout: Array.from(words(layoutAt, layoutLength)), length, pages };
}
