/**
 * Unpack a stream, whatever it is packed with: a file of ours in Brotli, gzip, or nothing, for a host or a proxy may have
 * unpacked what came as gzip.
 *
 * A file of ours, in little-endian 32-bit words: the letters `RLBR`, its length unpacked, its length packed, the CRC-32 of
 * the packed bytes (Brotli has no checksum of its own); the packed bytes.
 *
 * exports inflated(stream, decoder) -> Promise<Inflated>, inflatedNow(bytes, decoder) -> Uint8Array
 */
import { brotliNow, brotliStream } from "./brotli.js";
import { crc32 } from "./crc32.js";

const HEAD_BYTES = 16;
const LETTERS = 0x52424c52;

/**
 * @typedef {object} Inflated
 * @property {ReadableStream<Uint8Array>} stream  ends with an error unless the packed bytes were right
 * @property {boolean} packed
 * @property {() => boolean} sound  all of it has come, with the right checksum; false where there is none
 */

/**
 * Judge by the first bytes, never by the name or the headers.
 * @param {ReadableStream<Uint8Array>} stream
 * @param {() => Promise<Uint8Array>} decoder  brings Brotli's decoder, for a browser that has none
 * @returns {Promise<Inflated>}
 */
export async function inflated(stream, decoder) {
  const reader = stream.getReader();
  const head = await firstOf(reader);
  const whole = (from) => joined(head.subarray(from), reader);
  if (head[0] === 0x1f && head[1] === 0x8b) {
    return { stream: whole(0).pipeThrough(new DecompressionStream("gzip")), packed: true, sound: () => false };
  }
  if (head.length < HEAD_BYTES || wordsOf(head)[0] !== LETTERS) return { stream: whole(0), packed: false, sound: () => false };
  const check = checking(wordsOf(head));
  const unpacking = await brotliStream(decoder);
  return { stream: whole(HEAD_BYTES).pipeThrough(check.stream).pipeThrough(unpacking), packed: true, sound: check.sound };
}

/**
 * Unpack a file of ours while everything waits; its decoder is always that in WebAssembly.
 * @param {Uint8Array} bytes @param {() => Uint8Array} decoder
 */
export function inflatedNow(bytes, decoder) {
  const [letters, length, packedLength, checksum] = bytes.length < HEAD_BYTES ? [] : wordsOf(bytes);
  if (letters !== LETTERS) return bytes;
  const packed = bytes.subarray(HEAD_BYTES);
  if (packed.length !== packedLength || crc32(packed) !== checksum) throw new Error("a packed file arrived damaged");
  return brotliNow(packed, length, decoder());
}

/** As many whole chunks as the head needs, or all that there is. */
async function firstOf(reader) {
  let head = new Uint8Array(0);
  while (head.length < HEAD_BYTES) {
    const { done, value } = await reader.read();
    if (done) break;
    const longer = new Uint8Array(head.length + value.length);
    longer.set(head);
    longer.set(value, head.length);
    head = longer;
  }
  return head;
}

function joined(first, reader) {
  let rest = first;
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = rest.length ? { done: false, value: rest } : await reader.read();
      rest = [];
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  });
}

function wordsOf(head) {
  const view = new DataView(head.buffer, head.byteOffset);
  return [0, 4, 8, 12].map((at) => view.getUint32(at, true));
}

/** Let the packed bytes through, and fail at their end if they are not what was packed. */
function checking([, , length, checksum]) {
  let seen = 0;
  let found = 0;
  let sound = false;
  const stream = new TransformStream({
    transform(chunk, controller) {
      seen += chunk.length;
      found = crc32(chunk, found);
      controller.enqueue(chunk);
    },
    flush() {
      if (seen !== length) throw new Error(`a packed file has ${seen} bytes and not ${length}`);
      if (found !== checksum) throw new Error("a packed file has another checksum");
      sound = true;
    },
  });
  return { stream, sound: () => sound };
}
