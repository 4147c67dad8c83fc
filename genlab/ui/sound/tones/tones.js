// A sound is seen and heard while the model writes it, sample by sample.
import { component } from "../../browser/component.js";
import { Controls } from "../../browser/controls.js";
import { Playback } from "../../browser/playback.js";
import { decimal, download, sheet, surface } from "../../browser/screen.js";
import { Sound } from "../audio.js";
import { drawTree } from "../tree.js";
import { SAMPLES, Spectrogram, decoded, drawWave } from "../wave.js";

const BLACK = [1, 4, 6, 9, 11], NAMES = ["A", "B", "C", "D", "E", "F", "G", "A"];  // semitones above A, and the white keys
const TYPED = "awsdrftghujik";  // what plays each semitone, as the keys lie
const AHEAD = 0.25, FASTER = 1.05;  // seconds that are there, and the pace at which they come, before a sound is played unfinished
const CONTEXT = 160;  // samples before the next one that are shown
const SHOWN = [16, 128, 1024];
const MAX = 0.5;  // |z| beyond which a unit is as bright as can be

class Tones extends Playback {
  /** @type {Controls | null} */
  controls = null;
  pitch = 0;
  shown = 128;
  /** Levels, samples and bits of the sound, so far as it is written.
   * @type {any} */
  sound = null;
  /** What the model computed for the sample at t.
   * @type {any} */
  inside = null;
  /** What plays, and how much of the sound it was given.
   * @type {{ sound: Sound, from: number, given: number, streams: boolean, starved: number } | null} */
  heard = null;
  begun = 0;
  peak = 0;
  why = "";

  constructor(host) {
    super(host);
    this.keys = this.keyboard();
    for (const button of this.all("[data-shown]")) this.on(button, "click", () => this.zoom(+button.dataset.shown));
    const go = (event) => this.scrub(this.part(event, this.canvas.sound)[0] * this.last);
    this.pointer(this.canvas.sound, { grasp: go, drag: go });
  }

  keyboard() {
    const place = this.find(".keys"), keys = [];
    for (let pitch = 0, white = 0; pitch < 13; pitch++) {
      const black = BLACK.includes(pitch), name = black ? "" : NAMES[white];
      const key = Object.assign(document.createElement("button"), { type: "button", className: black ? "black" : "white", textContent: name,
        title: `${Math.round(110 * 2 ** (pitch / 12))} Hz (key ${TYPED[pitch].toUpperCase()})`, ariaLabel: `${Math.round(110 * 2 ** (pitch / 12))} hertz` });
      if (black) key.style.left = `${(100 * white) / NAMES.length}%`; else white++;
      this.on(key, "click", () => this.strike(pitch));
      place.append(key);
      keys.push(key);
    }
    return keys;
  }

  get last() { return this.sound ? this.sound.total - 1 : 1; }

  /** Where the cursor stands until somebody moves it. */
  get usual() { return Math.round(0.35 * this.last); }

  get carried() { return { at: this.playing || Math.round(this.t) === this.usual ? null : Math.round(this.t), places: this.shown === 128 ? null : this.shown }; }

  // ---------------------------------------------------------------- data

  receive({ meta }) {
    this.page = meta;
    this.connect(meta);
    if (!this.controls) {
      this.controls = new Controls(this, meta.controls, () => this.pose());
      const at = Number(this.link("at") || NaN), places = Number(this.link("places"));
      this.brought = Number.isInteger(at) && at >= 0 ? at : null;
      if (SHOWN.includes(places)) this.shown = places;
    }
    this.pitch = meta.pitch;
    this.controls.values.pitch = this.pitch;
    this.pose();
  }

  /** What is asked about, as it is set. */
  get question() {
    const { instrument, seed, temperature } = this.controls.values;
    const begin = this.page.begin ? { begin: this.page.begin } : {};
    return { ...begin, source: this.page.source, label: this.page.instruments.indexOf(instrument) * this.page.pitches + this.pitch, seed, temperature };
  }

  /** Asks for the sound as it is set. */
  pose() {
    const asked = this.ask({ name: "tone", ...this.question }, (meta, arrays) => this.take(meta, arrays), " tone");
    if (!asked) return;
    this.silence();
    this.begun = performance.now();
  }

  /** The next piece of a sound. */
  take(meta, { levels, surprise }) {
    if (meta.start === 0) {
      this.sound = { total: meta.total, levels: new Uint8Array(meta.total), wave: new Float32Array(meta.total), bits: new Float32Array(meta.total), spectrogram: new Spectrogram(meta.total), arrived: 0 };
      this.inside = null;
      this.slider.max = String(meta.total - 1);
      this.t = Math.min(this.t, meta.total - 1);
    }
    const { sound } = this;
    sound.levels.set(levels.data, meta.start);
    sound.wave.set(decoded(levels.data), meta.start);
    sound.bits.set(surprise.data, meta.start);
    sound.end = meta.end;
    // Pieces that were written before come at once: only what comes later tells a pace.
    sound.pace = meta.end / meta.rate / Math.max(1e-3, (performance.now() - this.begun) / 1000);
    sound.spectrogram.grow(sound.wave, meta.end, meta.complete);
    this.meta = meta;
    this.feed();
    if (meta.complete && !this.playing) this.rest();
    this.wake();
  }

  /** Where nothing plays, the cursor stands at a sample, and what was computed for it is seen. */
  rest() {
    if (this.brought !== null) this.t = Math.min(this.brought, this.last);
    else if (!this.t || this.t >= this.last) this.t = this.usual;
    this.brought = null;
    this.look();
  }

  look() {
    const t = Math.round(this.t);
    if (!this.sound || t >= this.sound.end || this.playing) return;
    this.follow({ name: "tone_inside", ...this.question, t }, (meta, arrays) => { this.inside = { meta, ...arrays }; this.wake(); }, " inside");
  }

  go(to, duration = 0) {
    super.go(to, duration);
    this.look();
  }

  scrub(t) { this.go(Math.round(t)); }

  next(step) { return Math.max(0, Math.min(this.last, Math.round(this.t) + step)); }

  zoom(places) {
    this.shown = places;
    this.wake();
  }

  // ---------------------------------------------------------------- listening

  /** A key of the keyboard: it is chosen, and heard. */
  strike(pitch) {
    if (pitch !== this.pitch) {
      this.silence();
      this.pitch = pitch;
      this.controls.values.pitch = pitch;
      this.t = 0;
      this.pose();
      this.controls.settled();
    }
    this.t = 0;
    this.play();
  }

  play() {
    this.silence();
    const from = this.t >= this.last - 1 ? 0 : Math.round(this.t);
    this.t = from;
    this.playing = true;
    this.why = "";
    try {
      const sound = new Sound(this.meta.rate, (report) => this.progress(sound, report));
      this.heard = { sound, from, given: from, streams: false, starved: 0 };
      sound.ready.then(() => this.feed(), () => this.mute());
    } catch { this.mute(); }
    this.wake();
  }

  mute() {
    this.silence();
    this.why = "This browser plays no sound here. Save the sound as WAV instead.";
    this.wake();
  }

  pause() {
    this.silence();
    super.pause();
  }

  silence() {
    this.heard?.sound.stop();
    this.heard = null;
    this.playing = false;
  }

  /** Gives what is new to what plays: from the first on where it comes faster than it sounds, else once all is here. */
  feed() {
    const { heard, sound, meta } = this;
    if (!heard?.sound.begun || !sound) return;
    const enough = heard.sound.live && sound.end - heard.from >= AHEAD * meta.rate && sound.pace >= FASTER;
    if (!meta.complete && !heard.streams && !enough) return;
    heard.streams ||= !meta.complete;
    if (sound.end > heard.given || meta.complete) heard.sound.give(sound.wave.subarray(heard.given, sound.end), meta.complete);
    heard.given = sound.end;
  }

  progress(of, { at, peak, starved, done }) {
    if (this.heard?.sound !== of) return;
    this.peak = Math.max(this.peak, peak);
    this.t = Math.min(this.last, this.heard.from + at);
    this.heard.starved = starved;
    this.tell({ played: Math.round(this.t), peak: this.peak.toFixed(3), streamed: this.heard.streams });
    if (done) {
      this.silence();
      this.t = this.usual;
      this.look();
    }
    this.wake();
  }

  leave() {
    this.silence();
    super.leave();
  }

  // ---------------------------------------------------------------- words

  write() {
    const { meta, sound, heard, inside } = this, { instrument } = this.controls.values, t = Math.round(this.t), label = (hz) => `${decimal(hz, 1)} Hz`;
    const made = meta.end / meta.rate, factor = made / meta.seconds;
    let bits = 0;
    for (let i = 0; i < sound.end; i++) bits += sound.bits[i];
    this.say({
      title: `${instrument}, ${Math.round(110 * 2 ** (this.pitch / 12))} Hz`,
      where: meta.complete ? `sample ${t + 1} of ${sound.total}, ${decimal(t / meta.rate, 3)} s` : `${sound.end} of ${sound.total} samples are written`,
      factor: `× ${decimal(factor, 2)}`,
      pace: `${Math.round((1e6 * meta.seconds) / meta.end)} µs a sample; real time: ${Math.round(1e6 / meta.rate)} µs`,
      pitch: `${label(meta.asked)}, ${meta.heard === null ? (meta.complete ? "none" : "…") : label(meta.heard)}`,
      bits: decimal(bits / Math.max(1, sound.end), 2),
      next: inside && inside.meta.t === t ? `p(xₜ | …): level ${sound.levels[t]} came, ${decimal(sound.bits[t], 2)} bits` : "",
      status: this.why || (!this.playing ? "" : heard?.streams ? "Heard while it is written." + (heard.starved ? " It had to wait for samples." : "")
        : meta.complete ? "Heard as it was written."
        : heard && !heard.sound.live ? "Without https this browser plays a sound only once it is complete." : `Slower than real time here (× ${decimal(sound.pace, 2)}): it buffers, and plays once it is complete.`),
    });
    this.press("shown", (value) => +value === this.shown);
    this.keys.forEach((key, pitch) => key.setAttribute("aria-pressed", String(pitch === this.pitch)));
    this.transport(`sample ${t + 1}`);
    this.tell({ written: sound.end, complete: meta.complete, t, playing: this.playing, inside: inside ? inside.meta.t : -1, pitch: this.pitch, given: meta.given });
  }

  // ---------------------------------------------------------------- drawing

  advance(now, passed) { return super.advance(now, passed) || this.playing; }

  draw() {
    this.drawSound();
    this.drawNext();
    const { context, width, height } = surface(this.canvas.tree);
    context.clearRect(0, 0, width, height);
    if (this.inside) drawTree(context, width, height, seen(this.inside), this.shown, false, this);
  }

  drawSound() {
    const { context, width, height } = surface(this.canvas.sound), { style, sound, rem, t } = this, half = height / 2;
    context.clearRect(0, 0, width, height);
    drawWave(context, sound.wave, sound.end, sound.total, 0, 0, width, half, style.model);
    if (this.meta.given) drawWave(context, sound.wave, Math.min(this.meta.given, sound.end), sound.total, 0, 0, width, half, style.data);
    sound.spectrogram.draw(context, 0, half, width, half, this.sequential);
    const hidden = Math.floor((sound.end / sound.total) * width);
    context.fillStyle = style.paper;
    context.fillRect(hidden, half, width - hidden, half);
    const x = (t / sound.total) * width;
    context.fillStyle = style.now;
    context.fillRect(x - 1, 0, 2, height);
    Object.assign(context, { font: `${0.72 * rem}px ${style.font}`, strokeStyle: style.paper, fillStyle: style.ink, lineWidth: 3, textBaseline: "top", textAlign: "left" });
    const write = (words, y) => { context.strokeText(words, 4, y); context.fillText(words, 4, y); };
    write("4 kHz", half + 3);
    context.textBaseline = "bottom";
    write("0", height - 3);
  }

  /** The last samples on the axis of the levels, and on the same axis the posterior of the next one. */
  drawNext() {
    const { context, width, height } = surface(this.canvas.next), { style, sound, inside, rem } = this, t = Math.round(this.t), middle = 0.6 * width;
    const y = (level) => (1 - (level + 0.5) / SAMPLES.length) * height, x = (s) => middle - ((t - s) / CONTEXT) * middle;
    context.clearRect(0, 0, width, height);
    context.fillStyle = style.line;
    context.fillRect(0, y(127.5), width, 1);
    context.fillStyle = style.data;
    for (let s = Math.max(0, t - CONTEXT); s < Math.min(t, sound.end); s++) context.fillRect(x(s) - 1.2, y(sound.levels[s]) - 1.2, 2.4, 2.4);
    if (inside && inside.meta.t === t) {
      const p = inside.p.data, top = p.reduce((a, b) => Math.max(a, b), 0), high = height / p.length;
      context.fillStyle = style.model;
      for (let level = 0; level < p.length; level++) context.fillRect(middle + 4, y(level) - high / 2, (p[level] / top) * (width - middle - 8), Math.max(high, 1));
      Object.assign(context, { font: `${0.72 * rem}px ${style.font}`, fillStyle: style.quiet, textBaseline: "top", textAlign: "right" });
      context.fillText(`highest: p = ${decimal(top, 2)}`, width - 3, 3);
    }
    if (t < sound.end) {
      context.fillStyle = style.now;
      context.beginPath();
      context.arc(x(t), y(sound.levels[t]), 3.5, 0, 7);
      context.fill();
    }
  }

  /** The pictures under each other, as a download. */
  save() {
    const parts = [this.canvas.sound, this.canvas.next, this.canvas.tree], width = Math.max(...parts.map((part) => part.width)), gap = 24;
    const { canvas, context } = sheet(width + 2 * gap, parts.reduce((sum, part) => sum + part.height + gap, gap), this.style.paper);
    let top = gap;
    for (const part of parts) { context.drawImage(part, gap, top); top += part.height + gap; }
    download(canvas, `wavenet-${this.controls.values.instrument}-${this.pitch}`);
  }

  // ---------------------------------------------------------------- hands

  get does() { return { ...super.does, save: () => this.save() }; }

  key(event) {
    const by = (n) => () => this.go(this.next(event.shiftKey ? 100 * n : n));
    const more = Object.fromEntries([...TYPED].map((letter, pitch) => [letter, () => this.strike(pitch)]));
    this.travel(event, 0, { ArrowLeft: by(-1), ArrowDown: by(-1), ArrowRight: by(1), ArrowUp: by(1), ...more });
  }
}

/** What was computed, as the tree takes it: brightness by how loud a layer speaks. */
export function seen({ meta: { dilations }, z: { data, shape: [, wide] }, gradient }) {
  return { dilations, values: Float32Array.from(data, (v) => Math.min(1, v / MAX)), gradient: gradient.data, wide };
}

export default component(".tones", (host) => new Tones(host));
