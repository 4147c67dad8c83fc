// The Train panel in the browser: transport, numbers, samples, curve and film. The page says which training; what is new in it
// comes over the wire, over which it is steered too. Of a beginning and of an end Python hears, for what stands around.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";
import { unpack } from "../../browser/unpack.js";
import { Line } from "../../flows/line/line.js";
import { Warp } from "../../flows/warp/warp.js";
import { Game } from "../../gans/game/game.js";
import { Learning } from "../../latents/learning/learning.js";
import { Strips } from "../../sequences/strips/strips.js";
import { Waves } from "../../sound/waves/waves.js";
import { Curve, grouped, rateText } from "./chart.js";
import { Film } from "./film.js";
import { Rounds } from "./round.js";
import { Worth } from "./worth.js";

const FADE = 320, FILM_FADE = 160, FILM_PACE = 180;  // milliseconds
const PATIENCE = 1500;  // ms in which whatever a button does is seen
const AGAIN = 4000, BUSY = 500;  // ms after which Python is told once more, and after which what kept it busy may be over
const FIRST = " first";  // what it asks besides watching
const CHUNK = 16;  // frames asked for at a time
const POINTS = 800;  // of the curve, more than a screen can show apart

// A word to Python breaks off what it is at, and shuts a dialog: it waits while the page is drawn, and from a click on.
const BUSY_PAGE = ".stDialog, [data-test-script-state=running], [data-test-script-state=rerunRequested]";
const CLICK = 1000;  // ms in which Python has heard of a click
let clicked = -Infinity;
addEventListener("click", () => { clicked = performance.now(); }, true);

function clock(seconds) {
  if (seconds === null) return "–";
  const s = Math.round(seconds), two = (n) => String(n).padStart(2, "0");
  const [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
  return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

/** A curve with further points. Of twice as many as can be told apart some go, evenly; held-out values are few, and all stay. */
function grown(points, more) {
  const all = Float32Array.from([...points, ...more]), rows = all.length / 3;
  if (rows <= 2 * POINTS) return all;
  const apart = all[all.length - 3] / POINTS, kept = [];
  let last = -Infinity;
  for (let i = 0; i < all.length; i += 3) {
    const rare = all[i + 2] === all[i + 2] || i === all.length - 3;
    if (!rare && all[i] - last < apart) continue;
    kept.push(...all.subarray(i, i + 3));
    if (!rare) last = all[i];
  }
  return Float32Array.from(kept);
}

/** Whether two pictures are the same, byte by byte. */
function alike(one, other) {
  const bytes = ({ data }) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);
  const { meta, ...arrays } = one, names = Object.keys(arrays);
  return JSON.stringify(meta) === JSON.stringify(other.meta) && names.length === Object.keys(other).length - 1 &&
    names.every((name) => other[name] && same(bytes(arrays[name]), bytes(other[name])));
}

/** How a training stands, for those who have told it to do something; of one that runs, the steps do not count. */
const standing = ({ state, step, message }) => (state === "paused" ? `${step} ${message}` : state);

/** What shows the pictures of a kind of training; `onEnd` hears that a round was shown.
 * @returns {any} */
function canvasOf(kind, place, onEnd) {
  if (kind === "plane") return new Warp(place, true);
  if (kind === "game") return new Game(place, onEnd);
  if (kind === "line") return new Line(place);
  if (kind === "sequences") return new Strips(place);
  if (kind === "sound") return new Waves(place);
  if (kind === "latents") return new Learning(place);
  return new Rounds(place, onEnd);
}

// Two trainings on the same data, the same noise and the same clock.
class Pair {
  constructor(kind, place, onEnd) {
    place.innerHTML = '<div class="pair"><div><b></b><div></div></div><div><b></b><div></div></div></div>';
    this.names = place.querySelectorAll("b");
    this.pictures = Array.from(place.querySelectorAll(".pair > div > div"), (host, k) => canvasOf(kind, host, k ? null : onEnd));
  }

  /** Says whose pictures these are, and how far each has come. */
  name(titles, steps, count) {
    titles.forEach((title, k) => { this.names[k].textContent = steps[k] === undefined ? title : `${title} · ${count} ${grouped(steps[k])}`; });
  }

  show(id, { one, other }, duration, levels) {
    [one, other].forEach(({ data }, k) => this.pictures[k].show(id, unpack(data.slice()), duration, levels));
  }

  go(place) { for (const picture of this.pictures) picture.go(place); }

  leave() { for (const picture of this.pictures) picture.leave(); }
}

class Trainer extends Canvas {
  film = new Film();
  /** The step the film stands at; null: now.
   * @type {number | null} */
  at = null;
  timer = 0;
  answer = 0;
  slowing = false;
  /** How the training stood when a button was pressed, until it stands another way.
   * @type {string | null} */
  pressed = null;
  /** What the page says.
   * @type {any} */
  page = null;
  /** The training of which the wire has told: it knows better than the page.
   * @type {string | null} */
  heard = null;
  /** How much of it is here.
   * @type {any} */
  have = null;
  points = new Float32Array(0);
  rival = new Float32Array(0);
  /** What samples were worth, of each lane.
   * @type {Float32Array[]} */
  worth = [];
  /** What a command was refused with, and what the first picture was. */
  refusal = "";
  complaint = "";
  /** The frames that were asked for, and when. */
  missed = "";
  missedAt = -Infinity;
  /** What Python was told stands around, and when to say it again. */
  informed = "";
  informing = 0;
  /** Until when (ms) Python is at what it was told: another word would break it off. */
  quietUntil = 0;
  /** @type {any} */
  picture = null;
  /** The newest picture.
   * @type {any} */
  now = null;

  constructor(host) {
    super(host);
    this.slider = this.find(".film input");
    this.playButton = this.find(".film [data-do=play]");
    this.curve = new Curve(this.find("figure.curve"), (step) => this.look(step));
    this.judged = new Worth(this.find(".worth"));
    for (const button of this.all("[data-action]")) this.on(button, "click", () => this.command(button));
    this.on(this.slider, "input", () => { this.stop(); this.look(Number(this.slider.value)); });
  }

  get does() {
    return { play: () => (this.timer ? this.stop() : this.play()), now: () => { this.stop(); this.look(null); } };
  }

  /** Its parts draw themselves. */
  wake() {}

  // ---------------------------------------------------------------- data

  receive({ meta: page, before }) {
    const last = this.page, known = page.job !== null && page.job === this.heard;
    this.page = page;
    this.connect(page);
    if (page.job !== last?.job) {
      const nothing = new Float32Array(0);
      Object.assign(this, { heard: null, have: null, points: nothing, rival: nothing, worth: [], refusal: "" });
    }
    if (!known) this.understand(page.said);
    this.picture.send = this.send;
    this.follow();
    this.begin(page.first, before.data);
    this.present();
    Object.assign(this, { informed: "", quietUntil: 0 });
    this.inform();
  }

  /** Watches the training, if there is one. */
  follow(need = []) {
    const { job, changed } = this.page;
    if (job === null) this.wire.drop(this.name);
    else this.wire.watch(this.name, { job, have: this.have, need, changed }, (meta, arrays) => this.hear(meta, arrays), (sentence) => this.refuse(sentence));
  }

  /** What is new in the training. */
  hear({ job, have, whole, now, film, meta }, { curve, ...arrays }) {
    Object.assign(this, { heard: job, have, rival: arrays["lane 1"]?.data.slice() ?? this.rival });
    if (whole) this.film = new Film();
    this.worth = [0, 1].flatMap((lane) => arrays[`quality ${lane}`]?.data.slice() ?? []);
    this.points = grown(whole ? [] : this.points, curve.data);
    this.understand(meta);
    const keep = (step, name) => {
      const picture = unpack(arrays[name].data.slice());
      this.film.add(step, picture);
      return picture;
    };
    for (const step of film) keep(step, `film ${step}`);
    if (now !== null) this.take(keep(now, "now"), now);
    this.present();
    this.inform();
  }

  /** The words of a moment. */
  understand(meta) {
    if (meta.kind !== this.meta?.kind || meta.of !== this.meta.of) this.place(meta);
    if (meta.run !== this.meta?.run) {
      this.stop();
      this.curve.zoom = null;
      this.forgetFirst();
      Object.assign(this, { film: new Film(), at: null });
    }
    this.meta = meta;
    this.film.keep(meta.frames);
    if (meta.pair) this.picture.name(meta.pair, this.at === null ? meta.pair_steps : [], meta.count);
  }

  /** The newest picture; the same one as before need not fade. */
  take(picture, step) {
    if (!this.now || !alike(this.now.picture, picture)) this.now = { id: `${this.meta.run}:${step}:${performance.now()}`, picture };
    this.now.step = step;
  }

  /** The picture that a training begins with, until it has drawn one: the page has it, or it is asked for. */
  begin(lanes, before) {
    if (this.meta.frames.length) return;
    if (before.length) {
      this.forgetFirst();
      this.take(unpack(before.slice()), -1);
    }
    if (!lanes.length || (this.page.job !== null && this.now)) return;
    this.ask({ name: "first_picture", lanes }, (meta, arrays) => {
      if (this.meta.frames.length) return;
      this.take({ meta, ...arrays }, -1);
      this.show();
    }, FIRST);
  }

  /** Another training begins with another picture. */
  forgetFirst() {
    this.forget(this.name + FIRST);
    this.complaint = "";
  }

  /** What the first picture is refused with; then no other one stands in its place. */
  complain(sentence) {
    this.complaint = sentence;
    if (sentence && !this.meta.frames.length) this.now = null;
    this.show();
  }

  present() {
    const { meta, points, rival, worth } = this;
    this.judged.update({ names: meta.judged, lanes: worth, titles: meta.pair ?? [], steps: meta.steps, counted: meta.count, shown: this.shownStep() });
    this.curve.update({ losses: meta.losses, at: meta.step, counted: meta.count, points, rival, steps: meta.steps, top: meta.top, unit: meta.unit, perplexity: meta.perplexity, lines: meta.lines, marks: meta.marks,
                        names: meta.curves, kept: meta.kept, about: meta.about.kept, shown: this.shownStep() });
    this.show();
    this.fetch(false);
  }

  /** Has the page drawn anew where what stands around the picture depends on something that is another now. Not under an open
   *  dialog: it would be closed, and a file that is just arriving in it be lost. */
  inform() {
    const around = String(this.meta.around);
    if (around === this.informed) return;
    clearTimeout(this.informing);
    this.informed = around;
    if (around === String(this.page.said.around)) return;
    const now = performance.now(), busy = document.querySelector(BUSY_PAGE) || now < clicked + CLICK || now < this.quietUntil;
    if (!busy) this.send.trigger("changed", around);
    this.informing = window.setTimeout(() => { this.informed = ""; this.inform(); }, busy ? BUSY : AGAIN);
  }

  // ---------------------------------------------------------------- steering

  /** Answers at once; how the training stands then, the wire says. */
  command({ dataset: { action } }) {
    this.slowing = action === "slow" && !this.slowing;
    if (action !== "slow" || this.slowing) {
      this.pressed = standing(this.meta);
      this.steer(action);
      clearTimeout(this.answer);
      this.answer = window.setTimeout(() => { this.pressed = null; this.show(); }, PATIENCE);  // it has changed nothing
    }  // else it was pressed again: this round is the last
    this.show();
  }

  /** Tells a training under way what to do; what begins or ends one is told to Python, which has the settings. */
  steer(action) {
    const { page: { job }, meta: { state } } = this;
    this.refusal = "";
    if (job === null || !["running", "paused"].includes(state) || action === "reset") {
      this.send.trigger("action", { name: action, id: Date.now() });
      this.quietUntil = performance.now() + AGAIN;
    } else if (action === "train" || action === "pause") this.wire.command(this.name, job, action);
    else this.wire.command(this.name, job, "step", action === "step" ? "" : action);
  }

  refuse(sentence) {
    Object.assign(this, { refusal: sentence, slowing: false, pressed: null });
    this.show();
  }

  place({ kind, of }) {
    this.picture?.leave();
    const place = this.find(".picture"), onEnd = () => this.again();
    this.now = null;
    this.root.dataset.kind = kind;
    this.picture = kind === "pair" ? new Pair(of, place, onEnd) : canvasOf(kind, place, onEnd);
  }

  // Slow motion goes on, step after step, until something else is pressed.
  again() { if (this.slowing && this.meta.state === "paused" && this.at === null) this.steer("slow"); }

  // ---------------------------------------------------------------- the film

  shownStep() {  // of the picture: the frame asked for may still be on its way
    return this.at !== null ? this.film.nearest(this.at) ?? this.at : (this.meta.frames.length ? this.meta.step : null);
  }

  fetch(eager) {
    // The film travels only when somebody looks at it, in chunks; what was lost on the way is asked for again.
    const missing = this.film.missing(), wanted = eager || this.at !== null || this.timer;
    if (!wanted || !missing.length || performance.now() - this.missedAt < 1000 && missing.join() === this.missed) return;
    this.missedAt = performance.now();
    this.missed = missing.join();
    const near = this.at ?? 0;
    this.follow(missing.sort((a, b) => Math.abs(a - near) - Math.abs(b - near)).slice(0, CHUNK));
  }

  look(step) {  // at a step of the film, or null for now
    const last = this.film.steps.at(-1);
    if (step !== null && (last === undefined || step >= last)) step = null;
    if (step !== null) step = this.film.steps.reduce((a, b) => (Math.abs(b - step) < Math.abs(a - step) ? b : a));
    this.at = step;
    for (const chart of [this.curve, this.judged]) chart.update({ shown: this.shownStep() });
    if (this.meta.pair) this.picture.name(this.meta.pair, step === null ? this.meta.pair_steps : [], this.meta.count);
    this.show();
    this.fetch(false);
  }

  key(event) {
    if (event.target !== this.slider || !this.film.steps.length) return;
    const { steps } = this.film, here = this.at ?? steps.at(-1), i = steps.findLastIndex((s) => s <= here);
    const to = (k) => () => { this.stop(); this.look(steps[Math.min(Math.max(k, 0), steps.length - 1)]); };
    this.act(event, { ArrowLeft: to(i - 1), ArrowDown: to(i - 1), ArrowRight: to(i + 1), ArrowUp: to(i + 1), PageDown: to(i - 8),
      PageUp: to(i + 8), Home: to(0), End: to(steps.length - 1), " ": () => this.does.play() });
  }

  play() {
    if (this.film.steps.length < 2) return;
    if (this.at === null) this.look(this.film.steps[0]);
    this.timer = window.setInterval(() => {
      const next = this.film.steps.find((s) => s > this.at);
      if (next !== undefined && !this.film.frames.has(next)) { this.fetch(true); return; }  // waits for it
      if (next === undefined || next === this.film.steps.at(-1)) { this.stop(); this.look(null); } else this.look(next);
    }, FILM_PACE);
    this.fetch(true);
    this.show();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = 0;
    this.playButton.classList.remove("playing");
  }

  // ---------------------------------------------------------------- what is seen

  show() {
    const meta = this.meta, past = this.at === null ? null : this.film.nearest(this.at);
    const frame = past === null ? this.now : { id: `${meta.run}:${past}`, picture: this.film.frames.get(past), step: past };
    const fade = this.calm.matches ? 0 : past === null ? FADE : FILM_FADE;
    this.root.toggleAttribute("data-blank", !frame);
    if (frame) this.picture.show(frame.id, frame.picture, fade, meta.levels);
    if (past !== null && meta.players.length) this.picture.go(Infinity);  // of a round in the film: what came out of it
    const [first, second = ""] = meta.curves, many = meta.frames.length > 1, last = meta.frames.at(-1) ?? 0, words = `${meta.count} ${grouped(past ?? last)}`;
    const slowly = this.slowing && meta.state === "paused", wrong = this.refusal || this.page.notice || (meta.state === "none" ? this.complaint : "");
    if (this.pressed !== standing(meta)) this.pressed = null;
    this.say({
      caption: past !== null ? `at ${words}` : meta.caption,
      title: this.at === null ? "what it makes now" : "what it made then", film: words,
      counted: meta.count, single: `one ${meta.count}`, "other-first": first, "other-second": second,
      step: `${grouped(meta.step)} of ${grouped(meta.steps)}`, told: meta.told ?? "", unit: meta.axis, first, second,
      things: `${meta.things}/s`, speed: meta.speed ? grouped(meta.speed) : "–", left: clock(meta.left),
      rate: rateText(meta.rate), base: meta.rate < 0.999 * meta.base ? ` (${rateText(meta.base)}, falling)` : "",
      message: wrong || (slowly ? "Slow motion, one round after the other. Press slow motion again, and this round is the last." : meta.message),
    });
    this.said.step.title = meta.about[meta.count] ?? "";
    this.said.second.title = meta.about[second] ?? "";
    this.find(".worth").hidden = !meta.judges;
    this.find(".legend.other").hidden = !meta.told;
    this.root.classList.toggle("players", meta.players.length > 0);
    this.said.message.classList.toggle("alert", Boolean(wrong) || meta.alert);
    this.find(".bar i").style.transform = `scaleX(${Math.min(1, meta.step / meta.steps)})`;
    for (const button of this.all("[data-action]")) button.disabled = this.pressed !== null || !meta.can.includes(button.dataset.can ?? button.dataset.action);
    const slow = this.find('[data-action="slow"]');
    slow.hidden = !meta.players.length;
    slow.setAttribute("aria-pressed", this.slowing);
    this.find('[data-action="train"] span').textContent = meta.train;
    this.slider.max = meta.steps;
    this.slider.value = this.at ?? (many ? last : 0);
    this.slider.style.setProperty("--done", `${(100 * last) / meta.steps}%`);
    this.slider.disabled = this.playButton.disabled = !many;
    this.find(".film [data-do=now]").disabled = this.at === null;
    this.playButton.classList.toggle("playing", Boolean(this.timer));
    this.slider.setAttribute("aria-valuetext", words);
    this.tell({ state: meta.state, step: meta.step, view: this.at === null ? "now" : "film",
      shown: frame?.step ?? -1, points: this.curve.rows(), frames: meta.frames.length, fetched: this.film.frames.size });
  }

  leave() {
    super.leave();
    this.stop();
    this.wire?.drop(this.name);
    clearTimeout(this.answer);
    clearTimeout(this.informing);
    this.picture?.leave();
    this.curve.leave();
    this.judged.leave();
  }
}

export default component(".trainer", (host) => new Trainer(host));
