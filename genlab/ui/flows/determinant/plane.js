// Matrices [a, b, c, d] stand for ((a, b), (c, d)): column j is (m[j], m[j + 2]).
import { decimal as written, ease } from "../../browser/screen.js";

export const UNIT = [1, 0, 0, 1];
const TICKS = Array.from({ length: 25 }, (_, k) => k - 12), FAR = 12;  // lines of the grid, and how long they are
export const FLAT = 1e-4;  // a determinant below it is called 0: links carry six decimals
const MAGNET = 0.06;  // a column that is let so near to the line of the other one falls onto it
export const determinant2 = (/** @type {any} */ [a, b, c, d]) => a * d - b * c;
export const times = (/** @type {any} */ [a, b, c, d], /** @type {any} */ [e, f, g, h]) => [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h];
export const between = (from, to, t) => from.map((v, i) => v + t * (to[i] - v));
export const calm = matchMedia("(prefers-reduced-motion: reduce)");

const ROUNDING = 1e-9;  // what floating point may leave of a 0

/** As on all pages, where rounding has left nothing. */
export const decimal = (value, digits = 2) => written(Math.abs(value) < ROUNDING ? 0 : value, digits);

/** As short as it can be: 2, −1.5, 0.25. */
export const short = (value) => decimal(value).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");

function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

/** Calls `step(t)` with t from 0 to 1, once a frame; returns a function that ends it. Without motion it is there at once. */
export function glide(ms, step, done = () => {}) {
  if (calm.matches) { step(1); done(); return () => {}; }
  const begin = performance.now();
  let frame = requestAnimationFrame(function move(now) {
    const t = Math.max(0, Math.min(1, (now - begin) / ms));
    step(ease(t));
    if (t < 1) frame = requestAnimationFrame(move); else done();
  });
  return () => cancelAnimationFrame(frame);
}

let planes = 0;

/** The plane under a matrix: grid, unit square, its image, and two columns that can be dragged. `moved(matrix)` is called while a
 *  column is on its way, `released()` when it was let go. Without `moved` it stands still. */
export class Plane {
  /** @param {any} host
   *  @param {string} name
   *  @param {{ limit?: number, moved?: ((matrix: number[]) => void) | null, released?: () => void, snap?: () => boolean }} hands */
  constructor(host, name, { limit = 3, moved = null, released = () => {}, snap = () => false }) {
    this.name = name;
    this.limit = limit;
    this.moved = moved;
    this.released = released;
    this.snap = snap;
    this.half = 2.6;  // of the smaller side of what is seen
    /** @type {number[]} */
    this.matrix = UNIT;
    /** @type {number[] | null} */
    this.ghost = null;
    /** @type {{ j: number, x: number, y: number } | null} */
    this.held = null;
    const stripes = `stripes-${planes++}`, lines = TICKS.map((k) => `M${k} ${-FAR}V${FAR}M${-FAR} ${k}H${FAR}`).join("");
    const layer = (kind, d) => svg("path", { class: kind, d });
    this.flat = svg("g", {}, layer("grid", lines), layer("axes", `M${-FAR} 0H${FAR}M0 ${-FAR}V${FAR}`));
    this.bent = layer("bent", "");
    this.square = svg("g", {}, layer("unit", "M0 0H1V1H0Z"));
    this.before = svg("polygon", { class: "ghost" });
    this.image = svg("polygon", { class: "image" });
    this.letter = svg("g", {}, layer("letter", "M0.4 0.25V0.8H0.72M0.4 0.55H0.64"));
    this.arc = svg("path", { class: "arc" });
    this.point = svg("path", { class: "tip" });
    this.area = svg("text", { class: "area" });
    this.numbers = TICKS.filter(Boolean).flatMap((k) => [[k, 0], [0, k]].map((at) => {
      const node = svg("text", { class: "tick", "text-anchor": at[0] ? "middle" : "end" });
      node.textContent = short(k);
      return { node, at };
    }));
    this.hint = svg("text", { class: "hint" });
    this.columns = [0, 1].map((j) => {
      const column = svg("g", { class: "column" }, svg("line"), svg("circle", { class: "reach", r: 24 }),
        svg("circle", { class: "ring", r: 13 }), svg("circle", { class: "knob", r: moved ? 9 : 4 }), svg("text"));
      if (moved) this.listen(column, j);
      return column;
    });
    const pattern = svg("pattern", { id: stripes, width: 7, height: 7, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
      svg("path", { class: "stripe", d: "M0 0V7" }));
    this.stripes = `url(#${stripes})`;
    this.root = svg("svg", { class: moved ? "plane new" : "plane still", role: "group", "aria-label": `the plane under ${name}` },
      svg("defs", {}, pattern), this.flat, ...this.numbers.map(({ node }) => node), this.square, this.bent, this.before, this.image, this.letter, this.arc, this.point,
      ...this.columns, this.area, this.hint);
    host.append(this.root);
    this.watch = new ResizeObserver(() => this.draw());
    this.watch.observe(this.root);
  }

  show(matrix, ghost = null) {
    this.matrix = matrix;
    this.ghost = ghost;
    this.draw();
  }

  draw() {
    const { width, height } = this.root.getBoundingClientRect(), { matrix: m } = this, wide = width > 260;
    if (!width || !height) return;
    const scale = (this.scale = Math.min(width, height) / (2 * this.half));
    const at = (x, y) => [scale * x, -scale * y], [a, b, c, d] = m, det = determinant2(m);
    const set = (node, attributes) => { for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value); };
    set(this.root, { viewBox: `${-width / 2} ${-height / 2} ${width} ${height}` });
    for (const node of [this.flat, this.square]) set(node, { transform: `scale(${scale} ${-scale})` });
    for (const { node, at: [x, y] } of this.numbers) set(node, { x: scale * x - (x ? 0 : 5), y: x ? 14 : 4 - scale * y });
    set(this.letter, { transform: `matrix(${[scale * a, -scale * c, scale * b, -scale * d, 0, 0]})` });
    // Point by point: SVG draws nothing under a transform that is not invertible, and then most is to be seen.
    const lead = (u, v) => at(a * u + b * v, c * u + d * v);
    set(this.bent, { d: TICKS.map((k) => `M${lead(k, -FAR)}L${lead(k, FAR)}M${lead(-FAR, k)}L${lead(FAR, k)}`).join("") });
    const corners = (/** @type {any} */ [a, b, c, d]) => [at(0, 0), at(a, c), at(a + b, c + d), at(b, d)].join(" ");
    set(this.image, { points: corners(m) });
    set(this.before, { points: this.ghost ? corners(this.ghost) : "" });
    this.root.classList.toggle("over", det < -FLAT);
    this.image.style.fill = det < -FLAT ? this.stripes : "";
    this.columns.forEach((column, j) => {
      const [x, y] = at(m[j], m[j + 2]), [line, ...marks] = column.children, length = Math.hypot(x, y) || 1;
      set(line, { x1: 0, y1: 0, x2: x, y2: y });
      for (const mark of marks.slice(0, 3)) set(mark, { cx: x, cy: y });
      const room = width / 2 - (wide ? 66 : 14);
      const outside = x + (20 * x) / length, beside = Math.max(-room, Math.min(room, outside));
      const clear = beside === outside ? 0 : y > 0 ? 20 : -20;  // of the knob, where the picture's edge moves the label
      set(marks[3], { x: beside, y: y + (20 * y) / length + 5 + clear, "text-anchor": x > 0.3 * length ? "start" : x < -0.3 * length ? "end" : "middle" });
      marks[3].textContent = this.moved && wide ? `column ${j + 1}` : `${j + 1}`;
      if (this.moved) {
        set(column, { "aria-valuenow": m[j].toFixed(2), "aria-valuetext": `${decimal(m[j])} right, ${decimal(m[j + 2])} up; determinant ${decimal(det)}` });
      }
    });
    this.turn();
    const [x, y] = at(a + b, c + d), far = Math.hypot(x, y) || 1, within = (v, side) => Math.max(16 - side / 2, Math.min(side / 2 - 16, v));
    set(this.area, { x: within(x + (24 * x) / far, width - (wide ? 60 : 10)), y: within(y + (16 * y) / far + 5, height) });
    this.area.textContent = `${wide ? "area " : ""}${Math.abs(det) < FLAT ? 0 : decimal(Math.abs(det))}`;
    this.hint.textContent = !this.moved ? "" : wide ? "drag a red point" : "drag";
    set(this.hint, { x: 0, y: wide ? 24 - height / 2 : height / 2 - 10 });
    this.root.dataset.det = det;
  }

  /** The little arc from the first column to the second: against the clock where the determinant is positive. */
  turn() {
    const [a, b, c, d] = this.matrix, from = Math.atan2(c, a), short = Math.min(Math.hypot(a, c), Math.hypot(b, d)) * this.scale;
    const angle = Math.atan2(a * d - b * c, a * b + c * d), radius = Math.min(30, 0.6 * short);
    const flat = Math.abs(determinant2(this.matrix)) < FLAT || radius < 8;
    this.arc.setAttribute("d", "");
    this.point.setAttribute("d", "");
    if (flat) return;
    const spot = (t, r) => [r * Math.cos(t), -r * Math.sin(t)], to = from + angle, back = to - Math.sign(angle) * Math.min(Math.abs(angle), 9 / radius);
    this.arc.setAttribute("d", `M${spot(from, radius)}A${radius} ${radius} 0 0 ${angle > 0 ? 0 : 1} ${spot(back, radius)}`);
    this.point.setAttribute("d", `M${spot(to, radius)}L${spot(back, radius + 5)}L${spot(back, radius - 5)}Z`);
  }

  listen(column, j) {
    const { name } = this;
    for (const [key, value] of Object.entries({ tabindex: 0, role: "slider", "aria-label": `column ${j + 1} of ${name}` })) column.setAttribute(key, value);
    // Chromium heeds touch-action on the picture as a whole only, and elsewhere in it a finger shall scroll the page.
    column.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
    column.onpointerdown = (event) => {
      if (event.button) return;
      column.setPointerCapture(event.pointerId);
      const [x, y] = this.locate(event);
      this.held = { j, x: this.matrix[j] - x, y: this.matrix[j + 2] - y };
      this.root.classList.remove("new");
      event.preventDefault();
      column.focus({ preventScroll: true });
    };
    column.onpointermove = (event) => {
      if (this.held?.j !== j) return;
      const [x, y] = this.locate(event);
      this.place(j, x + this.held.x, y + this.held.y, true);
    };
    column.onpointerup = column.onpointercancel = () => { if (this.held) { this.held = null; this.released(); } };
    column.onkeydown = (event) => {
      const move = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
      if (!move) return;
      event.preventDefault();
      this.root.classList.remove("new");
      const step = event.shiftKey || this.snap() ? 0.25 : 0.05, tidy = (v) => Math.round(v / step) * step;
      this.place(j, tidy(this.matrix[j] + step * move[0]), tidy(this.matrix[j + 2] + step * move[1]), false);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.released(), 300);
    };
  }

  locate(event) {
    const box = this.root.getBoundingClientRect();
    return [(event.clientX - box.left - box.width / 2) / this.scale, (box.top + box.height / 2 - event.clientY) / this.scale];
  }

  place(j, x, y, drawn) {
    const clamp = (v) => Math.max(-this.limit, Math.min(this.limit, v)), box = this.root.getBoundingClientRect();
    if (drawn) {  // the knob stays in the picture
      const [right, up] = [box.width, box.height].map((side) => side / 2 / this.scale - 0.12);
      [x, y] = [Math.max(-right, Math.min(right, x)), Math.max(-up, Math.min(up, y))];
    }
    if (drawn && this.snap()) [x, y] = [Math.round(4 * x) / 4, Math.round(4 * y) / 4];
    else if (drawn) {
      const [u, v] = [this.matrix[1 - j], this.matrix[3 - j]], length = Math.hypot(u, v);
      [x, y] = [x, y].map((v) => Math.round(100 * v) / 100);  // what is written is what is drawn
      if (Math.hypot(x, y) < MAGNET) [x, y] = [0, 0];
      else if (length && Math.abs(x * v - y * u) / length < MAGNET) {
        const along = (x * u + y * v) / length ** 2;
        [x, y] = [along * u, along * v];
      }
    }
    const matrix = [...this.matrix];
    [matrix[j], matrix[j + 2]] = [clamp(x), clamp(y)];
    this.moved(matrix);
  }
}

/** The entries of an n × n matrix, to be typed in where `changed(values)` is given; what is not a number gets one sentence. */
export class Cells {
  /** @param {any} host
   *  @param {string} name
   *  @param {number} n
   *  @param {{ limit?: number, digits?: number, changed?: ((values: number[]) => void) | null, released?: () => void, say?: (text: string) => void }} hands */
  constructor(host, name, n, { limit = 3, digits = 2, changed = null, released = () => {}, say = (_text) => {} }) {
    this.write = digits ? (value) => decimal(value, digits) : short;
    /** @type {number[]} */
    this.values = [];
    const read = (text) => Number(text.trim().replace("−", "-").replace(",", ".") || NaN);
    const wrong = (value) => Number.isNaN(value) || Math.abs(value) > limit;
    this.nodes = Array.from({ length: n * n }, (_, k) => {
      const node = /** @type {HTMLInputElement} */ (document.createElement(changed ? "input" : "output")), where = `row ${Math.floor(k / n) + 1}, column ${(k % n) + 1}`;
      node.ariaLabel = `${name}, ${where}`;
      if (!changed) return node;
      Object.assign(node, { type: "text", inputMode: "text", autocomplete: "off", spellcheck: false });
      node.oninput = () => {
        const value = read(node.value);
        node.setAttribute("aria-invalid", String(wrong(value)));
        if (!wrong(value)) changed(this.values.map((old, i) => (i === k ? value : old)));
      };
      node.onchange = () => {
        const value = read(node.value), kept = `The entry stays ${this.write(this.values[k])}.`;
        say(!wrong(value) ? "" : Number.isNaN(value) ? `“${node.value.slice(0, 20)}” is not a number. ${kept}`
          : `Entries lie between −${limit} and ${limit}. ${kept}`);
        node.setAttribute("aria-invalid", "false");
        node.value = this.write(this.values[k]);
        released();
      };
      node.onfocus = () => node.select();
      return node;
    });
    this.root = document.createElement("div");
    this.root.className = "cells";
    this.root.style.setProperty("--n", String(n));
    this.root.append(...this.nodes);
    host.replaceChildren(this.root);
  }

  /** New values; an entry that is being typed stays as it is typed. */
  show(values) {
    this.values = values;
    const typing = /** @type {ShadowRoot} */ (this.root.getRootNode()).activeElement;
    this.nodes.forEach((node, k) => { if (node !== typing) node.value = this.write(values[k]); });
  }

  hold(places) { this.nodes.forEach((node, k) => node.classList.toggle("held", places.includes(k))); }
}
