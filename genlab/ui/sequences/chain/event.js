// Some places are known: an event, as two tensors and in symbols.
import { Canvas } from "../../browser/canvas.js";
import { decimal } from "../../browser/screen.js";
import { C, T, table, tensors, weigh } from "./rules.js";

const LIMIT = 99, BELOW = "₁₂₃₄₅";
const PRESETS = [[[1, 3]], [[0, 1], [1, 2], [2, 3], [3, 4], [4, 5]], [[4, 50], [1, 20]]];
const WEIGHTS = table("neighbours alike");

/** An event in symbols, in the order in which it became known. */
export const symbols = (event) => `{${[...event].map(([t, v]) => `X${BELOW[t]} = ${v}`).join(", ").replaceAll("-", "−")}}`;

export class EventView extends Canvas {
  /** @type {Map<number, number>} place to value, in the order in which they became known */
  event = new Map(/** @type {[number, number][]} */ (PRESETS[0]));

  receive({ meta }) {
    const first = !this.meta;
    this.meta = meta;
    if (!first) return;
    const text = this.link("known"), known = text?.split(",").map((part) => part.split("=").map(Number)) ?? [];
    if (text === "nothing") this.event = new Map();
    if (known.length && known.every(([t, v]) => Number.isInteger(t) && t >= 1 && t <= T && Number.isInteger(v) && Math.abs(v) <= LIMIT)) {
      this.event = new Map(known.map(([t, v]) => [t - 1, v]));
    }
    this.build();
    this.show();
  }

  get carried() { return { known: [...this.event].map(([t, v]) => `${t + 1}=${v}`).join(",") || "nothing" }; }

  build() {
    /** @type {any[]} */
    this.places = Array.from({ length: T }, (_, t) => {
      const box = document.createElement("div"), value = Object.assign(document.createElement("input"),
        { type: "number", min: -LIMIT, max: LIMIT, value: this.event.get(t) ?? (t % C) + 1, ariaLabel: `value of X ${t + 1}` });
      const known = Object.assign(document.createElement("button"), { type: "button", innerHTML: `<span>X<sub>${t + 1}</sub></span><small></small>` });
      known.onclick = () => { if (!this.event.delete(t)) this.event.set(t, value.valueAsNumber || 0); this.show(); };
      value.oninput = () => {
        const wanted = Math.max(-LIMIT, Math.min(LIMIT, Math.round(value.valueAsNumber)));
        if (Number.isNaN(wanted)) return;
        this.event.set(t, wanted);
        this.show();
      };
      box.append(known, value);
      return { box, known, value };
    });
    this.find(".places").replaceChildren(...this.places.map(({ box }) => box));
    this.find("[data-presets]").replaceChildren(...PRESETS.map((preset) => {
      const event = new Map(/** @type {[number, number][]} */ (preset)), button = Object.assign(document.createElement("button"), { type: "button", textContent: symbols(event) });
      button.onclick = () => { this.event = new Map(event); this.show(); };
      return button;
    }));
  }

  show() {
    const { event } = this, { mask, values } = tensors(event), p = weigh(WEIGHTS, event) / weigh(WEIGHTS);
    this.places.forEach(({ box, known, value }, t) => {
      box.classList.toggle("known", event.has(t));
      known.setAttribute("aria-pressed", String(event.has(t)));
      known.lastElementChild.textContent = event.has(t) ? "known" : "unknown";
      if (event.has(t) && value.valueAsNumber !== event.get(t)) value.value = event.get(t);
    });
    const list = (numbers) => `[${numbers.join(", ")}]`.replaceAll("-", "−"), outside = [...event.values()].some((v) => v < 1 || v > C);
    this.say({
      event: symbols(event), mask: list(mask), values: list(values),
      logp: outside ? "−∞" : `log ${decimal(p, 4)} = ${decimal(Math.log(p), 3)} nats`,
      words: outside ? `Under the table of Chain (neighbours alike): it knows the values 1, 2 and 3 only, so this event never happens.`
        : event.size ? "Under the table of Chain (neighbours alike): the weights of all sequences in which the event holds, added up."
          : "Nothing is known: every sequence fits, and log 1 = 0.",
    });
    this.tell({ mask: mask.join(""), values: values.join(" ") });
  }
}
