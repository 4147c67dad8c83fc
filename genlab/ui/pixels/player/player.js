// A generation as a film: it plays, is scrubbed and stepped through, and says of each step what the model thought.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";
import { Controls } from "../../browser/controls.js";
import { isDark } from "../../browser/screen.js";
import { UNKNOWN, cellAt, drawPictures, drawPosterior, edge } from "./panels.js";
import { Board } from "../../browser/board.js";
import { Trace } from "./trace.js";
import { HEATS, costs, counted, words } from "./words.js";

const SPEEDS = [0.5, 1, 4];
const LONGEST = 28 ** 2;  // steps
const TINT = [255, 241, 222];  // paper of the model's
const BRUSH = 2.5 / 28;  // of the image's width
/** What a number beside it may be, as the settings of the same name. */
const BESIDE = { temperature: { min: 0.1, max: 2, step: 0.05 }, seed: { min: 0, max: 9999, step: 1 } };
const EXPECTED = 0.007;  // nats, a hundredth of a bit: less surprise than that is none

/** Ink of 0 to 255 that is expected, on the paper of what the model writes. */
const tinted = (ink) => TINT.map((c) => Math.round(c * (1 - ink / 255)));

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
  /** What another generation differs in ("": there is none), and by which value; its steps.
   * @type {{ what: string, value: any, trace: Trace | null }} */
  beside = { what: "", value: null, trace: null };
  board = new Board();
  version = "";
  /** Where the brush is, while it is down.
   * @type {number[] | null} */
  last = null;
  /** Where the brush is that keys move.
   * @type {number | null} */
  cursor = null;
  /** A drawing that was not begun with yet. */
  fresh = false;
  /** The step that a link asks for.
   * @type {number | null} */
  brought = null;
  /** Pixels that are visited first, those that were clicked among them, and of which generation.
   * @type {number[]} */
  path = [];
  way = "";
  thoughts = new OffscreenCanvas(1, 1);

  constructor(host) {
    super(host);
    this.scrubber = this.find(".transport .scrubber");
    this.select = this.find(".beside select");
    this.number = this.find(".beside input");
    this.listen();
  }

  // ---------------------------------------------------------------- data

  receive({ meta: page }) {
    if (!this.page) {
      this.heat = page.heat in HEATS ? page.heat : "none";
      this.focus = page.focus;
      if (page.controls.length) this.controls = new Controls(this, page.controls, () => this.pose());
    }
    const first = !this.page;
    this.page = page;
    this.said["posterior-title"].title = page.about;
    this.connect(page);
    this.paper();
    this.offer();
    if (first) this.arrive();
    this.pose();
  }

  /** Takes the visitor's drawing, unless it comes from here. */
  paper() {
    const { ink, version, size, levels } = this.page;
    if (!size || version === this.version) return;
    this.version = version;
    this.board.levels = levels;
    this.board.load(size, ink ? Uint8Array.from(atob(ink), (c) => c.charCodeAt(0)) : new Uint8Array(size * size), new Uint8Array(size * size).fill(1));
  }

  /** Offers what may stand beside it: another model writes as many pixels. */
  offer() {
    const { page, select, beside } = this, option = (value, text) => Object.assign(document.createElement("option"), { value, textContent: text });
    this.root.classList.toggle("watch", Boolean(page.size));
    const models = Object.assign(document.createElement("optgroup"), { label: "another model" });
    models.append(...(page.models ?? []).map(([name, title]) => option(`model:${name}`, title)));
    select.replaceChildren(option("", "nothing"), option("temperature", "another temperature"), option("seed", "another seed"), models);
    if (beside.what === "model" && !page.models.some(([name]) => name === beside.value)) this.beside = { what: "", value: null, trace: null };
    this.fill(this.beside);
  }

  /** Shows in its controls what is beside it. */
  fill({ what, value }) {
    this.select.value = what === "model" ? `model:${value}` : what;
    this.number.hidden = !(what in BESIDE);
    if (what in BESIDE) Object.assign(this.number, BESIDE[what], { value });
  }

  /** Puts another generation beside it, or none.
   * @param {string} what
   * @param {any} value */
  compare(what, value) {
    this.beside = { what, value, trace: null };
    this.fill(this.beside);
    this.pose();
    this.wake();
  }

  /** What a link says of it: `temperature:1.5`, `seed:4`, `model:NAME`; null where that makes no sense. */
  read(text) {
    const [what, value] = (text ?? "").split(":"), limits = BESIDE[what];
    if (what === "model" && this.page.models?.some(([name]) => name === value)) return { what, value };
    if (!limits || !/^[\d.]+$/.test(value) || !(+value >= limits.min && +value <= limits.max)) return null;
    return what === "seed" && !/^\d+$/.test(value) ? null : { what, value: +value };
  }

  /** Takes what the link brought, as far as it makes sense. */
  arrive() {
    const beside = this.page.size ? this.read(this.link("beside")) : null;
    if (beside) { this.beside = { ...beside, trace: null }; this.fill(this.beside); }
    const focus = counted(this.link("focus"), 16), said = this.link("speed"), speed = SPEEDS.find((speed) => String(speed) === said);
    this.brought = counted(this.link("step"), LONGEST, 0);
    if (focus) this.send.state("focus", (this.focus = focus - 1));
    if (speed) this.speed = speed;
  }

  /** The step where it stands, the image that is looked at, counted from 1, the speed, and what is beside it. */
  get carried() {
    const { what, value } = this.beside;
    return { beside: what ? `${what}:${value}` : null, step: this.playing ? null : this.step, focus: this.focus ? this.focus + 1 : null, speed: this.speed === 1 ? null : this.speed };
  }

  /** Asks for the generation that is set. */
  pose() {
    const { source, question } = this.page, { first, ...values } = this.controls?.values ?? {}, drawing = first === "drawing" ? this.beginning() : null;
    const settings = { ...question, ...values, ...(drawing && { drawing }) }, way = JSON.stringify([source, settings]);
    if (way !== this.way) Object.assign(this, { way, path: [] });
    if (this.path.length) settings.path = this.path;
    this.root.classList.toggle("draws", first === "drawing");
    this.focus = Math.min(this.focus, ("only" in settings ? 1 : settings.n) - 1);
    const of = JSON.stringify([source, { ...settings, temperature: null }]), identity = `${of} ${settings.temperature}`;
    this.ask({ source, ...settings, focus: this.focus },
      (meta, arrays) => this.take({ of, identity }, { meta, ...arrays }));
    this.poseBeside({ source, ...settings });
  }

  /** Asks for the generation beside it: the same but for one setting, from the same uniforms unless that is the seed. */
  poseBeside(settings) {
    const { beside } = this, { what, value } = beside, name = " beside";
    this.root.classList.toggle("pair", Boolean(what));
    if (!what) {
      if (this.asked.has(this.name + name)) this.forget(this.name + name);
      return;
    }
    const question = { ...settings, [what === "model" ? "source" : what]: value }, identity = JSON.stringify(question);
    this.ask({ ...question, focus: this.focus }, (meta, arrays) => {
      if (beside.trace?.identity !== identity || beside.trace.meta.focus !== meta.focus) beside.trace = new Trace(identity, meta);
      beside.trace.append({ meta, ...arrays });
      this.wake();
    }, name);
  }

  /** The drawing as a question has it: ink up to the last pixel with some, and all up to there known; null without ink. */
  beginning() {
    const { ink, levels } = this.board, last = ink.findLastIndex((v) => Math.floor((v * levels) / 256) > 0);
    if (last < 0) return null;
    return btoa(String.fromCharCode(...ink.map((v, t) => (t <= last ? v : 0)), ...ink.map((_, t) => (t <= last ? 1 : 0))));
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
    const stays = !first && !this.fresh && (this.of === of || (!this.playing && !finished));
    Object.assign(this, { of, fresh: false, trace: new Trace(identity, chunk.meta), meta: chunk.meta, hover: null });
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

  /** Steps a second at this speed: an image takes eight to thirteen seconds at 1×, a pass a step. */
  rate() { return this.speed * this.meta.together * Math.min(60, Math.max(8, this.meta.total / 10)); }

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
      const there = this.beside.trace?.have ?? Infinity, reach = Math.min(this.reach, there < this.meta.total ? there - 1 : Infinity);
      this.head = Math.max(this.head, Math.min(this.head + (passed / 1000) * this.rate(), reach));
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
    this.number.style.colorScheme = isDark(this.style.paper) ? "dark" : "light";
  }

  colour(t, i, trace) {
    const { heat, step } = this, { n, levels } = trace.meta, at = t * n + i;
    if (this.last) {
      const ink = this.board.ink[t];
      return ink ? [255 - ink, 255 - ink, 255 - ink] : UNKNOWN;
    }
    if (t >= trace.have || (t >= step && !trace.known[at])) return UNKNOWN;
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

  /** What is thought of every pixel before this step, of a model that takes any order: those known as they are, of the others what
   *  is expected, or how unsure it is. */
  thought() {
    const { trace, step, heat, focus, thoughts } = this, { n, size, levels, total } = trace.meta, all = size * size;
    const data = new ImageData(size, size), doubt = heat === "entropy", map = trace.maps[doubt ? "entropy" : "expected"].subarray(step * all);
    for (let at = 0; at < all; at++) {
      const t = trace.steps[at], known = t < step || (t < trace.have && trace.known[t * n + focus]);
      const ink = known ? (255 * trace.values[t * n + focus]) / (levels - 1) : step < Math.min(trace.have, total) ? map[at] : 0;
      data.data.set([...(doubt ? this.sequential[known ? 0 : map[at]] : known ? [255 - ink, 255 - ink, 255 - ink] : tinted(ink)), 255], 4 * at);
    }
    if (thoughts.width !== size) Object.assign(thoughts, { width: size, height: size });
    thoughts.getContext("2d").putImageData(data, 0, 0);
    return thoughts;
  }

  /** The posterior of an unknown pixel before this step, as a row of the trace: of two levels the mean says it. */
  guess(position) {
    const { trace, step } = this, { levels, floor, size } = trace.meta;
    if (!trace.maps || levels !== 2 || step >= trace.have) return null;
    const p = trace.maps.expected[step * size * size + position] / 255;
    return Uint8Array.from([1 - p, p], (q) => Math.max(0, Math.round(255 * (1 + Math.log(q) / floor))));
  }

  /** The pixel that is visited next, where one was clicked that is not known yet and any order is taken. */
  choose(position) {
    const { trace, step } = this;
    if (!trace.maps || trace.steps[position] < step) return false;
    const known = (t) => trace.known[t * trace.meta.n] === 1;
    this.path = [...[...trace.places.subarray(0, step)].filter((_, t) => !known(t)), position];
    this.target = step + 1;
    this.pose();
    return true;
  }

  /** The position whose posterior is shown, and why. */
  shown() {
    const { total } = this.meta, { step, hover } = this;
    if (hover) return { ...hover, at: this.trace.steps[hover.position], title: "posterior of this pixel" };
    if (step < total) return { at: step, title: "posterior of the next pixel", image: this.focus };
    const at = this.trace.oddest(total, this.focus);
    const place = at * this.meta.n + this.focus;
    if (this.trace.known[place] || this.trace.surprise[place] < EXPECTED) return { at: total - 1, title: "posterior of the last pixel", image: this.focus };
    return { at, title: "posterior of the most surprising pixel", image: this.focus, ring: { image: this.focus, position: this.trace.places[at] } };
  }

  draw() {
    if (!this.dirty) return;
    this.dirty = false;
    const { trace, step, style, heat } = this, { n, size, total } = trace.meta, shown = this.shown();
    const sure = step < total && (trace.rows || step < trace.have), position = trace.places[step];
    const next = sure ? Array.from({ length: n }, (_, image) => ({ image, position })) : [];
    const marks = { ...style, focus: this.focus, hover: this.hover, ring: shown.ring, dots: next };
    const other = this.beside.trace, view = `${heat} ${Boolean(this.last)}`;
    for (const shown of [trace, other]) if (shown && (this.last || shown.view !== view)) Object.assign(shown, { view }).sheets.forget();
    const place = (trace) => (t) => (trace.rows || t < trace.have ? trace.places[t] : -1);
    const bring = (trace, step) => trace.sheets.sheets.map((_, i) => trace.sheets.bring(i, step, (t, j) => this.colour(t, j, trace), place(trace)));
    const pictures = bring(trace, step);
    drawPictures(this.canvas.image, pictures, size, marks);
    const single = (mark) => (mark?.image === this.focus ? { ...mark, image: 0 } : null);
    if (other) drawPictures(this.canvas.known, bring(other, Math.min(step, other.have)), size, { ...marks, ring: null });
    else {
      const beside = trace.maps ? this.thought() : n > 1 ? pictures[this.focus] : trace.masks.bring(0, step, (t) => this.mask(t));
      drawPictures(this.canvas.known, [beside], size,
        { ...marks, hover: single(this.hover), ring: n > 1 ? single(shown.ring) : null, dots: next.slice(0, 1).map((dot) => ({ ...dot, image: 0 })) });
    }

    // In any order the next pixel is no neighbour of the last one: words that lag behind the dot would be wrong.
    if (!trace.rows && this.playing) this.say({ posterior: words(trace, step, this.focus, heat, shown).posterior });
    const own = shown.image === trace.meta.focus;
    const readable = shown.at <= step && shown.at < trace.have && own;
    const guess = !readable && own && this.hover ? this.guess(this.hover.position) : null;
    drawPosterior(this.canvas.posterior, readable ? trace.row(shown.at) : guess, guess ? NaN : trace.values[shown.at * n + shown.image],
      trace.meta, style, own ? "unknown yet" : shown.image === this.focus ? "" : "click this image to see its posteriors",
      other && shown.at < other.have && other.meta.levels === trace.meta.levels && other.meta.focus === trace.meta.focus ? other.row(shown.at) : null);
    const column = this.hover ? trace.steps[this.hover.position] : null;
    trace.history.draw(this.canvas.history, step, trace.logProbs, this.sequential, size, column, style, trace.rows);
  }

  write() {
    const { trace, step, heat } = this, { n, total } = trace.meta, shown = this.shown();
    this.say({ ...words(trace, step, this.focus, heat, shown), ...this.pairWords(), first: this.firstWords() });
    for (const canvas of [this.canvas.image, this.canvas.known]) {
      const draws = canvas === this.drawable;
      canvas.toggleAttribute("data-draws", draws);
      if (draws) canvas.tabIndex = 0; else canvas.removeAttribute("tabindex");
    }
    this.scrubber.value = step;
    const percent = (x) => `${(100 * x) / total}%`;
    this.scrubber.style.setProperty("--track", `linear-gradient(90deg, var(--now) ${percent(step)}, var(--loaded) ${percent(step)} `
      + `${percent(trace.have)}, var(--line) ${percent(trace.have)})`);
    this.tell({ step, total, loaded: trace.have, playing: this.playing, heat, focus: this.focus, n, speed: this.speed });
    this.root.classList.toggle("playing", this.playing);
    this.press("speed-choice", (speed) => +speed === this.speed);
    this.press("heat-choice", (choice) => choice === heat);
  }

  /** What is said of two side by side. */
  pairWords() {
    const { trace, step, focus, beside: { what, value, trace: other } } = this;
    if (!what) return {};
    const title = what === "model" ? this.page.models.find(([name]) => name === value)[1] : `${what} ${value}`;
    const kind = other?.meta.labels && `class ${other.meta.labels[focus]}`, line = other?.meta.levels === trace.meta.levels ? "blue: its posterior" : "";
    return { "known-title": `beside it: ${title}`, known: [kind, line].filter(Boolean).join(" · "),
      own: costs(trace, step, focus), other: other ? costs(other, step, focus) : "" };
  }

  /** Where the model goes on from a drawing. */
  firstWords() {
    const { begin, size, total } = this.meta, draws = this.root.classList.contains("draws");
    if (!draws || !this.drawable) return draws ? "To draw on it, have one image, or nothing beside it." : "";
    if (!this.trace.known[0]) {
      const keys = matchMedia("(hover: none)").matches ? "" : " Keys: Tab to it, arrows, space.";
      return `Draw on the picture in the blue frame: the model goes on after the last pixel that you draw.${keys}`;
    }
    return begin % total ? `Known: all up to row ${Math.floor((begin - 1) / size)}, column ${(begin - 1) % size}, the last pixel drawn. The rest is the model's.`
      : "The last pixel is drawn: nothing is left to the model.";
  }

  // ---------------------------------------------------------------- hands

  /** The picture that is drawn on, where one is: of sixteen the one looked at. */
  get drawable() {
    if (!this.root.classList.contains("draws")) return null;
    return this.meta.n === 1 ? this.canvas.image : this.beside.what ? null : this.canvas.known;
  }

  /** The drawing as it is now is begun with, and Python is told of it. */
  hand() {
    this.last = null;
    this.fresh = true;
    this.pose();
    this.wake();
    this.send.state("drawing", btoa(String.fromCharCode(...this.board.ink, ...this.board.known)));
  }

  /** The brush without a pointer: arrows move it, space draws a pixel. */
  steer(event) {
    const { size } = this.meta, middle = Math.floor(size / 2), at = this.cursor ?? middle * size + middle;
    const inside = (v) => Math.max(0, Math.min(size - 1, v)), row = Math.floor(at / size), column = at % size;
    const by = (down, right) => () => {
      this.cursor = this.cursor === null ? at : inside(row + down) * size + inside(column + right);
      this.hover = { image: this.focus, position: this.cursor };
      this.wake();
    };
    this.act(event, { ArrowUp: by(-1, 0), ArrowDown: by(1, 0), ArrowLeft: by(0, -1), ArrowRight: by(0, 1), " ": () => {
      this.board.remember();
      this.board.stroke("ink", [column + 0.5, row + 0.5], [column + 0.5, row + 0.5], 1);
      this.hand();
    } });
  }

  stroke(to) {
    this.board.stroke("ink", this.last ?? to, to, Math.max(1, BRUSH * this.board.size));
    this.last = to;
    this.wake();
  }

  get does() {
    return { clear: () => { this.board.clear(); this.hand(); }, start: () => this.move(-Infinity), back: () => this.move(-1), play: () => this.toggle(),
      forward: () => this.move(1), end: () => this.move(Infinity),
      anew: () => this.controls.renew() };
  }

  listen() {
    for (const canvas of [this.canvas.image, this.canvas.known]) this.on(canvas, "keydown", (event) => { if (canvas === this.drawable) this.steer(event); });
    this.on(this.select, "change", () => {
      const [what, value] = this.select.value.split(":"), { temperature = 1, seed = 0 } = this.controls?.values ?? {};
      this.compare(what, what === "temperature" ? (temperature > 1.2 ? 0.7 : 1.5) : what === "seed" ? (seed + 1) % (BESIDE.seed.max + 1) : value);
    });
    this.on(this.number, "input", () => {
      const { what, trace } = this.beside;
      if (this.number.value === "" || !this.number.validity.valid) return;
      this.beside = { what, value: this.number.valueAsNumber, trace };
      this.pose();
    });
    this.on(this.number, "change", () => this.fill(this.beside));
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
      const paired = this.beside.what !== "", cell = cellAt(x, y, this.canvas.known.clientWidth, paired ? this.meta.n : 1, this.meta.size);
      return cell && (paired ? cell : { ...cell, image: this.focus });
    });
    this.point(this.canvas.history, (x) => {
      const { left, right } = edge(this.style.scale), part = (x - left) / (this.canvas.history.clientWidth - left - right);
      return part < 0 || part >= 1 ? null : { image: this.focus, position: this.trace.places[Math.floor(part * this.meta.total)] };
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
    const place = (event) => this.part(event, canvas).map((v) => v * this.meta.size);
    this.pointer(canvas, { hover: (event) => hover(this.last ? null : at(event)), leave: () => hover(null),
      grasp: (event) => { if (canvas !== this.drawable) return false; this.board.remember(); this.stroke(place(event)); },
      drag: (event) => this.stroke(place(event)), drop: () => this.hand() });
    this.on(canvas, "pointercancel", () => hover(null));
    this.on(canvas, "click", (event) => {
      const cell = at(event);
      if (!cell || canvas === this.drawable) return;
      if (cell.image !== this.focus) {
        this.focus = cell.image;
        this.pose();
        this.send.state("focus", cell.image);
      } else {
        this.playing = false;
        if (!this.choose(cell.position)) this.go(this.trace.steps[cell.position]);
      }
      this.wake();
    });
  }

  key(event) {
    if (event.target.closest?.(".beside, select")) return;
    const { size } = this.meta, { back, forward, start, end, play } = this.does;
    this.act(event, { ArrowLeft: back, ArrowRight: forward, ArrowUp: () => this.move(-size), ArrowDown: () => this.move(size),
      Home: start, End: end, " ": play });
  }
}

export default component(".player", (host) => new Player(host));
