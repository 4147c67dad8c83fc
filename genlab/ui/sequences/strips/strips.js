// Sequences that a model writes while it learns, under real ones: small plots, each on the same axes.
import { Canvas } from "../../browser/canvas.js";
import { ease, surface } from "../../browser/screen.js";

const COLUMNS = 4, GAP = 0.45, HEAD = 1.35;  // rem
const FRAME = `<div class="strips"><canvas data-panel="strips" role="img" aria-label="real sequences above, written ones below"></canvas><p data-say="bent"></p></div>`;

export class Strips extends Canvas {
  /** @type {string | null} */
  shown = null;
  /** Values on their way: what is written, from the last picture to the newest.
   * @type {Float32Array} */
  from = new Float32Array(0);
  values = new Float32Array(0);
  /** @type {any} */
  picture = null;
  /** @type {{ duration: number, start?: number } | null} */
  morph = null;

  constructor(host) { super(host, FRAME); }

  go() {}

  /** @param {any} picture as genlab.views.sequences.beside packs it */
  show(id, picture, duration) {
    if (id === this.shown) return;
    const { data } = picture.samples, agree = data.length === this.values.length;
    this.from = agree ? this.values.slice() : Float32Array.from(data);
    if (!agree) this.values = Float32Array.from(data);
    Object.assign(this, { shown: id, picture, meta: picture.meta, morph: agree && duration && !this.calm.matches && !picture.meta.letters ? { duration } : null });
    if (!this.morph) this.values.set(data);
    this.wake();
  }

  advance(now) {
    if (!this.morph) return false;
    this.morph.start ??= now;
    const part = Math.min(1, (now - this.morph.start) / this.morph.duration), { data } = this.picture.samples;
    for (let i = 0; i < data.length; i++) this.values[i] = this.from[i] + ease(part) * (data[i] - this.from[i]);
    if (part === 1) this.morph = null;
    return part < 1;
  }

  write() {
    const bent = this.picture.bent.data.reduce((sum, one) => sum + one, 0), n = this.picture.bent.data.length;
    this.say({ bent: this.meta.judged ? `${bent} of ${n} (red): no two straight pieces explain them` : "" });
    this.tell({ bent, shown: this.shown });
  }

  draw() {
    const { context, width, height } = surface(this.canvas.strips), { rem, style, picture: { real, bent } } = this;
    context.clearRect(0, 0, width, height);
    const half = (height - 0.4 * rem) / 2, rows = real.shape[0] / COLUMNS;
    this.plots(context, "real", real.data, rows, 0, width, half, () => style.data);
    this.plots(context, "written by the model", this.values, rows, half + 0.4 * rem, width, half, (k) => (bent.data[k] ? style.now : style.model));
  }

  /** Sequences of characters, a line each. */
  lines(context, values, top, width, height) {
    const { rem, style, meta: { letters }, picture: { real: { shape: [n, length] } } } = this, high = (height - HEAD * rem) / n, all = [...letters];
    Object.assign(context, { font: `${Math.min(0.8 * high, (1.6 * width) / length)}px monospace`, fillStyle: style.ink, textBaseline: "middle" });
    for (let k = 0; k < n; k++) {
      const text = Array.from({ length }, (_, t) => all[Math.round(values[k * length + t])] ?? "").join("");
      context.fillText(text.replaceAll(/\s/g, "\u00b7"), 0, top + HEAD * rem + (k + 0.5) * high);
    }
  }

  plots(context, title, values, rows, top, width, height, colour) {
    const { rem, style, meta: { levels }, picture: { real: { shape: [, length] } } } = this, gap = GAP * rem;
    const wide = (width - (COLUMNS - 1) * gap) / COLUMNS, high = (height - HEAD * rem - (rows - 1) * gap) / rows;
    Object.assign(context, { font: `${0.8 * rem}px ${style.font}`, fillStyle: style.quiet, textBaseline: "top", lineJoin: "round" });
    context.fillText(title, 0, top);
    if (this.meta.letters) { this.lines(context, values, top, width, height); return; }
    for (let k = 0; k < rows * COLUMNS; k++) {
      const left = (k % COLUMNS) * (wide + gap), above = top + HEAD * rem + Math.floor(k / COLUMNS) * (high + gap);
      context.fillStyle = style.wash;
      context.fillRect(left, above, wide, high);
      Object.assign(context, { strokeStyle: colour(k), lineWidth: 0.1 * rem });
      context.beginPath();
      for (let t = 0; t < length; t++) {
        context.lineTo(left + ((t + 0.5) / length) * wide, above + (1 - (values[k * length + t] + 0.5) / levels) * high);
      }
      context.stroke();
    }
  }
}
