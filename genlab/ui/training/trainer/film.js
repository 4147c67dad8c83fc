// The samples and the film of them: one canvas, cross-faded, never cleared; frames are kept by their step.
class Samples {
  constructor(canvas) {
    this.canvas = canvas;
    this.from = document.createElement("canvas");
    this.to = document.createElement("canvas");
    this.shown = null;
    this.observer = new ResizeObserver(() => { this.fit(); this.paint(1); });
    this.observer.observe(canvas);
  }

  // picture.samples: (n, size, size) grey levels; white paper, black ink.
  show(id, { samples: { shape: [n, size], data: pixels } }, duration, levels) {
    if (id === this.shown) return;
    const columns = Math.ceil(Math.sqrt(n)), gap = Math.max(1, Math.round(size / 10)), side = columns * size + (columns - 1) * gap;
    const first = this.shown === null || this.side !== side;
    this.side = side;
    this.fit();
    // A fade that is cut short goes on from what is on the screen.
    this.from.width = this.canvas.width; this.from.height = this.canvas.height;
    this.from.getContext("2d").drawImage(this.canvas, 0, 0);
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
    cancelAnimationFrame(this.request);
    if (first || !duration) { this.paint(1); return; }
    const start = performance.now();
    const tick = (now) => {
      const t = Math.min(1, Math.max(0, now - start) / duration);
      this.paint(t * t * (3 - 2 * t));
      if (t < 1) this.request = requestAnimationFrame(tick);
    };
    this.request = requestAnimationFrame(tick);
  }

  fit() {  // a whole number of canvas pixels for each image pixel; the browser scales the rest
    if (!this.side) return;
    const wide = this.side * Math.max(1, Math.ceil((this.canvas.clientWidth * (window.devicePixelRatio || 1)) / this.side));
    if (this.canvas.width !== wide || this.canvas.height !== wide) this.canvas.width = this.canvas.height = wide;
  }

  leave() {
    cancelAnimationFrame(this.request);
    this.observer.disconnect();
  }

  paint(t) {
    if (this.shown === null) return;
    const context = this.canvas.getContext("2d"), { width, height } = this.canvas;
    context.imageSmoothingEnabled = false;
    context.globalAlpha = 1;
    if (t < 1) context.drawImage(this.from, 0, 0, width, height);
    context.globalAlpha = t;
    context.drawImage(this.to, 0, 0, width, height);
  }
}

class Film {
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
