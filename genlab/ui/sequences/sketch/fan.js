// Many continuations as bands between their quantiles.
export const SHARES = [0.1, 0.25, 0.5, 0.75, 0.9];

/** Quantiles of levels: the smallest one that at least a share of them do not exceed.
 *  @param {ArrayLike<number>} levels
 *  @param {number[]} shares */
export function quantiles(levels, shares = SHARES) {
  const sorted = Array.from(levels).sort((a, b) => a - b);
  return shares.map((share) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]);
}

/** Quantiles at each place, by share.
 *  @param {ArrayLike<number>} values (n, T) */
export function fan(values, n, length) {
  const places = Array.from({ length }, (_, t) => quantiles(Array.from({ length: n }, (_, k) => values[k * length + t])));
  return SHARES.map((_, q) => places.map((each) => each[q]));
}
