// The plane of a sequence, places across and levels up: where everything stands on a canvas, and what is painted there.
const LEFT = 2.6, ABOVE = 0.4, AXIS = 1.3, STRIP = 1.1, RIGHT = 0.4;  // rem
const FAINT = 0.2;  // of a colour, for what is hardly there: it is there

export class Plane {
  rem = 16;
  left = 0;
  top = 0;
  bottom = 1;
  w = 1;
  h = 1;
  /** Size of a cell, a level of a place; and where the strip begins. */
  wide = 1;
  high = 1;
  strip = 0;

  /** @param {{ length: number, levels: number }} of */
  constructor({ length, levels }) {
    this.length = length;
    this.levels = levels;
    this.sheet = new OffscreenCanvas(length, levels);
  }

  /** Takes its place on a canvas of that size, above a strip of cells. */
  fit(width, height, rem) {
    Object.assign(this, { rem, left: LEFT * rem, top: ABOVE * rem, w: width - (LEFT + RIGHT) * rem, h: height - (ABOVE + AXIS + STRIP) * rem });
    Object.assign(this, { wide: this.w / this.length, high: this.h / this.levels, bottom: this.top + this.h, strip: height - STRIP * rem });
  }

  /** Middle of a place, and of a level, which may lie between two. */
  x(t) { return this.left + (t + 0.5) * this.wide; }
  y(level) { return this.bottom - (level + 0.5) * this.high; }

  /** Place and level under a point of the canvas; outside of the plane the nearest. */
  at(x, y) {
    const within = (v, count) => Math.max(0, Math.min(count - 1, Math.floor(v)));
    return { t: within((x - this.left) / this.wide, this.length), level: within((this.bottom - y) / this.high, this.levels) };
  }

  holds(x) { return x >= this.left && x < this.left + this.w; }

  /** Brings the heat of all places to the sheet.
   *  @param {Uint8Array} shades (T, levels)
   *  @param {number[][]} map 256 colours */
  heat(shades, map) {
    const data = new ImageData(this.length, this.levels);
    shades.forEach((shade, k) => {
      const t = Math.floor(k / this.levels), level = k % this.levels;
      data.data.set([...map[shade], 255], 4 * ((this.levels - 1 - level) * this.length + t));
    });
    this.sheet.getContext("2d").putImageData(data, 0, 0);
  }

  /** Paints the ground, the heat of the first places, and the axes. */
  ground(context, places, style) {
    const { left, top, w, h, bottom, rem, length, levels, wide } = this;
    context.fillStyle = style.wash;
    context.fillRect(left, top, w, h);
    context.imageSmoothingEnabled = false;
    if (places > 0) context.drawImage(this.sheet, 0, 0, places, levels, left, top, wide * places, h);
    this.ticks(context, style);
    Object.assign(context, { textAlign: "center", textBaseline: "top", fillStyle: style.quiet });
    const every = Math.max(1, Math.round(length / 8));
    for (let t = every - 1; t < length; t += every) context.fillText(String(t + 1), this.x(t), bottom + 0.25 * rem);
    context.textAlign = "left";
    context.fillText("place", 0, bottom + 0.25 * rem);
  }

  /** Names levels along the left edge. */
  ticks(context, style) {
    const { levels, left, rem } = this;
    Object.assign(context, { font: `${0.72 * rem}px ${style.font}`, fillStyle: style.quiet, textAlign: "right", textBaseline: "middle" });
    for (let k = 0; k <= 4; k++) {
      const level = Math.min(levels - 1, Math.round((k * levels) / 4));
      context.fillText(String(level), left - 0.35 * rem, Math.max(0.6 * rem, this.y(level)));
    }
  }

  /** Joins levels, one a place from the first on; null interrupts.
   *  @param {ArrayLike<number | null>} levels */
  line(context, levels, to = levels.length) {
    context.beginPath();
    for (let t = 0, open = false; t < to; t++) {
      const level = levels[t];
      if (level === null) { open = false; continue; }
      if (open) context.lineTo(this.x(t), this.y(level)); else context.moveTo(this.x(t), this.y(level));
      open = true;
    }
    context.stroke();
  }

  /** A band between two levels, from one place to another, both included. */
  band(context, low, high, from, to) {
    context.beginPath();
    for (let t = from; t <= to; t++) context.lineTo(this.x(t), this.y(high[t]));
    for (let t = to; t >= from; t--) context.lineTo(this.x(t), this.y(low[t]));
    context.closePath();
    context.fill();
  }

  /** Frames a place, set off by paper from any heat. */
  frame(context, t, colour, paper) {
    for (const [strokeStyle, width] of /** @type {[string, number][]} */ ([[paper, 0.25], [colour, 0.12]])) {
      Object.assign(context, { strokeStyle, lineWidth: width * this.rem });
      context.strokeRect(this.left + t * this.wide, this.top, this.wide, this.h);
    }
  }

  /** Cells under the first places, each as strong as `value(t)` from 0 to 1; nothing at all is left empty. */
  cells(context, places, value, colour, name, style) {
    const { rem, strip, left, wide } = this, high = (STRIP - 0.1) * rem, gap = Math.min(1.5, 0.1 * wide);
    Object.assign(context, { font: `${0.72 * rem}px ${style.font}`, fillStyle: style.quiet, textAlign: "left", textBaseline: "middle" });
    context.fillText(name, 0, strip + high / 2);
    for (let t = 0; t < places; t++) {
      const strength = value(t), x = left + t * wide + gap / 2;
      if (strength > 0) {
        context.globalAlpha = FAINT + (1 - FAINT) * Math.sqrt(Math.min(1, strength));
        context.fillStyle = colour;
        context.fillRect(x, strip, wide - gap, high);
        context.globalAlpha = 1;
      }
      Object.assign(context, { strokeStyle: style.line, lineWidth: 1 });
      context.strokeRect(x + 0.5, strip + 0.5, wide - gap - 1, high - 1);
    }
  }
}
