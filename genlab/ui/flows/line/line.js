// A flow on a line: the map between two densities, the noise pushed through it, a target drawn by hand.
import { component } from "../../browser/component.js";
import { PLAY, Playback } from "../../browser/playback.js";
import { colourMap, decimal, disc, download, sheet, surface } from "../../browser/screen.js";
import { diverging } from "../../browser/stretch.js";

const REACH = 3.5;  // of the z axis
const HEIGHTS = 64;  // of a drawn density
const TOUCH = matchMedia("(hover: none)").matches;
const bell = (z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

export class Line extends Playback {
  static NAMES = ["x", "f", "slope", "p", "mu", "nodes", "inverse"];
  static PACE = 4000;  // ms from noise to model
  static TAIL = 24;  // steps along which the first and the last piece are followed beyond the grid
  static LINES = 24;  // quantiles whose way is drawn; all of them travel
  static LOG = 2;  // nats at both ends of the diverging colours
  static FRAME = `
    <div class="base line" role="group" aria-label="A map between two densities on a line. Space plays and pauses, left and right push the noise, Home and End go to the ends. On the picture Enter keeps an x, left and right move it, Escape lets it go.">
      <div class="l-body">
        <div class="l-picture"><canvas data-panel="map" tabindex="0" role="img" aria-label="noise density at the left, the map in the middle, densities of data and model below"></canvas>
          <div class="l-pad"></div></div>
        <div class="l-side">
          <dl>
            <dt>NLL, E<sub>μ</sub>[−log μ<sub>X</sub>]</dt><dd data-say="nll"></dd>
            <dt>entropy of μ</dt><dd data-say="entropy"></dd>
            <dt>difference, KL(μ ‖ μ<sub>X</sub>)</dt><dd data-say="difference"></dd>
          </dl>
          <div class="colours"><span>log f̂′(x), data → noise, in nats: from z to x, the line</span><i></i><small><span>−2 grew</span><span>0</span><span>shrank 2</span></small></div>
          <output class="l-reading">
            <span>${TOUCH ? "Tap" : "Point at"} the picture to follow an x through the map${TOUCH ? "" : "; click to keep it"}. Where f̂ is steep, the noise is squeezed into little room: the model's density is high.</span>
            <div>
              <p>x = <span data-say="x"></span> → z = f̂(x) = <span data-say="z"></span></p>
              <p>f̂′(x) = <span data-say="slope"></span></p>
              <p>μ<sub>X</sub>(x) = N(z) · f̂′(x) = <span data-say="product"></span></p>
              <p>μ(x) = <span data-say="mu"></span></p>
            </div>
          </output>
          <div class="l-buttons">
            <button type="button" data-do="save" title="save this picture as PNG">Save picture</button>
            <button type="button" data-do="pen" title="draw the density of the data in the lower plot">Draw your own density</button>
            <button type="button" data-do="clear" title="start from an empty axis">Clear</button>
          </div>
        </div>
        <div class="l-transport">
          ${PLAY}
          <span>noise z</span>
          <input type="range" class="scrubber" min="0" max="1" step="any" aria-label="push the noise through the map">
          <span>f̂⁻¹(z)<span class="l-wide">, the model</span></span>
          <output data-say="t"></output>
        </div>
      </div>
    </div>`;

  t = 1;
  /** x under the pointer.
   * @type {number | null} */
  at = null;
  pen = false;
  /** Where the pen is.
   * @type {[number, number] | null} */
  held = null;
  /** What was drawn, until an answer to it arrives.
   * @type {Float32Array | null} */
  heights = null;
  /** Where the axis of densities ends; before and after a morph. */
  top = 1;
  before = 1;
  after = 1;
  /** Arrays by name: the newest, those that are shown, those from which a morph began, and the map beyond its grid.
   * @type {Record<string, any>} */
  target = {};
  /** @type {Record<string, any>} */
  shown = {};
  /** @type {Record<string, any>} */
  from = {};
  /** @type {Record<string, any>} */
  path = {};
  /** Whether `at` stays when the pointer goes. */
  kept = false;
  /** Parts of the picture in CSS pixels, see `layout`, and how much larger than on a small screen its words are. */
  grown = 1;
  left = 0;
  across = 1;
  map = { y: 0, height: 0 };
  strip = { y: 0, height: 0 };
  below = { y: 0, height: 0 };
  atX = (_x) => 0;
  atZ = (_z) => 0;
  atDensity = (_density) => 0;

  constructor(host) {
    super(host, Line.FRAME);
    this.pad = this.find(".l-pad");
    this.listen();
  }

  // ---------------------------------------------------------------- data

  show(id, data, duration) {
    if (id === this.id) return;
    const first = this.id === null, { meta } = data;
    const agree = !first && Line.NAMES.every((name) => data[name].data.length === this.target[name].data.length);
    if (!agree) {
      const copy = () => Object.fromEntries(Line.NAMES.map((name) => [name, new Float32Array(data[name].data)]));
      Object.assign(this, { shown: copy(), from: copy(), heights: null, held: null });
      this.path = Object.fromEntries(["x", "z", "slope"].map((name) => [name, new Float32Array(data.x.data.length + 2 * Line.TAIL)]));
    }
    // What is being drawn stays until a density arrives that can be the answer to it.
    if (this.held) this.replaced = data.mu.data;
    else if (this.heights && data.mu.data.some((v, i) => v !== this.replaced[i])) this.heights = null;
    for (const name of Line.NAMES) this.from[name].set(this.shown[name]);
    this.before = this.top;
    Object.assign(this, { id, meta, target: data, after: Line.top(data), morph: agree && duration && !this.calm.matches ? { duration } : null });
    if (!this.morph) this.blend(1);
    if (!meta.drawable) this.pen = false;
    if (first && !this.brought() && !this.calm.matches) this.play();
    this.wake();
  }

  /** The one layer is passed from 0, the data, to 1, the noise, as the layers of other flows. */
  get carried() { return { layer: +(1 - this.t).toFixed(2) || null, at: this.kept ? +this.at.toFixed(3) : null }; }

  /** Takes from the link what makes sense here; whether it asks for a place to stand at. */
  brought() {
    const number = (text) => (text ? Number(text) : NaN), layer = number(this.link("layer")), at = number(this.link("at"));
    if (at >= this.meta.low && at <= this.meta.high) Object.assign(this, { at, kept: true });
    if (!(layer >= 0 && layer <= 1)) return false;
    this.t = 1 - layer;
    return true;
  }

  /** Where the axis of densities ends. One narrow spike of the model must not flatten everything else. */
  static top({ p, mu }) {
    const high = Math.max(0.4, ...mu.data);
    return Math.ceil(5.4 * Math.max(high, Math.min(1.5 * high, Math.max(...p.data)))) / 5;
  }

  /** Brings what is shown a part of the way from what was shown to the newest data. */
  blend(part) {
    for (const name of Line.NAMES) {
      if (name === "mu" && this.heights) continue;
      const shown = this.shown[name], from = this.from[name], to = this.target[name].data;
      for (let i = 0; i < shown.length; i++) shown[i] = part === 1 ? to[i] : from[i] + part * (to[i] - from[i]);
    }
    if (!this.heights) this.top = part === 1 ? this.after : this.before + part * (this.after - this.before);
    this.extend();
  }

  /** The map beyond the grid, so that all of the noise is seen to travel. */
  extend() {
    const { path, shown: { x, f, slope } } = this, { TAIL } = Line, last = x.length - 1, end = path.x.length - 1;
    path.x.set(x, TAIL);
    path.z.set(f, TAIL);
    path.slope.set(slope, TAIL);
    const tail = (to, i, z) => {
      path.z[to] = z;
      path.slope[to] = slope[i];
      path.x[to] = x[i] + (z - f[i]) / slope[i];
    };
    for (let k = 0; k < TAIL; k++) {
      const near = k / TAIL;
      tail(k, 0, f[0] + (1 - near) * Math.min(0, -5 - f[0]));
      tail(end - k, last, f[last] + (1 - near) * Math.max(0, 5 - f[last]));
    }
  }

  // ---------------------------------------------------------------- moving

  /** Plays on, from the noise where the way is over. */
  play() {
    if (this.t === 1) this.t = 0;
    super.play();
  }

  onward() {
    if (this.t === 1) this.pause();
    else this.glide(1, Line.PACE * Math.max(0.2, 1 - this.t));
  }

  // ---------------------------------------------------------------- drawing

  restyle() {
    super.restyle();
    const written = (map) => map.map((c) => `rgb(${c.join(" ")})`);
    this.style.journey = written(colourMap([this.style.noise, this.style.model]));
    this.style.diverging = written(diverging(this.style.paper)).reverse();  // red where the data have more room than the noise
    this.root.style.setProperty("--ramp", this.style.diverging.filter((_, i) => i % 15 === 0).join());
  }

  /** Where the parts of the picture are, and the scales of x, z and density on the screen. */
  layout(width, height) {
    const { low, high } = this.meta, grown = (this.grown = this.rem / 16), left = (width < 480 ? 74 : 122) * grown, across = width - left - 12;
    const [head, foot, gap] = [24, 22, 47].map((pixels) => pixels * grown), map = { y: head, height: Math.round(0.68 * (height - head - foot - gap)) };
    const strip = { y: map.y + map.height + 8 * grown, height: 9 * grown }, y = map.y + map.height + gap, below = { y, height: height - foot - y };
    Object.assign(this, { left, across, map, strip, below,
      atX: (x) => left + ((x - low) / (high - low)) * across,
      atZ: (z) => map.y + ((REACH - z) / (2 * REACH)) * map.height,
      atDensity: (d) => below.y + below.height * (1 - d / this.top) });
    Object.assign(this.pad.style, { left: `${left}px`, top: `${below.y}px`, width: `${across}px`, height: `${below.height}px` });
  }

  draw() {
    const { context, width, height } = surface(this.canvas.map);
    if (!width) return;
    this.layout(width, height);
    this.context = context;
    context.clearRect(0, 0, width, height);
    context.lineJoin = "round";
    this.axes(width, height);
    this.noise();
    this.slopes();
    this.inside(this.below, () => this.densities());
    this.ways();
    this.inside(this.map, () => this.maps());
    if (this.at !== null) this.follow();
  }

  /** Draws with everything outside one part of the picture cut off. */
  inside({ y, height }, paint) {
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(this.left, y, this.across, height);
    context.clip();
    paint();
    context.restore();
  }

  /** Adds n points to a new path. */
  trace(n, x, y) {
    this.context.beginPath();
    for (let i = 0; i < n; i++) this.context.lineTo(x(i), y(i));
  }

  segment(x0, y0, x1, y1) {
    this.context.beginPath();
    this.context.moveTo(x0, y0);
    this.context.lineTo(x1, y1);
    this.context.stroke();
  }

  pencil(colour, width = 1, alpha = 1) {
    Object.assign(this.context, { strokeStyle: colour, fillStyle: colour, lineWidth: width, globalAlpha: alpha });
  }

  text(words, x, y, colour, align = "left", weight = 400, size = 12) {
    const { context } = this;
    Object.assign(context, { font: `${weight} ${size * this.grown}px ${this.style.font}`, textAlign: align, fillStyle: colour, globalAlpha: 1 });
    context.fillText(words, x, y);
    return context.measureText(words).width;
  }

  axes(width, height) {
    const { left, across, map, below, style } = this, { low, high } = this.meta, right = left + across, base = below.y + below.height;
    for (let x = Math.ceil(low / 2) * 2; x <= high; x += 2) {
      this.pencil(style.line);
      this.segment(this.atX(x), map.y, this.atX(x), map.y + map.height);
      this.segment(this.atX(x), below.y, this.atX(x), base + 4);
      this.text(decimal(x, 0), this.atX(x), height - 5, style.quiet, "center");
    }
    this.text("x", this.atX(high - 1), height - 5, style.quiet, "right");
    for (const z of [-2, 0, 2]) {
      this.pencil(style.line);
      this.segment(20, this.atZ(z), right, this.atZ(z));
      this.text(decimal(z, 0), 16, this.atZ(z) + 4, style.quiet, "right");
    }
    this.text("z", 16, this.atZ(3) + 4, style.quiet, "right");
    const step = this.top > 2 ? 1 : this.top > 1 ? 0.5 : 0.2;
    for (let d = 0; d <= this.top + 1e-6; d += step) {
      this.pencil(style.line);
      this.segment(left, this.atDensity(d), right, this.atDensity(d));
      this.text(d ? d.toFixed(1) : "0", left - 8, this.atDensity(d) + 4, style.quiet, "right");
    }
    this.pencil(style.line);
    for (const { y, height: tall } of [map, below]) this.context.strokeRect(left, y, across, tall);

    const small = width < 480;
    const g = this.grown, noise = this.text("noise", 20, 14 * g, style.noise, "left", 600);
    if (!small) this.text("N(0, 1)", 26 + noise, 14 * g, style.quiet);
    const word = this.text("the map f̂", left, 14 * g, style.ink, "left", 600);
    this.text(small ? "from x to z" : "from data x to noise z, steep where the data are dense", left + word + 8, 14 * g, style.quiet);
    this.text("log f̂′", left - 8, this.strip.y + 9 * this.grown, style.quiet, "right", 400, 11);
    let x = left;
    const key = (words, sub, colour) => {
      x += this.text(words, x, below.y - 8, colour, "left", 600);
      x += this.text(sub, x, below.y - 5, colour, "left", 600, 9) + 14;
    };
    key("data μ", "", style.data);
    key("model μ", "X", style.model);
    if (this.t < 1) key(small ? "noise, moving" : "noise on its way to the model", "", this.journey);
  }

  get journey() { return this.style.journey[Math.round(255 * this.t)]; }

  noise() {
    const { context, left, style } = this, reach = (left - 32) / bell(0), n = 81;
    const z = (i) => REACH * (1 - (2 * i) / (n - 1));
    this.trace(n, (i) => left - 6 - reach * bell(z(i)), (i) => this.atZ(z(i)));
    this.pencil(style.noise, 1.8, 0.22);
    context.fill();
    context.globalAlpha = 1;
    context.stroke();
  }

  /** log f̂′ as colours along x. */
  slopes() {
    const { context, strip, style, shown: { x, slope } } = this, last = x.length - 1;
    for (let i = 0; i <= last; i++) {
      const from = this.atX(i ? (x[i - 1] + x[i]) / 2 : x[0]), to = this.atX(i < last ? (x[i] + x[i + 1]) / 2 : x[last]);
      const part = Math.max(0, Math.min(1, 0.5 + Math.log(slope[i]) / (2 * Line.LOG)));
      this.pencil(style.diverging[Math.round(255 * part)]);
      context.fillRect(from, strip.y, to - from + 0.5, strip.height);
    }
    this.pencil(style.line);
    context.strokeRect(this.left, strip.y, this.across, strip.height);
  }

  densities() {
    const { context, style, t, path, shown: { x, p, mu }, atDensity } = this, base = atDensity(0);
    const curve = (n, at, density, colour, width, fill, alpha = 1) => {
      this.trace(n, at, density);
      this.pencil(colour, width, alpha);
      context.stroke();
      if (!fill) return;
      context.lineTo(at(n - 1), base);
      context.lineTo(at(0), base);
      context.globalAlpha = fill;
      context.fill();
    };
    const grid = (i) => this.atX(x[i]);
    curve(x.length, grid, (i) => atDensity(mu[i]), style.data, 1.8, 0.25);
    curve(x.length, grid, (i) => atDensity(p[i]), style.model, t < 1 ? 1.2 : 2, 0, t < 1 ? 0.6 : 1);
    if (t < 1) {
      const moved = (i) => atDensity((bell(path.z[i]) * path.slope[i]) / ((1 - t) * path.slope[i] + t));
      curve(path.x.length, (i) => this.atX(this.moved(path.x[i], path.z[i])), moved, this.journey, 2, 0.24 * (1 - t * t));
    }
    if (this.heights && !this.held && !this.heights.some(Boolean)) {
      const [x, y] = [this.left + this.across / 2, this.below.y + 20];
      this.pencil(style.paper);
      context.fillRect(x - 78, y - 15, 156, 21);
      this.text("draw a density here", x, y, style.data, "center", 600, 14);
    }
  }

  /** Where the noise z, whose place at the end is x, is now. */
  moved(x, z) { return (1 - this.t) * z + this.t * x; }

  /** Quantiles on their way: from the noise to the map, and down to the density. */
  ways() {
    const { context, style, map, below, shown: { inverse } } = this, count = inverse.length / 2, apart = Math.ceil(count / Line.LINES);
    const base = below.y + below.height, right = this.left + this.across, floor = map.y + map.height;
    for (let i = 0; i < count; i++) {
      const z = inverse[2 * i], x = this.atX(this.moved(inverse[2 * i + 1], z)), y = this.atZ(z);
      if (x < this.left || x > right) continue;
      if (i % apart === 0 && y > map.y && y < floor) {
        this.pencil(style.noise, 1, 0.55);
        this.segment(this.left - 6 - ((this.left - 32) * bell(z)) / bell(0), y, x, y);
        this.pencil(this.journey, 1, 0.6);
        this.segment(x, y, x, this.strip.y);
        this.pencil(this.journey, 1, 0.35);
        this.segment(x, below.y, x, base);
      }
      this.disc(x, base, 2.6, this.journey);
    }
    context.globalAlpha = 1;
  }

  disc(x, y, radius, colour) { disc(this.context, x, y, radius, colour, this.style.paper, 1); }

  /** The learned map with its nodes, and the map on the way to it from the identity. */
  maps() {
    const { context, style, path, t, shown: { nodes } } = this, height = (i) => this.atZ(path.z[i]);
    this.trace(path.x.length, (i) => this.atX(path.x[i]), height);
    this.pencil(style.model, 2.4, t < 1 ? 0.4 : 1);
    context.stroke();
    for (let i = 0; i < nodes.length; i += 2) {
      context.beginPath();
      context.arc(this.atX(nodes[i]), this.atZ(nodes[i + 1]), 2.8, 0, 7);
      context.fill();
    }
    if (t === 1) return;
    this.trace(path.x.length, (i) => this.atX(this.moved(path.x[i], path.z[i])), height);
    this.pencil(this.journey, 2.4);
    context.stroke();
  }

  /** The place in the arrays nearest to the x that is pointed at. */
  get nearest() {
    const { low, high } = this.meta;
    return Math.round(((this.at - low) / (high - low)) * (this.shown.x.length - 1));
  }

  follow() {
    const { style, below, map, left, shown: { x, f, p, mu } } = this, i = this.nearest, across = this.atX(x[i]), base = below.y + below.height;
    const up = Math.max(map.y, Math.min(map.y + map.height, this.atZ(f[i]))), edge = left - 6 - ((left - 32) * bell(f[i])) / bell(0);
    this.pencil(style.now, 1.6);
    this.segment(across, base, across, up);
    if (Math.abs(f[i]) < REACH) {
      this.segment(across, up, edge, up);
      this.disc(edge, up, 3.5, style.noise);
      this.disc(across, up, 4, style.now);
    }
    this.disc(across, Math.max(below.y, this.atDensity(mu[i])), 3.5, style.data);
    this.disc(across, Math.max(below.y, this.atDensity(p[i])), 3.5, style.model);
  }

  // ---------------------------------------------------------------- words

  write() {
    const { root, t, at, meta: { nll, entropy, drawable } } = this, nats = (v) => `${v === null ? "–" : decimal(v, 3)} nats`;
    this.say({ nll: nats(nll), entropy: nats(entropy), difference: nats(nll === null ? null : nll - entropy), t: `t = ${t.toFixed(2)}` });
    if (at !== null) {
      const i = this.nearest, { x, f, slope, p, mu } = this.shown;
      this.say({ x: decimal(x[i]), z: decimal(f[i]), slope: decimal(slope[i]), mu: decimal(mu[i]),
        product: `${decimal(bell(f[i]), 3)} × ${decimal(slope[i])} = ${decimal(p[i])}` });
    }
    this.transport(`${Math.round(100 * t)} % of the way from the noise to the model`);
    this.find('[data-do="pen"]').setAttribute("aria-pressed", this.pen);
    this.tell({ pen: this.pen, pointed: at !== null, drawable }, root);
    this.tell({ playing: this.playing, t: t.toFixed(2), drawing: this.pen, ready: true });
  }

  /** The picture with its numbers and its scale of colours, as a download. */
  save() {
    const { style, meta } = this, picture = this.canvas.map, ratio = picture.width / picture.clientWidth, gap = 20, head = 34, foot = 46;
    const width = picture.clientWidth, height = picture.clientHeight;
    const { canvas, context } = sheet((width + 2 * gap) * ratio, (height + head + foot) * ratio, style.paper);
    context.scale(ratio, ratio);
    context.drawImage(picture, gap, head, width, height);
    context.fillStyle = style.ink;
    context.font = `13px ${style.font}`;
    context.fillText(`${meta.nll === null ? "" : `NLL ${decimal(meta.nll, 3)} nats, `}entropy of the data ${decimal(meta.entropy, 3)} nats`, gap, 22, width);
    const words = `log f̂′ from −${Line.LOG} (grew from z to x) to ${Line.LOG} (shrank) nats`, y = head + height + 20, scale = 120;
    context.fillText(words, gap + scale + 12, y + 10, width - scale - 12);
    style.diverging.forEach((colour, i) => { context.fillStyle = colour; context.fillRect(gap + (i * scale) / 256, y, 1, 10); });
    download(canvas, "change-of-variables");
  }

  // ---------------------------------------------------------------- hands

  get does() { return { ...super.does, pen: () => this.take(!this.pen), clear: () => this.clear(), save: () => this.save() }; }

  listen() {
    const hover = (event) => { if (!this.kept || event.buttons) this.point(event.offsetX); };
    this.pointer(this.canvas.map, { hover, leave: (event) => { if (event.pointerType === "mouse" && !this.kept) this.point(null); } });
    this.on(this.canvas.map, "click", () => { this.kept = TOUCH || !this.kept; });
    this.pointer(this.pad, {
      grasp: (event) => {
        this.sketch();
        this.held = this.place(event);
        this.stroke(this.held);
      },
      drag: (event) => { if (this.held) this.stroke(this.place(event)); },  // else other data took the drawing away
      drop: () => this.hand(),
    });
  }

  point(at) {
    const { low, high } = this.meta;
    this.at = at === null ? null : Math.max(low, Math.min(high, low + ((at - this.left) / this.across) * (high - low)));
    this.wake();
  }

  /** Moves the x that is kept by places of the arrays. */
  along(by) {
    const { x } = this.shown;
    this.at = x[Math.max(0, Math.min(x.length - 1, this.nearest + by))];
    this.wake();
  }

  key(event) {
    const here = event.target === this.canvas.map, keep = here && !this.kept && (() => { this.at ??= 0; this.kept = true; this.wake(); });
    const step = event.shiftKey ? 1 : 5;
    if (here && this.kept) this.act(event, { ArrowLeft: () => this.along(-step), ArrowRight: () => this.along(step) });
    if (event.defaultPrevented) return;
    const small = event.shiftKey ? 0.01 : 0.05, by = (step) => () => this.go(this.t + step);
    this.travel(event, 0, { ArrowLeft: by(-small), ArrowDown: by(-small), ArrowRight: by(small), ArrowUp: by(small),
      Enter: keep, Escape: this.pen ? () => this.take(false) : this.kept && (() => { this.kept = false; this.point(null); }) });
  }

  // ---------------------------------------------------------------- the pen

  take(pen) {
    this.pen = pen;
    if (pen) this.go(1);
    else if (this.heights && !this.heights.some(Boolean)) {  // cleared, but nothing drawn: what was there comes back
      this.heights = null;
      this.blend(1);
    }
    this.wake();
  }

  /** Begins with the density on the screen, on the axis as it is: both stay until the answer to the drawing arrives. */
  sketch() {
    if (this.heights) return;
    if (this.morph) this.blend(1);
    this.morph = null;
    const { shown: { mu }, top, target } = this, at = (k) => Math.round((k / (HEIGHTS - 1)) * (mu.length - 1));
    this.replaced = target.mu.data;
    this.heights = Float32Array.from({ length: HEIGHTS }, (_, k) => Math.min(255, (255 * mu[at(k)]) / top));
  }

  clear() {
    this.sketch();
    this.heights.fill(0);
    this.paint();
  }

  /** Which height an event is at, with a fraction, and how high. */
  place(event) {
    const inside = (v, end) => Math.max(0, Math.min(end, v)), [x, y] = this.part(event, this.pad);
    return /** @type {[number, number]} */ ([inside(x * (HEIGHTS - 1), HEIGHTS - 1), inside((1 - y) * 255, 255)]);
  }

  stroke(to) {
    const [[a, first], [b, second]] = this.held[0] < to[0] ? [this.held, to] : [to, this.held];
    for (let k = Math.ceil(a); k <= b; k++) this.heights[k] = b > a ? first + ((k - a) / (b - a)) * (second - first) : second;
    this.heights[Math.round(to[0])] = to[1];
    this.held = to;
    this.paint();
  }

  /** The heights as the density that is shown. */
  paint() {
    const { heights, top, shown: { x, mu } } = this, { low, high } = this.meta;
    for (let i = 0; i < mu.length; i++) {
      const at = ((x[i] - low) / (high - low)) * (HEIGHTS - 1), k = Math.max(0, Math.min(HEIGHTS - 2, Math.floor(at)));
      mu[i] = ((heights[k] + (at - k) * (heights[k + 1] - heights[k])) * top) / 255;
    }
    this.wake();
  }

  hand() {
    if (!this.held) return;
    this.held = null;
    if (this.heights.some((h) => h >= 0.5)) {
      this.send.trigger("heights", Array.from(this.heights, (h) => Math.round(h).toString(16).padStart(2, "0")).join(""));
    }
    this.wake();
  }
}

export default component(".line-host", (host) => new Line(host));
