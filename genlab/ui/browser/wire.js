// The tab's own connection with the computing: one WebSocket beside Streamlit's, kept over page changes, shared by all canvases.
import { unpack } from "./unpack.js";

const SOON = 200, LATE = 5000;  // ms before a lost connection is tried again, at first and at most
const REFUSED = [1008, 1009];  // WebSocket's numbers for a page that may not come back as it is
const FRAME = 16;  // ms between two questions of a canvas: what is dragged would ask more often than anybody can see

/** What a canvas has under way: its newest question, the training that it watches, the status that it shows.
 * @typedef {{ message: any, take: (meta: any, arrays: any) => void, refuse: (sentence: string) => void, said?: boolean }} Wanted */

export class Wire {
  /** @type {Map<string, Record<string, Wanted>>} by canvas, then by kind of message */
  canvases = new Map();
  /** @type {any} */
  socket = null;
  ready = false;
  wait = SOON;
  number = 0;
  /** @type {any} */
  timer = null;
  /** Canvases that have asked within this frame.
   * @type {Set<string>} */
  asked = new Set();
  /** Commands that wait for a connection.
   * @type {any[]} */
  commands = [];
  /** Why the server hears this page no more.
   * @type {string | null} */
  ended = null;

  /** @param {string} address
   *  @param {string} ticket that only this visitor's pages have
   *  @param {any} Socket for tests */
  constructor(address, ticket, Socket = WebSocket) {
    this.address = address;
    this.ticket = ticket;
    this.Socket = Socket;
    this.open();
  }

  /** Asks a question; an older one of the same canvas is answered no more. `take(meta, arrays, more)` gets the pieces. */
  ask(canvas, question, take, refuse) {
    this.want(canvas, "ask", { type: "ask", id: ++this.number, canvas, question }, take, refuse);
    this.put(canvas);
  }

  /** Follows a training: `take` gets what is new since what the canvas `have`, and the frames of the film that it `need`s. */
  watch(canvas, { job, have = null, need = [], changed = [] }, take, refuse) {
    this.say(this.want(canvas, "watch", { type: "watch", canvas, job, have, need, changed }, take, refuse));
  }

  /** Follows what the devices hold and who trains. */
  status(canvas, take) { this.say(this.want(canvas, "status", { type: "status", canvas }, take, () => {})); }

  /** Steers a training, as soon as there is a connection; what is refused is told to whoever watches it. */
  command(canvas, job, command, value = "") {
    const message = { type: "command", id: ++this.number, canvas, job, command, value };
    if (this.ended !== null) this.canvases.get(canvas)?.watch?.refuse(this.ended);
    else if (!this.send(message)) this.commands.push(message);
  }

  /** The canvas is gone. */
  drop(canvas) {
    if (this.canvases.delete(canvas)) this.send({ type: "drop", canvas });
  }

  close() {
    clearTimeout(this.timer);
    this.ended = "This tab has another visitor now.";
    if (!this.socket) return;
    this.socket.onclose = null;
    this.socket.close();
  }

  // ---------------------------------------------------------------- how it works

  /** Keeps what a canvas wants until it has it, or for as long as it is there.
   * @returns {Wanted} */
  want(canvas, kind, message, take, refuse) {
    const wanted = this.canvases.get(canvas) ?? {};
    wanted[kind] = { message, take, refuse };
    this.canvases.set(canvas, wanted);
    if (this.ended !== null) refuse(this.ended);
    return wanted[kind];
  }

  /** Says it now; while there is no connection, what is wanted is said when there is one again. */
  say(wanted) { wanted.said = this.send(wanted.message); }

  /** Says the newest question of a canvas, unless it has just said one: then a frame later. */
  put(canvas) {
    const ask = this.canvases.get(canvas)?.ask;
    if (!ask || ask.said || this.asked.has(canvas)) return;
    this.say(ask);
    if (!ask.said) return;
    this.asked.add(canvas);
    setTimeout(() => {
      this.asked.delete(canvas);
      this.put(canvas);
    }, FRAME);
  }

  /** @returns {boolean} whether there is a connection to say it on */
  send(message) {
    const open = this.ready && !(this.socket.readyState > 1);  // else it is closing already
    if (open) this.socket.send(JSON.stringify(message));
    return open;
  }

  open() {
    const socket = (this.socket = new this.Socket(this.address));
    socket.binaryType = "arraybuffer";
    socket.onopen = () => socket.send(JSON.stringify({ type: "hello", ticket: this.ticket }));
    socket.onmessage = (event) => this.receive(unpack(new Uint8Array(event.data)));
    socket.onclose = (event) => this.lost(event);
  }

  lost({ code, reason }) {
    this.ready = false;
    this.socket = null;
    if (REFUSED.includes(code)) {  // another try would end the same way
      this.ended = reason;
      for (const wanted of this.canvases.values()) for (const one of Object.values(wanted)) one.refuse(reason);
      return;
    }
    this.timer = setTimeout(() => this.open(), this.wait);
    this.wait = Math.min(LATE, 2 * this.wait);
  }

  /** At once what would be tried a little later: the network is back, or somebody looks at the page again. */
  hurry() {
    if (this.socket || this.ended !== null) return;
    clearTimeout(this.timer);
    this.wait = SOON;
    this.open();
  }

  receive({ meta, ...arrays }) {
    if (meta.type === "welcome") {
      this.ready = true;
      this.wait = SOON;
      for (const wanted of this.canvases.values()) for (const one of Object.values(wanted)) this.say(one);
      for (const message of this.commands.splice(0)) this.send(message);
      return;
    }
    const wanted = this.canvases.get(meta.canvas);
    if (!wanted) return;  // it has gone meanwhile
    ({ answer: () => this.answered(wanted, meta, arrays), refused: () => this.refused(wanted, meta),
       news: () => this.heard(wanted.watch, meta, arrays), status: () => this.heard(wanted.status, meta, arrays) })[meta.type]();
  }

  answered(wanted, meta, arrays) {
    const asked = wanted.ask;
    if (asked?.message.id !== meta.id) return;  // a newer one was asked
    if (!meta.more) delete wanted.ask;
    asked.take(meta, arrays);
  }

  refused(wanted, { id, sentence }) {
    if (id === wanted.ask?.message.id) {
      const { refuse } = wanted.ask;
      delete wanted.ask;
      refuse(sentence);
    } else if (id === null || id > (wanted.ask?.message.id ?? 0)) wanted.watch?.refuse(sentence);
  }

  /** Takes news, and asks for more only once it was drawn: a slow or hidden tab is never more than one message behind. */
  heard(wanted, meta, arrays) {
    if (!wanted || meta.job !== wanted.message.job) return;  // of a training that is not watched any more
    if (meta.type === "news") Object.assign(wanted.message, { have: meta.have, need: [] });
    wanted.take(meta, arrays);
    requestAnimationFrame(() => this.send({ type: "ack", canvas: meta.canvas }));
  }
}

/** The tab's wire, made by the first canvas that needs it; another visitor in the same tab, after a reload of the server, has
 *  another one.
 * @param {{ wire: string, ticket: string }} of what the page hands to its canvases
 * @returns {Wire} */
export function wireOf({ wire, ticket }) {
  const tab = /** @type {any} */ (window), address = `${location.origin.replace(/^http/, "ws")}${wire}`;
  if (tab.genlabWire?.ticket === ticket) return tab.genlabWire;
  tab.genlabWire?.close();
  const made = (tab.genlabWire = new Wire(address, ticket));
  addEventListener("online", () => made.hurry());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) made.hurry(); });
  return made;
}
