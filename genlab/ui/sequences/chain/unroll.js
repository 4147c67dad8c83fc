// The chain rule step by step: a posterior for each place, their product, and the joint table from which they come.
import { Canvas } from "../../browser/canvas.js";
import { decimal, surface } from "../../browser/screen.js";
import { C, CELLS, T, TABLES, holds, invert, placesOf, posterior, table, uniforms, weigh } from "./rules.js";

const BRUSH = [0, 1, 2, 4, 9], ROWS = 9, COLUMNS = CELLS / ROWS;  // x₁ x₂ down, x₃ x₄ x₅ across
const BELOW = "₁₂₃₄₅";

export class UnrollView extends Canvas {
  of = "neighbours alike";
  weights = table(this.of);
  /** @type {number[]} values drawn so far */
  drawn = [];
  /** @type {(number | null)[]} the uniform number of each, null where it was chosen by hand */
  by = [];
  brush = 9;
  seed = 0;
  cell = 0;
  hover = -1;

  receive({ meta }) {
    const first = !this.meta;
    this.meta = meta;
    if (!first) return;
    const name = this.link("table"), cells = this.link("weights"), x = this.link("x");
    if (name && name in TABLES) { this.of = name; this.weights = table(name); }
    if (cells && new RegExp(`^[0-9]{${CELLS}}$`).test(cells) && /[1-9]/.test(cells)) { this.of = ""; this.weights = [...cells].map(Number); }
    if (x && new RegExp(`^[1-${C}]{1,${T}}$`).test(x)) { this.drawn = [...x].map(Number); this.by = this.drawn.map(() => null); }
    this.build();
    this.show();
  }

  get carried() {
    return { table: this.of && this.of !== "neighbours alike" ? this.of : null, weights: this.of ? null : this.weights.join(""), x: this.drawn.join("") || null };
  }

  get does() {
    return { back: () => { this.drawn.pop(); this.by.pop(); this.show(); }, anew: () => { this.drawn = []; this.by = []; this.seed++; this.show(); },
      draw: () => this.draws() };
  }

  /** What is known before place t. */
  before(t) { return new Map(this.drawn.slice(0, t).map((v, s) => [s, v])); }

  draws() {
    const t = this.drawn.length, p = t < T && posterior(this.weights, this.before(t), t);
    if (!p) return;
    const numbers = uniforms(this.seed), u = Array.from({ length: t + 1 }, numbers)[t];
    this.take(invert(p, u) + 1, u);
  }

  take(value, u) {
    this.drawn.push(value);
    this.by.push(u);
    this.show();
  }

  build() {
    this.steps = Array.from({ length: T }, (_, t) => {
      const node = document.createElement("figure"), head = document.createElement("figcaption"), bars = document.createElement("div"), foot = document.createElement("small");
      const values = Array.from({ length: C }, (_, k) => {
        const bar = Object.assign(document.createElement("button"), { type: "button", innerHTML: `<i></i><span>${k + 1}</span><b></b>` });
        bar.onclick = () => { if (this.drawn.length === t) this.take(k + 1, null); };
        return bar;
      });
      bars.append(...values);
      node.append(head, bars, foot);
      return { node, head, values, foot };
    });
    this.find(".steps").replaceChildren(...this.steps.map(({ node }) => node));
    this.find(".brush").replaceChildren(...BRUSH.map((weight) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: String(weight) });
      button.onclick = () => { this.brush = weight; this.show(); };
      return button;
    }));
    this.find("[data-presets]").replaceChildren(...Object.keys(TABLES).map((name) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
      button.onclick = () => { this.of = name; this.weights = table(name); this.show(); };
      return button;
    }));
    const at = (event) => {
      const [x, y] = this.part(event, this.canvas.table), column = Math.floor(x * COLUMNS), row = Math.floor(y * ROWS);
      return column >= 0 && column < COLUMNS && row >= 0 && row < ROWS ? row * COLUMNS + column : -1;
    };
    const paint = (event) => { const cell = at(event); if (cell >= 0) this.paint(cell, this.brush); };
    this.pointer(this.canvas.table, { hover: (event) => { this.hover = at(event); this.wake(); }, leave: () => { this.hover = -1; this.wake(); }, grasp: paint, drag: paint });
  }

  /** Gives a sequence another weight; the last one that is not 0 stays. */
  paint(cell, weight) {
    if (this.weights[cell] === weight || (!weight && weigh(this.weights) === this.weights[cell])) return;
    this.weights = this.weights.with(cell, weight);
    this.of = "";
    this.show();
  }

  key(event) {
    if (event.target !== this.canvas.table) { this.act(event, { ArrowRight: () => this.draws(), " ": () => this.draws(), ArrowLeft: this.drawn.length > 0 && this.does.back }); return; }
    const go = (by) => () => { this.cell = (this.cell + by + CELLS) % CELLS; this.hover = this.cell; this.wake(); };
    const set = Object.fromEntries(Array.from({ length: 10 }, (_, w) => [String(w), () => this.paint(this.cell, w)]));
    this.act(event, { ArrowRight: go(1), ArrowLeft: go(-1), ArrowDown: go(COLUMNS), ArrowUp: go(-COLUMNS), ...set });
  }

  show() {
    const { weights, drawn } = this, all = weigh(weights), here = drawn.length, factors = [];
    this.steps.forEach(({ node, head, values, foot }, t) => {
      const p = t <= here ? posterior(weights, this.before(t), t) : null, given = t ? ` | x${BELOW[0]}${t > 1 ? ` … x${BELOW[t - 1]}` : ""}` : "";
      head.textContent = `P(X${BELOW[t]}${given})`;
      node.className = t < here ? "past" : t === here ? "now" : "later";
      values.forEach((bar, k) => {
        const [level, , number] = /** @type {any} */ (bar.children);
        level.style.height = `${100 * (p?.[k] ?? 0)}%`;
        number.textContent = p ? decimal(p[k], 2) : "";
        bar.disabled = t !== here || !p?.[k];
        bar.classList.toggle("drawn", drawn[t] === k + 1);
      });
      const u = this.by[t];
      foot.textContent = t >= here ? "" : u === null ? `x${BELOW[t]} = ${drawn[t]}, chosen` : `u = ${decimal(u, 3)} → x${BELOW[t]} = ${drawn[t]}`;
      if (t < here) factors.push(p?.[drawn[t] - 1] ?? 0);
    });
    const product = factors.reduce((a, b) => a * b, 1), written = factors.map((f) => decimal(f, 3)).join(" · ");
    const cell = here === T ? Array.from({ length: CELLS }, (_, c) => c).find((c) => holds(this.before(T), c)) : -1;
    this.say({
      next: here === T ? "The sequence is whole." : `Or click a bar: choose x${BELOW[here]} yourself.`,
      product: !here ? "The product of no factors is 1: nothing has been said yet."
        : `${written} = ${decimal(product, 4)}, log p = ${decimal(Math.log(product), 3)} nats${here === T ? `. In the table: weight ${weights[cell]} of ${all} in all, ${decimal(weights[cell] / all, 4)}: the same` : ""}.`,
      table: `Weights, of which each posterior above is made: rows x₁ x₂, columns x₃ x₄ x₅, divided by their sum ${all}. Framed: the sequences that agree with what is drawn, ${decimal(weigh(weights, this.before(here)) / all, 3)} of the probability; all of them together 1.`,
    });
    for (const button of this.all(".brush button")) button.setAttribute("aria-pressed", String(+button.textContent === this.brush));
    for (const button of this.all("[data-presets] button")) button.setAttribute("aria-pressed", String(button.textContent === this.of));
    this.find('[data-do="draw"]').disabled = here === T;
    this.find('[data-do="back"]').disabled = !here;
    this.tell({ x: drawn.join(""), p: product });
    this.wake();
  }

  draw() {
    const { context, width, height } = surface(this.canvas.table), w = width / COLUMNS, h = height / ROWS, { weights, style, hover } = this;
    const known = this.before(this.drawn.length);
    context.clearRect(0, 0, width, height);
    weights.forEach((weight, cell) => {
      const x = (cell % COLUMNS) * w, y = Math.floor(cell / COLUMNS) * h;
      context.globalAlpha = weight / 9;
      context.fillStyle = style.model;
      context.fillRect(x, y, w, h);
      context.globalAlpha = 1;
      if (this.drawn.length && holds(known, cell)) { context.strokeStyle = style.now; context.strokeRect(x + 1, y + 1, w - 2, h - 2); }
    });
    context.strokeStyle = style.line;
    context.beginPath();
    for (let i = 0; i <= COLUMNS; i += C) { context.moveTo(i * w, 0); context.lineTo(i * w, height); }
    for (let i = 0; i <= ROWS; i += C) { context.moveTo(0, i * h); context.lineTo(width, i * h); }
    context.stroke();
    if (hover >= 0) { context.strokeStyle = style.ink; context.strokeRect((hover % COLUMNS) * w + 0.5, Math.floor(hover / COLUMNS) * h + 0.5, w - 1, h - 1); }
    this.say({ reading: hover < 0 ? "Click or drag to paint weights with the chosen one." : `x = ${placesOf(hover).join(" ")}: weight ${weights[hover]}, p = ${decimal(weights[hover] / weigh(weights), 4)}` });
  }
}
