/**
 * How far a run is, kernel by kernel, and the button that stops it: the page's own markup, for Python waits as the learner does.
 *
 * exports openPanel(onStop) -> Panel
 */

/**
 * @typedef {object} Panel
 * @property {(words: string, parts: {id: string, name: string, steps: number}[]) => void} open
 * @property {(id: string) => void} step  one more of its steps is done
 * @property {(id: string, share: number) => void} share  so much of it is done
 * @property {() => boolean} hasFocus  the learner is still at it
 * @property {() => void} close
 */

/** @param {() => void} onStop @returns {Panel} */
export function openPanel(onStop) {
  const region = document.getElementById("measuring");
  const list = document.getElementById("measuring-kernels");
  const stop = document.getElementById("measuring-stop");
  /** @type {Map<string, HTMLProgressElement>} */
  let bars = new Map();
  stop.addEventListener("click", onStop);

  return {
    open(words, parts) {
      document.getElementById("measuring-words").textContent = words;
      bars = new Map(parts.map((part) => [part.id, barOf(part)]));
      list.replaceChildren(...[...bars.values()].map((bar) => bar.closest("li")));
      region.hidden = false;
      stop.focus({ preventScroll: true });
    },
    step(id) {
      const bar = bars.get(id);
      if (bar) bar.value += 1;
    },
    share(id, share) {
      const bar = bars.get(id);
      if (bar) bar.value = share * bar.max;
    },
    hasFocus: () => region.contains(document.activeElement),
    close() {
      const hadFocus = this.hasFocus();
      region.hidden = true;
      if (hadFocus) document.getElementById("title-machine").focus({ preventScroll: true });
    },
  };
}

function barOf({ id, name, steps }) {
  const bar = Object.assign(document.createElement("progress"), { max: steps, value: 0 });
  const label = document.createElement("label");
  label.append(name, bar);
  const item = document.createElement("li");
  item.dataset.kernel = id;
  item.append(label);
  return bar;
}
