// A sound that is played while it is still written.

/** One for the page: browsers allow few. It begins with a click, else it stays silent.
 * @type {AudioContext | null} */
let context = null;
/** @type {Promise<void> | null} */
let loaded = null;

/** @typedef {{ at: number, peak: number, starved: number, done: boolean }} Report how many samples are played, the loudest of them,
 *    and how often there was none */

export class Sound {
  /** Whether it can begin before it is whole. A page without https has no AudioWorklet: there it is played as a whole. */
  live = true;
  begun = false;
  /** @type {AudioWorkletNode | AudioBufferSourceNode | null} */
  node = null;
  timer = 0;
  stopped = false;
  /** @type {Float32Array[]} */
  parts = [];

  /** @param {number} rate samples a second
   *  @param {(report: Report) => void} hear how far it is played */
  constructor(rate, hear) {
    this.rate = rate;
    this.hear = hear;
    this.ready = this.begin();
  }

  async begin() {
    context ??= new AudioContext();
    this.live = Boolean(context.audioWorklet);
    if (this.live) loaded ??= context.audioWorklet.addModule(String(new URL("./speaker.js", import.meta.url)));
    await Promise.all([context.resume(), loaded]);
    if (this.stopped) return;
    this.begun = true;
    if (!this.live) return;
    const node = new AudioWorkletNode(context, "genlab-speaker", { numberOfInputs: 0, outputChannelCount: [1], processorOptions: { rate: this.rate } });
    node.port.onmessage = ({ data }) => this.hear(data);
    node.connect(context.destination);
    this.node = node;
  }

  /** What follows what was given before; `whole` with the last of it.
   * @param {Float32Array} part
   * @param {boolean} whole */
  give(part, whole) {
    if (this.live) { /** @type {AudioWorkletNode} */ (this.node).port.postMessage({ part: part.slice(), whole }); return; }
    this.parts.push(part.slice());
    if (whole && !this.node) this.whole();
  }

  /** Plays all that was given. */
  whole() {
    const samples = Float32Array.from(this.parts.flatMap((part) => [...part])), buffer = context.createBuffer(1, samples.length, this.rate);
    const node = context.createBufferSource(), start = context.currentTime, peak = samples.reduce((a, b) => Math.max(a, Math.abs(b)), 0);
    const tell = (done) => this.hear({ at: done ? samples.length : Math.min(samples.length, (context.currentTime - start) * this.rate), peak, starved: 0, done });
    buffer.copyToChannel(samples, 0);
    node.buffer = buffer;
    node.connect(context.destination);
    node.onended = () => { clearInterval(this.timer); if (!this.stopped) tell(true); };
    this.timer = window.setInterval(() => tell(false), 30);
    node.start();
    this.node = node;
  }

  stop() {
    this.stopped = true;
    clearInterval(this.timer);
    if (this.live) /** @type {AudioWorkletNode | null} */ (this.node)?.port.postMessage({ stop: true });
    else /** @type {AudioBufferSourceNode | null} */ (this.node)?.stop();
    this.node?.disconnect();
  }
}
