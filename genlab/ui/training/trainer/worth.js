// What samples were worth while a game went on, whose losses do not tell: shares and a divergence, all between 0 and 1.
import { Canvas } from "../../browser/canvas.js";
import { decimal } from "../../browser/screen.js";
import { grouped } from "./chart.js";

const PEN = ["", "dashed", "dotted"];  // a line each, so that colours need not tell them apart

export class Worth extends Canvas {
  /** Names of the values.
   * @type {string[]} */
  names = [];
  /** Of each lane: step and values, row by row.
   * @type {Float32Array[]} */
  lanes = [];
  /** Names of the lanes, where there are several.
   * @type {string[]} */
  titles = [];
  steps = 1;
  counted = "step";
  /** @type {number | null} */
  shown = null;
  /** Step under the pointer.
   * @type {number | null} */
  hover = null;

  constructor(host) {
    super(host);
    this.svg = this.find("svg");
    this.pointer(this.svg, {
      hover: (event) => { this.hover = ((event.offsetX - this.left) / this.wide) * this.steps; this.wake(); },
      leave: () => { this.hover = null; this.wake(); },
    });
  }

  get left() { return 2.7 * this.rem; }

  get wide() { return this.svg.clientWidth - 3.6 * this.rem; }

  /** Where there is anything to be judged, room is kept for it from the beginning. */
  update(fields) {
    Object.assign(this, { meta: {}, ...fields });
    const key = this.names.map((name, k) => `<i class="${PEN[k]}"></i>${name}`).join(" ");
    if (!key) this.say({ worth: "What samples are worth is told with the first pictures." });
    if (this.said.judged.innerHTML !== key) this.said.judged.innerHTML = key;
    this.wake();
  }

  draw() {
    const { left, wide, names, steps } = this, row = names.length + 1, top = 0.5 * this.rem, high = this.svg.clientHeight - 2 * top, out = [];
    if (wide < 20) return;
    const x = (step) => left + (step / steps) * wide, y = (value) => top + (1 - value) * high;
    for (const v of [0, 0.5, 1]) {
      out.push(`<line class="grid" x1="${left}" x2="${left + wide}" y1="${y(v)}" y2="${y(v)}"/><text x="${left - 7}" y="${y(v)}" dy="0.32em" text-anchor="end">${v}</text>`);
    }
    this.lanes.forEach((points, lane) => names.forEach((_, k) => {
      let d = "";
      for (let i = 0; i < points.length; i += row) d += `${d ? "L" : "M"}${x(points[i]).toFixed(1)} ${y(points[i + 1 + k]).toFixed(1)}`;
      if (points.length === row) out.push(`<circle class="${lane ? "rival" : "own"}" cx="${x(points[0])}" cy="${y(points[1 + k])}" r="3"/>`);
      out.push(`<path class="${lane ? "rival" : "own"} ${PEN[k]}" d="${d}"/>`);
    }));
    const at = this.hover ?? this.shown;
    if (at !== null && at <= steps) out.push(`<line class="${this.hover === null ? "now" : "hover"}" x1="${x(at)}" x2="${x(at)}" y1="${top}" y2="${top + high}"/>`);
    this.svg.innerHTML = out.join("");
    if (names.length) this.say({ worth: this.lanes.map((points, lane) => this.sentence(points, row, at, lane)).filter(Boolean).join(" · ") });
    this.tell({ judged: this.lanes.map((points) => points.length / row).join() });
  }

  /** What a lane was worth at a step, or is now. */
  sentence(points, row, at, lane) {
    let i = 0;
    while (i + row < points.length && (at === null || points[i + row] <= at)) i += row;
    if (!points.length) return "";
    const values = this.names.map((name, k) => `${name} ${decimal(points[i + 1 + k], 2)}`).join(", ");
    return `${this.titles[lane] ?? `${this.counted} ${grouped(points[i])}`}: ${values}`;
  }
}
