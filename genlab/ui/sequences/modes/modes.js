// A future with branches: what a model expects that has a probability for each level, and one that has a mean and a deviation.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";
import { decimal, surface } from "../../browser/screen.js";

const FLOOR = 12;  // nats below which a probability is drawn as nothing
const BESIDE = 0.3;  // of the width: the posterior that is looked at

/** A fork: a height that is left by a jump. `at` counts from 1. */
export const fork = (length, height, jump, at) => Array.from({ length }, (_, t) => height + (t + 1 >= at ? jump : 0));

const sum = (values) => values.reduce((all, value) => all + value, 0);

class Modes extends Canvas {
  up = 1;
  at = 32;
  height = 31;
  place = 32;
  /** Answers by panel: log p (T × levels), bits and means.
   * @type {Record<string, any>} */
  seen = {};

  constructor(host) {
    super(host);
    /** @type {Record<string, HTMLInputElement>} */
    this.sliders = Object.fromEntries(this.all("input").map((input) => [input.name, input]));
    for (const [name, input] of Object.entries(this.sliders)) this.on(input, "input", () => this.set({ [name]: +input.value }));
    for (const button of this.all("[data-up]")) this.on(button, "click", () => this.set({ up: +button.dataset.up }));
    for (const node of Object.values(this.canvas)) this.pointer(node, { grasp: (event) => this.aim(event, node), drag: (event) => this.aim(event, node) });
  }

  get levels() { return 2 * this.meta.length; }

  receive({ meta }) {
    const first = !this.meta;
    this.meta = meta;
    this.connect(meta);
    const { at, height, place } = this.sliders, { length, jump } = meta;
    Object.assign(at, { max: length });
    Object.assign(place, { max: length });
    Object.assign(height, { min: jump, max: 2 * length - jump - 1 });
    if (first) {
      const brought = (this.link("fork") ?? "").split(",").map(Number), fits = (value, { min, max }) => Number.isInteger(value) && value >= +min && value <= +max;
      const [a, h, p, up] = brought;
      if (fits(a, at) && fits(h, height) && fits(p, place) && Math.abs(up) === 1) Object.assign(this, { at: a, height: h, place: p, up });
    }
    this.set({});
  }

  get carried() {
    const fork = [this.at, this.height, this.place, this.up].join();
    return { fork: fork === "32,31,32,1" ? null : fork };
  }

  set(changes) {
    Object.assign(this, changes);
    const { meta: { length, jump, models }, at, height, place, up } = this;
    this.press("up", (value) => +value === up);
    for (const [name, input] of Object.entries(this.sliders)) {
      input.value = String(this[name]);
      input.style.setProperty("--done", `${(100 * (this[name] - +input.min)) / (+input.max - +input.min)}%`);
    }
    this.say({ at: String(at), height: String(height), place: String(place) });
    this.sequence = fork(length, height, up * jump, at);
    Object.values(models).forEach((source, k) => {
      const panel = k ? "second" : "first", { sequence } = this;
      this.follow({ name: "posteriors", source, sequence }, (words, { log_probs: { data } }) => {
        this.seen[panel] = { ...words, data, sequence };
        this.wake();
      }, panel);
    });
    this.wake();
  }

  key(event) {
    const { place, meta: { length } } = this, to = (t) => () => this.set({ place: Math.max(1, Math.min(length, t)) });
    this.act(event, { ArrowLeft: to(place - 1), ArrowRight: to(place + 1), Home: to(1), End: to(length) });
  }

  aim(event, node) {
    const t = Math.floor((this.part(event, node)[0] / (1 - BESIDE)) * this.meta.length) + 1;
    if (t >= 1 && t <= this.meta.length) this.set({ place: t });
  }

  write() {
    const { seen: { first, second }, place, sequence } = this;
    if (!first || !second) return;
    const t = place - 1, p = (panel) => Math.exp(panel.data[t * this.levels + sequence[t]]), mean = (panel) => decimal(panel.mean[t], 1);
    const at = (panel) => Math.exp(panel.data[t * this.levels + Math.round(panel.mean[t])]);
    this.say({ first: `${decimal(sum(first.bits), 1)} bits for all ${sequence.length} values`, second: `${decimal(sum(second.bits), 1)} bits for all ${sequence.length} values` });
    this.phrase(this.said.words, `At place ${place} comes level ${sequence[t]}: it has probability **${decimal(p(first), 3)}** (${decimal(first.bits[t], 2)} bits) among categories, ` +
      `**${decimal(p(second), 3)}** (${decimal(second.bits[t], 2)} bits) under the Gaussian. The categories’ mean is ${mean(first)}, a level to which they give ${decimal(at(first), 3)}; ` +
      `the Gaussian’s is ${mean(second)}, and it is most sure there, with ${decimal(at(second), 3)}. ${place >= this.at && place > 1 && place === this.at ? "Here it jumps." : ""}`);
    this.tell({ place, bits: [first, second].map((panel) => panel.bits[t]).join(), mean: [first, second].map((panel) => panel.mean[t]).join() });
  }

  draw() {
    for (const [panel, node] of Object.entries(this.canvas)) if (this.seen[panel]) this.paint(node, this.seen[panel]);
  }

  paint(node, { data, mean, sequence }) {
    const { context, width, height } = surface(node), { style, rem, levels, place } = this, { length } = this.meta;
    const wide = ((1 - BESIDE) * width - 0.6 * rem) / length, high = height / levels, y = (level) => height - (level + 1) * high;
    context.clearRect(0, 0, width, height);
    for (let t = 0; t < length; t++) for (let level = 0; level < levels; level++) {
      const shade = Math.max(0, Math.round(255 * (1 + Math.max(-FLOOR, data[t * levels + level]) / FLOOR)));
      context.fillStyle = `rgb(${this.sequential[shade].join(" ")})`;
      context.fillRect(t * wide, y(level), wide + 0.5, high + 0.5);
    }
    Object.assign(context, { strokeStyle: style.model, fillStyle: style.model, lineWidth: 0.12 * rem });
    context.beginPath();
    sequence.forEach((level, t) => context.lineTo((t + 0.5) * wide, y(level) + high / 2));
    context.stroke();
    Object.assign(context, { strokeStyle: style.now, lineWidth: 0.1 * rem });
    context.strokeRect((place - 1) * wide, 1, wide, height - 2);
    // The posterior at the place, on the same axis of levels.
    const left = (1 - BESIDE) * width, room = BESIDE * width - 0.2 * rem, t = place - 1;
    const p = Array.from({ length: levels }, (_, level) => Math.exp(data[t * levels + level])), top = Math.max(...p);
    p.forEach((value, level) => {
      context.fillStyle = level === sequence[t] ? style.now : style.data;
      context.fillRect(left, y(level) + 0.1 * high, (value / top) * room, Math.max(1, 0.8 * high));
    });
    const middle = y(mean[t]) + high / 2;
    Object.assign(context, { strokeStyle: style.ink, fillStyle: style.ink, lineWidth: 1, font: `${0.75 * rem}px ${style.font}`, textAlign: "right", textBaseline: "bottom" });
    context.setLineDash([4, 3]);
    context.beginPath();
    context.moveTo(left, middle);
    context.lineTo(width, middle);
    context.stroke();
    context.setLineDash([]);
    context.fillText(`mean ${decimal(mean[t], 1)}`, width - 2, middle - 2);
    Object.assign(context, { textBaseline: "top", fillStyle: style.quiet });
    context.fillText(`p up to ${decimal(top, 2)}`, width - 2, 2);
  }
}

export default component(".modes", (host) => new Modes(host));
