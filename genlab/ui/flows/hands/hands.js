// One layer in a visitor's hands: its numbers drawn in the plane and dragged, and the plane that bends at once.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";
import { Place } from "../../browser/place.js";
import { decimal, disc, packed, ramp, surface } from "../../browser/screen.js";
import { axes, write } from "../../browser/axes.js";
import { diverging } from "../../browser/stretch.js";
import { WarpPlane } from "../warp/plane.js";
import { PlanarHand, RadialHand, REACH, SplineHand } from "./kinds.js";

const MOST = 0.97;  // of the plane is coloured by its value: a narrow ridge must not pale the rest
const NEAR = 22, STEP = 0.05;  // pixels at which a mark is grasped; how far an arrow key moves it
const numbers = (text) => text.split(" ").map((part) => (part ? Number(part) : NaN));

const KINDS = { planar: PlanarHand, radial: RadialHand, spline: SplineHand };

class Hands extends Canvas {
  static FRAME = `<div class="base hands" role="group">
    <p class="h-words" data-say="words"></p>
    <div class="h-planes pictured">
      <figure><figcaption><b>x</b> <span>before the layer; blue: held-out data</span></figcaption><canvas data-panel="before" tabindex="0" role="application" aria-label="The plane before the layer. Enter goes from mark to mark, arrow keys move it."></canvas></figure>
      <figure><figcaption><b>y</b> <span>after the layer, nearer to the noise</span></figcaption><canvas data-panel="after" role="img" aria-label="the plane after the layer"></canvas></figure>
      <figure class="h-curve"><figcaption><b data-say="curve"></b> <span data-say="place"></span></figcaption><canvas data-panel="curve" tabindex="0" role="application" aria-label="The spline at the chosen place. Enter goes from knot to knot, arrow keys move it."></canvas></figure>
    </div>
    <div class="h-foot">
      <div class="colours"><span>log |det J|, data → noise, nats: from noise to data, areas</span><i></i><small><span data-say="low"></span><span>0</span><span data-say="high"></span></small></div>
      <button type="button" data-do="trained">Trained values</button>
    </div>
    <output class="h-said" data-say="said"></output>
  </div>`;

  /** @type {any} */
  hand = null;
  /** @type {any} */
  place = null;
  at = "";
  question = {};
  trained = [];
  /** The mark that is held, or that the arrow keys move. */
  chosen = "";
  /** Of the heat, in nats. */
  most = 1;

  constructor(host) {
    super(host, Hands.FRAME);
    this.planes = { before: new WarpPlane(this.canvas.before), after: new WarpPlane(this.canvas.after) };
    for (const name of ["before", "curve"]) this.listen(name);
  }

  receive({ meta: { source, question, at, place, ...page } }) {
    this.connect(page);
    this.question = { source, ...question };
    if (at !== this.at) this.place?.leave(this);
    this.at = at;
    this.place = Place.of(at, place, this, () => this.pose());
    this.pose();
  }

  pose() { this.follow({ ...this.question, layer: this.place.layer }, (meta, arrays) => this.take({ meta, ...arrays })); }

  take(data) {
    const { meta } = data, hand = new KINDS[meta.kind](data), linked = this.link("hand");
    this.trained = hand.values;
    if (linked) {
      const values = numbers(linked);
      if (values.length === hand.values.length && values.every((v) => Math.abs(v) <= 100) && hand.good(values)) hand.values = values;
    }
    for (const plane of Object.values(this.planes)) {
      plane.fit(meta.side, data.points.shape[0]);
      plane.cell = ((2 * meta.half) / (meta.side - 1)) ** 2 / 2;
    }
    this.planes.before.points.set(data.points.data);
    Object.assign(this, { hand, meta, chosen: "" });
    this.root.dataset.kind = meta.kind;
    this.say({ words: hand.words });
    this.wake();
    this.tell({ layer: meta.layer + 1, ready: true });
  }

  get changed() { return String(this.hand.values) !== String(this.trained); }

  get carried() { return { hand: this.changed ? this.hand.values.map((v) => +v.toFixed(3)).join(" ") : null }; }

  get does() { return { trained: () => { this.hand.values = this.trained; this.wake(); } }; }

  get view() { return { x: 0, y: 0, half: this.meta.half }; }

  // ---------------------------------------------------------------- drawing

  restyle() {
    super.restyle();
    const stretch = diverging(this.style.paper);
    Object.assign(this.style, { diverging: packed(stretch) });
    this.root.style.setProperty("--ramp", ramp([...stretch].reverse()));  // from log |det J| below 0 to above
  }

  draw() {
    const { meta: { side, half }, planes: { before, after }, hand } = this, map = hand.map();
    const sizes = new Float32Array(side * side);
    for (let row = 0, i = 0; row < side; row++) for (let column = 0; column < side; column++, i++) {
      const x1 = (2 * half * column) / (side - 1) - half, x2 = (2 * half * row) / (side - 1) - half, [y1, y2, stretch] = map(x1, x2);
      before.x[i] = x1;
      before.y[i] = x2;
      after.x[i] = y1;
      after.y[i] = y2;
      before.grown[i] = after.grown[i] = -stretch;
      sizes[i] = Math.abs(stretch);
    }
    for (let i = 0; i < before.points.length; i += 2) after.points.set(map(before.points[i], before.points[i + 1]).slice(0, 2), i);
    this.most = Math.max(0.1, Math.ceil(10 * sizes.sort()[Math.floor(MOST * sizes.length)]) / 10);
    for (const [name, plane] of Object.entries({ x: before, y: after })) {
      plane.draw({ view: this.view, scale: { stretch: this.most, top: 0 }, depth: 1, style: this.style, rem: this.rem, show: { stretch: true, mesh: true, points: true },
        way: "normalize", name, hover: -1, points: plane.points, stages: 1 });
    }
    this.over("before", half, (pen) => hand.draw(pen, half));
    if (!hand.curve) return;
    this.over("curve", REACH, (pen) => hand.curve(pen), true);
  }

  /** Draws over a plane, with its marks. */
  over(name, half, paint, empty = false) {
    const { context, width } = surface(this.canvas[name]), unit = width / (2 * half), { style } = this;
    if (!width) return;
    /** @returns {[number, number]} */
    const at = ([x, y]) => [(x + half) * unit, (half - y) * unit];
    if (empty) {
      context.clearRect(0, 0, width, width);
      axes(context, width, { x: 0, y: 0, half }, this);
      write(context, this.hand.names[1], width - 4, width - 5, this, "right");
      write(context, this.hand.names[2], 6, 4, this, "left", "top");
    }
    const stroke = (places, colour, wide, dash = []) => {
      context.setLineDash(dash);
      context.lineJoin = "round";
      context.beginPath();
      for (const place of places) context.lineTo(...at(place));
      for (const [line, paper] of [[wide + 2.5, true], [wide, false]]) {
        Object.assign(context, { lineWidth: line, strokeStyle: paper ? style.paper : style[colour], globalAlpha: 1 });
        context.stroke();
      }
      context.setLineDash([]);
    };
    const pen = {
      path: stroke,
      line: (from, to, colour, wide) => stroke([from, to], colour, wide),
      circle: ([x, y], radius, colour) => stroke(Array.from({ length: 91 }, (_, i) => [x + radius * Math.cos((i * Math.PI) / 45), y + radius * Math.sin((i * Math.PI) / 45)]), colour, 1.8),
      arrow: (from, to, colour, dash = []) => {
        const long = Math.hypot(to[0] - from[0], to[1] - from[1]);
        if (long * unit < 3) return;
        const [a, b] = [(to[0] - from[0]) / long, (to[1] - from[1]) / long], head = Math.min(9 / unit, long);
        stroke([from, to], colour, 2, dash);
        stroke([[to[0] - head * (a - 0.5 * b), to[1] - head * (b + 0.5 * a)], to, [to[0] - head * (a + 0.5 * b), to[1] - head * (b - 0.5 * a)]], colour, 2);
      },
      write: (words, place) => { const [x, y] = at(place); write(context, words, x + 0.8 * this.rem, y - 0.7 * this.rem, this, "left", "middle"); },
    };
    paint(pen);
    for (const mark of this.marks(name)) {
      disc(context, ...at(mark.at), mark.name === this.chosen ? 8 : 6, style.now, style.paper, 2);
    }
  }

  write() {
    const { hand } = this;
    this.say({ said: hand.said(), low: `≤ −${this.most} grew`, high: `shrank ≥ ${this.most}` });
    if (hand.names) this.say({ curve: `${hand.names[2]} of ${hand.names[1]}`, place: `where ${hand.names[0]} = ${decimal(hand.place(hand.column))}` });
    this.find('[data-do="trained"]').disabled = !this.changed;
    this.tell({ values: hand.values.map((v) => +v.toFixed(4)).join(" ") });
  }

  // ---------------------------------------------------------------- hands

  reach(name) { return name === "curve" ? REACH : this.meta.half; }

  /** The marks on a canvas; one that would lie outside stands at its edge.
   * @returns {import("./kinds.js").Mark[]} */
  marks(name) {
    const edge = 0.95 * this.reach(name), clamp = (v) => Math.max(-edge, Math.min(edge, v));
    return this.hand.marks(this.meta.half).filter(({ canvas }) => canvas === name).map((mark) => ({ ...mark, at: mark.at.map(clamp) }));
  }

  listen(name) {
    const canvas = this.canvas[name], reach = () => this.reach(name);
    /** @returns {[number, number]} */
    const inPlane = (event) => { const [x, y] = this.part(event, canvas); return [(2 * x - 1) * reach(), (1 - 2 * y) * reach()]; };
    this.pointer(canvas, {
      grasp: (event) => {
        const place = inPlane(event), unit = canvas.clientWidth / (2 * reach());
        let nearest = this.hand.curve && name === "before" ? Infinity : NEAR / unit, chosen = "";  // the red line follows from anywhere
        for (const mark of this.marks(name)) {
          const far = Math.hypot(mark.at[0] - place[0], mark.at[1] - place[1]);
          if (far < nearest) [nearest, chosen] = [far, mark.name];
        }
        this.chosen = chosen;
        this.wake();
        if (!chosen) return false;
        this.drag(place);
      },
      drag: (event) => this.drag(inPlane(event)),
    });
    // A finger scrolls the page, unless it has a mark.
    canvas.addEventListener("touchstart", (event) => { if (this.chosen) event.preventDefault(); }, { passive: false });
  }

  drag(place) {
    const clamp = (v) => Math.max(-REACH, Math.min(REACH, v));
    this.hand.marks(this.meta.half).find(({ name }) => name === this.chosen)?.to([clamp(place[0]), clamp(place[1])]);
    this.wake();
  }

  key(event) {
    const canvas = ["before", "curve"].find((name) => this.canvas[name] === event.target);
    if (!canvas) return;
    const marks = this.marks(canvas), at = marks.findIndex(({ name }) => name === this.chosen);
    const by = (x, y) => () => {
      const mark = marks[Math.max(0, at)];
      this.chosen = mark.name;
      const step = this.hand.curve && canvas === "before" ? (2 * this.meta.half) / (this.meta.side - 1) : STEP;
      this.drag([mark.at[0] + step * x, mark.at[1] + step * y]);
    };
    this.act(event, { ArrowLeft: by(-1, 0), ArrowRight: by(1, 0), ArrowUp: by(0, 1), ArrowDown: by(0, -1),
      Enter: () => { this.chosen = marks[(at + 1) % marks.length].name; this.wake(); } });
  }

  leave() {
    super.leave();
    this.place?.leave(this);
  }
}

export default component(".hands-host", (host) => new Hands(host));
