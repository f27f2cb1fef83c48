/**
 * The memory image: read as it arrives, written into a module's memory as soon as there is one.
 *
 * Format (little-endian 32-bit words): length of the head, length of the memory; the head, which Pyodide reads;
 * then runs of [first page, number of pages] and the bytes of these 256-byte pages, ended by a run of no pages.
 *
 * exports openImage(assets) -> Image
 */
import { chunks } from "./assets.js";

const PAGE = 256;

/**
 * @typedef {object} Image
 * @property {Promise<Uint8Array>} head
 * @property {(module: any) => Promise<void>} restoreInto
 */

/** @param {import("./assets.js").Assets} assets @returns {Image} */
export function openImage(assets) {
  const reader = byteReader(assets.stream("image"));
  const opened = (async () => {
    const [headLength, memoryLength] = await reader.words(2);
    const head = await reader.take(headLength);
    return { head, memoryLength };
  })();
  opened.catch(() => {});
  return {
    head: opened.then(({ head }) => head),
    async restoreInto(module) {
      const { memoryLength } = await opened;
      // Emscripten ignores INITIAL_MEMORY here; one allocation that cannot fit makes memory grow, and the image then
      // replaces everything, the allocator's own records included.
      if (module.HEAPU8.length < memoryLength) module._malloc(memoryLength);
      if (module.HEAPU8.length < memoryLength) throw new Error("this device gave the lab too little memory");
      const memory = module.HEAPU8;
      for (;;) {
        const [page, count] = await reader.words(2);
        if (count === 0) return;
        await reader.into(memory, page * PAGE, count * PAGE);
      }
    },
  };
}

/** Read exact amounts from a stream of chunks. */
function byteReader(opening) {
  let source;
  let chunk = new Uint8Array(0);
  let at = 0;

  const more = async () => {
    source ??= chunks(await opening);
    const { done, value } = await source.next();
    if (done) throw new Error("the memory image ends too early");
    chunk = value;
    at = 0;
  };
  const into = async (target, offset, length) => {
    for (let missing = length; missing > 0; ) {
      if (at === chunk.length) await more();
      const part = Math.min(missing, chunk.length - at);
      target.set(chunk.subarray(at, at + part), offset);
      at += part;
      offset += part;
      missing -= part;
    }
  };
  const take = async (length) => {
    const bytes = new Uint8Array(length);
    await into(bytes, 0, length);
    return bytes;
  };
  return { into, take, words: async (count) => new Uint32Array((await take(4 * count)).buffer) };
}
