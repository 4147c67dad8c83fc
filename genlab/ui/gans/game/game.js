// A GAN on the plane: both players at a moment, or a round of their game in slow motion, and everything that moves it.
import { axes, write } from "../../browser/axes.js";
import { component } from "../../browser/component.js";
import { PLAY, Playback } from "../../browser/playback.js";
import { colourMap, decimal, disc, download, isDark, packed, ramp, sheet, surface } from "../../browser/screen.js";
import { arrowsOf } from "./arrows.js";
import { GamePlane } from "./plane.js";
import { GameRound } from "./round.js";

const TOUCH = matchMedia("(hover: none)");

export class Game extends Playback {
  static MOVES = 0.88;  // a breath after each phase
  static SNAP = 0.05;
  static REST = 1500;  // milliseconds between the end of a round and its beginning, where it is played over and over
  static SHOWN = { heat: ["D(x)", "what the discriminator says of every place, as heat"],
    density: ["density", "the generator’s mesh filled with its density: each cell holds as much of the noise, so small cells are dense"],
    mesh: ["mesh", "lines of the noise, warped by the generator"], real: ["real", "held-out data"], made: ["made", "G(z) of noise that stays the same"],
    push: ["push", "where the generator is told to move a made point: −∂L_G/∂x, of every third one"] };
  static SPEEDS = [[0.5, "½×"], [1, "1×"], [2, "2×"]];
  static MOVING = ["fake", "mesh", "heat", "push", "says_real", "says_fake", "told_real", "told_fake"];  // once for each state
  static FIXED = ["z", "z_mesh", "real"];
  static FRAME = `
    <div class="base game" role="group" aria-label="A generator and a discriminator on the plane. In slow motion space plays and pauses, left and right go from phase to phase, Enter keeps the next made point, Escape none."><div class="g-body">
      <figure class="g-large"><figcaption><b data-say="title"></b><span data-say="state"></span></figcaption>
        <canvas data-panel="plane" tabindex="0" role="img" aria-label="the plane: what the discriminator says, real and made points"></canvas></figure>
      <div class="g-phase"><b data-say="phase"></b><code data-say="formula"></code><p data-say="sentence"></p></div>
      <figure class="g-small"><figcaption><b>noise</b><span>z ~ N(0, I)</span></figcaption>
        <canvas data-panel="noise" role="img" aria-label="the noise that the generator warps"></canvas></figure>
      <div class="g-words">
        <div class="colours" data-of="heat"><span data-say="scale"></span><i></i><small><span data-say="low"></span><span data-say="middle"></span><span data-say="high"></span></small></div>
        <div class="colours" data-of="density"><span>density of G(z), per unit of area</span><i></i><small><span>${GamePlane.THIN}</span><span>${Math.sqrt(GamePlane.THIN * GamePlane.DENSE).toFixed(2)}</span><span>${GamePlane.DENSE}</span></small></div>
        <p class="g-quality" data-say="quality" title="good: where data lie; a mode is found by a fifth of its fair share of good samples; near: within a quarter of a unit"></p><p class="g-collapse" data-say="collapse" role="status"></p>
      </div>
      <div class="g-transport">
        ${PLAY}
        <span class="g-rail"><input type="range" class="scrubber" min="0" step="any" aria-label="phase of the round"><span class="g-ticks" aria-hidden="true"></span></span>
        <span class="choices" role="group" aria-label="speed">${Game.SPEEDS.map(([speed, name]) => `<button type="button" data-speed="${speed}">${name}</button>`).join("")}</span>
      </div>
      <div class="g-foot">
        <span class="choices" role="group" aria-label="show">${Object.entries(Game.SHOWN).map(([show, [name, help]]) => `<button type="button" data-show="${show}" title="${help}"><i></i>${name}</button>`).join("")}</span>
        <button type="button" data-do="save" title="save this picture as PNG">Save picture</button>
        <small data-say="note"></small>
      </div>
      <p class="g-arrows"><span class="g-told"><i></i><span data-say="told"></span></span> <span class="g-taken"><i></i><span data-say="taken"></span></span> <span data-say="angle"></span></p>
      <output class="g-reading" data-say="reading"></output>
    </div></div>`;

  states = 1;
  /** How what D says is coloured.
   * @type {any} */
  scale = null;
  /** The made point whose arrows are shown. */
  kept = -1;
  round = new GameRound([]);
  /** Whether the breath between the end of a round and its beginning is under way. */
  rests = false;
  /** Arrays by name: the newest, those of the moment, those from which a morph began.
   * @type {Record<string, any>} */
  target = {};
  /** @type {Record<string, any>} */
  now = {};
  /** @type {Record<string, any>} */
  before = {};

  /** onEnd: called when a round has been played to its end. alone: a picture of its own, which plays its round over and over. */
  constructor(host, onEnd = null, alone = false) {
    super(host, Game.FRAME);
    this.onEnd = onEnd;
    this.alone = alone;
    this.root.classList.toggle("g-alone", alone);
    this.plane = new GamePlane(this.canvas.plane);
    this.visible = { heat: true, density: true, mesh: true, real: true, made: true, push: true };
    /** @type {Record<string, number>} */
    this.pose = {};
    /** @type {Record<string, number>} */
    this.poseBefore = {};
    this.listen();
  }

  // ---------------------------------------------------------------- data

  show(id, data, duration) {
    if (id === this.id) return;
    const first = this.id === null, { meta } = data, states = data.fake.shape[0], size = (name) => data[name].data.length / (Game.MOVING.includes(name) ? states : 1);
    const names = [...Game.MOVING, ...Game.FIXED], agree = !first && names.every((name) => this.now[name].length === size(name));
    if (!agree) {
      const room = () => Object.fromEntries(names.map((name) => [name, new Float32Array(size(name))]));
      Object.assign(this, { now: room(), before: room(), hover: -1 });
      this.plane.fit(size("z") / 2, meta.side);
    }
    this.keep(agree && !this.calm.matches ? duration : 0);
    this.renoised = !["z", "z_mesh"].every((name) => this.now[name].every((value, i) => value === data[name].data[i]));
    Object.assign(this, { id, meta, target: data, states, motion: null, playing: false, round: new GameRound(meta.moves), stale: true });
    this.t = this.calm.matches ? this.last : 0;
    this.measure();
    const stands = first && this.alone && this.brought();
    this.words();
    if (this.last && !this.calm.matches && !stands) this.play();
    this.wake();
  }

  get carried() {
    const { visible, kept, t } = this, shown = Object.keys(Game.SHOWN).filter((name) => visible[name]);
    if (!this.alone) return {};  // a training has a link of its own
    return { phase: +t.toFixed(2) || null, at: kept < 0 ? null : kept, show: shown.length === Object.keys(Game.SHOWN).length ? null : shown.join(" ") || "none" };
  }

  /** Takes from the link what makes sense here; whether it says where to stand. */
  brought() {
    const number = (text) => (text ? Number(text) : NaN), phase = number(this.link("phase")), at = number(this.link("at")), show = this.link("show")?.split(" ");
    if (show && (String(show) === "none" || show.every((name) => name in Game.SHOWN))) for (const name in Game.SHOWN) this.visible[name] = show.includes(name);
    if (Number.isInteger(at) && at >= 0 && 2 * at < this.now.z.length) this.kept = at;
    this.pressed();
    const stands = phase >= 0 && phase <= this.last;
    if (stands) this.t = phase;
    return stands;
  }

  /** One scale for what D says, as long as one game is watched: in round numbers, and it only grows. */
  measure() {
    const { probability, neutral, reach } = this.meta, ten = 10 ** Math.floor(Math.log10(Math.max(reach, 1e-6)));
    const round = ten * [1, 2, 5, 10].find((m) => m * ten >= reach * 0.999);
    const of = this.id.split(":")[0], grows = this.scale?.of === of && !probability;
    this.scale = { of, probability, neutral, reach: probability ? reach : Math.max(grows ? this.scale.reach : 0, round) };
  }

  get last() { return this.round.phases.length; }

  /** From what is shown now, whatever is shown next is reached in a morph. */
  keep(duration) {
    this.morph = duration ? { duration } : null;
    if (!duration) return;
    for (const name in this.now) this.before[name].set(this.now[name]);
    Object.assign(this.poseBefore, this.pose);
  }

  /** The arrays and the pose of position t, or of a part of the way from what was shown before. */
  blend(part) {
    const { now, before, pose, poseBefore, target } = this;
    this.round.pose(this.t, pose);
    const state = Math.min(Math.floor(pose.state), this.states - 1), u = pose.state - state;
    for (const name of Game.MOVING) {
      const shown = now[name], { data } = target[name], n = shown.length, at = state * n;
      if (u) for (let i = 0; i < n; i++) shown[i] = data[at + i] + u * (data[at + n + i] - data[at + i]);
      else for (let i = 0; i < n; i++) shown[i] = data[at + i];
    }
    for (const name of Game.FIXED) now[name].set(target[name].data);
    if (part === 1) return;
    for (const name in now) for (let i = 0, shown = now[name], from = before[name]; i < shown.length; i++) shown[i] = from[i] + part * (shown[i] - from[i]);
    for (const name in pose) pose[name] = poseBefore[name] + part * (pose[name] - poseBefore[name]);
  }

  // ---------------------------------------------------------------- moving

  /** Plays on, from the beginning where the round is over. */
  play() {
    if (!this.last) return;
    if (this.t > this.last - 1e-6) this.again();
    super.play();
  }

  again() {
    this.keep(this.calm.matches ? 0 : 500);
    this.t = 0;
  }

  /** The next phase of a round that is played. */
  onward() {
    const to = this.next(1), over = to <= this.t;
    if (over && !this.alone) {
      this.pause();
      this.onEnd?.();
    } else if (over && !this.rests) this.glide(to, Game.REST);
    else {
      if (over) this.again();
      const next = this.next(1);
      this.glide(next, this.round.phases[next - 1].pace * Math.max(0.3, next - this.t));
    }
    this.rests = over && !this.rests;
  }

  advance(now, _passed) {
    this.carry(now);
    if (this.morph && this.renoised) this.stale = true;
    this.blend(this.morphed(now));
    return Boolean(this.motion || this.morph);
  }

  /** Without motion: each phase as it ends, for as long as it would take. */
  between(motion) { return this.calm.matches ? motion.to : super.between(motion); }

  // ---------------------------------------------------------------- drawing

  restyle() {
    super.restyle();
    const { style } = this, { paper, noise, model, judge } = style, dark = isDark(paper);
    // D takes it for real: green; for made: rose, which differs in blue too, so that no kind of colour-blindness mixes them up.
    const map = colourMap(dark ? ["#a24276", "#5c2b49", paper, "#1c4f3f", "#2b8c6b"] : ["#db8db5", "#efcbdd", paper, "#b9e2cf", "#5fb998"]);
    const shades = (stops) => { const all = colourMap(stops); return Array.from({ length: GamePlane.SHADES + 1 }, (_, i) => `rgb(${all[Math.round((255 * i) / GamePlane.SHADES)].join(" ")})`); };
    const less = dark ? "#ee86bb" : "#b02a72";
    // Another object, by which the plane knows that its small pictures are to be made anew.
    this.style = { ...style, less, more: judge, verdict: packed(map), way: shades([noise, model]), rings: shades([less, dark ? "#7e7e7e" : "#b8b8b8", judge]) };
    this.root.style.setProperty("--verdict-ramp", ramp(map));
    this.stale = true;
  }

  draw() {
    if (!this.canvas.plane.clientWidth) return;
    const { meta: { half, mass }, visible, style, hover, scale, rem } = this;
    this.plane.draw(this.now, this.pose, { half, mass, show: visible, style, hover, scale, rem, kept: this.arrows, part: this.drawn });
    axes(this.plane.context, this.plane.width, { x: 0, y: 0, half }, this, "x");
    if (this.stale) this.noise();
    this.stale = false;
  }

  /** The small picture of the noise, and on it the z of the point under the pointer. */
  noise() {
    const { context, width } = surface(this.canvas.noise), { style, now, plane, hover, meta: { half, mass } } = this;
    if (!width) return;
    context.clearRect(0, 0, width, width);
    Object.assign(plane, { unit: width / (2 * half), half });
    context.fillStyle = context.strokeStyle = style.noise;
    plane.cells(context, now.z_mesh, mass, 1);
    plane.lines(context, now.z_mesh, 1);
    context.globalAlpha = 0.85;
    context.beginPath();
    for (let i = 0; i < now.z.length; i += 2) {
      const x = plane.x(now.z[i]), y = plane.y(now.z[i + 1]);
      context.moveTo(x, y);
      context.arc(x, y, 1.1, 0, 7);
    }
    context.fill();
    context.globalAlpha = 1;
    for (const radius of [1, 2, 3]) {
      const along = radius * plane.unit * Math.SQRT1_2;
      Object.assign(context, { strokeStyle: style.quiet, lineWidth: 0.75 });
      context.beginPath();
      context.arc(width / 2, width / 2, radius * plane.unit, 0, 7);
      context.stroke();
      write(context, `${radius}σ`, width / 2 + along, width / 2 - along, this, "center", "middle");
    }
    axes(context, width, { x: 0, y: 0, half }, this, "z");
    if (hover >= 0 && 2 * hover < now.z.length) disc(context, plane.x(now.z[2 * hover]), plane.y(now.z[2 * hover + 1]), 4.5, style.now, style.paper);
  }

  /** The arrows of the point that is kept; none while its samples are on the way to those of another picture. */
  get arrows() { return this.kept < 0 || this.morph ? null : arrowsOf(this.target, this.meta.moves, this.kept, this.now.z.length / 2); }

  /** How much of both is drawn: G's move is the last one, and its last two phases are its gradient and its update. */
  get drawn() {
    const part = (phase) => Math.max(0, Math.min(1, this.t - (this.last - phase)));
    return this.last ? { told: part(2), taken: part(1) } : { told: 1, taken: 0 };
  }

  // ---------------------------------------------------------------- words

  static percent(part) { return `${Math.round(100 * part)} %`; }

  /** What is said of a picture as long as it is shown. */
  words() {
    const { root, slider, round, scale: { probability, neutral, reach } } = this;
    const digits = probability ? 0 : Math.max(0, 1 - Math.floor(Math.log10(reach))), at = (value) => decimal(Math.abs(value) < 1e-9 ? 0 : value, digits);
    this.say({ scale: this.meta.judge, low: `${probability ? "" : "≤ "}${at(neutral - reach)}`, middle: probability ? "½" : at(neutral), high: `${probability ? "" : "≥ "}${at(neutral + reach)}` });
    root.classList.toggle("g-round", this.last > 0);
    if (slider.max === String(this.last) && this.ticked === String(round.moves)) return;
    slider.max = String(this.last);
    this.ticked = String(round.moves);
    const ticks = root.querySelector(".g-ticks"), tick = (text, from, to, kind) => {
      const node = document.createElement("span");
      node.textContent = text;
      node.className = kind;
      node.style.setProperty("--from", String(from / this.last));
      node.style.setProperty("--to", String(to / this.last));
      return node;
    };
    const many = round.moves.length, each = this.last / Math.max(1, many);
    ticks.replaceChildren(...round.phases.map((phase, k) => tick(many > 2 ? "" : phase.tick ?? phase.name, k, k + 1, "g-tick")),
      ...round.moves.map((player, k) => tick(many > 2 ? player : `${player}’s move`, k * each, (k + 1) * each, `g-move g-${player}`)));
  }

  /** What the made points of the state that is shown are worth. */
  worth() {
    const { meta, pose } = this, { good, reached, found, modes, collapse } = meta.each?.[Math.round(pose.state)] ?? meta;
    const quality = [found !== null && `${found} of ${modes} modes`, good !== null && `${Game.percent(good)} of the samples good`,
      reached !== null && `${Game.percent(reached)} of the data have one near`].filter(Boolean).join(" · ");
    this.say({ quality, collapse: collapse ?? "" });
    this.said.collapse.classList.toggle("so-far", meta.so_far);
  }

  write() {
    if (!this.canvas.plane.clientWidth) return;
    this.worth();
    const { t, round, meta, last } = this, phase = round.at(t), over = !last || t > last - 1e-6;
    const turn = phase && round.moves.filter((player) => player === phase.player), of = turn?.length > 1 ? `, ${phase.move + 1} of ${turn.length}` : "";
    const state = !last ? "" : over ? "after the round" : phase ? phase.name : "before the round";
    const title = !phase || over ? "both players" : phase.player === "D" ? `discriminator’s move${of}` : "generator’s move";
    const shown = phase ?? { name: "both players", formula: "", sentence: "G warps the noise into the orange sheet; D says of every place how real it looks; arrows push the made points." };
    this.say({ title, state, phase: shown.name, note: last ? "The dots are fixed probes; each update itself draws a fresh batch." : "", reading: this.reading() });
    for (const name of ["formula", "sentence"]) this.rich(name, phase?.name === "judge" && name === "formula" && phase.player === "D" ? meta.judge : shown[name]);
    this.sayArrows();
    this.transport(`${title}: ${shown.name}`);
    this.tell({ phase: !phase || over ? "rest" : phase.name, playing: this.playing, states: this.states, moves: meta.moves.join(""), shown: this.id, ready: true });
  }

  /** The arrows of the point that is kept, in words. */
  sayArrows() {
    const { arrows, root } = this, seen = this.drawn;
    root.classList.toggle("g-kept", this.kept >= 0);
    if (!arrows) return;
    const { lengths: [told, taken], angle, times } = arrows, drawn = (n) => (n === 1 ? "" : ` (drawn ${decimal(n, n < 1 ? 1 : 0)} times as long)`);
    this.say({
      told: `D tells it −∂L/∂x of G’s loss, length ${decimal(told, 3)}${drawn(times[0])};`,
      taken: !arrows.taken ? "what it takes: in slow motion" : `G’s move takes it ${decimal(taken, 3)} units${drawn(times[1])};`,
      angle: !arrows.taken ? "" : angle === null ? "One of them has no length, so there is no angle." : `${Math.round(angle)}° between them: G’s weights are shared by all points.`,
    });
    this.tell({ kept: this.kept, told: seen.told.toFixed(2), taken: seen.taken.toFixed(2) });
  }

  /** A text whose _X are subscripts. */
  rich(name, text) {
    const node = this.said[name];
    if (node.text === text) return;
    node.text = text;
    node.replaceChildren(...text.split(/_(.)/).map((part, i) => (i % 2 ? Object.assign(document.createElement("sub"), { textContent: part }) : part)));
  }

  /** What the pointer says: the point it is near, or the place. */
  reading() {
    const { pointed, hover, now, meta: { half } } = this, count = now.z.length / 2;
    if (!pointed && hover < 0) return `${TOUCH.matches ? "Touch" : "Point at"} a dot to see the z it is made of, anywhere to hear what D says there; ${TOUCH.matches ? "touch" : "click"} a made one to keep its arrows.`;
    const pair = (array, i) => `(${decimal(array[2 * i])}, ${decimal(array[2 * i + 1])})`;
    const says = (said) => `D(x) = ${decimal(said)}`;
    if (hover >= count) return `real: ${pair(now.real, hover - count)}, ${says(now.says_real[hover - count])}`;
    if (hover >= 0) {
      const from = `z = ${pair(now.z, hover)} → G(z) = ${pair(now.fake, hover)}`;
      return `made: ${from}, ${says(now.says_fake[hover])}, push ${decimal(Math.hypot(now.push[2 * hover], now.push[2 * hover + 1]))}`;
    }
    const [x, y] = this.inPlane(pointed);
    return `here: (${decimal(x)}, ${decimal(y)}), ${says(GamePlane.says(now.heat, half, x, y))}`;
  }

  /** The picture with its legend, as a download. */
  save() {
    const side = 640, small = 300, gap = 30, head = 44, { style, said } = this, right = side + 2 * gap;
    const { canvas, context } = sheet(side + small + 3 * gap, side + head + gap, style.paper);
    const text = (words, x, y, font) => { context.font = `${font} ${style.font}`; context.fillStyle = style.ink; context.fillText(words, x, y, x < right ? side : small); };
    text([said.title.textContent, said.state.textContent].filter(Boolean).join(": "), gap, head - 14, "600 18px");
    text("noise z ~ N(0, I)", right, head - 14, "600 18px");
    context.strokeStyle = style.line;
    for (const { name, x, width } of [{ name: "plane", x: gap, width: side }, { name: "noise", x: right, width: small }]) {
      if (this.canvas[name].width) context.drawImage(this.canvas[name], x, head, width, width);
      context.strokeRect(x, head, width, width);
    }
    const y = head + small + 40, heat = context.createLinearGradient(right, 0, right + small, 0), map = new Uint8Array(style.verdict.buffer);
    for (let i = 0; i < 256; i += 15) heat.addColorStop(i / 255, `rgb(${map.subarray(4 * i, 4 * i + 3).join(" ")})`);
    text(said.scale.textContent, right, y, "14px");
    context.fillStyle = heat;
    context.fillRect(right, y + 10, small, 12);
    for (const [k, align] of /** @type {CanvasTextAlign[]} */ (["left", "center", "right"]).entries()) {
      context.textAlign = align;
      text(said[["low", "middle", "high"][k]].textContent, right + (k * small) / 2, y + 40, "14px");
    }
    context.textAlign = "left";
    said.quality.textContent.split(" · ").forEach((words, k) => text(words, right, y + 80 + 22 * k, "14px"));
    download(canvas, "gan");
  }

  // ---------------------------------------------------------------- hands

  get does() { return { ...super.does, save: () => this.save() }; }

  listen() {
    for (const button of this.all("[data-speed]")) this.on(button, "click", () => { this.speed = +button.dataset.speed; this.pressed(); });
    for (const button of this.all("[data-show]")) this.on(button, "click", () => {
      this.visible[button.dataset.show] = !this.visible[button.dataset.show];
      this.pressed();
      this.wake();
    });
    this.pointer(this.canvas.plane, {
      hover: (event) => this.near({ x: event.offsetX, y: event.offsetY }),
      leave: (event) => { if (event.pointerType === "mouse") this.aim(null, -1); },
    });
    this.on(this.canvas.plane, "click", () => this.choose(this.hover === this.kept || 2 * this.hover >= this.now.z.length ? -1 : this.hover));
    this.pressed();
  }

  pressed() {
    this.press("show", (show) => this.visible[show]);
    this.press("speed", (speed) => +speed === this.speed);
    for (const scale of this.all("[data-of]")) scale.style.visibility = this.visible[scale.dataset.of] ? "" : "hidden";
  }

  inPlane({ x, y }) {
    const { half } = this.meta, unit = (2 * half) / this.canvas.plane.clientWidth;
    return [x * unit - half, half - y * unit];
  }

  /** The point nearest to the pointer, if it is near. */
  near(pointed) {
    const [x, y] = this.inPlane(pointed), { plane: { made }, now: { real }, visible } = this;
    let hover = -1, nearest = (20 * this.meta.half) / this.canvas.plane.clientWidth;  // 10 pixels
    const seek = (points, first) => {
      for (let i = 0; i < points.length; i += 2) {
        const distance = Math.hypot(points[i] - x, points[i + 1] - y);
        if (distance < nearest) { nearest = distance; hover = first + i / 2; }
      }
    };
    if (visible.made) seek(made, 0);
    if (visible.real) seek(real, made.length / 2);
    this.aim(pointed, hover);
  }

  /** Another made point is kept, or none. */
  choose(point) {
    this.kept = point;
    this.wake();
  }

  key(event) {
    const next = { Enter: event.target.tagName !== "BUTTON" && (() => this.choose((this.kept + 1) % (this.now.z.length / 2))), Escape: this.kept >= 0 && (() => this.choose(-1)) };
    if (this.last) this.travel(event, 500, next);
    else this.act(event, next);
  }
}

export default component(".game-host", (host) => new Game(host, null, true));
