// The Train panel in the browser: transport, numbers, samples, curve and film.
import { component } from "../../browser/component.js";
import { unpack } from "../../browser/unpack.js";
import { Line } from "../../flows/line/line.js";
import { Warp } from "../../flows/warp/warp.js";
import { Game } from "../../gans/game/game.js";
import { Learning } from "../../latents/learning/learning.js";
import { Strips } from "../../sequences/strips/strips.js";
import { Waves } from "../../sound/waves/waves.js";
import { Curve, grouped, rateText } from "./chart.js";
import { Rounds } from "./round.js";
import { clock, Training } from "./training.js";
import { Worth } from "./worth.js";

const FIRST = " first";  // what it asks besides watching
const POINTS = 800;  // of the curve, more than a screen can show apart

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

class Trainer extends Training {
  slowing = false;
  points = new Float32Array(0);
  rival = new Float32Array(0);
  /** What samples were worth, of each lane.
   * @type {Float32Array[]} */
  worth = [];
  /** What the first picture was refused with. */
  complaint = "";

  constructor(host) {
    super(host);
    this.curve = new Curve(this.find("figure.curve"), (step) => this.look(step));
    this.judged = new Worth(this.find(".worth"));
  }

  // ---------------------------------------------------------------- data

  fresh() {
    const nothing = new Float32Array(0);
    Object.assign(this, { points: nothing, rival: nothing, worth: [] });
  }

  absorb(whole, curve, arrays) {
    this.rival = arrays["lane 1"]?.data.slice() ?? this.rival;
    this.worth = [0, 1].flatMap((lane) => arrays[`quality ${lane}`]?.data.slice() ?? []);
    this.points = grown(whole ? [] : this.points, curve);
  }

  renew() {
    this.curve.zoom = null;
    this.forgetFirst();
  }

  named() { if (this.meta.pair) this.picture.name(this.meta.pair, this.at === null ? this.meta.pair_steps : [], this.meta.count); }

  /** The page has the first picture, or it is asked for. */
  begin({ before: { data: before } }) {
    const { first: lanes, job } = this.page;
    if (this.meta.frames.length) return;
    if (before.length) {
      this.forgetFirst();
      this.take(unpack(before.slice()), -1);
    }
    if (!lanes.length || (job !== null && this.now)) return;
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

  // ---------------------------------------------------------------- steering

  command(button) {
    const { action } = button.dataset;
    this.slowing = action === "slow" && !this.slowing;
    if (action !== "slow" || this.slowing) super.command(button);
    else this.show();  // it was pressed again: this round is the last
  }

  refuse(sentence) {
    this.slowing = false;
    super.refuse(sentence);
  }

  differs({ kind, of }) { return kind !== this.meta?.kind || of !== this.meta.of; }

  place({ kind, of }) {
    const place = this.find(".picture"), onEnd = () => this.again();
    this.root.dataset.kind = kind;
    this.picture = kind === "pair" ? new Pair(of, place, onEnd) : canvasOf(kind, place, onEnd);
  }

  // Slow motion goes on, step after step, until something else is pressed.
  again() { if (this.slowing && this.meta.state === "paused" && this.at === null) this.steer("slow"); }

  // ---------------------------------------------------------------- what is seen

  looked() {
    for (const chart of [this.curve, this.judged]) chart.update({ shown: this.shownStep() });
    this.named();
  }

  show() {
    const { meta } = this, { frame, past, fade } = this.frame();
    this.root.toggleAttribute("data-blank", !frame);
    if (frame) this.picture.show(frame.id, frame.picture, fade, meta.levels);
    if (past !== null && meta.players.length) this.picture.go(Infinity);  // of a round in the film: what came out of it
    const [first, second = ""] = meta.curves, words = `${meta.count} ${grouped(past ?? meta.frames.at(-1) ?? 0)}`;
    const slowly = this.slowing && meta.state === "paused", wrong = this.refusal || this.page.notice || (meta.state === "none" ? this.complaint : "");
    this.say({
      caption: past !== null ? `at ${words}` : meta.caption,
      title: this.at === null ? "what it makes now" : "what it made then", film: words,
      counted: meta.count, single: `one ${meta.count}`, "other-first": first, "other-second": second,
      step: `${grouped(meta.step)} of ${grouped(meta.steps)}`, told: meta.told ?? "", unit: meta.axis, first, second,
      things: `${meta.things}/s`, speed: meta.speed ? grouped(meta.speed) : "–", left: clock(meta.left),
      rate: rateText(meta.rate), base: meta.rate < 0.999 * meta.base ? ` (${rateText(meta.base)}, ${meta.rises ? "rising" : "falling"})` : "",
      message: wrong || (slowly ? "Slow motion, one round after the other. Press slow motion again, and this round is the last." : meta.message),
    });
    this.said.step.title = meta.about[meta.count] ?? "";
    this.said.second.title = meta.about[second] ?? "";
    this.find(".worth").hidden = !meta.judges;
    this.find(".legend.other").hidden = !meta.told;
    this.root.classList.toggle("players", meta.players.length > 0);
    this.said.message.classList.toggle("alert", Boolean(wrong) || meta.alert);
    const slow = this.find('[data-action="slow"]');
    slow.hidden = !meta.players.length;
    slow.setAttribute("aria-pressed", this.slowing);
    this.slider.setAttribute("aria-valuetext", words);
    this.tell({ points: this.curve.rows() });
  }

  leave() {
    super.leave();
    this.curve.leave();
    this.judged.leave();
  }
}

export default component(".trainer", (host) => new Trainer(host));
