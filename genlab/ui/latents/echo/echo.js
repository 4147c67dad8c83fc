// A drawing that goes through encoder and decoder: what comes back, and what that costs.
import { Board } from "../../browser/board.js";
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";
import { ink } from "../../browser/images.js";
import { decimal, surface } from "../../browser/screen.js";
import { bars } from "../cloud.js";

const DRAWN = 8;
const TYPICAL = [0.05, 0.95];  // of test images, between which nothing is remarkable

class Echo extends Canvas {
  board = new Board();
  /** @type {string | null} */
  version = null;
  tool = "ink";
  width = 2.5;
  /** Where the brush is, while it is down.
   * @type {number[] | null} */
  last = null;
  /** @type {number[] | null} */
  hover = null;
  /** @type {number[] | null} */
  cursor = null;
  /** @type {Record<string, any>} */
  arrays = {};
  /** What became of the drawing.
   * @type {any} */
  heard = null;
  small = document.createElement("canvas");

  constructor(host) {
    super(host);
    this.drawn = this.find(".e-drawn");
    this.drawn.append(...Array.from({ length: DRAWN }, () => document.createElement("canvas")));
    this.listen();
  }

  // ---------------------------------------------------------------- data

  receive({ meta, ...arrays }) {
    const { board } = this, before = this.meta;
    Object.assign(this, { meta, arrays });
    this.connect(meta);
    board.levels = meta.levels;
    if (meta.version !== this.version) {
      this.version = meta.version;
      if (before?.size !== meta.size) this.width = Math.max(1, (2.5 * meta.size) / 28);
      board.load(meta.size, arrays.ink.data, arrays.known.data);
    }
    this.dress();
    this.examples();
    this.root.classList.add("ready");
    this.address();
    this.pose();
    this.draw();
  }

  /** Asks what becomes of the drawing as it is: while the brush moves, too. */
  pose() {
    const { board, meta: { source } } = this, drawing = board.text();
    this.follow({ name: "latent_reconstructed", source, drawing }, (said, arrays) => {
      this.heard = { ...said, ...arrays };
      this.draw();
    });
  }

  /** The drawing goes into the address without an entry in the history. */
  address() {
    const url = new URL(window.location.href), { link } = this.meta;
    if (!link || url.searchParams.get("drawing") === link) return;
    url.searchParams.set("drawing", link);
    window.history.replaceState(window.history.state, "", url);
  }

  hand() {
    this.paper();
    this.pose();
    this.send.state("drawing", this.board.text());
  }

  // ---------------------------------------------------------------- pictures

  draw() {
    this.paper();
    this.results();
  }

  /** What the model is given, as ink. */
  given() {
    const { board, meta } = this, total = meta.size ** 2, values = new Float32Array(total);
    for (let t = 0; t < total; t++) values[t] = ((board.level(t) ?? 0) * 255) / (meta.levels - 1);
    return values;
  }

  paper() {
    const { board, meta } = this, { context, width } = surface(this.canvas.paper), cell = width / meta.size;
    const { small } = this;
    ink(small, meta.size, this.given(), 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, width, width);
    const at = this.hover ?? this.cursor;
    if (at) {
      Object.assign(context, { lineWidth: 1.5, strokeStyle: this.tool === "ink" ? "#000" : this.style.now });
      context.beginPath();
      context.arc(at[0] * cell, at[1] * cell, Math.max((this.width / 2) * cell, 3), 0, 7);
      context.stroke();
    }
    this.press("tool-choice", (tool) => tool === this.tool);
    this.find('[data-do="undo"]').disabled = !board.history.length;
    this.find('[data-do="size"]').value = this.width;
    this.say({ whose: meta.link || board.history.length ? "your drawing" : "an example: draw on it" });
    this.tell({ ink: board.ink.reduce((sum, v) => sum + v, 0) });
  }

  examples() {
    const { meta, arrays, board } = this, total = meta.size ** 2, names = String(meta.names);
    if (this.find(".examples").dataset.of === `${meta.size} ${meta.levels} ${names}`) return;
    this.find(".examples").dataset.of = `${meta.size} ${meta.levels} ${names}`;
    this.find(".examples").replaceChildren(...meta.names.map((name, k) => {
      const button = document.createElement("button"), canvas = document.createElement("canvas");
      const values = arrays.examples.data.slice(k * total, (k + 1) * total);
      Object.assign(button, { type: "button", title: name, ariaLabel: `example: ${name}` });
      ink(canvas, meta.size, values.map((v) => (Math.floor((v * meta.levels) / 256) * 255) / (meta.levels - 1)), 0);
      button.append(canvas);
      button.onclick = () => {
        board.load(meta.size, values, new Uint8Array(total).fill(1));
        this.hand();
      };
      return button;
    }));
  }

  results() {
    const { heard, meta, drawn, style } = this;
    if (!heard) return;
    const { size } = meta, others = [...heard.others.data].sort((a, b) => a - b), cost = -heard.elbo;
    ink(this.canvas.mean, size, heard.mean.data, 0);
    [...drawn.children].forEach((cell, k) => ink(cell, size, heard.drawn.data, k * size * size));
    const share = others.filter((other) => other < cost).length / others.length, [low, high] = TYPICAL;
    const verdict = share > high ? "The model has hardly seen the like: what comes back is the nearest thing that it can draw."
      : share < low ? "Easier than nearly all test images: little ink, or a very regular shape." : `It costs more than ${Math.round(100 * share)} % of the test images.`;
    const dims = heard.kl.data.length, [one, two] = [heard.kl.data.indexOf(Math.max(...heard.kl.data)), [...heard.kl.data].filter((v) => v > 0.01).length];
    this.say({ reconstruction: `${decimal(-heard.reconstruction, 1)} nats`, divergence: `${decimal(heard.divergence, 1)} nats`, elbo: `${decimal(cost, 1)} nats`, verdict,
      most: meta.prior ? "" : `most in z${one + 1}; ${two} of ${dims} in use` });
    this.find(".e-kl").hidden = meta.prior;
    this.bounds(Object.entries(heard.bounds).map(([k, v]) => [k, -v]));
    this.among(others, cost);
    const { context, width, height } = surface(this.canvas.kl);
    context.clearRect(0, 0, width, height);
    if (!meta.prior) bars(context, [...heard.kl.data], { left: 0, top: 2, width, height: height - 4 }, style);
    this.tell({ elbo: cost.toFixed(2), share: share.toFixed(2) });
  }

  bounds(rows) {
    const { context, width, height } = surface(this.canvas.bounds), { style, rem } = this, values = rows.map(([, v]) => v);
    const low = Math.min(...values), span = Math.max(values[0] - low, 0.5), x = (k) => 3 * rem + (k / (rows.length - 1)) * (width - 6 * rem), y = (v) => 1.5 * rem + ((low + span - v) / span) * (height - 3.4 * rem);
    context.clearRect(0, 0, width, height);
    Object.assign(context, { strokeStyle: style.noise, lineWidth: 2, font: `${0.75 * rem}px ${style.font}`, textAlign: "center" });
    context.beginPath();
    rows.forEach(([, v], k) => context.lineTo(x(k), y(v)));
    context.stroke();
    rows.forEach(([k, v], i) => {
      context.fillStyle = style.noise; context.beginPath(); context.arc(x(i), y(v), 3.5, 0, 7); context.fill();
      context.fillStyle = style.ink; context.textBaseline = "bottom"; context.fillText(decimal(v, 2), x(i), y(v) - 5);
      context.fillStyle = style.quiet; context.textBaseline = "bottom"; context.fillText(k === "1" ? "1 draw" : k, x(i), height);
    });
  }

  /** Where the drawing stands among test images. */
  among(others, cost) {
    const { context, width, height } = surface(this.canvas.others), { style, rem } = this, top = Math.max(others.at(-1), cost), low = Math.min(others[0], cost);
    const x = (v) => 8 + ((v - low) / (top - low || 1)) * (width - 16), foot = height - 1.3 * rem, at = Math.min(Math.max(x(cost), 4 * rem), width - 4 * rem);
    context.clearRect(0, 0, width, height);
    context.fillStyle = style.data;
    context.globalAlpha = 0.35;
    for (const other of others) context.fillRect(x(other) - 1, foot - 1.1 * rem, 2, 1.1 * rem);
    context.globalAlpha = 1;
    context.fillStyle = style.now;
    context.fillRect(x(cost) - 1.5, foot - 1.4 * rem, 3, 1.4 * rem);
    Object.assign(context, { font: `600 ${0.75 * rem}px ${style.font}`, textAlign: "center", textBaseline: "bottom" });
    context.fillText(`yours ${decimal(cost, 0)}`, at, foot - 1.45 * rem);
    Object.assign(context, { font: `${0.75 * rem}px ${style.font}`, fillStyle: style.quiet, textAlign: "left" });
    context.fillText(decimal(low, 0), 0, height);
    context.textAlign = "right";
    context.fillText(decimal(top, 0), width, height);
  }

  // ---------------------------------------------------------------- hands

  get does() {
    const { board } = this, then = (act) => () => { act(); this.hand(); };
    return { undo: then(() => board.undo()), clear: then(() => board.clear()) };
  }

  listen() {
    const { board } = this, { paper } = this.canvas;
    for (const button of this.all("[data-tool-choice]")) this.on(button, "click", () => { this.tool = button.dataset.toolChoice; this.paper(); });
    this.on(this.find('[data-do="size"]'), "input", (event) => { this.width = +event.target.value; this.paper(); });
    const at = (event) => this.part(event, paper).map((v) => v * board.size);
    const hover = (place) => { this.hover = place; if (!this.last) this.paper(); };
    this.pointer(paper, {
      hover: (event) => hover(event.pointerType === "mouse" || this.last ? at(event) : null),
      leave: () => hover(null),
      grasp: (event) => { board.remember(); this.cursor = null; this.move(at(event), at(event)); },
      drag: (event) => this.move(this.last, at(event)),
      drop: (event) => { this.last = null; if (event.pointerType !== "mouse") this.hover = null; this.hand(); },
    });
    this.on(paper, "blur", () => { this.cursor = null; this.paper(); });
    this.on(paper, "keydown", (event) => this.steer(event));
  }

  move(from, to) {
    this.board.stroke(this.tool, from, to, this.width);
    this.last = to;
    this.paper();
    this.pose();
  }

  key(event) {
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.does.undo();
  }

  /** The brush without a pointer. */
  steer(event) {
    const { size } = this.board, by = (x, y) => () => {
      const from = this.cursor ?? [size / 2, size / 2], move = [x, y];
      this.cursor = from.map((v, k) => Math.max(0.5, Math.min(size - 0.5, Math.floor(v) + 0.5 + (this.cursor ? move[k] : 0))));
      this.paper();
    };
    this.act(event, { ArrowUp: by(0, -1), ArrowDown: by(0, 1), ArrowLeft: by(-1, 0), ArrowRight: by(1, 0), " ": this.cursor && (() => {
      this.board.remember();
      this.board.stroke(this.tool, this.cursor, this.cursor, this.width);
      this.hand();
    }) });
  }
}

export default component(".echo", (host) => new Echo(host));
