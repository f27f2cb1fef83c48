/**
 * Keep the painted Bokeh document and Python's in step: one patch under way at a time, early input queued.
 *
 * exports createSync(options) -> Sync
 */

import { changeInPlace } from "./in-place.js";

/** Set by BokehJS from the size of the window; Python has no use for them. */
const OWN_TO_THE_PAGE = new Set(["inner_width", "inner_height", "outer_width", "outer_height"]);
/** How late a timer may fire on a busy machine that did not sleep. */
const LATE_MS = 2000;
/** How long what is built may take until it is drawn. */
const VIEW_FRAMES = 100;
const SUBMIT = "rooflab:submit";
const PRESS = "rooflab:press:";
const DRAFT = "rooflab:draft:";
const ANSWER = "rooflab:answer:";
const CONFIDENCE = "rooflab:confidence:";

/**
 * @typedef {{doc: object, roots: Record<string, string>}} Painted  what Python serialised: document, root ids by name
 *
 * @typedef {object} Sync
 * @property {(text: string) => Promise<void>} paint  put up the document, or replace the one that is up, keeping input
 * @property {() => boolean} isPainted
 * @property {(text: string) => boolean} matches  whether this is the very document that is up
 * @property {() => void} open  Python is there: send what is queued, or an empty patch that asks for an answer
 * @property {() => void} ask  send an empty patch that asks for an answer, unless one is awaited
 * @property {(patch: object, buffers: Map<string, ArrayBuffer>) => void} apply
 * @property {(seq: number) => void} idle
 * @property {() => number|null} since  when the learner did what Python is now answering
 * @property {() => void} close  Python is gone: queue again
 * @property {(name: string) => Promise<boolean>} press  press a button again; false where there is none of that name
 */

/**
 * @param {object} options
 * @param {(message: {type: "patch", seq: number, patch: string}) => void} options.post
 * @param {(event: object) => void} [options.onInput]  a learner changed a control, told before anything comes of it
 * @param {(name: string, known: boolean) => void} [options.onPress]  a learner pressed a button that enters something in
 *   the ledger; `known` where all that Python has not answered are drafts and other such presses
 * @param {(models: any[]) => void} [options.onModels]  controls were put up, among others
 * @param {(answers: object) => boolean} options.onEarlySubmit  true where the page has taken the submission over
 * @param {(answer: {presses: number, settled: boolean}) => void} options.onAnswered  Python answered a patch that held so
 *   many presses; `settled` where nothing waits for an answer
 * @param {(busy: boolean) => void} [options.onBusy]  an answer takes longer than a moment; then that it has come
 * @param {() => void} options.onSilence  Python has owed an answer for long, while the page was awake
 * @param {number} [options.momentMs]
 * @param {number} [options.patienceMs]
 * @returns {Sync}
 */
export function createSync({
  post,
  onInput = () => {},
  onPress = () => {},
  onModels = () => {},
  onEarlySubmit,
  onAnswered,
  onBusy = () => {},
  onSilence,
  momentMs = 250,
  patienceMs = 20000,
}) {
  let painted = "";
  let document_ = null;
  let queue = [];
  let open = false;
  let seq = 0;
  let underWay = null;
  let silence = 0;
  let moment = 0;
  let busy = false;
  let lastInput = 0;
  let pressing = false;

  for (const kind of ["pointerdown", "pointermove", "pointerup", "keydown", "input", "change", "click"]) {
    window.addEventListener(kind, (event) => (lastInput = event.timeStamp), { capture: true, passive: true });
  }

  async function paint(text) {
    const { doc, roots } = JSON.parse(text);
    const kept = queue;
    queue = [];
    document_?.clear();
    const targets = Object.fromEntries(Object.entries(roots).map(([name, id]) => [id, `region-${name}`]));
    for (const id of Object.values(targets)) window.document.getElementById(id).replaceChildren();
    const before = new Set(Bokeh.documents);
    await Bokeh.embed.embed_items({ lab: doc }, [{ docid: "lab", roots: targets, root_ids: Object.keys(targets) }]);
    document_ = Bokeh.documents.find((candidate) => !before.has(candidate));
    noneIsNew();
    document_.on_change(changed);
    painted = canonical(text);
    for (const event of kept) {
      const model = event.kind === "ModelChanged" && document_.get_model_by_id(event.model.id);
      if (model && model.type === event.model.type) model.setv({ [event.attr]: event.value });
    }
    onModels([...document_._all_models.values()]);
    await frames(2);
  }

  /** Python knows every model there is; BokehJS takes those that came by a patch for new, until it makes one itself. */
  function noneIsNew() {
    document_.create_json_patch([]);
  }

  function changed(event) {
    if (event.sync === false) return; // Python's own patch, being applied
    if (event.kind === "ModelChanged" && OWN_TO_THE_PAGE.has(event.attr)) return;
    if (event.kind === "ModelChanged") onInput(event);
    if (!open && isSubmit(event) && onEarlySubmit(answersOf(document_))) return;
    const press = pressOf(event);
    if (press && !pressing) onPress(press, [...(underWay?.events ?? []), ...queue].every(isKnown));
    event.since = performance.now() - lastInput < 1000 ? lastInput : performance.now();
    coalesce(queue, event);
    // Bokeh reports several changes of one gesture one after the other: send them together.
    queueMicrotask(flush);
  }

  function flush(evenEmpty = false) {
    if (!open || underWay || (queue.length === 0 && !evenEmpty)) return;
    const events = queue;
    queue = [];
    const alive = events.filter(({ model }) => !model || model.document === document_);
    const patch = document_.create_json_patch(alive);
    underWay = { seq: ++seq, events, since: Math.min(...events.map((event) => event.since)) };
    post({ type: "patch", seq, patch: JSON.stringify(patch) });
    listen();
    moment = window.setTimeout(() => tellBusy(true), momentMs);
  }

  /** Wait for the answer. A timer that fires late means that the page slept, and Python with it: wait once more. */
  function listen() {
    window.clearTimeout(silence);
    const due = Date.now() + patienceMs;
    silence = window.setTimeout(() => (Date.now() - due > LATE_MS ? listen() : onSilence()), patienceMs);
  }

  /** No answer is awaited any longer. */
  function forget() {
    underWay = null;
    window.clearTimeout(silence);
    tellBusy(false);
  }

  function tellBusy(now) {
    window.clearTimeout(moment);
    if (busy === now) return;
    busy = now;
    onBusy(now);
  }

  return {
    paint,
    isPainted: () => document_ !== null,
    matches: (text) => canonical(text) === painted,
    open() {
      open = true;
      forget();
      flush(true);
    },
    ask: () => flush(true),
    apply(patch, buffers) {
      if (!document_) return;
      const events = changeInPlace(Bokeh, document_, patch.events);
      if (events.length > 0) document_.apply_json_patch({ ...patch, events }, buffers);
      if (document_) noneIsNew();
      if (events.some(({ attr }) => attr === "children")) onModels([...document_._all_models.values()]);
    },
    idle(answered) {
      if (answered !== underWay?.seq) return;
      window.clearTimeout(silence);
      const { since, events } = underWay;
      underWay = null;
      tellBusy(false);
      if (Number.isFinite(since)) {
        requestAnimationFrame(() => {
          const end = performance.now();
          if (end > since) performance.measure("rooflab:round-trip", { start: since, end });
        });
      }
      onAnswered({ presses: events.filter(pressOf).length, settled: queue.length === 0 });
      flush();
    },
    since: () => underWay?.since ?? null,
    close() {
      open = false;
      forget();
    },
    async press(name) {
      const isNamed = ({ tags }) => tags?.includes(PRESS + name);
      for (let wait = 0; wait < VIEW_FRAMES && [...document_._all_models.values()].some(isNamed); wait++) {
        const views = [...Bokeh.index.query(({ model }) => isNamed(model))];
        const button = views.map((view) => view.el.shadowRoot?.querySelector("button")).find((each) => each);
        if (!button) {
          await frames(1);
          continue;
        }
        pressing = true;
        button.click();
        pressing = false;
        return true;
      }
      return false;
    },
  };
}

/** Replace an earlier value of the same property; button presses are never merged nor passed over. */
function coalesce(queue, event) {
  if (event.kind === "ModelChanged") {
    for (let i = queue.length - 1; i >= 0 && queue[i].kind === "ModelChanged"; i--) {
      if (queue[i].model === event.model && queue[i].attr === event.attr) {
        event.since = Math.min(event.since, queue[i].since);
        queue.splice(i, 1);
        break;
      }
    }
  }
  queue.push(event);
}

function isSubmit(event) {
  return tagsOf(event).includes(SUBMIT);
}

/** @returns {string|undefined} the name of a button whose press enters something in the ledger */
function pressOf(event) {
  return event.kind === "MessageSent" ? tagsOf(event).find((tag) => String(tag).startsWith(PRESS))?.slice(PRESS.length) : undefined;
}

/** Whether the page could bring this about again. */
function isKnown(event) {
  if (event.kind !== "ModelChanged") return pressOf(event) !== undefined;
  return event.attr === "active" || event.model.tags?.some((tag) => String(tag).startsWith(DRAFT));
}

function tagsOf(event) {
  const source = event.kind === "MessageSent" ? (event.msg_data?.origin ?? event.msg_data?.model) : null;
  return source?.tags ?? [];
}

/** What the lock's questions are answered with, read from the painted document. */
function answersOf(document_) {
  const answers = {};
  for (const model of document_._all_models.values()) {
    for (const tag of model.tags ?? []) {
      if (typeof tag !== "string") continue;
      for (const [prefix, key] of [[ANSWER, "choice"], [CONFIDENCE, "confidence"]]) {
        if (tag.startsWith(prefix)) (answers[tag.slice(prefix.length)] ??= {})[key] = valueOf(model);
      }
    }
  }
  return answers;
}

function valueOf(model) {
  const { active, value } = model;
  return active !== undefined ? active : value === undefined ? null : value;
}

/** The same document has the same text, however its characters are escaped. */
function canonical(text) {
  return JSON.stringify(JSON.parse(text));
}

/** Resolve after so many frames; a hidden page draws none, so not much later in any case. */
function frames(count) {
  const drawn = new Promise((resolve) => {
    const next = () => (count-- > 0 ? requestAnimationFrame(next) : resolve());
    next();
  });
  return Promise.race([drawn, new Promise((resolve) => setTimeout(resolve, 500))]);
}
