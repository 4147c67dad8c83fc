// The posterior of one image after every layer of a flow, beside the true one by quadrature.
import { component } from "../../browser/component.js";
import { ink } from "../../browser/images.js";
import { PLAY, Playback } from "../../browser/playback.js";
import { decimal, download, sheet, surface } from "../../browser/screen.js";
import { placed } from "../cloud.js";

const PACE = 900, BREATH = 1600;  // ms of a layer, and before it begins anew
const COUNT = 500;  // images at most

class Bend extends Playback {
  static SNAP = 0.15;
  static MOVES = 0.7;
  static FRAME = `
    <div class="base latent-bend" role="group" aria-label="The posterior of one image, bent by a flow. Space plays, arrows go from layer to layer.">
      <div class="b-row pictured">
        <figure><figcaption><b data-say="title"></b><span data-say="window">q(z|x)</span></figcaption><canvas data-panel="after" role="img" aria-label="density of the posterior after this layer, and points on their way"></canvas></figure>
        <figure><figcaption><b>true posterior</b><span>p(z|x), summed on a grid</span></figcaption><canvas data-panel="true" role="img" aria-label="density of the true posterior"></canvas></figure>
        <div class="b-images">
          <figure><figcaption><b>image x</b></figcaption><canvas data-panel="image" role="img" aria-label="the image"></canvas></figure>
          <figure><figcaption><b>decoded</b></figcaption><canvas data-panel="decoded" role="img" aria-label="decoded at the mean of the posterior"></canvas></figure>
          <span data-say="which"></span>
        </div>
      </div>
      <div class="b-transport pictured">${PLAY}<input type="range" class="scrubber" min="0" max="1" step="any" aria-label="layer">
        <button type="button" data-do="before" title="the image before (key P)">previous image</button><button type="button" data-do="after" title="the next image (key N)">next image</button><button type="button" data-do="save" title="save as PNG">Save picture</button></div>
      <div class="b-foot pictured"><figure><figcaption title="KL(q‖p(z|x)) = log p(x) − ELBO: what the bound lacks"><b>how far q is from the true posterior, layer by layer</b><span>nats, logarithmic</span></figcaption><canvas data-panel="gap" role="img" aria-label="KL to the true posterior after every layer"></canvas></figure>
        <dl><div><dt>log p(x)</dt><dd data-say="evidence"></dd></div><div><dt title="of the Gaussian that the layers begin with: it was never trained to do without them">ELBO, without its layers</dt><dd data-say="begin"></dd></div><div><dt>ELBO, with them</dt><dd data-say="end"></dd></div><div><dt>still lacking</dt><dd data-say="lack"></dd></div></dl></div>
    </div>`;

  image = 0;
  /** @type {any} */
  arrays = null;
  /** @type {any} */
  question = null;
  source = "";
  most = 1;

  constructor(host) { super(host, Bend.FRAME); }

  get last() { return Math.max(1, (this.meta?.kl.length ?? 2) - 1); }

  get carried() { return { image: this.image || null }; }

  receive({ meta: page }) {
    this.connect(page);
    const first = !this.source;
    Object.assign(this, { source: page.source, question: page.question });
    if (first) {
      const brought = this.link("image");
      if (brought !== null && /^\d{1,3}$/.test(brought) && +brought < COUNT) this.image = +brought;
    }
    this.look(this.image);
  }

  look(image) {
    this.image = image;
    this.ask({ source: this.source, ...this.question, image }, (meta, arrays) => {
      const first = !this.meta;
      Object.assign(this, { meta, arrays, stale: true });
      this.most = Math.max(...arrays.true.data, ...arrays.after.data.subarray(-arrays.true.data.length));
      this.t = Math.min(this.t, this.last);
      if (first && !this.calm.matches) this.play(); else this.wake();
    });
  }

  onward() {
    const { t, last } = this;
    if (t >= last - 1e-6) { this.t = 0; this.motion = { from: 0, to: 0, duration: 500, part: 0, seen: null }; return; }
    const to = this.next(1);
    this.motion = { from: t, to, duration: (to === last ? BREATH : PACE), part: 0, seen: null };
  }

  restyle() { super.restyle(); this.stale = true; }

  /** A density as heat on a canvas: that of layer k, with the next one's mixed in. */
  heat(canvas, values, at, other, part) {
    const { context, width } = surface(canvas), n = this.arrays.true.shape[0], image = new ImageData(n, n), { sequential, most } = this;
    for (let i = 0; i < n * n; i++) {
      const value = values[at + i] + part * (values[other + i] - values[at + i]);
      image.data.set([...sequential[Math.min(255, Math.round(255 * Math.sqrt(Math.max(0, value) / most)))], 255], 4 * i);
    }
    const small = new OffscreenCanvas(n, n);
    small.getContext("2d").putImageData(image, 0, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(small, 0, 0, width, width);
    return { context, width };
  }

  draw() {
    const { arrays, meta, t, last, style } = this, n2 = arrays.true.shape[0] ** 2, layers = arrays.after.shape[0];
    const k = Math.min(Math.floor(t), layers - 1), next = Math.min(k + 1, layers - 1), part = t - k;
    const { context, width } = this.heat(this.canvas.after, arrays.after.data, k * n2, next * n2, part);
    const to = placed(1, width), { data, shape: [, count] } = arrays.path;
    context.fillStyle = style.now;
    context.globalAlpha = 0.75;
    for (let i = 0; i < count; i++) {
      const [x, y] = [0, 1].map((d) => data[2 * (k * count + i) + d] * (1 - part) + data[2 * (next * count + i) + d] * part);
      context.fillRect(to.x(x) - 1.25, to.y(y) - 1.25, 2.5, 2.5);
    }
    context.globalAlpha = 1;
    this.scale(context, width, meta.halves[k] ** (1 - part) * meta.halves[next] ** part);
    if (this.stale) {
      this.scale(this.heat(this.canvas.true, arrays.true.data, 0, 0, 0).context, width, meta.halves[layers - 1]);
      const side = arrays.image.shape[0];
      ink(this.canvas.image, side, arrays.image.data, 0);
      ink(this.canvas.decoded, side, arrays.decoded.data, 0);
      this.stale = false;
    }
    this.gap(last);
  }

  /** How long a piece of the plane is. */
  scale(context, width, half) {
    const unit = [10, 5, 2, 1, 0.5, 0.2, 0.1, 0.05, 0.02].find((u) => u <= half) ?? 0.01, long = (unit / (2 * half)) * width, { rem, style } = this;
    const light = "#ffffff";
    Object.assign(context, { strokeStyle: light, fillStyle: light, lineWidth: 2, font: `${0.75 * rem}px ${style.font}`, textAlign: "left", textBaseline: "bottom" });
    context.shadowColor = "#000";
    context.shadowBlur = 3;
    context.beginPath();
    context.moveTo(10, width - 10);
    context.lineTo(10 + long, width - 10);
    context.stroke();
    context.fillText(String(unit), 12, width - 13);
    context.shadowBlur = 0;
  }

  /** What is lacking after every layer. */
  gap(last) {
    const { context, width, height } = surface(this.canvas.gap), { meta: { kl }, style, rem, t } = this, few = (v) => Math.log1p(Math.max(v, 0)), most = few(Math.max(...kl, 0.5)), foot = height - 1.3 * rem;
    const x = (k) => 1.6 * rem + (k / last) * (width - 3.2 * rem), y = (v) => foot - (few(v) / most) * (foot - 1.2 * rem);
    context.clearRect(0, 0, width, height);
    Object.assign(context, { strokeStyle: style.line, lineWidth: 1 });
    context.beginPath(); context.moveTo(x(0), foot); context.lineTo(x(last), foot); context.stroke();
    Object.assign(context, { strokeStyle: style.noise, lineWidth: 2 });
    context.beginPath(); kl.forEach((v, k) => context.lineTo(x(k), y(v))); context.stroke();
    Object.assign(context, { font: `${0.72 * rem}px ${style.font}`, textAlign: "center" });
    kl.forEach((v, k) => {
      context.fillStyle = style.noise; context.beginPath(); context.arc(x(k), y(v), 3, 0, 7); context.fill();
      context.fillStyle = style.ink; context.textBaseline = "bottom"; context.fillText(decimal(v, v < 100 ? 2 : 0), x(k), y(v) - 5);
      context.fillStyle = style.quiet; context.textBaseline = "top"; context.fillText(k ? String(k) : "Gaussian", x(k), foot + 3);
    });
    const k = Math.min(Math.floor(t), kl.length - 1), v = kl[k] + (t - k) * ((kl[k + 1] ?? kl[k]) - kl[k]);
    context.fillStyle = style.now; context.beginPath(); context.arc(x(Math.min(t, kl.length - 1)), y(v), 5, 0, 7); context.fill();
  }

  write() {
    const { meta, t } = this, layers = meta.kl.length - 1, near = Math.min(Math.round(t), layers);
    const title = !layers ? "a Gaussian, and no flow" : near === 0 ? "the encoder’s Gaussian" : `after layer ${near} of ${layers}`;
    this.say({ title, window: near === layers ? "q(z|x)" : "in a window of its own", which: `test image ${this.image + 1} of ${meta.count}, class ${meta.label}`, evidence: decimal(meta.log_p, 2), begin: decimal(meta.elbo[0], meta.elbo[0] < -999 ? 0 : 2),
      end: decimal(meta.elbo[layers], 2), lack: `${decimal(Math.max(0, meta.kl[layers]), 2)} nats` });
    this.slider.max = String(this.last);
    this.transport(title);
    this.tell({ ready: true, image: this.image, layers, t: t.toFixed(2), playing: this.playing });
  }

  /** Both densities and the image, as a download. */
  save() {
    const big = 420, gap = 20, { canvas, context } = sheet(2 * big + 200 + 4 * gap, big + 2 * gap, this.style.paper);
    context.drawImage(this.canvas.after, gap, gap, big, big);
    context.drawImage(this.canvas.true, 2 * gap + big, gap, big, big);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.canvas.image, 3 * gap + 2 * big, gap, 200, 200);
    context.drawImage(this.canvas.decoded, 3 * gap + 2 * big, 2 * gap + 200, 200, 200);
    download(canvas, `posterior-${this.image + 1}`);
  }

  turn(by) { this.look((this.image + by + this.meta.count) % this.meta.count); }

  get does() { return { ...super.does, before: () => this.turn(-1), after: () => this.turn(1), save: () => this.save() }; }

  key(event) { this.travel(event, 500, { n: () => this.turn(1), N: () => this.turn(1), p: () => this.turn(-1), P: () => this.turn(-1) }); }
}

export default component(".bend-host", (host) => new Bend(host));
