// A drawing that goes through encoder and decoder: what comes back, and what that costs.
import { component } from "../../browser/component.js";
import { EASEL, Easel } from "../../browser/easel.js";
import { ink } from "../../browser/images.js";
import { decimal, surface } from "../../browser/screen.js";
import { bars } from "../cloud.js";

const DRAWN = 8;
const TYPICAL = [0.05, 0.95];  // of test images, between which nothing is remarkable

class Echo extends Easel {
  static FRAME = `
  <div class="base echo">
    ${EASEL}
    <section class="results pictured">
      <div class="e-row">
        <figure><figcaption><b>decoded</b><span>at the mean of q(z|x)</span></figcaption><canvas data-panel="mean" role="img" aria-label="decoded at the posterior's mean"></canvas></figure>
        <div class="e-told">
          <dl>
            <div><dt title="−E log p(x|z): what drawing it from z costs">reconstruction</dt><dd data-say="reconstruction"></dd></div>
            <div><dt title="KL(q(z|x) ‖ p(z)): what naming z costs">KL</dt><dd data-say="divergence"></dd></div>
            <div><dt title="their sum">−ELBO</dt><dd data-say="elbo"></dd></div>
          </dl>
          <p data-say="verdict"></p>
        </div>
      </div>
      <figure><figcaption><b>decoded at eight draws of z</b><span>z ~ q(z|x)</span></figcaption><div class="e-drawn">${"<canvas></canvas>".repeat(DRAWN)}</div></figure>
      <figure><figcaption title="−log p(x) at most: the mean of more draws of z, weighted, is closer to it, never further"><b>how tight is the bound?</b><span>−log p(x) ≤ … nats, of 1, 8, 64, 512 draws</span></figcaption><canvas data-panel="bounds" role="img" aria-label="importance-weighted bounds"></canvas></figure>
      <figure><figcaption><b>among test images</b><span>−ELBO, nats</span></figcaption><canvas data-panel="others" role="img" aria-label="the drawing's bound among those of test images"></canvas></figure>
      <figure class="e-kl"><figcaption><b>KL of each dimension</b><span data-say="most"></span></figcaption><canvas data-panel="kl" role="img" aria-label="KL of each dimension of z"></canvas></figure>
    </section>
  </div>`;

  /** What became of the drawing.
   * @type {any} */
  heard = null;

  constructor(host) {
    super(host, Echo.FRAME);
    this.drawn = this.find(".e-drawn");
  }

  /** Asks what becomes of the drawing as it is: while the brush moves, too. */
  pose() {
    const { board, meta: { source } } = this, drawing = board.text();
    this.follow({ name: "latent_reconstructed", source, drawing }, (said, arrays) => {
      this.heard = { ...said, ...arrays };
      this.results();
    });
  }

  results() {
    const { heard, meta, drawn, style } = this;
    if (!heard) return;
    const { size } = meta, others = [...heard.others.data].sort((a, b) => a - b), cost = -heard.elbo;
    ink(this.canvas.mean, size, heard.mean.data, 0);
    [...drawn.children].forEach((cell, k) => ink(cell, size, heard.drawn.data, k * size * size));
    const share = others.filter((other) => other < cost).length / others.length, [low, high] = TYPICAL;
    const verdict = share > high ? "The model has hardly seen the like: what comes back is the nearest thing that it can draw."
      : share < low ? "Easier than nearly all test images: little ink, or a very regular shape." : `It costs more than ${Math.round(100 * share)} % of the test images.`;
    const dims = heard.kl.data.length, [one, two] = [heard.kl.data.indexOf(Math.max(...heard.kl.data)), [...heard.kl.data].filter((v) => v > 0.01).length];
    this.say({ reconstruction: `${decimal(-heard.reconstruction, 1)} nats`, divergence: `${decimal(heard.divergence, 1)} nats`, elbo: `${decimal(cost, 1)} nats`, verdict,
      most: meta.prior ? "" : `most in z${one + 1}; ${two} of ${dims} in use` });
    this.find(".e-kl").hidden = meta.prior;
    this.bounds(Object.entries(heard.bounds).map(([k, v]) => [k, -v]));
    this.among(others, cost);
    const { context, width, height } = surface(this.canvas.kl);
    context.clearRect(0, 0, width, height);
    if (!meta.prior) bars(context, [...heard.kl.data], { left: 0, top: 2, width, height: height - 4 }, style);
    this.tell({ elbo: cost.toFixed(2), share: share.toFixed(2) });
  }

  bounds(rows) {
    const { context, width, height } = surface(this.canvas.bounds), { style, rem } = this, values = rows.map(([, v]) => v);
    const low = Math.min(...values), span = Math.max(values[0] - low, 0.5), x = (k) => 3 * rem + (k / (rows.length - 1)) * (width - 6 * rem), y = (v) => 1.5 * rem + ((low + span - v) / span) * (height - 3.4 * rem);
    context.clearRect(0, 0, width, height);
    Object.assign(context, { strokeStyle: style.noise, lineWidth: 2, font: `${0.75 * rem}px ${style.font}`, textAlign: "center" });
    context.beginPath();
    rows.forEach(([, v], k) => context.lineTo(x(k), y(v)));
    context.stroke();
    rows.forEach(([k, v], i) => {
      context.fillStyle = style.noise; context.beginPath(); context.arc(x(i), y(v), 3.5, 0, 7); context.fill();
      context.fillStyle = style.ink; context.textBaseline = "bottom"; context.fillText(decimal(v, 2), x(i), y(v) - 5);
      context.fillStyle = style.quiet; context.textBaseline = "bottom"; context.fillText(k === "1" ? "1 draw" : k, x(i), height);
    });
  }

  /** Where the drawing stands among test images. */
  among(others, cost) {
    const { context, width, height } = surface(this.canvas.others), { style, rem } = this, top = Math.max(others.at(-1), cost), low = Math.min(others[0], cost);
    const x = (v) => 8 + ((v - low) / (top - low || 1)) * (width - 16), foot = height - 1.3 * rem, at = Math.min(Math.max(x(cost), 4 * rem), width - 4 * rem);
    context.clearRect(0, 0, width, height);
    context.fillStyle = style.data;
    context.globalAlpha = 0.35;
    for (const other of others) context.fillRect(x(other) - 1, foot - 1.1 * rem, 2, 1.1 * rem);
    context.globalAlpha = 1;
    context.fillStyle = style.now;
    context.fillRect(x(cost) - 1.5, foot - 1.4 * rem, 3, 1.4 * rem);
    Object.assign(context, { font: `600 ${0.75 * rem}px ${style.font}`, textAlign: "center", textBaseline: "bottom" });
    context.fillText(`yours ${decimal(cost, 0)}`, at, foot - 1.45 * rem);
    Object.assign(context, { font: `${0.75 * rem}px ${style.font}`, fillStyle: style.quiet, textAlign: "left" });
    context.fillText(decimal(low, 0), 0, height);
    context.textAlign = "right";
    context.fillText(decimal(top, 0), width, height);
  }
}

export default component(".echo-host", (host) => new Echo(host));
