// The samples and the film of them: one canvas, cross-faded, never cleared; frames are kept by their step.
import { Canvas } from "../../browser/canvas.js";
import { ease } from "../../browser/screen.js";

export class Samples extends Canvas {
  from = document.createElement("canvas");
  to = document.createElement("canvas");
  /** @type {string | null} */
  shown = null;
  side = 0;
  shade = 1;
  /** @type {{ duration: number, start?: number } | null} */
  fade = null;

  constructor(host) {
    super(host, '<div class="paper"><canvas data-panel="samples" role="img" aria-label="Samples of the model"></canvas></div>');
    this.paper = this.canvas.samples;
  }

  go() {}

  // picture.samples: (n, size, size) grey levels; white paper, black ink.
  show(id, { samples: { shape: [n, size], data: pixels } }, duration, levels) {
    if (id === this.shown) return;
    const columns = Math.ceil(Math.sqrt(n)), gap = Math.max(1, Math.round(size / 10)), side = columns * size + (columns - 1) * gap;
    const first = this.shown === null || this.side !== side;
    this.side = side;
    this.fit();
    // A fade that is cut short goes on from what is on the screen.
    this.from.width = this.paper.width; this.from.height = this.paper.height;
    this.from.getContext("2d").drawImage(this.paper, 0, 0);
    this.to.width = this.to.height = side;
    const context = this.to.getContext("2d"), image = context.createImageData(side, side);
    image.data.fill(255);
    for (let k = 0; k < n; k++) {
      const x0 = (k % columns) * (size + gap), y0 = Math.floor(k / columns) * (size + gap);
      for (let i = 0; i < size * size; i++) {
        const at = 4 * ((y0 + Math.floor(i / size)) * side + x0 + (i % size));
        image.data.fill(255 - Math.round((255 * pixels[k * size * size + i]) / (levels - 1)), at, at + 3);
      }
    }
    context.putImageData(image, 0, 0);
    this.shown = id;
    this.meta = { levels };
    this.fade = first || !duration ? null : { duration };
    this.shade = this.fade ? 0 : 1;
    if (!this.fade) this.draw();
    this.wake();
  }

  resized() {
    this.fit();
    this.draw();
  }

  fit() {  // a whole number of canvas pixels for each image pixel; the browser scales the rest
    const { paper, side } = this, wide = side * Math.max(1, Math.ceil((paper.clientWidth * (window.devicePixelRatio || 1)) / side));
    if (paper.width !== wide || paper.height !== wide) paper.width = paper.height = wide;
  }

  advance(now) {
    if (!this.fade) return false;
    this.fade.start ??= now;
    this.shade = Math.min(1, (now - this.fade.start) / this.fade.duration);
    if (this.shade === 1) this.fade = null;
    return this.shade < 1;
  }

  draw() {
    const context = this.paper.getContext("2d"), { width, height } = this.paper, part = ease(this.shade);
    context.imageSmoothingEnabled = false;
    context.globalAlpha = 1;
    if (part < 1) context.drawImage(this.from, 0, 0, width, height);
    context.globalAlpha = part;
    context.drawImage(this.to, 0, 0, width, height);
  }
}

export class Film {
  // frames: step -> packed picture; steps: those that the server keeps (others are forgotten here too).
  constructor() { this.frames = new Map(); this.steps = []; }

  keep(steps) {
    this.steps = steps;
    for (const step of this.frames.keys()) if (!steps.includes(step)) this.frames.delete(step);
  }

  add(step, picture) { if (this.steps.includes(step)) this.frames.set(step, picture); }

  missing() { return this.steps.filter((step) => !this.frames.has(step)); }

  nearest(step) {
    let best = null;
    for (const s of this.frames.keys()) if (best === null || Math.abs(s - step) < Math.abs(best - step)) best = s;
    return best;
  }
}
