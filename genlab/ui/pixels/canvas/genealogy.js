// Particles along an image: how many of them count, and who goes on from whom.
import { surface } from "../../browser/screen.js";

const BEND = 7;  // CSS pixels in which a line comes to its new place

/** Which places lead to the places of `last`, before the first resampling, before the second … and at the end.
 * @param {Uint8Array} ancestors R × n, row by row: whom each place goes on from
 * @param {Iterable<number>} last
 * @returns {Set<number>[]} R + 1 of them */
export function lines(ancestors, n, last) {
  const living = [new Set(last)];
  for (let r = ancestors.length / n - 1; r >= 0; r--) {
    living.unshift(new Set([...living[0]].map((place) => ancestors[r * n + place])));
  }
  return living;
}

/** The effective sample size, from 0 to n, at each pixel written so far; at the foot, which pixels are known.
 * @param {HTMLCanvasElement} canvas
 * @param {{ ess: ArrayLike<number>, known: ArrayLike<number>, n: number, total: number, style: any }} told */
export function effective(canvas, { ess, known, n, total, style }) {
  const { context, width, height } = surface(canvas), foot = 5, x = (t) => (t / total) * width, y = (size) => (height - foot) * (1 - size / n);
  context.clearRect(0, 0, width, height);
  context.fillStyle = style.data;
  for (let t = 0; t < total; t++) if (known[t]) context.fillRect(x(t), height - foot + 2, x(1) + 0.5, foot - 2);
  context.strokeStyle = style.quiet;
  context.setLineDash([3, 3]);
  context.strokeRect(-1, y(n / 2), width + 2, 0);
  context.setLineDash([]);
  if (!ess.length) return;
  context.beginPath();
  context.moveTo(0, y(0));
  for (let t = 0; t < ess.length; t++) {
    context.lineTo(x(t), y(ess[t]));
    context.lineTo(x(t + 1), y(ess[t]));
  }
  context.strokeStyle = style.model;
  context.lineWidth = 1.5;
  context.stroke();
  context.lineTo(x(ess.length), y(0));
  context.globalAlpha = 0.2;
  context.fillStyle = style.model;
  context.fill();
  context.globalAlpha = 1;
}

/** A line for each particle, from pixel to pixel; where particles are resampled, it forks or ends. What leads to the `shown`
 *  ones is in the model's colour.
 * @param {HTMLCanvasElement} canvas
 * @param {{ ancestors: Uint8Array, times: ArrayLike<number>, shown: Iterable<number>, made: number, n: number, total: number, style: any }} told */
export function genealogy(canvas, { ancestors, times, shown, made, n, total, style }) {
  const { context, width, height } = surface(canvas), x = (t) => (t / total) * width, y = (place) => ((place + 0.5) / n) * height;
  const leading = lines(ancestors, n, shown), everyone = [...Array(n).keys()];
  context.clearRect(0, 0, width, height);
  for (const [colour, thick, of] of [[style.line, 0.6, null], [style.model, 1.6, leading]]) {
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.beginPath();
    for (let r = 0; r < leading.length; r++) {
      const from = r ? x(times[r - 1]) : 0, to = x(times[r] ?? made);
      for (const place of of ? of[r] : everyone) {
        const before = r ? ancestors[(r - 1) * n + place] : place, bend = Math.min(to, from + (before === place ? 0 : BEND));
        context.moveTo(from, y(before));
        context.lineTo(bend, y(place));
        context.lineTo(to, y(place));
      }
    }
    context.stroke();
  }
}
