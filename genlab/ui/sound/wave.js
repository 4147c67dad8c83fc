// Levels as sound, and sound as pictures.

const MU = 255, WINDOW = 256, HOP = 50, FLOOR = 70;  // samples of a spectrum, from one to the next, and dB that are shown
export const BINS = WINDOW / 2;

/** The sample in the middle of each level, as genlab/data/mulaw.py has it. */
export const SAMPLES = Float32Array.from({ length: MU + 1 }, (_, level) => {
  const f = (2 * level) / MU - 1;
  return (Math.sign(f) * (Math.exp(Math.abs(f) * Math.log(MU + 1)) - 1)) / MU;
});

/** Levels as a waveform in [−1, 1]. */
export const decoded = (levels) => Float32Array.from(levels, (level) => SAMPLES[level]);

/** Fourier transform in place, of 2ᵏ values. */
export function fft(re, im) {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i++) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) { [re[i], re[j]] = [re[j], re[i]]; [im[i], im[j]] = [im[j], im[i]]; }
  }
  for (let size = 2; size <= n; size *= 2) {
    for (let k = 0; k < size / 2; k++) {
      const angle = (-2 * Math.PI * k) / size, c = Math.cos(angle), s = Math.sin(angle);
      for (let i = k; i < n; i += size) {
        const j = i + size / 2, x = re[j] * c - im[j] * s, y = re[j] * s + im[j] * c;
        re[j] = re[i] - x; im[j] = im[i] - y; re[i] += x; im[i] += y;
      }
    }
  }
}

/** How loud each frequency is about one sample, low ones first, from 0 (70 dB below a full sine) to 1. */
export function spectrum(wave, middle) {
  const re = new Float64Array(WINDOW), im = new Float64Array(WINDOW);
  for (let i = 0; i < WINDOW; i++) re[i] = (wave[middle - WINDOW / 2 + i] ?? 0) * (0.5 - 0.5 * Math.cos((2 * Math.PI * (i + 0.5)) / WINDOW));
  fft(re, im);
  return Float32Array.from({ length: BINS }, (_, k) => Math.max(0, 1 + (20 * Math.log10(Math.hypot(re[k], im[k]) / (WINDOW / 4) + 1e-9)) / FLOOR));
}

/** A spectrogram that grows with its sound. */
export class Spectrogram {
  columns = 0;

  /** @param {number} total samples of the whole sound */
  constructor(total) {
    this.most = Math.ceil(total / HOP);
    this.values = new Float32Array(this.most * BINS);
    this.image = new OffscreenCanvas(this.most, BINS);
  }

  /** Takes what there is of a sound; the end of a whole one is followed by silence. */
  grow(wave, end, whole) {
    while (this.columns < this.most && (whole || this.columns * HOP + WINDOW / 2 <= end)) {
      this.values.set(spectrum(wave, this.columns * HOP), this.columns * BINS);
      this.columns++;
    }
  }

  /** @param {CanvasRenderingContext2D} context
   *  @param {number[][]} colours */
  draw(context, left, top, width, height, colours) {
    const sheet = /** @type {OffscreenCanvasRenderingContext2D} */ (this.image.getContext("2d")), pixels = sheet.createImageData(this.most, BINS);
    for (let c = 0; c < this.columns; c++) for (let k = 0; k < BINS; k++) {
      const [r, g, b] = colours[Math.round(255 * Math.min(1, this.values[c * BINS + k]))];
      pixels.data.set([r, g, b, 255], 4 * ((BINS - 1 - k) * this.most + c));
    }
    sheet.putImageData(pixels, 0, 0);
    context.drawImage(this.image, left, top, width, height);
  }
}

/** A waveform: of each column of pixels the lowest and the highest sample. */
export function drawWave(context, wave, end, total, left, top, width, height, colour) {
  const y = (x) => top + height * (0.5 - 0.48 * x), columns = Math.max(1, Math.round(width));
  context.fillStyle = colour;
  for (let c = 0; c < columns; c++) {
    const from = Math.floor((c / columns) * total), to = Math.min(end, Math.max(from + 1, Math.floor(((c + 1) / columns) * total)));
    if (from >= end) break;
    let low = 1, high = -1;
    for (let i = from; i < to; i++) { low = Math.min(low, wave[i]); high = Math.max(high, wave[i]); }
    context.fillRect(left + (c * width) / columns, y(high) - 0.5, width / columns, y(low) - y(high) + 1);
  }
}

