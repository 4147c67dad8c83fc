// Three layers of flows on the plane, as genlab/models has them, for numbers that a hand may change: towards the noise.
const BOUND = 4, NARROWEST = 1e-3, FLATTEST = 1e-3;  // of splines, see genlab/models/spline.py
const LEAST = 1e-4;  // of a share: what a hand leaves of a bin
const dot = (a, b) => a[0] * b[0] + a[1] * b[1];
const softplus = (v) => Math.max(v, 0) + Math.log1p(Math.exp(-Math.abs(v)));

/** y = x + û tanh(w·x + b).
 * @param {{ w: number[], u: number[], b: number }} numbers
 * @returns û, w·û > −1, and the map of (x₁, x₂) to [y₁, y₂, log |det J|] */
export function planar({ w, u, b }) {
  const wu = dot(w, u), allowed = softplus(wu) - 1, part = (allowed - wu) / dot(w, w), push = [u[0] + part * w[0], u[1] + part * w[1]];
  const map = (x1, x2) => {
    const h = Math.tanh(w[0] * x1 + w[1] * x2 + b);
    return [x1 + push[0] * h, x2 + push[1] * h, Math.log1p(allowed * (1 - h * h))];
  };
  return { push, allowed, map };
}

/** y = x + β (x − x₀) / (α + r), r = |x − x₀|, for α > 0 and β > −α.
 * @param {{ centre: number[], alpha: number, beta: number }} numbers */
export function radial({ centre, alpha, beta }) {
  const map = (x1, x2) => {
    const [a, b] = [x1 - centre[0], x2 - centre[1]], reach = alpha + Math.hypot(a, b), around = beta / reach;
    return [x1 + around * a, x2 + around * b, Math.log1p(around) + Math.log1p((around * alpha) / reach)];
  };
  return { map };
}

const shares = (raw) => {
  const most = Math.max(...raw), parts = raw.map((v) => Math.exp(v - most)), sum = parts.reduce((a, b) => a + b, 0);
  return parts.map((v) => v / sum);
};

/** The knots that 3 · bins − 1 raw numbers ask for: their x, their y, and the slopes at them.
 * @param {number[]} raw
 * @param {number} bins */
export function knots(raw, bins) {
  const places = (from) => {
    let at = -BOUND;
    return [at, ...shares(raw.slice(from, from + bins)).map((share) => (at += 2 * BOUND * (NARROWEST + (1 - bins * NARROWEST) * share)))];
  };
  const steep = Math.log(Math.expm1(1 - FLATTEST));
  return { x: places(0), y: places(bins), slopes: [1, ...raw.slice(2 * bins).map((v) => FLATTEST + softplus(v + steep)), 1] };
}

/** The spline through knots: of x the value and the logarithm of the slope; the identity outside [−4, 4]. */
export function spline({ x: xs, y: ys, slopes }, x) {
  if (Math.abs(x) > BOUND) return [x, 0];
  let k = 0;
  while (k < xs.length - 2 && xs[k + 1] < x) k++;
  const w = xs[k + 1] - xs[k], h = ys[k + 1] - ys[k], steep = h / w, d0 = slopes[k], d1 = slopes[k + 1];
  const t = (x - xs[k]) / w, tt = t * (1 - t), bottom = steep + (d0 + d1 - 2 * steep) * tt;
  return [ys[k] + (h * (steep * t * t + d0 * tt)) / bottom,
    2 * Math.log(steep) + Math.log(d1 * t * t + 2 * steep * tt + d0 * (1 - t) ** 2) - 2 * Math.log(bottom)];
}

/** What is to be added to raw numbers so that a knot comes to lie at a place, or as near as its neighbours let it: the layer's
 *  own softmax keeps the knots in order, and the knots beside it stay where they are.
 * @param {number[]} raw
 * @param {number} bins
 * @param {number} k from 1 to bins − 1
 * @param {number[]} to
 * @returns {[number, number][]} which raw number, and how much */
export function move(raw, bins, k, to) {
  return [0, bins].flatMap((from, axis) => {
    const share = shares(raw.slice(from, from + bins)), both = share[k - 1] + share[k];
    const before = -BOUND + 2 * BOUND * share.slice(0, k - 1).reduce((sum, s) => sum + NARROWEST + (1 - bins * NARROWEST) * s, 0);
    const wanted = ((to[axis] - before) / (2 * BOUND) - NARROWEST) / (1 - bins * NARROWEST), part = Math.max(LEAST, Math.min(both - LEAST, wanted));
    return /** @type {[number, number][]} */ ([[from + k - 1, Math.log(part / share[k - 1])], [from + k, Math.log((both - part) / share[k])]]);
  });
}
