// A drawing of whole images, and what a model makes of it while the brush moves.
import { Brush } from "./brush.js";
import { ink } from "./images.js";
import { surface } from "./screen.js";

export const EASEL = `
  <section class="easel">
    <header><b data-say="whose">your drawing</b><span>x</span></header>
    <canvas data-panel="paper" tabindex="0" role="application" aria-label="The drawing. Arrow keys move, space applies the brush, Ctrl+Z takes back."></canvas>
    <div class="bar">
      <div class="choices" role="group" aria-label="brush"><button type="button" data-tool-choice="ink">ink</button><button type="button" data-tool-choice="erase">erase</button></div>
      <label title="width of the brush, in pixels of the image">size <input type="range" data-do="size" aria-label="size of the brush" min="1" max="6" step="0.5"></label>
      <span class="pair"><button type="button" data-do="undo" title="take back (Ctrl+Z)">undo</button><button type="button" data-do="clear" title="white paper">clear</button></span>
    </div>
    <div class="examples" role="group" aria-label="examples"></div>
  </section>`;

/** A subclass asks what becomes of the drawing (`pose`) and shows it (`results`). */
export class Easel extends Brush {
  /** @type {string | null} */
  version = null;
  /** @type {Record<string, any>} */
  arrays = {};
  small = document.createElement("canvas");

  pose() {}

  results() {}

  // ---------------------------------------------------------------- data

  receive({ meta, ...arrays }) {
    const { board } = this, before = this.meta;
    Object.assign(this, { meta, arrays });
    this.connect(meta);
    board.levels = meta.levels;
    if (meta.version !== this.version) {
      this.version = meta.version;
      if (before?.size !== meta.size) this.width = Math.max(1, (2.5 * meta.size) / 28);
      board.load(meta.size, arrays.ink.data, arrays.known.data);
    }
    this.dress();
    this.examples();
    this.root.classList.add("ready");
    this.address();
    this.pose();
    this.draw();
  }

  /** The drawing goes into the address without an entry in the history. */
  address() {
    const url = new URL(window.location.href), { link } = this.meta;
    if (!link || url.searchParams.get("drawing") === link) return;
    url.searchParams.set("drawing", link);
    window.history.replaceState(window.history.state, "", url);
  }

  stroked() {
    this.paper();
    this.pose();
  }

  hand() {
    this.stroked();
    this.send.state("drawing", this.board.text());
  }

  // ---------------------------------------------------------------- pictures

  draw() {
    this.paper();
    this.results();
  }

  /** What the model is given, as ink. */
  given() {
    const { board, meta } = this;
    return Float32Array.from({ length: meta.size ** 2 }, (_, t) => ((board.level(t) ?? 0) * 255) / (meta.levels - 1));
  }

  paper() {
    const { board, meta } = this, { context, width } = surface(this.canvas.paper), cell = width / meta.size;
    const { small } = this;
    ink(small, meta.size, this.given(), 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(small, 0, 0, width, width);
    const at = this.hover ?? this.cursor;
    if (at) {
      Object.assign(context, { lineWidth: 1.5, strokeStyle: this.tool === "ink" ? "#000" : this.style.now });
      context.beginPath();
      context.arc(at[0] * cell, at[1] * cell, Math.max((this.width / 2) * cell, 3), 0, 7);
      context.stroke();
    }
    this.press("tool-choice", (tool) => tool === this.tool);
    this.find('[data-do="undo"]').disabled = !board.history.length;
    this.find('[data-do="size"]').value = this.width;
    this.say({ whose: meta.link || board.history.length ? "your drawing" : "an example: draw on it" });
    this.tell({ ink: board.ink.reduce((sum, v) => sum + v, 0) });
  }

  examples() {
    const { meta, arrays, board } = this, total = meta.size ** 2, of = `${meta.size} ${meta.levels} ${meta.names}`;
    if (this.find(".examples").dataset.of === of) return;
    this.find(".examples").dataset.of = of;
    this.find(".examples").replaceChildren(...meta.names.map((name, k) => {
      const button = document.createElement("button"), canvas = document.createElement("canvas");
      const values = arrays.examples.data.slice(k * total, (k + 1) * total);
      Object.assign(button, { type: "button", title: name, ariaLabel: `example: ${name}` });
      ink(canvas, meta.size, values.map((v) => (Math.floor((v * meta.levels) / 256) * 255) / (meta.levels - 1)), 0);
      button.append(canvas);
      button.onclick = () => {
        board.load(meta.size, values, new Uint8Array(total).fill(1));
        this.hand();
      };
      return button;
    }));
  }
}
