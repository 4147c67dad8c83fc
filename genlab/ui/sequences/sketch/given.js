// What is given of a sequence: a level for each place, null where it is left to the model.
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";  // as in given.py
const BACK = 50;  // strokes that can be taken back

export class Given {
  /** @type {(number | null)[][]} */
  past = [];

  /** @param {(number | null)[]} values */
  constructor(values) { this.values = [...values]; }

  /** Notes how it is, to come back to. */
  remember() { this.past = [...this.past.slice(1 - BACK), [...this.values]]; }

  undo() { this.values = this.past.pop() ?? this.values; }

  /** Something else takes its place.
   *  @param {(number | null)[]} values */
  load(values) {
    this.remember();
    this.values = [...values];
  }

  clear() { this.load(this.values.map(() => null)); }

  /** Gives each place that a stroke passes the level that it has there, or leaves it to the model.
   *  @param {{ t: number, level: number }} from
   *  @param {{ t: number, level: number }} to */
  stroke(from, to, unknown = false) {
    const [low, high] = from.t < to.t ? [from, to] : [to, from], run = high.t - low.t || 1;
    for (let t = low.t; t <= high.t; t++) this.values[t] = unknown ? null : Math.round(low.level + ((t - low.t) / run) * (high.level - low.level));
    if (!unknown) this.values[to.t] = to.level;  // a stroke straight up ends where the hand is
  }

  /** The first place that is left to the model; all of them where nothing is. */
  get first() {
    const at = this.values.indexOf(null);
    return at < 0 ? this.values.length : at;
  }

  /** For a link: a letter a place, "." where it is unknown. */
  get text() { return this.values.map((level) => (level === null ? "." : ALPHABET[level])).join("").replace(/\.+$/, "") || "."; }
}
