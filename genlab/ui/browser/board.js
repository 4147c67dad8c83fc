// The drawing itself: ink on a grid of pixels, and which of them are known. Knows nothing of the page.

const BACK = 100;  // strokes that can be taken back
const FAINT = 0.1;  // of a pixel: covered by less, it is not touched

export class Board {
  size = 0;
  levels = 2;
  /** @type {Uint8Array} */
  ink = new Uint8Array(0);
  /** @type {Uint8Array} */
  known = new Uint8Array(0);
  /** @type {Uint8Array[][]} */
  history = [];

  /** Another drawing takes the place of this one. Levels 0 … 255; `known` 1 where known. */
  load(size, ink, known) {
    if (this.size === size) this.remember();
    else this.history = [];
    this.size = size;
    this.ink = Uint8Array.from(ink);
    this.known = Uint8Array.from(known);
  }

  remember() {
    this.history.push([this.ink.slice(), this.known.slice()]);
    if (this.history.length > BACK) this.history.shift();
  }

  undo() {
    if (this.history.length) [this.ink, this.known] = this.history.pop();
  }

  clear() {
    this.remember();
    this.ink.fill(0);
  }

  /** Makes a part unknown and the rest known. The ink below stays, and comes back with "nothing". */
  hide(part) {
    this.remember();
    const { size } = this, half = size / 2;
    const hidden = { lower: (r) => r >= half, upper: (r) => r < half, right: (_, c) => c >= half, all: () => true, nothing: () => false };
    this.known = this.known.map((_, t) => (hidden[part](Math.floor(t / size), t % size) ? 0 : 1));
  }

  /** A straight piece of a stroke between two points, in pixels of the image, with a round brush. */
  stroke(tool, from, to, width) {
    const { size } = this, radius = width / 2, steps = Math.ceil(4 * Math.hypot(to[0] - from[0], to[1] - from[1])) + 1;
    for (let i = 0; i <= steps; i++) {
      const x = from[0] + ((to[0] - from[0]) * i) / steps, y = from[1] + ((to[1] - from[1]) * i) / steps;
      const reach = radius + 1, low = (v) => Math.max(0, Math.floor(v - reach)), high = (v) => Math.min(size - 1, Math.ceil(v + reach));
      for (let row = low(y); row <= high(y); row++) {
        for (let column = low(x); column <= high(x); column++) {
          const covered = Math.min(1, Math.max(0, radius + 0.5 - Math.hypot(column + 0.5 - x, row + 0.5 - y)));
          this.touch(tool, row * size + column, covered);
        }
      }
    }
  }

  touch(tool, t, covered) {
    if (this.levels === 2) covered = covered >= 0.5 ? 1 : 0;  // hard ink for binary images
    if (covered < FAINT) return;
    if (tool === "unknown") { if (covered >= 0.5) this.known[t] = 0; return; }
    const before = this.known[t] ? this.ink[t] : 0, full = Math.round(255 * covered);
    this.ink[t] = tool === "ink" ? Math.max(before, full) : Math.min(before, 255 - full);
    this.known[t] = 1;
  }

  /** What the model is given at a position: a grey level, or null. */
  level(t) { return this.known[t] ? Math.floor((this.ink[t] * this.levels) / 256) : null; }

  /** How many known pixels come after the first unknown one. */
  get ahead() {
    const begin = this.known.indexOf(0);
    return begin < 0 ? 0 : this.known.slice(begin).reduce((sum, k) => sum + k, 0);
  }

  /** Ink where known, 0 elsewhere, and the known pixels. */
  given() { return { ink: this.ink.map((v, t) => (this.known[t] ? v : 0)), known: this.known.slice() }; }

  /** The same as text. */
  text() {
    const { ink, known } = this.given();
    return btoa(String.fromCharCode(...ink, ...known));
  }
}
