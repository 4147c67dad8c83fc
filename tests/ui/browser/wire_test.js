// The browser's end of the wire where hands are quick and connections bad, with a socket and a clock of our own.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

const sockets = [];
class FakeSocket {
  constructor(url) { Object.assign(this, { url: String(url), sent: [], closed: false }); sockets.push(this); }
  send(text) { assert.ok(!this.closed); this.sent.push(JSON.parse(text)); }
  close() { this.closed = true; }
  take() { return this.sent.splice(0); }
  say(meta, arrays = {}) { this.onmessage({ data: packed(meta, arrays) }); }
  welcome() { this.onopen(); this.say({ type: "welcome", canvas: null }); return this.take(); }
  lose(code = 1006, reason = "") { this.onclose({ code, reason }); }
}

/** What genlab/views/pack.py makes of words and float32 arrays. */
function packed(meta, arrays) {
  const header = { __metadata__: { meta: JSON.stringify(meta) } }, parts = [];
  for (const [name, values] of Object.entries(arrays)) {
    const from = parts.length;
    parts.push(...new Uint8Array(Float32Array.from(values).buffer));
    header[name] = { dtype: "F32", shape: [values.length], data_offsets: [from, parts.length] };
  }
  let text = JSON.stringify(header);
  while (Buffer.byteLength(text) % 8) text += " ";
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(Buffer.byteLength(text)));
  return new Uint8Array(Buffer.concat([length, Buffer.from(text), Uint8Array.from(parts)])).buffer;
}

const heard = {};
const listen = (name, act) => { heard[name] = act; };
Object.assign(globalThis, { WebSocket: FakeSocket, window: globalThis, location: { origin: "https://lab.example" }, addEventListener: listen,
  document: { hidden: false, addEventListener: listen }, requestAnimationFrame: (draw) => setTimeout(draw, 16) });
const { wireOf } = await import("../../../genlab/ui/browser/wire.js");

let wire, socket, visitors = 0;
const newest = () => sockets.at(-1);
const answer = (canvas, id, meta, more = false) => newest().say({ type: "answer", canvas, id, more, meta });
const never = () => assert.fail("nobody should hear this");
const pass = (ms) => mock.timers.tick(ms);
const found = () => newest().welcome().slice(1).map((message) => [message.type, message.canvas, message.question ?? message.command]);

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  sockets.length = 0;
  wire = wireOf({ wire: "/lab/wire", ticket: `visitor ${++visitors}` });
  socket = newest();
});

test("one wire a tab, at the address of the page; another visitor has another", () => {
  assert.equal(socket.url, "wss://lab.example/lab/wire");
  assert.equal(wireOf({ wire: "/lab/wire", ticket: `visitor ${visitors}` }), wire);
  assert.equal(sockets.length, 1);
  const other = wireOf({ wire: "/lab/wire", ticket: `visitor ${++visitors}` });
  assert.ok(socket.closed && other !== wire);
  assert.deepEqual(newest().welcome(), [{ type: "hello", ticket: `visitor ${visitors}` }]);
  wire.hurry();
  assert.equal(newest(), other.socket, "the first one is over");
});

test("an answer comes piece by piece, with its arrays", () => {
  socket.welcome();
  const got = [];
  wire.ask("c1", { name: "warp" }, ({ meta, more }, { points }) => got.push([meta.start, [...points.data], more]), never);
  socket.say({ type: "answer", canvas: "c1", id: 1, more: true, meta: { start: 0 } }, { points: [1, 2] });
  socket.say({ type: "answer", canvas: "c1", id: 1, more: false, meta: { start: 2 } }, { points: [3] });
  assert.deepEqual(got, [[0, [1, 2], true], [2, [3], false]]);
});

test("a drag asks once a frame, and its last place in any case", () => {
  socket.welcome();
  const got = [];
  for (let seed = 0; seed < 10; seed++) {
    wire.ask("c1", { seed }, ({ meta }) => got.push(meta), never);
    wire.ask("c2", { seed }, never, never);
    pass(4);
  }
  pass(16);
  const asked = socket.take(), seeds = asked.filter(({ canvas }) => canvas === "c1").map(({ question }) => question.seed);
  assert.deepEqual(seeds, [0, 3, 7, 9]);
  answer("c1", asked.find(({ question }) => question.seed === 7).id, "not the last");
  answer("c1", asked.findLast(({ canvas }) => canvas === "c1").id, "the last");
  assert.deepEqual(got, ["the last"]);
  pass(1000);
  assert.deepEqual(socket.take(), []);
});

test("a question that was answered within its frame is not asked again, nor one whose canvas has gone", () => {
  socket.welcome();
  wire.ask("c1", { seed: 1 }, () => {}, never);
  answer("c1", 1, "quick");
  wire.ask("c2", { seed: 2 }, never, never);
  wire.ask("c2", { seed: 3 }, never, never);  // waits for its frame
  wire.drop("c2");
  socket.take();
  pass(100);
  assert.deepEqual(socket.take(), []);
  answer("c2", 3, "late");
});

test("what is asked and commanded without a connection is said as soon as there is one, once", () => {
  wire.watch("c1", { job: "j" }, () => {}, never);
  wire.command("c1", "j", "pause");
  for (let seed = 0; seed < 3; seed++) wire.ask("c2", { seed }, never, never);
  assert.deepEqual(found(), [["watch", "c1", undefined], ["ask", "c2", { seed: 2 }], ["command", "c1", "pause"]]);
  socket.lose();
  pass(200);
  assert.deepEqual(found(), [["watch", "c1", undefined], ["ask", "c2", { seed: 2 }]]);
});

test("news of a training that is not watched any more are not taken for those of another", () => {
  socket.welcome();
  const got = [], news = (job, have) => socket.say({ type: "news", canvas: "c1", job, have, meta: {} });
  wire.watch("c1", { job: "one" }, ({ job }) => got.push(job), never);
  wire.watch("c1", { job: "other" }, ({ job }) => got.push(job), never);
  news("one", [0, 9, 9]);  // was on its way
  news("other", [1, 2, 3]);
  assert.deepEqual(got, ["other"]);
  socket.lose();
  pass(200);
  const [, again] = newest().welcome();
  assert.deepEqual([again.job, again.have], ["other", [1, 2, 3]]);
});

test("a network that is back, or a page that is looked at again, does not wait", () => {
  for (const name of ["online", "visibilitychange"]) {
    newest().welcome();
    newest().lose();
    const lost = sockets.length;
    heard[name]();
    assert.equal(sockets.length, lost + 1);
    heard[name]();
    pass(10_000);
    assert.equal(sockets.length, lost + 1, "one at a time");
  }
});

test("what the server ends for good is said to all who ask, and not tried again", () => {
  for (const code of [1008, 1009]) {
    wire = wireOf({ wire: "/lab/wire", ticket: `visitor ${++visitors}` });
    newest().welcome();
    const told = [], tell = (sentence) => told.push(sentence), count = sockets.length;
    wire.ask("c1", {}, never, tell);
    wire.watch("c2", { job: "j" }, never, tell);
    newest().lose(code, "Reload this page.");
    wire.ask("c3", {}, never, tell);
    wire.command("c2", "j", "train");
    assert.deepEqual(told, Array(4).fill("Reload this page."));
    pass(60_000);
    heard.online();
    assert.equal(sockets.length, count);
  }
});
