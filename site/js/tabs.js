/**
 * The tabs of the bench: what is behind one is on the screen, what is behind the others is not drawn.
 *
 * Arrow keys go from tab to tab, as does a swipe; Python is told which instrument is looked at.
 *
 * exports startTabs(options) -> Tabs
 */

/** Behind these tabs are regions of their own; behind all others one instrument of Python's. */
const OWN = new Set(["task", "attempts", "pins", "baseline"]);
const SWIPE_PX = 60;

/**
 * @typedef {object} Tabs
 * @property {(place: import("./path.js").Place) => void} follow  the tabs of the part that is open
 * @property {(id: string) => void} open
 *
 * @param {{onOpen: (name: string) => void}} options  told the instrument that is looked at, or a tab of the page's own
 * @returns {Tabs}
 */
export function startTabs({ onOpen }) {
  const list = document.getElementById("tabs");
  const panel = document.getElementById("tab-panel");
  const enlarge = document.getElementById("enlarge");
  const bench = document.getElementById("region-workbench");
  let key = "";
  let now = "";
  let from = null;

  list.addEventListener("click", ({ target }) => target.role === "tab" && open(target.dataset.tab));
  list.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (way === undefined) return;
    event.preventDefault();
    step(way).focus();
  });
  enlarge.addEventListener("click", () => {
    const isLarge = bench.toggleAttribute("data-large");
    enlarge.ariaPressed = String(isLarge);
  });
  panel.addEventListener("pointerdown", (event) => (from = event.pointerType === "touch" ? event : null));
  panel.addEventListener("pointerup", (event) => {
    if (!from) return;
    const [x, y] = [event.clientX - from.clientX, event.clientY - from.clientY];
    from = null;
    if (Math.abs(x) > SWIPE_PX && Math.abs(x) > 3 * Math.abs(y)) step(x < 0 ? 1 : -1);
  });
  panel.addEventListener("pointercancel", () => (from = null));
  return { follow, open };

  function follow({ track, part, tabs = [] }) {
    const isNew = key !== `${track}:${part}`;
    const had = names();
    const isLonger = !isNew && tabs.length > had.length;
    if (!isNew && tabs.length === had.length) return;
    key = `${track}:${part}`;
    list.replaceChildren(...tabs.map(tab));
    const added = tabs.find(({ id }) => !had.includes(id))?.id;
    if (tabs.length > 0) open((isLonger && had.length > 0 && added) || (!isNew && now) || tabs[0].id);
    else now = "";
  }

  function names() {
    return [...list.children].map(({ dataset }) => dataset.tab);
  }

  function open(id) {
    if (!names().includes(id)) return;
    const isChange = id !== now;
    now = id;
    for (const each of list.children) {
      const isOpen = each.dataset.tab === id;
      each.ariaSelected = String(isOpen);
      each.tabIndex = isOpen ? 0 : -1;
      if (isOpen) {
        panel.setAttribute("aria-labelledby", each.id);
        each.scrollIntoView({ block: "nearest", inline: "nearest" });
      }
    }
    for (const group of panel.children) group.hidden = group.dataset.tab !== (OWN.has(id) ? id : "");
    panel.scrollTop = 0;
    if (isChange) onOpen(id);
  }

  function step(way) {
    const all = [...list.children];
    const at = all.findIndex(({ dataset }) => dataset.tab === now);
    const next = all[Math.max(0, Math.min(all.length - 1, at + way))];
    open(next.dataset.tab);
    return next;
  }
}

function tab({ id, name }) {
  const made = Object.assign(document.createElement("button"), { type: "button", id: `tab-${id}`, role: "tab", textContent: name });
  made.dataset.tab = id;
  made.setAttribute("aria-controls", "tab-panel");
  return made;
}
