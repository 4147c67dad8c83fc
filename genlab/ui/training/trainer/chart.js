// The loss curve: an SVG of our own, so that it keeps its zoom while points arrive and takes its colours from the theme.
import { Canvas } from "../../browser/canvas.js";
import { decimal } from "../../browser/screen.js";

const FEW = 40;  // up to so many measurements are marked one by one
const BULK = 0.02;  // of the values on either side need not be in the picture
const ROOM = 0.6;  // of the bulk's height, within which a value that is no part of it still belongs to the picture

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

/** Between what most values lie: those at the edges only where they are near. Of one spike the axis would be spoilt for good.
 * @param {number[]} values */
export function bulk(values) {
  const sorted = Float64Array.from(values).sort(), at = (part) => sorted[Math.round(part * (sorted.length - 1))];
  const [low, high] = [at(BULK), at(1 - BULK)], room = ROOM * (high - low);
  return [at(0) < low - room ? low : at(0), at(1) > high + room ? high : at(1)];
}

export const grouped = (n) => Math.round(n).toLocaleString("en").replaceAll(",", "\u202f");

export class Curve extends Canvas {
  /** Step, train, held-out in the unit, row by row; NaN where one is missing. */
  points = new Float32Array(0);
  rival = new Float32Array(0);
  steps = 1;
  top = 1;
  unit = "";
  perplexity = false;
  /** @type {string[]} */
  names = [];
  /** @type {{ value: number, label: string, above?: boolean }[]} */
  lines = [];
  /** Live changes: step, what was changed, to what.
   * @type {[number, string, number][]} */
  marks = [];
  /** @type {number | null} */
  kept = null;
  about = "";  // what that means
  counted = "step";
  /** Losses of the newest move, one for each curve: all there is before a curve has points.
   * @type {number[]} */
  losses = [];
  at = 0;  // and the step at which they were
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
    if (bits && !this.close) return { x, y: [0, top] };
    if (this.rows() < 3) {
      const few = [...this.losses, ...this.points.filter((v, i) => i % 3 && v === v), ...this.lines.map(({ value }) => value)];
      const [least, most] = [Math.min(0, ...few), Math.max(...few, Math.min(top, Math.max(...few) || top))];
      return { x, y: [1.1 * least, 1.1 * most] };
    }
    // The later three quarters decide: the fall from the beginning would flatten all the rest. Nats of a density have
    // no natural zero: there the lines, what can be reached, belong to the picture.
    const from = this.close || bits ? this.points[this.points.length - 3] / 4 : this.points[this.points.length - 3] / 100;
    let [low, high] = [Infinity, -Infinity];
    for (const points of [this.points, this.rival]) for (const column of [1, 2]) {
      const values = [];
      for (let i = 0; i < points.length; i += 3) if (points[i] >= from && points[i + column] === points[i + column]) values.push(points[i + column]);
      if (!values.length) continue;
      const [least, most] = bulk(values);
      low = Math.min(low, least);
      high = Math.max(high, most);
    }
    if (!(high >= low)) return { x, y: [0, top] };
    if (!bits) for (const { value } of this.lines) { low = Math.min(low, value); high = Math.max(high, value); }
    const ten = 10 ** Math.floor(Math.log10(Math.max(high - low, 1e-3))), much = (high - low) / ten;
    const grid = ten * (much < 2 ? 0.2 : much < 5 ? 0.5 : 1);  // rounded, so that the axis rarely moves
    return { x, y: [Math.max(bits ? 0 : -Infinity, Math.floor(low / grid - 0.5) * grid), Math.ceil(high / grid + 0.5) * grid] };
  }

  /** Room for the numbers at the axes, which grow with all words. */
  get margin() { return { left: 2.7 * this.rem, right: 0.9 * this.rem, top: 1.1 * this.rem, bottom: 2.3 * this.rem }; }

  geometry() {
    const width = this.svg.clientWidth, height = this.svg.clientHeight, { x, y } = this.limits();
    const fx = this.log ? (v) => Math.log10(Math.max(v, 1)) : (v) => v;
    const w = width - this.margin.left - this.margin.right, h = height - this.margin.top - this.margin.bottom;
    const x0 = fx(x[0]), x1 = fx(x[1]);
    return {
      width, height, w, h, x, y,
      px: (v) => this.margin.left + ((fx(v) - x0) / (x1 - x0)) * w,
      py: (v) => this.margin.top + ((y[1] - v) / (y[1] - y[0])) * h,
      ix: (p) => { const v = x0 + ((p - this.margin.left) / w) * (x1 - x0); return this.log ? 10 ** v : v; },
      iy: (p) => y[1] - ((p - this.margin.top) / h) * (y[1] - y[0]),
    };
  }

  move(e) {
    this.hover = { x: e.offsetX, y: e.offsetY };
    this.wake();
  }

  up(e) {
    const g = this.geometry(), from = this.drag ?? this.hover, far = from && Math.hypot(e.offsetX - from.x, e.offsetY - from.y) > 8;
    if (this.drag && far) {
      const clampX = (p) => Math.min(Math.max(p, this.margin.left), g.width - this.margin.right);
      const clampY = (p) => Math.min(Math.max(p, this.margin.top), g.height - this.margin.bottom);
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

  /** Arrows where a curve leaves the picture, at most one in a few pixels, with the value that it reaches there. */
  leaving(g, column, name, points = this.points) {
    const out = [];
    let last = -Infinity, furthest = 0;
    for (let i = 0; i < points.length; i += 3) {
      const v = points[i + column], x = g.px(points[i]), over = v > g.y[1] ? 1 : v < g.y[0] ? -1 : 0;
      if (!over || x < this.margin.left || x > g.width - this.margin.right) continue;
      if (x - last < 9) { if (Math.abs(v) <= Math.abs(furthest)) continue; out.pop(); } else last = x;
      furthest = v;
      const y = over > 0 ? this.margin.top : g.height - this.margin.bottom;
      out.push(`<path class="leaving ${name}" d="M${last - 4} ${y + 3 * over}l4 ${-7 * over}l4 ${7 * over}z"><title>${grouped(points[i])}: ${decimal(v)}</title></path>`);
    }
    return out.join("");
  }

  /** The newest losses as dots, as long as there is hardly a curve. */
  moves(g) {
    if (this.rows() > 2) return "";
    return this.losses.map((v, k) => `<circle class="${k ? "move held" : "move train"}" cx="${g.px(Math.max(this.at, g.x[0]))}" cy="${g.py(v)}" r="4"/>`).join("");
  }

  keptMark(g) {  // the step whose weights were the best on held-out images
    const i = this.kept ? this.nearest(this.kept) : -1, v = i < 0 ? NaN : this.points[i + 2];
    if (v !== v || this.points[i] !== this.kept) return "";
    const x = g.px(this.kept), y = g.py(v), right = g.width - this.margin.right;
    const anchor = x > right - 60 ? "end" : x < this.margin.left + 60 ? "start" : "middle";
    return `<circle class="kept" cx="${x}" cy="${y}" r="5"/>` +
      `<text class="halo" x="${x}" y="${y - 11}" text-anchor="${anchor}">kept: ${this.counted} ${grouped(this.kept)}<title>${this.about}</title></text>`;
  }

  line(g, value, label, above = false) {
    if (value < g.y[0] || value > g.y[1]) return "";
    const y = g.py(value), right = g.width - this.margin.right;
    return `<line class="reference" x1="${this.margin.left}" x2="${right}" y1="${y}" y2="${y}"/>` +
      `<text class="halo" x="${right}" y="${above ? y - 5 : y + 13}" text-anchor="end">${label}</text>`;
  }

  draw() {
    const g = this.geometry();
    if (g.w < 20 || g.h < 20) return;
    const bottom = g.height - this.margin.bottom, right = g.width - this.margin.right, out = [];
    const ys = niceTicks(g.y[0], g.y[1], g.h / (3.2 * this.rem));
    for (const v of ys.ticks) {
      out.push(`<line class="grid" x1="${this.margin.left}" x2="${right}" y1="${g.py(v)}" y2="${g.py(v)}"/>`);
      out.push(`<text x="${this.margin.left - 7}" y="${g.py(v)}" dy="0.32em" text-anchor="end">${decimal(v, ys.digits)}</text>`);
    }
    const xs = this.log ? logTicks(g.x[0], g.x[1]) : niceTicks(g.x[0], g.x[1], g.w / (6 * this.rem)).ticks;
    for (const v of xs) out.push(`<text x="${g.px(v)}" y="${bottom + 1.1 * this.rem}" text-anchor="middle">${grouped(v)}</text>`);
    out.push(`<text x="${right}" y="${bottom + 2.1 * this.rem}" text-anchor="end">${this.counted}</text>`);
    out.push(`<clipPath id="inside"><rect x="${this.margin.left}" y="${this.margin.top - 4}" width="${g.w}" height="${g.h + 4}"/></clipPath>`);
    out.push('<g clip-path="url(#inside)">');
    let labelled = Infinity;
    for (const [step, name, value] of [...this.marks].reverse()) {
      const x = g.px(step), end = x > right - 70;
      out.push(`<line class="mark" x1="${x}" x2="${x}" y1="${this.margin.top}" y2="${bottom}"/>`);
      if (labelled - x < 70) continue;  // two words would overprint: the newer one stays
      labelled = x;
      out.push(`<text class="halo" x="${x + (end ? -4 : 4)}" y="${bottom - 6}" text-anchor="${end ? "end" : "start"}">${name} ${name === "rate" ? rateText(value) : value}</text>`);
    }
    out.push(`<path class="rival thin" d="${this.path(g, 1, this.rival)}"/><path class="rival" d="${this.path(g, 2, this.rival)}"/>`);
    out.push(`<path class="train" d="${this.path(g, 1)}"/><path class="held" d="${this.path(g, 2)}"/>${this.dots(g, 2)}${this.keptMark(g)}`);
    out.push("</g>", this.leaving(g, 1, "rival", this.rival), this.leaving(g, 2, "rival", this.rival), this.leaving(g, 1, "train"), this.leaving(g, 2, "held"), this.moves(g), ...this.lines.map(({ value, label, above }) => this.line(g, value, label, above)));
    if (this.shown !== null && this.shown >= g.x[0] && this.shown <= g.x[1]) {
      const x = g.px(this.shown), i = this.nearest(this.shown), v = i < 0 ? NaN : this.value(i);
      out.push(`<line class="now" x1="${x}" x2="${x}" y1="${this.margin.top}" y2="${bottom}"/>`);
      if (v >= g.y[0] && v <= g.y[1]) out.push(`<circle cx="${x}" cy="${g.py(v)}" r="4"/>`);
    }
    let index = this.shown === null ? this.points.length - 3 : this.nearest(this.shown);
    if (this.hover && this.rows()) {
      index = this.nearest(g.ix(this.hover.x));
      const x = g.px(this.points[index]);
      if (x >= this.margin.left && x <= right) out.push(`<line class="hover" x1="${x}" x2="${x}" y1="${this.margin.top}" y2="${bottom}"/>`);
    }
    if (this.drag && this.hover) {
      const { x, y } = this.drag, h = this.hover;
      out.push(`<rect class="box" x="${Math.min(x, h.x)}" y="${Math.min(y, h.y)}" width="${Math.abs(x - h.x)}" height="${Math.abs(y - h.y)}"/>`);
    }
    this.svg.innerHTML = out.join("");
    this.say({ readout: index < 0 || !this.rows() ? this.begun() : this.sentence(index) });
    this.find('[data-do="whole"]').hidden = !this.zoom;
    for (const name of ["log", "close"]) this.find(`[data-do="${name}"]`).setAttribute("aria-pressed", this[name]);
  }

  begun() {
    const values = this.losses.map((v, k) => `${this.names[k]} ${this.told(v)}`).join(" · ");
    return values ? `after ${this.counted} ${grouped(this.at)}: ${values} ${this.unit}` : `Both curves begin with the first ${this.counted}s of the training.`;
  }

  last(index, column) {  // the newest value of a curve at or before a row
    for (let i = index; i >= 0; i -= 3) if (this.points[i + column] === this.points[i + column]) return this.points[i + column];
    return NaN;
  }

  /** A loss in its unit, and as a perplexity where people speak of that. */
  told(loss) { return decimal(loss, 3) + (this.perplexity ? ` (perplexity ${decimal(Math.exp(loss), 3)})` : ""); }

  value(index) { const v = this.last(index, 1); return v === v ? v : this.last(index, 2); }

  sentence(index) {
    const part = (name, v) => (v === v ? `${name} ${this.told(v)}` : "");
    const values = this.names.map((name, k) => part(name, this.last(index, k + 1))).filter(Boolean).join(" · ");
    return `${this.counted} ${grouped(this.points[index])}: ${values} ${this.unit}`;
  }
}

export function rateText(rate) {
  if (!(rate > 0)) return "–";
  const power = Math.floor(Math.log10(rate) + 1e-9);
  return power >= -3 ? String(Number(rate.toPrecision(2))) : `${Number((rate / 10 ** power).toPrecision(2))}e${power}`;
}
