/**
 * The worker's side of the talk with the page, over a Python that some start has made.
 *
 * Page to worker: start, patch, ledger, location; tab {name}, which tab of the bench is looked at; inflater {port} or {failed}, of the thread that inflates, before start; painted, once the first document is on the screen; screen {name} opens `report`, `classroom`, `open-bench` or `machine`, or closes them (empty);
 * machine {event}: what the page measured on this device (`measured`, `jitter`, `thermal`), or why it did not (`refused`);
 * picture {name} or {frame}: which picture of the bench is looked at, or which recorded frame;
 * sign {name} enters the learner's name. A ledger has a purpose: resume; import {name, data}, a file's bytes; load {name, data}, a model or a device for the open bench; or classroom,
 * which comes in batches {files, refused, first, last} of [name, bytes] and [name, reason]. Bytes are transferred.
 *
 * Worker to page: made {region}, where what an action made is; stage, live, whole, patch, idle, place, save, announce, failed; bench {track, part, left}, what is on a
 * bench that was moved; picture {picture, was, chosen, choices}, the numbers of the bench's picture, or {picture: null}; signed after a name was taken; shown {name} after
 * a screen is built; machine {ask}: what the learner wants measured, `stop`, `texts` to show those of the kernels, or `taken` after each measurement that came; counted {done, total, last} after each batch of a class and while it is counted, or {failed}; copy
 * {text}, a fragment for the clipboard; download {what, ending, text, kind}, a file to be made, with its media type.
 *
 * exports serveLab(start, helpers?) -> void, stage(name, more?) -> void
 */

import { FileFault, wordsOf } from "../fault.js";

/** @type {Promise<any>|undefined} */
let browser;
let attached = false;
/** @type {(message: object) => Promise<any>} */
let startPython;
/** @type {() => Promise<void>} */
let bringRest;
/** @type {import("./inflater.js").Inflater|undefined} */
let inflater;
/** @type {() => void} */
let onPainted;
let queue = Promise.resolve();

/** Said before the page began to listen. */
let unheard = [];
const post = (message, transfer = []) => (unheard ? unheard.push([message, transfer]) : globalThis.postMessage(message, transfer));
export const stage = (name, more = {}) => post({ type: "stage", name, at: performance.timeOrigin + performance.now(), ...more });

/** What Python says, as JSON text; beside it the bytes of a patch's arrays, whose `sizes` the text has. They go on as buffers. */
const fromPython = (text, beside) => {
  const { sizes, ...message } = JSON.parse(text);
  if (sizes) message.buffers = buffersOf(sizes, beside);
  post(message, message.buffers ? [...message.buffers.values()] : []);
};

/** Copy the arrays out of Python's memory. @returns {Map<string, ArrayBuffer>} by their number, as a patch names them */
function buffersOf(sizes, beside) {
  const bytes = beside?.getBuffer("u8");
  let at = 0;
  const buffers = new Map(sizes.map((size, number) => [String(number), bytes.data.slice(at, (at += size)).buffer]));
  bytes?.release();
  return buffers;
}

const handlers = {
  start: (message) => {
    browser = startPython(message).then((python) => {
      // Before anything is resumed: a ledger that cannot be read must be set aside, and the learner told.
      python.connect(fromPython);
      return python;
    });
    browser.catch((error) => fail(error, { what: wordsOf(error), file: error instanceof FileFault }));
  },
  inflater: ({ port, failed }) => (failed ? inflater?.fail() : inflater?.connect(port)),
  painted: () => onPainted(),
  async patch({ seq, patch }) {
    attach(await browser);
    (await browser).receive("patch", patch);
    post({ type: "idle", seq });
  },
  async ledger({ purpose, ...rest }) {
    if (purpose === "classroom") return withAll((python) => receiveClass(python, rest), () => post({ type: "counted", failed: true }));
    if (purpose === "import") return receiveFile(rest);
    if (purpose === "load") return withAll((python) => python.receive("load", JSON.stringify({ name: rest.name }), new Uint8Array(rest.data)));
    const python = await browser;
    attach(python);
    python.receive("resume", JSON.stringify(rest));
    post({ type: "live" });
    if (rest.text !== null) setTimeout(() => enqueue(buildBench)); // what the page has sent meanwhile goes first
  },
  screen(message) {
    withAll((python) => {
      python.receive("screen", JSON.stringify(message));
      if (message.name) post({ type: "shown", name: message.name });
    });
  },
  machine: (message) => withAll((python) => python.receive("machine", JSON.stringify(message))),
  async location(message) {
    (await browser).receive("location", JSON.stringify(message));
  },
  async picture(message) {
    (await browser).receive("picture", JSON.stringify(message));
  },
  async tab(message) {
    (await browser).receive("tab", JSON.stringify(message));
  },
  async sign(message) {
    (await browser).receive("sign", JSON.stringify(message));
    post({ type: "signed" });
  },
};

/**
 * Take messages, one after the other.
 * @param {(message: object) => Promise<any>} start makes Python and returns its module `rooflab.browser`
 * @param {object} [helpers]
 * @param {() => Promise<void>} [helpers.bringRest] brings what Python imports only for the screens; may be called again
 * @param {import("./inflater.js").Inflater} [helpers.inflater]
 * @param {() => void} [helpers.onPainted]
 */
export function serveLab(start, helpers = {}) {
  startPython = start;
  ({ inflater, onPainted = () => {}, bringRest = async () => {} } = helpers);
  globalThis.onmessage = ({ data }) => {
    if (data.type === "start") tellUnheard();
    enqueue(() => handlers[data.type]?.(data));
  };
}

function tellUnheard() {
  const waiting = unheard ?? [];
  unheard = null;
  waiting.forEach(([message, transfer]) => globalThis.postMessage(message, transfer));
}

function enqueue(task) {
  queue = queue.then(task).catch((error) => fail(error, { running: true }));
}

/** After a trap in WebAssembly, or what Pyodide calls fatal, this Python is of no use any more. */
function fail(error, more = {}) {
  const trapped = error instanceof WebAssembly.RuntimeError || error?.pyodide_fatal_error === true;
  post({ type: "failed", what: String(error?.message ?? error).slice(0, 2000), trapped, ...more });
}

async function buildBench() {
  (await browser).receive("bench", "{}");
  post({ type: "whole" });
}

/** Hand over one file; what unpacks a zip is not there from the start. */
async function receiveFile({ name, data }) {
  const hand = (python) => python.receive("import", JSON.stringify({ name }), new Uint8Array(data));
  const [first, second] = new Uint8Array(data, 0, Math.min(2, data.byteLength));
  if (first === 0x50 && second === 0x4b) withAll(hand);
  else hand(await browser);
}

/** Hand over a batch of a class, its bytes as one piece. */
function receiveClass(python, { files, ...rest }) {
  const data = new Uint8Array(files.reduce((size, [, bytes]) => size + bytes.byteLength, 0));
  let at = 0;
  for (const [, bytes] of files) {
    data.set(new Uint8Array(bytes), at);
    at += bytes.byteLength;
  }
  const sizes = files.map(([name, bytes]) => [name, bytes.byteLength]);
  try {
    python.receive("classroom", JSON.stringify({ ...rest, files: sizes }), data);
  } catch (error) {
    post({ type: "counted", failed: true });
    throw error;
  }
}

/** Do a task for which more of the library is needed than the start brings; other messages are served meanwhile. */
async function withAll(task, onFailed = () => {}) {
  try {
    await browser;
    await bringRest();
  } catch {
    onFailed();
    return post({ type: "announce", lasting: true, text: "A part of the lab could not be loaded. Go online, then open it once more." });
  }
  enqueue(async () => task(await browser));
}

/** The page has the very document that Python has. */
function attach(python) {
  if (attached) return;
  attached = true;
  python.attach();
}
