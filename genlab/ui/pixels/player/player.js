const LOOKAHEAD = 4;  // seconds of playing that should be loaded before more is asked for
const PATIENCE = 6000;  // ms after which a request for more is made again

class Player {
  constructor(parent) {
    this.root = parent.querySelector(".player");
    this.canvas = {};
    for (const canvas of parent.querySelectorAll("canvas")) this.canvas[canvas.dataset.panel] = canvas;
    this.text = {};
    for (const node of parent.querySelectorAll("[data-text]")) this.text[node.dataset.text] = node;
    this.scrubber = parent.querySelector(".scrubber");
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    Object.assign(this, { trace: null, head: 0, target: null, playing: false, speed: 1, held: false, hover: null,
      heat: "none", focus: 0, asked: 0, askedAt: 0, frame: 0, before: 0 });
    this.listen();
  }

  // ---------------------------------------------------------------- data

  receive(data, send) {
    this.send = send;
    const outer = unpack(data), chunk = unpack(outer.trace.data), { identity, heat } = outer.meta;
    const first = !this.trace, other = first || this.trace.identity !== identity;
    if (first) this.heat = heat in HEATS ? heat : "none";
    if (other || this.trace.meta.focus !== chunk.meta.focus) this.replace(identity, chunk, first, other);
    else this.trace.append(chunk);
    if (this.target !== null) this.go(this.target);
    this.askedAt = 0;
    this.root.classList.add("ready");
    this.restyle();
    this.wake();
  }

  /** Another image takes the place of the one that is shown; with another focus only, the step stays. */
  replace(identity, chunk, first, other) {
    const finished = !first && this.step >= this.trace.meta.total, paused = !first && !this.playing && !finished;
    this.trace = new Trace(identity, chunk.meta);
    this.root.dataset.identity = identity;
    this.trace.append(chunk);
    if (other) this.focus = chunk.meta.focus;  // else it answers a click, and there may have been another one since
    this.scrubber.max = chunk.meta.total;
    this.hover = null;
    if (this.calm.matches && (first || finished)) this.go(chunk.meta.total);
    else if (paused || !other) this.go(this.target ?? this.step);  // the same step of the new image, to compare
    else {
      this.go(chunk.meta.begin);
      this.playing = true;
    }
  }

  get step() { return Math.floor(this.head); }

  /** The last step that can be shown: the posterior of its pixel is loaded, or nothing is left to draw. */
  get reach() { return this.trace.have < this.trace.meta.total ? Math.max(0, this.trace.have - 1) : this.trace.meta.total; }

  /** Asks for the steps that come next, shortly before they are needed, and once at a time. */
  pull(now) {
    const { have, meta } = this.trace, wanted = Math.max(this.target ?? 0, this.head + LOOKAHEAD * this.rate());
    if (have >= meta.total || wanted < have || (this.askedAt && now - this.askedAt < PATIENCE)) return;
    this.askedAt = now;
    this.send.trigger("need", have);
  }

  // ---------------------------------------------------------------- moving

  /** Steps a second at this speed: an image takes eight to thirteen seconds at 1×. */
  rate() { return this.speed * Math.min(60, Math.max(8, this.trace.meta.total / 10)); }

  /** Goes to a step, or as near as what is loaded allows and on from there when the rest has come. */
  go(step) {
    const wanted = Math.min(Math.max(step, 0), this.trace.meta.total);
    this.target = wanted > this.reach ? wanted : null;
    this.head = Math.min(wanted, this.reach);
    this.wake();
  }

  move(by) {
    this.playing = false;
    this.go((this.target ?? this.step) + by);
  }

  toggle() {
    if (!this.playing && this.step >= this.trace.meta.total) this.go(this.trace.meta.begin);
    this.playing = !this.playing;
    this.wake();
  }

  wake() {
    this.dirty = true;
    if (!this.frame) this.frame = requestAnimationFrame((now) => this.tick(now));
  }

  tick(now) {
    const passed = Math.min(now - this.before, 100) / 1000;  // a hidden tab comes back where it was left
    this.before = now;
    this.frame = 0;
    if (!this.trace) return;
    const { have, meta } = this.trace, step = this.step;
    if (this.playing && !this.held && this.target === null) {
      this.head = Math.min(this.head + passed * this.rate(), this.reach);
      if (this.head >= meta.total) this.playing = false;
    }
    this.pull(now);
    if (this.dirty || this.step !== step) this.draw();
    this.dirty = false;
    if (!this.frame && (this.playing || have < meta.total)) this.frame = requestAnimationFrame((later) => this.tick(later));
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  // ---------------------------------------------------------------- drawing

  restyle() {
    const css = getComputedStyle(this.root), read = (name) => css.getPropertyValue(name).trim();
    const stops = read("--st-chart-sequential-colors").split(",").filter(Boolean);
    this.style = { now: read("--now"), model: read("--model"), data: read("--data"), line: read("--line"), quiet: read("--quiet"),
      wash: read("--wash"), font: `12px ${css.fontFamily}` };
    this.map = colourMap(stops.length > 1 ? stops : ["#440154", "#21918C", "#FDE725"]);
    this.root.style.setProperty("--ramp", `linear-gradient(90deg, ${this.map.filter((_, i) => i % 15 === 0).map((c) => `rgb(${c})`)})`);
  }

  colour(t, i) {
    const { trace, heat, step } = this, { n, levels } = trace.meta, at = t * n + i;
    if (t >= step && !(t < trace.have && trace.known[at])) return UNKNOWN;
    if (heat === "none" || heat === "expected") {
      const grey = 255 - Math.round((255 * (heat === "none" ? trace.values[at] : trace.expected[at])) / (levels - 1));
      return [grey, grey, grey];
    }
    return this.map[Math.min(255, Math.round((255 * trace[heat][at]) / LN2 / HEATS[heat].top(levels)))];
  }

  mask(t) {
    if (t < this.trace.have && this.trace.known[t * this.trace.meta.n]) return [91, 141, 196];
    return t < this.step ? [134, 143, 152] : UNKNOWN;
  }

  /** The position whose posterior is shown, and why. */
  shown() {
    const { total } = this.trace.meta, { step, hover } = this;
    if (hover) return { at: hover.position, title: "posterior of this pixel", ...hover };
    if (step < total) return { at: step, title: "posterior of the next pixel", image: this.focus };
    const at = this.trace.oddest(total, this.focus);
    return { at, title: "posterior of the most surprising pixel", image: this.focus, ring: { image: this.focus, position: at } };
  }

  draw() {
    const { trace, step, style, heat } = this, { n, size, levels, total } = trace.meta, shown = this.shown();
    const next = step < total ? Array.from({ length: n }, (_, image) => ({ image, position: step })) : [];
    const marks = { ...style, focus: this.focus, hover: this.hover, ring: shown.ring, dots: next };
    if (this.drawnHeat !== heat) trace.sheets.forget();
    this.drawnHeat = heat;
    const pictures = trace.sheets.sheets.map((_, i) => trace.sheets.bring(i, step, (t, j) => this.colour(t, j)));
    drawPictures(this.canvas.image, pictures, size, marks);
    const single = (mark) => (mark?.image === this.focus ? { ...mark, image: 0 } : null);
    drawPictures(this.canvas.known, [n > 1 ? pictures[this.focus] : trace.masks.bring(0, step, (t) => this.mask(t))], size,
      { ...marks, hover: single(this.hover), ring: n > 1 ? single(shown.ring) : null, dots: next.slice(0, 1) });

    const own = shown.image === trace.meta.focus;
    const readable = shown.at <= step && shown.at < trace.have && own;
    drawPosterior(this.canvas.posterior, readable ? trace.row(shown.at) : null, trace.values[shown.at * n + shown.image],
      trace.meta, style, own ? "unknown yet" : shown.image === this.focus ? "" : "click this image to see its posteriors");
    trace.history.draw(this.canvas.history, step, trace.logProbs, this.map, size, this.hover?.position, style);
    this.write(shown);
  }

  write(shown) {
    const { trace, step, heat } = this, { n, total } = trace.meta;
    const texts = words(trace, step, this.focus, heat, shown);
    for (const [name, text] of Object.entries(texts)) if (this.text[name].textContent !== text) this.text[name].textContent = text;
    this.scrubber.value = step;
    const percent = (x) => `${(100 * x) / total}%`;
    this.scrubber.style.setProperty("--track", `linear-gradient(90deg, var(--now) ${percent(step)}, var(--loaded) ${percent(step)} `
      + `${percent(trace.have)}, var(--line) ${percent(trace.have)})`);
    const told = { step, total, loaded: trace.have, playing: this.playing, heat, focus: this.focus, n, speed: this.speed };
    for (const [name, value] of Object.entries(told)) {
      if (this.root.dataset[name] === String(value)) continue;  // writing what stands there would cost a new style
      this.root.dataset[name] = value;
      for (const b of this.root.querySelectorAll(`[data-${name}-choice]`)) {
        b.setAttribute("aria-pressed", b.dataset[`${name}Choice`] === String(value));
      }
    }
  }

  // ---------------------------------------------------------------- hands

  listen() {
    const { root } = this, on = (node, name, act) => node.addEventListener(name, (event) => this.trace && act(event));
    const does = { start: () => this.move(-Infinity), back: () => this.move(-1), play: () => this.toggle(),
      forward: () => this.move(1), end: () => this.move(Infinity) };
    for (const button of root.querySelectorAll("[data-do]")) on(button, "click", does[button.dataset.do]);
    for (const button of root.querySelectorAll("[data-speed-choice]")) on(button, "click", () => {
      this.speed = +button.dataset.speedChoice;
      this.wake();
    });
    for (const button of root.querySelectorAll("[data-heat-choice]")) on(button, "click", () => {
      this.heat = button.dataset.heatChoice;
      this.send.state("heat", this.heat);
      this.wake();
    });
    on(this.scrubber, "input", () => this.go(+this.scrubber.value));
    on(this.scrubber, "pointerdown", () => { this.held = true; });
    for (const name of ["pointerup", "pointercancel", "blur"]) on(this.scrubber, name, () => { this.held = false; });
    on(root, "keydown", (event) => this.key(event, does));
    on(root, "transitionrun", () => { this.restyle(); this.trace.history.painted = 0; this.wake(); });
    this.point(this.canvas.image, (x, y) => cellAt(x, y, this.canvas.image.clientWidth, this.trace.meta.n, this.trace.meta.size));
    this.point(this.canvas.known, (x, y) => {
      const cell = cellAt(x, y, this.canvas.known.clientWidth, 1, this.trace.meta.size);
      return cell && { ...cell, image: this.focus };
    });
    this.point(this.canvas.history, (x) => {
      const part = (x - EDGE.left) / (this.canvas.history.clientWidth - EDGE.left - EDGE.right);
      return part < 0 || part >= 1 ? null : { image: this.focus, position: Math.floor(part * this.trace.meta.total) };
    });
    new ResizeObserver(() => this.trace && this.wake()).observe(root);
  }

  /** Hovering a canvas shows the pixel under the pointer; a click or a tap goes to it. */
  point(canvas, find) {
    const at = (event) => find(event.offsetX, event.offsetY);
    const hover = (cell) => {
      if (cell?.image === this.hover?.image && cell?.position === this.hover?.position) return;
      this.hover = cell;
      this.wake();
    };
    const on = (name, act) => canvas.addEventListener(name, (event) => this.trace && act(event));
    on("pointerdown", (event) => hover(at(event)));
    on("pointermove", (event) => hover(at(event)));
    on("pointerleave", () => hover(null));
    on("pointercancel", () => hover(null));
    on("click", (event) => {
      const cell = at(event);
      if (!cell) return;
      if (cell.image !== this.focus) {
        this.focus = cell.image;
        this.send.state("focus", cell.image);
      } else {
        this.playing = false;
        this.go(cell.position);
      }
      this.wake();
    });
  }

  key(event, does) {
    const size = this.trace.meta.size, onButton = event.target.tagName === "BUTTON";
    const keys = { ArrowLeft: does.back, ArrowRight: does.forward, ArrowUp: () => this.move(-size),
      ArrowDown: () => this.move(size), Home: does.start, End: does.end, " ": onButton ? null : does.play };
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  }
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  const player = (parentElement.__player ??= new Player(parentElement));
  player.receive(data, { state: unlessLeaving(setStateValue), trigger: unlessLeaving(setTriggerValue) });
  return () => player.stop();
}
