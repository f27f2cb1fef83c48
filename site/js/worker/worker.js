/**
 * Python's worker: start the lab from its memory image, or the slower way where that fails, then pass messages.
 *
 * Page to worker: start, patch, ledger, saved, location. Worker to page: stage, live, patch, idle, save, announce, failed.
 */
import { createAssets } from "./assets.js";
import { openImage } from "./image.js";
import { unpack } from "./pack.js";
import { openRuntime, writeFiles } from "./runtime.js";

/** @type {Promise<any>|undefined} */
let browser;
let connected = false;

const post = (message, transfer = []) => globalThis.postMessage(message, transfer);
const stage = (name, more = {}) => post({ type: "stage", name, at: performance.timeOrigin + performance.now(), ...more });

/** What Python says, as JSON text; arrays come beside it in base64 and go on as buffers. */
const fromPython = (text) => {
  const message = JSON.parse(text);
  if (message.buffers) {
    const buffers = Object.entries(message.buffers).map(([id, data]) => [id, Uint8Array.from(atob(data), (c) => c.charCodeAt(0)).buffer]);
    message.buffers = new Map(buffers);
  }
  post(message, message.buffers ? [...message.buffers.values()] : []);
};

const handlers = {
  start: (message) => {
    browser = start(message);
    browser.catch((error) => post({ type: "failed", what: String(error?.message ?? error).slice(0, 2000) }));
  },
  async patch({ seq, patch }) {
    connect(await browser);
    (await browser).receive("patch", patch);
    post({ type: "idle", seq });
  },
  async ledger({ purpose, ...rest }) {
    const python = await browser;
    if (purpose === "import") return python.receive("import", JSON.stringify(rest));
    if (!rest.text) connect(python);
    python.receive("resume", JSON.stringify(rest));
    if (connected) return post({ type: "live" });
    post({ type: "live", document: python.document() });
    connect(python);
  },
  async saved(message) {
    (await browser).receive("saved", JSON.stringify(message));
  },
  async location(message) {
    (await browser).receive("location", JSON.stringify(message));
  },
};

let queue = Promise.resolve();
globalThis.onmessage = ({ data }) => {
  queue = queue.then(() => handlers[data.type]?.(data)).catch((error) => {
    post({ type: "failed", what: String(error?.message ?? error).slice(0, 2000), running: true });
  });
};

function connect(python) {
  if (connected) return;
  connected = true;
  python.connect(fromPython);
}

async function start({ base, manifest, buffers, resume }) {
  const assets = createAssets({
    base,
    files: manifest.files,
    buffers,
    onReceived: (received) => stage("receiving", { received }),
  });
  const runtime = openRuntime(assets, manifest.libraries);
  if (resume) {
    try {
      const py = await runtime.resume(openImage(assets));
      const python = py.pyimport("ridgepoint.browser");
      stage("ready", { start: "resumed" });
      afterwards(assets, py);
      return python;
    } catch (error) {
      console.warn("The memory image could not be restored; starting the slower way.", error);
      stage("given-up", { why: String(error?.message ?? error).slice(0, 500) });
    }
  }
  const files = unpack(await assets.bytes("library"));
  const py = await runtime.start(files, manifest.env);
  py.runPython(manifest.run);
  const python = py.pyimport("ridgepoint.browser");
  stage("ready", { start: "fallback", document: python.document() });
  return python;
}

/** Once the lab is live: bring the library, so that what Python imports later is there. */
async function afterwards(assets, py) {
  await new Promise((resolve) => setTimeout(resolve, 3000));
  try {
    writeFiles(py.FS, unpack(await assets.bytes("library")));
  } catch (error) {
    console.warn("The rest of the library did not arrive; the lab works without it.", error);
  }
}
