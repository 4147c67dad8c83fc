// The steps of a generation as the browser keeps them.

import { History, Sheets } from "./panels.js";

/** A trace that grows: whole arrays of the final length, filled from the chunks as they come. */
export class Trace {
  constructor(identity, meta) {
    const { total, n, levels } = meta;
    this.identity = identity;
    this.meta = meta;
    this.have = 0;
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
    for (let t = this.have; t < end; t++) {
      this.drawn[t + 1] = this.drawn[t] + (this.known[t * n] ? 0 : 1);
      for (let i = 0; i < n; i++) {
        this.nats[(t + 1) * n + i] = this.nats[t * n + i] + (this.known[t * n + i] ? 0 : this.surprise[t * n + i]);
      }
    }
    this.have = end;
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
