/**
 * Bring what measures this device when its screen is first opened, and hand it what Python asks.
 *
 * exports startMeasuring(options) -> {shown() -> void, open() -> void, ask(message) -> void}
 */
import { lateScript, lateStyle } from "./late.js";
import { openMeasured } from "./measured.js";

const NAME = "labMachine"; // of the script that a page on disk loads
const STYLE = "css/machine.css";

/**
 * @param {object} options
 * @param {(message: object) => void} options.post  to Python
 * @param {(words: string) => void} options.announce
 * @param {() => string} options.session  of the learner's ledger
 */
export function startMeasuring({ post, announce, session }) {
  let opened = null;
  const measured = openMeasured({ session });
  const tell = (message) => {
    if (message.event !== "refused") measured.note(message);
    post(message);
  };
  const failed = (error) => {
    opened = null; // the next time tries again
    console.warn("What measures this machine could not be loaded.", error);
  };

  return {
    /** Python shows the screen. */
    shown() {
      this.open();
      for (const message of measured.again()) tell({ ...message, focused: false });
    },
    open() {
      opened ??= bring({ post: tell, announce }).catch(failed);
    },
    async ask({ ask }) {
      if (ask === "taken") return measured.taken();
      this.open();
      const machine = await opened;
      if (machine) machine.ask(ask);
      else post({ type: "machine", event: "refused", why: "failed" });
    },
  };
}

async function bring(options) {
  const { machine, inline } = JSON.parse(document.getElementById("lab-files").textContent);
  const [{ openMachine }, files] = await Promise.all([lateScript(machine.script, NAME, inline), filesOf(machine, inline), lateStyle(STYLE)]);
  return openMachine({ ...options, files: files ?? ofDisk() });
}

/** @returns {Promise<import("./machine/machine.js").Files|null>} */
async function filesOf(machine, inline) {
  if (inline) return null;
  const [plain, relaxed, kernels] = await Promise.all([machine.plain, machine.relaxed, machine.kernels].map(fetched));
  const worker = () => new Worker(addressOf(machine.worker), { type: "module" });
  return { worker, modules: { plain, relaxed }, kernels: JSON.parse(new TextDecoder().decode(kernels)) };
}

/** The script of a page on disk has put the files into `labFiles`, in base64. */
function ofDisk() {
  const text = (name) => window.labFiles[`machine-${name}`];
  const bytes = (name) => Uint8Array.from(atob(text(name)), (each) => each.charCodeAt(0));
  const worker = () => new Worker(`data:text/javascript;base64,${text("worker")}`, { type: "module" });
  return { worker, modules: { plain: bytes("plain"), relaxed: bytes("relaxed") }, kernels: JSON.parse(new TextDecoder().decode(bytes("kernels"))) };
}

async function fetched(name) {
  const response = await fetch(addressOf(name));
  if (!response.ok) throw new Error(`${name} did not load`);
  return new Uint8Array(await response.arrayBuffer());
}

function addressOf(name) {
  return new URL(name, document.baseURI).href;
}
