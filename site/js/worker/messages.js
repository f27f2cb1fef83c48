/**
 * The worker's side of the talk with the page, over a Python that some start has made.
 *
 * Page to worker: start, patch, ledger, saved, location. Worker to page: stage, live, patch, idle, place, save,
 * announce, failed.
 *
 * exports serveLab(start) -> void, stage(name, more?) -> void
 */

/** @type {Promise<any>|undefined} */
let browser;
let attached = false;
/** @type {(message: object) => Promise<any>} */
let startPython;

/** Said before the page began to listen. */
let unheard = [];
const post = (message, transfer = []) => (unheard ? unheard.push([message, transfer]) : globalThis.postMessage(message, transfer));
export const stage = (name, more = {}) => post({ type: "stage", name, at: performance.timeOrigin + performance.now(), ...more });

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
    browser = startPython(message).then((python) => {
      // Before anything is resumed: a ledger that cannot be read must be set aside, and the learner told.
      python.connect(fromPython);
      return python;
    });
    browser.catch((error) => post({ type: "failed", what: String(error?.message ?? error).slice(0, 2000) }));
  },
  async patch({ seq, patch }) {
    attach(await browser);
    (await browser).receive("patch", patch);
    post({ type: "idle", seq });
  },
  async ledger({ purpose, ...rest }) {
    const python = await browser;
    if (purpose === "import") return python.receive("import", JSON.stringify(rest));
    if (rest.text === null) attach(python); // a fresh learner's page is painted already
    python.receive("resume", JSON.stringify(rest));
    if (attached) return post({ type: "live" });
    post({ type: "live", document: python.document() });
    attach(python);
  },
  async saved(message) {
    (await browser).receive("saved", JSON.stringify(message));
  },
  async location(message) {
    (await browser).receive("location", JSON.stringify(message));
  },
};

/**
 * Take messages, one after the other.
 * @param {(message: object) => Promise<any>} start makes Python and returns its module `ridgepoint.browser`
 */
export function serveLab(start) {
  startPython = start;
  let queue = Promise.resolve();
  globalThis.onmessage = ({ data }) => {
    const waiting = unheard ?? [];
    unheard = null;
    waiting.forEach(([message, transfer]) => globalThis.postMessage(message, transfer));
    queue = queue.then(() => handlers[data.type]?.(data)).catch((error) => {
      post({ type: "failed", what: String(error?.message ?? error).slice(0, 2000), running: true });
    });
  };
}

/** The page has the very document that Python has. */
function attach(python) {
  if (attached) return;
  attached = true;
  python.attach();
}
