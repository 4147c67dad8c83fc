// Samples of a flow on images, and how noise becomes one of them, layer by layer and scale by scale.
import { component } from "../../browser/component.js";
import { Controls } from "../../browser/controls.js";
import { Fade, ink, roam } from "../../browser/images.js";
import { PLAY, Playback } from "../../browser/playback.js";
import { decimal, download, sheet } from "../../browser/screen.js";
import { diverging } from "../../browser/stretch.js";

const WIDE = 2.5;  // standard deviations at the ends of the colours
const WAITS = 0.28;  // how much colour numbers have that wait

export class Journey extends Playback {
  static PACE = 9000;  // ms from noise to image
  static REST = 1600;  // ms at the end, before it begins anew
  static FRAME = `
    <div class="base journey" role="group" aria-label="From noise to an image. Space plays and pauses, left and right go from layer to layer, Home is the noise, End the image.">
      <section class="j-sheet pictured">
        <header><b>samples</b><span>x = f⁻¹(z), a click chooses</span></header>
        <div class="j-grid" role="group" aria-label="samples: arrows move, Enter chooses"></div>
        <div class="settings"><button type="button" data-do="anew" title="the next seed">New samples</button><button type="button" data-do="save" title="save this picture as PNG">Save picture</button></div>
      </section>
      <section class="j-way pictured">
        <figure>
          <figcaption><b data-say="layer"></b><span data-say="scale"></span></figcaption>
          <canvas data-panel="state" role="img" aria-label="the numbers on their way from noise to the image"></canvas>
          <div class="j-key"><span data-say="low"></span><i></i><span data-say="high"></span><span class="j-waits">pale: waits</span></div>
        </figure>
        <figure>
          <figcaption><b>what this becomes</b><span data-say="sofar"></span></figcaption>
          <canvas data-panel="image" role="img" aria-label="the image, with all blocks that wait at 0"></canvas>
          <small data-say="hint"></small>
        </figure>
        <div class="j-transport">${PLAY}<div class="j-rail"><input type="range" class="scrubber" min="0" max="1" step="any" aria-label="from noise to the image"><div class="j-marks"></div></div></div>
        <div class="j-blocks"></div>
      </section>
    </div>`;

  /** @type {Record<string, any>} */
  arrays = {};
  fade = { sheet: new Fade(), image: new Fade() };
  /** @type {Controls | null} */
  controls = null;
  rest = 0;
  /** Whose way is shown, from 0. */
  sample = 0;
  stale = true;
  faded = false;
  /** Of which model and class.
   * @type {any} */
  of = {};
  /** Classes of the samples.
   * @type {number[] | null} */
  labels = null;
  side = 0;
  /** @type {number[][]} */
  map = [];
  /** @type {number[]} */
  paper = [];
  /** Of the state that is shown. */
  scale = 1;
  /** @type {any} */
  kept = null;

  constructor(host) {
    super(host, Journey.FRAME);
    this.find(".j-grid").innerHTML = `<button type="button" tabindex="-1"><canvas></canvas></button>`.repeat(16);
    this.samples = this.all(".j-grid button");
    this.samples[0].tabIndex = 0;
    this.samples.forEach((sample, k) => this.on(sample, "click", () => this.choose(k)));
  }

  get last() { return this.meta ? this.meta.layers.length - 1 : 1; }

  // ---------------------------------------------------------------- data

  receive({ meta: { source, question: { label, sample }, controls, ...rest } }) {
    this.connect(rest);
    this.of = { source, label };
    this.sample = sample;
    this.controls ??= new Controls(this, controls, () => this.pose());
    this.controls.show(Object.fromEntries(controls.map(({ name, value }) => [name, value])));
    this.pose();
  }

  pose() {
    const noise = { ...this.of, ...this.controls.values }, { sample } = this;
    this.follow({ name: "flow_sheet", ...noise }, (meta, { sheet }) => {
      this.labels = meta.labels;
      this.side = sheet.shape[1];
      this.fade.sheet.aim(sheet.data, !this.meta || this.calm.matches);
      this.wake();
    }, " sheet");
    this.follow({ name: "flow_journey", ...noise, sample }, (meta, arrays) => this.take(meta, arrays), " journey");
  }

  take(meta, arrays) {
    const first = !this.meta, moved = JSON.stringify(meta) !== JSON.stringify(this.meta);
    Object.assign(this, { meta, arrays, stale: true });
    this.slider.max = String(this.last);
    if (moved) this.lay();
    if (first) {
      const text = this.link("layer"), at = text === null ? NaN : Number(text);
      if (at >= 0 && at <= this.last) this.t = at;
      else if (this.calm.matches) this.t = this.last;
      else this.play();
    }
    this.t = Math.min(this.t, this.last);
    this.wake();
  }

  get carried() { return { layer: this.playing || this.t === this.last ? null : +this.t.toFixed(1) }; }

  /** Pictures of the blocks, the coarsest first, and where each joins. */
  lay() {
    const { shapes, entered, layers } = this.meta, joins = shapes.map((_, k) => entered.findIndex((n) => n > k));
    this.find(".j-blocks").replaceChildren(...shapes.map(([channels, height, width], k) => {
      const block = document.createElement("figure"), name = ["coarsest block", "next block", "finest block"][k === shapes.length - 1 ? 2 : k];
      block.style.setProperty("--channels", channels);
      block.innerHTML = `<figcaption><b>${name}</b> <span>${channels} × ${height} × ${width}</span></figcaption><div>${"<canvas></canvas>".repeat(channels)}</div>`;
      block.title = k ? `joins at ${layers[joins[k]]} of scale ${this.meta.scales[joins[k]]}; click to go there` : "there from the beginning; click to go there";
      block.addEventListener("click", () => this.go(joins[k], 500));
      return block;
    }));
        this.find(".j-marks").replaceChildren(...joins.map((at) => Object.assign(document.createElement("i"), { style: `left: ${(100 * at) / this.last}%`, title: "a block joins" })));
  }

  choose(k) {
    this.sample = k;
    this.send.state("settings", { ...this.controls.values, sample: k + 1 });
    this.slider.focus({ preventScroll: true });  // space and arrows go on from here
    this.pose();
    if (!this.calm.matches) { this.t = 0; this.play(); }
  }

  // ---------------------------------------------------------------- moving

  play() {
    if (this.t >= this.last) this.t = 0;
    this.motion = null;
    this.rest = 0;
    this.playing = true;
    this.wake();
  }

  advance(now, passed) {
    this.carry(now);
    if (this.playing) {
      if (this.t < this.last) this.t = Math.min(this.last, this.t + (passed * this.last) / Journey.PACE);
      else if ((this.rest += passed) > Journey.REST) this.pause();
    }
    const changed = [this.fade.sheet.tick(now), this.fade.image.tick(now)];
    this.faded = changed[0];
    return this.playing || Boolean(this.motion) || Boolean(this.fade.sheet.from) || Boolean(this.fade.image.from);
  }

  // ---------------------------------------------------------------- drawing

  restyle() {
    super.restyle();
    this.map = diverging(this.style.paper);
    this.paper = [1, 3, 5].map((i) => parseInt(this.style.paper.slice(i, i + 2), 16));
    this.root.style.setProperty("--diverging-ramp", `linear-gradient(90deg, ${this.map.filter((_, i) => i % 15 === 0).map((c) => `rgb(${c.join(" ")})`)})`);
    this.stale = true;
  }

  /** Paints numbers, `clear` 0 to 1 says how much of their colour is seen, in units of `unit`. */
  paint(canvas, width, height, value, clear, unit) {
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const image = new ImageData(width, height), { data } = image, { map, paper } = this;
    for (let i = 0; i < width * height; i++) {
      const colour = map[Math.max(0, Math.min(255, Math.round(127.5 + (127.5 * value(i)) / (WIDE * unit))))], part = clear(i);
      for (let c = 0; c < 3; c++) data[4 * i + c] = paper[c] + part * (colour[c] - paper[c]);
      data[4 * i + 3] = 255;
    }
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  /** Root mean square of a state, at least 1. */
  unit(k, states, n) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += states[k * n + i] ** 2;
    return Math.max(1, Math.sqrt(sum / n));
  }

  draw() {
    const { arrays: { states, joined, so_far: soFar, blocks }, meta, fade, t } = this, side = states.shape[1], n = side * side;
    const k = Math.min(Math.floor(t), this.last - 1), part = t - k, mix = (values, i) => values[k * n + i] + part * (values[(k + 1) * n + i] - values[k * n + i]);
    if ((this.stale || this.faded) && fade.sheet.shown.length) this.samples.forEach((sample, i) => ink(sample.firstElementChild, this.side, fade.sheet.shown, i * this.side ** 2));
    const unit = (1 - part) * this.unit(k, states.data, n) + part * this.unit(k + 1, states.data, n);
    this.scale = unit;
    this.paint(this.canvas.state, side, side, (i) => mix(states.data, i), (i) => WAITS + (1 - WAITS) * mix(joined.data, i), unit);
    const entered = meta.entered[Math.min(this.last, Math.floor(t + 1e-6))];
    fade.image.aim(this.shownImage(soFar.data, n, entered), this.calm.matches || this.playing === false);
    ink(this.canvas.image, side, fade.image.shown, 0);
    let at = 0;
    this.all(".j-blocks figure").forEach((figure, b) => {
      const [, height, width] = meta.shapes[b];
      figure.classList.toggle("j-in", b < entered);
      for (const canvas of figure.querySelectorAll("canvas")) {
        const from = at;
        if (this.stale) this.paint(canvas, width, height, (i) => blocks.data[from + i], () => 1, 1);
        at += width * height;
      }
    });
    this.stale = false;
  }

  /** The image that so many blocks make; the same object until it changes, so that a fade knows it. */
  shownImage(values, n, count) {
    if (this.kept?.values !== values || this.kept.count !== count) this.kept = { values, count, image: values.slice((count - 1) * n, count * n) };
    return this.kept.image;
  }

  write() {
    const { meta, t, samples, sample, labels } = this, k = Math.min(this.last, Math.floor(t + 1e-6)), all = meta.shapes.length, entered = meta.entered[k];
    const name = k === 0 ? "noise z ~ N(0, I)" : k === this.last ? "logit of the image" : meta.layers[k] === "class" ? "mean and scale of its class" : `after the inverse ${meta.layers[k]}`;
    const told = labels ? `, class ${labels[sample]}` : "";
    this.say({
      layer: name, scale: `step ${k} of ${this.last}, scale ${meta.scales[k]}`, low: `−${decimal(WIDE * this.scale, 1)}`, high: decimal(WIDE * this.scale, 1),
      sofar: entered === all ? "of all blocks" : `of ${entered} of ${all} blocks`,
      hint: entered === all ? `sample ${sample + 1}${told}` : "with 0, the mean, for the blocks that wait",
    });
    samples.forEach((button, i) => {
      const here = i === sample;
      if (button.getAttribute("aria-pressed") !== String(here)) button.setAttribute("aria-pressed", String(here));
      button.title = `sample ${i + 1}${labels ? `, class ${labels[i]}` : ""}`;
    });
    this.transport(`${name}, step ${k} of ${this.last}`);
    this.tell({ t: t.toFixed(2), playing: this.playing, entered, ready: true });
  }

  /** Samples, the way and the blocks, as a download. */
  save() {
    const gap = 24, head = 40, big = 336, cell = 78, small = 84, stages = 6, { style } = this;
    const { canvas, context } = sheet(3 * gap + 4 * (cell + 6) + stages * (small + 8) + 60, head + big + gap, style.paper);
    context.imageSmoothingEnabled = false;
    const write = (text, x, y) => { Object.assign(context, { fillStyle: style.ink, font: `600 15px ${style.font}` }); context.fillText(text, x, y); };
    const { seed, temperature } = this.controls.values;
    write(`samples, seed ${seed}, temperature ${temperature}`, gap, head - 12);
    this.samples.forEach((sample, k) => context.drawImage(sample.firstElementChild, gap + (k % 4) * (cell + 6), head + Math.floor(k / 4) * (cell + 6), cell, cell));
    const left = 2 * gap + 4 * (cell + 6), now = this.t;
    write(`sample ${this.sample + 1}, from noise to an image`, left, head - 12);
    write("what it becomes, with 0 for the blocks that wait", left, head + small + 48);
    for (let s = 0; s < stages; s++) {
      this.t = (s * this.last) / (stages - 1);
      this.stale = true;
      this.draw();
      this.fade.image.aim(this.kept.image.slice(), true);
      ink(this.canvas.image, this.arrays.states.shape[1], this.fade.image.shown, 0);
      context.drawImage(this.canvas.state, left + s * (small + 18), head, small + 10, small + 10);
      context.drawImage(this.canvas.image, left + s * (small + 18), head + small + 60, small + 10, small + 10);
    }
    this.t = now;
    this.stale = true;
    this.wake();
    download(canvas, `flow-sample-${this.sample + 1}`);
  }

  // ---------------------------------------------------------------- hands

  get does() { return { ...super.does, save: () => this.save(), anew: () => this.controls.renew() }; }

  key(event) {
    if (roam(event, this.samples, getComputedStyle(this.samples[0].parentElement).gridTemplateColumns.split(" ").length)) return;
    this.travel(event, 250);
  }
}

export default component(".journey-host", (host) => new Journey(host));
