// The steps of a generation as the browser keeps them.

import { History, Sheets } from "./panels.js";

/** A trace that grows: whole arrays of the final length, filled from the chunks as they come. */
export class Trace {
  constructor(identity, meta) {
    const { total, n, levels } = meta;
    this.identity = identity;
    this.meta = meta;
    this.have = 0;
    /** Where a step draws, and which step draws a position; row by row until they say otherwise. */
    this.places = Int32Array.from({ length: total }, (_, t) => t);
    this.steps = Int32Array.from({ length: meta.size ** 2 }, (_, at) => at);
    this.rows = true;
    /** What is thought of every pixel before each step, of a model that takes any order.
     * @type {Record<string, Uint8Array> | null} */
    this.maps = null;
    this.view = "";  // how its sheets were painted last
    this.values = new Uint8Array(total * n);
    this.known = new Uint8Array(total * n);
    this.logProbs = new Uint8Array(total * levels);
    this.entropy = new Float32Array(total * n);
    this.surprise = new Float32Array(total * n);
    this.expected = new Float32Array(total * n);
    this.nats = new Float64Array((total + 1) * n);
    this.drawn = new Uint32Array(total + 1);
    this.sheets = new Sheets(n, meta.size, total);
    this.masks = new Sheets(1, meta.size, total);
    this.history = new History(levels, total);
  }

  append(chunk) {
    const { start, end } = chunk.meta, { n, levels } = this.meta;
    if (start > this.have || end <= this.have) return;
    for (const name of ["values", "known", "entropy", "surprise", "expected"]) this[name].set(chunk[name].data, start * n);
    this.logProbs.set(chunk.log_probs.data, start * levels);
    this.visit(start, chunk);
    for (let t = this.have; t < end; t++) {
      this.drawn[t + 1] = this.drawn[t] + (this.known[t * n] ? 0 : 1);
      for (let i = 0; i < n; i++) {
        this.nats[(t + 1) * n + i] = this.nats[t * n + i] + (this.known[t * n + i] ? 0 : this.surprise[t * n + i]);
      }
    }
    this.have = end;
  }

  /** Takes where the steps of a chunk draw, and what was thought before each. */
  visit(start, { positions, expected_map: expected, entropy_map: entropy }) {
    const squares = this.meta.size ** 2, known = positions.data;
    if (expected) {
      if (!this.maps) { this.rows = false; this.steps.fill(this.meta.total); }
      this.maps ??= { expected: new Uint8Array(this.meta.total * squares), entropy: new Uint8Array(this.meta.total * squares) };
      this.maps.expected.set(expected.data, start * squares);
      this.maps.entropy.set(entropy.data, start * squares);
    }
    known.forEach((at, k) => { this.places[start + k] = at; this.steps[at] = start + k; });
  }

  row(t) { return this.logProbs.subarray(t * this.meta.levels, (t + 1) * this.meta.levels); }

  /** The position before `step` whose value was least likely. */
  oddest(step, image) {
    const { n } = this.meta, drawn = (t) => (this.known[t * n + image] ? -1 : this.surprise[t * n + image]);
    let best = 0;
    for (let t = 1; t < step; t++) if (drawn(t) > drawn(best)) best = t;
    return best;
  }
}
