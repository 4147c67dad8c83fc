// A flow that bends the plane, layer by layer: position, direction, what is shown, and everything that moves them.
import { component } from "../../browser/component.js";
import { PLAY, Playback } from "../../browser/playback.js";
import { decimal, disc, download, packed, ramp, sheet, surface } from "../../browser/screen.js";
import { axes, write } from "../../browser/axes.js";
import { diverging } from "../../browser/stretch.js";
import { WarpPlane } from "./plane.js";

const SMALL = 800;  // points of a picture at the side, at most
const STILL = 4;  // pixels that a click may move
const TOUCH = matchMedia("(hover: none)").matches;
const HINT = TOUCH ? "Tap a dot to keep it: its way through the layers, and what each adds to log p. Double-tap to zoom in."
  : "Point at a dot to see its way through the layers; click to keep it, with what each layer adds to log p. Double-click to zoom in.";

export class Warp extends Playback {
  static MOVES = 0.88;  // a breath at each layer
  static SNAP = 0.05;
  static DEPTH = 6;  // nats from the brightest colour to paper
  static SHOWN = { density: "log-density of the plane, as heat", contours: "lines of equal density, one nat apart",
    mesh: "a grid that is regular where the journey begins", points: "points that travel", paths: "the whole way of some points",
    stretch: "where area grew and where it shrank, compared with the noise", data: "held-out data, where the journey ends" };
  static NAMES = ["generate", "normalize"].flatMap((way) => ["mesh", "jac", "logp", "points"].map((what) => `${way}_${what}`));
  static FRAME = `
    <div class="base warp" role="group" aria-label="A flow bending the plane. Space plays and pauses, left and right go from layer to layer, Enter keeps one point after the other, Escape lets it go.">
      <div class="w-body"><div class="w-pictures">
        <figure class="w-small"><figcaption><b>noise</b><span>z ~ N(0, I)</span></figcaption>
          <canvas data-panel="noise" role="img" aria-label="points of the noise, N(0, I)"></canvas></figure>
        <figure class="w-large"><figcaption><b data-say="title"></b><span data-say="name"></span></figcaption>
          <canvas data-panel="now" tabindex="0" role="img" aria-label="the plane between noise and data"></canvas></figure>
        <figure class="w-small"><figcaption><b>data</b><span>held out</span></figcaption>
          <canvas data-panel="data" role="img" aria-label="points of the data"></canvas></figure>
        <div class="w-sum" role="region" tabindex="0" aria-label="log p of the point that is kept, layer by layer"><table><caption>the kept point; red: area grew there</caption><thead><tr><th></th><th>adds</th><th>sum, nats</th><th></th></tr></thead><tbody></tbody></table></div>
        <div class="colours"><span data-say="scale"></span><i></i><small><span data-say="low"></span><span data-say="middle"></span><span data-say="high"></span></small></div>
      </div>
      <div class="w-transport">
        ${PLAY}
        <label class="w-layers"><span>layer</span><span class="w-rail"><input type="range" class="scrubber" min="0" step="any" aria-label="layer"><span class="w-ticks" aria-hidden="true"></span></span></label>
        <span class="choices" role="group" aria-label="direction"><button type="button" data-way="generate">noise → data</button><button type="button" data-way="normalize">data → noise</button></span>
      </div>
      <div class="w-foot">
        <span class="choices" role="group" aria-label="show">${Object.entries(Warp.SHOWN).map(([name, help]) => `<button type="button" data-show="${name}" title="${help}">${name}</button>`).join("")}</span>
        <button type="button" data-do="whole" title="back from the zoom (Escape)">whole plane</button>
        <button type="button" data-do="save" title="save these pictures as PNG">Save picture</button>
      </div>
      <output class="w-reading" data-say="reading"></output>
    </div></div>`;

  way = "generate";
  /** @type {{ x: number, y: number, half: number } | null} */
  zoom = null;
  /** @type {Record<string, number>} */
  scale = { top: 0, stretch: 1, half: 1 };
  stages = 1;
  /** Arrays by name: the newest, those that are shown, and those from which a morph began.
   * @type {Record<string, any>} */
  target = {};
  /** @type {Record<string, any>} */
  shown = {};
  /** @type {Record<string, any>} */
  from = {};
  /** The point that is kept, or -1; of what its table is; what the button pressed last shows. */
  kept = -1;
  tabled = "";
  told = "";

  /** compare: whether the data are shown on the plane too. */
  constructor(host, compare = false) {
    super(host, Warp.FRAME);
    this.plane = new WarpPlane(this.canvas.now);
    this.usual = { density: true, contours: false, mesh: true, points: true, paths: false, stretch: false, data: compare };
    this.visible = { ...this.usual };
    this.listen();
  }

  // ---------------------------------------------------------------- data

  show(id, data, duration) {
    if (id === this.id) return;
    const first = this.id === null, { meta } = data;
    const agree = !first && Warp.NAMES.every((name) => String(data[name].shape) === String(this.target[name].shape));
    this.id = id;
    this.meta = meta;
    this.stages = meta.layers.length + 1;
    if (!agree) {
      const copy = () => Object.fromEntries(Warp.NAMES.map((name) => [name, new Float32Array(data[name].data.length)]));
      Object.assign(this, { shown: copy(), from: copy(), hover: -1, kept: -1 });
      this.plane.fit(meta.side, data.generate_points.shape[1]);
      this.rail();
    }
    for (const name of Warp.NAMES) this.from[name].set(this.shown[name]);
    this.before = this.scale;
    this.after = { ...Warp.scale(data), half: meta.half };
    this.target = data;
    this.stale = true;
    this.morph = agree && duration && !this.calm.matches ? { duration } : null;
    if (!this.morph) this.blend(1);
    const plays = first && !this.brought() && meta.autoplay && !this.calm.matches;
    this.t = plays ? 0 : first ? this.last - this.layer : Math.min(this.t, this.last);
    if (plays) this.play();
    this.wake();
  }

  // ---------------------------------------------------------------- links

  /** How many layers lie between the data and the place that a link asks for. */
  layer = 0;

  get carried() {
    const { zoom, kept } = this, on = (visible) => Object.keys(Warp.SHOWN).filter((name) => visible[name]).join(" ") || "none";
    return { layer: +(this.last - this.t).toFixed(2) || null, way: this.way === "generate" ? null : this.way,
      show: on(this.visible) === on(this.usual) ? null : on(this.visible), at: kept < 0 ? null : kept,
      zoom: zoom && [zoom.x, zoom.y, zoom.half].map((v) => +v.toFixed(3)).join(" ") };
  }

  /** Takes from the link what makes sense here; whether it asks for a place to stand at. */
  brought() {
    const number = (text) => (text ? Number(text) : NaN), layer = number(this.link("layer")), at = number(this.link("at"));
    const way = this.link("way"), show = this.link("show")?.split(" "), [x, y, half] = (this.link("zoom") ?? "").split(" ").map(number);
    if (way === "normalize") this.way = way;
    if (show && (String(show) === "none" || show.every((name) => name in Warp.SHOWN)) && !(show.includes("density") && show.includes("stretch"))) {
      for (const name in Warp.SHOWN) this.visible[name] = show.includes(name);
    }
    const whole = this.scale.half;
    if (Math.max(Math.abs(x), Math.abs(y)) <= whole && half < whole && half >= whole / 32) this.zoom = { x, y, half };
    if (Number.isInteger(at) && at >= 0 && at < this.plane.points.length / 2) this.kept = at;
    if (layer >= 0 && layer <= this.last) this.layer = layer;
    this.pressed();
    return layer >= 0 && layer <= this.last || this.kept >= 0 || this.way === "normalize";
  }

  /** What the brightest colours stand for. Most of the mass decides: a few extreme vertices must not darken the rest. */
  static scale({ generate_logp: { data, shape: [stages, n] } }) {
    const inside = Array.from({ length: n }, (_, i) => i).filter((i) => data[i] > -5);
    const high = (values, part) => { values.sort(); return values[Math.floor(part * (values.length - 1))]; };
    const up = (value) => Math.ceil(2 * value) / 2;
    let top = -1.5, stretch = 0.5;
    for (let k = 0; k < stages; k++) {
      top = Math.max(top, up(high(Float32Array.from(inside, (i) => data[k * n + i]), 0.97)));
      stretch = Math.max(stretch, up(high(Float32Array.from(inside, (i) => Math.abs(data[k * n + i] - data[i])), 0.95)));
    }
    return { top: Math.min(top, 8), stretch: Math.min(stretch, 10) };
  }

  /** Brings what is shown a part of the way from what was shown to the newest data. */
  blend(part) {
    for (const name of Warp.NAMES) {
      const shown = this.shown[name], from = this.from[name], to = this.target[name].data;
      if (part === 1) shown.set(to);
      else for (let i = 0; i < shown.length; i++) shown[i] = from[i] + part * (to[i] - from[i]);
    }
    const mix = (name) => this.before[name] + part * (this.after[name] - this.before[name]);
    this.scale = part === 1 ? this.after : { top: mix("top"), stretch: mix("stretch"), half: mix("half") };
    this.stale ||= this.before.half !== this.after.half;
  }

  // ---------------------------------------------------------------- moving

  get last() { return this.stages - 1; }

  /** @returns {{ x: number, y: number, half: number }} */
  get view() { return this.zoom ?? { x: 0, y: 0, half: this.scale.half }; }

  get forward() { return this.way === "generate" ? 1 : -1; }

  /** Plays on, from the beginning where the way is over. */
  play() {
    const [begin, end] = this.forward > 0 ? [0, this.last] : [this.last, 0];
    if (Math.abs(this.t - end) < 1e-6) this.t = begin;
    super.play();
  }

  /** The next layer of a way that is played. */
  onward() {
    const to = this.next(this.forward), pace = Math.max(300, 2600 / (this.stages - 1));
    if (to === this.t) this.pause();
    else this.glide(to, pace * Math.max(0.3, Math.abs(to - this.t)));
  }

  // ---------------------------------------------------------------- drawing

  restyle() {
    super.restyle();
    const stretch = diverging(this.style.paper);
    // Paper shows through where the density is lowest: the mesh ends in the plane, the density does not.
    const alpha = (i) => Math.min(1, i / 48);
    Object.assign(this.style, { sequential: packed(this.sequential, alpha), diverging: packed(stretch), grid: getComputedStyle(this.root).getPropertyValue("--grid") });
    this.root.style.setProperty("--density-ramp", ramp(this.sequential, alpha));
    this.root.style.setProperty("--diverging-ramp", ramp(stretch));
    for (const [name, i] of Object.entries({ "--shrank": 16, "--grew": 239 })) this.root.style.setProperty(name, `rgb(${stretch[i]})`);
    this.stale = true;
  }

  /** The arrays of the direction that is shown. */
  arrays() {
    const { shown, way } = this;
    return { mesh: shown[`${way}_mesh`], jac: shown[`${way}_jac`], logp: shown[`${way}_logp`], points: shown[`${way}_points`],
      sums: this.target[`${way}_sums`].data, grid: this.target.density, half: this.meta.half };
  }

  /** The point whose way is shown, or -1. */
  get chosen() { return this.hover < 0 ? this.kept : this.hover; }

  draw() {
    if (!this.canvas.now.clientWidth) return;
    const arrays = this.arrays();
    this.plane.place(arrays, this.t, this.stages - 1, this.way);
    this.plane.draw({ view: this.view, scale: this.scale, depth: Warp.DEPTH, style: this.style, show: this.visible, way: this.way,
      hover: this.chosen, points: arrays.points, stages: this.stages, rem: this.rem, name: { 0: "z", [this.last]: "x" }[this.t] });
    if (this.visible.data) this.compare();
    if (this.stale || (this.morph && this.chosen >= 0)) this.still();
    this.stale = false;
  }

  /** The held-out data on the plane itself: they come into sight while the last layer is passed. */
  compare() {
    const { context, width } = surface(this.canvas.now), { view, style, target: { data: { data } } } = this, unit = width / (2 * view.half);
    context.globalAlpha = 0.8 * Math.max(0, this.t - this.stages + 2);
    for (const [radius, fill] of [[2, style.paper], [1.4, style.data]]) {
      context.fillStyle = fill;
      context.beginPath();
      for (let i = 0; i < data.length; i += 2) {
        const x = (data[i] - view.x + view.half) * unit, y = (view.y + view.half - data[i + 1]) * unit;
        context.moveTo(x, y);
        context.arc(x, y, radius, 0, 7);
      }
      context.fill();
    }
    context.globalAlpha = 1;
  }

  /** The two pictures at the sides, and on them the ends of the path of the point under the pointer. */
  still() {
    const { generate_points: latents } = this.shown, count = this.plane.points.length / 2, { style } = this;
    this.small(this.canvas.noise, latents, count, style.noise, true);
    this.small(this.canvas.data, this.target.data.data, this.target.data.shape[0], style.data, false);
    if (this.chosen < 0) return;
    const { points } = this.arrays(), at = 2 * this.chosen, last = (this.stages - 1) * 2 * count;
    this.ring(this.canvas.noise, points[at], points[at + 1]);
    this.ring(this.canvas.data, points[last + at], points[last + at + 1]);
  }

  small(canvas, points, count, colour, circles) {
    const { context, width } = surface(canvas), { half } = this.scale, unit = width / (2 * half);
    context.clearRect(0, 0, width, width);
    context.fillStyle = colour;
    context.globalAlpha = 0.75;
    const few = Math.min(count, SMALL);
    context.beginPath();
    for (let i = 0; i < 2 * few; i += 2) {
      const x = (points[i] + half) * unit, y = (half - points[i + 1]) * unit;
      context.moveTo(x, y);
      context.arc(x, y, 1.1, 0, 7);
    }
    context.fill();
    context.globalAlpha = 1;
    axes(context, width, { x: 0, y: 0, half }, this, circles ? "z" : "x");
    if (!circles) return;
    for (const radius of [1, 2, 3]) {
      const along = radius * unit * Math.SQRT1_2;
      context.strokeStyle = this.style.quiet;
      context.lineWidth = 0.75;
      context.beginPath();
      context.arc(width / 2, width / 2, radius * unit, 0, 7);
      context.stroke();
      write(context, `${radius}σ`, width / 2 + along, width / 2 - along, this, "center", "middle");
    }
  }

  ring(canvas, x, y) {
    const { context, width } = surface(canvas), { half } = this.scale, unit = width / (2 * half);
    disc(context, (x + half) * unit, (half - y) * unit, 4.5, this.style.now, this.style.paper);
  }

  // ---------------------------------------------------------------- words

  write() {
    if (!this.canvas.now.clientWidth) return;
    const { t, way, visible: show, scale, last } = this, k = Math.floor(t), { layers } = this.meta;
    const number = (value, digits = 1) => decimal(value, digits);
    // Layers are numbered from the data, as in f = f⁽ᴷ⁾ ∘ … ∘ f⁽¹⁾; on the way to the data they are undone.
    const title = t === 0 ? "noise z ~ N(0, I)" : t === last ? "data space" : t === k ? `between layers ${last - k + 1} and ${last - k}` : `in layer ${last - k} of ${last}`;
    const ends = way === "generate" ? ["where samples begin", show.data ? "samples, and blue: held-out data" : "what the model makes"] : ["where the data arrive", "held-out data"];
    const undone = way === "generate" ? "inverse of " : "", part = way === "generate" ? t - k : k + 1 - t;
    const name = t === 0 ? ends[0] : t === last ? ends[1] : t === k ? "" : `${undone}${layers[k]}, ${Math.round(100 * part)} %`;
    this.say({ title, name, reading: this.reading(number, title) });
    if (!this.morph) {
      if (show.stretch) this.say({ scale: "log-area against the noise, nats", low: `−${scale.stretch} shrank`, middle: "0", high: `grew ${scale.stretch}` });
      else this.say({ scale: "log p, nats", low: number(scale.top - Warp.DEPTH), middle: number(scale.top - Warp.DEPTH / 2), high: number(scale.top) });
    }
    this.table(number);
    this.transport(title);
    this.tell({ kept: this.kept, stage: t.toFixed(2), direction: way, playing: this.playing, points: this.plane.points.length / 2, ready: true });
  }

  /** What the pointer says: the point it is near, or the place. */
  reading(number, title) {
    const { view, chosen: hover, plane } = this;
    if (!this.pointed && hover < 0) return this.told || HINT;
    const n = WarpPlane.CELLS;
    const [x, y] = hover < 0 ? this.inPlane(this.pointed) : plane.points.subarray(2 * hover, 2 * hover + 2);
    const column = Math.floor(((x - view.x + view.half) * n) / (2 * view.half)), row = Math.floor(((view.y + view.half - y) * n) / (2 * view.half));
    const cell = column >= 0 && row >= 0 && column < n && row < n ? row * n + column : -1, logp = cell < 0 ? -Infinity : plane.density[cell];
    const known = logp > -Infinity ? `log p = ${number(logp, 2)} nats` + (this.visible.stretch ? `, log-area ${number(plane.stretch[cell], 2)}` : "") : "off the mesh";
    const where = hover < 0 ? "here" : title;
    return `${where}: (${number(x, 2)}, ${number(y, 2)}), ${known}`;
  }

  /** What each layer adds to log p of the point that is kept, from the noise to the data; what the slider has passed counts. */
  table(number) {
    const { kept, last, t } = this, table = this.find(".w-sum"), name = `${this.id} ${this.way} ${kept}`;
    table.style.visibility = kept < 0 ? "hidden" : "visible";
    table.classList.toggle("w-none", kept < 0);
    if (kept < 0) { this.tabled = ""; return; }
    if (name !== this.tabled) {
      const { sums } = this.arrays(), many = sums.length / this.stages, sum = Array.from({ length: this.stages }, (_, k) => sums[k * many + kept]);
      const low = Math.min(...sum), span = Math.max(...sum) - low || 1, part = (v) => `${(100 * (v - low)) / span}%`;
      const cells = sum.map((to, k) => [k ? `layer ${last - k + 1}` : "log N(z)", number(to - (sum[k - 1] ?? 0), 3), number(to, 3)]);
      table.querySelector("tbody").replaceChildren(...[...cells, ["log p(x)", "", cells[last][2]]].map((words, k) => {
        const row = document.createElement("tr"), bar = document.createElement("i"), from = sum[k - 1] ?? sum[0], to = sum[Math.min(k, last)];
        row.append(...[...words, ""].map((textContent) => Object.assign(document.createElement("td"), { textContent })));
        row.className = k > last ? "total" : !k ? "" : to < from ? "grew" : "shrank";
        Object.assign(bar.style, { left: part(Math.min(from, to)), width: part(low + Math.abs(to - from)) });
        row.lastElementChild.append(bar);
        return row;
      }));
      this.tabled = name;
    }
    table.querySelectorAll("tbody tr").forEach((row, k) => {
      const here = k === Math.ceil(t - 1e-6);
      row.classList.toggle("later", k > last ? t < last : k > t + 1e-6);
      if (here && !row.classList.contains("here")) table.scrollTop = row.offsetTop - table.clientHeight / 2;
      row.classList.toggle("here", here);
    });
  }

  /** A tick for each stage, and between two the number of the layer that is passed there. */
  rail() {
    const { last } = this, ticks = this.find(".w-ticks");
    const tick = (words, at, name) => {
      const node = Object.assign(document.createElement("span"), { textContent: words, className: name });
      node.style.setProperty("--at", String(at / last));
      return node;
    };
    this.slider.max = String(last);
    ticks.classList.toggle("w-many", last > 12);
    ticks.replaceChildren(...Array.from({ length: this.stages }, (_, k) => tick({ 0: "noise", [last]: "data" }[k] ?? "", k, "w-stage")),
      ...Array.from({ length: last }, (_, k) => tick(String(last - k), k + 0.5, "w-layer")));
  }

  /** The three pictures side by side, as a download. */
  save() {
    const side = 640, small = 300, gap = 30, head = 44, { style } = this;
    /** @type {[string, number, string][]} */
    const all = [["noise", small, "noise z ~ N(0, I)"], ["now", side, this.said.title.textContent], ["data", small, "data"]];
    const pictures = all.filter(([name]) => this.canvas[name].clientWidth);
    const { canvas, context } = sheet(gap + pictures.reduce((sum, [, width]) => sum + width + gap, 0), side + head + gap, style.paper);
    let x = gap;
    for (const [name, width, title] of pictures) {
      context.fillStyle = style.ink;
      context.font = `600 18px ${style.font}`;
      context.fillText(title, x, head - 14, width);
      context.drawImage(this.canvas[name], x, head, width, width);
      context.strokeStyle = style.line;
      context.strokeRect(x, head, width, width);
      x += width + gap;
    }
    download(canvas, `flow-stage-${this.t.toFixed(2)}`);
  }

  // ---------------------------------------------------------------- hands

  get does() { return { ...super.does, whole: () => this.look(null), save: () => this.save() }; }

  listen() {
    const { now: canvas } = this.canvas;
    for (const button of this.all("[data-way]")) this.on(button, "click", () => this.turn(button.dataset.way));
    for (const button of this.all("[data-show]")) this.on(button, "focus", () => this.explain(button.dataset.show));
    for (const button of this.all("[data-show]")) this.on(button, "click", () => {
      const { show } = button.dataset, other = { density: "stretch", stretch: "density" }[show];
      this.visible[show] = !this.visible[show];
      this.explain(show);
      if (other && this.visible[show]) this.visible[other] = false;  // two heats on one plane could not be told apart
      this.pressed();
      this.wake();
    });
    let from = null;
    this.pointer(canvas, {
      hover: (event) => this.near({ x: event.offsetX, y: event.offsetY }),
      leave: (event) => { if (event.pointerType === "mouse") this.aim(null, -1); },
      grasp: (event) => {
        from = { x: event.offsetX, y: event.offsetY, view: this.zoom };
        return this.zoom !== null;
      },
      drag: (event) => this.pull(from, event),
    });
    this.on(canvas, "click", (event) => {
      const still = Math.hypot(event.offsetX - from.x, event.offsetY - from.y) < STILL;
      if (still && this.hover >= 0) this.keep(this.hover === this.kept ? -1 : this.hover);
    });
    this.on(canvas, "dblclick", (event) => this.closer(0.5, ...this.inPlane({ x: event.offsetX, y: event.offsetY })));
    this.pressed();
  }

  /** What a button shows, for those who cannot hover over it. */
  explain(show) {
    this.told = `${show}: ${Warp.SHOWN[show]}`;
    this.aim(null, -1);
  }

  keep(kept) {
    Object.assign(this, { kept, stale: true, told: "" });
    if (TOUCH) Object.assign(this, { pointed: null, hover: -1 });  // a finger does not leave a dot as a mouse does
    this.wake();
  }

  pressed() {
    this.press("show", (show) => this.visible[show]);
    this.press("way", (way) => way === this.way);
    this.root.dataset.heat = this.visible.stretch ? "stretch" : this.visible.density ? "density" : "none";
    this.root.classList.toggle("w-zoomed", Boolean(this.zoom));
  }

  /** Another direction: where its way begins, it begins at once. */
  turn(way) {
    if (way === this.way) return;
    const { playing } = this;
    this.go(this.t);
    Object.assign(this, { way, hover: -1, kept: -1, stale: true });
    const begins = this.t === (this.forward > 0 ? 0 : this.stages - 1);
    if (playing || (begins && !this.calm.matches)) this.play();
    this.pressed();
  }

  /** @returns {[number, number]} */
  inPlane({ x, y }) {
    const { view } = this, unit = (2 * view.half) / this.canvas.now.clientWidth;
    return [view.x - view.half + x * unit, view.y + view.half - y * unit];
  }

  closer(factor, x, y) {
    const { view } = this, whole = this.scale.half, half = Math.max(whole / 32, view.half * factor);
    const part = half / view.half;
    this.look(half >= whole ? null : { x: x + (view.x - x) * part, y: y + (view.y - y) * part, half });
  }

  look(view) {
    this.zoom = view;
    this.pressed();
    this.wake();
  }

  /** A zoomed plane follows the hand. */
  pull({ x, y, view }, event) {
    const unit = (2 * view.half) / this.canvas.now.clientWidth;
    this.look({ ...view, x: view.x - (event.offsetX - x) * unit, y: view.y + (event.offsetY - y) * unit });
  }

  /** The point nearest to the pointer, if it is near. */
  near(pointed) {
    const { points } = this.plane, [x, y] = this.inPlane(pointed);
    let hover = -1, nearest = (24 * this.view.half) / this.canvas.now.clientWidth;  // 12 pixels
    for (let i = 0; i < points.length; i += 2) {
      const distance = Math.hypot(points[i] - x, points[i + 1] - y);
      if (distance < nearest) { nearest = distance; hover = i / 2; }
    }
    this.aim(pointed, hover);
  }

  key(event) {
    const { view } = this;
    this.travel(event, 300, { "+": () => this.closer(0.5, view.x, view.y), "-": () => this.closer(2, view.x, view.y), Enter: event.target === this.canvas.now && (() => this.keep((this.kept + 1) % (this.plane.points.length / 2))),
      Escape: this.kept >= 0 ? () => this.keep(-1) : this.zoom && (() => this.look(null)) });
  }
}

export default component(".warp-host", (host) => new Warp(host));
