// Rows of images on straight lines through A: one direction of z at a time. A click on an image makes it A.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";
import { decimal } from "../../browser/screen.js";
import { Fade, ink, roam } from "./images.js";

const PATIENCE = 4000;  // ms after which a click that nothing came of is forgotten

class Rows extends Canvas {
  static FRAME = `
    <div class="base walk rows" role="group" aria-label="Images around A, one direction in each row. Arrows move, Enter goes there.">
      <div class="k-path"><b data-say="where"></b><span data-say="far"></span>
        <button type="button" data-do="undo">undo</button><button type="button" data-do="whole">back to the sample</button></div>
      <div class="k-table"></div>
    </div>`;

  /** @type {any[]} */
  images = [];
  side = 0;
  sent = -PATIENCE;
  fade = new Fade();

  constructor(host) { super(host, Rows.FRAME); }

  get does() { return { undo: () => this.move(this.meta.moves.slice(0, -1)), whole: () => this.move([]) }; }

  key(event) { roam(event, this.images, this.meta.steps.length); }

  receive({ meta, rows }) {
    const [lines, steps, side] = rows.shape, { moves } = meta;
    if (this.images.length !== lines * steps) this.build(lines, meta.steps);
    Object.assign(this, { meta, side, sent: -PATIENCE });
    this.fade.aim(rows.data, this.calm.matches);
    meta.lines.forEach((line, r) => {
      const [head, slope] = this.labels[r].children;
      head.innerHTML = `${line[0]}<sub>${line[1] + 1}</sub>`;
      slope.textContent = decimal(meta.slopes[r]);
      meta.steps.forEach((far, c) => {
        const image = this.images[r * steps + c], name = `A ${far < 0 ? "−" : "+"} ${Math.abs(far)} ${line[0]}${line[1] + 1}`;
        image.classList.toggle("k-a", far === 0);
        Object.assign(image, { title: far ? `z of ${name}: click to go there` : "A itself", ariaLabel: far ? name : "A" });
        image.onclick = far ? () => this.move([...moves, [...line, far]]) : null;
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

  move(moves) {
    if (performance.now() - this.sent < PATIENCE) return;  // the images belong to an A that is being left
    this.sent = performance.now();
    this.send.trigger("moves", moves);
  }

  advance(now) {
    this.fade.tick(now);
    return Boolean(this.fade.from);
  }

  draw() { this.images.forEach((image, k) => ink(image.firstElementChild, this.side, this.fade.shown, k * this.side ** 2)); }
}

export default component(".rows-host", (host) => new Rows(host));
