import { Canvas } from "../../browser/canvas.js";
import { FLAT, UNIT, between, decimal, glide } from "./plane.js";

export const LIMIT = 3, MANY = 99;  // largest entries: of what is drawn, of what is only added up
const turned = (degrees) => ["cos", "sin"].map((f) => Math[f]((degrees * Math.PI) / 180));
const [COS, SIN] = turned(40);
const PRESETS = {
  2: { identity: UNIT, rotation: [COS, -SIN, SIN, COS], shear: [1, 0.8, 0, 1], scaling: [1.5, 0, 0, 0.5], reflection: [0, 1, 1, 0], singular: [1, 1.5, 0.5, 0.75] },
  n: {
    "a mixture": [2, 1, -1, 1, 1, 3, 2, -2, -1, 1, 3, 3, 1, 0, -2, 2],
    identity: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1],
    triangular: [2, 0, 0, 0, 4, 3, 0, 0, -1, 5, 0.5, 0, 3, 1, 2, -1],
    "two equal rows": [2, 1, -1, 1, 2, 1, -1, 1, -1, 1, 3, 3, 1, 0, -2, 2],
    "two rows swapped": [1, 3, 2, -2, 2, 1, -1, 1, -1, 1, 3, 3, 1, 0, -2, 2],
  },
};

/** What every view has: its values, and the way back to Python. */
export class View extends Canvas {
  stop = () => {};
  /** @type {number[]} */
  values = [];
  receive({ meta }) {
    const first = !this.meta;
    this.meta = meta;
    if (!first) return;
    this.values = meta.values;
    this.begin();
  }

  begin() {}

  show(_values) {}

  leave() {
    super.leave();
    this.stop();
  }

  /** The values as they are now go to Python, and from there into the link. */
  hand() {
    const text = this.values.map((v) => +v.toFixed(6)).join(",");
    this.tell({ values: text });
    this.send.state("values", text);
  }

  /** A determinant as a number, in the colour of its sign. */
  number(name, det, write = decimal) {
    this.say({ [name]: write(Math.abs(det) < FLAT ? 0 : det) });
    this.said[name].className = det < -FLAT ? "minus-text" : det > FLAT ? "plus-text" : "";
  }

  presets(act) {
    const host = this.find("[data-presets]");
    for (const [name, values] of Object.entries(PRESETS[host.dataset.presets])) {
      const button = document.createElement("button");
      button.textContent = name;
      button.onclick = () => { this.say({ said: "" }); act(values); };
      host.append(button);
    }
  }

  /** Lets the values glide to others. */
  go(values, ms = 350) {
    this.stop();
    const from = this.values;
    this.stop = glide(ms, (t) => this.show(t === 1 ? values : between(from, values, t)), () => this.hand());
  }

  /** How planes and cells hear from the visitor. */
  hands(slice) {
    const snap = this.find('[data-do="snap"]');
    return {
      limit: LIMIT, snap: () => snap.checked, say: (text) => this.say({ said: text }), released: () => this.hand(),
      changed: (part) => this.change(slice, part), moved: (part) => { this.say({ said: "" }); this.change(slice, part); },
    };
  }

  change(slice, part) {
    this.stop();
    const values = [...this.values];
    values.splice(slice, part.length, ...part);
    this.show(values);
  }

  spot(kind, name) { return this.find(`[data-${kind}="${name}"]`); }
}

/** What a determinant says about its matrix. */
export function meaning(m, det) {
  if (Math.abs(det) < FLAT) {
    return `Not invertible: the plane is flattened onto a ${m.every((v) => Math.abs(v) < FLAT) ? "point" : "line"}. Many points share one image, so the inverse does not exist.`;
  }
  const size = Math.abs(det), areas = Math.abs(size - 1) < 0.005 ? "Areas stay as they are" : size > 1 ? `Areas grow ${decimal(size)}-fold` : `Areas shrink to ${decimal(size)} of their size`;
  const side = det > 0 ? "the turn from column 1 to column 2 stays anticlockwise" : "the plane is turned over: the F is mirrored, the arc runs clockwise";
  return `${areas}; ${side}. The inverse undoes it: det M⁻¹ = 1 / det M = ${decimal(1 / det)}.`;
}
