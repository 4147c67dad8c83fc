// Samples of an image GAN; a round of the game is shown move by move: what D says of each image, where it would have more ink.
import { decimal, isDark } from "../../browser/screen.js";
import { Samples } from "./film.js";

const PACE = 1700, QUICK = 500, REST = 1200;  // ms of a phase, of those of D after the first, and at the end

const mean = (values) => values.reduce((sum, v) => sum + v, 0) / values.length;

/** The phases of a round: which state is seen, what lies over it, and the words.
 *  @param {any} picture see genlab.views.rounds.slowly_on_images */
export function phasesOf({ meta: { moves }, says: { data: says, shape: [, n] }, says_real: { data: real } }) {
  const of = (values, state) => decimal(mean([...values.subarray(state * n, (state + 1) * n)])), many = moves.filter((player) => player === "D").length;
  const turn = (player, m) => (player === "D" && many > 1 ? `discriminator’s move ${m + 1} of ${many}` : player === "D" ? "discriminator’s move" : "generator’s move");
  return moves.flatMap((player, m) => {
    const pace = player === "D" && m ? QUICK : PACE, title = turn(player, m), change = (values) => `${of(values, m)} → ${of(values, m + 1)}`;
    return player === "D"
      ? [{ state: m, over: "says", pace, title, words: `D judges: D(x) of real images ${of(real, m)}, of made ones ${of(says, m)} on average. Frames: green looks real to D, rose looks made.` },
        { state: m + 1, over: "says", pace, title, words: `D’s weights are updated, no image changes: real ${change(real)}, made ${change(says)}.` }]
      : [{ state: m, over: "pull", pace, title, words: "G’s gradient −∂L_G/∂x, through D: red where G is told to put more ink, blue where less." },
        { state: m + 1, over: "says", pace, title, words: `G’s weights are updated, all images change at once. D(G(z)) ${change(says)}.` }];
  });
}

export class Rounds extends Samples {
  timer = 0;
  /** @type {any} the round that is shown, and the phase */
  round = null;
  /** @type {any} */
  phase = null;
  /** @type {Record<string, string>} */
  tints = {};

  constructor(host, onEnd) {
    super(host);
    this.onEnd = onEnd;
    this.words = Object.assign(document.createElement("p"), { className: "phase" });
    host.append(this.words);
  }

  show(id, picture, duration, levels) {
    if (id === this.shown || id === this.round?.id) return;
    clearTimeout(this.timer);
    Object.assign(this, { round: null, phase: null });
    this.words.textContent = "";
    if (!picture.states) { super.show(id, picture, duration, levels); return; }
    this.round = { id, picture, levels, phases: phasesOf(picture) };
    this.step(0, duration);
  }

  step(k, duration) {
    const { id, picture: { states: { data, shape: [, n, size] } }, levels, phases } = this.round, phase = phases[k], all = n * size * size;
    if (!phase) { this.onEnd?.(); return; }
    this.phase = phase;
    super.show(`${id}/${k}`, { samples: { shape: [n, size], data: data.subarray(phase.state * all, (phase.state + 1) * all) } }, duration, levels);
    this.words.textContent = `${phase.title}: ${phase.words}`;
    this.tell({ phase: k, of: phases.length });
    this.timer = window.setTimeout(() => this.step(k + 1, duration), phase.pace + (k === phases.length - 1 ? REST : 0));
  }

  /** Of a round in the film what came out of it. */
  go() {
    if (!this.round) return;
    clearTimeout(this.timer);
    const { phases } = this.round;
    if (this.phase !== phases.at(-1)) this.step(phases.length - 1, 0);
    clearTimeout(this.timer);
  }

  leave() {
    super.leave();
    clearTimeout(this.timer);
  }

  restyle() {
    super.restyle();
    this.tints = isDark(this.style.paper) ? { real: "#2b8c6b", made: "#a24276", more: "#ffa38a", less: "#8fc7ec" } : { real: "#2f9e78", made: "#c2417f", more: "#c0392b", less: "#2467a6" };
  }

  draw() {
    super.draw();
    if (!this.phase) return;
    this.dress();
    const { picture: { meta: { neutral, reach }, says, pull, states: { shape: [, n, size] } } } = this.round, { state, over } = this.phase;
    const context = this.paper.getContext("2d"), unit = this.paper.width / this.side, columns = Math.ceil(Math.sqrt(n)), gap = Math.max(1, Math.round(size / 10));
    const all = n * size * size, shown = pull.data.subarray(state * all, (state + 1) * all), most = Math.max(...shown.map(Math.abs)) || 1;
    for (let k = 0; k < n; k++) {
      const x0 = (k % columns) * (size + gap) * unit, y0 = Math.floor(k / columns) * (size + gap) * unit;
      if (over === "pull") for (let i = 0; i < size * size; i++) {
        const value = shown[k * size * size + i] / most;
        if (Math.abs(value) < 0.02) continue;
        context.globalAlpha = 0.85 * Math.sqrt(Math.abs(value));
        context.fillStyle = value > 0 ? this.tints.more : this.tints.less;
        context.fillRect(x0 + (i % size) * unit, y0 + Math.floor(i / size) * unit, unit, unit);
      }
      else {
        const said = (says.data[state * n + k] - neutral) / reach;
        context.globalAlpha = Math.min(1, 0.15 + Math.abs(said));
        context.strokeStyle = said > 0 ? this.tints.real : this.tints.made;
        context.lineWidth = 0.45 * gap * unit + 1;
        context.strokeRect(x0, y0, size * unit, size * unit);
      }
    }
    context.globalAlpha = 1;
  }
}
