// How canvases speak with the computing: one socket a tab, which survives page changes; see genlab/runtime/wire.py.
import { unpack } from "./unpack.js";

const GAP = 16;  // ms between two questions of a canvas: what is dragged asks once a frame
const FIRST = 200, LONGEST = 5000;  // ms until a lost connection is tried again, at first and at most
const REFUSED = [1008, 1009];  // codes of a socket that is closed for good, with one sentence

/** @typedef {Record<string, any>} Words */
/** @typedef {(sentence: string) => void} Refused */
/** @typedef {{ id: number, question: Words, piece: (piece: Words, more: boolean) => void, refused: Refused, timer: any }} Question */
/** @typedef {{ job: string, have: any, need: number[], changed: string[], news: (news: Words) => void, refused: Refused }} Watched */

export class Wire {
  /** What is asked, by canvas, until it is answered to the end.
   * @type {Map<string, Question>} */
  questions = new Map();
  /** When a canvas asked last, in ms.
   * @type {Map<string, number>} */
  sentAt = new Map();
  /** @type {Map<string, Watched>} */
  watched = new Map();
  /** @type {Map<string, (status: Words) => void>} */
  statuses = new Map();
  /** Who hears that a command was refused, and the message until it is sent.
   * @type {Map<number, { canvas: string, message: Words | null, refused: Refused }>} */
  commands = new Map();
  /** @type {WebSocket | null} */
  socket = null;
  welcome = false;
  address = "";
  ticket = "";
  /** Why the server wants to hear no more.
   * @type {string | null} */
  ended = null;
  id = 0;
  canvases = 0;
  pause = FIRST;
  /** @type {any} */
  timer = null;

  /** Connects, at first and with another ticket; `address` is the path of the wire.
   * @param {{ wire: string, ticket: string }} place */
  open({ wire, ticket }) {
    if (wire === this.address && ticket === this.ticket) return;
    Object.assign(this, { address: wire, ticket, ended: null, pause: FIRST });
    this.connect();
  }

  /** A name for a canvas, which no other of this tab has. */
  name() { return `c${++this.canvases}`; }

  /** Asks in place of what the canvas asked before. `piece` gets each piece of the answer, `more` whether others follow; pieces
   *  begin anew where the connection was lost between them.
   * @param {string} canvas
   * @param {Words} question
   * @param {Question["piece"]} piece
   * @param {Refused} refused */
  ask(canvas, question, piece, refused = () => {}) {
    const wait = Math.max(0, (this.sentAt.get(canvas) ?? -Infinity) + GAP - performance.now());
    clearTimeout(this.questions.get(canvas)?.timer);
    const asked = { id: ++this.id, question, piece, refused, timer: null };
    this.questions.set(canvas, asked);
    if (this.ended !== null) refused(this.ended);
    else if (wait) asked.timer = setTimeout(() => this.put(canvas, asked), wait);
    else this.put(canvas, asked);
  }

  put(canvas, asked) {
    asked.timer = null;
    this.sentAt.set(canvas, performance.now());
    this.send({ type: "ask", id: asked.id, canvas, question: asked.question });
  }

  /** Watches a training: `news` gets what is new in it, one after the other. Said again of the same training it only says
   *  which frames of the film are wanted and which settings on the page differ from the training's.
   * @param {string} canvas
   * @param {string} job
   * @param {(news: Words) => void} news
   * @param {Refused} refused
   * @param {{ need?: number[], changed?: string[] }} more */
  watch(canvas, job, news, refused = () => {}, { need = [], changed = [] } = {}) {
    const last = this.watched.get(canvas), have = last?.job === job ? last.have : null;
    this.watched.set(canvas, { job, have, need, changed, news, refused });
    if (this.ended !== null) refused(this.ended);
    else this.look(canvas);
  }

  look(canvas) {
    const { job, have, need, changed } = this.watched.get(canvas);
    this.send({ type: "watch", canvas, job, have, need, changed });
  }

  /** Hears of devices and trainings whenever they change.
   * @param {string} canvas
   * @param {(status: Words) => void} hear */
  status(canvas, hear) {
    this.statuses.set(canvas, hear);
    this.send({ type: "status", canvas });
  }

  /** Steers a training; while there is no connection, as soon as there is one.
   * @param {string} canvas
   * @param {string} job
   * @param {string} command
   * @param {string | number | null} value
   * @param {Refused} refused */
  command(canvas, job, command, value = null, refused = () => {}) {
    const id = ++this.id, message = { type: "command", id, canvas, job, command, value };
    if (this.ended !== null) refused(this.ended);
    else this.commands.set(id, { canvas, message: this.send(message) ? null : message, refused });
  }

  /** The canvas is gone.
   * @param {string} canvas */
  drop(canvas) {
    clearTimeout(this.questions.get(canvas)?.timer);
    for (const known of [this.questions, this.sentAt, this.watched, this.statuses]) known.delete(canvas);
    for (const [id, command] of this.commands) if (command.canvas === canvas && !command.message) this.commands.delete(id);
    this.send({ type: "drop", canvas });
  }

  // ---------------------------------------------------------------- the socket

  /** @returns {boolean} whether it could be sent; questions and what is watched are said anew with the next welcome */
  send(message) {
    if (!this.welcome) return false;
    this.socket.send(JSON.stringify(message));
    return true;
  }

  connect() {
    clearTimeout(this.timer);
    this.close();
    const url = new URL(this.address, location.origin);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const socket = new WebSocket(url);
    socket.binaryType = "arraybuffer";
    // What comes late from a socket that was given up is nobody's.
    const own = (act) => (event) => { if (socket === this.socket) act(event); };
    socket.onopen = own(() => socket.send(JSON.stringify({ type: "hello", ticket: this.ticket })));
    socket.onmessage = own(({ data }) => this.hear(unpack(new Uint8Array(data))));
    socket.onclose = own(({ code, reason }) => this.lost(code, reason));
    this.socket = socket;
  }

  close() {
    const { socket } = this;
    this.socket = null;
    this.welcome = false;
    socket?.close();
  }

  lost(code, reason) {
    this.close();
    if (REFUSED.includes(code)) {
      this.ended = reason || "The server ended the connection: reload the page.";
      const all = [...this.questions.values(), ...this.watched.values(), ...this.commands.values()];
      this.commands.clear();
      for (const { refused } of all) refused(this.ended);
      return;
    }
    this.timer = setTimeout(() => this.connect(), this.pause);
    this.pause = Math.min(LONGEST, 2 * this.pause);
  }

  /** At once what would be tried a little later: the network is back, or somebody looks. */
  hurry() {
    if (this.socket || !this.address || this.ended !== null) return;
    this.pause = FIRST;
    this.connect();
  }

  greeted() {
    this.welcome = true;
    this.pause = FIRST;
    for (const [canvas, asked] of this.questions) if (!asked.timer) this.put(canvas, asked);
    for (const canvas of this.watched.keys()) this.look(canvas);
    for (const canvas of this.statuses.keys()) this.send({ type: "status", canvas });
    for (const waiting of this.commands.values()) if (waiting.message && this.send(waiting.message)) waiting.message = null;
  }

  hear({ meta, ...arrays }) {
    const { type, canvas, id } = meta;
    if (type === "welcome") this.greeted();
    else if (type === "answer") this.answered(meta, arrays);
    else if (type === "refused") this.turnedDown(canvas, id, meta.sentence);
    else if (type === "news" && this.watched.has(canvas)) {
      const watched = this.watched.get(canvas);
      watched.have = meta.have;
      watched.need = [];
      watched.news({ ...arrays, ...meta });
      this.send({ type: "ack", canvas });
    } else if (type === "status" && this.statuses.has(canvas)) {
      this.statuses.get(canvas)(meta.meta);
      this.send({ type: "ack", canvas });
    }
  }

  answered({ canvas, id, more, meta }, arrays) {
    const asked = this.questions.get(canvas);
    if (asked?.id !== id) return;  // of a question that has been asked anew since
    if (!more) this.questions.delete(canvas);
    asked.piece({ meta, ...arrays }, more);
  }

  turnedDown(canvas, id, sentence) {
    const asked = this.questions.get(canvas), command = this.commands.get(id), watched = this.watched.get(canvas);
    if (id === null && watched) {
      this.watched.delete(canvas);
      watched.refused(sentence);
    } else if (command) {
      this.commands.delete(id);
      command.refused(sentence);
    } else if (asked?.id === id) {
      this.questions.delete(canvas);
      asked.refused(sentence);
    }
  }
}

/** @type {any} */
const shared = (/** @type {any} */ (globalThis).genlab ??= {});
// Another version of this module, after the server was started anew, has another class: its socket goes.
if (shared.wire?.constructor !== Wire) {
  shared.wire?.close();
  shared.wire = new Wire();
  addEventListener("online", () => shared.wire.hurry());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) shared.wire.hurry(); });
}

/** The wire of this tab.
 * @type {Wire} */
export const wire = shared.wire;
