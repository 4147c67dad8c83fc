// What runs in the thread of the sound card: plays what has come so far, and waits, silent, for what has not.
// @ts-nocheck: these names are known in an AudioWorklet only
const REPORT = 8;  // blocks of 128 between two reports

class Speaker extends AudioWorkletProcessor {
  constructor({ processorOptions: { rate } }) {
    super();
    Object.assign(this, { step: rate / sampleRate, samples: new Float32Array(0), at: 0, whole: false, stopped: false, blocks: 0, peak: 0, starved: 0 });
    this.port.onmessage = ({ data }) => {
      if (data.part) this.append(data.part);
      if (data.whole) this.whole = true;
      if (data.stop) this.stopped = true;
    };
  }

  append(part) {
    const all = new Float32Array(this.samples.length + part.length);
    all.set(this.samples);
    all.set(part, this.samples.length);
    this.samples = all;
  }

  /** Between two samples the sound goes straight: the card has another rate than the sound. */
  process(_inputs, [[out]]) {
    const last = this.samples.length - 1;
    for (let i = 0; i < out.length; i++) {
      const k = Math.floor(this.at);
      if (k >= last) { if (!this.whole) this.starved++; break; }
      out[i] = this.samples[k] + (this.at - k) * (this.samples[k + 1] - this.samples[k]);
      this.peak = Math.max(this.peak, Math.abs(out[i]));
      this.at += this.step;
    }
    const done = this.whole && this.at >= last;
    if (++this.blocks % REPORT === 0 || done) this.port.postMessage({ at: this.at, peak: this.peak, starved: this.starved, done });
    return !this.stopped && !done;
  }
}

registerProcessor("genlab-speaker", Speaker);
