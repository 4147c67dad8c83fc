// Ticks with numbers along the left and the lower edge of a plane, and what is written into one.
import { decimal } from "./screen.js";

/** Writes words with a rim of paper that sets them off from any heat. */
export function write(context, words, x, y, { style, rem }, align = "center", baseline = "alphabetic", colour = style.ink) {
  Object.assign(context, { font: `${0.7 * rem}px ${style.font}`, textAlign: align, textBaseline: baseline, globalAlpha: 1,
    strokeStyle: style.paper, fillStyle: colour, lineWidth: 0.19 * rem, lineJoin: "round" });
  context.strokeText(words, x, y);
  context.fillText(words, x, y);
}

/** @param {{ x: number, y: number, half: number }} view middle of the plane, and half of its side
 *  @param {{ style: any, rem: number }} dress
 *  @param {string} name of its coordinates, "" for none */
export function axes(context, width, view, dress, name = "") {
  const { x, y, half } = view, unit = width / (2 * half), { rem, style } = dress, ten = 10 ** Math.floor(Math.log10(half));
  const step = ten * (half / ten < 2 ? 0.5 : half / ten < 5 ? 1 : 2) * (width < 12 * rem ? 2 : 1), digits = Math.max(0, Math.ceil(-Math.log10(step)));
  const inside = (place) => place > rem && place < width - rem, ticks = (from) => Array.from({ length: Math.floor((2 * half) / step) + 1 }, (_, k) => (Math.ceil(from / step) + k) * step);
  context.globalAlpha = 1;
  for (const value of ticks(x - half)) {
    const across = (value - x + half) * unit, words = decimal(Math.abs(value) < step / 2 ? 0 : value, digits);
    if (!inside(across)) continue;
    context.fillStyle = style.ink;
    context.fillRect(across - 0.5, width - 4, 1, 4);
    write(context, words, across, width - 5, dress);
  }
  for (const value of ticks(y - half)) {
    const down = (y + half - value) * unit, words = decimal(Math.abs(value) < step / 2 ? 0 : value, digits);
    if (!inside(down + 0.4 * rem) || !inside(down)) continue;
    context.fillStyle = style.ink;
    context.fillRect(0, down - 0.5, 4, 1);
    write(context, words, 8, down, dress, "left", "middle");
  }
  if (!name) return;
  write(context, `${name}₁`, width - 4, width - 5, dress, "right");
  write(context, `${name}₂`, 6, 4, dress, "left", "top");
}
