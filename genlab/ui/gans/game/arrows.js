// What one made point is told, and what it does.

/** Of arrows as they are drawn the largest length, in units of the plane, and how many times as long as they are they may be. */
const LARGEST = 0.6, TIMES = [100, 50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1];

/** The arrow that D tells a made point, −∂L_G/∂x, and the one that it takes by G's move: G(z) after it minus G(z) before it.
 * @param {Record<string, any>} target points and arrows of all states of a round, one after the other
 * @param {string[]} moves of the round; where there are none, nothing is taken
 * @param {number} i which point
 * @param {number} count of all made points
 * @returns {{ at: number[], told: number[], taken: number[] | null, lengths: number[], angle: number | null, times: number[] }}
 *    `angle` in degrees, null where one of them has no length; `times`: how many times as long each is drawn */
export function arrowsOf({ fake, push }, moves, i, count) {
  const state = Math.max(0, moves.lastIndexOf("G")), pair = ({ data }, s) => [data[2 * (s * count + i)], data[2 * (s * count + i) + 1]];
  const at = pair(fake, state), told = pair(push, state), after = moves.length ? pair(fake, state + 1) : null;
  const taken = after && [after[0] - at[0], after[1] - at[1]], lengths = [told, taken ?? [0, 0]].map(([x, y]) => Math.hypot(x, y));
  const between = taken && lengths[0] && lengths[1] ? (told[0] * taken[0] + told[1] * taken[1]) / (lengths[0] * lengths[1]) : null;
  const angle = between === null ? null : (180 * Math.acos(Math.max(-1, Math.min(1, between)))) / Math.PI;
  return { at, told, taken, lengths, angle, times: lengths.map((length) => TIMES.find((n) => n * length <= LARGEST) ?? LARGEST / length) };
}
