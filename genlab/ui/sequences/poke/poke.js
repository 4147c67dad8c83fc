// Causality, seen: which units of a network move with one value, and which ones a prediction needs.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";
import { disc, surface } from "../../browser/screen.js";

const WAYS = ["poke", "needs"], HIDING = ["shift", "mask", "leak"];
const BELOW = "₀₁₂₃₄₅₆₇₈₉";
const FAINT = 0.25;  // of a colour, for what hardly moves: it moves

/** Places of a row where anything moved, from 1. */
const lit = (row) => [...row].flatMap((value, t) => (value > 0 ? [t + 1] : []));

/** The value of a place, as it is written. */
const x = (place) => `x${String(place).replace(/\d/g, (digit) => BELOW[+digit])}`;

/** Places in words, neighbours as a range. */
export function ranges(places) {
  const parts = [];
  for (const t of places) {
    const last = parts.at(-1);
    if (last && last[1] === t - 1) last[1] = t; else parts.push([t, t]);
  }
  return parts.map(([a, b]) => (a === b ? `${a}` : `${a}–${b}`)).join(", ");
}

/** What is seen, in a sentence; **this** is bold. What moved or was needed, by
 *  place, of the input and of the predictions. */
export function sentence(way, place, length, { inputs, outputs }) {
  const many = (n, one) => `${n} ${n === 1 ? one : `${one}s`}`;
  if (way === "poke") {
    const early = outputs.filter((t) => t < place).length, own = outputs.includes(place);
    const moved = `${x(place)} is changed: **${many(outputs.length, "prediction")}** of ${length} move${outputs.length === 1 ? "s" : ""}${outputs.length ? `, at place ${ranges(outputs)}` : ""}. `;
    if (own) return `${moved}**It leaks**: the prediction of ${x(place)} moves with ${x(place)} itself, so it is told what it is to guess. Its loss would fall to 0, and it could write nothing.`;
    return `${moved}${early ? `${early} of them lie before it!` : "None lies before it or at it: the past and the present do not move at all, by exactly 0."}`;
  }
  const sees = `The prediction of ${x(place)} depends on **${many(inputs.length, "value")}**${inputs.length ? `: at place ${ranges(inputs)}` : ""}. `;
  if (inputs.includes(place)) return `${sees}**It leaks**: it sees ${x(place)} itself.`;
  return `${sees}${inputs.length < place - 1 ? `${many(place - 1 - inputs.length, "value")} before it cannot be seen from there.` : place === 1 ? "Nothing comes before it: it is a distribution without a condition." : "That is all of its past."}`;
}

class Poke extends Canvas {
  way = "poke";
  hide = "shift";
  place = 8;
  /** @type {any} */
  seen = null;

  constructor(host) {
    super(host);
    this.slider = this.find("input[type=range]");
    for (const button of this.all("[data-way]")) this.on(button, "click", () => this.look({ way: button.dataset.way }));
    for (const button of this.all("[data-hide]")) this.on(button, "click", () => this.look({ hide: button.dataset.hide }));
    this.on(this.slider, "input", () => this.look({ place: +this.slider.value }));
    this.pointer(this.canvas.grid, { grasp: (event) => this.aim(event), drag: (event) => this.aim(event) });
  }

  receive({ meta }) {
    const first = !this.meta, number = Number(this.link("place")), way = this.link("way"), hide = this.link("hide");
    this.meta = meta;
    this.slider.max = meta.length;
    this.find(".hiding").hidden = !meta.causal;
    if (first) {
      if (Number.isInteger(number) && number >= 1 && number <= meta.length) this.place = number;
      if (way && WAYS.includes(way)) this.way = way;
      if (hide && HIDING.includes(hide)) this.hide = hide;
    }
    if (!meta.causal) this.hide = "shift";
    this.place = Math.min(this.place, meta.length);
    this.connect(meta);
    this.look({});
  }

  get carried() {
    return { place: this.place, way: this.way === "poke" ? null : this.way, hide: this.hide === "shift" ? null : this.hide };
  }

  /** Looks at another place, or otherwise. */
  look(changes) {
    Object.assign(this, changes);
    const { meta, way, hide, place } = this;
    this.press("way", (value) => value === way);
    this.press("hide", (value) => value === hide);
    this.slider.value = String(place);
    this.slider.style.setProperty("--done", `${(100 * (place - 1)) / (meta.length - 1)}%`);
    this.say({ place: String(place) });
    this.follow({ name: way, source: meta.source, place: place - 1, hide }, (words, { moved }) => {
      this.seen = { layers: words.layers, dilations: words.dilations, moved: moved.data, way, hide, place };
      this.wake();
    });
  }

  key(event) {
    const { place, meta: { length } } = this, to = (t) => () => this.look({ place: Math.max(1, Math.min(length, t)) });
    this.act(event, { ArrowLeft: to(place - 1), ArrowRight: to(place + 1), Home: to(1), End: to(length),
      ArrowUp: () => this.look({ way: "needs" }), ArrowDown: () => this.look({ way: "poke" }) });
  }

  /** A hand points at an input, at the bottom, or at a prediction, at the top; between them its place counts. */
  aim(event) {
    const { layers } = this.seen ?? { layers: [] }, [x, y] = this.part(event, this.canvas.grid), { left, right } = this.room();
    const width = this.canvas.grid.clientWidth, t = Math.floor(((x * width - left) / (width - left - right)) * this.meta.length) + 1;
    const row = layers.length ? Math.round((1 - y) * layers.length - 0.5) : 0;
    const way = row <= 0 ? "poke" : row >= layers.length - 1 ? "needs" : this.way;
    this.look({ place: Math.max(1, Math.min(this.meta.length, t)), way });
  }

  room() { return { left: 5.2 * this.rem, right: 0.4 * this.rem }; }

  row(k) { return this.seen.moved.subarray(k * this.meta.length, (k + 1) * this.meta.length); }

  write() {
    if (!this.seen) return;
    const { seen: { layers, way, hide, place } } = this, inputs = lit(this.row(0)), outputs = lit(this.row(layers.length - 1));
    this.phrase(this.said.words, sentence(way, place, this.meta.length, { inputs, outputs }));
    this.tell({ way, hide, place, inputs: inputs.join(), outputs: outputs.join() });
  }

  draw() {
    const { context, width, height } = surface(this.canvas.grid), { rem, style, seen } = this;
    context.clearRect(0, 0, width, height);
    if (!seen) return;
    const { length } = this.meta, { left, right } = this.room(), rows = seen.layers.length, wide = (width - left - right) / length, high = height / rows;
    const x = (t) => left + (t + 0.5) * wide, y = (k) => height - (k + 0.5) * high, radius = Math.min(0.38 * wide, 0.3 * high, 0.6 * rem);
    const strength = (value) => (value ? FAINT + (1 - FAINT) * Math.sqrt(value) : 0), colour = seen.hide === "leak" ? style.now : style.model;
    // Taps between units that both are lit.
    context.strokeStyle = colour;
    context.lineWidth = 0.08 * rem;
    for (let k = 1; k < rows; k++) {
      const one = this.row(k - 1), two = this.row(k), dilation = seen.dilations[k];
      const taps = k === 1 ? (seen.hide === "leak" || rows === 2 ? [0] : [1]) : dilation ? [0, dilation] : [0];
      if (rows === 2) continue;  // a masked network: every prediction has a pass of its own
      for (let t = 0; t < length; t++) for (const tap of taps) {
        if (t < tap || !one[t - tap] || !two[t]) continue;
        context.globalAlpha = 0.5 * strength(Math.min(one[t - tap], two[t]));
        context.beginPath();
        context.moveTo(x(t - tap), y(k - 1));
        context.lineTo(x(t), y(k));
        context.stroke();
      }
    }
    for (let k = 0; k < rows; k++) {
      const row = this.row(k);
      for (let t = 0; t < length; t++) {
        const value = strength(row[t]);
        context.globalAlpha = 1;
        Object.assign(context, { fillStyle: style.wash, strokeStyle: style.line, lineWidth: 1 });
        context.beginPath();
        context.arc(x(t), y(k), radius, 0, 7);
        context.fill();
        context.stroke();
        if (!value) continue;
        context.globalAlpha = value;
        context.fillStyle = colour;
        context.fill();
      }
      const dilation = seen.dilations[k], name = k === 0 ? "values x" : k === rows - 1 ? "predictions" : dilation ? `dilation ${dilation}` : "1 tap";
      Object.assign(context, { globalAlpha: 1, fillStyle: style.quiet, font: `${0.75 * rem}px ${style.font}`, textAlign: "left", textBaseline: "middle" });
      context.fillText(name, 0, y(k));
    }
    const at = seen.place - 1, k = seen.way === "poke" ? 0 : rows - 1;
    disc(context, x(at), y(k), radius, style.data, style.paper);
  }
}

export default component(".poke", (host) => new Poke(host));
