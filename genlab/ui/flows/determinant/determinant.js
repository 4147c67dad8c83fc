import { component } from "../../browser/component.js";
import { CurvedView } from "./curved.js";
import { Cells, FLAT, Plane, UNIT, between, calm, decimal, determinant2, glide, short, times } from "./plane.js";
import { LIMIT, MANY, View, meaning } from "./view.js";

class MatrixView extends View {
  begin() {
    const hands = this.hands(0);
    this.plane = new Plane(this.spot("plane", "M"), "M", hands);
    this.cells = new Cells(this.spot("cells", "M"), "M", 2, hands);
    this.presets((values) => this.go(values));
    const { values } = this;
    this.show(UNIT);
    this.stop = glide(900, (t) => this.show(between(UNIT, values, t)), () => this.show(values));
  }

  show(values) {
    this.values = values;
    const [a, b, c, d] = values, det = determinant2(values), factor = (v) => (v < 0 ? `(${decimal(v)})` : decimal(v));
    this.plane.show(values);
    this.cells.show(values);
    this.number("det", det);
    this.say({ formula: `= ${decimal(a)} · ${factor(d)} − ${factor(b)} · ${factor(c)}` });
    this.say({ words: meaning(values, det) });
    this.tell({ det });
  }
}

class ProductView extends View {
  /** @type {Record<string, Plane>} */
  planes = {};
  /** @type {Record<string, Cells>} */
  cells = {};

  get does() {
    return { play: () => this.play(), undo: () => this.undo(), swap: () => this.go([...this.values.slice(4), ...this.values.slice(0, 4)]) };
  }

  begin() {
    for (const { name, slice } of [{ name: "A", slice: 0 }, { name: "B", slice: 4 }]) {
      const hands = this.hands(slice);
      this.planes[name] = new Plane(this.spot("plane", name), name, hands);
      this.cells[name] = new Cells(this.spot("cells", name), name, 2, hands);
    }
    this.planes.AB = new Plane(this.spot("plane", "AB"), "AB", {});
    this.cells.AB = new Cells(this.spot("cells", "AB"), "AB", 2, {});
    this.show(this.values);
    this.play();
  }

  show(values, seen = null) {
    this.values = values;
    const A = values.slice(0, 4), B = values.slice(4), AB = times(A, B), dets = { detA: determinant2(A), detB: determinant2(B), detAB: determinant2(AB) };
    const reach = (m) => Math.max(...[0, 1].flatMap((j) => [Math.abs(m[j]), Math.abs(m[j + 2])]), Math.abs(m[0] + m[1]), Math.abs(m[2] + m[3]));
    this.planes.A.show(A);
    this.planes.B.show(B);
    this.planes.AB.half = Math.max(2.6, 1.12 * Math.max(reach(AB), reach(B)));
    this.planes.AB.show(seen?.matrix ?? AB, B);
    for (const [name, matrix] of Object.entries({ A, B, AB })) this.cells[name].show(matrix);
    for (const [name, det] of Object.entries(dets)) this.number(name, det);
    this.number("product", dets.detA * dets.detB);
    this.say({ stage: seen?.words ?? "first B, then A" });
    const flat = Object.entries({ A: dets.detA, B: dets.detB }).filter(([, det]) => Math.abs(det) < FLAT).map(([name]) => name);
    this.say({ words: flat.length ? `${flat.join(" and ")} ${flat.length > 1 ? "flatten" : "flattens"} the plane: the product is flat too, and nothing brings it back.`
      : "B multiplies every area by det B, A multiplies what comes out by det A: the factors multiply, and two mirrors make none." });
    this.tell({ dets: [dets.detA, dets.detB, dets.detAB] });
  }

  /** The third picture, in the order in which things happen. */
  play() {
    this.stop();
    const A = this.values.slice(0, 4), B = this.values.slice(4), AB = times(A, B);
    if (calm.matches) return;
    this.stop = glide(1000, (t) => this.show(this.values, { matrix: between(UNIT, B, t), words: "now B …" }), () => {
      this.stop = glide(1200, (t) => this.show(this.values, { matrix: between(B, AB, t), words: "… now A on top" }), () => this.show(this.values));
    });
  }

  undo() {
    const B = this.values.slice(4), [a, b, c, d] = B, det = determinant2(B), inverse = [d, -b, -c, a].map((v) => v / det);
    if (Math.abs(det) < FLAT) this.say({ said: "B has no inverse: its determinant is 0. A stays as it is." });
    else if (inverse.some((v) => Math.abs(v) > LIMIT)) this.say({ said: `The inverse of B has entries beyond ±${LIMIT}, out of the picture. A stays as it is.` });
    else { this.say({ said: "" }); this.go([...inverse, ...B]); }
  }
}

class TermsView extends View {
  timer = 0;
  at = 0;
  /** @type {Record<string, any>[]} */
  rows = [];

  get does() { return { play: () => (this.timer ? this.pause() : this.play()), back: () => this.step(-1), on: () => this.step(1) }; }

  receive(data) {
    const n = this.meta?.n;
    super.receive(data);
    if (n !== this.meta.n) this.build();
  }

  get carried() { return { term: this.at === this.rows.length - 1 ? null : Math.max(0, this.at) + 1 }; }

  begin() {
    this.body = this.find("tbody");
    this.list = this.find(".list");
    this.presets((values) => { this.values = values; this.show(); this.hand(); });
  }

  key(event) {
    if (event.target !== this.list) return;
    const { back, on, play } = this.does;
    this.act(event, { ArrowUp: back, ArrowLeft: back, ArrowDown: on, ArrowRight: on, Home: () => this.step(-99), End: () => this.step(99), " ": play });
  }

  leave() {
    super.leave();
    this.pause();
  }

  /** The n! rows; later only their numbers change. */
  build() {
    const { n, terms } = this.meta;
    this.cells = new Cells(this.spot("cells", "N"), "M", n, {
      limit: MANY, digits: 0, say: (text) => this.say({ said: text }), released: () => this.hand(),
      changed: (block) => {
        this.values = this.values.map((v, k) => (Math.floor(k / 4) < n && k % 4 < n ? block[Math.floor(k / 4) * n + (k % 4)] : v));
        this.show();
      },
    });
    this.rows = terms.map(([permutation, inversions, sign], k) => {
      const row = this.body.ownerDocument.createElement("tr"), bar = document.createElement("i"), zero = document.createElement("s");
      const cells = Array.from({ length: 7 }, () => document.createElement("td"));
      cells[0].textContent = permutation.map((j) => j + 1).join(" ");
      cells[1].textContent = String(inversions);
      cells[2].textContent = sign > 0 ? "+" : "−";
      cells[2].className = sign > 0 ? "plus-text" : "minus-text";
      cells[3].className = "factors";
      cells[6].className = "bars";
      cells[6].append(zero, bar);
      row.append(...cells);
      row.onpointerenter = (event) => { if (event.pointerType === "mouse") { this.pause(); this.at = k; this.show(); } };
      row.onclick = () => { this.pause(); this.at = k; this.show(); };
      return { row, cells, bar, zero };
    });
    this.body.className = n < 4 ? "roomy" : "";
    this.body.replaceChildren(...this.rows.map(({ row }) => row));
    const term = Number(this.link("term") || NaN), linked = Number.isInteger(term) && term >= 1 && term <= terms.length;
    this.at = linked ? term - 1 : terms.length - 1;
    this.show();
    if (!linked && !calm.matches) this.play();
  }

  step(by) {
    this.pause();
    this.at = Math.max(0, Math.min(this.rows.length - 1, this.at + by));
    this.show();
  }

  play() {
    this.pause();
    if (this.at >= this.rows.length - 1) this.at = -1;
    this.find('[data-do="play"]').textContent = "Pause";
    const next = () => {
      this.at += 1;
      this.show();
      if (this.at >= this.rows.length - 1) this.pause();
    };
    this.timer = window.setInterval(next, this.meta.n === 4 ? 280 : 700);
    next();
  }

  pause() {
    clearInterval(this.timer);
    this.timer = 0;
    this.find('[data-do="play"]').textContent = "Add up";
  }

  show() {
    const { n, terms } = this.meta, entry = (i, j) => this.values[4 * i + j], at = Math.max(0, this.at);
    const digits = Array.from({ length: n * n }, (_, k) => entry(Math.floor(k / n), k % n));
    let sum = 0;
    const sums = terms.map(([permutation, , sign]) => {
      const factors = permutation.map((j, i) => entry(i, j)), product = sign * factors.reduce((a, b) => a * b, 1), from = sum;
      sum += product;
      return { factors, product, from, to: sum };
    });
    const low = Math.min(0, ...sums.map((s) => s.to)), high = Math.max(0, ...sums.map((s) => s.to)), span = high - low || 1;
    const place = (v) => `${(100 * (v - low)) / span}%`;
    this.rows.forEach(({ row, cells, bar, zero }, k) => {
      const { factors, product, from, to } = sums[k];
      cells[3].textContent = factors.map((v) => (v < 0 ? `(${short(v)})` : short(v))).join(" · ");
      cells[4].textContent = short(product);
      cells[5].textContent = short(to);
      zero.style.left = place(0);
      Object.assign(bar.style, { left: place(Math.min(from, to)), width: product ? `${(100 * Math.abs(product)) / span}%` : 0,
        background: product > 0 ? "var(--plus)" : product ? "var(--striped)" : "var(--quiet)" });
      row.classList.toggle("later", k > at);
      row.classList.toggle("here", k === at);
    });
    this.cells.show(digits);
    const [permutation, inversions, sign] = terms[at], { product, to } = sums[at];
    this.cells.hold(permutation.map((j, i) => i * n + j));
    this.number("det", sum, short);
    const names = permutation.map((j, i) => `a${"₁₂₃₄"[i]}${"₁₂₃₄"[j]}`).join(" ");
    this.say({ term: `Term ${at + 1} of ${terms.length}: one factor from every row and every column, ${names}. ${inversions} ${inversions === 1 ? "inversion (a pair" : "inversions (pairs"} in the wrong order), `
      + `so the sign is ${sign > 0 ? "+" : "−"}, and the term ${short(product)}. Sum so far: ${short(to)}${at === terms.length - 1 ? ", the determinant" : ""}.` });
    this.tell({ det: sum, at });
  }
}

const VIEWS = { matrix: MatrixView, product: ProductView, terms: TermsView, curved: CurvedView };

/** One of the four views: the data say which. */
class Determinant {
  constructor(root) {
    this.root = root;
    /** @type {any} */
    this.send = null;
    /** @type {View | null} */
    this.view = null;
  }

  receive(data) {
    const section = this.root.querySelector(`[data-view="${data.meta.view}"]`);
    section.hidden = false;
    const first = !this.view;
    this.view ??= new VIEWS[data.meta.view](section);
    this.view.send = this.send;
    this.view.receive(data);
    if (first) this.view.enlarge();
  }

  leave() { this.view.leave(); }
}

export default component(".determinant", (root) => new Determinant(root));
