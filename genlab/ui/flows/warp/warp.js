// A flow that bends the plane, layer by layer: position, direction, what is shown, and everything that moves them.
class Warp extends Journey {
  static DEPTH = 6;  // nats from the brightest colour to paper
  static SHOWN = { density: "log-density of the plane, as heat", contours: "lines of equal density, one nat apart",
    mesh: "a grid that is regular where the journey begins", points: "points that travel", paths: "the whole way of some points",
    stretch: "where area grew and where it shrank, compared with the noise", data: "held-out data, where the journey ends" };
  static NAMES = ["generate", "normalize"].flatMap((way) => ["mesh", "jac", "logp", "points"].map((what) => `${way}_${what}`));
  static FRAME = `
    <div class="warp" role="group" aria-label="A flow bending the plane. Space plays and pauses, left and right go from layer to layer.">
      <div class="w-body"><div class="w-pictures">
        <figure class="w-small"><figcaption><b>noise</b><span>z ~ N(0, I)</span></figcaption>
          <canvas data-plane="noise" role="img" aria-label="points of the noise, N(0, I)"></canvas></figure>
        <figure class="w-large"><figcaption><b data-say="title"></b><span data-say="name"></span></figcaption>
          <canvas data-plane="now" tabindex="0" role="img" aria-label="the plane between noise and data"></canvas></figure>
        <figure class="w-small"><figcaption><b>data</b><span>held out</span></figcaption>
          <canvas data-plane="data" role="img" aria-label="points of the data"></canvas></figure>
        <div class="w-scale"><span data-say="scale"></span><i></i><small><span data-say="low"></span><span data-say="middle"></span><span data-say="high"></span></small></div>
      </div>
      <div class="w-transport">
        <button type="button" class="w-play" data-do="play" title="play or pause (space)" aria-label="play or pause"><svg viewBox="0 0 24 24"><path class="w-go" d="M7 4v16l13-8z"/><path class="w-halt" d="M6 4h4v16H6zM14 4h4v16h-4z"/></svg></button>
        <label class="w-layers"><span>layer</span><span class="w-rail"><input type="range" min="0" step="any" aria-label="layer"><span class="w-ticks" aria-hidden="true"></span></span></label>
        <span class="w-choices" role="group" aria-label="direction"><button type="button" data-way="generate">noise → data</button><button type="button" data-way="normalize">data → noise</button></span>
      </div>
      <div class="w-foot">
        <span class="w-choices" role="group" aria-label="show">${Object.entries(Warp.SHOWN).map(([name, help]) => `<button type="button" data-show="${name}" title="${help}">${name}</button>`).join("")}</span>
        <button type="button" class="w-plain" data-do="whole" title="back from the zoom (Escape)">whole plane</button>
        <button type="button" class="w-plain" data-do="save" title="save these pictures as PNG">Save picture</button>
      </div>
      <output class="w-reading" data-say="reading"></output>
    </div></div>`;

  /** compare: whether the data are shown on the plane too. */
  constructor(host, compare = false) {
    super();
    host.innerHTML = Warp.FRAME;
    this.host = host;
    this.root = host.firstElementChild;
    this.slider = this.root.querySelector("input");
    this.canvas = {};
    for (const canvas of this.root.querySelectorAll("canvas")) this.canvas[canvas.dataset.plane] = canvas;
    this.said = {};
    for (const node of this.root.querySelectorAll("[data-say]")) this.said[node.dataset.say] = node;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.plane = new WarpPlane(this.canvas.now);
    this.visible = { density: true, contours: false, mesh: true, points: true, paths: false, stretch: false, data: compare };
    Object.assign(this, { id: null, way: "generate", t: 0, playing: false, motion: null, morph: null, hover: -1, pointer: null,
      zoom: null, request: 0, frames: 0, beat: null, scale: { top: 0, stretch: 1, half: 1 } });
    this.listen();
  }

  // ---------------------------------------------------------------- data

  show(id, data, duration) {
    if (id === this.id) return;
    const first = this.id === null, { meta } = data;
    const agree = !first && Warp.NAMES.every((name) => String(data[name].shape) === String(this.target[name].shape));
    this.id = id;
    this.meta = meta;
    this.stages = meta.layers.length + 1;
    if (!agree) {
      const copy = () => Object.fromEntries(Warp.NAMES.map((name) => [name, new Float32Array(data[name].data.length)]));
      Object.assign(this, { shown: copy(), from: copy(), hover: -1 });
      this.plane.fit(meta.side, data.generate_points.shape[1]);
      this.rail();
    }
    for (const name of Warp.NAMES) this.from[name].set(this.shown[name]);
    this.before = this.scale;
    this.after = { ...Warp.scale(data), half: meta.half };
    this.target = data;
    this.stale = true;
    this.morph = agree && duration && !this.calm.matches ? { duration } : null;
    if (!this.morph) this.blend(1);
    this.t = first ? (meta.autoplay && !this.calm.matches ? 0 : this.stages - 1) : Math.min(this.t, this.stages - 1);
    if (first) this.restyle();
    if (first && meta.autoplay && !this.calm.matches) this.play();
    this.wake();
  }

  /** What the brightest colours stand for. Most of the mass decides: a few extreme vertices must not darken the rest. */
  static scale({ generate_logp: { data, shape: [stages, n] } }) {
    const inside = Array.from({ length: n }, (_, i) => i).filter((i) => data[i] > -5);
    const high = (values, part) => { values.sort(); return values[Math.floor(part * (values.length - 1))]; };
    const up = (value) => Math.ceil(2 * value) / 2;
    let top = -1.5, stretch = 0.5;
    for (let k = 0; k < stages; k++) {
      top = Math.max(top, up(high(Float32Array.from(inside, (i) => data[k * n + i]), 0.97)));
      stretch = Math.max(stretch, up(high(Float32Array.from(inside, (i) => Math.abs(data[k * n + i] - data[i])), 0.95)));
    }
    return { top: Math.min(top, 8), stretch: Math.min(stretch, 10) };
  }

  /** Brings what is shown a part of the way from what was shown to the newest data. */
  blend(part) {
    for (const name of Warp.NAMES) {
      const shown = this.shown[name], from = this.from[name], to = this.target[name].data;
      if (part === 1) shown.set(to);
      else for (let i = 0; i < shown.length; i++) shown[i] = from[i] + part * (to[i] - from[i]);
    }
    const mix = (name) => this.before[name] + part * (this.after[name] - this.before[name]);
    this.scale = part === 1 ? this.after : { top: mix("top"), stretch: mix("stretch"), half: mix("half") };
  }

  // ---------------------------------------------------------------- moving

  get last() { return this.stages - 1; }

  get view() { return this.zoom ?? { x: 0, y: 0, half: this.scale.half }; }

  get forward() { return this.way === "generate" ? 1 : -1; }

  /** Plays on, from the beginning where the journey is over. */
  play() {
    const [begin, end] = this.forward > 0 ? [0, this.stages - 1] : [this.stages - 1, 0];
    if (Math.abs(this.t - end) < 1e-6) this.t = begin;
    this.playing = true;
    this.onward();
  }

  /** The next layer of a playing journey. */
  onward() {
    const to = this.next(this.forward), pace = Math.max(300, 2600 / (this.stages - 1));
    if (to === this.t) this.pause();
    else this.glide(to, pace * Math.max(0.3, Math.abs(to - this.t)));
  }

  tick(now) {
    this.request = 0;
    if (!this.shown) return;
    const moving = this.motion || this.morph;
    if (this.morph) {
      this.morph.start ??= now;
      const part = Math.min(1, (now - this.morph.start) / this.morph.duration);
      this.blend(Journey.ease(part));
      this.stale ||= this.before.half !== this.after.half;
      if (part === 1) this.morph = null;
    }
    if (this.motion) {
      const { from, to, duration } = this.motion;
      this.motion.start ??= now;
      const part = Math.min(1, (now - this.motion.start) / duration);
      this.t = part === 1 ? to : from + (to - from) * Journey.ease(Math.min(1, part / 0.88));  // a breath at each layer
      if (part === 1) {
        this.motion = null;
        if (this.playing) this.onward();
      }
    }
    this.draw();
    this.count(now, moving);
    if (this.motion || this.morph) this.wake();
  }

  // ---------------------------------------------------------------- drawing

  restyle() {
    const css = getComputedStyle(this.root), read = (name) => css.getPropertyValue(name).trim();
    const stops = read("--st-chart-sequential-colors").split(",").filter(Boolean);
    const sequential = colourMap(stops.length > 1 ? stops : ["#440154", "#21918C", "#FDE725"]);
    const paper = Journey.hex(read("--paper")), dark = parseInt(paper.slice(1, 3), 16) < 128;
    // Neutral is paper, and lightness leaves it in one direction only: darker on white, brighter on black.
    const diverging = colourMap(dark ? ["#8fc7ec", "#2e75b0", paper, "#b8453f", "#ffa38a"] : ["#1a5596", "#78b3d8", paper, "#f0906c", "#a8122b"]);
    // Paper shows through where the density is lowest: the mesh ends in the plane, the density does not.
    const alpha = (i) => Math.min(1, i / 48);
    const packed = (map, opaque) => Uint32Array.from(map, ([r, g, b], i) => ((Math.round(255 * opaque(i)) << 24) | (b << 16) | (g << 8) | r) >>> 0);
    const ramp = (map, opaque) => `linear-gradient(90deg, ${map.filter((_, i) => i % 15 === 0).map((c, i) => `rgb(${c.join(" ")} / ${opaque(15 * i)})`)})`;
    this.style = { sequential: packed(sequential, alpha), diverging: packed(diverging, () => 1), ink: css.color, font: css.fontFamily };
    for (const name of ["paper", "line", "quiet", "noise", "model", "data", "now", "grid"]) this.style[name] = read(`--${name}`);
    this.root.style.setProperty("--sequential-ramp", ramp(sequential, alpha));
    this.root.style.setProperty("--diverging-ramp", ramp(diverging, () => 1));
    this.stale = true;
  }

  /** The arrays of the direction that is shown. */
  arrays() {
    const { shown, way } = this;
    return { mesh: shown[`${way}_mesh`], jac: shown[`${way}_jac`], logp: shown[`${way}_logp`], points: shown[`${way}_points`],
      grid: this.target.density, half: this.meta.half };
  }

  draw() {
    if (!this.canvas.now.clientWidth) return;
    const arrays = this.arrays();
    this.plane.place(arrays, this.t, this.stages - 1, this.way);
    this.plane.draw({ view: this.view, scale: this.scale, depth: Warp.DEPTH, style: this.style, show: this.visible, way: this.way,
      hover: this.hover, points: arrays.points, stages: this.stages });
    if (this.visible.data) this.compare();
    if (this.stale || (this.morph && this.hover >= 0)) this.still();
    this.stale = false;
    this.write();
  }

  /** The held-out data on the plane itself: they come into sight while the last layer is passed. */
  compare() {
    const { context, width } = surface(this.canvas.now), { view, style, target: { data: { data } } } = this, unit = width / (2 * view.half);
    context.globalAlpha = 0.8 * Math.max(0, this.t - this.stages + 2);
    for (const [radius, fill] of [[2, style.paper], [1.4, style.data]]) {
      context.fillStyle = fill;
      context.beginPath();
      for (let i = 0; i < data.length; i += 2) {
        const x = (data[i] - view.x + view.half) * unit, y = (view.y + view.half - data[i + 1]) * unit;
        context.moveTo(x, y);
        context.arc(x, y, radius, 0, 7);
      }
      context.fill();
    }
    context.globalAlpha = 1;
  }

  /** The two pictures at the sides, and on them the ends of the path of the point under the pointer. */
  still() {
    const { generate_points: latents } = this.shown, count = this.plane.points.length / 2, { style } = this;
    this.small(this.canvas.noise, latents, count, style.noise, true);
    this.small(this.canvas.data, this.target.data.data, this.target.data.shape[0], style.data, false);
    if (this.hover < 0) return;
    const { points } = this.arrays(), last = (this.stages - 1) * 2 * count;
    this.ring(this.canvas.noise, points[2 * this.hover], points[2 * this.hover + 1]);
    this.ring(this.canvas.data, points[last + 2 * this.hover], points[last + 2 * this.hover + 1]);
  }

  small(canvas, points, count, colour, circles) {
    const { context, width } = surface(canvas), { half } = this.scale, unit = width / (2 * half);
    context.clearRect(0, 0, width, width);
    context.fillStyle = colour;
    context.globalAlpha = 0.75;
    const few = Math.min(count, 800);
    context.beginPath();
    for (let i = 0; i < 2 * few; i += 2) {
      const x = (points[i] + half) * unit, y = (half - points[i + 1]) * unit;
      context.moveTo(x, y);
      context.arc(x, y, 1.1, 0, 7);
    }
    context.fill();
    context.globalAlpha = 1;
    if (!circles) return;
    context.strokeStyle = this.style.quiet;
    context.lineWidth = 0.75;
    for (const radius of [1, 2, 3]) {
      context.beginPath();
      context.arc(width / 2, width / 2, radius * unit, 0, 7);
      context.stroke();
    }
  }

  ring(canvas, x, y) {
    const { context, width } = surface(canvas), { half } = this.scale, unit = width / (2 * half);
    for (const [radius, fill] of [[6, this.style.paper], [4.5, this.style.now]]) {
      context.fillStyle = fill;
      context.beginPath();
      context.arc((x + half) * unit, (half - y) * unit, radius, 0, 7);
      context.fill();
    }
  }

  // ---------------------------------------------------------------- words

  write() {
    const { t, way, visible: show, scale, slider, host } = this, k = Math.floor(t), last = this.stages - 1, { layers } = this.meta;
    const number = (value, digits = 1) => value.toFixed(digits).replace("-", "−");
    // Layers are numbered from the data, as in f = f⁽ᴷ⁾ ∘ … ∘ f⁽¹⁾; on the way to the data they are undone.
    const title = t === 0 ? "noise z ~ N(0, I)" : t === last ? "data space" : t === k ? `after ${k} of ${last} layers` : `in step ${k + 1} of ${last}`;
    const ends = way === "generate" ? ["where samples begin", show.data ? "samples, and blue: held-out data" : "what the model makes"] : ["where the data arrive", "held-out data"];
    const undone = way === "generate" ? "inverse of " : "", part = way === "generate" ? t - k : k + 1 - t;
    const name = t === 0 ? ends[0] : t === last ? ends[1] : t === k ? "" : `${undone}${layers[k]}, ${Math.round(100 * part)} %`;
    this.say({ title, name, reading: this.reading(number) });
    if (!this.morph) {
      if (show.stretch) this.say({ scale: "log-area against the noise, nats", low: `−${scale.stretch} shrank`, middle: "0", high: `grew ${scale.stretch}` });
      else this.say({ scale: "log p, nats", low: number(scale.top - Warp.DEPTH), middle: number(scale.top - Warp.DEPTH / 2), high: number(scale.top) });
    }
    this.root.classList.toggle("w-playing", this.playing);
    slider.value = t;
    slider.style.setProperty("--done", `${(100 * t) / last}%`);
    slider.setAttribute("aria-valuetext", title);
    const told = { stage: t.toFixed(2), direction: way, playing: this.playing, points: this.plane.points.length / 2, ready: true };
    for (const [key, value] of Object.entries(told)) if (host.dataset[key] !== String(value)) host.dataset[key] = value;
  }

  /** What the pointer says: the point it is near, or the place. */
  reading(number) {
    if (!this.pointer && this.hover < 0) return "Point at a dot to see its way through the layers. Double-click to zoom in.";
    const { view, hover, plane } = this, n = WarpPlane.CELLS;
    const [x, y] = hover < 0 ? this.inPlane(this.pointer) : plane.points.subarray(2 * hover, 2 * hover + 2);
    const column = Math.floor(((x - view.x + view.half) * n) / (2 * view.half)), row = Math.floor(((view.y + view.half - y) * n) / (2 * view.half));
    const cell = column >= 0 && row >= 0 && column < n && row < n ? row * n + column : -1, logp = cell < 0 ? -Infinity : plane.density[cell];
    const known = logp > -Infinity ? `log p = ${number(logp, 2)} nats` + (this.visible.stretch ? `, log-area ${number(plane.stretch[cell], 2)}` : "") : "off the mesh";
    const where = hover < 0 ? "here" : `stage ${number(this.t, 2).replace(/\.?0+$/, "")}`;
    return `${where}: (${number(x, 2)}, ${number(y, 2)}), ${known}`;
  }

  /** A tick and a number for each stage. */
  rail() {
    const last = this.stages - 1, ticks = this.root.querySelector(".w-ticks");
    this.slider.max = last;
    ticks.classList.toggle("w-many", last > 12);
    ticks.replaceChildren(...Array.from({ length: this.stages }, (_, k) => {
      const tick = document.createElement("span");
      tick.textContent = { 0: "noise", [last]: "data" }[k] ?? k;
      tick.style.setProperty("--at", k / last);
      return tick;
    }));
  }

  /** The three pictures side by side, as a download. */
  save() {
    const side = 640, small = 300, gap = 30, head = 44, { style } = this, sheet = document.createElement("canvas"), context = sheet.getContext("2d");
    const all = [["noise", small, "noise z ~ N(0, I)"], ["now", side, this.said.title.textContent], ["data", small, "data"]];
    const pictures = all.filter(([name]) => this.canvas[name].clientWidth);
    Object.assign(sheet, { width: gap + pictures.reduce((sum, [, width]) => sum + width + gap, 0), height: side + head + gap });
    context.fillStyle = style.paper;
    context.fillRect(0, 0, sheet.width, sheet.height);
    let x = gap;
    for (const [name, width, title] of pictures) {
      context.fillStyle = style.ink;
      context.font = `600 18px ${style.font}`;
      context.fillText(title, x, head - 14, width);
      context.drawImage(this.canvas[name], x, head, width, width);
      context.strokeStyle = style.line;
      context.strokeRect(x, head, width, width);
      x += width + gap;
    }
    const link = document.createElement("a");
    Object.assign(link, { href: sheet.toDataURL("image/png"), download: `flow-stage-${this.t.toFixed(2)}.png` });
    link.click();
  }

  // ---------------------------------------------------------------- hands

  listen() {
    const { root, slider } = this, { now: canvas } = this.canvas, on = (node, name, act) => node.addEventListener(name, (event) => this.shown && act(event));
    const does = { play: () => (this.playing ? this.pause() : this.play()), whole: () => this.look(null), save: () => this.save() };
    for (const button of root.querySelectorAll("[data-do]")) on(button, "click", does[button.dataset.do]);
    for (const button of root.querySelectorAll("[data-way]")) on(button, "click", () => this.turn(button.dataset.way));
    for (const button of root.querySelectorAll("[data-show]")) on(button, "click", () => {
      const { show } = button.dataset, other = { density: "stretch", stretch: "density" }[show];
      this.visible[show] = !this.visible[show];
      if (other && this.visible[show]) this.visible[other] = false;  // two heats on one plane could not be told apart
      this.press();
      this.wake();
    });
    on(slider, "input", () => {
      const value = +slider.value, near = Math.round(value);
      this.go(Math.abs(value - near) < 0.05 ? near : value);
    });
    on(root, "keydown", (event) => this.key(event));
    on(root, "transitionrun", (event) => { if (event.target === root) { this.restyle(); this.wake(); } });
    on(canvas, "pointermove", (event) => this.point(event));
    on(canvas, "pointerdown", (event) => {
      this.point(event);
      if (this.zoom && !event.button) { canvas.setPointerCapture(event.pointerId); this.drag = { x: event.offsetX, y: event.offsetY, view: this.zoom }; }
    });
    for (const name of ["pointerup", "pointercancel"]) on(canvas, name, () => { this.drag = null; });
    on(canvas, "pointerleave", (event) => { if (event.pointerType === "mouse") this.aim(null, -1); });
    on(canvas, "dblclick", (event) => this.closer(0.5, ...this.inPlane({ x: event.offsetX, y: event.offsetY })));
    this.observer = new ResizeObserver(() => { this.stale = true; this.wake(); });
    this.observer.observe(root);
    this.press();
  }

  press() {
    const { root } = this;
    for (const button of root.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", this.visible[button.dataset.show]);
    for (const button of root.querySelectorAll("[data-way]")) button.setAttribute("aria-pressed", button.dataset.way === this.way);
    root.dataset.heat = this.visible.stretch ? "stretch" : this.visible.density ? "density" : "none";
    root.classList.toggle("w-zoomed", Boolean(this.zoom));
  }

  /** Another direction: where its journey begins, it begins at once. */
  turn(way) {
    if (way === this.way) return;
    const { playing } = this;
    this.go(this.t);
    Object.assign(this, { way, hover: -1, stale: true });
    const begins = this.t === (this.forward > 0 ? 0 : this.stages - 1);
    if (playing || (begins && !this.calm.matches)) this.play();
    this.press();
  }

  inPlane({ x, y }) {
    const { view } = this, unit = (2 * view.half) / this.canvas.now.clientWidth;
    return [view.x - view.half + x * unit, view.y + view.half - y * unit];
  }

  closer(factor, x, y) {
    const { view } = this, whole = this.scale.half, half = Math.max(whole / 32, view.half * factor);
    const part = half / view.half;
    this.look(half >= whole ? null : { x: x + (view.x - x) * part, y: y + (view.y - y) * part, half });
  }

  look(view) {
    this.zoom = view;
    this.press();
    this.wake();
  }

  /** The point nearest to the pointer, if it is near; while dragging a zoomed plane, the plane follows. */
  point(event) {
    const pointer = { x: event.offsetX, y: event.offsetY }, { points } = this.plane;
    if (this.drag) {
      const { x, y, view } = this.drag, unit = (2 * view.half) / this.canvas.now.clientWidth;
      this.look({ ...view, x: view.x - (pointer.x - x) * unit, y: view.y + (pointer.y - y) * unit });
    }
    const [x, y] = this.inPlane(pointer);
    let hover = -1, nearest = (24 * this.view.half) / this.canvas.now.clientWidth;  // 12 pixels
    for (let i = 0; i < points.length; i += 2) {
      const distance = Math.hypot(points[i] - x, points[i + 1] - y);
      if (distance < nearest) { nearest = distance; hover = i / 2; }
    }
    this.aim(pointer, hover);
  }

  key(event) {
    const { view } = this;
    this.travel(event, 300, { "+": () => this.closer(0.5, view.x, view.y), "-": () => this.closer(2, view.x, view.y), Escape: this.zoom && (() => this.look(null)) });
  }
}
