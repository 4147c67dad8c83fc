// Images on the plane of two latents: an ellipse each, in the colour of its class.
import { isDark } from "../browser/screen.js";

// Of the ten classes, told apart also by those who see few colours, as far as ten can be; the classes' numbers stand beside.
const LIGHT = ["#332288", "#3f9fd8", "#2f9d8a", "#117733", "#8a8a1f", "#b8860b", "#cc5566", "#882255", "#aa4499", "#555b63"];
const DARK = ["#9a8ff0", "#88ccee", "#44c7b3", "#58b873", "#c4c45a", "#e6c86e", "#f08a98", "#d06a9c", "#d98bd0", "#b4bac2"];
const DEVIATIONS = 1;  // of an ellipse

/** The colour of each class, on a paper.
 * @param {string} paper */
export const classColours = (paper) => (isDark(paper) ? DARK : LIGHT);

/** Where the plane's points are on a canvas of some width: [−half, half]² around a centre. */
export const placed = (half, width, [cx, cy] = [0, 0]) => ({
  x: (u) => ((u - cx + half) / (2 * half)) * width,
  y: (v) => ((cy - v + half) / (2 * half)) * width,
  /** @param {number[]} at parts of the width and the height */
  back: ([px, py]) => [cx + (2 * px - 1) * half, cy - (2 * py - 1) * half],
});

/** Draws an ellipse of one standard deviation for each image; of classes that are not `only`, faintly.
 * @param {CanvasRenderingContext2D} context
 * @param {{ mean: Float32Array, spread: Float32Array, labels: Uint8Array }} images
 * @param {{ x: (u: number) => number, y: (v: number) => number }} to
 * @param {string[]} colours
 * @param {number | null} only */
export function ellipses(context, { mean, spread, labels }, to, colours, only = null) {
  const unit = to.x(1) - to.x(0);
  for (let k = 0; k < labels.length; k++) {
    const [a, b, c] = spread.subarray(3 * k, 3 * k + 3), middle = (a + c) / 2, away = Math.hypot((a - c) / 2, b);
    const long = DEVIATIONS * Math.sqrt(middle + away), short = DEVIATIONS * Math.sqrt(Math.max(middle - away, 0));
    const faint = only !== null && labels[k] !== only;
    context.beginPath();
    context.ellipse(to.x(mean[2 * k]), to.y(mean[2 * k + 1]), Math.max(1.5, long * unit), Math.max(1.5, short * unit), -Math.atan2(2 * b, a - c) / 2, 0, 7);
    context.fillStyle = context.strokeStyle = colours[labels[k]];
    context.globalAlpha = faint ? 0.05 : 0.3;
    context.fill();
    context.globalAlpha = faint ? 0.1 : 0.9;
    context.stroke();
  }
  context.globalAlpha = 1;
}

/** The number of each class at the median of its images. */
export function named(context, { mean, labels }, to, colours, paper, font, only = null) {
  const median = (values) => values.sort((a, b) => a - b)[values.length >> 1];
  Object.assign(context, { font, textAlign: "center", textBaseline: "middle", lineWidth: 4, strokeStyle: paper, lineJoin: "round" });
  for (let label = 0; label < 10; label++) {
    const of = [...labels.keys()].filter((k) => labels[k] === label);
    if (!of.length || (only !== null && only !== label)) continue;
    const [x, y] = [to.x(median(of.map((k) => mean[2 * k]))), to.y(median(of.map((k) => mean[2 * k + 1])))];
    context.strokeText(String(label), x, y);
    context.fillStyle = colours[label];
    context.fillText(String(label), x, y);
  }
}

/** Bars of the KL of each dimension in a box; those in use in the colour of the latents. */
export function bars(context, kl, { left, top, width, height }, style, least = 0.01) {
  const most = Math.max(1, ...kl), step = width / kl.length, wide = Math.min(step * 0.8, 26);
  const few = kl.length <= 8;  // then each is named
  context.fillStyle = style.line;
  context.fillRect(left, top + height, width, 1);
  Object.assign(context, { font: `11px ${style.font}`, textAlign: "center", textBaseline: "top" });
  kl.forEach((value, k) => {
    const high = Math.max(1, (height * value) / most);
    context.fillStyle = value > least ? style.noise : style.quiet;
    context.fillRect(left + k * step + (step - wide) / 2, top + height - high, wide, high);
    if (!few || height < 30) return;
    context.fillStyle = high > 16 ? style.paper : style.quiet;
    context.fillText(value.toFixed(1), left + (k + 0.5) * step, top + height - high + (high > 16 ? 2 : -13));
  });
}
