import { ramp, surface } from "../../browser/screen.js";
import { axes } from "../../browser/axes.js";
import { diverging } from "../../browser/stretch.js";
import { Cells, FLAT, UNIT, decimal, determinant2, glide } from "./plane.js";
import { View } from "./view.js";

const TOUCH = matchMedia("(hover: none)").matches;
const SIDE = 8;  // nodes from the middle to the edge of the square, as a visitor finds it
const STRIDE = 10;  // nodes between two lines of the grid: half a unit
const SHOWN = 2;  // of the plane, in each direction; the samples reach a little farther, for the square at its edge
const OCTAVES = 2;  // |det J| from ¼ to 4

export class CurvedView extends View {
  /** The map in images and Jacobians of nodes, and what of it is on view.
   * @typedef {{ images: Float32Array, jacobians: Float32Array }} Sampled
   * @type {Sampled | null} */
  target = null;
  /** @type {Sampled | null} */
  now = null;
  nodes = 0;
  edge = 1;
  timer = 0;

  receive(data) {
    const from = this.now;
    Object.assign(this, { target: { images: data.images.data, jacobians: data.jacobians.data }, nodes: data.images.shape[0], edge: data.meta.edge });
    const changed = this.meta?.map !== data.meta.map;
    super.receive(data);
    if (!changed) return;
    const begin = from ?? this.still();
    this.stop();
    this.stop = glide(from ? 400 : 1100, (t) => {
      const done = t === 1;
      this.now = done ? this.target : { images: this.mix(begin.images, this.target.images, t), jacobians: this.mix(begin.jacobians, this.target.jacobians, t) };
      this.prepare(done ? 1 : 2);
      this.show();
    });
  }

  get carried() { return { side: this.side === SIDE ? null : this.side }; }

  mix(from, to, t) { return to.map((v, i) => from[i] + t * (v - from[i])); }

  /** The identity, to come from. */
  still() {
    const count = this.nodes ** 2, images = new Float32Array(2 * count), jacobians = new Float32Array(4 * count);
    for (let k = 0; k < count; k++) {
      images.set([this.x(k % this.nodes), this.x(Math.floor(k / this.nodes))], 2 * k);
      jacobians.set(UNIT, 4 * k);
    }
    return { images, jacobians };
  }

  x(node) { return -this.edge + (2 * this.edge * node) / (this.nodes - 1); }
  node(x) { return Math.round(((x + this.edge) / (2 * this.edge)) * (this.nodes - 1)); }
  /** @returns {[number, number]} */
  image(row, column) { const k = 2 * (row * this.nodes + column); return [this.now.images[k], this.now.images[k + 1]]; }
  /** @returns {any} */
  jacobian(row, column) { const k = 4 * (row * this.nodes + column); return this.now.jacobians.subarray(k, k + 4); }

  begin() {
    this.cells = new Cells(this.spot("cells", "J"), "J", 2, {});
    this.heat = { before: document.createElement("canvas"), after: document.createElement("canvas") };
    this.low = this.node(-SHOWN);
    this.high = this.node(SHOWN);
    const [x, y] = this.values;
    this.at = [this.node(y), this.node(x)];
    const side = this.find('[data-do="side"]'), sides = Array.from(side.options, (option) => option.value), linked = this.link("side");
    if (linked && sides.includes(linked)) side.value = linked;
    this.side = Number(side.value);
    side.onchange = () => { this.side = Number(side.value); this.show(); };
    this.say({ hand: TOUCH ? "drag over it" : "move over it, or drag" });
    const { before, after } = this.canvas;
    const move = (event) => {
      const [x, y] = this.part(event, before);
      this.place(this.node(this.half * (1 - 2 * y)), this.node(this.half * (2 * x - 1)));
    };
    this.pointer(before, {
      hover: (event) => { if (event.pointerType === "mouse" || event.buttons) move(event); },
      leave: () => this.hand(),
      grasp: () => true,
      drop: () => this.hand(),
    });
    this.pointer(after, { hover: (event) => this.nearest(event), leave: () => this.hand() });
  }

  key(event) {
    if (event.target !== this.canvas.before) return;
    const by = (row, column) => () => {
      this.place(this.at[0] + row, this.at[1] + column);
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.hand(), 300);
    };
    this.act(event, { ArrowLeft: by(0, -1), ArrowRight: by(0, 1), ArrowUp: by(1, 0), ArrowDown: by(-1, 0) });
  }

  place(row, column) {
    const clamp = (node) => Math.max(this.low, Math.min(this.high, node));
    this.at = [clamp(row), clamp(column)];
    this.values = [this.x(this.at[1]), this.x(this.at[0])];
    this.show();
  }

  /** The place whose image is nearest to the pointer. */
  nearest(event) {
    const [across, down] = this.part(event, this.canvas.after), x = this.half * (2 * across - 1), y = this.half * (1 - 2 * down);
    let best = Infinity, found = this.at;
    for (let row = this.low; row <= this.high; row++) {
      for (let column = this.low; column <= this.high; column++) {
        const [u, v] = this.image(row, column), distance = (u - x) ** 2 + (v - y) ** 2;
        if (distance < best) [best, found] = [distance, [row, column]];
      }
    }
    this.place(...found);
  }

  draw() {
    if (!this.now) return;
    this.prepare();
    this.show();
  }

  /** Heat and grid of both planes, kept until the map, the theme or the size changes. */
  prepare(stride = 1) {
    this.dress();
    const map = diverging(this.style.paper);
    const colour = (det) => `rgb(${map[Math.round(127.5 * (1 + Math.max(-1, Math.min(1, Math.log2(Math.abs(det)) / OCTAVES))))]})`;
    this.root.style.setProperty("--stretch-ramp", ramp(map));
    this.half = SHOWN;
    for (let row = this.low; row <= this.high; row++) {
      for (let column = this.low; column <= this.high; column++) this.half = Math.max(this.half, ...this.image(row, column).map(Math.abs));
    }
    this.half *= 1.04;
    const stripes = this.stripes();
    for (const side of ["before", "after"]) {
      const { width, ratio } = surface(this.canvas[side]), sheet = this.heat[side];
      Object.assign(sheet, { width: this.canvas[side].width, height: this.canvas[side].height });
      const context = sheet.getContext("2d"), scale = width / (2 * this.half);  // the same for both: an area that has grown looks it
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const spot = (row, column) => {
        const [x, y] = side === "before" ? [this.x(column), this.x(row)] : this.image(row, column);
        return [width / 2 + scale * x, width / 2 - scale * y];
      };
      for (let row = this.low; row < this.high; row += stride) {
        for (let column = this.low; column < this.high; column += stride) {
          const corners = [spot(row, column), spot(row, column + stride), spot(row + stride, column + stride), spot(row + stride, column)];
          const det = [[0, 0], [0, stride], [stride, 0], [stride, stride]].reduce((sum, [r, c]) => sum + determinant2(this.jacobian(row + r, column + c)), 0) / 4;
          context.beginPath();
          corners.forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
          context.closePath();
          context.fillStyle = context.strokeStyle = colour(det);
          context.fill();
          context.stroke();  // no seams
          if (det < 0) { context.fillStyle = stripes; context.fill(); }
        }
      }
      this.lines(context, spot);
      this.zeros(context, spot);
    }
  }

  /** Where the map turns the plane over. */
  stripes() {
    const tile = document.createElement("canvas"), context = tile.getContext("2d");
    Object.assign(tile, { width: 8, height: 8 });
    context.strokeStyle = this.style.ink;
    context.globalAlpha = 0.35;
    context.beginPath();
    for (const k of [-8, 0, 8]) { context.moveTo(k, 8); context.lineTo(k + 8, 0); }
    context.stroke();
    return context.createPattern(tile, "repeat");
  }

  lines(context, spot) {
    context.strokeStyle = this.style.quiet;
    context.lineWidth = 1;
    context.beginPath();
    for (let fixed = this.low; fixed <= this.high; fixed += STRIDE) {
      for (let k = this.low; k <= this.high; k++) {
        const start = k === this.low ? "moveTo" : "lineTo";
        context[start](...spot(fixed, k));
      }
      for (let k = this.low; k <= this.high; k++) {
        const start = k === this.low ? "moveTo" : "lineTo";
        context[start](...spot(k, fixed));
      }
    }
    context.stroke();
  }

  /** Nodes where det J is exactly 0, joined where they are neighbours. */
  zeros(context, spot) {
    const zero = (row, column) => row <= this.high && column <= this.high && determinant2(this.jacobian(row, column)) === 0;
    context.strokeStyle = context.fillStyle = this.style.now;
    context.lineWidth = 3;
    context.beginPath();
    for (let row = this.low; row <= this.high; row++) {
      for (let column = this.low; column <= this.high; column++) {
        if (!zero(row, column)) continue;
        const [x, y] = spot(row, column);
        for (const [r, c] of [[0, 1], [1, 0]]) {
          if (zero(row + r, column + c)) { context.moveTo(x, y); context.lineTo(...spot(row + r, column + c)); }
        }
        context.moveTo(x, y);
        context.lineTo(x + 0.01, y);
      }
    }
    context.lineCap = "round";
    context.stroke();
  }

  show() {
    if (!this.now) return;
    const [row, column] = this.at, h = this.side, step = (2 * this.edge) / (this.nodes - 1), jacobian = this.jacobian(row, column), [a, b, c, d] = jacobian;
    const det = determinant2(jacobian), x = [this.x(column), this.x(row)], y = this.image(row, column), r = h * step;
    const around = [[-1, -1], [1, -1], [1, 1], [-1, 1]];
    const rim = around.flatMap(([u, v], i) => {
      const [p, q] = around[(i + 1) % 4];
      return Array.from({ length: 2 * h }, (_, k) => this.image(row + h * v + (k * (q - v)) / 2, column + h * u + (k * (p - u)) / 2));
    });
    const shoelace = (points) => points.reduce((sum, [u, v], i) => { const [p, q] = points[(i + 1) % points.length]; return sum + (u * q - v * p) / 2; }, 0);
    this.paint("before", (polygon) => polygon(around.map(([u, v]) => [x[0] + r * u, x[1] + r * v]), this.style.now, 2, true));
    this.paint("after", (polygon) => {
      const corners = around.map(([u, v]) => [y[0] + r * (a * u + b * v), y[1] + r * (c * u + d * v)]);
      polygon(rim, this.style.ink, 1.5);
      polygon(corners, this.style.now, 2, true);
    });
    this.cells.show([...jacobian]);
    const point = (/** @type {any} */ [u, v]) => `(${decimal(u)}, ${decimal(v)})`, size = Math.abs(det), flat = size < FLAT;
    this.say({ place: `x = ${point(x)}  ↦  f(x) = ${point(y)}` });
    this.say({ det: decimal(flat ? 0 : size) });
    this.say({ words: flat ? "det J = 0: here the map flattens the plane, and near here it has no inverse."
      : `${Math.abs(size - 1) < 0.005 ? "Near here areas stay as they are" : size > 1 ? `Near here areas grow ${decimal(size)}-fold` : `Near here areas shrink to ${decimal(size)} of their size`}, log |det J| = ${decimal(Math.log(size))}${det < 0 ? "; and the plane is turned over: det J is negative" : ""}.` });
    this.say({ ratio: `Area of the square's image ÷ area of the square: ${decimal(shoelace(rim) / (2 * r) ** 2)}. The smaller the square, the nearer to det J = ${decimal(det)}.` });
    this.tell({ x, image: y, jacobian: [...jacobian] });
  }

  paint(side, draw) {
    const { context, width } = surface(this.canvas[side]), scale = width / (2 * this.half);
    context.clearRect(0, 0, width, width);
    context.drawImage(this.heat[side], 0, 0, width, width);
    draw((points, colour, thickness, filled = false) => {
      context.beginPath();
      for (const [x, y] of points) context.lineTo(width / 2 + scale * x, width / 2 - scale * y);
      context.closePath();
      if (filled) { context.globalAlpha = 0.35; context.fillStyle = colour; context.fill(); context.globalAlpha = 1; }
      for (const [stroke, line] of [[this.style.paper, thickness + 2.5], [colour, thickness]]) {  // stands out on any heat
        Object.assign(context, { strokeStyle: stroke, lineWidth: line, lineJoin: "round" });
        context.stroke();
      }
    });
    axes(context, width, { x: 0, y: 0, half: this.half }, this, side === "before" ? "x" : "y");
  }
}
