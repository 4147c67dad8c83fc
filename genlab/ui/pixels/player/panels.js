// Pure drawing: each function paints one canvas from the trace and the state; none keeps anything but offscreen pixels.
import { surface } from "../../browser/screen.js";
import { raised } from "./words.js";

export const UNKNOWN = [226, 229, 233];  // paper not written on yet: a shade off white, the same in both themes

/** Where each of the n images stands on a square canvas of that side; the same for drawing and for the pointer. */
function tiles(side, n) {
  const across = Math.ceil(Math.sqrt(n)), gap = n > 1 ? Math.max(3, Math.round(side / 60)) : 0;
  const tile = Math.floor((side - gap * (across - 1)) / across);
  return Array.from({ length: n }, (_, i) => (
    { x: (i % across) * (tile + gap), y: Math.floor(i / across) * (tile + gap), side: n > 1 ? tile : side }));
}

/** Image and position under a point of the canvas, or null between images. */
export function cellAt(x, y, side, n, size) {
  const image = tiles(side, n).findIndex((t) => x >= t.x && y >= t.y && x < t.x + t.side && y < t.y + t.side);
  if (image < 0) return null;
  const tile = tiles(side, n)[image];
  const column = Math.floor(((x - tile.x) / tile.side) * size), row = Math.floor(((y - tile.y) / tile.side) * size);
  return { image, position: row * size + column };
}

/** Pixels of n images kept as one ImageData each; only the positions that changed are written again. */
export class Sheets {
  constructor(n, size, total) {
    this.size = size;
    this.total = total;
    this.painted = new Array(n).fill(-1);  // -1: nothing, not even the unknown
    this.sheets = this.painted.map(() => {
      const canvas = new OffscreenCanvas(size, size);
      return { canvas, context: canvas.getContext("2d"), data: new ImageData(size, size) };
    });
  }

  /** Brings image i to a step; `colour(t, i)` gives [r, g, b] of step t, and `place(t)` its position, negative where it is not known yet. */
  bring(i, step, colour, place = (t) => t) {
    const before = this.painted[i], sheet = this.sheets[i];
    if (before === step) return sheet.canvas;
    if (before < 0) for (let at = 0; at < this.size ** 2; at++) sheet.data.data.set([...UNKNOWN, 255], 4 * at);
    const from = before < 0 ? 0 : Math.min(before, step), to = before < 0 ? this.total : Math.max(before, step);
    for (let t = from; t < to; t++) if (place(t) >= 0) sheet.data.data.set([...colour(t, i), 255], 4 * place(t));
    sheet.context.putImageData(sheet.data, 0, 0);
    this.painted[i] = step;
    return sheet.canvas;
  }

  forget() { this.painted.fill(-1); }
}

/** Pictures of size × size cells side by side, and the marks on them. */
export function drawPictures(canvas, pictures, size, marks) {
  const n = pictures.length, { context, width } = surface(canvas), places = tiles(width, n);
  context.clearRect(0, 0, width, width);
  context.imageSmoothingEnabled = false;
  places.forEach((place, i) => context.drawImage(pictures[i], place.x, place.y, place.side, place.side));
  const cell = places[0].side / size;
  const centre = ({ image, position }) => [
    places[image].x + ((position % size) + 0.5) * cell,
    places[image].y + (Math.floor(position / size) + 0.5) * cell];
  if (n > 1) {
    context.strokeStyle = marks.line;
    context.lineWidth = 1;
    for (const { x, y, side } of places) context.strokeRect(x + 0.5, y + 0.5, side - 1, side - 1);
    const { x, y, side } = places[marks.focus];
    context.strokeStyle = marks.now;
    context.lineWidth = 2;
    context.strokeRect(x + 1, y + 1, side - 2, side - 2);
  }
  for (const [cellMark, style] of [[marks.ring, marks.model], [marks.hover, "#000"]]) {
    if (!cellMark) continue;
    const [x, y] = centre(cellMark), half = Math.max(cell, 6) / 2 + 1;
    context.lineWidth = 4;
    context.strokeStyle = "#fff";
    context.strokeRect(x - half, y - half, 2 * half, 2 * half);
    context.lineWidth = 2;
    context.strokeStyle = style;
    context.strokeRect(x - half, y - half, 2 * half, 2 * half);
  }
  for (const dot of marks.dots) {
    const [x, y] = centre(dot), radius = n > 1 ? 3 : Math.min(7, Math.max(4.5, cell * 0.4));
    context.beginPath();
    context.arc(x, y, radius + 1.5, 0, 7);
    context.fillStyle = "#fff";
    context.fill();
    context.beginPath();
    context.arc(x, y, radius, 0, 7);
    context.fillStyle = marks.now;
    context.fill();
  }
}

/** Room for the axes of the posterior, where text is so many times as large as 12 pixels. */
export const edge = (scale) => ({ left: 38 * scale, right: 2, top: 6 * scale, bottom: 32 * scale });

/** Bars of log p over the grey levels of one posterior (quantised, `levels` bytes), the drawn value in red; as a line another
 *  posterior, of what stands beside it. */
export function drawPosterior(canvas, row, drawn, { levels, floor }, style, message, beside = null) {
  const { context, width, height } = surface(canvas), { scale } = style, EDGE = edge(scale);
  const w = width - EDGE.left - EDGE.right, h = height - EDGE.top - EDGE.bottom, bottom = EDGE.top + h;
  context.clearRect(0, 0, width, height);
  context.font = style.font;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (let power = 0; power * Math.LN10 < floor; power++) {
    const y = Math.round(EDGE.top + (h * power * Math.LN10) / floor) + 0.5;
    context.strokeStyle = style.line;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(EDGE.left, y);
    context.lineTo(width - EDGE.right, y);
    context.stroke();
    context.fillStyle = style.quiet;
    if (power % 2 === 0 || h > 150) context.fillText(power ? `10${raised(power)}` : "p = 1", EDGE.left - 6 * scale, y);
  }
  const ramp = context.createLinearGradient(EDGE.left, 0, EDGE.left + w, 0);
  ramp.addColorStop(0, "#fff");
  ramp.addColorStop(1, "#000");
  context.fillStyle = ramp;
  context.fillRect(EDGE.left, bottom + 1, w, 9 * scale);
  context.strokeStyle = style.line;
  context.strokeRect(EDGE.left + 0.5, bottom + 1.5, w - 1, 9 * scale - 1);
  // The drawn level stands under its triangle; the label of an end that is too near gives way.
  const centre = EDGE.left + (w * (drawn + 0.5)) / levels, room = context.measureText("255 black").width + 14;
  /** @type {[number, string, CanvasTextAlign, number][]} */
  const ends = [[0, "0 white", "left", EDGE.left], [levels - 1, `${levels - 1} black`, "right", EDGE.left + w]];
  context.textBaseline = "top";
  for (const [level, text, align, x] of ends) {
    if (row && drawn !== level && Math.abs(centre - x) < room) continue;
    context.fillStyle = row && drawn === level ? style.now : style.quiet;
    context.textAlign = align;
    context.fillText(text, x, bottom + 17 * scale);
  }
  if (!row) {
    context.fillStyle = style.quiet;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(message, EDGE.left + w / 2, EDGE.top + h / 2);
    return;
  }
  const left = (v) => EDGE.left + (w * v) / levels, gap = w / levels > 5 ? 1 : 0;
  context.fillStyle = style.model;
  context.beginPath();
  for (let v = 0; v < levels; v++) {
    const tall = (h * row[v]) / 255;
    context.rect(left(v), bottom - tall, w / levels - gap + (gap ? 0 : 0.3), tall);
  }
  context.fill();
  const tall = Math.max(2, (h * row[drawn]) / 255), wide = Math.max(w / levels - gap, 2.5), x = (left(drawn) + left(drawn + 1) - gap) / 2;
  if (beside) {
    context.strokeStyle = style.data;
    context.lineWidth = 1.5 * scale;
    context.beginPath();
    for (let v = 0; v < levels; v++) for (const edge of [v, v + 1]) context.lineTo(left(edge), bottom - (h * beside[v]) / 255);
    context.stroke();
  }
  if (Number.isNaN(drawn)) return;  // nothing is drawn from it yet
  context.fillStyle = style.now;
  context.fillRect(x - wide / 2, bottom - tall, wide, tall);
  context.beginPath();
  context.moveTo(x, bottom + 6 * scale);
  context.lineTo(x - 6 * scale, bottom + 16 * scale);
  context.lineTo(x + 6 * scale, bottom + 16 * scale);
  context.fill();
  if (drawn === 0 || drawn === levels - 1) return;  // its label is that of the end
  context.textAlign = "center";
  context.fillText(String(drawn), Math.min(Math.max(x, EDGE.left + 10 * scale), EDGE.left + w - 10 * scale), bottom + 17 * scale);
}

/** A column of levels in no more rows than given: each has the largest of the levels that share it, so that none falls out. */
export function folded(column, most) {
  const rows = new Uint8Array(Math.min(most, column.length));
  for (let level = 0; level < column.length; level++) {
    const row = Math.floor((level * rows.length) / column.length);
    rows[row] = Math.max(rows[row], column[level]);
  }
  return rows;
}

/** Every posterior so far: an offscreen sheet of levels × steps, stretched over the canvas. It has no more columns than the canvas
 *  has pixels, and rows that are thick enough to be seen; of levels, and of steps, that share one the likeliest is shown (`shared`). */
export class History {
  static ROW = 2;  // CSS pixels: nearly all that is certain is white, and a line of one pixel on the edge is none

  constructor(levels, total) {
    this.canvas = new OffscreenCanvas(1, 1);
    this.context = this.canvas.getContext("2d");
    this.levels = levels;
    this.total = total;
    this.painted = 0;
    this.shared = false;
    /** The column painted last.
     * @type {Uint8Array | null} */
    this.latest = null;
  }

  /** Paints the steps that are new; all of them on a canvas of another size. */
  bring(step, logProbs, map, across, down) {
    const { levels, total, canvas } = this, columns = Math.min(across, total), rows = Math.min(down, levels);
    if (canvas.width !== columns || canvas.height !== rows) {
      Object.assign(canvas, { width: columns, height: rows });
      this.painted = 0;
    }
    this.shared = columns < total || rows < levels;
    const place = (t) => Math.floor((t * columns) / total);
    for (; this.painted < step; this.painted++) {
      const t = this.painted, joins = t > 0 && place(t) === place(t - 1), column = new ImageData(1, rows);
      const fresh = folded(logProbs.subarray(t * levels, (t + 1) * levels), rows);
      this.latest = joins ? fresh.map((value, row) => Math.max(value, this.latest[row])) : fresh;
      this.latest.forEach((value, row) => column.data.set([...map[value], 255], 4 * (rows - 1 - row)));  // black on top, white below
      this.context.putImageData(column, place(t), 0);
    }
  }

  /** `rows`: whether the steps go row by row. */
  draw(canvas, step, logProbs, map, size, hover, style, rows = true) {
    const { context, width, height, ratio } = surface(canvas), { total } = this, { scale } = style, { left, right } = edge(scale), w = width - left - right;
    const h = Math.floor((height - 16 * scale) * ratio) / ratio, across = Math.floor(w * ratio), down = Math.floor(h / History.ROW);
    context.clearRect(0, 0, width, height);
    if (across < 1 || down < 1) return;
    this.bring(step, logProbs, map, across, down);
    context.fillStyle = style.wash;
    context.fillRect(left, 0, w, h);
    const ramp = context.createLinearGradient(0, 0, 0, h);
    ramp.addColorStop(0, "#000");
    ramp.addColorStop(1, "#fff");
    context.fillStyle = ramp;
    context.fillRect(left - 10, 0, 7, h);
    context.strokeStyle = style.line;
    context.strokeRect(left - 9.5, 0.5, 6, h - 1);
    context.imageSmoothingEnabled = false;
    const sheet = this.canvas, shown = Math.ceil((step * sheet.width) / total);
    if (shown) context.drawImage(sheet, 0, 0, shown, sheet.height, left, 0, (w * shown) / sheet.width, h);
    context.font = style.font;
    context.fillStyle = style.quiet;
    context.textBaseline = "top";
    context.textAlign = "right";
    context.fillText(String(this.levels - 1), left - 13, 0);
    context.textBaseline = "bottom";
    context.fillText("0", left - 13, h);
    context.textBaseline = "top";
    const every = Math.ceil(size / 7) * size;
    for (let t = 0; t < total; t += every) {
      const x = Math.round(left + (w * t) / total) + 0.5;
      context.fillRect(x, h, 1, 4);
      context.textAlign = "left";
      context.fillText(rows ? `row ${t / size}` : `step ${t}`, x + 3, h + 3);
    }
    if (hover != null) {
      for (const { colour, wide } of [{ colour: "#fff", wide: 3 }, { colour: "#000", wide: 1 }]) {  // seen on dark and on bright heat alike
        context.fillStyle = colour;
        context.fillRect(left + (w * (hover + 0.5)) / total - wide / 2, 0, wide, h);
      }
    }
    if (step < total) {
      context.fillStyle = style.now;
      context.fillRect(left + (w * step) / total - 1, 0, 2, h + 4);
    }
  }
}
