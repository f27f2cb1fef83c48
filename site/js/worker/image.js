/**
 * The memory image: read as it arrives, written into a module's memory as soon as there is one.
 *
 * Format, in little-endian 32-bit words: length of the head, length of the memory, number of runs, length of the layout;
 * the head, which Pyodide reads, padded to a whole word; the layout, as linking.js has it; [first page, number of pages]
 * of each run; the bytes of all these 256-byte pages, end to end.
 *
 * exports openImage(assets, when) -> Image
 */
import { chunks } from "./assets.js";

const PAGE = 256;

/**
 * @typedef {object} Image
 * @property {Promise<Uint8Array>} head
 * @property {Promise<number[]>} layout  of the module that the image was taken from
 * @property {(module: any, resize: (bytes: number) => any) => Promise<void>} restoreInto  resize makes memory so large
 */

/**
 * @param {import("./assets.js").Assets} assets
 * @param {Promise<any>} when  to begin with what costs a processor
 * @returns {Image}
 */
export function openImage(assets, when) {
  const reader = byteReader(assets.streamFromAfar("image", when));
  const opened = (async () => {
    const [headLength, memoryLength, runCount, layoutLength] = words(await reader.take(16));
    const head = await reader.take(Math.ceil(headLength / 4) * 4);
    const layout = Array.from(words(await reader.take(4 * layoutLength)));
    const runs = words(await reader.take(8 * runCount));
    return { head: head.slice(0, headLength), layout, memoryLength, runs };
  })();
  const head = opened.then((found) => found.head);
  const layout = opened.then((found) => found.layout);
  for (const promise of [opened, head, layout]) promise.catch(() => {}); // told by whoever awaits them
  return {
    head,
    layout,
    async restoreInto(module, resize) {
      const { memoryLength, runs } = await opened;
      // Emscripten ignores INITIAL_MEMORY here; the image then replaces everything, the allocator's own records included.
      if (module.HEAPU8.length < memoryLength) resize(memoryLength);
      if (module.HEAPU8.length < memoryLength) throw new Error("this device gave the lab too little memory");
      for (let i = 0; i < runs.length; i += 2) {
        const done = reader.into(module.HEAPU8, runs[i] * PAGE, runs[i + 1] * PAGE);
        if (done) await done; // most runs lie in the chunk at hand
      }
      await reader.end(); // the checksum comes last: until it is right nothing of this memory may run
    },
  };
}

/** Read exact amounts from a stream of chunks, without a promise where the chunk at hand has it all. */
function byteReader(opening) {
  let source;
  let chunk = new Uint8Array(0);
  let at = 0;

  const copy = (target, offset, length) => {
    const part = Math.min(length, chunk.length - at);
    target.set(chunk.subarray(at, at + part), offset);
    at += part;
    return part;
  };
  const intoLater = async (target, offset, length) => {
    while (length > 0) {
      source ??= chunks(await opening);
      const { done, value } = await source.next();
      if (done) throw new Error("the memory image ends too early");
      chunk = value;
      at = 0;
      const part = copy(target, offset, length);
      offset += part;
      length -= part;
    }
  };
  const into = (target, offset, length) => {
    const part = copy(target, offset, length);
    return part < length ? intoLater(target, offset + part, length - part) : null;
  };
  return {
    into,
    async take(length) {
      const bytes = new Uint8Array(length);
      await into(bytes, 0, length);
      return bytes;
    },
    async end() {
      const { done, value } = at < chunk.length ? { done: false, value: chunk } : await source.next();
      if (!done) throw new Error(`the memory image is ${value.length} bytes too long`);
    },
  };
}

function words(bytes) {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4);
}
