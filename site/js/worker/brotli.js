/**
 * Unpack Brotli: by the browser where it can (Firefox 147, Safari 18.4), else by a decoder in WebAssembly.
 *
 * exports hasBrotli() -> boolean, brotliStream(decoder) -> Promise<TransformStream>, brotliNow(...) -> Uint8Array
 */
import { BrotliDecStream, initSync } from "brotli-dec-wasm";

const PIECE = 1 << 18;
// What the decoder answers
const NEEDS_INPUT = 2;
const NEEDS_ROOM = 3;
const ENDLESS = "a packed file goes on after its end";

export function hasBrotli() {
  return nativeStream() !== null;
}

/**
 * @param {() => Promise<Uint8Array>} decoder  brings the decoder's bytes where the browser has none
 * @returns {Promise<{readable: ReadableStream<Uint8Array>, writable: WritableStream<Uint8Array>}>}
 */
export async function brotliStream(decoder) {
  return nativeStream() ?? decoderStream(await decoder());
}

/** @param {Uint8Array} packed @param {number} length unpacked @param {Uint8Array} decoder @returns {Uint8Array} */
export function brotliNow(packed, length, decoder) {
  initSync({ module: decoder });
  const whole = new Uint8Array(length);
  const decoding = new BrotliDecStream();
  let filled = 0;
  for (let rest = packed; ; ) {
    const result = decoding.dec(rest, PIECE);
    const { buf, code, input_offset: used } = result;
    result.free();
    whole.set(buf, filled);
    filled += buf.length;
    if (code !== NEEDS_ROOM) break;
    rest = rest.subarray(used);
  }
  decoding.free();
  if (filled !== length) throw new Error(`a packed file has ${filled} of ${length} bytes`);
  return whole;
}

function nativeStream() {
  try {
    return new DecompressionStream("brotli");
  } catch {
    return null;
  }
}

function decoderStream(bytes) {
  initSync({ module: bytes }); // makes one instance, however often it is called
  const decoding = new BrotliDecStream();
  let needsInput = true;
  return new TransformStream({
    transform(chunk, controller) {
      if (!needsInput) throw new Error(ENDLESS);
      for (let rest = chunk; ; ) {
        const result = decoding.dec(rest, PIECE);
        const { buf, code, input_offset: used } = result;
        result.free();
        if (buf.length) controller.enqueue(buf);
        needsInput = code === NEEDS_INPUT;
        rest = rest.subarray(used);
        if (code === NEEDS_ROOM) continue;
        if (rest.length) throw new Error(ENDLESS);
        return;
      }
    },
    flush() {
      decoding.free();
      if (needsInput) throw new Error("a packed file is cut off");
    },
  });
}
