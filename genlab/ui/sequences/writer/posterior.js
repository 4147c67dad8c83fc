// One posterior, large: bars along the levels of the plane beside it, their sum from the lowest level on, and the uniform number.
import { decimal } from "../../browser/screen.js";

/** Probabilities of shades: 255 is certain, 0 is `floor` nats below it, or less.
 *  @param {Uint8Array} shades */
export const probabilities = (shades, floor) => Array.from(shades, (shade) => (shade ? Math.exp((shade / 255 - 1) * floor) : 0));

/** @param {import("./plane.js").Plane} plane whose levels it shares
 *  @param {{ shades: Uint8Array, floor: number, value: number, u: number, mean: number | null, deviation: number }} drawn
 *    from the posterior, or to be; a mean where it is one bell */
export function drawPosterior(context, width, plane, drawn, style) {
  const { shades, floor, value, u, mean, deviation } = drawn, { top, h, high, bottom, rem, levels } = plane;
  const p = probabilities(shades, floor), most = Math.max(...p), all = p.reduce((a, b) => a + b);
  const room = width - 2, bar = Math.max(1, high - (high > 5 ? 1 : 0));
  context.fillStyle = style.wash;
  context.fillRect(0, top, room, h);
  p.forEach((each, level) => {
    context.fillStyle = level === value ? style.now : style.model;
    context.fillRect(0, plane.y(level) - bar / 2, Math.max(level === value ? 2 : 0, (each / most) * room), bar);
  });
  Object.assign(context, { strokeStyle: style.noise, lineWidth: 0.11 * rem, lineJoin: "round" });
  context.beginPath();
  for (let level = 0, sum = 0; level < levels; level++) {
    context.lineTo((sum / all) * room, plane.y(level) + high / 2);
    sum += p[level];
    context.lineTo((sum / all) * room, plane.y(level) + high / 2);
    context.lineTo((sum / all) * room, plane.y(level) - high / 2);
  }
  context.stroke();
  context.setLineDash([0.25 * rem, 0.2 * rem]);
  context.beginPath();
  context.moveTo(u * room, bottom);
  context.lineTo(u * room, plane.y(value));
  context.stroke();
  Object.assign(context, { font: `${0.72 * rem}px ${style.font}`, textBaseline: "top", textAlign: u < 0.25 ? "left" : u > 0.75 ? "right" : "center", fillStyle: style.noise });
  context.fillText(`u = ${decimal(u, 3)}`, u < 0.25 ? 0 : u > 0.75 ? room : u * room, bottom + 0.25 * rem);
  if (mean !== null) {
    Object.assign(context, { strokeStyle: style.ink, fillStyle: style.ink, lineWidth: 0.08 * rem, textAlign: "right", textBaseline: "bottom" });
    context.beginPath();
    context.moveTo(0, plane.y(mean));
    context.lineTo(room, plane.y(mean));
    context.stroke();
    context.setLineDash([]);
    context.strokeRect(room - 0.5 * rem, plane.y(mean + deviation), 0.35 * rem, plane.y(mean - deviation) - plane.y(mean + deviation));
    context.fillText(`mean ${decimal(mean, 1)} ± ${decimal(deviation, 1)}`, room - 0.7 * rem, plane.y(mean) - 2);
  }
  context.setLineDash([]);
  Object.assign(context, { fillStyle: style.quiet, textAlign: "right", textBaseline: "top" });
  context.fillText(`bars to p = ${decimal(most, 2)}`, room - 0.2 * rem, top + 0.2 * rem);
}
