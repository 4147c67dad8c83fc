// A part of a sequence is given by hand; a model writes the rest, often, so that one sees what may come.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";
import { Controls } from "../../browser/controls.js";
import { decimal, disc, download, sheet, surface } from "../../browser/screen.js";
import { Plane } from "../writer/plane.js";
import { SHARES, fan, quantiles } from "./fan.js";
import { Given } from "./given.js";
import { foresight } from "./words.js";

const N = 48, LINES = 12;  // continuations in the bands, and as lines
const SURPRISED = 8;  // bits: a given value that costs as much is as red as can be

class Sketch extends Canvas {
  given = new Given([]);
  tool = "draw";
  /** @type {Plane | null} */
  plane = null;
  /** @type {Controls | null} */
  controls = null;
  /** Where the pencil is, while it is down.
   * @type {{ t: number, level: number } | null} */
  last = null;
  hover = -1;
  cursor = -1;
  /** The newest answer: its words and arrays, what it was given, and its quantiles.
   * @type {any} */
  made = null;

  constructor(host) {
    super(host);
    const { plane } = this.canvas;
    for (const button of this.all("[data-tool]")) this.on(button, "click", () => { this.tool = button.dataset.tool; this.wake(); });
    this.pointer(plane, {
      hover: (event) => this.point(this.plane.holds(this.spot(event)[0]) ? this.at(event).t : -1),
      leave: () => this.point(-1),
      grasp: (event) => {
        if (this.spot(event)[1] > this.plane.bottom + 4) return false;
        this.given.remember();
        this.move(this.at(event), this.at(event));
      },
      drag: (event) => this.move(this.last, this.at(event)),
      drop: () => { this.last = null; this.hand(); },
    });
    this.on(plane, "keydown", (event) => this.steer(event));
    this.on(plane, "blur", () => { this.cursor = -1; this.wake(); });
  }

  // ---------------------------------------------------------------- data

  receive({ meta }) {
    const before = this.meta, other = before?.length !== meta.length || before?.dataset !== meta.dataset;
    this.meta = meta;
    this.connect(meta);
    this.controls ??= new Controls(this, meta.controls, () => this.pose());
    if (other) {
      Object.assign(this, { plane: new Plane(meta), made: null, given: new Given(meta.given) });
      this.offer();
    }
    this.pose();
  }

  offer() {
    this.find(".presets").replaceChildren(...Object.entries(this.meta.presets).map(([name, values]) => Object.assign(document.createElement("button"),
      { type: "button", textContent: name, title: `give this: ${name}`, onclick: () => { this.given.load(values); this.hand(); } })));
  }

  /** Asks how it goes on, while a hand draws too. */
  pose() {
    const { meta: { source }, given } = this, known = [...given.values], question = { name: "written", source, n: N, known, ...this.controls.values };
    this.follow(question, (words, arrays) => {
      this.made = { ...words, ...arrays, known, bands: fan(arrays.values.data, N, words.length), identity: JSON.stringify(question) };
      this.wake();
    });
    this.wake();
  }

  /** What is given stays, and Python is told of it. */
  hand() {
    this.pose();
    this.send.state("given", this.given.text);
  }

  get carried() {
    const [found] = Object.values(this.meta.presets), { text } = this.given;
    return { given: text === new Given(found).text ? null : text };
  }

  // ---------------------------------------------------------------- drawing

  /** The place at which the continuations are counted: where a hand is, or the last one that is left to the model. */
  get place() {
    const last = this.given.values.lastIndexOf(null), rest = last < 0 ? this.meta.length - 1 : last;
    return this.hover >= 0 ? this.hover : this.cursor >= 0 ? this.cursor : rest;
  }

  /** Levels of all continuations at a place. */
  levelsAt(t) { return Array.from({ length: N }, (_, k) => this.made.values.data[k * this.meta.length + t]); }

  /** Mean surprise of a given value in bits, over the continuations: before the first unknown place it is the same in all. */
  surprise(t) {
    let sum = 0;
    for (let k = 0; k < N; k++) sum += this.made.surprise.data[k * this.meta.length + t];
    return sum / N / Math.LN2;
  }

  draw() {
    const { plane, style, rem, made, meta: { length } } = this, { context, width, height } = surface(this.canvas.plane);
    context.clearRect(0, 0, width, height);
    if (width < 5 * rem) return;
    plane.fit(width, height, rem);
    plane.ground(context, 0, style);
    plane.frame(context, this.place, style.quiet, style.paper);
    if (made) this.continuations(context);
    Object.assign(context, { strokeStyle: style.data, lineWidth: 0.14 * rem, lineJoin: "round" });
    plane.line(context, this.given.values);
    this.given.values.forEach((level, t) => { if (level !== null) disc(context, plane.x(t), plane.y(level), Math.min(0.32 * plane.wide, 0.28 * rem), style.data, style.paper, 0.1 * rem); });
    plane.cells(context, length, (t) => (made && made.known[t] !== null ? this.surprise(t) / SURPRISED : 0), style.now, "bits", style);
    if (made) this.tally();
  }

  continuations(context) {
    const { plane, style, rem, made: { values: { data }, bands }, meta: { length } } = this, [low, first, middle, third, high] = bands;
    context.fillStyle = style.model;
    for (const [from, to, alpha] of /** @type {[number[], number[], number][]} */ ([[low, high, 0.16], [first, third, 0.26]])) {
      context.globalAlpha = alpha;
      plane.band(context, from, to, 0, length - 1);
    }
    Object.assign(context, { strokeStyle: style.model, lineWidth: 0.07 * rem, globalAlpha: 0.7, lineJoin: "round" });
    for (let k = 0; k < LINES; k++) plane.line(context, data.subarray(k * length, (k + 1) * length));
    Object.assign(context, { globalAlpha: 1, lineWidth: 0.16 * rem });
    context.setLineDash([0.4 * rem, 0.25 * rem]);
    plane.line(context, middle);
    context.setLineDash([]);
  }

  /** How many continuations have each level at the place that is looked at. */
  tally() {
    const { context, width, height } = surface(this.canvas.counts), { plane, style, rem, place } = this, levels = this.levelsAt(place), counts = new Map();
    for (const level of levels) counts.set(level, (counts.get(level) ?? 0) + 1);
    const most = Math.max(...counts.values()), [low, , middle, , high] = quantiles(levels);
    context.clearRect(0, 0, width, height);
    context.fillStyle = style.wash;
    context.fillRect(0, plane.top, width, plane.h);
    context.fillStyle = style.model;
    const bar = Math.max(1, plane.high - (plane.high > 5 ? 1 : 0));
    for (const [level, count] of counts) context.fillRect(0, plane.y(level) - bar / 2, (0.92 * width * count) / most, bar);
    Object.assign(context, { strokeStyle: style.ink, lineWidth: 0.08 * rem });
    context.strokeRect(width - 0.4 * rem, plane.y(high), 0.25 * rem, plane.y(low) - plane.y(high));
    context.beginPath();
    context.moveTo(width - 0.6 * rem, plane.y(middle));
    context.lineTo(width, plane.y(middle));
    context.stroke();
    Object.assign(context, { font: `${0.72 * rem}px ${style.font}`, fillStyle: style.quiet, textAlign: "left", textBaseline: "top" });
    context.fillText(`bars to ${most}`, 0, plane.bottom + 0.25 * rem);
  }

  write() {
    const { given, made, meta, place, tool } = this, unknown = given.values.filter((level) => level === null).length;
    this.press("tool", (value) => value === tool);
    this.find('[data-do="undo"]').disabled = !given.past.length;
    this.say({ title: `${meta.length - unknown} of ${meta.length} values given`, counted: `place ${place + 1}` });
    if (!made) return;
    const first = made.known.includes(null) ? made.known.indexOf(null) : made.known.length, shares = quantiles(this.levelsAt(place), SHARES);
    let nats = 0;
    for (let t = 0; t < first; t++) nats += made.surprise.data[t];
    const kept = made.straight.filter(Boolean).length;
    this.say({
      nats: first ? `${decimal(-nats, 1)} nats` : "–", perplexity: first ? decimal(Math.exp(nats / first)) : "–",
      scored: first ? `log p of the first ${first === 1 ? "value" : `${first} values`}${made.temperature === 1 ? "" : `, at temperature ${made.temperature}`}` : "the first value is unknown",
      half: `${shares[1]} – ${shares[3]}`, most: `${shares[0]} – ${shares[4]}`,
      words: `${foresight(made.known, meta.causal)}${meta.dataset === "lines" ? ` ${kept} of the ${N} are two straight pieces within one level.` : ""}`,
    });
    this.tell({ given: given.text, first, nats, kept, place: place + 1, identity: made.identity });
  }

  /** The pictures as a download. */
  save() {
    const { plane, counts } = this.canvas, gap = Math.round(0.03 * plane.width), { canvas, context } = sheet(plane.width + counts.width + 3 * gap, plane.height + 2 * gap, this.style.paper);
    context.drawImage(plane, gap, gap);
    context.drawImage(counts, plane.width + 2 * gap, gap);
    download(canvas, "continuations");
  }

  // ---------------------------------------------------------------- hands

  get does() {
    const { given } = this, then = (act) => () => { act(); this.hand(); };
    return { undo: then(() => given.undo()), clear: then(() => given.clear()), anew: () => this.controls.renew(), save: () => this.save() };
  }

  spot(event) {
    const { plane } = this.canvas, [x, y] = this.part(event, plane);
    return [x * plane.clientWidth, y * plane.clientHeight];
  }

  at(event) {
    const [x, y] = this.spot(event);
    return this.plane.at(x, y);
  }

  point(place) {
    if (place === this.hover) return;
    this.hover = place;
    this.wake();
  }

  move(from, to) {
    this.given.stroke(from, to, this.tool === "unknown");
    this.last = to;
    this.pose();
  }

  key(event) {
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.does.undo();
  }

  /** The pencil without a pointer. */
  steer(event) {
    const { given, meta: { length, levels } } = this, at = this.cursor < 0 ? Math.min(given.first, length - 1) : this.cursor;
    const go = (by) => () => { this.cursor = this.cursor < 0 ? at : Math.max(0, Math.min(length - 1, at + by)); this.wake(); };
    const set = (level) => { given.remember(); this.cursor = at; given.stroke({ t: at, level }, { t: at, level }, level === null); this.hand(); };
    const by = (step) => () => set(Math.max(0, Math.min(levels - 1, (given.values[at] ?? given.values[at - 1] ?? levels / 2) + (given.values[at] === null ? 0 : step))));
    this.act(event, { ArrowLeft: go(-1), ArrowRight: go(1), ArrowUp: by(1), ArrowDown: by(-1), Delete: () => set(null), Backspace: () => set(null) });
  }
}

export default component(".sketch", (host) => new Sketch(host));
