// The dilation tree of one sample: which values reach it, through which units of which layers.

/** Places of each row that the last one of the top row needs, counted back from it: row 0 are the values.
 * @param {number[]} dilations from the first layer to the last */
export function tree(dilations) {
  let needed = new Set([0]);
  const rows = [needed];
  for (const dilation of [...dilations].reverse()) {
    needed = new Set([...needed].flatMap((back) => [back, back + dilation]));
    rows.unshift(needed);
  }
  return rows;
}

/** @typedef {{ dilations: number[], values: Float32Array, gradient: Float32Array, wide: number }} Computed
 *    values by layer and place, from 0 to 1; of `wide` places the last one is that of the sample */

/** Draws it, of the last `shown` places; `all`: units that the sample does not need are lit too.
 * @param {CanvasRenderingContext2D} context
 * @param {number} width
 * @param {number} height
 * @param {Computed} computed
 * @param {number} shown
 * @param {boolean} all
 * @param {{ style: any, rem: number }} dress */
export function drawTree(context, width, height, computed, shown, all, dress) {
  const { dilations, values, gradient, wide } = computed, { style, rem } = dress;
  const depth = dilations.length, left = 5.6 * rem, right = 4.6 * rem, foot = 2.6 * rem, cell = (width - left - right) / shown;
  const x = (back) => width - right - (back + 0.5) * cell, y = (row) => height - foot - ((row + 0.5) / (depth + 2)) * (height - foot);
  const rows = tree(dilations), radius = Math.max(0.8, Math.min(0.36 * cell, 0.3 * rem, (0.3 * (height - foot)) / (depth + 2)));
  const value = (row, back) => (back < wide ? values[(row - 1) * wide + wide - 1 - back] : 0);
  context.clearRect(0, 0, width, height);
  // Units of no use to this sample: a dot each, where there is room.
  const dots = cell > 0.5 * rem;
  for (let row = 0; row <= depth; row++) for (let back = 0; back < Math.min(shown, wide); back++) {
    if (!all && !dots) break;
    context.globalAlpha = 1;
    context.fillStyle = style.line;
    if (all && row) {
      context.globalAlpha = 0.05 + 0.95 * value(row, back);
      context.fillStyle = style.model;
      context.fillRect(x(back) - 0.5 * cell, y(row) - radius - 2, Math.max(cell, 0.7), 2 * radius + 4);
    } else if (dots) { context.beginPath(); context.arc(x(back), y(row), 0.6 * radius, 0, 7); context.fill(); }
  }
  // Taps, from the sample down.
  context.strokeStyle = style.data;
  context.lineWidth = Math.max(0.5, Math.min(1.5, 0.2 * cell));
  for (let row = depth; row >= 1; row--) for (const back of rows[row]) for (const tap of [0, dilations[row - 1]]) {
    if (Math.max(back, back + tap) >= Math.min(shown, wide)) continue;
    context.globalAlpha = 0.25 + 0.6 * value(row, back);
    context.beginPath();
    context.moveTo(x(back), y(row));
    context.lineTo(x(back + tap), y(row - 1));
    context.stroke();
  }
  for (let row = 0; row <= depth; row++) for (const back of rows[row]) {
    if (back >= Math.min(shown, wide)) continue;
    context.globalAlpha = row ? 0.3 + 0.7 * value(row, back) : 1;
    context.fillStyle = row ? style.model : style.data;
    context.beginPath();
    context.arc(x(back), y(row), radius, 0, 7);
    context.fill();
  }
  // Skips: each layer speaks to the head at this place.
  Object.assign(context, { globalAlpha: 0.7, strokeStyle: style.model, lineWidth: 1.2 });
  for (let row = 1; row <= depth; row++) {
    context.beginPath();
    context.moveTo(x(0), y(row));
    context.bezierCurveTo(x(0) + 1.6 * rem, y(row), x(0) + 1.6 * rem, y(depth + 1), x(0), y(depth + 1));
    context.stroke();
  }
  Object.assign(context, { globalAlpha: 1, fillStyle: style.now });
  context.beginPath();
  context.arc(x(0), y(depth + 1), Math.max(radius, 0.3 * rem), 0, 7);
  context.fill();
  // How strongly each value moves log p of the sample.
  context.fillStyle = style.now;
  for (let back = 0; back < Math.min(shown, wide); back++) {
    const high = Math.sqrt(gradient[wide - 1 - back]) * (foot - 0.9 * rem);
    context.fillRect(x(back) - 0.4 * cell, height - high, Math.max(0.8 * cell, 0.7), high);
  }
  Object.assign(context, { fillStyle: style.quiet, font: `${0.72 * rem}px ${style.font}`, textAlign: "left", textBaseline: "middle" });
  for (let row = 1; row <= depth; row++) context.fillText(`dilation ${dilations[row - 1]}`, 0, y(row));
  context.fillText("posterior", 0, y(depth + 1));
  context.fillText("samples", 0, y(0));
  context.fillText("√ gradient", 0, height - 0.45 * foot);
  context.fillText("Σ skips", width - right + 1.5 * rem, y(depth / 2 + 1));
}
