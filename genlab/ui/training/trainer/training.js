// A training in the browser, whatever its pictures are: it is watched and steered over the wire, and its film is run back. The
// page says which training; what is new in it comes over the wire. Of a beginning and of an end Python hears, for what stands around.
import { Canvas } from "../../browser/canvas.js";
import { unpack } from "../../browser/unpack.js";
import { Film } from "./film.js";

const FADE = 320, FILM_FADE = 160, FILM_PACE = 180;  // milliseconds
const PATIENCE = 1500;  // ms in which whatever a button does is seen
const AGAIN = 4000, BUSY = 500;  // ms after which Python is told once more, and after which what kept it busy may be over
const CHUNK = 16;  // frames asked for at a time

// A word to Python breaks off what it is at, and shuts a dialog: it waits while the page is drawn, and from a click on.
const BUSY_PAGE = ".stDialog, [data-test-script-state=running], [data-test-script-state=rerunRequested]";
const CLICK = 1000;  // ms in which Python has heard of a click
let clicked = -Infinity;
addEventListener("click", () => { clicked = performance.now(); }, true);

export function clock(seconds) {
  if (seconds === null) return "–";
  const s = Math.round(seconds), two = (n) => String(n).padStart(2, "0");
  const [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60];
  return h ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
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


/** Transport, pictures and film. A subclass says how pictures and charts look; see below what it may say. */
export class Training extends Canvas {
  film = new Film();
  /** The step the film stands at; null: now.
   * @type {number | null} */
  at = null;
  timer = 0;
  answer = 0;
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
  /** What a command was refused with. */
  refusal = "";
  /** The frames that were asked for, and when. */
  missed = "";
  missedAt = -Infinity;
  /** What Python was told stands around, and when to say it again. */
  informed = "";
  informing = 0;
  /** Until when (ms) Python is at what it was told: another word would break it off. */
  quietUntil = 0;
  /** What shows the pictures: `show(id, picture, duration, levels)`, `go(place)`, `leave()`.
   * @type {any} */
  picture = null;
  /** The newest picture.
   * @type {any} */
  now = null;

  constructor(host) {
    super(host);
    this.slider = this.find(".film input");
    this.playButton = this.find(".film [data-do=play]");
    for (const button of this.all("[data-action]")) this.on(button, "click", () => this.command(button));
    this.on(this.slider, "input", () => { this.stop(); this.look(Number(this.slider.value)); });
  }

  get does() {
    return { play: () => (this.timer ? this.stop() : this.play()), now: () => { this.stop(); this.look(null); } };
  }

  /** Its parts draw themselves. */
  wake() {}

  // ---------------------------------------------------------------- for subclasses

  /** Has another training, of which nothing is known. */
  fresh() {}

  /** Takes what is new beside pictures and words. */
  absorb(_whole, _curve, _arrays) {}

  /** Whether pictures of a moment need other canvases than those that are there. */
  differs(_meta) { return this.picture === null; }

  /** Makes the canvases of the pictures. */
  place(_meta) {}

  /** Another run is shown than before. */
  renew() {}

  /** The words of a moment are here. */
  named() {}

  /** The picture that a training begins with, until it has drawn one. */
  begin(_arrays) {}

  /** Brings charts up to date, then the rest. */
  present() {}

  /** Shows picture and words. */
  show() {}

  /** The film stands at another step. */
  looked() {}

  // ---------------------------------------------------------------- data

  receive({ meta: page, ...arrays }) {
    const last = this.page, known = page.job !== null && page.job === this.heard;
    this.page = page;
    this.connect(page);
    if (page.job !== last?.job) {
      Object.assign(this, { heard: null, have: null, refusal: "" });
      this.fresh();
    }
    if (!known) this.understand(page.said);
    this.picture.send = this.send;
    this.follow();
    this.begin(arrays);
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
    Object.assign(this, { heard: job, have });
    if (whole) this.film = new Film();
    this.absorb(whole, curve.data, arrays);
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
    if (this.differs(meta)) {
      this.picture?.leave();
      this.now = null;
      this.place(meta);
    }
    if (meta.run !== this.meta?.run) {
      this.stop();
      this.renew();
      Object.assign(this, { film: new Film(), at: null });
    }
    this.meta = meta;
    this.film.keep(meta.frames);
    this.named();
  }

  /** The newest picture; the same one as before need not fade. */
  take(picture, step) {
    if (!this.now || !alike(this.now.picture, picture)) this.now = { id: `${this.meta.run}:${step}:${performance.now()}`, picture };
    this.now.step = step;
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
    this.pressed = standing(this.meta);
    this.steer(action);
    clearTimeout(this.answer);
    this.answer = window.setTimeout(() => { this.pressed = null; this.show(); }, PATIENCE);  // it has changed nothing
    this.show();
  }

  /** Tells a training under way what to do; what begins or ends one is told to Python, which has the settings. */
  steer(action) {
    const { page: { job }, meta: { state } } = this;
    this.refusal = "";
    if (job === null || !["running", "paused"].includes(state) || action === "reset") {
      this.send.trigger("action", action);
      this.quietUntil = performance.now() + AGAIN;
    } else if (action === "train" || action === "pause") this.wire.command(this.name, job, action);
    else this.wire.command(this.name, job, "step", action === "step" ? "" : action);
  }

  refuse(sentence) {
    Object.assign(this, { refusal: sentence, pressed: null });
    this.show();
  }

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
    this.looked();
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

  /** The picture that is to be seen, and how long it fades in; brings film and buttons up to date.
   * @returns {{ frame: any, past: number | null, fade: number }} */
  frame() {
    const meta = this.meta, past = this.at === null ? null : this.film.nearest(this.at), many = meta.frames.length > 1, last = meta.frames.at(-1) ?? 0;
    const frame = past === null ? this.now : { id: `${meta.run}:${past}`, picture: this.film.frames.get(past), step: past };
    if (this.pressed !== standing(meta)) this.pressed = null;
    this.find(".bar i").style.transform = `scaleX(${Math.min(1, meta.step / meta.steps)})`;
    for (const button of this.all("[data-action]")) button.disabled = this.pressed !== null || !meta.can.includes(button.dataset.can ?? button.dataset.action);
    this.find('[data-action="train"] span').textContent = meta.train;
    this.slider.max = meta.steps;
    this.slider.value = this.at ?? (many ? last : 0);
    this.slider.style.setProperty("--done", `${(100 * last) / meta.steps}%`);
    this.slider.disabled = this.playButton.disabled = !many;
    this.find(".film [data-do=now]").disabled = this.at === null;
    this.playButton.classList.toggle("playing", Boolean(this.timer));
    this.tell({ state: meta.state, step: meta.step, view: this.at === null ? "now" : "film", shown: frame?.step ?? -1,
      frames: meta.frames.length, fetched: this.film.frames.size });
    return { frame, past, fade: this.calm.matches ? 0 : past === null ? FADE : FILM_FADE };
  }

  leave() {
    super.leave();
    this.stop();
    this.wire?.drop(this.name);
    clearTimeout(this.answer);
    clearTimeout(this.informing);
    this.picture?.leave();
  }
}
