/**
 * The files that a start needs, whatever they come from: requests on a site, buffers in the double-click bundle.
 * They are packed, because static hosts do not compress binary files.
 *
 * exports createAssets(options) -> Assets
 */
import { Fault, FileFault } from "../fault.js";
import { inflated, inflatedNow } from "./inflated.js";
import { whyRefused } from "./policy.js";

/**
 * @typedef {{url: string, bytes: number, raw: number}} AssetFile  where it lies, its size on the way and unpacked
 *
 * @typedef {object} Assets
 * @property {(name: string) => Promise<ReadableStream<Uint8Array>>} stream  the unpacked bytes as they come
 * @property {(name: string, when: Promise<any>) => Promise<ReadableStream<Uint8Array>>} streamFromAfar
 *   the same, inflated by another thread, which begins when a promise is settled
 * @property {(name: string) => Promise<Uint8Array>} bytes  all of them
 * @property {(name: string) => Uint8Array} bytesNow  all of them, while everything waits
 * @property {boolean} isHere  all are here: there are no requests, so they cannot be brought while everything waits
 * @property {(name: string) => Promise<any>} module  the script, imported
 * @property {(name: string, error: unknown) => Fault} fault  why a file that came could not be used
 */

/**
 * @param {object} options
 * @param {string} options.base address that the files' addresses are relative to
 * @param {Record<string, AssetFile>} options.files
 * @param {Record<string, ArrayBuffer>} [options.buffers] the packed files themselves, where there are no requests
 * @param {import("./inflater.js").Inflater} [options.inflater] the other thread
 * @param {(received: number) => void} options.onReceived
 * @returns {Assets}
 */
export function createAssets({ base, files, buffers, inflater, onReceived }) {
  let received = 0;
  let told = 0;
  const arrived = {};
  const sound = {};
  const count = (bytes) => {
    received += bytes;
    if (performance.now() - told < 100) return;
    told = performance.now();
    onReceived(received);
  };

  const addressOf = (name) => new URL(files[name].url, base);
  const open = async (name) => {
    const file = files[name];
    if (!file) throw new Error(`This version of the lab has no file called ${name}`);
    if (buffers) return streamOf(buffers[name]);
    const response = await fetch(addressOf(name)).catch(async () => {
      throw new FileFault((await whyRefused()) || `${file.url} could not be loaded: the connection failed or the file is blocked.`);
    });
    if (!response.ok) throw new FileFault(`${file.url} could not be loaded: the site answered ${response.status}.`);
    return response.body;
  };

  /** Bytes that came unpacked are counted as the packed ones that the progress bar expects. */
  const share = (name, packed) => (packed ? 1 : files[name].bytes / files[name].raw);

  const stream = async (name) => {
    let weight = 1;
    arrived[name] = 0;
    const tally = (bytes) => {
      arrived[name] += bytes;
      count(bytes * weight);
    };
    const opened = await inflated(counted(await open(name), tally), decoder);
    weight = share(name, opened.packed);
    sound[name] = () => opened.sound() || (!opened.packed && arrived[name] === files[name].raw);
    return opened.stream;
  };
  let brought;
  const decoder = () => (brought ??= (async () => (await inflater?.decoder()) ?? bytes("decoder"))());
  const bytes = async (name) => {
    try {
      return await readAll(await stream(name), files[name].raw);
    } catch (error) {
      throw fault(name, error);
    }
  };

  return {
    stream,
    async streamFromAfar(name, when) {
      const file = files[name];
      const ask = { url: addressOf(name).href, name: file.url };
      return (await inflater?.stream(ask, when, (bytes, packed) => count(bytes * share(name, packed)))) ?? stream(name);
    },
    bytes,
    bytesNow: (name) => inflatedNow(requestedNow(addressOf(name)), () => requestedNow(addressOf("decoder_now"))),
    isHere: Boolean(buffers),
    async module(name) {
      if (buffers) return import(scriptAddress(await bytes(name)));
      return import(addressOf(name).href).catch((error) => {
        const why = error instanceof SyntaxError ? "it is damaged" : "it is missing, blocked, or not sent as text/javascript";
        fetchAnew(name);
        throw new FileFault(`${files[name].url} could not be loaded: ${why}.`);
      });
    },
    fault,
  };

  function fault(name, error) {
    if (error instanceof Fault) return error;
    console.info(`rooflab: ${name}:`, error);
    const { url } = files[name];
    if (sound[name]?.() && error instanceof WebAssembly.CompileError) return new Fault(`This browser cannot run ${url}. ${CURRENT}`);
    fetchAnew(name);
    return new FileFault(`${url} could not be used: it arrived damaged or cut off.`);
  }

  /** Its name has a hash, so the browser's cache may keep what came for ever. */
  function fetchAnew(name) {
    if (!buffers) fetch(addressOf(name), { cache: "reload" }).catch(() => {});
  }
}

const CHUNK_BYTES = 1 << 18;
const CURRENT = "The lab needs a current Chrome, Edge, Firefox or Safari (2024 or later).";

/** @param {URL} address @returns {Uint8Array} */
function requestedNow(address) {
  const request = new XMLHttpRequest();
  request.open("GET", address, false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) throw new Error(`${address.pathname}: the site answered ${request.status}`);
  return new Uint8Array(request.response);
}

function counted(source, count) {
  return source.pipeThrough(
    new TransformStream({
      transform(chunk, controller) {
        count(chunk.byteLength);
        controller.enqueue(chunk);
      },
    }),
  );
}

/** @param {ReadableStream<Uint8Array>} stream @param {number} size */
async function readAll(stream, size) {
  const whole = new Uint8Array(size);
  let at = 0;
  for await (const chunk of chunks(stream)) {
    if (at + chunk.length > size) break;
    whole.set(chunk, at);
    at += chunk.length;
  }
  if (at !== size) throw new Error(`a file is incomplete: ${at} of ${size} bytes`);
  return whole;
}

/** The chunks of a stream; Safari cannot iterate over streams themselves. */
export async function* chunks(stream) {
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield value;
  }
}

/** Not a Blob's stream, nor a blob: address below: WebKit reads none in a worker of a page on disk. */
function streamOf(buffer) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= buffer.byteLength) return controller.close();
      controller.enqueue(new Uint8Array(buffer.slice(at, at + CHUNK_BYTES)));
      at += CHUNK_BYTES;
    },
  });
}

function scriptAddress(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return `data:text/javascript;base64,${btoa(text)}`;
}
