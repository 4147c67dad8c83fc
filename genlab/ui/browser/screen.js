// Colours, pixels and pictures: what canvases draw with.

const TINY = 1e-6;  // below it only that a number is small is worth the room

/** 256 colours, as [r, g, b], interpolated between stops in hexadecimal.
 * @param {string[]} stops */
export function colourMap(stops) {
  const rgb = stops.map((hex) => [1, 3, 5].map((i) => parseInt(hex.trim().slice(i, i + 2), 16)));
  return Array.from({ length: 256 }, (_, i) => {
    const at = (i / 255) * (rgb.length - 1), low = Math.min(Math.floor(at), rgb.length - 2);
    return rgb[low].map((c, k) => Math.round(c + (at - low) * (rgb[low + 1][k] - c)));
  });
}

/** A map as the background of a legend; `opaque` says how much of the paper each of its colours hides. */
export function ramp(map, opaque = (_i) => 1) {
  return `linear-gradient(90deg, ${map.filter((_, i) => i % 15 === 0).map((c, i) => `rgb(${c.join(" ")} / ${opaque(15 * i)})`)})`;
}

/** A map as pixels, one number each, as an ImageData keeps them. */
export function packed(map, opaque = (_i) => 1) {
  return Uint32Array.from(map, ([r, g, b], i) => ((Math.round(255 * opaque(i)) << 24) | (b << 16) | (g << 8) | r) >>> 0);
}

const one = new OffscreenCanvas(1, 1).getContext("2d");

/** Any CSS colour as #rrggbb.
 * @param {string} colour */
export function hex(colour) {
  one.fillStyle = "#000";
  one.fillStyle = colour.trim();
  return String(one.fillStyle);
}

export const isDark = (paper) => parseInt(paper.slice(1, 3), 16) < 128;

/** From 0 to 1, slow at both ends.
 * @param {number} part */
export const ease = (part) => part * part * (3 - 2 * part);

/** A number with a true minus; what is not 0 keeps a digit that says so. */
export function decimal(value, digits = 2) {
  const lost = value && !+value.toFixed(digits);
  if (lost && Math.abs(value) < TINY) return "≈ 0";
  return (lost ? value.toFixed(Math.ceil(-Math.log10(Math.abs(value)))) : value.toFixed(digits)).replace("-", "−");
}

/** A canvas whose pixels are the screen's; returns its context in CSS units, and its size in them.
 * @param {HTMLCanvasElement} canvas */
export function surface(canvas) {
  const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return { context, width, height, ratio };
}

/** A sheet of paper to put a picture together on, and its context.
 * @param {string} paper */
export function sheet(width, height, paper) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height }), context = canvas.getContext("2d");
  context.fillStyle = paper;
  context.fillRect(0, 0, width, height);
  return { canvas, context };
}

/** @param {HTMLCanvasElement} canvas
 *  @param {string} name of the file, without ending */
export function download(canvas, name) {
  const link = document.createElement("a");
  Object.assign(link, { href: canvas.toDataURL("image/png"), download: `${name}.png` });
  link.click();
}

/** A filled circle with a rim of paper that sets it off from any heat. */
export function disc(context, x, y, radius, colour, paper, rim = 1.5) {
  context.globalAlpha = 1;
  for (const [size, fill] of [[radius + rim, paper], [radius, colour]]) {
    context.fillStyle = fill;
    context.beginPath();
    context.arc(x, y, size, 0, 7);
    context.fill();
  }
}
