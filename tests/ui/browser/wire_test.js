// The wire's client with a socket and a clock of our own.
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
  const table = {}, parts = [];
  let offset = 0;
  for (const [name, values] of Object.entries(arrays)) {
    table[name] = { dtype: "float32", shape: [values.length], offset };
    parts.push(...new Uint8Array(Float32Array.from(values).buffer));
    offset += 4 * values.length;
  }
  let header = JSON.stringify({ meta, arrays: table });
  while ((4 + Buffer.byteLength(header)) % 8) header += " ";
  const bytes = new Uint8Array(4 + header.length + parts.length);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(Buffer.from(header), 4);
  bytes.set(parts, 4 + header.length);
  return bytes.buffer;
}

Object.assign(globalThis, { WebSocket: FakeSocket, location: { origin: "https://lab.example" }, addEventListener() {},
  document: { addEventListener() {} } });
const { Wire, wire: shared } = await import("../../../genlab/ui/browser/wire.js");

const DOOR = { wire: "/lab/wire", ticket: "secret" };
let now = 0, wire, socket;
const pass = (ms) => { now += ms; mock.timers.tick(ms); };
const newest = () => sockets.at(-1);
const pieces = () => { const heard = []; return Object.assign(heard, { hear: (piece, more) => heard.push([piece.meta, more]) }); };
const answer = (canvas, id, meta, more = false) => newest().say({ type: "answer", canvas, id, more, meta });

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  mock.method(performance, "now", () => now);
  sockets.length = 0;
  now += 1000;
  wire = new Wire();
  wire.open(DOOR);
  socket = newest();
});

test("one wire a tab, at the address of the page, greeted before anything is asked", () => {
  assert.equal(globalThis.genlab.wire, shared);
  assert.equal(socket.url, "wss://lab.example/lab/wire");
  wire.open(DOOR);
  assert.equal(sockets.length, 1);
  wire.ask("c1", { name: "trace" }, () => {});
  assert.deepEqual(socket.take(), []);
  assert.deepEqual(socket.welcome(), [{ type: "hello", ticket: "secret" }, { type: "ask", id: 1, canvas: "c1", question: { name: "trace" } }]);
  assert.notEqual(wire.name(), wire.name());
});

test("an answer arrives piece by piece, with its arrays", () => {
  socket.welcome();
  const heard = [];
  wire.ask("c1", { name: "warp" }, (piece, more) => heard.push([piece.meta.start, [...piece.points.data], more]));
  socket.say({ type: "answer", canvas: "c1", id: 1, more: true, meta: { start: 0 } }, { points: [1, 2] });
  socket.say({ type: "answer", canvas: "c1", id: 1, more: false, meta: { start: 2 } }, { points: [3] });
  assert.deepEqual(heard, [[0, [1, 2], true], [2, [3], false]]);
});

test("the newest question wins: late answers to older ones are not heard, other canvases do not mind", () => {
  socket.welcome();
  const first = pieces(), second = pieces(), other = pieces();
  wire.ask("c1", { seed: 1 }, first.hear);
  wire.ask("c2", { seed: 9 }, other.hear);
  pass(100);
  wire.ask("c1", { seed: 2 }, second.hear);
  answer("c1", 1, "old");
  answer("c1", 3, "new");
  answer("c2", 2, "other");
  assert.deepEqual([[...first], [...second], [...other]], [[], [["new", false]], [["other", false]]]);
});

test("a drag asks once a frame, and its last place in any case", () => {
  socket.welcome();
  const heard = pieces();
  for (let seed = 0; seed < 10; seed++) { wire.ask("c1", { seed }, heard.hear); pass(4); }
  pass(16);
  const asked = socket.take().map(({ question }) => question.seed);
  assert.deepEqual([asked[0], asked.at(-1)], [0, 9]);
  assert.ok(asked.length <= 4, `${asked}`);
  answer("c1", 10, "last");
  assert.deepEqual([...heard], [["last", false]]);
});

test("a lost connection is tried again, later and later, and what is unanswered is asked again", () => {
  socket.welcome();
  const done = pieces(), open = pieces();
  wire.ask("c1", { seed: 1 }, done.hear);
  wire.ask("c2", { seed: 2 }, open.hear);
  answer("c1", 1, "all");
  answer("c2", 2, "a part", true);
  socket.lose();
  for (const wait of [200, 400, 800, 1600, 3200, 5000, 5000]) {
    const before = sockets.length;
    pass(wait - 1);
    assert.equal(sockets.length, before, `not before ${wait}`);
    pass(1);
    assert.equal(sockets.length, before + 1, `after ${wait}`);
    newest().lose();
  }
  pass(5000);
  assert.deepEqual(newest().welcome().slice(1), [{ type: "ask", id: 2, canvas: "c2", question: { seed: 2 } }]);
  answer("c2", 2, "whole");
  assert.deepEqual([...open], [["a part", true], ["whole", false]]);
  newest().lose();
  const count = sockets.length;
  pass(200);
  assert.equal(sockets.length, count + 1, "a greeting makes it quick again");
});

test("a network that is back is used at once, and a lost socket is not heard", () => {
  socket.welcome();
  const heard = pieces();
  wire.ask("c1", {}, heard.hear);
  socket.lose();
  wire.hurry();
  assert.equal(sockets.length, 2);
  wire.hurry();
  assert.equal(sockets.length, 2);
  newest().welcome();
  socket.say({ type: "answer", canvas: "c1", id: 1, more: false, meta: "late" });
  assert.deepEqual([...heard], []);
});

test("a question is refused in one sentence, and not asked again", () => {
  socket.welcome();
  const said = [];
  wire.ask("c1", {}, assert.fail, (sentence) => said.push(sentence));
  socket.say({ type: "refused", id: 1, canvas: "c1", sentence: "There is no such model." });
  assert.deepEqual(said, ["There is no such model."]);
  socket.lose();
  pass(200);
  assert.deepEqual(newest().welcome().slice(1), []);
});

test("a training is watched from where it was drawn, each news is acknowledged once drawn", () => {
  socket.welcome();
  const order = [], send = socket.send.bind(socket);
  socket.send = (text) => { order.push(JSON.parse(text).type); send(text); };
  wire.watch("c1", "token", ({ have, curve }) => order.push(`drawn ${have} ${[...curve.data]}`), () => {}, { changed: ["seed"] });
  assert.deepEqual(socket.take(), [{ type: "watch", canvas: "c1", job: "token", have: null, need: [], changed: ["seed"] }]);
  socket.say({ type: "news", canvas: "c1", have: "h1", whole: true, film: [], meta: {} }, { curve: [1, 2, 3] });
  assert.deepEqual(order, ["watch", "drawn h1 1,2,3", "ack"]);
  socket.take();
  wire.watch("c1", "token", () => {}, () => {}, { need: [7] });
  assert.deepEqual(socket.take()[0].need, [7]);
  socket.lose();
  pass(200);
  assert.deepEqual(newest().welcome().slice(1), [{ type: "watch", canvas: "c1", job: "token", have: "h1", need: [7], changed: [] }]);
  wire.watch("c1", "another", () => {});
  assert.equal(newest().take()[0].have, null);
  const said = [];
  wire.watch("c1", "another", assert.fail, (sentence) => said.push(sentence));
  newest().say({ type: "refused", id: null, canvas: "c1", sentence: "This training is over." });
  newest().say({ type: "news", canvas: "c1", have: "h9", whole: true, film: [], meta: {} });
  assert.deepEqual(said, ["This training is over."]);
});

test("a status is acknowledged, and wanted again on another socket", () => {
  socket.welcome();
  const heard = [];
  wire.status("c1", (status) => heard.push(status));
  socket.say({ type: "status", canvas: "c1", meta: { devices: [] } });
  assert.deepEqual(socket.take(), [{ type: "status", canvas: "c1" }, { type: "ack", canvas: "c1" }]);
  assert.deepEqual(heard, [{ devices: [] }]);
  socket.lose();
  pass(200);
  assert.deepEqual(newest().welcome().slice(1), [{ type: "status", canvas: "c1" }]);
});

test("a command is sent once, as soon as there is a connection, and may be refused", () => {
  const said = [];
  wire.command("c1", "token", "pause");
  wire.command("c1", "token", "rate", 0.1, (sentence) => said.push(sentence));
  const [, pause, rate] = socket.welcome();
  assert.deepEqual(pause, { type: "command", id: 1, canvas: "c1", job: "token", command: "pause", value: null });
  socket.say({ type: "refused", id: rate.id, canvas: "c1", sentence: "Too high." });
  assert.deepEqual(said, ["Too high."]);
  socket.lose();
  pass(200);
  assert.deepEqual(newest().welcome().slice(1), []);
});

test("a canvas that is gone asks, watches and hears nothing more", () => {
  socket.welcome();
  wire.ask("c1", { seed: 1 }, assert.fail, assert.fail);
  wire.ask("c1", { seed: 2 }, assert.fail, assert.fail);  // waits for the next frame
  wire.watch("c1", "token", assert.fail, assert.fail);
  wire.status("c1", assert.fail);
  socket.take();
  wire.drop("c1");
  pass(100);
  assert.deepEqual(socket.take(), [{ type: "drop", canvas: "c1" }]);
  answer("c1", 2, "late");
  socket.say({ type: "news", canvas: "c1", have: "h", whole: true, film: [], meta: {} });
  socket.lose();
  pass(200);
  assert.deepEqual(newest().welcome().slice(1), []);
});

test("what the server ends for good is said, and not tried again before there is another ticket", () => {
  socket.welcome();
  const said = [], hear = (sentence) => said.push(sentence);
  wire.ask("c1", {}, assert.fail, hear);
  wire.watch("c2", "token", assert.fail, hear);
  socket.lose(1008, "This page is not known here: reload it.");
  wire.ask("c3", {}, assert.fail, hear);
  wire.command("c3", "token", "train", null, hear);
  assert.deepEqual(said, Array(4).fill("This page is not known here: reload it."));
  pass(60_000);
  wire.hurry();
  assert.equal(sockets.length, 1);
  wire.open({ ...DOOR, ticket: "another" });
  assert.deepEqual(newest().welcome()[0], { type: "hello", ticket: "another" });
  assert.deepEqual(wire.ended, null);
});
