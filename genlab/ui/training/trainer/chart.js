// The loss curve: an SVG of our own, so that it keeps its zoom while points arrive and takes its colours from the theme.
import { Canvas } from "../../browser/canvas.js";

const FEW = 40;  // up to so many measurements are marked one by one
const MARGIN = { left: 40, right: 14, top: 16, bottom: 34 };

function niceTicks(low, high, count) {
  const raw = (high - low) / Math.max(1, count), power = 10 ** Math.floor(Math.log10(raw));
  const step = power * ([1, 2, 5, 10].find((m) => m * power >= raw) ?? 10);
  const ticks = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-6; v += step) ticks.push(Math.abs(v) < step * 1e-6 ? 0 : v);
  return { ticks, digits: Math.max(0, -Math.floor(Math.log10(step) + 1e-9)) };
}

function logTicks(low, high) {
  const ticks = [];
  for (let power = 0; 10 ** power <= high; power++) if (10 ** power >= low) ticks.push(10 ** power);
  if (ticks.length < 2) return niceTicks(low, high, 4).ticks;
  return ticks;
}

export const grouped = (n) => Math.round(n).toLocaleString("en").replaceAll(",", "\u202f");

export class Curve extends Canvas {
  /** Step, train, held-out in the unit, row by row; NaN where one is missing. */
  points = new Float32Array(0);
  rival = new Float32Array(0);
  steps = 1;
  top = 1;
  unit = "";
  /** @type {string[]} */
  names = [];
  /** @type {{ value: number, label: string, above?: boolean }[]} */
  lines = [];
  /** @type {[number, number][]} */
  marks = [];
  /** @type {number | null} */
  kept = null;
  about = "";  // what that means
  /** @type {{ x: number[], y: number[] } | null} */
  zoom = null;
  log = false;
  close = false;
  /** @type {{ x: number, y: number } | null} */
  hover = null;
  /** @type {{ x: number, y: number } | null} */
  drag = null;
  /** Step of the picture that is on view.
   * @type {number | null} */
  shown = null;

  constructor(host, onPick) {
    super(host);
    this.onPick = onPick;
    this.svg = this.find("svg");
    this.on(this.svg, "dblclick", () => this.does.whole());
    this.pointer(this.svg, {
      hover: (event) => this.move(event),
      leave: () => { this.hover = null; this.wake(); },
      grasp: (event) => {
        if (event.pointerType !== "mouse") return false;
        this.drag = { x: event.offsetX, y: event.offsetY };
      },
    });
    this.on(this.svg, "pointerup", (event) => this.up(event));
    this.on(this.svg, "pointercancel", () => { this.drag = this.hover = null; this.wake(); });
  }

  get does() {
    const then = (change) => () => { Object.assign(this, { zoom: null, ...change() }); this.wake(); };
    return { whole: then(() => ({})), log: then(() => ({ log: !this.log })), close: then(() => ({ close: !this.close })) };
  }

  update(fields) {
    Object.assign(this, { meta: {}, ...fields });
    this.wake();
  }

  rows() { return this.points.length / 3; }

  limits() {
    if (this.zoom) return this.zoom;
    const x = [this.log ? 1 : 0, Math.max(this.steps, this.rows() ? this.points[this.points.length - 3] : 0, 2)];
    const bits = this.unit === "bits/dim", top = this.top * 1.08;
    if (bits && !this.close || this.rows() < 3) return { x, y: [0, top] };
    // The later three quarters decide: the fall from the beginning would flatten all the rest. Nats of a density have
    // no natural zero: there the lines, what can be reached, belong to the picture.
    let low = Infinity, high = -Infinity;
    if (!bits) for (const { value } of this.lines) low = high = value;
    const from = this.close || bits ? this.points[this.points.length - 3] / 4 : this.points[this.points.length - 3] / 100;
    for (const points of [this.points, this.rival]) for (let i = 0; i < points.length; i += 3) {
      if (points[i] < from) continue;
      for (const v of [points[i + 1], points[i + 2]]) if (v === v) { low = Math.min(low, v); high = Math.max(high, v); }
    }
    if (!(high >= low)) return { x, y: [0, top] };
    const grid = 10 ** Math.floor(Math.log10(Math.max(high - low, 1e-3)));  // rounded, so that the axis rarely moves
    return { x, y: [Math.max(bits ? 0 : -Infinity, Math.floor(low / grid - 0.5) * grid), Math.ceil(high / grid + 0.5) * grid] };
  }

  geometry() {
    const width = this.svg.clientWidth, height = this.svg.clientHeight, { x, y } = this.limits();
    const fx = this.log ? (v) => Math.log10(Math.max(v, 1)) : (v) => v;
    const w = width - MARGIN.left - MARGIN.right, h = height - MARGIN.top - MARGIN.bottom;
    const x0 = fx(x[0]), x1 = fx(x[1]);
    return {
      width, height, w, h, x, y,
      px: (v) => MARGIN.left + ((fx(v) - x0) / (x1 - x0)) * w,
      py: (v) => MARGIN.top + ((y[1] - v) / (y[1] - y[0])) * h,
      ix: (p) => { const v = x0 + ((p - MARGIN.left) / w) * (x1 - x0); return this.log ? 10 ** v : v; },
      iy: (p) => y[1] - ((p - MARGIN.top) / h) * (y[1] - y[0]),
    };
  }

  move(e) {
    this.hover = { x: e.offsetX, y: e.offsetY };
    this.wake();
  }

  up(e) {
    const g = this.geometry(), from = this.drag ?? this.hover, far = from && Math.hypot(e.offsetX - from.x, e.offsetY - from.y) > 8;
    if (this.drag && far) {
      const clampX = (p) => Math.min(Math.max(p, MARGIN.left), g.width - MARGIN.right);
      const clampY = (p) => Math.min(Math.max(p, MARGIN.top), g.height - MARGIN.bottom);
      const xs = [g.ix(clampX(from.x)), g.ix(clampX(e.offsetX))].sort((a, b) => a - b);
      const ys = [g.iy(clampY(from.y)), g.iy(clampY(e.offsetY))].sort((a, b) => a - b);
      if (xs[1] - xs[0] > 1 && ys[1] > ys[0]) this.zoom = { x: xs, y: ys };
    } else if (from && this.rows()) this.onPick(g.ix(e.offsetX));
    this.drag = null;
    if (e.pointerType !== "mouse") this.hover = null;
    this.wake();
  }

  nearest(step) {
    let best = -1, distance = Infinity;
    for (let i = 0; i < this.points.length; i += 3) {
      const d = Math.abs(this.points[i] - step);
      if (d < distance) { distance = d; best = i; }
    }
    return best;
  }

  path(g, column, points = this.points) {
    let d = "", pen = "M";
    for (let i = 0; i < points.length; i += 3) {
      const v = points[i + column];
      if (v !== v) continue;  // the two curves are measured at different steps
      d += `${pen}${g.px(points[i]).toFixed(1)} ${g.py(v).toFixed(1)}`;
      pen = "L";
    }
    return d;
  }

  dots(g, column) {  // where the few values of a curve were measured
    const out = [];
    for (let i = 0; i < this.points.length; i += 3) {
      const v = this.points[i + column];
      if (v === v) out.push(`<circle class="measured" cx="${g.px(this.points[i]).toFixed(1)}" cy="${g.py(v).toFixed(1)}" r="2.6"/>`);
    }
    return out.length <= FEW ? out.join("") : "";
  }

  keptMark(g) {  // the step whose weights were the best on held-out images
    const i = this.kept ? this.nearest(this.kept) : -1, v = i < 0 ? NaN : this.points[i + 2];
    if (v !== v || this.points[i] !== this.kept) return "";
    const x = g.px(this.kept), y = g.py(v), right = g.width - MARGIN.right;
    const anchor = x > right - 60 ? "end" : x < MARGIN.left + 60 ? "start" : "middle";
    return `<circle class="kept" cx="${x}" cy="${y}" r="5"/>` +
      `<text class="halo" x="${x}" y="${y - 11}" text-anchor="${anchor}">kept: step ${grouped(this.kept)}<title>${this.about}</title></text>`;
  }

  line(g, value, label, above = false) {
    if (value < g.y[0] || value > g.y[1]) return "";
    const y = g.py(value), right = g.width - MARGIN.right;
    return `<line class="reference" x1="${MARGIN.left}" x2="${right}" y1="${y}" y2="${y}"/>` +
      `<text class="halo" x="${right}" y="${above ? y - 5 : y + 13}" text-anchor="end">${label}</text>`;
  }

  draw() {
    const g = this.geometry();
    if (g.w < 20 || g.h < 20) return;
    const bottom = g.height - MARGIN.bottom, right = g.width - MARGIN.right, out = [];
    const ys = niceTicks(g.y[0], g.y[1], g.h / 48);
    for (const v of ys.ticks) {
      out.push(`<line class="grid" x1="${MARGIN.left}" x2="${right}" y1="${g.py(v)}" y2="${g.py(v)}"/>`);
      out.push(`<text x="${MARGIN.left - 7}" y="${g.py(v) + 4}" text-anchor="end">${v.toFixed(ys.digits)}</text>`);
    }
    const xs = this.log ? logTicks(g.x[0], g.x[1]) : niceTicks(g.x[0], g.x[1], g.w / 90).ticks;
    for (const v of xs) out.push(`<text x="${g.px(v)}" y="${bottom + 17}" text-anchor="middle">${grouped(v)}</text>`);
    out.push(`<text x="${right}" y="${bottom + 31}" text-anchor="end">step</text>`);
    out.push(`<clipPath id="inside"><rect x="${MARGIN.left}" y="${MARGIN.top - 4}" width="${g.w}" height="${g.h + 4}"/></clipPath>`);
    out.push('<g clip-path="url(#inside)">');
    let labelled = Infinity;
    for (const [step, rate] of [...this.marks].reverse()) {
      const x = g.px(step), end = x > right - 70;
      out.push(`<line class="mark" x1="${x}" x2="${x}" y1="${MARGIN.top}" y2="${bottom}"/>`);
      if (labelled - x < 70) continue;  // two words would overprint: the newer one stays
      labelled = x;
      out.push(`<text class="halo" x="${x + (end ? -4 : 4)}" y="${bottom - 6}" text-anchor="${end ? "end" : "start"}">rate ${rateText(rate)}</text>`);
    }
    out.push(`<path class="rival thin" d="${this.path(g, 1, this.rival)}"/><path class="rival" d="${this.path(g, 2, this.rival)}"/>`);
    out.push(`<path class="train" d="${this.path(g, 1)}"/><path class="held" d="${this.path(g, 2)}"/>${this.dots(g, 2)}${this.keptMark(g)}`);
    out.push("</g>", ...this.lines.map(({ value, label, above }) => this.line(g, value, label, above)));
    if (this.shown !== null && this.shown >= g.x[0] && this.shown <= g.x[1]) {
      const x = g.px(this.shown), i = this.nearest(this.shown), v = i < 0 ? NaN : this.value(i);
      out.push(`<line class="now" x1="${x}" x2="${x}" y1="${MARGIN.top}" y2="${bottom}"/>`);
      if (v >= g.y[0] && v <= g.y[1]) out.push(`<circle cx="${x}" cy="${g.py(v)}" r="4"/>`);
    }
    let index = this.shown === null ? this.points.length - 3 : this.nearest(this.shown);
    if (this.hover && this.rows()) {
      index = this.nearest(g.ix(this.hover.x));
      const x = g.px(this.points[index]);
      if (x >= MARGIN.left && x <= right) out.push(`<line class="hover" x1="${x}" x2="${x}" y1="${MARGIN.top}" y2="${bottom}"/>`);
    }
    if (this.drag && this.hover) {
      const { x, y } = this.drag, h = this.hover;
      out.push(`<rect class="box" x="${Math.min(x, h.x)}" y="${Math.min(y, h.y)}" width="${Math.abs(x - h.x)}" height="${Math.abs(y - h.y)}"/>`);
    }
    this.svg.innerHTML = out.join("");
    this.say({ readout: index < 0 || !this.rows() ? "Both curves begin with the first steps of the training." : this.sentence(index) });
    this.find('[data-do="whole"]').hidden = !this.zoom;
    for (const name of ["log", "close"]) this.find(`[data-do="${name}"]`).setAttribute("aria-pressed", this[name]);
  }

  last(index, column) {  // the newest value of a curve at or before a row
    for (let i = index; i >= 0; i -= 3) if (this.points[i + column] === this.points[i + column]) return this.points[i + column];
    return NaN;
  }

  value(index) { const v = this.last(index, 1); return v === v ? v : this.last(index, 2); }

  sentence(index) {
    const part = (name, v) => (v === v ? `${name} ${v.toFixed(3)}` : "");
    const values = this.names.map((name, k) => part(name, this.last(index, k + 1))).filter(Boolean).join(" · ");
    return `step ${grouped(this.points[index])}: ${values} ${this.unit}`;
  }
}

export function rateText(rate) {
  if (!(rate > 0)) return "–";
  const power = Math.floor(Math.log10(rate) + 1e-9);
  return power >= -3 ? String(Number(rate.toPrecision(2))) : `${Number((rate / 10 ** power).toPrecision(2))}e${power}`;
}
