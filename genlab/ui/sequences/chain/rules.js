// The chain rule over a small table: events, what follows from them, and draws. Nothing here knows the page.
export const C = 3, T = 5;  // values 1 … C at places 1 … T
export const CELLS = C ** T;

/** The values (1 … C) at all places of a cell of the table; the last place changes fastest. */
export const placesOf = (cell) => Array.from({ length: T }, (_, t) => (Math.floor(cell / C ** (T - 1 - t)) % C) + 1);

/** Whether the known values of an event stand in a cell.
 *  @param {Map<number, number>} event place (from 0) to value */
export const holds = (event, cell) => {
  const values = placesOf(cell);
  return [...event].every(([t, value]) => values[t] === value);
};

/** Weight of all cells in which an event holds: its probability, times the sum of all weights.
 *  @param {number[]} weights of the cells, not negative */
export const weigh = (weights, event = new Map()) => weights.reduce((sum, w, cell) => sum + (holds(event, cell) ? w : 0), 0);

/** P(X_t = 1 … C | event); null where the event has probability 0. */
export function posterior(weights, event, t) {
  const all = weigh(weights, event), both = (v) => ((event.get(t) ?? v) === v ? weigh(weights, new Map([...event, [t, v]])) : 0);
  return all > 0 ? Array.from({ length: C }, (_, k) => both(k + 1) / all) : null;
}

/** An event as a mask and a value tensor, the places in order. */
export const tensors = (event) => ({
  mask: Array.from({ length: T }, (_, t) => +event.has(t)),
  values: Array.from({ length: T }, (_, t) => event.get(t) ?? 0),
});

export const softmax = (logits) => {
  const most = Math.max(...logits), e = logits.map((l) => Math.exp(l - most)), sum = e.reduce((a, b) => a + b);
  return e.map((v) => v / sum);
};

/** The first value at which the added-up probabilities exceed u, from 0. */
export function invert(probabilities, u) {
  let sum = 0;
  for (let k = 0; k < probabilities.length; k++) {
    sum += probabilities[k];
    if (u < sum) return k;
  }
  return probabilities.findLastIndex((p) => p > 0);  // the sum was rounded below 1
}

/** Uniform numbers in [0, 1) from a seed (mulberry32): the same for everybody. */
export function uniforms(seed) {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x6d2b79f5) >>> 0;
    let t = Math.imul(a ^ (a >>> 15), a | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Tables to begin with, as weights from 0 to 9. */
export const TABLES = {
  "neighbours alike": (x) => x.slice(1).reduce((w, v, t) => w * (v === x[t] ? 3 : 1), 1) / 9,
  "ends alike": (x) => (x[0] === x[T - 1] ? 4 : 1),
  "all equal": () => 1,
  "never 2 after 1": (x) => (x.some((v, t) => t && v === 2 && x[t - 1] === 1) ? 0 : 1),
};
export const table = (name) => Array.from({ length: CELLS }, (_, cell) => Math.round(TABLES[name](placesOf(cell))));
