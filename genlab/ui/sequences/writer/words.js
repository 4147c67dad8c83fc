// What stands beside the pictures of a sequence.
import { decimal } from "../../browser/screen.js";

/** How many of the values before it a prediction sees, in a sentence; **this** is bold. `seen` is null where it was not told yet.
 *  @param {number | null} seen
 *  @param {number} past */
export function sees(seen, past) {
  if (past === 0) return "Nothing comes before the first value: its posterior has no condition.";
  if (seen === null) return "";
  if (seen === past) return past === 1 ? "This posterior sees **the one** value before it." : `This posterior sees **all ${past}** of the values before it.`;
  return `This posterior sees **${seen} of the ${past}** values before it (filled dots, shaded cells): the others are out of its receptive field and change nothing.`;
}

/** What became of sequences that are whole, of a law of two straight pieces. */
export function structure(bent, n) {
  const fate = bent === 1 ? "has lost the global structure" : "have lost the global structure";
  return bent ? `${bent} of ${n} ${fate}: no two straight pieces explain ${bent === 1 ? "it" : "them"} within one level (red)`
    : `all ${n} kept the global structure: two straight pieces explain each within one level`;
}

/** Nats and perplexity of so many values, in all. */
export const scores = (nats, count) => ({ nats: count ? `${decimal(nats, 1)} nats` : "–", perplexity: count ? decimal(Math.exp(nats / count)) : "–" });

/** The whole number of a text, from `least` to `most`; null for any other text.
 * @param {string | null} text */
export const whole = (text, most, least = 0) => (text && /^\d{1,3}$/.test(text) && +text >= least && +text <= most ? +text : null);
