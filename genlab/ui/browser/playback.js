// Canvases on which something travels: a position t from 0 to `last` that plays, pauses and glides.
import { Canvas } from "./canvas.js";
import { ease } from "./screen.js";

export const PLAY = `<button type="button" class="play" data-do="play" title="play or pause (space)" aria-label="play or pause"><svg viewBox="0 0 24 24"><path class="go" d="M7 4v16l13-8z"/><path class="halt" d="M6 4h4v16H6zM14 4h4v16h-4z"/></svg></button>`;

export class Playback extends Canvas {
  /** Part of a glide that is movement; the rest is a breath at the end. */
  static MOVES = 1;
  /** The slider falls onto a stage that is as near as this. */
  static SNAP = 0;

  t = 0;
  playing = false;
  speed = 1;
  /** Identity of what is shown.
   * @type {string | null} */
  id = null;
  calls = 0;
  /** What t is on its way to.
   * @type {{ from: number, to: number, duration: number, part: number, seen: number | null } | null} */
  motion = null;
  /** On the way from what was shown to the newest data; `blend` mixes them.
   * @type {{ duration: number, start?: number } | null} */
  morph = null;
  /** Where the pointer is, in CSS pixels of its canvas.
   * @type {{ x: number, y: number } | null} */
  pointed = null;
  /** What is under it.
   * @type {number} */
  hover = -1;
  stale = true;

  constructor(host, frame) {
    super(host, frame);
    /** @type {HTMLInputElement} */
    this.slider = this.find("input[type=range]");
    this.on(this.slider, "input", () => this.scrub(+this.slider.value));
  }

  get kind() { return /** @type {typeof Playback} */ (this.constructor); }

  get last() { return 1; }

  get does() { return { play: () => this.toggle() }; }

  /** Shows data at once, or in a morph of some ms; what has the same id is there already. */
  show(_id, _data, _duration) {}

  /** Takes data to show, or from a page the question that they answer: of which model, and which. */
  receive(data) {
    const { source, question } = data.meta, take = (meta, arrays) => this.show(String(++this.calls), { meta, ...arrays }, 350);
    if (!question) { take(data.meta, data); return; }
    this.connect(data.meta);
    this.ask({ source, ...question }, take);
  }

  // ---------------------------------------------------------------- moving

  play() {
    this.playing = true;
    this.onward();
    this.wake();
  }

  /** Where a journey that is played goes next. */
  onward() { this.pause(); }

  pause() {
    this.playing = false;
    this.motion = null;
    this.wake();
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  glide(to, duration) {
    this.motion = { from: this.t, to, duration, part: 0, seen: null };
    this.wake();
  }

  /** Pauses and goes to a position: in a glide, or at once. */
  go(to, duration = 0) {
    this.pause();
    const place = Math.max(0, Math.min(this.last, to));
    if (duration && !this.calm.matches) this.glide(place, duration);
    else this.t = place;
  }

  scrub(t) {
    const near = Math.round(t);
    this.go(Math.abs(t - near) < this.kind.SNAP ? near : t);
  }

  /** The stage that follows in a direction (1: onward), or the same one at the end. */
  next(step) {
    const to = step > 0 ? Math.floor(this.t + 1e-6) + 1 : Math.ceil(this.t - 1e-6) - 1;
    return Math.max(0, Math.min(this.last, to));
  }

  advance(now, _passed) {
    this.carry(now);
    if (this.morph) this.blend(this.morphed(now));
    return Boolean(this.motion || this.morph);
  }

  /** How far a morph has come, 1 where there is none. */
  morphed(now) {
    if (!this.morph) return 1;
    this.morph.start ??= now;
    const part = Math.min(1, (now - this.morph.start) / this.morph.duration);
    if (part === 1) this.morph = null;
    return ease(part);
  }

  blend(_part) {}

  /** Brings t on its way. At another speed the rest of it takes another time, and what is past stays past. */
  carry(now) {
    const { motion } = this;
    if (!motion) return;
    motion.part = Math.min(1, motion.part + ((now - (motion.seen ?? now)) / motion.duration) * (this.playing ? this.speed : 1));
    motion.seen = now;
    this.t = this.between(motion);
    if (motion.part < 1) return;
    this.motion = null;
    if (this.playing) this.onward();
  }

  between({ from, to, part }) {
    return part === 1 ? to : from + (to - from) * ease(Math.min(1, part / this.kind.MOVES));
  }

  // ---------------------------------------------------------------- hands

  aim(pointed, hover) {
    if (hover !== this.hover) this.stale = true;
    Object.assign(this, { pointed, hover });
    this.wake();
  }

  resized() {
    this.stale = true;
    this.wake();
  }

  /** Space plays, arrows go from stage to stage, with shift by small steps; `more` are further keys. */
  travel(event, duration, more = {}) {
    const step = (by) => (event.shiftKey ? this.go(this.t + by * 0.05) : this.go(this.next(by), duration));
    this.act(event, { ArrowLeft: () => step(-1), ArrowDown: () => step(-1), ArrowRight: () => step(1), ArrowUp: () => step(1),
      Home: () => this.go(0, duration), End: () => this.go(this.last, duration), " ": () => this.toggle(), ...more });
  }

  /** Brings button and slider up to date. */
  transport(words) {
    const { slider, t, last } = this;
    this.root.classList.toggle("playing", this.playing);
    slider.value = String(t);
    slider.style.setProperty("--done", `${last ? (100 * t) / last : 0}%`);
    slider.setAttribute("aria-valuetext", words);
  }
}
