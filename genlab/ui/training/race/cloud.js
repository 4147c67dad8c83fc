// Points that a model makes, over the density that it gives to every place, where it gives one.
import { Canvas } from "../../browser/canvas.js";
import { ease, isDark, packed, surface } from "../../browser/screen.js";

const FULL = 0.998;  // of all places have a density below that of the strongest colour: one spike would bleach the rest
const FRAME = '<div class="cloud"><canvas data-panel="cloud" role="img" aria-label="samples over the density of the model"></canvas></div>';

export class Cloud extends Canvas {
  /** @type {string | null} */
  shown = null;
  /** @type {any} */
  picture = null;
  /** Points on their way from the last picture to the newest.
   * @type {Float32Array} */
  from = new Float32Array(0);
  points = new Float32Array(0);
  /** @type {{ duration: number, start?: number } | null} */
  morph = null;
  heat = document.createElement("canvas");

  constructor(host) { super(host, FRAME); }

  go() {}

  /** @param {any} picture as genlab.views.beside.OnPlane.cloud packs it */
  show(id, picture, duration) {
    if (id === this.shown) return;
    const { data } = picture.points, agree = data.length === this.points.length;
    this.from = agree ? this.points.slice() : Float32Array.from(data);
    if (!agree) this.points = Float32Array.from(data);
    Object.assign(this, { shown: id, picture, meta: picture.meta, morph: agree && duration ? { duration } : null });
    if (!this.morph) this.points.set(data);
    this.warm();
    this.wake();
  }

  restyle() {
    super.restyle();
    this.map = packed(this.sequential, (i) => Math.min(1, i / 60));
    this.warm();
  }

  /** The density as pixels. */
  warm() {
    const { density } = this.picture ?? {};
    if (!density || !this.map) return;
    const { shape: [side], data } = density, values = data.map(Math.exp), top = Float32Array.from(values).sort()[Math.floor(FULL * (values.length - 1))] || 1;
    this.heat.width = this.heat.height = side;
    const context = this.heat.getContext("2d"), image = context.createImageData(side, side), pixels = new Uint32Array(image.data.buffer);
    for (let i = 0; i < values.length; i++) pixels[i] = this.map[Math.min(255, Math.round((255 * values[i]) / top))];
    context.putImageData(image, 0, 0);
  }

  advance(now) {
    if (!this.morph) return false;
    this.morph.start ??= now;
    const part = Math.min(1, (now - this.morph.start) / this.morph.duration), { data } = this.picture.points;
    for (let i = 0; i < data.length; i++) this.points[i] = this.from[i] + ease(part) * (data[i] - this.from[i]);
    if (part === 1) this.morph = null;
    return part < 1;
  }

  write() { this.tell({ cloud: this.shown, dense: Boolean(this.picture.density) }); }

  draw() {
    const { context, width } = surface(this.canvas.cloud), { style, picture: { density, data, meta: { half } } } = this, unit = width / (2 * half);
    context.clearRect(0, 0, width, width);
    if (density) {
      context.imageSmoothingEnabled = true;
      context.drawImage(this.heat, 0, 0, width, width);
    }
    const dots = (points, colour, opaque, size) => {
      Object.assign(context, { fillStyle: colour, globalAlpha: opaque });
      for (let i = 0; i < points.length; i += 2) context.fillRect((points[i] + half) * unit - size / 2, (half - points[i + 1]) * unit - size / 2, size, size);
      context.globalAlpha = 1;
    };
    if (!density) dots(data.data, style.data, 0.35, 1.5);
    dots(this.points, style.model, isDark(style.paper) ? 0.8 : 0.75, 1.8);
  }
}
