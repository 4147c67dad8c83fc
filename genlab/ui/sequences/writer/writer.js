// Sequences as they are written: every posterior so far as heat, the one of this step large, and what it sees of the past.
import { component } from "../../browser/component.js";
import { Controls } from "../../browser/controls.js";
import { Playback } from "../../browser/playback.js";
import { decimal, disc, download, sheet, surface } from "../../browser/screen.js";
import { Plane } from "./plane.js";
import { drawPosterior } from "./posterior.js";
import { scores, sees, structure, whole } from "./words.js";

const N = 16, PLACE = 380, STEP = 150;  // sequences; ms of a place that is played, and of one that keys go
const SPEEDS = [0.5, 1, 4];

class Writer extends Playback {
  static MOVES = 0.6;

  /** What the page says: the model, and its data.
   * @type {any} */
  page = null;
  /** @type {any} what was written, as genlab.views.sequences.written packs it */
  trace = null;
  /** What each prediction sees, row by row; null before it was told.
   * @type {Float32Array | null} */
  field = null;
  focus = 0;
  /** @type {Plane | null} */
  plane = null;
  /** @type {Controls | null} */
  controls = null;

  constructor(host) {
    super(host);
    for (const button of this.all("[data-speed]")) this.on(button, "click", () => { this.speed = +button.dataset.speed; this.wake(); });
    const { plane, parallel } = this.canvas, place = (event) => this.plane.at(event.offsetX, event.offsetY).t;
    this.pointer(plane, {
      hover: (event) => this.aim(null, this.plane.holds(event.offsetX) ? place(event) : -1),
      leave: () => this.aim(null, -1),
      grasp: (event) => this.go(place(event)),
      drag: (event) => this.go(this.plane.at(event.clientX - plane.getBoundingClientRect().left, 0).t),
    });
    this.on(parallel, "click", (event) => this.look(this.tile(event)));
  }

  // ---------------------------------------------------------------- data

  receive({ meta: page }) {
    const first = !this.page, other = this.page?.source !== page.source;
    this.page = page;
    this.connect(page);
    this.find(".about").title = page.about;
    if (first) {
      this.controls = new Controls(this, page.controls, () => this.pose());
      const speed = SPEEDS.find((speed) => String(speed) === this.link("speed"));
      this.focus = (whole(this.link("focus"), N, 1) ?? 1) - 1;
      if (speed) this.speed = speed;
    }
    if (other) {
      this.field = null;
      this.ask({ name: "reach", source: page.source }, (_, { reach }) => { this.field = reach.data; this.wake(); }, " reach");
    }
    this.pose();
  }

  /** Asks for the sequences that are set. */
  pose() {
    const { source } = this.page, question = { name: "written", source, n: N, ...this.controls.values };
    this.follow(question, (meta, arrays) => this.take(meta, arrays, JSON.stringify(question)));
  }

  take(meta, arrays, identity) {
    const first = !this.meta;
    Object.assign(this, { meta, trace: arrays, id: identity, stale: true });
    if (this.plane?.length !== meta.length || this.plane.levels !== meta.levels) this.plane = new Plane(meta);
    this.slider.max = String(meta.length);
    this.t = Math.min(this.t, meta.length);
    if (first) {
      const step = whole(this.link("step"), meta.length);
      if (step !== null) this.t = step;
      else if (this.calm.matches) this.t = meta.length;
      else this.play();
    }
    this.wake();
  }

  /** Values written so far, the sequence that is looked at, counted from 1, and the speed. */
  get carried() { return { step: this.playing ? null : this.step, focus: this.focus ? this.focus + 1 : null, speed: this.speed === 1 ? null : this.speed }; }

  /** Of an array (n, T) what it says of a place of the sequence in focus. */
  of(name, t) { return this.trace[name].data[this.focus * this.meta.length + t]; }

  // ---------------------------------------------------------------- moving

  get last() { return this.meta?.length ?? 1; }

  get step() { return Math.floor(this.t + 1e-6); }

  play() {
    if (this.t >= this.last) this.t = 0;
    super.play();
  }

  onward() {
    if (this.t >= this.last) this.pause();
    else this.glide(this.next(1), PLACE);
  }

  /** The place whose posterior is shown: under the pointer, or the next one, or of a whole sequence the most surprising one, but
   *  for the first, whose value can be nearly any. */
  get place() {
    const { step, hover, last } = this;
    if (hover >= 0 && hover <= step) return hover;
    if (step < last) return step;
    let oddest = 1;
    for (let t = 2; t < last; t++) if (this.of("surprise", t) > this.of("surprise", oddest)) oddest = t;
    return oddest;
  }

  /** Whether the prediction at a place sees a value before it; until that is told, it is taken to. */
  seen(place, s) { return this.field ? this.field[place * this.meta.length + s] : 1; }

  look(focus) {
    if (focus < 0 || focus >= N) return;
    this.focus = focus;
    this.stale = true;
    this.wake();
  }

  // ---------------------------------------------------------------- drawing

  restyle() {
    super.restyle();
    this.stale = true;
  }

  draw() {
    const { plane, meta, trace, focus, style, rem } = this, node = this.canvas.plane, { context, width, height } = surface(node);
    context.clearRect(0, 0, width, height);
    if (width < 5 * rem) return;
    plane.fit(width, height, rem);
    const size = meta.length * meta.levels, shades = trace.log_probs.data.subarray(focus * size, (focus + 1) * size);
    if (this.stale) plane.heat(shades, this.sequential);
    this.stale = false;
    plane.ground(context, Math.min(this.step + 1, this.last), style);
    this.values(context);
    plane.cells(context, this.place, (s) => this.seen(this.place, s), style.model, "sees", style);
    const beside = surface(this.canvas.posterior), t = this.place;
    beside.context.clearRect(0, 0, beside.width, beside.height);
    drawPosterior(beside.context, beside.width, plane, { shades: shades.subarray(t * meta.levels, (t + 1) * meta.levels), floor: meta.floor,
      value: this.of("values", t), u: this.of("uniforms", t), mean: meta.normal ? this.of("mean", t) : null, deviation: this.of("deviation", t) }, style);
    this.drawParallel();
  }

  /** The values so far; those that the posterior on view does not see are hollow. */
  values(context) {
    const { plane, step, style, rem, place, meta: { length }, trace, focus } = this, radius = Math.min(0.32 * plane.wide, 0.28 * rem);
    const values = trace.values.data.subarray(focus * length, (focus + 1) * length);
    for (const [lineWidth, strokeStyle] of /** @type {[number, string][]} */ ([[0.28 * rem, style.paper], [0.12 * rem, style.model]])) {
      Object.assign(context, { lineWidth, strokeStyle, lineJoin: "round" });
      plane.line(context, values, step);
    }
    for (let s = 0; s < step; s++) {
      const known = s < place && this.seen(place, s) > 0;
      disc(context, plane.x(s), plane.y(values[s]), radius, known ? style.model : style.paper, known ? style.paper : style.model, 0.1 * rem);
    }
    if (this.t > step) disc(context, plane.x(step), plane.y(values[step]), radius * (1 + 2 * (1 - (this.t - step))), style.now, style.paper);
    plane.frame(context, place, place === step ? style.now : style.ink, style.paper);
  }

  /** Where the small pictures stand: in a row, or in two. */
  tiles() {
    const { clientWidth: width, clientHeight: height } = this.canvas.parallel, rows = width < 40 * this.rem ? 2 : 1, across = N / rows, gap = 0.3 * this.rem;
    const wide = (width - (across - 1) * gap) / across, high = (height - (rows - 1) * gap) / rows;
    return Array.from({ length: N }, (_, k) => ({ x: (k % across) * (wide + gap), y: Math.floor(k / across) * (high + gap), wide, high }));
  }

  tile({ offsetX, offsetY }) {
    return this.tiles().findIndex(({ x, y, wide, high }) => offsetX >= x && offsetX <= x + wide && offsetY >= y && offsetY <= y + high);
  }

  drawParallel() {
    const { context, width, height } = surface(this.canvas.parallel), { style, rem, step, focus, meta: { length, levels } } = this;
    context.clearRect(0, 0, width, height);
    this.tiles().forEach(({ x, y, wide, high }, k) => {
      context.fillStyle = style.wash;
      context.fillRect(x, y, wide, high);
      Object.assign(context, { strokeStyle: this.bent(k) && step === length ? style.now : style.model, lineWidth: 0.1 * rem, lineJoin: "round" });
      context.beginPath();
      for (let t = 0; t < step; t++) context.lineTo(x + ((t + 0.5) / length) * wide, y + high * (1 - (this.trace.values.data[k * length + t] + 0.5) / levels));
      context.stroke();
      if (k !== focus) return;
      Object.assign(context, { strokeStyle: style.ink, lineWidth: 0.1 * rem });
      context.strokeRect(x + 1, y + 1, wide - 2, high - 2);
    });
  }

  bent(k) { return this.page.lines && !this.meta.straight[k]; }

  write() {
    const { place, step, last, focus, meta } = this, drawn = place < step, value = this.of("values", place), entropy = this.of("entropy", place) / Math.LN2;
    let nats = 0, seen = 0;
    for (let t = 0; t < step; t++) nats += this.of("surprise", t);
    for (let s = 0; s < place; s++) seen += Number(this.seen(place, s) > 0);
    const bent = meta.straight.filter((_, k) => this.bent(k)).length, hovers = place === this.hover;
    const [digits, power] = Math.exp(-meta.floor).toExponential(0).split("e-");
    this.say({
      title: step === last ? `sequence ${focus + 1}, whole` : `sequence ${focus + 1}, ${step} of ${last} values`,
      floor: `${digits}×10⁻${[...power].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]).join("")}`,
      place: `place ${place + 1}`,
      value: String(value), fate: `${drawn ? "drawn" : "will be drawn"}, ${decimal(this.of("surprise", place) / Math.LN2, 1)} bits`,
      entropy: `${decimal(entropy)} bits`, scored: meta.temperature === 1 ? "−log p so far" : `at temperature ${meta.temperature}`,
      ...scores(nats, step),
      parallel: step < last ? "click one to look at it" : this.page.lines ? structure(bent, N) : "click one to look at it",
    });
    const odd = hovers || step < last ? "" : `Of all values but the first, that at **place ${place + 1}** was the most surprising. `;
    this.phrase(this.said.sees, `${odd}${sees(this.field && seen, place)}${meta.normal ? " One bell, whatever the past: its mean and its deviation are all that the network says." : ""}`);
    this.press("speed", (speed) => +speed === this.speed);
    this.transport(`${step} of ${last} values`);
    this.tell({ step, place: place + 1, focus: focus + 1, playing: this.playing, value, entropy, nats, sees: this.field ? seen : "", bent, identity: this.id });
  }

  /** The pictures as a download. */
  save() {
    const names = ["plane", "posterior", "parallel"], [plane, posterior, parallel] = names.map((name) => this.canvas[name]), gap = Math.round(0.03 * plane.width);
    const width = plane.width + gap + posterior.width, { canvas, context } = sheet(width + 2 * gap, plane.height + parallel.height + 3 * gap, this.style.paper);
    context.drawImage(plane, gap, gap);
    context.drawImage(posterior, plane.width + 2 * gap, gap);
    context.drawImage(parallel, gap, plane.height + 2 * gap, width, parallel.height);
    download(canvas, `sequence-${this.focus + 1}`);
  }

  // ---------------------------------------------------------------- hands

  get does() {
    return { ...super.does, start: () => this.go(0), back: () => this.go(this.next(-1), STEP), forward: () => this.go(this.next(1), STEP), end: () => this.go(this.last),
      anew: () => { this.t = 0; this.controls.renew(); this.play(); }, save: () => this.save() };
  }

  key(event) { this.travel(event, STEP, { ArrowUp: () => this.look(this.focus - 1), ArrowDown: () => this.look(this.focus + 1) }); }
}

export default component(".writer", (host) => new Writer(host));
