// Images between four images: the manifold of Figure 6 of the paper on Real NVP, with corners that one picks.
import { Board } from "../../browser/board.js";
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";
import { ink } from "../../browser/images.js";
import { decimal, download, sheet, surface } from "../../browser/screen.js";

const SIDE = 9;
const SAMPLES = 16;
const GAP = 1.5;  // around an image of the map
const WHERE = ["top left", "top right", "bottom left", "bottom right"];

class Corners extends Canvas {
  static FRAME = `
    <div class="base corners" role="group" aria-label="Images between four images: arrows move over the map">
      <section class="pictured">
        <header><b>the manifold</b><span data-say="place"></span></header>
        <canvas data-panel="map" tabindex="0" role="img" aria-label="nine times nine images between four corners; arrows move"></canvas>
      </section>
      <section class="pictured c-side">
        <figure>
          <figcaption><b>here</b><span data-say="weights"></span></figcaption>
          <canvas data-panel="here" role="img" aria-label="the image at the pointer"></canvas>
        </figure>
        <div class="c-corners">
          <header><b>corners</b><span>choose one, then an image below</span></header>
          <div class="c-four" role="group" aria-label="corners">${WHERE.map((name, k) => `<button type="button" title="${name}" aria-label="corner: ${name}"><canvas></canvas><i>${k + 1}</i></button>`).join("")}</div>
          <button type="button" class="save" data-do="save" title="save the manifold as PNG">Save picture</button>
        </div>
        <div class="c-strip" role="group" aria-label="images for the corner"></div>
      </section>
    </div>`;

  /** What stands in each corner: s and a number of a sample, or d and one of a drawing.
   * @type {string[]} */
  picked = ["s1", "s4", "s8", "s10"];
  corner = 0;
  /** φ and φ′ as parts of π / 2. */
  at = [0.5, 0.5];
  /** @type {any} */
  sheet = null;
  /** @type {any} */
  answer = null;
  /** @type {any} */
  exact = null;
  board = new Board();
  small = document.createElement("canvas");
  /** What the page said.
   * @type {any} */
  told = null;
  /** Of which it showed the ink.
   * @type {any} */
  drawings = null;
  /** What is asked.
   * @type {any} */
  corners = {};

  constructor(host) {
    super(host, Corners.FRAME);
    this.four = this.all(".c-four button");
    this.four.forEach((button, k) => this.on(button, "click", () => { this.corner = k; this.wake(); }));
    const move = (event) => this.move(this.part(event, this.canvas.map));
    this.pointer(this.canvas.map, { hover: (event) => { if (event.pointerType === "mouse") move(event); }, grasp: move, drag: move });
  }

  receive({ meta, drawings }) {
    const first = !this.told;
    Object.assign(this, { told: meta, drawings });
    this.connect(meta);
    if (first) {
      const corners = (this.link("corners") ?? "").split("."), at = (this.link("between") ?? "").split(".").map((v) => Number(v) / 100);
      if (corners.length === 4 && corners.every((name) => this.exists(name))) this.picked = corners;
      if (at.length === 2 && at.every((v) => v >= 0 && v <= 1)) this.at = at;
    }
    this.picked = this.picked.map((name, k) => (this.exists(name) ? name : `s${k + 1}`));
    this.pose();
  }

  get carried() { return { corners: this.picked.join(".") === "s1.s4.s8.s10" ? null : this.picked.join("."), between: this.at.every((v) => v === 0.5) ? null : this.at.map((v) => Math.round(100 * v)).join(".") }; }

  /** Drawings are named from the end: the visitor's own one comes before the examples, and is not always there. */
  exists(name) {
    const kind = name[0], number = Number(name.slice(1));
    return Number.isInteger(number) && ((kind === "s" && number >= 1 && number <= SAMPLES) || (kind === "d" && number >= 1 && number <= this.drawings.shape[0]));
  }

  /** Ink of a drawing. */
  drawn(name) {
    const [count, height, width] = this.drawings.shape, n = height * width, k = count - Number(name.slice(1));
    return this.drawings.data.subarray(k * n, (k + 1) * n);
  }

  /** The corners as the question names them. */
  get asks() {
    return this.picked.map((name) => {
      if (name[0] === "s") return Number(name.slice(1)) - 1;
      const values = this.drawn(name);
      this.board.load(this.drawings.shape[1], values, new Uint8Array(values.length).fill(1));
      return this.board.text();
    });
  }

  pose() {
    const { noise } = this.told;
    this.corners = { ...noise, corners: this.asks };
    this.ask({ name: "flow_sheet", ...noise }, (_, { sheet }) => { this.sheet = sheet; this.strip(); this.wake(); }, " sheet");
    this.ask({ name: "flow_manifold", ...this.corners }, (meta, { manifold }) => {
      this.answer = manifold;
      this.exact = null;
      this.meta = meta;
      this.wake();
      this.here();
    }, " manifold");
  }

  here() {
    const [right, down] = this.at;
    this.follow({ name: "flow_between", ...this.corners, down, right }, (_, { image }) => { this.exact = { image, at: `${right} ${down}` }; this.wake(); }, " between");
  }

  /** @param {number[]} place */
  move(place) {
    this.at = place.map((v) => Math.max(0, Math.min(1, v)));
    this.wake();
    this.here();
  }

  // ---------------------------------------------------------------- pictures

  /** Ink of what is named: of a sample, or of a drawing as the model is given it. */
  picture(name) {
    const side = this.drawings.shape[1], n = side * side;
    if (name[0] === "s") return this.sheet ? this.sheet.data.subarray((Number(name.slice(1)) - 1) * n, Number(name.slice(1)) * n) : new Uint8Array(n);
    const { levels } = this.told;
    return Float32Array.from(this.drawn(name), (v) => (Math.floor((v * levels) / 256) * 255) / (levels - 1));
  }

  strip() {
    const { names } = this.told, count = this.drawings.shape[0], side = this.drawings.shape[1];
    const all = [...Array.from({ length: count }, (_, k) => [`d${count - k}`, names[k]]), ...Array.from({ length: SAMPLES }, (_, k) => [`s${k + 1}`, `sample ${k + 1}`])];
    this.find(".c-strip").replaceChildren(...all.map(([name, title]) => {
      const button = Object.assign(document.createElement("button"), { type: "button", title, ariaLabel: `into the corner: ${title}` }), canvas = document.createElement("canvas");
      ink(canvas, side, this.picture(name), 0);
      button.append(canvas);
      button.dataset.picked = name;
      button.onclick = () => { this.picked[this.corner] = name; this.wake(); this.pose(); };
      return button;
    }));
  }

  draw() {
    const { answer, at: [right, down], style } = this, side = answer.shape[1], n = side * side;
    const { context, width } = surface(this.canvas.map), cell = width / SIDE, { small } = this;
    context.clearRect(0, 0, width, width);
    context.imageSmoothingEnabled = false;
    for (let k = 0; k < SIDE * SIDE; k++) {
      ink(small, side, answer.data, k * n);
      context.drawImage(small, (k % SIDE) * cell + GAP, Math.floor(k / SIDE) * cell + GAP, cell - 2 * GAP, cell - 2 * GAP);
    }
    const x = cell / 2 + right * (width - cell), y = cell / 2 + down * (width - cell);
    Object.assign(context, { strokeStyle: style.now, lineWidth: 2 });
    context.strokeRect(x - cell / 2, y - cell / 2, cell, cell);
    const near = Math.round(down * (SIDE - 1)) * SIDE + Math.round(right * (SIDE - 1));
    if (this.exact) ink(this.canvas.here, side, this.exact.image.data, 0);
    else ink(this.canvas.here, side, answer.data, near * n);
    this.four.forEach((button, k) => {
      ink(button.firstElementChild, side, this.picture(this.picked[k]), 0);
      const chosen = String(k === this.corner);
      if (button.getAttribute("aria-pressed") !== chosen) button.setAttribute("aria-pressed", chosen);
    });
    this.press("picked", (name) => name === this.picked[this.corner]);
  }

  write() {
    const [right, down] = this.at.map((v) => (v * Math.PI) / 2), squares = [Math.cos(down) * Math.cos(right), Math.cos(down) * Math.sin(right), Math.sin(down) * Math.cos(right), Math.sin(down) * Math.sin(right)];
    this.say({ place: `φ = ${decimal((down * 180) / Math.PI, 0)}°, φ′ = ${decimal((right * 180) / Math.PI, 0)}°`, weights: squares.map((w, k) => `${k + 1}: ${Math.round(100 * w * w)} %`).join("  ") });
    this.tell({ corners: this.picked.join(" "), at: this.at.map((v) => v.toFixed(2)).join(" "), exact: Boolean(this.exact), ready: true });
  }

  save() {
    const { canvas, context } = sheet(720, 720, this.style.paper), side = this.answer.shape[1], small = document.createElement("canvas");
    context.imageSmoothingEnabled = false;
    for (let k = 0; k < SIDE * SIDE; k++) {
      ink(small, side, this.answer.data, k * side * side);
      context.drawImage(small, (k % SIDE) * 80 + 3, Math.floor(k / SIDE) * 80 + 3, 74, 74);
    }
    download(canvas, "manifold");
  }

  get does() { return { save: () => this.save() }; }

  key(event) {
    if (event.target !== this.canvas.map) return;
    const step = event.shiftKey ? 0.01 : 1 / (SIDE - 1), by = (x, y) => () => this.move([this.at[0] + x * step, this.at[1] + y * step]);
    this.act(event, { Home: () => this.move([0, 0]), End: () => this.move([1, 1]), ArrowLeft: by(-1, 0), ArrowRight: by(1, 0), ArrowUp: by(0, -1), ArrowDown: by(0, 1) });
  }
}

export default component(".corners-host", (host) => new Corners(host));
