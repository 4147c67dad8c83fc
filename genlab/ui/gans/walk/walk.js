// A sheet of samples, and the way from one of them, A, to another, B.
import { component } from "../../browser/component.js";
import { Controls } from "../../browser/controls.js";
import { PLAY, Playback } from "../../browser/playback.js";
import { decimal, download, sheet, surface } from "../../browser/screen.js";
import { Fade, ink, roam } from "../../browser/images.js";
import { Noise } from "./noise.js";

export class Walk extends Playback {
  static PACE = 3400;  // ms from A to B
  static FILM = 9;
  static FRAME = `
    <div class="base walk" role="group" aria-label="A walk from image A to image B. Space plays and pauses, left and right move, Home and End go to A and B.">
      <section class="k-sheet pictured">
        <header><b>samples</b><span>x = G(z), z ~ N(0, I)</span></header>
        <div class="k-grid" role="group" aria-label="samples: arrows move, A and B choose the ends of the walk"></div>
        <div class="k-line"><span>a click chooses</span><span class="choices" role="group" aria-label="what a click chooses"><button type="button" data-end="0" title="where the walk begins (key A)">A, from</button><button type="button" data-end="1" title="where it ends (key B)">B, to</button></span>
          <button type="button" data-do="save" title="save samples and walk as PNG">Save picture</button></div>
        <div class="settings"><button type="button" class="anew" data-do="anew" title="the next seed">New samples</button></div>
      </section>
      <section class="k-way pictured">
        <div class="k-now">
          <header><b data-say="title"></b><span data-say="where"></span></header>
          <canvas data-panel="now" role="img" aria-label="the image at this place of the walk"></canvas>
          <dl>
            <div class="k-judge"><dt data-say="judge"></dt><dd data-say="says"></dd><small data-say="mean"></small></div>
            <div class="k-noise"><dt>|z|</dt><dd data-say="norm"></dd><small data-say="shell"></small></div>
            <div class="k-noise"><dt>angle between A and B</dt><dd data-say="angle"></dd><small>chance: near 90°</small></div>
            <div class="k-class"><dt>class</dt><dd data-say="class"></dd></div>
          </dl>
        </div>
        <div class="k-transport">
          ${PLAY}
          <div class="k-rail">
            <div class="k-film"></div>
            <input type="range" class="scrubber" min="0" max="1" step="any" aria-label="from A to B">
            <canvas data-panel="says" role="img" aria-label="what the discriminator says of the images on the way"></canvas>
          </div>
        </div>
      </section>
    </div>`;

  /** The way to B and back: 0 at A, π at B. */
  phase = 0;
  end = 1;
  /** Pixels along an image. */
  side = { sheet: 0, walk: 0 };
  /** @type {Noise | null} */
  place = null;
  /** The newest answers.
   * @type {Record<string, any>} */
  answers = {};

  constructor(host) {
    super(host, Walk.FRAME);
    const make = (parent, n, html) => { this.find(parent).innerHTML = html.repeat(n); return this.all(`${parent} > *`); };
    this.samples = make(".k-grid", 16, `<button type="button" tabindex="-1"><canvas></canvas><i></i></button>`);
    this.film = make(".k-film", Walk.FILM, "<span><canvas></canvas></span>");
    this.samples[0].tabIndex = 0;
    this.fade = { sheet: new Fade(), walk: new Fade(), says: new Fade(), norm: new Fade() };
    this.listen();
  }

  // ---------------------------------------------------------------- data

  receive({ meta: { source, question: { label }, place, page, controls, ...rest } }) {
    this.connect(rest);
    if (!this.place) {
      this.place = Noise.of(page, { source, label, ...place }, this, () => this.pose());
      this.controls = new Controls(this, controls, () => this.place.set(this.controls.values));
    }
    this.place.set({ source, label });
  }

  /** Asks for the samples and for the way as they are set. */
  pose() {
    const { source, label, seed, a, b, moves } = this.place, noise = { source, label, seed };
    this.ask({ name: "sheet", ...noise }, (meta, arrays) => this.take("sheet", { meta, ...arrays }), " sheet");
    this.ask({ name: "walk", ...noise, a, b, moves }, (meta, arrays) => this.take("walk", { meta, ...arrays }), " walk");
    if (!this.meta) return;
    this.mark();
    this.wake();
  }

  /** Takes the samples or the way; once both are here, they are shown. */
  take(name, answer) {
    this.answers[name] = answer;
    const { sheet, walk } = this.answers, first = !this.meta, still = first || this.calm.matches, { fade } = this;
    if (!sheet || !walk) return;
    Object.assign(this, { meta: { ...sheet.meta, ...walk.meta }, side: { sheet: sheet.sheet.shape[1], walk: walk.walk.shape[1] } });
    for (const [part, { data }] of Object.entries({ sheet: sheet.sheet, walk: walk.walk, says: walk.walk_says, norm: walk.norm })) fade[part].aim(data, still);
    const samples = sheet.says.data, all = [...samples, ...walk.walk_says.data], spread = Math.max(...all) - Math.min(...all);
    this.axis = sheet.meta.probability ? [0, 1] : [Math.min(...all) - 0.1 * spread, Math.max(...all) + 0.1 * spread];
    this.mean = samples.reduce((sum, x) => sum + x, 0) / samples.length;
    this.stale = true;
    this.mark();
    if (first && !this.brought() && !this.calm.matches) this.play();
    this.wake();
  }

  get carried() { return { at: +this.t.toFixed(2) || null, end: this.end ? null : "a" }; }

  /** Takes from the link what makes sense here; whether it says where to stand. */
  brought() {
    const text = this.link("at"), at = text ? Number(text) : NaN, stands = at >= 0 && at <= 1;
    if (stands) this.t = at;
    if (this.link("end") === "a") this.end = 0;
    this.mark();
    return stands;
  }

  leave() {
    super.leave();
    this.place?.leave(this);
  }

  get ends() { return [this.place.a, this.place.b]; }

  /** Letters on the samples that are A and B. */
  mark() {
    const { labels } = this.meta, moved = this.place.moves.length;
    this.samples.forEach((sample, k) => {
      const letter = this.ends.map((end, e) => (end === k ? "AB"[e] + (moved && !e ? "′" : "") : "")).join("");
      sample.lastElementChild.textContent = letter;
      sample.setAttribute("aria-label", `sample ${k + 1}${labels ? `, class ${labels[k]}` : ""}${letter ? `, ${letter}` : ""}`);
      sample.title = `sample ${k + 1}${labels ? `, class ${labels[k]}` : ""}${letter.includes("′") ? ": A was here before it was moved" : ""}`;
    });
    this.press("end", (end) => +end === this.end);
  }

  /** Another sample becomes A (end 0) or B (end 1); where it was the other one, they change places. An A that was moved is at no
   *  sample: the walk can lead from there to the sample where it was. */
  choose(sample, end) {
    const { ends, place } = this, moved = place.moves.length > 0;
    if (ends[end] === sample && !(moved && !end)) return;
    if (ends[1 - end] === sample && !(moved && end)) ends[1 - end] = ends[end];
    ends[end] = sample;
    place.set({ a: ends[0], b: ends[1], moves: end ? place.moves : [] });
    this.send.trigger("place", place.told);
  }

  // ---------------------------------------------------------------- moving

  /** Walks on from where it is, in the direction it had: t goes to 1 and back to 0 while the phase goes to 2π. */
  play() {
    if (Math.abs((1 - Math.cos(this.phase)) / 2 - this.t) > 1e-9) this.phase = Math.acos(1 - 2 * this.t);
    this.motion = null;
    this.playing = true;
    this.wake();
  }

  advance(now, passed) {
    this.carry(now);
    if (this.playing) {
      this.phase = (this.phase + (Math.PI * passed) / Walk.PACE) % (2 * Math.PI);
      this.t = (1 - Math.cos(this.phase)) / 2;
    }
    const { fade } = this;
    this.changed = Object.fromEntries(Object.keys(fade).map((name) => [name, fade[name].tick(now)]));
    return this.playing || Boolean(this.motion) || Object.values(fade).some((one) => one.from);
  }

  // ---------------------------------------------------------------- drawing

  /** The two frames between which t lies, and how far. */
  get frame() {
    const last = this.fade.norm.shown.length - 1, k = Math.min(Math.floor(this.t * last), last - 1);
    return [k, this.t * last - k];
  }

  draw() {
    const { fade, side, stale, changed } = this, n = side.walk ** 2, [k, part] = this.frame, last = fade.norm.shown.length - 1;
    if (stale || changed.sheet) this.samples.forEach((sample, i) => ink(sample.firstElementChild, side.sheet, fade.sheet.shown, i * side.sheet ** 2));
    if (stale || changed.walk) this.film.forEach((cell, i) => ink(cell.firstElementChild, side.walk, fade.walk.shown, Math.round((i * last) / (Walk.FILM - 1)) * n));
    ink(this.canvas.now, side.walk, fade.walk.shown, k * n, (k + 1) * n, part);
    this.stale = false;
    this.curve();
  }

  at(values) { const [k, part] = this.frame; return values[k] + part * (values[k + 1] - values[k]); }

  /** What D says along the way, its mean over the samples as a dashed line. */
  curve() {
    const { context, width, height } = surface(this.canvas.says), { style, axis, fade: { says: { shown } } } = this;
    const inset = width / (2 * Walk.FILM), last = shown.length - 1, foot = height - 6, head = 8;
    const x = (t) => inset + t * (width - 2 * inset), y = (v) => foot - ((v - axis[0]) / (axis[1] - axis[0] || 1)) * (foot - head);
    const line = (points, colour, thick, dashes = []) => {
      context.setLineDash(dashes);
      Object.assign(context, { strokeStyle: colour, lineWidth: thick });
      context.beginPath();
      for (const [px, py] of points) context.lineTo(px, py);
      context.stroke();
    };
    context.clearRect(0, 0, width, height);
    for (const v of axis) line([[x(0), y(v)], [x(1), y(v)]], style.line, 1);
    line([[x(0), y(this.mean)], [x(1), y(this.mean)]], style.quiet, 1, [3, 3]);
    line(Array.from(shown, (v, i) => [x(i / last), y(v)]), style.judge, 2);
    Object.assign(context, { font: `${0.7 * this.rem}px ${style.font}`, fillStyle: style.quiet, textAlign: "right", textBaseline: "middle" });
    for (const v of axis) context.fillText(decimal(v, this.meta.probability ? 0 : 1), x(0) - 6, y(v));
    context.fillStyle = style.judge;
    context.fillText("D(x)", x(0) - 6, (head + foot) / 2);
    context.fillStyle = style.now;
    context.beginPath();
    context.arc(x(this.t), y(this.at(shown)), 4, 0, 7);
    context.fill();
  }

  write() {
    const { t, meta, fade, root, ends, place } = this, { labels, latent, probability } = meta;
    const title = t < 0.005 ? "A" : t > 0.995 ? "B" : "between A and B", [from, to] = labels ? ends.map((end) => labels[end]) : [];
    this.say({
      title, where: `t = ${decimal(t)}`,
      judge: probability ? "D(x), probability of being real" : "D(x), a score: more is more real", says: decimal(this.at(fade.says.shown)),
      mean: `mean of the samples: ${decimal(this.mean)}`,
      norm: decimal(this.at(fade.norm.shown)), shell: `N(0, I): ${decimal(Math.sqrt(latent), 1)} ± 0.7`, angle: `${Math.round(meta.angle)}°`,
      class: !labels ? "" : from === to ? String(from) : `${Math.round(100 * (1 - t))} % ${from}, ${Math.round(100 * t)} % ${to}`,
    });
    root.classList.toggle("k-told", Boolean(labels));
    const near = Math.round(t * (Walk.FILM - 1));
    this.film.forEach((cell, i) => cell.classList.toggle("k-here", i === near));
    this.transport(`${title}, t = ${decimal(t)}`);
    this.tell({ t: t.toFixed(3), playing: this.playing, ends: ends.join(" "), moved: place.moves.length, ready: true });
  }

  /** Samples, the image now and the film, as a download. */
  save() {
    const big = 320, small = 72, gap = 24, head = 40, { style } = this;
    const across = Walk.FILM * (small + 6) - 6, cell = (big - 18) / 4, left = 2 * gap + big;
    const { canvas, context } = sheet(3 * gap + big + across, head + big + gap + small + gap, style.paper);
    context.imageSmoothingEnabled = false;
    const put = (picture, x, y, side) => {
      context.drawImage(picture, x, y, side, side);
      context.strokeStyle = style.line;
      context.strokeRect(x, y, side, side);
    };
    const write = (text, x, y, colour = style.ink) => { Object.assign(context, { fillStyle: colour, font: `600 15px ${style.font}` }); context.fillText(text, x, y); };
    write("samples", gap, head - 12);
    this.samples.forEach((sample, k) => {
      const x = gap + (k % 4) * (cell + 6), y = head + Math.floor(k / 4) * (cell + 6);
      put(sample.firstElementChild, x, y, cell);
      write(sample.lastElementChild.textContent, x + 4, y + 16, style.noise);
    });
    write(`from A to B: ${this.said.title.textContent}, ${this.said.where.textContent}`, left, head - 12);
    put(this.canvas.now, left, head, big);
    this.film.forEach((cell, i) => put(cell.firstElementChild, left + i * (small + 6), head + big + gap, small));
    download(canvas, `walk-${this.ends.map((end) => end + 1).join("-")}`);
  }

  // ---------------------------------------------------------------- hands

  get does() { return { ...super.does, save: () => this.save(), anew: () => this.controls.renew() }; }

  listen() {
    for (const button of this.all("[data-end]")) this.on(button, "click", () => { this.end = +button.dataset.end; this.mark(); });
    this.samples.forEach((sample, k) => this.on(sample, "click", () => this.choose(k, this.end)));
    this.film.forEach((cell, i) => this.on(cell, "click", () => this.go(i / (Walk.FILM - 1), 300)));
  }

  key(event) {
    const sample = this.samples.indexOf(event.target), choose = (end) => sample >= 0 && (() => this.choose(sample, end));
    const columns = getComputedStyle(this.samples[0].parentElement).gridTemplateColumns.split(" ").length;
    if (roam(event, this.samples, columns)) return;
    const step = event.shiftKey ? 0.01 : 1 / (Walk.FILM - 1), pace = event.shiftKey ? 0 : 250;
    const near = (by) => () => this.go(event.shiftKey ? this.t + by * step : (Math.round(this.t / step) + by) * step, pace);
    this.travel(event, 300, { ArrowLeft: near(-1), ArrowDown: near(-1), ArrowRight: near(1), ArrowUp: near(1),
      a: choose(0), A: choose(0), b: choose(1), B: choose(1) });
  }
}

export default component(".walk-host", (host) => new Walk(host));
