// torch.nn.functional.pad on a tensor of shape (2, 1, 5): zeros come, and with negative numbers entries go.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";

const FIRST = [[[1, 6, 3, 9, 1]], [[4, 8, 2, 2, 9]]];  // the lecture's
const HIGHEST = 99;

/** What `F.pad(x, [start, end, start of the dimension before, its end])` gives of x (2, rows, columns): values, null for a zero that came. */
export function pad(x, [start, end, above, below]) {
  const along = (row) => {
    const padded = [...Array(Math.max(0, start)).fill(null), ...row.slice(Math.max(0, -start)), ...Array(Math.max(0, end)).fill(null)];
    return end < 0 ? padded.slice(0, padded.length + end) : padded;
  };
  return x.map((rows) => {
    const inner = rows.map(along), zeros = (n) => Array.from({ length: n }, () => Array(inner[0].length).fill(null));
    return [...zeros(above), ...inner, ...zeros(below)];
  });
}

/** The call as it is written: of a dimension that is not padded nothing is said, where it is the last to be said. */
export const call = ([start, end, above, below]) => `F.pad(x, (${[start, end, ...(above || below ? [above, below] : [])].join(", ")}))`.replaceAll("-", "−");

class Padding extends Canvas {
  x = FIRST.map((rows) => rows.map((row) => [...row]));
  pads = [-1, 1, 0, 0];

  constructor(host) {
    super(host);
    /** @type {HTMLInputElement[]} */
    this.inputs = this.all(".numbers input");
    for (const button of this.all("[data-pad]")) this.on(button, "click", () => this.set(button.dataset.pad.split(",").map(Number)));
    for (const input of this.inputs) this.on(input, "input", () => { if (input.value !== "" && input.validity.valid) this.set(this.inputs.map((each) => each.valueAsNumber || 0)); });
  }

  receive({ meta }) {
    if (this.meta) return;
    this.meta = meta;
    const pads = this.link("pad")?.split(",").map(Number);
    this.table("before", FIRST, (value, b, r, c) => `<td><input type="number" min="0" max="${HIGHEST}" value="${value}" aria-label="entry ${b}, ${r}, ${c}"></td>`);
    this.all('[data-table="before"] input').forEach((input, k) => this.on(input, "input", () => {
      const value = Math.round(input.valueAsNumber);
      if (!(value >= 0 && value <= HIGHEST)) return;
      this.x[Math.floor(k / 5)][0][k % 5] = value;
      this.set(this.pads);
    }));
    this.set(pads?.length === 4 && pads.every((value, k) => Number.isInteger(value) && value <= (k < 2 ? 4 : 3) && value >= (k < 2 ? -4 : 0)) ? pads : this.pads);
  }

  get carried() { return { pad: this.pads.join() === "-1,1,0,0" ? null : this.pads.join() }; }

  table(name, x, cell) {
    const rows = (rows, b) => rows.map((row, r) => `<tr>${row.map((value, c) => cell(value, b, r, c)).join("")}</tr>`).join("");
    this.find(`[data-table="${name}"]`).innerHTML = x.map((each, b) => `<table>${rows(each, b)}</table>`).join("");
  }

  set(pads) {
    const [start, end] = pads;
    if (5 + start + end < 1) {  // the input that was changed last stays as the person left it
      this.say({ words: `Of ${5} entries, ${-(start + end)} cannot go: at least one must stay.` });
      return;
    }
    this.pads = pads;
    const y = pad(this.x, pads);
    this.inputs.forEach((input, k) => { if (input.valueAsNumber !== pads[k]) input.value = pads[k]; });
    this.press("pad", (value) => value === pads.join());
    this.table("after", y, (value) => `<td class="${value === null ? "zero" : ""}">${value ?? 0}</td>`);
    this.all('[data-table="before"] td').forEach((td, k) => td.classList.toggle("gone", k % 5 < -start || k % 5 >= 5 + Math.min(0, end)));
    const moved = start === 1 && end === -1;
    this.say({ before: "(2, 1, 5)", after: `(2, ${y[0].length}, ${y[0][0].length})`, call: call(pads),
      words: moved ? "Shifted by one: at place t stands what stood at t − 1, and at the first place a zero. A convolution of this sees no present."
        : start > 0 && !end ? `${start} zeros before the beginning: a kernel of two taps with dilation ${start} gives as many places as it was given, and looks to the past only.`
          : start < 0 && end > 0 ? "Entries go at the start and zeros come at the end: what stood at t + 1 stands at t now. A model of this would look into the future."
            : "The numbers come in pairs, start and end, from the last dimension backwards. Blue zeros came; what is struck out goes." });
    this.tell({ after: JSON.stringify(y) });
  }
}

export default component(".padding", (host) => new Padding(host));
