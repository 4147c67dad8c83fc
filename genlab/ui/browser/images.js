// What the two pictures of a latent space share: grey images that fade into others, and buttons that arrows go through.
const FADE = 280;  // ms from one image to another

/** Numbers on their way to others of the same count; at once where the count is another. */
export class Fade {
  shown = new Float32Array(0);
  /** @type {Float32Array | null} */
  from = null;
  to = this.shown;
  /** @type {number | null} */
  start = null;

  aim(values, still) {
    if (values === this.to) return;
    this.from = still || values.length !== this.shown.length ? null : this.shown.slice();
    Object.assign(this, { to: values, start: null });
    if (!this.from) this.shown = Float32Array.from(values);
  }

  /** Brings them to the moment; false where nothing has changed. */
  tick(now) {
    if (!this.from) return false;
    this.start ??= now;
    const part = Math.min(1, (now - this.start) / FADE), { shown, from, to } = this;
    for (let i = 0; i < shown.length; i++) shown[i] = from[i] + part * (to[i] - from[i]);
    if (part === 1) this.from = null;
    return true;
  }
}

/** Paints side × side values of ink, 0 to 255, that begin at an index; with those of a second image mixed in. */
export function ink(canvas, side, values, at, other = at, part = 0) {
  if (canvas.width !== side) Object.assign(canvas, { width: side, height: side });
  const image = (canvas.image ??= new ImageData(side, side));
  const sheet = image.width === side ? image : (canvas.image = new ImageData(side, side)), { data } = sheet;
  for (let i = 0; i < side * side; i++) {
    data[4 * i] = data[4 * i + 1] = data[4 * i + 2] = 255 - (values[at + i] + part * (values[other + i] - values[at + i]));
    data[4 * i + 3] = 255;
  }
  canvas.getContext("2d").putImageData(sheet, 0, 0);
}

/** Arrows go from button to button, of which only one is reached by Tab; true where the key was one of them. */
export function roam(event, buttons, columns) {
  if (event.ctrlKey || event.metaKey || event.altKey) return false;
  const at = buttons.indexOf(event.target), last = buttons.length - 1;
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns, Home: -at, End: last - at }[event.key];
  if (at < 0 || by === undefined) return false;
  const to = at + by < 0 || at + by > last ? at : at + by;
  buttons.forEach((button, k) => { button.tabIndex = k === to ? 0 : -1; });
  buttons[to].focus();
  event.preventDefault();
  event.stopPropagation();
  return true;
}
