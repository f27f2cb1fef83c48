/**
 * A pen over a canvas: the few shapes that pictures are made of, in colours of the palette and sizes of the type scale.
 *
 * exports createPen(canvas, colour) -> Pen
 */

/** In CSS pixels, at the page's size of 16; smaller than xs is no size. */
const SIZES = { xs: 11.5, s: 13, m: 15, l: 19, xl: 28 };
const HATCH = 6;

/**
 * Every fill and stroke is a name of the palette, without `--rp-`.
 *
 * @typedef {object} Look
 * @property {string} [fill]
 * @property {string} [stroke]
 * @property {number} [line]  width of the stroke
 * @property {number[]} [dash]
 * @property {number} [offset]  of the dashes, which moves them
 * @property {"up"|"down"|"cross"|"dots"} [hatch]  over the fill, in the colour of the stroke, or else of the ink
 * @property {number} [radius]
 * @property {number} [alpha]
 *
 * @typedef {object} Pen
 * @property {number} width
 * @property {number} height
 * @property {CanvasRenderingContext2D} context
 * @property {(name: string) => string} colour
 * @property {(x: number, y: number, width: number, height: number, look: Look) => void} box
 * @property {(points: number[][], look: Look) => void} line  through all points
 * @property {(from: number[], to: number[], look: Look) => void} curve  that leaves and arrives level
 * @property {(x: number, y: number, radius: number, look: Look) => void} dot
 * @property {(points: number[][], look: Look) => void} shape  closed, through all points
 * @property {(words: string, x: number, y: number, look?: TextLook) => number} text  lines that fit `wide`; returns their height
 * @property {(words: string, look?: TextLook) => number} measure  the width of one line
 * @property {(words: string, look?: TextLook) => number} heightOf  the height of the lines that `text` would write
 * @property {(x: number, y: number, width: number, height: number, draw: () => void) => void} clip
 *
 * @typedef {object} TextLook
 * @property {"xs"|"s"|"m"|"l"|"xl"} [size]
 * @property {boolean} [bold]
 * @property {string} [colour]
 * @property {"left"|"center"|"right"} [align]
 * @property {"top"|"middle"|"bottom"} [at]  what of the lines `y` is
 * @property {number} [wide]  the words wrap there
 * @property {string} [halo]  a colour around the letters, where lines pass behind them
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {(name: string) => string} colour
 * @param {{scale: number, width: number, height: number, font: string, text?: number}} size  device pixels for one of CSS; in CSS pixels
 * @returns {Pen}
 */
export function createPen(canvas, colour, { scale, width, height, font, text: textScale = 1 }) {
  const context = canvas.getContext("2d");
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.lineJoin = "round";
  const hatches = new Map();
  const widths = new Map();
  const pen = { width, height, context, colour, box, line, curve, dot, shape, text, measure, heightOf, clip };
  return pen;

  function box(x, y, wide, high, look) {
    if (!(wide > 0 && high > 0)) return;
    context.beginPath();
    if (look.radius) context.roundRect(x, y, wide, high, Math.min(look.radius, wide / 2, high / 2));
    else context.rect(x, y, wide, high);
    paint(look);
  }

  function dot(x, y, radius, look) {
    context.beginPath();
    context.arc(x, y, Math.max(radius, 0), 0, 2 * Math.PI);
    paint(look);
  }

  function line(points, look) {
    trace(points);
    paint({ ...look, fill: undefined });
  }

  function shape(points, look) {
    trace(points);
    context.closePath();
    paint(look);
  }

  function trace(points) {
    context.beginPath();
    points.forEach(([x, y], at) => (at ? context.lineTo(x, y) : context.moveTo(x, y)));
  }

  function curve([x0, y0], [x1, y1], look) {
    const bend = (x1 - x0) / 2;
    context.beginPath();
    context.moveTo(x0, y0);
    context.bezierCurveTo(x0 + bend, y0, x1 - bend, y1, x1, y1);
    paint({ ...look, fill: undefined });
  }

  function paint({ fill, stroke, line: wide = 1, dash = [], offset = 0, hatch, alpha = 1 }) {
    context.globalAlpha = alpha;
    if (fill) {
      context.fillStyle = colour(fill);
      context.fill();
    }
    if (hatch) {
      context.fillStyle = hatched(hatch, colour(stroke ?? "ink"));
      context.fill();
    }
    if (stroke) {
      context.strokeStyle = colour(stroke);
      context.lineWidth = wide;
      context.setLineDash(dash);
      context.lineDashOffset = offset;
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  function hatched(kind, ink) {
    const name = `${kind} ${ink}`;
    if (!hatches.has(name)) hatches.set(name, makeHatch(context, kind, ink, scale));
    return hatches.get(name);
  }

  function fontOf({ size = "s", bold = false }) {
    return `${bold ? 650 : 400} ${SIZES[size] * textScale}px ${font}`;
  }

  function measure(words, look = {}) {
    const type = fontOf(look);
    const name = `${type} ${words}`;
    if (!widths.has(name)) {
      context.font = type;
      widths.set(name, context.measureText(words).width);
    }
    return widths.get(name);
  }

  function text(words, x, y, look = {}) {
    const { colour: ink = "ink", align = "left", at = "top", wide = Infinity, size = "s", halo } = look;
    const lines = wrapped(words, wide, look);
    const leading = SIZES[size] * textScale * 1.25;
    const high = lines.length * leading;
    const first = y + leading / 2 - (at === "middle" ? high / 2 : at === "bottom" ? high : 0);
    context.font = fontOf(look);
    context.textAlign = align;
    context.textBaseline = "middle";
    lines.forEach((each, row) => {
      if (halo) {
        context.strokeStyle = colour(halo);
        context.lineWidth = 4;
        context.setLineDash([]);
        context.strokeText(each, x, first + row * leading);
      }
      context.fillStyle = colour(ink);
      context.fillText(each, x, first + row * leading);
    });
    return high;
  }

  function heightOf(words, look = {}) {
    return wrapped(words, look.wide ?? Infinity, look).length * SIZES[look.size ?? "s"] * textScale * 1.25;
  }

  function wrapped(words, wide, look) {
    if (measure(words, look) <= wide) return [words];
    const lines = [];
    for (const word of words.split(" ")) {
      const longer = lines.length ? `${lines.at(-1)} ${word}` : word;
      if (lines.length && measure(longer, look) <= wide) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  }

  function clip(x, y, wide, high, draw) {
    context.save();
    context.beginPath();
    context.rect(x, y, wide, high);
    context.clip();
    draw();
    context.restore();
  }
}

function makeHatch(context, kind, ink, scale) {
  const tile = document.createElement("canvas");
  const side = Math.round(HATCH * scale);
  tile.width = tile.height = side;
  const pen = tile.getContext("2d");
  pen.strokeStyle = pen.fillStyle = ink;
  pen.lineWidth = scale;
  if (kind === "dots") {
    pen.fillRect(0, 0, 1.5 * scale, 1.5 * scale);
  } else {
    pen.beginPath();
    for (const shift of [-side, 0, side]) {
      if (kind !== "down") (pen.moveTo(shift - 1, side + 1), pen.lineTo(shift + side + 1, -1));
      if (kind !== "up") (pen.moveTo(shift - 1, -1), pen.lineTo(shift + side + 1, side + 1));
    }
    pen.stroke();
  }
  const pattern = context.createPattern(tile, "repeat");
  pattern.setTransform(new DOMMatrix().scale(1 / scale));
  return pattern;
}
