// A drawing through a flow: its noise, what comes back from there, and the images whose noise lies near it.
import { component } from "../../browser/component.js";
import { EASEL, Easel } from "../../browser/easel.js";
import { ink } from "../../browser/images.js";
import { decimal, surface } from "../../browser/screen.js";
import { diverging } from "../../browser/stretch.js";

const NEAR = 12;
const AWAY = 0.25;
const ANEW = { all: "all blocks of the noise move", coarsest: "the coarsest block alone moves, what the image is about", finer: "the coarsest block stays, the finer ones move" };
const WIDE = 2.5;  // standard deviations of the noise at the ends of the colours

class Mirror extends Easel {
  static FRAME = `
    <div class="base mirror">
      ${EASEL}
      <section class="results pictured">
        <div class="m-row">
          <figure><figcaption><b>its noise</b><span>z = f(x)</span></figcaption><canvas data-panel="noise" role="img" aria-label="the noise of the drawing"></canvas><small data-say="length"></small></figure>
          <figure><figcaption><b>and back</b><span>f⁻¹(z)</span></figcaption><canvas data-panel="back" role="img" aria-label="what comes back from the noise"></canvas><small data-say="trip"></small></figure>
          <figure><figcaption><b>how far off</b><span>grey levels</span></figcaption><canvas data-panel="error" role="img" aria-label="by how much it is off"></canvas><small data-say="off"></small></figure>
        </div>
        <dl>
          <div><dt title="−log p of the dequantised drawing, the mean of eight draws of u: a bound of that of the grey levels">−log p(x) ≤</dt><dd data-say="bits"></dd></div>
          <div class="m-class"><dt title="p(y | x) by Bayes' rule, of ten classes that are equally likely">taken for</dt><dd><span data-say="class"></span> <small data-say="right"></small></dd></div>
        </dl>
        <figure class="m-class"><canvas data-panel="classes" role="img" aria-label="probability of each class"></canvas></figure>
        <figure><figcaption><b>near it</b><span>f⁻¹(z cos a + ε sin a)</span></figcaption>
          <div class="m-how"><label>a <input type="range" data-away aria-label="how far the neighbours lie" min="0" max="1.57" step="0.01"> <span data-say="away"></span></label>
            <span class="choices" role="group" aria-label="which blocks of the noise move">${Object.entries(ANEW).map(([name, title]) => `<button type="button" data-anew="${name}" title="${title}">${name}</button>`).join("")}</span>
            <button type="button" class="m-others" data-do="others" title="other directions ε, another u">others</button></div>
          <div class="m-near">${"<button type=\"button\" title=\"draw on with this one\"><canvas></canvas></button>".repeat(NEAR)}</div></figure>
      </section>
    </div>`;

  away = AWAY;
  anew = "all";
  seed = 0;
  /** @type {any} */
  heard = null;
  /** @type {number[][]} */
  map = [];

  constructor(host) {
    super(host, Mirror.FRAME);
    this.near = this.all(".m-near button");
    this.near.forEach((button, k) => this.on(button, "click", () => this.adopt(k)));
    const slider = this.find("[data-away]"), away = Number(this.link("away"));
    if (away > 0 && away <= 1.57) this.away = away;
    slider.value = this.away;
    for (const button of this.all("[data-anew]")) this.on(button, "click", () => { this.anew = button.dataset.anew; this.pose(); });
    this.on(slider, "input", () => { this.away = +slider.value; this.pose(); });
  }

  /** Asks what becomes of the drawing as it is: while the brush moves, too. */
  pose() {
    const { board, meta: { source }, away, anew, seed } = this;
    this.press("anew", (name) => name === anew);
    this.follow({ name: "flow_mirrored", source, drawing: board.text(), away, anew, seed }, (said, arrays) => {
      this.heard = { ...said, ...arrays };
      this.results();
    });
  }

  get carried() { return { away: this.away === AWAY ? null : this.away }; }

  get does() { return { ...super.does, others: () => { this.seed = (this.seed + 1) % 10000; this.pose(); } }; }

  /** A neighbour becomes the drawing. */
  adopt(k) {
    const { meta: { size }, heard, board } = this;
    board.load(size, heard.neighbours.data.slice(k * size * size, (k + 1) * size * size), new Uint8Array(size * size).fill(1));
    this.hand();
  }

  restyle() {
    super.restyle();
    this.map = diverging(this.style.paper);
  }

  /** Paints signed numbers; `most` has the strongest colour. */
  signed(canvas, values, side, most) {
    if (canvas.width !== side) Object.assign(canvas, { width: side, height: side });
    const image = new ImageData(side, side);
    values.forEach((value, i) => {
      image.data.set(this.map[Math.max(0, Math.min(255, Math.round(127.5 + (127.5 * value) / most)))], 4 * i);
      image.data[4 * i + 3] = 255;
    });
    canvas.getContext("2d").putImageData(image, 0, 0);
  }

  results() {
    const { heard, meta: { size, accuracy }, style, rem } = this;
    if (!heard) return;
    this.signed(this.canvas.noise, heard.noise.data, size, WIDE);
    ink(this.canvas.back, size, heard.back.data, 0);
    this.signed(this.canvas.error, heard.error.data, size, heard.largest || 1);
    this.near.forEach((button, k) => ink(button.firstElementChild, size, heard.neighbours.data, k * size * size));
    const { classes, length, usual: [short, long] } = heard;
    this.root.classList.toggle("m-told", Boolean(classes));
    const best = classes ? classes.indexOf(Math.max(...classes)) : 0;
    this.say({
      length: `from −${WIDE} (blue) to ${WIDE} (red); |z| = ${decimal(length, 1)}, of sixteen samples ${decimal(short, 1)} to ${decimal(long, 1)}`,
      trip: heard.off ? `${heard.off} pixels are another level` : "every pixel as it was",
      off: heard.largest < 1e-7 ? "nothing is off in float32" : `at most ${heard.largest.toExponential(0).replace("e-", "·10⁻").replace("e+", "·10⁺").replace(/[0-9]+$/, (d) => [...d].map((c) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[+c]).join(""))} of a level, in float32`,
      bits: `${decimal(heard.bits_per_dim, 2)} bits/dim, ${decimal(heard.nats, 0)} nats`,
      class: classes ? `${best}, ${Math.round(100 * classes[best])} %` : "",
      right: accuracy ? `p(y | x) is right on ${decimal(100 * accuracy, 1)} % of test images` : "",
      away: `${decimal((this.away * 180) / Math.PI, 0)}°`,
    });
    if (classes) {
      const { context, width, height } = surface(this.canvas.classes), step = width / 10;
      context.clearRect(0, 0, width, height);
      Object.assign(context, { font: `${0.75 * rem}px ${style.font}`, textAlign: "center", textBaseline: "bottom" });
      classes.forEach((p, y) => {
        context.fillStyle = style.line;
        context.fillRect(y * step + 2, height - 1.3 * rem, step - 4, 1);
        context.fillStyle = style.model;
        context.fillRect(y * step + 2, height - 1.3 * rem - p * (height - 1.4 * rem), step - 4, p * (height - 1.4 * rem));
        context.fillStyle = style.quiet;
        context.fillText(String(y), (y + 0.5) * step, height);
      });
    }
    this.tell({ off: heard.off, largest: heard.largest, bits: heard.bits_per_dim.toFixed(3), length: length.toFixed(2), away: this.away });
  }
}

export default component(".mirror-host", (host) => new Mirror(host));
