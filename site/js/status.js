/**
 * What the lab is doing, in words, as data attributes and as performance marks.
 * Stages only go forward and `failed` is final, so that the first cause survives.
 *
 * exports createStatus(root?) -> Status
 */

/**
 * @typedef {"shell"|"painted"|"live"|"failed"} Stage
 * @typedef {"none"|"saving"|"saved"|"unsaved"} Saved
 * @typedef {"resumed"|"fallback"} Start
 * @typedef {"online"|"offline"} Network
 * @typedef {{stage: Stage, start: Start|"", saved: Saved, network: Network, busy: boolean}} State
 *
 * @typedef {object} Status
 * @property {(next: Stage) => boolean} stage  false where nothing changed
 * @property {(kind: Start) => boolean} start
 * @property {(next: Saved) => boolean} saved
 * @property {(next: Network) => boolean} network
 * @property {(now: boolean) => boolean} busy  Python is at work for longer than a moment
 * @property {() => State} current
 * @property {(listener: (state: State) => void) => () => void} subscribe
 */

const STAGES = ["shell", "painted", "live", "failed"];

const WORDS = {
  stage: {
    shell: "Getting ready",
    painted: "Read and choose; instruments in a moment",
    live: "Ready",
    busy: "Working",
    failed: "Did not start",
  },
  saved: {
    none: "Nothing to save yet",
    saving: "Saving",
    saved: "Saved in this browser",
    unsaved: "Not saved",
  },
  network: { online: "Online", offline: "Offline" },
};

/** @param {HTMLElement} [root] @returns {Status} */
export function createStatus(root = document.documentElement) {
  /** @type {State} */
  let state = { stage: "shell", start: "", saved: "none", network: "online", busy: false };
  /** @type {Set<(state: State) => void>} */
  const listeners = new Set();

  root.dataset.stage = state.stage;
  performance.mark("rooflab:shell");

  return {
    stage(next) {
      const forward = STAGES.indexOf(next) > STAGES.indexOf(state.stage);
      if (!forward) return false;
      performance.mark(`rooflab:${next}`);
      return change({ stage: next });
    },
    start: (kind) => change({ start: kind }),
    saved: (next) => change({ saved: next }),
    network: (next) => change({ network: next }),
    busy: (now) => change({ busy: now }),
    current: () => ({ ...state }),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  /** @param {Partial<State>} news */
  function change(news) {
    if (Object.entries(news).every(([key, value]) => state[key] === value)) return false;
    state = { ...state, ...news };
    for (const [key, value] of Object.entries(news)) root.dataset[key] = value;
    write();
    for (const listener of listeners) listener({ ...state });
    return true;
  }

  function write() {
    const stage = state.stage === "live" && state.busy ? "busy" : state.stage;
    const fallback = stage === "live" && state.start === "fallback";
    show("stage", stage, fallback ? "Ready (slower start)" : WORDS.stage[stage]);
    show("saved", state.saved, WORDS.saved[state.saved]);
    show("network", state.network, WORDS.network[state.network]);
  }
}

function show(name, value, words) {
  const item = document.getElementById(`status-${name}`);
  if (!item) return;
  item.dataset.state = value;
  const text = item.querySelector(".words");
  if (text.textContent !== words) text.textContent = words;
}
