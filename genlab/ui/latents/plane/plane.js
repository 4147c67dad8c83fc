// The plane of two latents: test images as ellipses, the decoder's image under the pointer, walks that a hand draws.
import { component } from "../../browser/component.js";
import { ink } from "../../browser/images.js";
import { PLAY, Playback } from "../../browser/playback.js";
import { decimal, download, hex, sheet, surface } from "../../browser/screen.js";
import { bars, classColours, ellipses, named, placed } from "../cloud.js";

const FILM = 9, STATIONS = 64, CARRIED = 16;  // images of the film; points of a walk at most, and of one in a link
const PACE = 110;  // ms from point to point
const NEAR = 30;  // CSS pixels within which an image is pointed at
/** A walk to begin with. */
const circle = (radius) => Array.from({ length: 49 }, (_, k) => [Math.cos, Math.sin].map((f) => +(radius * f((2 * Math.PI * k) / 48)).toFixed(3)));

/** Points of a line, evenly spaced along it, `n` at most. */
export function evenly(points, n) {
  const lengths = [0];
  for (let k = 1; k < points.length; k++) lengths.push(lengths[k - 1] + Math.hypot(points[k][0] - points[k - 1][0], points[k][1] - points[k - 1][1]));
  const whole = lengths[lengths.length - 1];
  if (!whole) return [points[0]];
  const found = [];
  for (let i = 0, k = 0; i < n; i++) {
    const at = (whole * i) / (n - 1);
    while (k < lengths.length - 2 && lengths[k + 1] < at) k++;
    const part = Math.min(1, (at - lengths[k]) / (lengths[k + 1] - lengths[k] || 1));
    found.push([0, 1].map((d) => +(points[k][d] + part * (points[k + 1][d] - points[k][d])).toFixed(3)));
  }
  return found;
}

/** A walk in a link: points as "u,v", separated by "_"; null for what is none. */
export function walkOf(text) {
  if (!text) return null;
  const points = String(text).split("_").map((pair) => pair.split(",").map(Number));
  const fine = points.length > 1 && points.length <= CARRIED && points.every((p) => p.length === 2 && p.every((v) => Math.abs(v) <= 20));
  return fine ? points : null;
}

export class Plane extends Playback {
  static FRAME = `
    <div class="base latent-plane" role="group" aria-label="The plane of two latents. Space plays the walk, arrows step through it.">
      <section class="p-map pictured">
        <header><b data-say="axes">the latent plane</b><span data-say="count"></span></header>
        <canvas data-panel="map" role="img" aria-label="test images as ellipses, in the colour of their class"></canvas>
        <div class="p-legend" role="group" aria-label="classes: a click shows one alone"></div>
        <div class="p-line"><span>a drag draws</span><span class="choices" role="group" aria-label="what a drag draws"><button type="button" data-way="hand" title="a walk over the plane, wherever the hand goes; all other latents are 0">a walk</button><button type="button" data-way="images" title="the straight way from the image where it begins to the one where it ends, in all latents">a way between two images</button></span></div>
        <div class="p-line"><label><input type="checkbox" data-do-change="sheet" checked> what the decoder draws everywhere</label> <button type="button" data-do="save" title="save plane and walk as PNG">Save picture</button></div>
      </section>
      <section class="p-way pictured">
        <div class="p-now">
          <figure><figcaption><b data-say="title"></b></figcaption><canvas data-panel="now" role="img" aria-label="what the decoder draws there"></canvas><span data-say="where"></span></figure>
          <figure class="p-real"><figcaption><b>nearest test image</b></figcaption><canvas data-panel="real" role="img" aria-label="the test image whose posterior is nearest"></canvas><span data-say="real"></span></figure>
        </div>
        <div class="p-transport">${PLAY}
          <div class="p-rail"><div class="p-film"></div><input type="range" class="scrubber" min="0" max="1" step="any" aria-label="along the walk"></div></div>
        <div class="p-told">
          <figure><figcaption title="of what the encoder says, to N(0, I), mean over the test images; a dimension without any is not used: the decoder cannot hear it"><b>KL of each dimension</b><span data-say="used"></span></figcaption><canvas data-panel="kl" role="img" aria-label="KL of each dimension of z"></canvas></figure>
          <dl>
            <div><dt>−ELBO</dt><dd data-say="elbo"></dd></div>
            <div><dt>reconstruction</dt><dd data-say="reconstruction"></dd></div>
            <div><dt>KL</dt><dd data-say="divergence"></dd></div>
          </dl>
        </div>
      </section>
    </div>`;

  /** Arrays of the newest answer.
   * @type {any} */
  arrays = null;
  source = "";
  /** @type {string[]} */
  colours = [];
  /** What is decoded everywhere, as it is drawn.
   * @type {any} */
  paper = null;
  /** Points of the walk.
   * @type {number[][]} */
  path = [];
  /** What is decoded on the way.
   * @type {any} */
  made = null;
  /** What is decoded where the pointer is.
   * @type {any} */
  under = null;
  /** @type {number[] | null} */
  place = null;
  /** Points of a walk that a hand draws.
   * @type {number[][] | null} */
  drawing = null;
  /** The class that is shown alone.
   * @type {number | null} */
  only = null;
  way = "hand";
  /** Side of an image in pixels. */
  side = 0;
  /** A walk of the visitor's own, as a link carries it.
   * @type {string | null} */
  own = null;

  constructor(host) {
    super(host, Plane.FRAME);
    this.find(".p-film").innerHTML = "<span><canvas></canvas></span>".repeat(FILM);
    this.film = this.all(".p-film > span");
    this.classes = Array.from({ length: 10 }, (_, label) => Object.assign(document.createElement("button"), { type: "button", textContent: String(label), title: `class ${label} alone, or all` }));
    this.find(".p-legend").append(...this.classes);
    this.listen();
  }

  get last() { return Math.max(this.path.length - 1, 1); }

  get carried() {
    return { walk: this.own, only: this.only };
  }

  // ---------------------------------------------------------------- data

  receive({ meta: page }) {
    this.connect(page);
    this.source = page.source;
    this.ask({ source: page.source, ...page.question }, (meta, arrays) => this.take(meta, arrays));
  }

  take(meta, arrays) {
    const first = !this.meta, text = first ? this.link("walk") : null, brought = walkOf(text), only = first ? this.link("only") : null;
    Object.assign(this, { meta, arrays, side: arrays.images.shape[1], made: null, under: null, place: null, stale: true });
    if (only !== null && /^\d$/.test(only)) this.only = +only;
    if (first && meta.latent > 2) this.way = "images";
    this.paper = null;
    if (brought) { this.own = text; this.walk(evenly(brought, STATIONS), false); }
    else if (first && this.way === "images") this.passage(...this.apart());
    else if (this.own) this.walk(this.path, false);
    else this.walk(circle(0.4 * meta.half));
    this.wake();
  }

  /** Two images of different classes, to begin with. */
  apart() {
    const { data } = this.arrays.labels, a = Math.max(data.indexOf(7), 0);
    return [a, Math.max(data.indexOf(0), 0)];
  }

  /** Decodes along points of the plane, and plays. */
  walk(path, play = true) {
    this.path = path;
    this.ask({ name: "latent_decoded", source: this.source, points: path, across: this.meta.axes }, (_, { decoded }) => this.follows(decoded, play), " walk");
  }

  /** Decodes on the straight way from one image to another. */
  passage(a, b) {
    this.ask({ name: "latent_passage", source: this.source, a, b }, (_, { decoded, path }) => {
      this.path = Array.from({ length: path.shape[0] }, (_, k) => [path.data[2 * k], path.data[2 * k + 1]]);
      this.follows(decoded, true);
    }, " walk");
  }

  follows(decoded, play) {
    this.made = decoded;
    this.stale = true;
    this.place = null;
    this.t = Math.min(this.t, this.last);
    if (play && !this.calm.matches) { this.t = 0; this.play(); }
    this.wake();
  }

  onward() {
    if (this.t >= this.last - 1e-6) this.t = 0;
    this.motion = { from: this.t, to: this.last, duration: (this.last - this.t) * PACE, part: 0, seen: null };
  }

  /** A walk has an even pace. */
  between(motion) { return this.playing ? motion.from + (motion.to - motion.from) * motion.part : super.between(motion); }

  // ---------------------------------------------------------------- drawing

  get to() { return placed(this.meta.half, this.canvas.map.clientWidth); }

  /** What is decoded everywhere, as ink on nothing, and the prior. */
  background() {
    const { sheet: { data }, prior } = this.arrays, { side, style, meta: { half } } = this, n = Math.round(Math.sqrt(data.length / side ** 2));
    const canvas = new OffscreenCanvas(n * side, n * side), context = canvas.getContext("2d"), [r, g, b] = [1, 3, 5].map((i) => parseInt(hex(style.ink).slice(i, i + 2), 16));
    const image = new ImageData(n * side, n * side);
    for (let cell = 0; cell < n * n; cell++) for (let i = 0; i < side * side; i++) {
      const x = (cell % n) * side + (i % side), y = Math.floor(cell / n) * side + Math.floor(i / side);
      image.data.set([r, g, b, 0.3 * data[cell * side * side + i]], 4 * (y * n * side + x));
    }
    context.putImageData(image, 0, 0);
    if (!prior) return { canvas, heat: null };
    const [m] = prior.shape, heat = new OffscreenCanvas(m, m), pixels = new ImageData(m, m), most = Math.max(...prior.data);
    const tint = [1, 3, 5].map((i) => parseInt(style.noise.slice(i, i + 2), 16));
    prior.data.forEach((value, k) => pixels.data.set([...tint, 150 * Math.sqrt(value / most)], 4 * k));
    heat.getContext("2d").putImageData(pixels, 0, 0);
    return { canvas, heat, half };
  }

  restyle() {
    super.restyle();
    this.colours = classColours(this.style.paper);
    this.paper = null;
    this.stale = true;
    this.classes?.forEach((button, label) => { button.style.setProperty("--class", this.colours[label]); });
  }

  draw() {
    this.map();
    this.now();
    if (!this.stale) return;
    this.stale = false;
    const { side, made, film, last } = this;
    if (made) film.forEach((cell, i) => ink(cell.firstElementChild, side, made.data, Math.round((i * last) / (FILM - 1)) * side * side));
    const { context, width, height } = surface(this.canvas.kl);
    context.clearRect(0, 0, width, height);
    if (this.meta.active !== null) bars(context, [...this.arrays.kl.data], { left: 0, top: 2, width, height: height - 4 }, this.style);
  }

  map() {
    const { arrays, style, meta, to, rem, only, colours } = this, { context, width } = surface(this.canvas.map);
    this.paper ??= this.background();
    context.clearRect(0, 0, width, width);
    context.imageSmoothingEnabled = true;
    if (this.paper.heat) context.drawImage(this.paper.heat, 0, 0, width, width);
    context.imageSmoothingEnabled = this.side > 14;
    if (this.sheeted) context.drawImage(this.paper.canvas, 0, 0, width, width);
    if (!this.paper.heat && meta.active !== null) {
      Object.assign(context, { strokeStyle: style.noise, lineWidth: 1 });
      context.setLineDash([4, 5]);
      for (const radius of [1, 2]) { context.beginPath(); context.arc(to.x(0), to.y(0), to.x(radius) - to.x(0), 0, 7); context.stroke(); }
      context.setLineDash([]);
    }
    const images = { mean: arrays.mean.data, spread: arrays.spread.data, labels: arrays.labels.data };
    ellipses(context, images, to, colours, only);
    named(context, images, to, colours, style.paper, `600 ${1.05 * rem}px ${style.font}`, only);
    const path = this.drawing ?? this.path;
    if (path.length > 1) for (const [thick, colour] of [[4, style.paper], [2, style.now]]) {
      Object.assign(context, { strokeStyle: colour, lineWidth: thick, lineJoin: "round" });
      context.beginPath();
      for (const [u, v] of path) context.lineTo(to.x(u), to.y(v));
      context.stroke();
    }
    const at = this.spot;
    if (!at) return;
    for (const [size, colour] of [[7, style.paper], [5, style.now]]) { context.fillStyle = colour; context.beginPath(); context.arc(to.x(at[0]), to.y(at[1]), size, 0, 7); context.fill(); }
    Object.assign(context, { fillStyle: style.quiet, font: `${0.75 * rem}px ${style.font}`, textAlign: "right", textBaseline: "bottom" });
    context.fillText(`z${meta.axes[0] + 1} →`, width - 6, width - 4);
    context.textAlign = "left";
    context.fillText(`↑ z${meta.axes[1] + 1}`, 6, 1.1 * rem);
  }

  get sheeted() { return this.find("[data-do-change=sheet]").checked; }

  /** Where one is: at the pointer, else on the walk. */
  get spot() {
    if (this.place) return this.place;
    if (!this.path.length) return null;
    const k = Math.min(Math.floor(this.t), this.path.length - 1), next = this.path[Math.min(k + 1, this.path.length - 1)], part = this.t - k;
    return this.path[k].map((v, d) => v + part * (next[d] - v));
  }

  now() {
    const { side, made, t, under } = this, total = side * side;
    if (this.place && under) ink(this.canvas.now, side, under.data, 0);
    else if (made) {
      const count = made.shape[0], k = Math.min(Math.floor(t), count - 1);
      ink(this.canvas.now, side, made.data, k * total, Math.min(k + 1, count - 1) * total, t - k);
    }
    const near = this.nearest();
    if (near >= 0) ink(this.canvas.real, side, this.arrays.images.data, near * total);
  }

  /** The image whose posterior's mean is nearest to where one is; of one class where it is shown alone. */
  nearest(at = this.spot) {
    if (!at) return -1;
    const { mean: { data }, labels } = this.arrays;
    let best = -1, least = Infinity;
    for (let k = 0; k < labels.data.length; k++) {
      if (this.only !== null && labels.data[k] !== this.only) continue;
      const away = Math.hypot(data[2 * k] - at[0], data[2 * k + 1] - at[1]);
      if (away < least) [best, least] = [k, away];
    }
    return best;
  }

  write() {
    const { meta, arrays, spot, t, last } = this, near = this.nearest(), others = meta.latent > 2 && this.place ? ", all others 0" : "";
    const axes = meta.axes.map((k) => `z${k + 1}`).join(" and ");
    this.say({
      axes: meta.latent > 2 ? `the plane of ${axes}` : "the latent plane",
      count: `${arrays.labels.data.length} test images: q(z|x), ellipses of one σ`,
      title: this.place ? "the decoder, at the pointer" : "the decoder, on the walk",
      where: spot ? `z = (${decimal(spot[0])}, ${decimal(spot[1])})${others}` : "",
      real: near >= 0 ? `class ${arrays.labels.data[near]}` : "",
      used: `${meta.active} of ${meta.latent} in use, nats`,
      elbo: `${decimal(-meta.elbo, 1)} ± ${decimal(meta.sure, 1)}`,
      reconstruction: decimal(-meta.reconstruction, 1),
      divergence: `${decimal(meta.divergence, 1)} nats`,
    });
    this.classes.forEach((button, label) => button.setAttribute("aria-pressed", String(label === this.only)));
    this.find(".p-told figure").hidden = meta.active === null;
    this.press("way", (way) => way === this.way);
    this.film.forEach((cell, i) => cell.classList.toggle("p-here", !this.place && i === Math.round((t / last) * (FILM - 1))));
    this.slider.max = String(last);
    this.transport(spot ? `z = ${decimal(spot[0])}, ${decimal(spot[1])}` : "");
    this.tell({ ready: Boolean(this.made), images: arrays.labels.data.length, points: this.path.length, near, at: this.place ? "pointer" : "walk", playing: this.playing });
  }

  /** The plane, the film and the image, as a download. */
  save() {
    const { canvas: { map, now }, style } = this, big = 640, small = 90, gap = 24;
    const { canvas, context } = sheet(3 * gap + big + 3 * small + 12, 2 * gap + big, style.paper);
    context.drawImage(map, gap, gap, big, big);
    context.imageSmoothingEnabled = false;
    const left = 2 * gap + big;
    context.drawImage(now, left, gap, 3 * small + 12, 3 * small + 12);
    this.film.forEach((cell, i) => context.drawImage(cell.firstElementChild, left + (i % 3) * (small + 6), 2 * gap + 3 * small + 12 + Math.floor(i / 3) * (small + 6), small, small));
    download(canvas, "latent-plane");
  }

  // ---------------------------------------------------------------- hands

  get does() { return { ...super.does, save: () => this.save() }; }

  toggle() { this.place = null; super.toggle(); }

  scrub(t) { this.place = null; super.scrub(t); }

  go(to, duration = 0) { this.place = null; super.go(to, duration); }

  listen() {
    const { map } = this.canvas;
    const at = (event) => this.to.back(this.part(event, map)).map((v) => Math.max(-100, Math.min(100, v)));
    this.pointer(map, {
      hover: (event) => { if (event.pointerType === "mouse" || this.drawing) this.point(at(event)); },
      leave: () => { this.place = null; this.wake(); },
      grasp: (event) => { this.pause(); this.drawing = [at(event)]; this.point(at(event)); },
      drag: (event) => { this.drawing.push(at(event)); this.wake(); },
      drop: () => this.drop(),
    });
    this.classes.forEach((button, label) => this.on(button, "click", () => { this.only = this.only === label ? null : label; this.wake(); }));
    this.on(this.find("[data-do-change=sheet]"), "change", () => this.wake());
    for (const button of this.all("[data-way]")) this.on(button, "click", () => { this.way = button.dataset.way; this.wake(); });
    this.film.forEach((cell, i) => this.on(cell, "click", () => this.go((i / (FILM - 1)) * this.last, 250)));
  }

  point(place) {
    this.place = place;
    this.follow({ name: "latent_decoded", source: this.source, points: [place], across: this.meta.axes }, (_, { decoded }) => { this.under = decoded; this.wake(); }, " pointer");
    this.wake();
  }

  drop() {
    const drawn = this.drawing, { to } = this;
    this.drawing = null;
    const [a, b] = [drawn[0], drawn[drawn.length - 1]];
    const far = Math.max(...drawn.map((p) => Math.hypot(to.x(p[0]) - to.x(a[0]), to.y(p[1]) - to.y(a[1]))));
    if (far < NEAR / 3) return;
    if (this.way === "hand") {
      this.own = evenly(drawn, CARRIED).map((p) => p.map((v) => v.toFixed(2)).join(",")).join("_");
      this.t = 0;
      this.walk(evenly(drawn, STATIONS));
    } else this.passage(this.nearest(a), this.nearest(b));
  }

  key(event) {
    const step = (by) => () => this.go(Math.round(this.t) + by, 120);
    this.travel(event, 200, { ArrowLeft: step(-1), ArrowDown: step(-1), ArrowRight: step(1), ArrowUp: step(1) });
  }
}

export default component(".plane-host", (host) => new Plane(host));
