// What a WaveNet computed for one sample: the tree of units that it needs, how loud they are, how far gates are open.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";
import { decimal, surface } from "../../browser/screen.js";
import { drawTree, tree } from "../tree.js";

const WHAT = ["tree", "z", "gate"], SHOWN = [16, 128, 1024];
const MAX = 0.5;  // |z| beyond which a unit is as bright as can be

class Dilation extends Canvas {
  label = 16;
  t = 3000;
  what = "tree";
  shown = 16;
  /** @type {any} */
  inside = null;

  constructor(host) {
    super(host);
    this.slider = this.find("input[type=range]");
    this.select = this.find("select");
    for (const button of this.all("[data-what]")) this.on(button, "click", () => this.look({ what: button.dataset.what }));
    for (const button of this.all("[data-shown]")) this.on(button, "click", () => this.look({ shown: +button.dataset.shown }));
    this.on(this.slider, "input", () => this.look({ t: +this.slider.value }));
    this.on(this.select, "change", () => this.look({ label: +this.select.value }));
  }

  receive({ meta }) {
    const first = !this.meta;
    this.meta = meta;
    this.connect(meta);
    if (first) {
      meta.titles.forEach((title, label) => this.select.add(new Option(title, String(label))));
      const number = (name) => { const text = this.link(name); return text ? Number(text) : NaN; }, whole = (x, low, high) => Number.isInteger(x) && x >= low && x <= high;
      const [t, label, shown, what] = [number("t"), number("sound"), number("places"), this.link("show")];
      if (whole(t, 1, 8000)) this.t = t;
      if (whole(label, 0, meta.titles.length - 1)) this.label = label;
      if (SHOWN.includes(shown)) this.shown = shown;
      if (what && WHAT.includes(what)) this.what = what;
    }
    this.look({});
  }

  get carried() {
    const { t, label, shown, what } = this;
    return { t: t === 3000 ? null : t, sound: label === 16 ? null : label, places: shown === 16 ? null : shown, show: what === "tree" ? null : what };
  }

  look(changes) {
    Object.assign(this, changes);
    const { t, label, what, shown } = this;
    this.press("what", (value) => value === what);
    this.press("shown", (value) => +value === shown);
    this.slider.value = String(t);
    this.slider.style.setProperty("--done", `${(100 * t) / 8000}%`);
    this.select.value = String(label);
    this.say({ t: String(t) });
    this.follow({ name: "tone_inside", source: this.meta.source, label, t: t - 1 }, (meta, arrays) => { this.inside = { meta, ...arrays }; this.wake(); });
    this.wake();
  }

  key(event) {
    const to = (t) => () => this.look({ t: Math.max(1, Math.min(8000, t)) }), by = event.shiftKey ? 100 : 1;
    this.act(event, { ArrowLeft: to(this.t - by), ArrowRight: to(this.t + by), Home: to(1), End: to(8000) });
  }

  write() {
    if (!this.inside) return;
    const { meta: { dilations, field, t }, gradient: { data } } = this.inside, needed = tree(dilations), units = needed.slice(1).reduce((sum, row) => sum + row.size, 0);
    let sum = 0, near = 0;
    for (let back = 0; back < data.length; back++) { const g = data[data.length - 1 - back]; sum += g; if (back < 128) near += g; }
    this.phrase(this.said.words, `The posterior of sample ${t + 1} can depend on **${Math.min(field, t)} samples** before it, through ${units} units of ${dilations.length} layers. `
      + `With queues only the ${dilations.length} units at its own place are computed anew; what the others hold was kept. ${decimal((100 * near) / sum, 0)} % of the gradient lies on the last 128 samples.`);
    this.tell({ t: t + 1, field, units, what: this.what, places: this.shown });
  }

  draw() {
    const { context, width, height } = surface(this.canvas.tree), { inside, what } = this;
    context.clearRect(0, 0, width, height);
    if (!inside) return;
    const { data, shape: [, wide] } = what === "gate" ? inside.gate : inside.z;
    const values = what === "gate" ? data : Float32Array.from(data, (v) => Math.min(1, v / MAX));
    drawTree(context, width, height, { dilations: inside.meta.dilations, values, gradient: inside.gradient.data, wide }, this.shown, what !== "tree", this);
  }
}

export default component(".dilation", (host) => new Dilation(host));
