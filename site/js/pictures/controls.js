/**
 * What stands around the picture: its title, how fast it runs, the buttons, the choice of picture, and the table's fold.
 *
 * exports createControls(figure, options) -> Controls
 */

const SVG = "http://www.w3.org/2000/svg";
/** Paths in a square of 16. */
const SIGNS = {
  stop: "M4 3h3v10H4zM9 3h3v10H9z",
  go: "M4 2.5v11l9-5.5z",
  step: "M3 3v10l6-5zM10 3h3v10h-3z",
  slower: "M8 3v10L2 8zM14 3v10L8 8z",
  faster: "M2 3v10l6-5zM8 3v10l6-5z",
};

/**
 * @typedef {object} Controls
 * @property {HTMLCanvasElement} canvas
 * @property {HTMLTableElement} table
 * @property {(message: object, running: boolean) => void} show
 */

/**
 * @param {HTMLElement} figure
 * @param {object} options
 * @param {import("./clock.js").Clock} options.clock
 * @param {(change: {play?: boolean}) => void} options.onChange
 * @param {(look: {name?: string, frame?: number}) => void} options.onLook
 * @returns {Controls}
 */
export function createControls(figure, { clock, onChange, onLook }) {
  const title = make("figcaption", { className: "picture-title" });
  const pace = make("span", { className: "picture-pace" });
  const play = button("stop", "Stop the picture", () => onChange({ play: !running }));
  const step = button("step", "One step", () => (clock.step(), onChange({ play: false })));
  const slower = button("slower", "Slower", () => (clock.shift(-1), onChange({})));
  const faster = button("faster", "Faster", () => (clock.shift(1), onChange({})));
  const tools = make("div", { className: "picture-tools", role: "toolbar", ariaLabel: "The picture's clock" }, play, step, slower, faster);
  const choice = make("select", { className: "picture-choice", ariaLabel: "Picture" });
  const pick = make("button", { className: "picture-pick", type: "button" });
  const canvas = make("canvas", { className: "picture-canvas", role: "img" });
  const table = make("table", { className: "picture-table" });
  const fold = make("details", { className: "picture-fold" }, make("summary", { textContent: "Table" }), make("div", { className: "picture-sheet", tabIndex: 0, role: "region", ariaLabel: "Numbers of the picture" }, table));
  const bar = make("div", { className: "picture-bar" }, tools, pace, pick, choice, fold);
  let running = false;

  figure.replaceChildren(title, bar, make("div", { className: "picture-view" }, canvas));
  rove([play, step, slower, faster]);
  choice.addEventListener("change", () => onLook({ name: choice.value }));
  pick.addEventListener("click", () => onLook({ frame: Number(pick.dataset.frame) }));
  return { canvas, table, show };

  function show({ picture, chosen, choices }, isRunning) {
    running = isRunning;
    write(title, picture.title);
    write(pace, clock.words());
    const label = `${picture.title}. ${picture.words}`;
    if (canvas.ariaLabel !== label) canvas.ariaLabel = label;
    name(play, running ? "stop" : "go", running ? "Stop the picture" : "Let the picture run");
    bar.classList.toggle("picture-fixed", picture.pace === null);
    slower.disabled = !clock.canShift(-1);
    faster.disabled = !clock.canShift(1);
    choice.hidden = choices.length < 2;
    if (choice.dataset.ids !== choices.map(({ id }) => id).join()) {
      choice.dataset.ids = choices.map(({ id }) => id).join();
      choice.replaceChildren(...choices.map(({ id, name: textContent }) => make("option", { value: id, textContent })));
    }
    choice.value = chosen;
    const [offered] = picture.numbers.picks ?? [];
    pick.hidden = !offered;
    if (!offered) return;
    write(pick, offered.name);
    if (pick.ariaLabel !== offered.words) pick.ariaLabel = pick.title = offered.words;
    pick.dataset.frame = offered.frame;
  }
}

function make(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function write(element, words) {
  if (element.textContent !== words) element.textContent = words;
}

function button(sign, words, act) {
  const made = make("button", { type: "button", className: "picture-button" });
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(SVG, "path"));
  made.append(svg);
  name(made, sign, words);
  made.addEventListener("click", act);
  return made;
}

function name(made, sign, words) {
  if (made.ariaLabel === words) return;
  made.ariaLabel = made.title = words;
  made.querySelector("path").setAttribute("d", SIGNS[sign]);
}

/** One stop of Tab for all buttons; arrow keys go from one to the next. */
function rove(buttons) {
  buttons.forEach((each, at) => {
    each.tabIndex = at ? -1 : 0;
    each.addEventListener("keydown", ({ key }) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[key];
      if (!by) return;
      const open = buttons.filter(({ disabled }) => !disabled);
      const next = open[(open.indexOf(each) + by + open.length) % open.length];
      for (const other of buttons) other.tabIndex = other === next ? 0 : -1;
      next.focus();
    });
  });
}
