// A model with latents while it learns: where images lie on the plane, samples of fixed noise, the bound in its two parts.
import { Canvas } from "../../browser/canvas.js";
import { ink } from "../../browser/images.js";
import { decimal, ease, surface } from "../../browser/screen.js";
import { bars, classColours, ellipses, named, placed } from "../cloud.js";

const FRAME = `<div class="learning">
  <canvas data-panel="cloud" role="img" aria-label="test images on the plane of two latents, by class"></canvas>
  <div class="l-made" role="img" aria-label="samples of the same noise"></div>
  <canvas data-panel="kl" role="img" aria-label="KL of each dimension of z"></canvas>
  <p data-say="parts"></p></div>`;

export class Learning extends Canvas {
  /** @type {string | null} */
  shown = null;
  /** @type {any} */
  picture = null;
  /** Means on their way, from the last picture to the newest.
   * @type {Float32Array} */
  from = new Float32Array(0);
  mean = new Float32Array(0);
  half = 3;
  /** @type {{ duration: number, start?: number } | null} */
  morph = null;

  constructor(host) {
    super(host, FRAME);
    this.made = this.find(".l-made");
  }

  go() {}

  /** @param {any} picture as genlab.views.latents.learning packs it */
  show(id, picture, duration) {
    if (id === this.shown) return;
    const { data } = picture.mean, agree = data.length === this.mean.length && String(picture.meta.axes) === String(this.meta?.axes);
    this.from = agree ? this.mean.slice() : Float32Array.from(data);
    if (!agree) this.mean = Float32Array.from(data);
    Object.assign(this, { shown: id, picture, meta: picture.meta, morph: agree && duration && !this.calm.matches ? { duration } : null });
    if (!this.morph) this.mean.set(data);
    this.half = Math.max(picture.meta.half, 3);
    const { data: samples, shape: [n, side] } = picture.samples;
    while (this.made.children.length < n) this.made.append(document.createElement("canvas"));
    [...this.made.children].forEach((cell, k) => ink(cell, side, samples, k * side * side));
    this.wake();
  }

  advance(now) {
    if (!this.morph) return false;
    this.morph.start ??= now;
    const part = Math.min(1, (now - this.morph.start) / this.morph.duration), { data } = this.picture.mean;
    for (let i = 0; i < data.length; i++) this.mean[i] = this.from[i] + ease(part) * (data[i] - this.from[i]);
    if (part === 1) this.morph = null;
    return part < 1;
  }

  write() {
    const { elbo, reconstruction, divergence, active, latent, axes } = this.meta;
    const use = active === null ? "" : `; ${active} of ${latent} dimensions in use`, shown = latent > 2 ? `, shown: z${axes[0] + 1} and z${axes[1] + 1}` : "";
    this.say({ parts: `−ELBO ${decimal(-elbo, 1)} = reconstruction ${decimal(-reconstruction, 1)} + KL ${decimal(divergence, 1)} nats${use}${shown}` });
    this.tell({ shown: this.shown, active, kl: divergence.toFixed(2) });
  }

  draw() {
    const { style, rem, picture, meta } = this, { context, width } = surface(this.canvas.cloud), colours = classColours(style.paper);
    const to = placed(this.half, width), images = { mean: this.mean, spread: picture.spread.data, labels: picture.labels.data };
    context.clearRect(0, 0, width, width);
    ellipses(context, images, to, colours);
    named(context, images, to, colours, style.paper, `600 ${0.95 * rem}px ${style.font}`);
    const strip = surface(this.canvas.kl);
    strip.context.clearRect(0, 0, strip.width, strip.height);
    if (meta.active !== null) bars(strip.context, [...picture.kl.data], { left: 0, top: 4, width: strip.width, height: strip.height - 6 }, style);
  }
}

