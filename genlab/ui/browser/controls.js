// The settings that one drags, beside the picture that follows them; Python says what they are (ui/shell/controls.py).

/** @typedef {{ name: string, title: string, help: string, value: any, options?: [any, string][], low?: number, high?: number,
 *              step?: number, slide?: boolean }} Described one field of a declaration */

const FEW = 5;  // choices that stand side by side
export const TYPED = 500;  // ms without a key after which a number is let go

const node = (tag, properties, ...children) => {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
};

export class Controls {
  /** What is set, by name.
   * @type {Record<string, any>} */
  values = {};
  /** @type {Record<string, () => void>} */
  shows = {};
  /** @type {Record<string, Described>} */
  fields = {};

  /** @param {import("./canvas.js").Canvas} canvas in whose `.settings` they stand, before what stands there already
   *  @param {Described[]} described
   *  @param {() => void} moved while one is dragged; when it is let go, Python hears of `settings` */
  constructor(canvas, described, moved) {
    this.canvas = canvas;
    this.moved = moved;
    const place = canvas.find(".settings"), rest = [...place.children];
    place.classList.add("controls");
    for (const field of described) {
      this.values[field.name] = field.value;
      this.fields[field.name] = field;
      const [input, show] = field.options ? this.choice(field) : field.slide ? this.range(field) : this.stepper(field);
      this.shows[field.name] = show;
      place.append(node("div", { className: "control", title: field.help }, node("span", { className: "name", textContent: field.title }), input));
      show();
    }
    place.append(...rest);
  }

  settled() { this.canvas.send.state("settings", { ...this.values }); }

  /** The next seed; after the last one the first. */
  renew() { this.set("seed", (this.values.seed + 1) % (this.fields.seed.high + 1)); }

  /** Sets one from elsewhere, as a hand would.
   * @param {string} name
   * @param {any} value */
  set(name, value) {
    this.move(name, value);
    this.settled();
  }

  /** Shows what was set elsewhere, of which all know already.
   * @param {Record<string, any>} values */
  show(values) {
    for (const name in this.fields) {
      this.values[name] = values[name];
      this.shows[name]();
    }
  }

  move(name, value) {
    const { low, high, options } = this.fields[name];
    const allowed = options ? value : Math.min(high, Math.max(low, value));
    if (allowed === this.values[name] || Number.isNaN(allowed)) return;
    this.values[name] = allowed;
    this.shows[name]();
    this.moved();
  }

  /** What is typed counts at once where it is a value; where it is none, the nearest or the last comes back when it is left. */
  listen(input, { name }, show) {
    let timer = 0;
    input.addEventListener("input", () => {
      if (input.value === "" || !input.validity.valid) return;
      this.move(name, input.valueAsNumber);
      clearTimeout(timer);
      if (input.type === "number") timer = setTimeout(() => this.settled(), TYPED);
    });
    input.addEventListener("change", () => {
      clearTimeout(timer);
      if (input.value !== "") this.move(name, input.valueAsNumber);
      show();
      this.settled();
    });
  }

  range(field) {
    const { name, title, low, high, step } = field, digits = String(step).split(".")[1]?.length ?? 0;
    const input = node("input", { type: "range", className: "scrubber", min: low, max: high, step, ariaLabel: title });
    const output = node("output", {});
    const show = () => {
      const value = this.values[name];
      if (input.valueAsNumber !== value) input.value = value;
      input.style.setProperty("--done", `${(100 * (value - low)) / (high - low)}%`);
      output.textContent = value.toFixed(digits);
    };
    this.listen(input, field, show);
    return [node("span", { className: "slide" }, input, output), show];
  }

  stepper(field) {
    const { name, title, low, high, step } = field;
    const input = node("input", { type: "number", min: low, max: high, step, ariaLabel: title });
    const by = (sign, label) => node("button", { type: "button", textContent: sign > 0 ? "+" : "−", ariaLabel: label,
      onclick: () => this.set(name, this.values[name] + sign * step) });
    const show = () => { if (input.valueAsNumber !== this.values[name]) input.value = this.values[name]; };
    this.listen(input, field, show);
    return [node("span", { className: "stepper" }, by(-1, `smaller ${title}`), input, by(1, `larger ${title}`)), show];
  }

  /** A choice among many. */
  list({ name, title, options }) {
    const select = node("select", { ariaLabel: title }, ...options.map(([, label]) => node("option", { textContent: label })));
    select.addEventListener("change", () => this.set(name, options[select.selectedIndex][0]));
    return [select, () => { select.selectedIndex = options.findIndex(([value]) => value === this.values[name]); }];
  }

  choice(field) {
    const { name, title, options } = field;
    if (options.length > FEW) return this.list(field);
    const buttons = options.map(([value, label]) => node("button", { type: "button", textContent: label, onclick: () => this.set(name, value) }));
    const show = () => buttons.forEach((button, i) => button.setAttribute("aria-pressed", String(options[i][0] === this.values[name])));
    const group = node("div", { className: "choices", ariaLabel: title }, ...buttons);
    group.setAttribute("role", "group");
    return [group, show];
  }
}
