// What lies over a map: axes of the plane, arrows, or the numbers of a matrix.
import { surface } from "../../browser/screen.js";

const TICKS = [-2, 0, 2];
const DARK = "#1D252C", LIGHT = "#FFFFFF";  // on cells, whatever the theme

/** @param {HTMLCanvasElement} canvas
 *  @param {any} told what its group shows
 *  @param {number} k which map of it */
export function over(canvas, told, k, style) {
  const { context, width, height } = surface(canvas);
  context.clearRect(0, 0, width, height);
  if (told.cells.length) cells(context, width, height, told, k, style);
  if (told.lines) lines(context, width, height, told.pixels.shape, style);
  if (told.arrows) arrows(context, width, height, told.arrows, style);
  if (told.half !== null) axes(context, width, height, told.half, style);
}

function lines(context, width, height, [, rows, columns], style) {
  context.fillStyle = style.paper;
  for (let row = 1; row < rows; row++) context.fillRect(0, Math.round((row * height) / rows), width, 1);
  for (let column = 1; column < columns; column++) context.fillRect(Math.round((column * width) / columns), 0, 1, height);
}

function axes(context, width, height, half, style) {
  const part = (x) => (x + half) / (2 * half);
  Object.assign(context, { font: `11px ${style.font}`, strokeStyle: style.paper, fillStyle: style.ink, lineWidth: 2.5, lineJoin: "round" });
  const write = (text, x, y, textAlign, textBaseline) => {
    Object.assign(context, { textAlign, textBaseline });
    context.strokeText(text, x, y);
    context.fillText(text, x, y);
  };
  for (const x of TICKS) {
    const text = String(x).replace("-", "−"), across = part(x) * width, up = (1 - part(x)) * height;
    context.fillRect(across - 0.5, height - 4, 1, 4);
    context.fillRect(0, up - 0.5, 4, 1);
    write(text, across, height - 5, "center", "bottom");
    if (x) write(text, 6, up, "left", "middle");
  }
  write("x₁", width - 4, height - 5, "right", "bottom");
  write("x₂", 6, 4, "left", "top");
}

function arrows(context, width, height, ends, style) {
  Object.assign(context, { strokeStyle: style.model, fillStyle: style.model, lineWidth: 1.4 });
  for (let i = 0; i < ends.length; i += 4) {
    const [x, y, u, v] = [ends[i] * width, ends[i + 1] * height, ends[i + 2] * width, ends[i + 3] * height];
    const length = Math.hypot(u - x, v - y), head = Math.min(7, length);
    context.beginPath();
    if (length < 2) {  // nothing moves, so there is no direction
      context.arc(x, y, 1.5, 0, 7);
      context.fill();
      continue;
    }
    const [a, b] = [(u - x) / length, (v - y) / length];
    context.moveTo(x, y);
    context.lineTo(u - a * head, v - b * head);
    context.stroke();
    context.beginPath();
    context.moveTo(u, v);
    context.lineTo(u - head * (a - 0.45 * b), v - head * (b + 0.45 * a));
    context.lineTo(u - head * (a + 0.45 * b), v - head * (b - 0.45 * a));
    context.fill();
  }
}

function cells(context, width, height, told, k, style) {
  const { cells: rows, pixels: { data }, block } = told, many = rows.length, side = width / many;
  Object.assign(context, { textAlign: "center", textBaseline: "middle" });
  rows.forEach((row, r) => row.forEach((text, c) => {
    const at = 4 * ((k * many + r) * many + c), heading = !r || !c;
    const light = 0.3 * data[at] + 0.59 * data[at + 1] + 0.11 * data[at + 2] > 140;
    context.font = `${Math.min(14, 0.26 * side)}px ${style.font}`;
    context.fillStyle = heading ? style.quiet : light ? DARK : LIGHT;
    context.fillText(text, (c + 0.5) * side, (r + 0.5) * side);
  }));
  context.fillStyle = style.line;
  for (let i = 1; i < many; i++) for (const [x, y, w, h] of [[i * side, side, 1, height], [side, i * side, width, 1]]) context.fillRect(x, y, w, h);
  if (!block) return;
  context.fillStyle = style.ink;
  const at = (block + 1) * side;
  context.fillRect(at - 1, side, 2, height);
  context.fillRect(side, at - 1, width, 2);
}
