// Sounds that a model writes while it learns: waveforms and spectrograms, on the same uniform numbers.
import { Canvas } from "../../browser/canvas.js";
import { surface } from "../../browser/screen.js";
import { Spectrogram, decoded, drawWave } from "../wave.js";

const FRAME = `<div class="waves"><canvas data-panel="waves" role="img" aria-label="waveforms of four instruments, and their spectrograms"></canvas></div>`;
const COLUMNS = 2, GAP = 0.6, HEAD = 1.3;  // rem
const INSTRUMENTS = ["pluck", "reed", "voice", "chord"], PITCHES = 13;

export class Waves extends Canvas {
  /** @type {string | null} */
  shown = null;
  /** @type {{ wave: Float32Array, spectrogram: Spectrogram }[]} */
  sounds = [];

  constructor(host) { super(host, FRAME); }

  go() {}

  /** @param {string} id
   *  @param {any} picture as genlab.views.sound.Waves packs it */
  show(id, picture) {
    if (id === this.shown) return;
    const { meta, levels: { shape: [n, length], data } } = picture;
    Object.assign(this, { shown: id, meta });
    this.sounds = Array.from({ length: n }, (_, k) => {
      const wave = decoded(data.subarray(k * length, (k + 1) * length)), spectrogram = new Spectrogram(length);
      spectrogram.grow(wave, length, true);
      return { wave, spectrogram };
    });
    this.wake();
  }

  write() { this.tell({ shown: this.shown, sounds: this.sounds.length }); }

  draw() {
    const { context, width, height } = surface(this.canvas.waves), { rem, style, sounds, meta: { labels } } = this, gap = GAP * rem;
    const wide = (width - gap) / COLUMNS, high = height / Math.ceil(sounds.length / COLUMNS), half = (high - HEAD * rem - gap) / 2;
    context.clearRect(0, 0, width, height);
    sounds.forEach(({ wave, spectrogram }, k) => {
      const left = (k % COLUMNS) * (wide + gap), top = Math.floor(k / COLUMNS) * high;
      Object.assign(context, { font: `${0.8 * rem}px ${style.font}`, fillStyle: style.quiet, textBaseline: "top" });
      context.fillText(`${INSTRUMENTS[Math.floor(labels[k] / PITCHES)]}, ${Math.round(110 * 2 ** ((labels[k] % PITCHES) / 12))} Hz`, left, top);
      context.fillStyle = style.wash;
      context.fillRect(left, top + HEAD * rem, wide, half);
      drawWave(context, wave, wave.length, wave.length, left, top + HEAD * rem, wide, half, style.model);
      spectrogram.draw(context, left, top + HEAD * rem + half, wide, half, this.sequential);
    });
  }
}
