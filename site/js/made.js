/**
 * Show what an action has made: its tab is opened, it is brought into view, and it has the focus.
 *
 * exports showMade(made, tabs) -> void
 */

/** The tab of the bench behind which a region is. */
const TABS = { tasks: "task", observation: "task", hints: "task", attempt: "attempts", "rp-said": "attempts" };
/** Views are put up some frames after their models have come, on a busy machine many. */
const FRAMES = 3;
const PATIENCE = 90;

/** How often the learner has pressed or turned anything: whoever has gone on keeps the focus, and the place. */
let presses = 0;
for (const kind of ["keydown", "pointerdown", "wheel"]) globalThis.addEventListener?.(kind, () => (presses += 1), true);

/**
 * @param {{region: string, heading: string, mark: string, since?: number}} made  the region that has it, `bench` for all of the bench; how
 *   its heading begins, or the class that it has, if that is said
 * @param {import("./tabs.js").Tabs} tabs
 */
export function showMade(made, tabs) {
  const { region, mark } = made;
  const since = (made.since ??= presses);
  if (presses !== since) return;
  if (TABS[region] ?? TABS[mark]) tabs.open(TABS[region] ?? TABS[mark]);
  let frames = 0;
  const next = () => {
    if (presses !== since) return;
    const found = frames < FRAMES ? null : newest(made);
    if (found) focus(found, made.region === "bench");
    else if (frames++ < PATIENCE) requestAnimationFrame(next);
    else focus(document.getElementById(`region-${region}`), false);
  };
  next();
}

/** @param {Element} made @param {boolean} isAll */
function focus(made, isAll) {
  if (!made?.checkVisibility()) return; // the learner has gone on already
  const at = made.shadowRoot?.querySelector("p") ?? made; // of a view its words: its host has none to be read
  at.tabIndex = -1;
  at.focus({ preventScroll: true });
  if (isAll) window.scrollTo({ top: 0, behavior: "instant" });
  else keepInSight(made);
}

/** What is still built around it may push it out of sight again. @param {Element} made */
function keepInSight(made) {
  const since = presses;
  let frames = 0;
  const look = () => {
    if (presses !== since || !made.isConnected) return;
    made.scrollIntoView({ block: "nearest", behavior: "instant" });
    if (frames++ < PATIENCE) requestAnimationFrame(look);
  };
  look();
}

/** @returns {Element|undefined} the last heading in a region, shadow roots included: what is new comes last */
function newest({ region, heading, mark }) {
  if (region === "bench") return document.getElementById("title-workbench");
  const all = deep(document.getElementById(`region-${region}`)).filter((each) => each.checkVisibility());
  return all.findLast((each) => (mark ? each.classList.contains(mark) : /^H[1-6]$/.test(each.tagName) && each.textContent.startsWith(heading)));
}

function deep(root) {
  return [...(root.querySelectorAll?.("*") ?? [])].flatMap((each) => [each, ...(each.shadowRoot ? deep(each.shadowRoot) : [])]);
}
