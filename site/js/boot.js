/**
 * Start the lab: Python's worker first, then the painted document, then the two together.
 */
import { labelViews } from "./a11y.js";
import { announce } from "./announce.js";
import { bokehLoaded, bokehWhole, ofScript } from "./bokeh-loaded.js";
import { startCopies } from "./copies-dialog.js";
import { copyLink } from "./copy.js";
import { datedName, handOut } from "./download.js";
import { openDrafts } from "./drafts.js";
import { openErasure } from "./erase.js";
import { startErase } from "./erase-dialog.js";
import { startExport } from "./export.js";
import { startExtras } from "./extras.js";
import { showFailure, takeOver, whyFailed, whyRefused } from "./failure.js";
import { Fault, FileFault, wordsOf } from "./fault.js";
import { numberTyped } from "./fields.js";
import { createFocusKeeper } from "./focus.js";
import { tellFramed } from "./frame.js";
import { openLedgerStore } from "./ledger.js";
import { reloadAfter, tellErased, tellNews, tellPruned } from "./ledger-news.js";
import { startPictures } from "./living.js";
import { startMeasuring } from "./measuring.js";
import { openMemo } from "./memo.js";
import { startMenu } from "./menu.js";
import { showNotice } from "./notice.js";
import { startNudge } from "./nudge.js";
import { startOffline } from "./offline.js";
import { showPath, startPath } from "./path.js";
import { startPersist } from "./persist.js";
import { openPresses } from "./presses.js";
import { openAssets } from "./provider.js";
import { keepStyles, repaintFigures, repaintOnceStyled } from "./repaint.js";
import { createProgress } from "./progress.js";
import { startOver } from "./start-over.js";
import { createStatus } from "./status.js";
import { beginAnew, settleSteps } from "./steps.js";
import { createStyles } from "./styles.js";
import { startSheet } from "./sheet.js";
import { showSavedPlace } from "./summary.js";
import { missingSupport } from "./support.js";
import { createSync } from "./sync.js";
import { startTabs } from "./tabs.js";
import { startTheme } from "./theme.js";
import { startTouch } from "./touch.js";
import { showMade } from "./made.js";
import { startUnsaved } from "./unsaved.js";

const status = createStatus();
const erasure = openErasure({ onErased: () => tellErased(exporting.now) });
const { storage } = erasure;
const store = openLedgerStore({ storage, onNews: (news) => tellNews(news, store) });
const saved = store.read();
const fresh = saved.text === null;
const unsaved = startUnsaved({ isOnlyHere: store.isOnlyHere, isTold: () => saved.reason !== "" || erasure.isErased() });
const drafts = openDrafts({ storage, text: saved.text, onLost: unsaved.drafts });
const presses = openPresses({ storage, session: drafts.session });
const owed = presses.again();
if (owed.press) drafts.putBench(owed.press, owed.press.bench);
const provider = openAssets();
const styles = createStyles();
const progress = createProgress({ onStill: workerSilent });
const sync = createSync({
  post: (message) => worker.postMessage(message),
  onInput: filledIn,
  onPress: pressed,
  onModels: (models) => (drafts.restore(models), styles.note(models), window.Bokeh && repaintOnceStyled(Bokeh)),
  onEarlySubmit: takeEarly,
  onAnswered: answered,
  onBusy: (busy) => status.busy(busy || back !== "all"),
  onSilence: () => extras.isCounting() || silent(),
});
const hasLedger = () => store.exportText() !== null;
const memo = openMemo({ storage });
const exporting = startExport({ exportText: store.exportText, memo, sign, onExported: () => nudge.close() });
const persist = startPersist({ memo, onExport: exporting.ask });
const nudge = startNudge({ memo, exportText: store.exportText, onExport: exporting.ask });
const menu = startMenu({
  onExport: () => exporting.ask(),
  onCopies: () => copies.open(),
  onImport: (name, data) => worker.postMessage({ type: "ledger", purpose: "import", name, data }, [data]),
  canUndo: () => store.canUndo(),
  onUndo: () => reloadAfter(store.undo()),
  hasLedger,
  onErase: () => erasing.open(),
  onStartOver: () => startOver({ store, onExport: exporting.now }),
  onDrop: (found, asClass) => extras.drop(found, asClass),
});
const copies = startCopies({ store, onExport: exporting.copy, onRestored: reloadAfter });
const erasing = startErase({ erasure, hasLedger, onExport: exporting.ask, onErase: unsaved.release });
const focus = createFocusKeeper();
const tabs = startTabs({ onOpen: lookAt });
const measuring = startMeasuring({ post: (message) => worker.postMessage(message), announce, session: drafts.session });
const extras = startExtras({
  post: (message, transfer) => worker.postMessage(message, transfer),
  onShown: (name) => name === "machine" && measuring.shown(),
});
const pictures = startPictures({ post: (message) => worker.postMessage(message) });

const WORKER_FAILED = "Python's worker could not be started: its script is missing, blocked or damaged.";

/** @type {"nothing"|"place"|"all"} how much of a saved ledger is on the page: the workbench comes last */
let back = "all";
let worker;
let heard = false;
let ready = null;
let isWhole = false;
let tellAgain = null;
let views;
/** What is in Python's ledger and not yet in the saved one. */
const committed = [];

startTheme(repaint, storage);
for (const button of document.querySelectorAll("[data-export]")) button.addEventListener("click", () => exporting.now());
if (!fresh) status.saved("saved");
if (missingSupport().length > 0) {
  status.stage("failed");
} else {
  startWorker();
  window.addEventListener("hashchange", ({ oldURL }) => {
    if (extras.show(location.hash, new URL(oldURL).hash) || !ready) return;
    worker.postMessage({ type: "location", fragment: location.hash });
  });
  startTouch();
  startSheet();
  for (const kind of ["input", "change"]) window.addEventListener(kind, typed, { capture: true, passive: true });
  startPath((fragment) => (location.hash = fragment));
  tellPruned();
  tellFramed(memo);
  if (saved.reason) unsaved.cannot(saved.reason);
  if (owed.tried) tellNotEntered();
  if (!fresh) {
    showSavedPlace(saved.text);
    putBack("nothing");
  }
  draw().catch(async (error) => startFailed(await ofScript(error)));
}
takeOver();

async function startWorker(isFirst = true) {
  try {
    worker = await provider.worker(isFirst);
    worker.onmessage = async ({ data }) => {
      heard = true;
      try {
        await handlers[data.type]?.(data);
      } catch (error) {
        wentWrong(error);
      }
    };
    const failed = async ({ message } = {}) => {
      if (heard) wentWrong(new Error(message));
      else startFailed(new FileFault(await whyFailed(provider.workerFile, WORKER_FAILED)));
    };
    worker.onerror = failed;
    if (worker.failed) return failed();
    const { message, transfer } = await provider.startMessage();
    worker.postMessage({ type: "start", ...message }, transfer);
    const started = worker;
    painted.then(() => started.postMessage({ type: "painted" })); // until then the page needs the processors
  } catch (error) {
    startFailed(error);
  }
}

/** Its script has come, and it does not speak: the browser may have lost it, or what came was something else. */
async function workerSilent(times) {
  if (heard || performance.getEntriesByName(provider.workerFile).length === 0) return;
  if (times === 1) {
    worker.terminate();
    return startWorker(false);
  }
  startFailed(new FileFault(await whyFailed(provider.workerFile, WORKER_FAILED, true)));
}

const handlers = {
  async stage({ name, at, received, start, why, document: text }) {
    progress.heard();
    if (name === "receiving") progress.update({ words: "Loading the lab", received, total: provider.total });
    else performance.mark(`rooflab-start:${name}`, { startTime: Math.max(0, at - performance.timeOrigin), detail: why });
    if (name === "given-up") progress.update({ words: "Taking the slower way to start" });
    if (name !== "ready") return;
    status.start(start);
    ready = { start, text };
    await drawing;
    if (text && !sync.matches(text)) await paint(text);
    sync.open();
    worker.postMessage({
      type: "ledger",
      purpose: "resume",
      text: saved.text,
      early: store.readEarly(),
      fragment: owed.press ? `#${owed.press.track}/${owed.press.part}` : location.hash,
      session: drafts.begun,
      benches: drafts.benches(),
    });
  },
  live() {
    showSavedPlace(null);
    if (fresh) whole();
    else putBack("place");
    extras.ready();
  },
  whole() {
    performance.mark("rooflab:whole");
    putBack("all");
    whole();
  },
  picture: (message) => pictures.show(message, sync.since()),
  shown: ({ name }) => extras.shown(name),
  counted: (message) => extras.counted(message),
  machine: (message) => measuring.ask(message),
  copy: ({ text }) => copyLink(text),
  download: ({ text, what, ending, kind }) => handOut(text, datedName(what, ending), { kind }),
  signed: () => nameTaken?.(),
  patch: ({ patch, buffers }) => {
    focus.before();
    sync.apply(patch, buffers);
    views?.sweep();
    keepStyles(Bokeh);
  },
  idle: ({ seq }) => {
    sync.idle(seq);
    focus.after();
    settleSteps();
    if (made) showMade(made, tabs); // again: what came with it may have been built since
    made = null;
  },
  save({ text, aside, entries, place }) {
    status.saved("saving");
    const result = store.save(text, aside);
    status.saved(result.ok ? "saved" : "unsaved");
    committed.push(...entries);
    if (result.ok) {
      store.clearEarly();
      drafts.drop(committed.splice(0));
      persist.ask();
    }
    unsaved.step(result);
    if (aside) drafts.follow(text);
    if (aside === "import" && result.ok) menu.closeTransfer();
    if (aside === "import") beginAnew();
    menu.refresh();
    if (!place) return;
    showPlace(place);
    if (result.ok && !aside) nudge.saved(place);
    else nudge.moved(place);
  },
  bench: ({ left, ...place }) => drafts.leave(place, left),
  place({ place }) {
    showPlace(place);
    settleSteps();
    nudge.moved(place);
  },
  transfer: ({ words }) => menu.showTransfer(words),
  made(told) {
    made = told;
    showMade(told, tabs);
  },
  announce({ text, lasting }) {
    if (lasting) showNotice({ id: "announced", words: text });
    else announce(text);
  },
  failed({ what, file, running, trapped }) {
    if (trapped) provider.avoidImage();
    if (running) stalled(`Something went wrong: ${what}`);
    else startFailed(file ? new FileFault(what) : new Fault(what));
  },
};

function showPlace(place) {
  showPath(place);
  tabs.follow(place);
}

let gone = false;
/** What the present action has made. */
let made = null;
let nameTaken = null;

/** Enter the learner's name in the ledger. The export waits for it, but not for a Python that is gone or busy. */
function sign(name) {
  if (status.current().stage !== "live" || gone) return;
  return new Promise((resolve) => {
    nameTaken = resolve;
    setTimeout(resolve, 5000);
    worker.postMessage({ type: "sign", name });
  });
}

/** What is behind a tab comes from Python, and its silence is noticed. */
function lookAt(name) {
  worker.postMessage({ type: "tab", name });
  sync.ask();
}

let markPainted;
const painted = new Promise((resolve) => (markPainted = resolve));
let markDrawing;
/** All that draws is there, and the first document is painted. */
const drawing = new Promise((resolve) => (markDrawing = resolve));

async function draw() {
  await bokehLoaded();
  await paint(window.document.getElementById("lab-document").textContent);
  await bokehWhole();
  markDrawing();
}

async function paint(text) {
  await sync.paint(text);
  views?.stop();
  views = labelViews(Bokeh, window.document.querySelectorAll(".region"));
  status.stage("painted");
  markPainted();
}

function repaint() {
  if (window.Bokeh) repaintFigures(Bokeh);
  pictures.repaint();
}

function putBack(what) {
  back = what;
  const main = window.document.getElementById("main");
  main.dataset.back = what;
  main.ariaBusy = String(what !== "all");
  status.busy(what !== "all");
}

let closeSilence = null;

function answered({ presses: count, settled }) {
  closeSilence?.();
  closeSilence = null;
  presses.answered(count, !store.isOnlyHere());
  if (count > 0 && status.current().saved === "saving" && !presses.unanswered()) status.saved(whatIsSaved());
  if (settled) drafts.answered();
  if (count > 0) pressAgain();
  if (!status.stage("live")) return;
  progress.done();
  styles.tell();
  pictures.live();
  // Keeping a copy of everything costs the same link and the same processor that the first moves need.
  setTimeout(() => startOffline({ onNetwork: (network) => status.network(network), onWhole: provider.unpackKept }), 2000);
}

function whatIsSaved() {
  if (store.hasUnsaved()) return "unsaved";
  return hasLedger() ? "saved" : "none";
}

function filledIn(event) {
  const field = drafts.note(event);
  if (field) presses.changed(field);
}

function typed(event) {
  const number = numberTyped(event);
  if (number) drafts.type(number.model, event.type === "input" ? number.value : null);
}

function pressed(name, known) {
  if (status.current().stage !== "live") return; // a form with gaps: one without was taken early
  const { track, part } = window.document.getElementById("path").dataset;
  presses.note(known ? { track, part, name, bench: drafts.bench({ track, part }) } : null);
  status.saved("saving");
  tellAgain?.();
}

/** All is built that was to be put back. */
function whole() {
  isWhole = true;
  pressAgain();
}

/** Press what was pressed before the page ended and was not answered, one after the other. */
async function pressAgain() {
  if (!isWhole || !owed.press) return;
  const { track, part } = owed.press;
  for (let press; owed.count-- > 0 && (press = presses.retry()); ) {
    if (await sync.press(press.name)) return; // and go on when it is answered
    presses.answered(1, true);
    tellNotEntered();
  }
  owed.press = null;
  if (location.hash && location.hash !== `#${track}/${part}`) worker.postMessage({ type: "location", fragment: location.hash });
}

/** A lock submitted before Python is there is written by the page at once. */
function takeEarly(answers) {
  if (status.current().stage === "live") return false; // Python was there, and is gone
  const values = Object.values(answers);
  if (values.some(({ choice, confidence }) => choice == null || confidence == null)) return false;
  const result = store.writeEarly({ track: "cloud-titan", part: 1, at: new Date().toISOString(), answers });
  if (!result.ok) return false;
  status.saved("saved");
  announce("Your predictions are recorded. The workbench opens as soon as Python is ready.");
  return true;
}

async function startFailed(error) {
  if (!status.stage("failed")) return;
  const isNamed = error instanceof Fault && !(error instanceof FileFault);
  const refused = isNamed ? "" : await whyRefused();
  progress.done();
  showSavedPlace(null);
  showFailure(refused || wordsOf(error), error instanceof FileFault);
}

function wentWrong(error) {
  if (status.current().stage === "live") stalled(`Something went wrong: ${error.message}.`);
  else startFailed(error);
}

/** The lab was live and Python is no longer: nothing is lost, for every commit is saved, or else can be exported. */
function stalled(words) {
  gone = true;
  sync.close();
  putBack("all");
  extras.stopped();
  nameTaken?.();
  offerRestart(words);
}

/** Python may only be slow: its answer is still taken, and takes the notice away. */
function silent() {
  closeSilence = offerRestart("Python has not answered for 20 seconds.");
}

/** @returns {() => void} takes the notice away */
function offerRestart(words) {
  const restart = { label: "Restart the lab", run: () => location.reload() };
  const again = () => offerRestart(words);
  const actions = store.hasUnsaved() ? [{ label: "Export my ledger", run: () => (exporting.now(), again()) }, restart] : [restart];
  showNotice({ id: "stalled", kind: "failed", words: `${words} ${restartWords()}`, actions });
  tellAgain = again;
  return () => {
    tellAgain = null;
    window.document.getElementById("notice-stalled")?.remove();
  };
}

function restartWords() {
  if (store.hasUnsaved()) return "Your latest step is not saved in this browser: export your ledger before you restart the lab.";
  return {
    kept: "What you pressed last is not in your ledger yet. It is kept in this browser, and is entered when you restart the lab.",
    lost: "What you pressed last is not in your ledger. Restart the lab and press it again; all before it is saved.",
    "": "Everything you committed is saved. Restart the lab to go on from there.",
  }[presses.unanswered()];
}

function tellNotEntered() {
  const words = "What you pressed before the lab was restarted could not be entered in your ledger. Check your place, and press it again.";
  showNotice({ id: "press", kind: "failed", words });
}
