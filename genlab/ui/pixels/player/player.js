// A generation as a film: it plays, is scrubbed and stepped through, and says of each step what the model thought.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";
import { Controls } from "../../browser/controls.js";
import { UNKNOWN, cellAt, drawPictures, drawPosterior, edge } from "./panels.js";
import { Trace } from "./trace.js";
import { HEATS, counted, words } from "./words.js";

const SPEEDS = [0.5, 1, 4];
const LONGEST = 28 ** 2;  // steps
const EXPECTED = 0.007;  // nats, a hundredth of a bit: less surprise than that is none

class Player extends Canvas {
  /** @type {Trace | null} */
  trace = null;
  head = 0;
  /** A step that is not loaded yet, to which it goes when it is.
   * @type {number | null} */
  target = null;
  playing = false;
  speed = 1;
  held = false;
  /** @type {{ image: number, position: number } | null} */
  hover = null;
  heat = "none";
  focus = 0;
  dirty = true;
  /** What the page says: the model, and what is asked of it besides the settings.
   * @type {any} */
  page = null;
  /** @type {Controls | null} */
  controls = null;
  /** Which generation is shown, at whatever temperature. */
  of = "";
  /** The step that a link asks for.
   * @type {number | null} */
  brought = null;

  constructor(host) {
    super(host);
    this.scrubber = this.find(".scrubber");
    this.listen();
  }

  // ---------------------------------------------------------------- data

  receive({ meta: page }) {
    if (!this.page) {
      this.heat = page.heat in HEATS ? page.heat : "none";
      this.focus = page.focus;
      this.arrive();
      if (page.controls.length) this.controls = new Controls(this, page.controls, () => this.pose());
    }
    this.page = page;
    this.said["posterior-title"].title = page.about;
    this.connect(page);
    this.pose();
  }

  /** Takes what the link brought, as far as it makes sense. */
  arrive() {
    const focus = counted(this.link("focus"), 16), said = this.link("speed"), speed = SPEEDS.find((speed) => String(speed) === said);
    this.brought = counted(this.link("step"), LONGEST, 0);
    if (focus) this.send.state("focus", (this.focus = focus - 1));
    if (speed) this.speed = speed;
  }

  /** The step where it stands, the image that is looked at, counted from 1, and the speed. */
  get carried() {
    return { step: this.playing ? null : this.step, focus: this.focus ? this.focus + 1 : null, speed: this.speed === 1 ? null : this.speed };
  }

  /** Asks for the generation that is set. */
  pose() {
    const { source, question } = this.page, settings = { ...question, ...this.controls?.values };
    this.focus = Math.min(this.focus, ("only" in settings ? 1 : settings.n) - 1);
    const of = JSON.stringify([source, { ...settings, temperature: null }]), identity = `${of} ${settings.temperature}`;
    this.ask({ source, ...settings, focus: this.focus },
      (meta, arrays) => this.take({ of, identity }, { meta, ...arrays }));
  }

  complain(sentence) {
    if (sentence) this.root.classList.add("ready");
    super.complain(sentence);
  }

  /** A piece of a generation: `identity` says of which, `of` at whatever temperature. */
  take({ of, identity }, chunk) {
    const same = this.trace?.identity === identity && this.meta.focus === chunk.meta.focus;
    if (same) this.trace.append(chunk);
    else this.replace(of, identity, chunk);
    if (this.target !== null) this.go(this.target);
    this.root.classList.add("ready");
    this.wake();
  }

  /** Another generation takes the place of the one that is shown. At another temperature, or with another image in focus, the
   *  step stays, to compare; so it does while it is paused. */
  replace(of, identity, chunk) {
    const { total, begin } = chunk.meta, first = !this.trace, finished = !first && (this.target ?? this.step) >= this.meta.total;
    const stays = !first && (this.of === of || (!this.playing && !finished));
    Object.assign(this, { of, trace: new Trace(identity, chunk.meta), meta: chunk.meta, hover: null });
    this.root.dataset.identity = identity;
    this.find(".anew").textContent = chunk.meta.n > 1 ? "new ones" : "new image";
    this.trace.append(chunk);
    this.scrubber.max = total;
    const brought = first && this.brought !== null && this.brought <= total;
    if (brought) this.go(this.brought);
    else if (stays) this.go(this.target ?? this.step);
    else if (this.calm.matches) this.go(total);
    else {
      this.go(begin);
      this.playing = true;
    }
  }

  get step() { return Math.floor(this.head); }

  /** The last step that can be shown: the posterior of its pixel is loaded, or nothing is left to draw. */
  get reach() { return this.trace.have < this.meta.total ? Math.max(0, this.trace.have - 1) : this.meta.total; }

  // ---------------------------------------------------------------- moving

  /** Steps a second at this speed: an image takes eight to thirteen seconds at 1×. */
  rate() { return this.speed * Math.min(60, Math.max(8, this.meta.total / 10)); }

  /** Goes to a step, or as near as what is loaded allows and on from there when the rest has come. */
  go(step) {
    const wanted = Math.min(Math.max(step, 0), this.meta.total);
    this.target = wanted > this.reach ? wanted : null;
    this.head = Math.min(wanted, this.reach);
    this.wake();
  }

  move(by) {
    this.playing = false;
    this.go((this.target ?? this.step) + by);
  }

  toggle() {
    if (!this.playing && this.step >= this.meta.total) this.go(this.meta.begin);
    this.playing = !this.playing;
    this.wake();
  }

  wake() {
    this.dirty = true;
    super.wake();
  }

  advance(_now, passed) {
    const { step } = this;
    if (this.playing && !this.held && this.target === null) {
      this.head = Math.min(this.head + (passed / 1000) * this.rate(), this.reach);
      if (this.head >= this.meta.total) this.playing = false;
    }
    this.dirty ||= this.step !== step;
    return this.playing;
  }

  // ---------------------------------------------------------------- drawing

  restyle() {
    super.restyle();
    const scale = Math.max(1, this.rem / 16);
    this.style = { ...this.style, scale, font: `${12 * scale}px ${this.style.font}` };
    this.trace.history.painted = 0;
  }

  colour(t, i) {
    const { trace, heat, step } = this, { n, levels } = trace.meta, at = t * n + i;
    if (t >= step && !(t < trace.have && trace.known[at])) return UNKNOWN;
    if (heat === "none" || heat === "expected") {
      const grey = 255 - Math.round((255 * (heat === "none" ? trace.values[at] : trace.expected[at])) / (levels - 1));
      return [grey, grey, grey];
    }
    return this.sequential[Math.min(255, Math.round((255 * trace[heat][at]) / Math.LN2 / HEATS[heat].top(levels)))];
  }

  mask(t) {
    if (t < this.trace.have && this.trace.known[t * this.meta.n]) return [91, 141, 196];
    return t < this.step ? [134, 143, 152] : UNKNOWN;
  }

  /** The position whose posterior is shown, and why. */
  shown() {
    const { total } = this.meta, { step, hover } = this;
    if (hover) return { at: hover.position, title: "posterior of this pixel", ...hover };
    if (step < total) return { at: step, title: "posterior of the next pixel", image: this.focus };
    const at = this.trace.oddest(total, this.focus);
    if (this.trace.surprise[at * this.meta.n + this.focus] < EXPECTED) return { at: total - 1, title: "posterior of the last pixel", image: this.focus };
    return { at, title: "posterior of the most surprising pixel", image: this.focus, ring: { image: this.focus, position: at } };
  }

  draw() {
    if (!this.dirty) return;
    this.dirty = false;
    const { trace, step, style, heat } = this, { n, size, total } = trace.meta, shown = this.shown();
    const next = step < total ? Array.from({ length: n }, (_, image) => ({ image, position: step })) : [];
    const marks = { ...style, focus: this.focus, hover: this.hover, ring: shown.ring, dots: next };
    if (this.drawnHeat !== heat) trace.sheets.forget();
    this.drawnHeat = heat;
    const pictures = trace.sheets.sheets.map((_, i) => trace.sheets.bring(i, step, (t, j) => this.colour(t, j)));
    drawPictures(this.canvas.image, pictures, size, marks);
    const single = (mark) => (mark?.image === this.focus ? { ...mark, image: 0 } : null);
    drawPictures(this.canvas.known, [n > 1 ? pictures[this.focus] : trace.masks.bring(0, step, (t) => this.mask(t))], size,
      { ...marks, hover: single(this.hover), ring: n > 1 ? single(shown.ring) : null, dots: next.slice(0, 1) });

    const own = shown.image === trace.meta.focus;
    const readable = shown.at <= step && shown.at < trace.have && own;
    drawPosterior(this.canvas.posterior, readable ? trace.row(shown.at) : null, trace.values[shown.at * n + shown.image],
      trace.meta, style, own ? "unknown yet" : shown.image === this.focus ? "" : "click this image to see its posteriors");
    trace.history.draw(this.canvas.history, step, trace.logProbs, this.sequential, size, this.hover?.position, style);
  }

  write() {
    const { trace, step, heat } = this, { n, total } = trace.meta, shown = this.shown();
    this.say(words(trace, step, this.focus, heat, shown));
    this.scrubber.value = step;
    const percent = (x) => `${(100 * x) / total}%`;
    this.scrubber.style.setProperty("--track", `linear-gradient(90deg, var(--now) ${percent(step)}, var(--loaded) ${percent(step)} `
      + `${percent(trace.have)}, var(--line) ${percent(trace.have)})`);
    this.tell({ step, total, loaded: trace.have, playing: this.playing, heat, focus: this.focus, n, speed: this.speed });
    this.root.classList.toggle("playing", this.playing);
    this.press("speed-choice", (speed) => +speed === this.speed);
    this.press("heat-choice", (choice) => choice === heat);
  }

  // ---------------------------------------------------------------- hands

  get does() {
    return { start: () => this.move(-Infinity), back: () => this.move(-1), play: () => this.toggle(),
      forward: () => this.move(1), end: () => this.move(Infinity),
      anew: () => this.controls.renew() };
  }

  listen() {
    for (const button of this.all("[data-speed-choice]")) this.on(button, "click", () => {
      this.speed = +button.dataset.speedChoice;
      this.wake();
    });
    for (const button of this.all("[data-heat-choice]")) this.on(button, "click", () => {
      this.heat = button.dataset.heatChoice;
      this.send.state("heat", this.heat);
      this.wake();
    });
    this.on(this.scrubber, "input", () => this.go(+this.scrubber.value));
    this.on(this.scrubber, "pointerdown", () => { this.held = true; });
    for (const name of ["pointerup", "pointercancel", "blur"]) this.on(this.scrubber, name, () => { this.held = false; });
    this.point(this.canvas.image, (x, y) => cellAt(x, y, this.canvas.image.clientWidth, this.meta.n, this.meta.size));
    this.point(this.canvas.known, (x, y) => {
      const cell = cellAt(x, y, this.canvas.known.clientWidth, 1, this.meta.size);
      return cell && { ...cell, image: this.focus };
    });
    this.point(this.canvas.history, (x) => {
      const { left, right } = edge(this.style.scale), part = (x - left) / (this.canvas.history.clientWidth - left - right);
      return part < 0 || part >= 1 ? null : { image: this.focus, position: Math.floor(part * this.meta.total) };
    });
  }

  /** Hovering a canvas shows the pixel under the pointer; a click or a tap goes to it. */
  point(canvas, find) {
    const at = (event) => find(event.offsetX, event.offsetY);
    const hover = (cell) => {
      if (cell?.image === this.hover?.image && cell?.position === this.hover?.position) return;
      this.hover = cell;
      this.wake();
    };
    this.pointer(canvas, { hover: (event) => hover(at(event)), leave: () => hover(null) });
    this.on(canvas, "pointercancel", () => hover(null));
    this.on(canvas, "click", (event) => {
      const cell = at(event);
      if (!cell) return;
      if (cell.image !== this.focus) {
        this.focus = cell.image;
        this.pose();
        this.send.state("focus", cell.image);
      } else {
        this.playing = false;
        this.go(cell.position);
      }
      this.wake();
    });
  }

  key(event) {
    const { size } = this.meta, { back, forward, start, end, play } = this.does;
    this.act(event, { ArrowLeft: back, ArrowRight: forward, ArrowUp: () => this.move(-size), ArrowDown: () => this.move(size),
      Home: start, End: end, " ": play });
  }
}

export default component(".player", (host) => new Player(host));
