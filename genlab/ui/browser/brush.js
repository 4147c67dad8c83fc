// A brush on paper: what hands and keys do to a drawing.
import { Board } from "./board.js";
import { Canvas } from "./canvas.js";

/** A subclass draws the paper, and says what follows a piece of a stroke (`stroked`) and a whole change (`hand`). Its elements: a
 *  canvas `paper`, buttons `data-tool-choice`, `data-do` undo and clear, a slider `data-do="size"`. */
export class Brush extends Canvas {
  board = new Board();
  tool = "ink";
  width = 2.5;
  /** Where the brush is, while it is down.
   * @type {number[] | null} */
  last = null;
  /** @type {number[] | null} */
  hover = null;
  /** @type {number[] | null} */
  cursor = null;

  constructor(host, frame = "") {
    super(host, frame);
    this.listen();
  }

  paper() {}

  stroked() {}

  hand() {}

  get does() {
    const { board } = this, then = (act) => () => { act(); this.hand(); };
    return { undo: then(() => board.undo()), clear: then(() => board.clear()) };
  }

  listen() {
    const { board } = this, { paper } = this.canvas;
    for (const button of this.all("[data-tool-choice]")) this.on(button, "click", () => { this.tool = button.dataset.toolChoice; this.paper(); });
    this.on(this.find('[data-do="size"]'), "input", (event) => { this.width = +event.target.value; this.paper(); });
    const at = (event) => this.part(event, paper).map((v) => v * board.size);
    const hover = (place) => { this.hover = place; if (!this.last) this.paper(); };
    this.pointer(paper, {
      hover: (event) => hover(event.pointerType === "mouse" || this.last ? at(event) : null),
      leave: () => hover(null),
      grasp: (event) => { board.remember(); this.cursor = null; this.move(at(event), at(event)); },
      drag: (event) => this.move(this.last, at(event)),
      drop: (event) => { this.last = null; if (event.pointerType !== "mouse") this.hover = null; this.hand(); },
    });
    this.on(paper, "blur", () => { this.cursor = null; this.paper(); });
    this.on(paper, "keydown", (event) => this.steer(event));
  }

  move(from, to) {
    this.board.stroke(this.tool, from, to, this.width);
    this.last = to;
    this.stroked();
  }

  key(event) {
    if (event.key.toLowerCase() !== "z" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    this.does.undo();
  }

  /** The brush without a pointer. */
  steer(event) {
    const { size } = this.board, by = (x, y) => () => {
      const from = this.cursor ?? [size / 2, size / 2], move = [x, y];
      this.cursor = from.map((v, k) => Math.max(0.5, Math.min(size - 0.5, Math.floor(v) + 0.5 + (this.cursor ? move[k] : 0))));
      this.paper();
    };
    this.act(event, { ArrowUp: by(0, -1), ArrowDown: by(0, 1), ArrowLeft: by(-1, 0), ArrowRight: by(1, 0), " ": this.cursor && (() => {
      this.board.remember();
      this.board.stroke(this.tool, this.cursor, this.cursor, this.width);
      this.hand();
    }) });
  }
}
