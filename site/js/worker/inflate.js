/**
 * A second thread for the memory image: fetch it, and inflate it while the first makes Python. Where the browser has no
 * Brotli it first brings a decoder, for both threads; and once a copy is kept for later, it is called again to unpack what
 * the next start needs of it.
 *
 * The page hands it a port to the first thread. Through that it is sent the file, then a word to go on, for the page is
 * painted meanwhile and needs a processor of its own. It answers with the decoder, or null; with the inflated bytes in
 * pieces, then with null; or with what went wrong; and ends when it is told that this was heard.
 */
import { hasBrotli } from "./brotli.js";
import { inflated } from "./inflated.js";

const PIECE = 1 << 20;

/** The build puts the decoder's place and size here. */
const decoder = hasBrotli() || typeof BUILT !== "object" ? null : bringDecoder(BUILT);

decoder?.catch(() => {}); // told through the port, which may come later

let goOn;
const wanted = new Promise((resolve) => (goOn = resolve));

globalThis.onmessage = ({ data, ports: [port] }) => {
  if (data?.kept) return unpackKept(data.kept).catch(toldOf).then(() => (globalThis.postMessage("unpacked"), globalThis.close()));
  decoder?.then((bytes) => port.postMessage({ decoder: bytes }), () => port.postMessage({ decoder: null }));
  port.onmessage = ({ data: { url, name, go, end } }) => {
    if (url) inflateFrom(url, name, port);
    else if (go) goOn();
    else if (end) globalThis.close();
  };
};

/** Keep files of the offline copies unpacked: those that Brotli has no quick decoder for. What cannot be kept stays as it is. */
async function unpackKept(urls) {
  if (!decoder) return;
  for (const name of (await caches.keys()).filter((each) => each.startsWith("rooflab-"))) {
    const cache = await caches.open(name);
    for (const url of urls) {
      const kept = await cache.match(url);
      if (!kept) continue;
      const { stream, packed } = await inflated(kept.body, () => decoder);
      if (packed) await cache.put(url, new Response(stream, { headers: { "content-type": kept.headers.get("content-type") } }));
      else await stream.cancel();
    }
  }
}

function toldOf(error) {
  console.info("rooflab: the offline copy stays packed:", error);
}

async function bringDecoder({ url, raw }) {
  const response = await fetch(new URL(`../${url}`, location.href));
  const { stream } = await inflated(response.body);
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  if (bytes.length !== raw) throw new Error(`Brotli's decoder could not be loaded: ${bytes.length} of ${raw} bytes`);
  return bytes;
}

async function inflateFrom(url, name, port) {
  const postMessage = (message, transfer = []) => port.postMessage(message, transfer);
  try {
    const response = await fetch(url);
    await wanted;
    if (!response.ok) throw new Error(`${name} could not be loaded: the site answered ${response.status}`);
    let packed = true;
    const counted = new TransformStream({
      transform(chunk, controller) {
        postMessage({ received: chunk.byteLength, packed });
        controller.enqueue(chunk);
      },
    });
    const opened = await inflated(response.body.pipeThrough(counted), () => decoder);
    packed = opened.packed;
    const reader = opened.stream.getReader();
    let piece = new Uint8Array(PIECE);
    let filled = 0;
    const send = () => {
      const bytes = piece.subarray(0, filled);
      postMessage({ bytes }, [bytes.buffer]);
      piece = new Uint8Array(PIECE);
      filled = 0;
    };
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (let at = 0; at < value.length; ) {
        const count = Math.min(value.length - at, PIECE - filled);
        piece.set(value.subarray(at, at + count), filled);
        at += count;
        filled += count;
        if (filled === PIECE) send();
      }
    }
    if (filled) send();
    postMessage({ bytes: null });
  } catch (error) {
    postMessage({ failed: String(error?.message ?? error) });
  }
}
