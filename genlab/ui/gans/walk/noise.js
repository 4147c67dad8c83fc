// Where walk and rows of a page stand in the noise of a model.
import { Place } from "../../browser/place.js";

export class Noise extends Place {
  source = "";
  /** @type {number | null} */
  label = null;
  seed = 0;
  /** The samples A and B, from 0. */
  a = 0;
  b = 1;
  /** From sample A to A itself: names, numbers and lengths of directions.
   * @type {[string, number, number][]} */
  moves = [];

  /** The sample that is A. */
  get sample() { return { source: this.source, label: this.label, seed: this.seed, a: this.a }; }

  /** What Python is told: the sample and what leads on from there. */
  get told() { return { seed: this.seed, a: this.a, b: this.b, moves: this.moves }; }

  /** Moves that began at another sample end with it.
   * @param {any} values */
  set(values) {
    const moved = Object.entries(this.sample).some(([name, value]) => name in values && values[name] !== value);
    super.set(moved ? { moves: [], ...values } : values);
  }
}
