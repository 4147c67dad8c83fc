// A drawing that a model completes: the board, the twelve completions, and what the model thinks of what is drawn.
import { Brush } from "../../browser/brush.js";
import { component } from "../../browser/component.js";
import { Controls } from "../../browser/controls.js";
import { decimal, surface } from "../../browser/screen.js";
import { counted } from "../player/words.js";
import { effective, genealogy } from "./genealogy.js";

const PAPER = [255, 255, 255], TINT = [255, 241, 222], HOLE = [226, 229, 233];  // known, written by the model, not yet
const minus = (text) => text.replace("-", "−");
const counting = (n, one, many) => `${n} ${n === 1 ? one : many}`;
const FEW = 4;  // beginnings that too much hangs on
const EXAMPLE_HIDES = "lower";  // what is unknown of an example that is loaded

class Completed extends Brush {
  /** @type {number | null} */
  version = null;
  /** @type {Controls | null} */
  controls = null;
  /** The completion that is watched; those that particles gave are counted after the ordinary ones.
   * @type {number | null} */
  chosen = null;
  /** @type {Record<string, any>} */
  arrays = {};
  /** The completions so far, with ink and known pixels of the drawing that they complete.
   * @type {any} */
  made = null;
  /** The same of particles, where they are asked for.
   * @type {any} */
  heard = null;
  /** The score so far.
   * @type {any} */
  score = null;
  /** What a model of any order expects of each pixel, and how unsure it is.
   * @type {any} */
  thought = null;
  sheet = document.createElement("canvas");

  // ---------------------------------------------------------------- data

  receive({ meta, ...arrays }) {
    const { board } = this, before = this.meta, other = before?.size !== meta.size || before?.levels !== meta.levels;
    Object.assign(this, { meta, arrays });
    this.connect(meta);
    board.levels = meta.levels;
    if (!before) {
      const brought = counted(this.link("watched"), 2 * meta.question.n);
      this.chosen = brought ? brought - 1 : meta.chosen;
      if (brought) this.send.state("chosen", this.chosen);
      this.controls = new Controls(this, meta.controls, () => this.pose());
    }
    if (meta.version !== this.version) {
      this.version = meta.version;
      if (before?.size !== meta.size) this.width = Math.max(1, (2.5 * meta.size) / 28);
      board.load(meta.size, arrays.ink.data, arrays.known.data);
    }
    if (other) Object.assign(this, { made: null, heard: null, score: null, thought: null });
    this.dress();
    if (other) this.examples();
    if (meta.any_order) {
      this.find(".legend.entropy").title = "entropy of each pixel given all known ones, wherever they lie; the orange grey on the drawing is the expected value";
      this.find(".legend.surprise").title = "minus log₂ of the probability of each known pixel, given those before it in a random order, and not those of its own pass";
    }
    this.draw();
    this.root.classList.add("ready");
    this.address();
    this.pose();
  }

  /** Asks for completions of the drawing as it is set, and how likely the drawing is. */
  pose() {
    const { board, meta: { source, question } } = this, drawing = board.text(), { ink, known } = board.given(), first = !this.asked.size;
    this.think();
    const { how, ...values } = this.controls.values, settings = { ...question, drawing, ...values }, identity = JSON.stringify([source, settings]);
    const anew = this.ask({ source, ...settings }, (said, arrays) => {
      this.made = { ...said, arrays, ink, known, label: settings.label, identity };
      this.results();
    });
    if (anew && !first) this.chosen = null;
    if (how === "particles" && board.ahead) {
      this.ask({ source, ...settings, name: "particles" }, (said, arrays) => {
        this.heard = { ...said, arrays, ink, known };
        this.results();
        this.scores();
      }, " particles");
    } else {
      this.forget(`${this.name} particles`);
      this.heard = null;
      if (this.chosen >= question.n) this.chosen = null;
    }
    this.results();
    this.ask({ name: "score", source, drawing }, (said, arrays) => {
      this.score = { ...said, ...arrays, of: `${source} ${drawing}` };
      this.scores();
    }, " score");
    this.fade();
  }

  /** Asks a model of any order what it expects now: while the brush moves, too. */
  think() {
    const { board, meta, controls } = this, drawing = board.text(), temperature = controls?.values.temperature;
    if (!meta.any_order || !controls) return;
    this.follow({ name: "expected", source: meta.source, drawing, temperature }, (said, arrays) => {
      this.thought = { ...said, ...arrays };
      this.paper();
      this.results();
    }, " expected");
  }

  /** What was said of another drawing, or by another model, is faint until the answer is here. */
  fade() { this.root.classList.toggle("old", this.scoring || this.score?.of !== `${this.meta.source} ${this.board.text()}`); }

  /** Examples are scored still, on the very pixels that are known: a model of any order does so anew for each drawing. */
  get scoring() { return this.meta.any_order && this.score && Object.keys(this.score.others).length < this.meta.names.length; }

  /** The completion that is watched, counted from 1; the drawing is in the address already. */
  get carried() { return { watched: this.chosen === null ? null : this.chosen + 1 }; }

  /** The drawing goes into the address without an entry in the history: a stroke is no page to go back to. */
  address() {
    const url = new URL(window.location.href), { link } = this.meta;
    if (!link || url.searchParams.get("drawing") === link) return;
    url.searchParams.set("drawing", link);
    window.history.replaceState(window.history.state, "", url);
  }

  /** Brings the player of the chosen completion into view, once it is there. */
  reveal(tries = 200) {
    const player = document.querySelector('[class*="draw-watched"]');
    if (player) player.scrollIntoView({ behavior: this.calm.matches ? "auto" : "smooth", block: "nearest" });
    else if (tries) setTimeout(() => this.reveal(tries - 1), 50);
  }

  /** The drawing as it is now is completed, and Python is told of it. */
  hand() {
    this.paper();
    this.pose();
    this.send.state("drawing", this.board.text());
  }

  // ---------------------------------------------------------------- pictures

  /** Another theme, or another size. */
  draw() {
    this.results();
    this.scores();
    this.paper();
  }

  /** Paints a canvas of size × size cells; `colour(t)` gives [r, g, b], or null for nothing. */
  cells(canvas, colour) {
    const { size } = this.meta, data = new ImageData(size, size);
    if (canvas.width !== size) Object.assign(canvas, { width: size, height: size });
    for (let t = 0; t < size * size; t++) {
      const rgb = colour(t);
      if (rgb) data.data.set([...rgb, 255], 4 * t);
    }
    canvas.getContext("2d").putImageData(data, 0, 0);
    canvas.style.imageRendering = "pixelated";
  }

  /** Which step wrote each pixel, -1 where none has.
   * @returns {Int32Array} */
  steps(arrays) {
    const at = new Int32Array(this.meta.size ** 2).fill(-1), places = arrays?.positions?.data;
    for (let s = 0; s < (arrays?.mean.data.length ?? 0); s++) at[places ? places[s] : s] = s;
    return at;
  }

  /** Ink of a grey level on paper of a colour. */
  grey(level, paper = PAPER) { return paper.map((c) => Math.round(c * (1 - level / (this.meta.levels - 1)))); }

  paper() {
    const { board, meta } = this, { size } = meta, { context, width } = surface(this.canvas.paper), cell = width / size;
    const { sheet } = this;
    const told = this.thought?.expected.data, guess = (t) => this.grey((told[t] / 255) * (meta.levels - 1), TINT);
    this.cells(sheet, (t) => (board.level(t) !== null ? this.grey(board.level(t)) : told ? guess(t) : HOLE));
    context.imageSmoothingEnabled = false;
    context.drawImage(sheet, 0, 0, width, width);
    context.strokeStyle = "#9aa3ac";  // hatched: unknown is told by more than its shade
    context.lineWidth = 1;
    context.beginPath();
    for (let t = 0; t < size * size; t++) {
      if (board.known[t]) continue;
      const x = (t % size) * cell, y = Math.floor(t / size) * cell;
      context.moveTo(x + 0.3 * cell, y + 0.7 * cell);
      context.lineTo(x + 0.7 * cell, y + 0.3 * cell);
    }
    context.stroke();
    const at = this.hover ?? this.cursor;
    if (at) {
      context.lineWidth = 1.5;
      context.strokeStyle = this.tool === "ink" ? "#000" : this.style.now;
      context.beginPath();
      context.arc(at[0] * cell, at[1] * cell, Math.max((this.width / 2) * cell, 3), 0, 7);
      context.stroke();
    }
    this.press("tool-choice", (tool) => tool === this.tool);
    const unknown = board.known.filter((k) => !k).length;
    this.find('[data-do="undo"]').disabled = !board.history.length;
    this.find('[data-do="size"]').value = this.width;
    this.tell({ unknown, ink: board.ink.reduce((sum, v, t) => sum + (board.known[t] ? v : 0), 0) });
    this.say({ whose: meta.link || board.history.length ? "your drawing" : "an example: draw on it" });
    this.say({ cell: unknown ? `${size * size - unknown} pixels known, ${unknown} not` : `all ${size * size} pixels known` });
  }

  examples() {
    const { meta, arrays, board } = this, total = meta.size ** 2;
    this.find(".examples").replaceChildren(...meta.names.map((name, k) => {
      const button = document.createElement("button"), canvas = document.createElement("canvas");
      const ink = arrays.examples.data.slice(k * total, (k + 1) * total);
      Object.assign(button, { title: `${name}, its lower half unknown`, ariaLabel: `example: ${name}` });
      this.cells(canvas, (t) => this.grey(Math.floor((ink[t] * meta.levels) / 256)));
      button.append(canvas);
      button.onclick = () => {
        board.load(meta.size, ink, board.known);
        board.hide(EXAMPLE_HIDES);
        board.history.pop();  // one step back, not two
        this.hand();
      };
      return button;
    }));
  }

  /** Particles are at work: there is something ahead that they hear. */
  get particular() { return this.controls?.values.how === "particles" && this.board.ahead > 0; }

  results() {
    const { meta, heard } = this, total = meta.size ** 2, how = this.controls?.values.how, { particular } = this;
    const { begin = 0, ignored = 0, log_prob = null, label = null, identity = "", arrays = null } = this.made ?? {};
    const made = arrays ? arrays.mean.data.length : 0, whole = begin === total, done = made === total, n = meta.question.n;
    this.root.classList.toggle("particular", particular);
    this.root.classList.toggle("plain", !meta.conditional);
    this.root.classList.toggle("whole", whole);
    this.root.classList.toggle("deaf", ignored > 0 && !particular);
    this.tiles(this.find(".grid"), this.made, "completion", 0);
    this.tell({ made, identity });
    const rest = meta.any_order ? "rest | known" : `x${label === null ? "" : ` | class ${label}`}`, nats = `log p(${rest}) in nats`, title = particular ? `raster order: ${n}` : `${n} completions`;
    this.say({
      title: whole ? "nothing is unknown: the drawing is complete" : `${title}${log_prob ? ", likeliest first" : ""}`,
      state: whole ? "" : log_prob ? `${nats}; click one to watch it`
        : done ? "how likely is each?" : `being written: ${Math.floor((100 * made) / total)} %`,
      raster: particular ? this.verdict(heard) : ignored ? `${counting(ignored, "known pixel lies", "known pixels lie")} after the first unknown one and `
        + `${ignored === 1 ? "is" : "are"} not heard: this model writes row by row, so the seam may not fit. Particles can hear ${ignored === 1 ? "it" : "them"}.`
        : whole ? "" : meta.any_order ? "Orange paper is the model's. Every known pixel is heard, wherever it lies; pixels of one pass do not hear each other."
        : !begin ? "" : `Orange paper is the model's. Every known pixel comes before it in the order of writing, and is heard${how === "particles" ? ": particles would change nothing" : ""}.`,
      mean: meta.any_order ? "expected" : particular ? "the particles' mean" : "their mean",
      differ: meta.any_order ? "how unsure" : "where they differ",
    });
    if (particular) this.particles(total);
    const seen = particular && heard ? heard.arrays : arrays, at = this.steps(seen), { thought } = this, bits = Math.log2(meta.levels);
    this.cells(this.canvas.mean, (t) => (thought ? this.grey((thought.expected.data[t] / 255) * (meta.levels - 1))
      : at[t] >= 0 ? this.grey(seen.mean.data[at[t]]) : HOLE));
    this.heat("entropy", (t) => (thought ? (thought.entropy.data[t] / 255) * bits : at[t] >= 0 ? seen.entropy.data[at[t]] : null), bits / 2, total);
    this.say({ "mean-max": `${meta.levels - 1}` });
  }

  /** What particles have made of the drawing, beside the ordinary completions. */
  particles(total) {
    const { heard, style } = this, { log_prob = null, n = 64, different = 0, lost = null, arrays = null } = heard ?? {};
    const made = arrays ? arrays.mean.data.length : 0, shown = this.meta.question.n, known = (heard ?? this.board).known;
    this.tiles(this.find(".heard"), heard, "particle", shown);
    const ess = arrays?.ess.data ?? [], resampled = arrays ? arrays.times.data.length : 0;
    effective(this.canvas.ess, { ess, known, n, total, style });
    genealogy(this.canvas.genealogy, { ancestors: arrays?.ancestors.data ?? new Uint8Array(0), times: arrays?.times.data ?? [],
      shown: arrays?.shown.data ?? [], made, n, total, style });
    this.tell({ particles: made });
    this.say({
      heard: `particles (SMC): ${shown} of ${n}${log_prob ? ", likeliest first" : ""}`,
      "heard-state": lost !== null ? "" : log_prob ? `all known pixels are heard; ${counting(different, "image", "different images")}`
        : made < total ? `being written: ${Math.floor((100 * made) / total)} %` : "how likely is each?",
      ess: ess.length ? `${ess[ess.length - 1].toFixed(ess[ess.length - 1] < 10 ? 1 : 0)} of ${n} at the last pixel` : "",
      roots: made ? `resampled ${resampled === 1 ? "once" : `${resampled} times`}` : "",
    });
  }

  /** What became of particles, in a sentence. */
  verdict(heard) {
    if (!heard) return "";
    const { size } = this.meta, { lost, roots, n, begin, log_evidence } = heard;
    if (lost !== null) return `No particle survives: after none of the ${n} beginnings can the known pixel in row ${Math.floor(lost / size)}, column ${lost % size} be what it is.`;
    if (heard.arrays.mean.data.length < size ** 2) return `Each known pixel weights the ${n} particles by how likely they hold it to be.`;
    const evidence = `All known pixels are heard: log p(known) ≈ ${minus(log_evidence.toFixed(1))} nats.`;
    const few = roots === 1 ? `All particles descend from one of ${n} beginnings` : `Only ${roots} of ${n} beginnings are left`;
    return roots <= FEW && begin < size ** 2 ? `${evidence} ${few}, chosen before much was heard: what all have in common may be chance. Try more seeds.`
      : `${evidence} ${counting(roots, "beginning", "beginnings")} of ${n} explained them well enough to go on.`;
  }

  /** Fills a grid with completions, as far as they are written; they are chosen by their number, the first one's being `first`. */
  tiles(grid, told, kind, first) {
    const { meta, chosen } = this, total = meta.size ** 2, { ink, known } = told ?? this.board.given();
    const { begin = 0, labels = null, log_prob = null, arrays = null } = told ?? {};
    const order = [...(arrays?.order.data ?? Array(meta.question.n).keys())], made = arrays ? arrays.mean.data.length : 0, at = this.steps(arrays);
    while (grid.children.length < order.length) grid.append(this.tile(kind, grid.children.length, first));
    const tiles = [...grid.children].sort((a, b) => a.dataset[kind] - b.dataset[kind]);
    const places = tiles.map((b) => b.getBoundingClientRect()), focus = this.root.getRootNode().activeElement;
    order.forEach((i) => {
      const tile = tiles[i], [canvas, caption] = tile.children, paper = (t) => (known[t] ? PAPER : TINT);
      const drawn = (t) => (known[t] ? this.grey(Math.floor((ink[t] * meta.levels) / 256)) : HOLE);
      this.cells(canvas, (t) => (at[t] >= 0 ? this.grey(arrays.images.data[i * made + at[t]], paper(t)) : drawn(t)));
      grid.append(tile);
      const role = labels && begin < total ? `as\u00a0${labels[i]}` : "", log = log_prob && !(meta.any_order && begin === total) && minus(log_prob[i].toFixed(1));
      caption.textContent = [log, role].filter(Boolean).join(" ");
      tile.setAttribute("aria-pressed", String(chosen === first + i));
      tile.title = `${log ? `log p = ${log} nats. ` : ""}Click to watch it being written.`;
    });
    if (tiles.includes(focus)) focus.focus({ preventScroll: true });  // moving it took the focus away
    if (log_prob && !this.calm.matches) tiles.forEach((tile, i) => this.glide(tile, places[i]));
  }

  /** A heat map in bits, from 0 to its largest value, but never below `least`, which would magnify nothing. */
  heat(name, value, least, total) {
    let top = Math.min(1, least);
    for (let t = 0; t < total; t++) top = Math.max(top, value(t) ?? 0);
    this.cells(this.canvas[name], (t) => (value(t) === null ? HOLE : this.sequential[Math.round((255 * value(t)) / top)]));
    this.say({ [`${name}-max`]: `${top.toFixed(1)} bits` });
  }

  tile(kind, i, first) {
    const button = document.createElement("button");
    button.append(document.createElement("canvas"), document.createElement("small"));
    button.dataset[kind] = i;
    button.onclick = () => this.choose(this.chosen === first + i ? null : first + i);
    return button;
  }

  /** Has Python show how a completion was written, or no more. */
  choose(completion) {
    this.chosen = completion;
    this.send.state("chosen", completion);
    this.results();
    if (completion !== null) this.reveal();
  }

  /** Lets a tile glide to its new place. */
  glide(tile, from) {
    const to = tile.getBoundingClientRect(), x = from.left - to.left, y = from.top - to.top;
    if (from.width && (Math.abs(x) > 2 || Math.abs(y) > 2)) {
      tile.animate([{ transform: `translate(${x}px, ${y}px)` }, { transform: "none" }], { duration: 350, easing: "ease" });
    }
  }

  scores() {
    const { meta } = this, { surprise, positions, posterior } = this.score ?? {}, scored = surprise !== undefined;
    const total = meta.size ** 2, t0 = scored ? surprise.data.length : 0, bits = new Map();
    for (let k = 0; k < t0; k++) bits.set(positions.data[k], surprise.data[k] / Math.LN2);
    this.heat("surprise", (t) => bits.get(t) ?? null, 1, total);
    const bars = this.find(".bars"), told = this.particular && this.heard?.labels;
    const shares = !scored || !meta.conditional ? [] : told ? [...posterior.data].map((_, y) => told.filter((label) => label === y).length / told.length)
      : [...posterior.data];
    while (bars.children.length < shares.length) {
      const bar = document.createElement("span");
      bar.append(document.createElement("i"), bars.children.length);
      bars.append(bar);
    }
    shares.forEach((p, y) => {
      bars.children[y].firstChild.style.height = `calc(${p} * (100% - 1.5em))`;
      bars.children[y].title = `p(${y} | what is known) = ${decimal(p, 3)}`;
    });
    bars.setAttribute("aria-label", shares.map((p, y) => `${y}: ${(100 * p).toFixed(0)} %`).join(", "));
    const best = shares.indexOf(Math.max(...shares));
    const right = meta.accuracy ? ` (right on ${(100 * meta.accuracy).toFixed(1)} % of test images)` : "";
    this.say({ classes: !shares.length ? "" : shares[best] > 0.15 ? `${best}: ${(100 * shares[best]).toFixed(0)} %${t0 === total ? right : told ? " of the particles" : ""}`
      : "all alike so far" });
    this.axis(t0, total);
    this.fade();
  }

  /** Where the drawing stands among the examples: nats of the same pixels of each. */
  axis(t0, total) {
    const { meta } = this, { nats, others: rest = {} } = this.score ?? {}, svg = this.find(".scale svg"), width = svg.clientWidth || 600, scale = Math.max(1, this.rem / 16);
    const make = (name, attributes, text = "") => {
      const node = document.createElementNS("http://www.w3.org/2000/svg", name);
      for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
      node.textContent = text;
      return node;
    };
    const evidence = this.particular ? this.heard?.log_evidence ?? null : null;
    if (evidence !== null) {
      svg.replaceChildren();
      this.say({ score: `−log p(known) ≈ ${(-evidence).toFixed(1)} nats`, "score-note": "of all known pixels, estimated by the particles" });
      return;
    }
    const others = Object.entries(rest);
    if (!t0 || nats === undefined) {
      svg.replaceChildren();
      this.say({ score: "score", "score-note": nats === undefined ? "" : meta.any_order ? "nothing is known: there is nothing to score yet" : "the first pixel is unknown: there is nothing to score yet" });
      return;
    }
    const what = t0 === total ? "the whole image" : meta.any_order ? `the ${t0} known ones, in a random order` : `the first ${t0} pixels`;
    const note = meta.conditional ? `${what}, averaged over the classes` : what;
    this.say({ score: `−log p = ${nats.toFixed(1)} nats in all`, "score-note": `${(nats / t0 / Math.LN2).toFixed(3)} bits/dim, a pixel: ${note}` });
    if (this.scoring) return;
    const all = [...others.map(([, other]) => other), nats], low = Math.min(...all), high = Math.max(...all, low + 1);
    if (high - low < 2) {  // a few rows of paper: every drawing is as likely
      svg.replaceChildren();
      return;
    }
    const x = (value) => 12 + ((value - low) / (high - low)) * (width - 60 * scale), colour = getComputedStyle(this.root).color;
    const line = make("line", { x1: 0, x2: width, y1: 30 * scale, y2: 30 * scale, stroke: "var(--line)" });
    const marks = others.sort((a, b) => a[1] - b[1]).flatMap(([name, other], k) => [
      make("circle", { cx: x(other), cy: 30 * scale, r: 3 * scale, fill: "var(--quiet)" }),
      make("text", { x: x(other), y: (k % 2 ? 56 : 45) * scale, "text-anchor": "middle", fill: colour }, name)]);
    const mine = [make("circle", { cx: x(nats), cy: 30 * scale, r: 6 * scale, fill: "var(--now)" }),
      make("text", { x: x(nats), y: 16 * scale, "text-anchor": x(nats) < 60 ? "start" : "middle", fill: "var(--now)", "font-weight": 600 }, "your drawing")];
    svg.replaceChildren(line, ...marks, ...mine,
      make("text", { x: width, y: 16 * scale, "text-anchor": "end", fill: "var(--quiet)" }, x(nats) > width - 160 * scale ? "" : "less likely →"));
  }

  // ---------------------------------------------------------------- hands

  get does() { return { ...super.does, anew: () => this.controls.renew(), hear: () => this.controls.set("how", "particles") }; }

  listen() {
    super.listen();
    for (const button of this.all("[data-hide]")) this.on(button, "click", () => { this.board.hide(button.dataset.hide); this.hand(); });
  }

  stroked() {
    this.fade();
    this.paper();
    this.think();
  }
}

export default component(".draw", (host) => new Completed(host));
