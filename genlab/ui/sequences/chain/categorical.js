// Sampling a categorical: logits, the bars of their probabilities on top of each other, a uniform number, and how often what came.
import { Canvas } from "../../browser/canvas.js";
import { decimal } from "../../browser/screen.js";
import { invert, softmax, uniforms } from "./rules.js";

const PRESETS = { "0.8, 0.1, 0.1": [[0.8, 0.1, 0.1]], "a batch of four": [[0.9, 0.1], [0.5, 0.5], [0.25, 0.75], [0.01, 0.99]], "five alike": [[0.2, 0.2, 0.2, 0.2, 0.2]] };
const FIRST = PRESETS["0.8, 0.1, 0.1"].map((row) => row.map(Math.log));
const LOW = -6, HIGH = 2, LINES = 8, MOST = 10, SIGMAS = 2;

export class CategoricalView extends Canvas {
  /** @type {number[][]} of each row of the batch */
  logits = [];
  /** @type {number[][]} */
  counts = [];
  /** @type {number[][]} the newest draws, a row of values each */
  newest = [];
  /** @type {number[]} the uniform number of each row's newest draw */
  last = [];
  n = 0;
  next = uniforms(0);

  receive({ meta }) {
    const first = !this.meta;
    this.meta = meta;
    if (!first) return;
    this.find("[data-presets]").replaceChildren(...Object.entries(PRESETS).map(([name, rows]) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: name });
      button.onclick = () => this.set(rows.map((row) => row.map(Math.log)));
      return button;
    }));
    for (const button of this.all("[data-draw]")) button.onclick = () => this.draws(+button.dataset.draw);
    const brought = this.link("logits")?.split(";").map((row) => row.split(",").map(Number)) ?? [];
    const fits = brought.length && brought.length <= 4 && brought.every((row) => row.length === brought[0].length && row.length >= 2 && row.length <= MOST && row.every((l) => l >= LOW && l <= HIGH));
    this.set(fits ? brought : FIRST);
    this.draws(100);
  }

  get carried() {
    const written = (rows) => rows.map((row) => row.map((l) => +l.toFixed(3)).join(",")).join(";"), now = written(this.logits);
    return { logits: now === written(FIRST) ? null : now };
  }

  get does() { return { clear: () => this.set(this.logits) }; }

  set(logits) {
    this.logits = logits.map((row) => [...row]);
    const rebuilt = this.rows?.length !== logits.length || this.rows[0].bars.length !== logits[0].length;
    this.clear();
    if (rebuilt) this.build();
    this.show();
  }

  /** Another distribution makes another history. */
  clear() {
    Object.assign(this, { counts: this.logits.map((row) => row.map(() => 0)), newest: [], last: [], n: 0, next: uniforms(0) });
  }

  draws(count) {
    for (let i = 0; i < count; i++) {
      this.last = this.logits.map(() => this.next());
      const values = this.logits.map((row, r) => invert(softmax(row), this.last[r]));
      values.forEach((value, r) => this.counts[r][value]++);
      if (count - i <= LINES) this.newest.push(values);
    }
    this.newest = this.newest.slice(-LINES);
    this.n += count;
    this.show();
  }

  build() {
    this.rows = this.logits.map((row, r) => {
      const node = document.createElement("figure");
      node.innerHTML = `<div class="cdf" title="probabilities on top of each other; the red line is u"><s></s></div><table><thead><tr><th></th><th>logit</th><th>p</th><th>how often</th><th>± ${SIGMAS}σ</th></tr></thead><tbody></tbody></table>`;
      const bars = row.map((_, k) => {
        const line = document.createElement("tr"), slider = Object.assign(document.createElement("input"), { type: "range", className: "scrubber", min: LOW, max: HIGH, step: 0.01, ariaLabel: `logit of ${k}` });
        line.innerHTML = `<td>${k}</td><td></td><td></td><td></td><td></td>`;
        line.children[1].append(slider, document.createElement("output"));
        slider.oninput = () => { this.logits[r][k] = slider.valueAsNumber; this.clear(); this.show(); };
        node.querySelector("tbody").append(line);
        const part = Object.assign(document.createElement("i"), { textContent: String(k) });
        node.querySelector(".cdf").append(part);
        return { line, slider, part };
      });
      return { node, bars, mark: node.querySelector("s") };
    });
    this.find(".rows").replaceChildren(...this.rows.map(({ node }) => node));
  }

  show() {
    let far = 0;
    this.rows.forEach(({ bars, mark }, r) => {
      const p = softmax(this.logits[r]);
      mark.hidden = !this.n;
      mark.style.left = `${100 * (this.last[r] ?? 0)}%`;
      bars.forEach(({ line, slider, part }, k) => {
        const [, logit, probability, often, error] = line.children, share = this.counts[r][k] / Math.max(1, this.n), sigma = Math.sqrt((p[k] * (1 - p[k])) / Math.max(1, this.n));
        if (slider.valueAsNumber !== this.logits[r][k]) slider.value = String(this.logits[r][k]);
        slider.style.setProperty("--done", `${(100 * (this.logits[r][k] - LOW)) / (HIGH - LOW)}%`);
        logit.lastElementChild.textContent = decimal(this.logits[r][k]);
        probability.textContent = decimal(p[k], 4);
        often.textContent = this.n ? decimal(share, 4) : "–";
        error.textContent = this.n ? `± ${decimal(SIGMAS * sigma, 4)}` : "–";
        const off = this.n > 0 && Math.abs(share - p[k]) > SIGMAS * sigma;
        far += +off;
        often.classList.toggle("far", off);
        part.style.width = `${100 * p[k]}%`;
      });
    });
    const values = this.rows.reduce((sum, { bars }) => sum + bars.length, 0);
    this.say({ count: `${this.n.toLocaleString("en").replaceAll(",", "\u202f")} drawn`,
      words: this.n ? `${far} of ${values} frequencies lie further than two standard errors √(p(1 − p)/n) from their probability; of many one in twenty does.` : "Press draw: a uniform number u for each row, and the value in whose bar it falls.",
      batch: this.rows.length > 1 && this.newest.length ? `the newest ${this.newest.length}, one row each:\n${this.newest.map((row) => `[${row.join(", ")}]`).join("\n")}` : this.newest.length ? `the newest ${this.newest.length}: ${this.newest.flat().join(" ")}` : "" });
    this.tell({ n: this.n, counts: this.counts.map((row) => row.join(" ")).join(";") });
  }
}
