// What hands can do to one layer of a kind: its numbers, the marks to drag in the plane, what is drawn and said of them.
import { decimal } from "../../browser/screen.js";
import { knots, move, planar, radial, spline } from "../layers.js";

const SHORT = 0.05, LEAST = 0.02;  // of the distance that says how steep a planar layer is; of a radius
export const REACH = 4;  // of the axes of a curve
const pair = (v) => `(${decimal(v[0])}, ${decimal(v[1])})`;

/** A mark on one of the canvases, and what it does when it is dragged to a place; `values` of a hand are what a link carries.
 * @typedef {{ canvas: string, at: [number, number], to: (place: [number, number]) => void, name: string }} Mark */

export class PlanarHand {
  words = "Drag the line, the end of its normal (the nearer, the steeper the bend), and the arrow u. Solid: û, which the layer uses.";

  constructor({ meta: { w, u, b } }) { this.values = [...w, ...u, b]; }

  good(values) { return Math.hypot(values[0], values[1]) > 1e-3; }

  get parts() { const [w1, w2, u1, u2, b] = this.values; return { w: [w1, w2], u: [u1, u2], b }; }

  map() {
    const { map } = planar(this.parts);
    return map;
  }

  /** The place on the line that is nearest to the origin; where that is out of sight, the marks stand at the edge. */
  foot(half) {
    const { w, b } = this.parts, long = Math.hypot(...w), far = Math.max(-0.8 * half, Math.min(0.8 * half, -b / long));
    return [(far * w[0]) / long, (far * w[1]) / long];
  }

  /** @returns {Mark[]} */
  marks(half) {
    const { w, u, b } = this.parts, [x, y] = this.foot(half), square = w[0] ** 2 + w[1] ** 2;
    const set = (w, u, b) => { this.values = [...w, ...u, b]; };
    return [
      { canvas: "before", name: "arrow u", at: [x + u[0], y + u[1]], to: ([p, q]) => set(w, [p - x, q - y], b) },
      { canvas: "before", name: "end of the normal", at: [x + w[0] / square, y + w[1] / square], to: ([p, q]) => {
        const v = [p - x, q - y], long = Math.hypot(...v) || 1, far = Math.max(SHORT, long), turned = v.map((part) => part / long / far);
        set(turned, u, -(turned[0] * x + turned[1] * y));
      } },
      { canvas: "before", name: "line", at: [x, y], to: ([p, q]) => set(w, u, -(w[0] * p + w[1] * q)) },
    ];
  }

  draw(pen, half) {
    const { w, u } = this.parts, [x, y] = this.foot(half), square = w[0] ** 2 + w[1] ** 2, { push } = planar(this.parts), far = 4 * half;
    const long = Math.sqrt(square), along = [(-w[1] / long) * far, (w[0] / long) * far];
    pen.line([x - along[0], y - along[1]], [x + along[0], y + along[1]], "now", 2);
    pen.line([x, y], [x + w[0] / square, y + w[1] / square], "quiet", 1.5);
    pen.arrow([x, y], [x + u[0], y + u[1]], "quiet", [4, 3]);
    pen.arrow([x, y], [x + push[0], y + push[1]], "ink");
    pen.write("û", [x + push[0], y + push[1]]);
    pen.write("w·x + b = 0", [x + 0.12 * along[0], y + 0.12 * along[1]]);
  }

  said() {
    const { w, u, b } = this.parts, { push, allowed } = planar(this.parts);
    return `w = ${pair(w)}, b = ${decimal(b)}, u = ${pair(u)}; û = ${pair(push)}, w·û = ${decimal(allowed)} > −1, so that it can be undone`;
  }
}

export class RadialHand {
  words = "Drag the centre x₀, the circle of radius α, and the end of the arrow β: how far the outermost points move. It stops before the centre.";

  constructor({ meta: { centre, alpha, beta } }) { this.values = [...centre, alpha, beta]; }

  good([, , alpha, beta]) { return alpha > 0 && beta > -alpha; }

  get parts() { const [x, y, alpha, beta] = this.values; return { centre: [x, y], alpha, beta }; }

  map() {
    const { map } = radial(this.parts);
    return map;
  }

  /** @returns {Mark[]} */
  marks(_half) {
    const { centre: [x, y], alpha, beta } = this.parts;
    return [
      { canvas: "before", name: "arrow β", at: [x + alpha + beta, y], to: ([p]) => { this.values = [x, y, alpha, Math.max(LEAST, p - x) - alpha]; } },
      { canvas: "before", name: "circle α", at: [x, y + alpha], to: ([p, q]) => {
        const to = Math.max(LEAST, Math.hypot(p - x, q - y));
        this.values = [x, y, to, Math.max(beta, LEAST - to)];
      } },
      { canvas: "before", name: "centre x₀", at: [x, y], to: ([p, q]) => { this.values = [p, q, alpha, beta]; } },
    ];
  }

  draw(pen) {
    const { centre: [x, y], alpha, beta } = this.parts;
    pen.circle([x, y], alpha, "ink");
    pen.arrow([x + alpha, y], [x + alpha + beta, y], "ink");
    pen.write("β", [x + alpha + beta, y]);
    pen.write("α", [x, y + alpha]);
    pen.write("x₀", [x, y]);
  }

  said() {
    const { centre, alpha, beta } = this.parts;
    return `x₀ = ${pair(centre)}, α = ${decimal(alpha)} > 0, β = ${decimal(beta)} > −α, so that it can be undone`;
  }
}

export class SplineHand {
  words = "Drag the red line to choose a spline, and its knots. What you do to a knot is added to the network's last layer: it bends the splines of all other places too.";

  constructor({ meta: { bins, kept, half, side }, raw }) {
    /** @type {number} */
    this.bins = bins;
    /** @type {0 | 1} */
    this.kept = kept;
    /** @type {number} */
    this.half = half;
    /** @type {number} */
    this.side = side;
    /** @type {Float32Array} */
    this.raw = raw.data;
    /** The middle of the mesh, and what is added to the raw widths and heights. */
    this.values = [Math.floor(side / 2), ...new Array(2 * bins).fill(0)];
  }

  good([column]) { return Number.isInteger(column) && column >= 0 && column < this.side; }

  /** The raw numbers at a place of the mesh. */
  at(column) {
    const many = 3 * this.bins - 1, raw = Array.from(this.raw.subarray(column * many, (column + 1) * many));
    for (let i = 0; i < 2 * this.bins; i++) raw[i] += this.values[1 + i];
    return raw;
  }

  get column() { return this.values[0]; }

  place(column) { return +((2 * this.half * column) / (this.side - 1) - this.half).toFixed(6); }

  map() {
    const table = Array.from({ length: this.side }, (_, column) => knots(this.at(column), this.bins)), unit = (this.side - 1) / (2 * this.half);
    return (x1, x2) => {
      const [a, b] = this.kept ? [x2, x1] : [x1, x2], at = Math.max(0, Math.min(this.side - 1, (a + this.half) * unit));
      const k = Math.min(Math.floor(at + 1e-6), this.side - 2), near = [spline(table[k], b), spline(table[k + 1], b)];
      const [y, slope] = [0, 1].map((i) => near[0][i] + (at - k) * (near[1][i] - near[0][i]));  // between two places a straight line, as the mesh
      return this.kept ? [y, x2, slope] : [x1, y, slope];
    };
  }

  /** @returns {Mark[]} */
  marks(half) {
    const x = this.place(this.column), { x: xs, y: ys } = knots(this.at(this.column), this.bins);
    const choose = (place) => {
      const at = Math.round(((place[this.kept] + this.half) / (2 * this.half)) * (this.side - 1));
      this.values = [Math.max(0, Math.min(this.side - 1, at)), ...this.values.slice(1)];
    };
    const inner = Array.from({ length: this.bins - 1 }, (_, i) => /** @type {Mark} */ ({ canvas: "curve", name: `knot ${i + 1}`, at: [xs[i + 1], ys[i + 1]], to: (place) => {
      const values = [...this.values];
      for (const [which, more] of move(this.at(this.column), this.bins, i + 1, place)) values[1 + which] += more;
      this.values = values;
    } }));
    return [...inner, { canvas: "before", name: "line", at: this.kept ? [-0.85 * half, x] : [x, -0.85 * half], to: choose }];
  }

  draw(pen, half) {
    const x = this.place(this.column), [a, b] = this.kept ? [[-half, x], [half, x]] : [[x, -half], [x, half]];
    pen.line(a, b, "now", 2);
  }

  /** The curve of the chosen place. */
  curve(pen) {
    const through = knots(this.at(this.column), this.bins);
    pen.line([-REACH, -REACH], [REACH, REACH], "line", 1);
    pen.path(Array.from({ length: 321 }, (_, i) => { const x = (2 * REACH * i) / 320 - REACH; return [x, spline(through, x)[0]]; }), "model", 2.4);
  }

  /** Names of what stays and what the curve takes and gives. */
  get names() { return this.kept ? ["x₂", "x₁", "y₁"] : ["x₁", "x₂", "y₂"]; }

  said() {
    const [kept, , out] = this.names, { x, y } = knots(this.at(this.column), this.bins);
    return `${out} where ${kept} = ${decimal(this.place(this.column))}: knots ${x.slice(1, -1).map((at, i) => pair([at, y[i + 1]])).join(" ")}; in order, so that it can be undone`;
  }
}
