// The Train panel in the browser: transport, numbers, samples, curve and film. Python sends the whole present state in
// each message; what the eye is busy with (zoom, film position, fades under way) lives here and survives messages.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";
import { unpack } from "../../browser/unpack.js";
import { Line } from "../../flows/line/line.js";
import { Warp } from "../../flows/warp/warp.js";
import { Game } from "../../gans/game/game.js";
import { Curve, grouped, rateText } from "./chart.js";
import { Film, Samples } from "./film.js";

const FADE = 320, FILM_FADE = 160, FILM_PACE = 180;  // milliseconds
const PATIENCE = 1500;  // milliseconds
const CHUNK = 16;  // frames asked for at a time

function clock(seconds) {
  if (seconds === null) return "–";
  const s = Math.round(seconds), two = (n) => String(n).padStart(2, "0");
  const [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
  return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}

/** What shows the pictures of a kind of training; `onEnd` hears that a round was shown.
 * @returns {any} */
function canvasOf(kind, place, onEnd) {
  if (kind === "plane") return new Warp(place, true);
  if (kind === "game") return new Game(place, onEnd);
  if (kind === "line") return new Line(place);
  return new Samples(place);
}

// Two trainings on the same data, the same noise and the same clock.
class Pair {
  constructor(kind, place, onEnd) {
    place.innerHTML = '<div class="pair"><div><b></b><div></div></div><div><b></b><div></div></div></div>';
    this.names = place.querySelectorAll("b");
    this.pictures = Array.from(place.querySelectorAll(".pair > div > div"), (host, k) => canvasOf(kind, host, k ? null : onEnd));
  }

  name(titles) { titles.forEach((title, k) => { this.names[k].textContent = title; }); }

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
  asked = -Infinity;
  waiting = "";
  slowing = false;
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
    for (const button of this.all("[data-action]")) this.on(button, "click", () => this.command(button));
    this.on(this.slider, "input", () => { this.stop(); this.look(Number(this.slider.value)); });
  }

  get does() {
    return { play: () => (this.timer ? this.stop() : this.play()), now: () => { this.stop(); this.look(null); } };
  }

  /** Its parts draw themselves. */
  wake() {}

  command(button) {
    // Answers at once; the next message from Python says what is so.
    for (const other of this.all("[data-action]")) other.disabled = true;
    this.slowing = button.dataset.action === "slow" && !this.slowing;
    if (button.dataset.action === "slow" && !this.slowing) { this.show(); return; }  // pressed again: this round is the last
    this.send.trigger("action", { name: button.dataset.action, id: Date.now() });
    clearTimeout(this.answer);
    this.answer = window.setTimeout(() => this.show(), PATIENCE);  // an answer that changes nothing is not sent
  }

  receive({ meta, curve, now, ...rest }) {
    const picture = now.data.slice();
    if (meta.kind !== this.meta?.kind || meta.of !== this.meta.of) this.place(meta);
    this.picture.send = this.send;
    if (meta.run !== this.meta?.run) { this.stop(); this.film = new Film(); this.at = null; this.curve.zoom = null; }
    this.meta = meta;
    this.film.keep(meta.frames);
    if (meta.frames.length) this.film.add(meta.shown, picture);
    for (const step of meta.film) this.film.add(step, rest[`film ${step}`].data.slice());
    // Before the first step the settings decide what is shown, the data among them: what differs is another picture.
    const known = this.now?.picture, same = known?.length === picture.length && known.every((byte, i) => byte === picture[i]);
    if (!same) this.now = { id: `${meta.run}:${meta.shown}:${performance.now()}`, picture };
    this.now.step = meta.shown;
    this.curve.update({ points: curve.data, steps: meta.steps, top: meta.top, unit: meta.unit, lines: meta.lines,
                        marks: meta.marks, names: meta.curves, kept: meta.kept, shown: this.shownStep(),
                        rival: rest["lane 1"]?.data ?? new Float32Array(0) });
    if (meta.pair) this.picture.name(meta.pair);
    this.show();
    this.fetch(false);
  }

  place({ kind, of }) {
    this.picture?.leave();
    const place = this.find(".picture"), onEnd = () => this.again();
    this.root.dataset.kind = kind;
    this.picture = kind === "pair" ? new Pair(of, place, onEnd) : canvasOf(kind, place, onEnd);
  }

  // Slow motion goes on, step after step, until something else is pressed.
  again() { if (this.slowing && this.meta.state === "paused" && this.at === null) this.send.trigger("action", { name: "slow", id: Date.now() }); }

  shownStep() {  // of the picture: the frame asked for may still be on its way
    return this.at !== null ? this.film.nearest(this.at) ?? this.at : (this.meta.frames.length ? this.meta.step : null);
  }

  fetch(eager) {
    // The film travels only when somebody looks at it, in chunks; what was lost on the way is asked for again.
    const missing = this.film.missing(), wanted = eager || this.at !== null || this.timer;
    if (!wanted || !missing.length || performance.now() - this.asked < 1000 && missing.join() === this.waiting) return;
    this.asked = performance.now();
    this.waiting = missing.join();
    const near = this.at ?? 0;
    this.send.trigger("need", missing.sort((a, b) => Math.abs(a - near) - Math.abs(b - near)).slice(0, CHUNK));
  }

  look(step) {  // at a step of the film, or null for now
    const last = this.film.steps.at(-1);
    if (step !== null && (last === undefined || step >= last)) step = null;
    if (step !== null) step = this.film.steps.reduce((a, b) => (Math.abs(b - step) < Math.abs(a - step) ? b : a));
    this.at = step;
    this.curve.update({ shown: this.shownStep() });
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

  show() {
    const meta = this.meta, past = this.at === null ? null : this.film.nearest(this.at);
    const frame = past === null ? this.now : { id: `${meta.run}:${past}`, picture: this.film.frames.get(past), step: past };
    const fade = this.calm.matches ? 0 : past === null ? FADE : FILM_FADE;
    this.picture.show(frame.id, unpack(frame.picture), fade, meta.levels);
    if (past !== null && meta.of === "game") this.picture.go(Infinity);  // of a round in the film: what came out of it
    const [first, second = ""] = meta.curves, many = meta.frames.length > 1, last = meta.frames.at(-1) ?? 0, words = `step ${grouped(past ?? last)}`;
    const slowly = this.slowing && meta.state === "paused";
    this.say({
      caption: past !== null ? `at step ${grouped(past)}` : meta.caption,
      title: this.at === null ? "what it makes now" : "what it made then", film: words,
      step: `${grouped(meta.step)} of ${grouped(meta.steps)}`, told: meta.told ?? "", unit: meta.axis, first, second,
      things: `${meta.things}/s`, speed: meta.speed ? grouped(meta.speed) : "–", left: clock(meta.left),
      rate: rateText(meta.rate), base: meta.rate < 0.999 * meta.base ? ` (${rateText(meta.base)}, falling)` : "",
      message: slowly ? "Slow motion, one step after the other. Press slow motion again, and this round is the last." : meta.message,
    });
    this.find(".legend .other").hidden = !meta.told;
    this.root.classList.toggle("players", meta.players.length > 0);
    this.said.message.classList.toggle("alert", meta.alert);
    this.find(".bar i").style.transform = `scaleX(${Math.min(1, meta.step / meta.steps)})`;
    for (const button of this.all("[data-action]")) button.disabled = !meta.can.includes(button.dataset.can ?? button.dataset.action);
    const slow = this.find('[data-action="slow"]');
    slow.hidden = meta.of !== "game";
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
      shown: frame.step, points: this.curve.rows(), frames: meta.frames.length, fetched: this.film.frames.size });
  }

  leave() {
    super.leave();
    this.stop();
    clearTimeout(this.answer);
    this.picture?.leave();
    this.curve.leave();
  }
}

export default component(".trainer", (host) => new Trainer(host));
