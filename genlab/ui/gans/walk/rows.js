// Rows of images on straight lines through A: one direction of z at a time. A click on an image makes it A.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";
import { Controls } from "../../browser/controls.js";
import { decimal } from "../../browser/screen.js";
import { Fade, ink, roam } from "../../browser/images.js";
import { Noise } from "./noise.js";

class Rows extends Canvas {
  static FRAME = `
    <div class="base walk rows" role="group" aria-label="Images around A, one direction in each row. Arrows move, Enter goes there.">
      <div class="settings"></div>
      <div class="k-path"><b data-say="where"></b><span data-say="far"></span>
        <button type="button" data-do="undo">undo</button><button type="button" data-do="whole">back to the sample</button></div>
      <div class="k-table pictured"></div>
    </div>`;

  /** @type {any[]} */
  images = [];
  side = 0;
  /** Those that are asked for, and those that the images show.
   * @type {string} */
  wanted = "";
  shown = "";
  /** @type {Noise | null} */
  place = null;
  fade = new Fade();

  constructor(host) { super(host, Rows.FRAME); }

  get does() { return { undo: () => this.go(this.place.moves.slice(0, -1)), whole: () => this.go([]) }; }

  key(event) { roam(event, this.images, this.meta.steps.length); }

  receive({ meta: { source, question: { label }, place, page, controls, longest, ...rest } }) {
    this.connect(rest);
    this.longest = longest;
    if (!this.place) {
      this.controls = new Controls(this, controls, () => this.pose());
      this.place = Noise.of(page, { source, label, ...place }, this, () => this.pose());
    }
    this.place.set({ source, label });
  }

  /** Asks for the rows as they are set. */
  pose() {
    const { sample, moves } = this.place, question = { name: "directions", ...sample, moves, ...this.controls.values };
    const wanted = (this.wanted = JSON.stringify(question));
    this.ask(question, (meta, { rows }) => this.take(wanted, { ...meta, a: sample.a, moves }, rows));
  }

  take(shown, meta, rows) {
    const [lines, steps, side] = rows.shape, { moves } = meta;
    if (this.images.length !== lines * steps) this.build(lines, meta.steps);
    Object.assign(this, { meta, side, shown });
    this.fade.aim(rows.data, this.calm.matches);
    meta.lines.forEach((line, r) => {
      const [head, slope] = this.labels[r].children;
      head.innerHTML = `${line[0]}<sub>${line[1] + 1}</sub>`;
      slope.textContent = decimal(meta.slopes[r]);
      meta.steps.forEach((far, c) => {
        const image = this.images[r * steps + c], name = `A ${far < 0 ? "−" : "+"} ${Math.abs(far)} ${line[0]}${line[1] + 1}`;
        image.classList.toggle("k-a", far === 0);
        Object.assign(image, { title: far ? `z of ${name}: click to go there` : "A itself", ariaLabel: far ? name : "A" });
        image.onclick = far ? () => this.move(line, far) : null;
      });
    });
    this.say({
      where: `A is sample ${meta.a + 1}${moves.length ? `, moved ${moves.length} time${moves.length > 1 ? "s" : ""}` : ""}`,
      far: moves.map(([name, index, far]) => `${far < 0 ? "−" : "+"} ${Math.abs(far)} ${name}${index + 1}`).join("  "),
    });
    for (const button of this.all("[data-do]")) button.style.visibility = moves.length ? "visible" : "hidden";
    this.tell({ moves: moves.length, ready: true });
    this.wake();
  }

  build(lines, steps) {
    const table = this.find(".k-table"), cells = [`<small>s</small>`];
    table.style.setProperty("--steps", steps.length);
    cells.push(...steps.map((far) => `<small>${far ? `${far < 0 ? "−" : "+"}${Math.abs(far)}` : "A"}</small>`));
    for (let r = 0; r < lines; r++) {
      cells.push(`<span class="k-label"><b></b><small></small></span>`, `<button type="button" tabindex="-1"><canvas></canvas></button>`.repeat(steps.length));
    }
    table.innerHTML = cells.join("");
    this.images = [...table.querySelectorAll("button")];
    this.labels = [...table.querySelectorAll(".k-label")];
    this.images[0].tabIndex = 0;
  }

  /** A goes on from where the images show it; while they belong to an A that is being left, nowhere. */
  move(line, far) {
    if (this.shown === this.wanted) this.go([...this.place.moves, [...line, far]]);
  }

  go(moves) {
    const { place } = this;
    if (moves.length <= this.longest) place.set({ moves });
    this.send.trigger("place", { ...place.told, moves });
  }

  leave() {
    super.leave();
    this.place?.leave(this);
  }

  advance(now) {
    this.fade.tick(now);
    return Boolean(this.fade.from);
  }

  draw() { this.images.forEach((image, k) => ink(image.firstElementChild, this.side, this.fade.shown, k * this.side ** 2)); }
}

export default component(".rows-host", (host) => new Rows(host));
