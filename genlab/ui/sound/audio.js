// A sound that is played while it is still written.

/** One for the page: browsers allow few. It begins with a click, else it stays silent.
 * @type {AudioContext | null} */
let context = null;
/** @type {Promise<void> | null} */
let loaded = null;

export class Sound {
  /** @type {AudioWorkletNode | null} */
  node = null;

  /** @param {number} rate samples a second
   *  @param {(report: { at: number, peak: number, starved: number, done: boolean }) => void} hear how far it is played */
  constructor(rate, hear) { Object.assign(this, { rate, hear }); this.ready = this.begin(rate, hear); }

  async begin(rate, hear) {
    context ??= new AudioContext();
    loaded ??= context.audioWorklet.addModule(String(new URL("./speaker.js", import.meta.url)));
    await Promise.all([context.resume(), loaded]);
    this.node = new AudioWorkletNode(context, "genlab-speaker", { numberOfInputs: 0, outputChannelCount: [1], processorOptions: { rate } });
    this.node.port.onmessage = ({ data }) => hear(data);
    this.node.connect(context.destination);
  }

  /** What follows what was given before; `whole` with the last of it.
   * @param {Float32Array} part
   * @param {boolean} whole */
  give(part, whole) { this.node.port.postMessage({ part: part.slice(), whole }); }

  stop() {
    this.node?.port.postMessage({ stop: true });
    this.node?.disconnect();
  }
}
