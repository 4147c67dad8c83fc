// A GAN on the plane: both players at a moment, or a round of their game in slow motion, and everything that moves it.
class Game extends Journey {
  static REST = 1500;  // milliseconds between the end of a round and its beginning, where it is played over and over
  static SHOWN = { heat: ["D(x)", "what the discriminator says of every place, as heat"],
    density: ["density", "the generator’s mesh filled with its density: each cell holds as much of the noise, so small cells are dense"],
    mesh: ["mesh", "lines of the noise, warped by the generator"], real: ["real", "held-out data"], made: ["made", "G(z) of noise that stays the same"],
    push: ["push", "where the generator is told to move a made point: −∂L_G/∂x, of every third one"] };
  static SPEEDS = [[0.5, "½×"], [1, "1×"], [2, "2×"]];
  static MOVING = ["fake", "mesh", "heat", "push", "says_real", "says_fake"];  // once for each state
  static FIXED = ["z", "z_mesh", "real"];
  static FRAME = `
    <div class="game" role="group" aria-label="A generator and a discriminator on the plane. In slow motion space plays and pauses, left and right go from phase to phase."><div class="g-body">
      <figure class="g-large"><figcaption><b data-say="title"></b><span data-say="state"></span></figcaption>
        <canvas data-plane="plane" tabindex="0" role="img" aria-label="the plane: what the discriminator says, real and made points"></canvas></figure>
      <div class="g-phase"><b data-say="phase"></b><code data-say="formula"></code><p data-say="sentence"></p></div>
      <figure class="g-small"><figcaption><b>noise</b><span>z ~ N(0, I)</span></figcaption>
        <canvas data-plane="noise" role="img" aria-label="the noise that the generator warps"></canvas></figure>
      <div class="g-words">
        <div class="g-scale" data-of="heat"><span data-say="scale"></span><i></i><small><span data-say="low"></span><span data-say="middle"></span><span data-say="high"></span></small></div>
        <div class="g-scale" data-of="density"><span>density of G(z), per unit of area</span><i></i><small><span>${GamePlane.THIN}</span><span>${Math.sqrt(GamePlane.THIN * GamePlane.DENSE).toFixed(2)}</span><span>${GamePlane.DENSE}</span></small></div>
        <p class="g-quality" data-say="quality" title="good: where data lie; a mode is found by a fifth of its fair share of good samples; near: within a quarter of a unit"></p><p class="g-collapse" data-say="collapse" role="status"></p>
      </div>
      <div class="g-transport">
        <button type="button" class="g-play" data-do="play" title="play or pause (space)" aria-label="play or pause"><svg viewBox="0 0 24 24"><path class="g-go" d="M7 4v16l13-8z"/><path class="g-halt" d="M6 4h4v16H6zM14 4h4v16h-4z"/></svg></button>
        <span class="g-rail"><input type="range" min="0" step="any" aria-label="phase of the round"><span class="g-ticks" aria-hidden="true"></span></span>
        <span class="g-choices" role="group" aria-label="speed">${Game.SPEEDS.map(([speed, name]) => `<button type="button" data-speed="${speed}">${name}</button>`).join("")}</span>
      </div>
      <div class="g-foot">
        <span class="g-choices" role="group" aria-label="show">${Object.entries(Game.SHOWN).map(([show, [name, help]]) => `<button type="button" data-show="${show}" title="${help}"><i></i>${name}</button>`).join("")}</span>
        <button type="button" data-do="save" title="save this picture as PNG">Save picture</button>
        <small data-say="note"></small>
      </div>
      <output class="g-reading" data-say="reading"></output>
    </div></div>`;

  /** onEnd: called when a round has been played to its end. alone: a picture of its own, which plays its round over and over. */
  constructor(host, onEnd = null, alone = false) {
    super();
    host.innerHTML = Game.FRAME;
    this.host = host;
    this.root = host.firstElementChild;
    this.root.classList.toggle("g-alone", alone);
    this.slider = this.root.querySelector("input");
    this.canvas = {};
    for (const canvas of this.root.querySelectorAll("canvas")) this.canvas[canvas.dataset.plane] = canvas;
    this.said = {};
    for (const node of this.root.querySelectorAll("[data-say]")) this.said[node.dataset.say] = node;
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.plane = new GamePlane(this.canvas.plane);
    this.visible = { heat: true, density: true, mesh: true, real: true, made: true, push: true };
    Object.assign(this, { onEnd, alone, id: null, t: 0, speed: 1, playing: false, motion: null, morph: null, hover: -1, pointer: null,
      pose: {}, poseBefore: {}, request: 0, frames: 0, beat: null });
    this.listen();
  }

  // ---------------------------------------------------------------- data

  show(id, data, duration) {
    if (id === this.id) return;
    const first = this.id === null, { meta } = data, states = data.fake.shape[0], size = (name) => data[name].data.length / (Game.MOVING.includes(name) ? states : 1);
    const names = [...Game.MOVING, ...Game.FIXED], agree = !first && names.every((name) => this.now[name].length === size(name));
    if (!agree) {
      const room = () => Object.fromEntries(names.map((name) => [name, new Float32Array(size(name))]));
      Object.assign(this, { now: room(), before: room(), hover: -1 });
      this.plane.fit(size("z") / 2, meta.side);
    }
    this.keep(agree && !this.calm.matches ? duration : 0);
    this.renoised = !["z", "z_mesh"].every((name) => this.now[name].every((value, i) => value === data[name].data[i]));
    Object.assign(this, { id, meta, target: data, states, motion: null, playing: false, round: new GameRound(meta.moves), stale: true });
    this.t = this.calm.matches ? this.last : 0;
    this.words();
    if (first) this.restyle();
    if (this.last && !this.calm.matches) this.play();
    this.wake();
  }

  get last() { return this.round.phases.length; }

  /** From what is shown now, whatever is shown next is reached in a morph. */
  keep(duration) {
    this.morph = duration ? { duration } : null;
    if (!duration) return;
    for (const name in this.now) this.before[name].set(this.now[name]);
    Object.assign(this.poseBefore, this.pose);
  }

  /** The arrays and the pose of position t, or of a part of the way from what was shown before. */
  blend(part) {
    const { now, before, pose, poseBefore, target } = this;
    this.round.pose(this.t, pose);
    const state = Math.min(Math.floor(pose.state), this.states - 1), u = pose.state - state;
    for (const name of Game.MOVING) {
      const shown = now[name], { data } = target[name], n = shown.length, at = state * n;
      if (u) for (let i = 0; i < n; i++) shown[i] = data[at + i] + u * (data[at + n + i] - data[at + i]);
      else for (let i = 0; i < n; i++) shown[i] = data[at + i];
    }
    for (const name of Game.FIXED) now[name].set(target[name].data);
    if (part === 1) return;
    for (const name in now) for (let i = 0, shown = now[name], from = before[name]; i < shown.length; i++) shown[i] = from[i] + part * (shown[i] - from[i]);
    for (const name in pose) pose[name] = poseBefore[name] + part * (pose[name] - poseBefore[name]);
  }

  // ---------------------------------------------------------------- moving

  /** Plays on, from the beginning where the round is over. */
  play() {
    if (this.t > this.last - 1e-6) this.again();
    this.playing = true;
    this.onward();
  }

  again() {
    this.keep(this.calm.matches ? 0 : 500);
    this.t = 0;
  }

  /** The next phase of a round that is played. */
  onward() {
    const to = this.next(1);
    if (to > this.t) this.glide(to, this.round.phases[to - 1].pace * Math.max(0.3, to - this.t));
    else if (this.alone) this.motion = { from: to, to, duration: Game.REST, rest: true };
    else {
      this.pause();
      this.onEnd?.();
    }
  }

  tick(now) {
    this.request = 0;
    if (!this.now) return;
    const moving = this.motion || this.morph, part = this.morphed(now);
    if (this.motion) this.move(now);
    this.blend(part);
    this.draw();
    this.count(now, moving);
    if (this.motion || this.morph) this.wake();
  }

  /** How far a morph has come, 1 where there is none. */
  morphed(now) {
    if (!this.morph) return 1;
    this.morph.start ??= now;
    const part = Math.min(1, (now - this.morph.start) / this.morph.duration);
    this.stale ||= this.renoised;
    if (part === 1) this.morph = null;
    return Journey.ease(part);
  }

  move(now) {
    const { from, to, rest } = this.motion;
    // At another speed the rest of a phase takes another time, and what is past stays past.
    this.motion.part = (this.motion.part ?? 0) + ((now - (this.motion.seen ?? now)) / this.motion.duration) * (this.playing ? this.speed : 1);
    this.motion.seen = now;
    const part = Math.min(1, this.motion.part);
    if (this.calm.matches || part === 1) this.t = to;  // without motion: each phase as it ends, for as long as it would take
    else this.t = from + (to - from) * Journey.ease(Math.min(1, part / 0.88));  // a breath after each phase
    if (part < 1) return;
    this.motion = null;
    if (rest) this.again();
    if (this.playing) this.onward();
  }

  // ---------------------------------------------------------------- drawing

  restyle() {
    const css = getComputedStyle(this.root), style = { ink: css.color, font: css.fontFamily };
    for (const name of ["paper", "line", "quiet", "noise", "model", "data", "now", "judge"]) style[name] = Journey.hex(css.getPropertyValue(`--${name}`));
    const dark = parseInt(style.paper.slice(1, 3), 16) < 128, { paper, judge } = style;
    // D takes it for real: green; for made: rose, which differs in blue too, so that no kind of colour-blindness mixes them up.
    const map = colourMap(dark ? ["#a24276", "#5c2b49", paper, "#1c4f3f", "#2b8c6b"] : ["#db8db5", "#efcbdd", paper, "#b9e2cf", "#5fb998"]);
    const shades = (stops) => { const all = colourMap(stops); return Array.from({ length: GamePlane.SHADES + 1 }, (_, i) => `rgb(${all[Math.round((255 * i) / GamePlane.SHADES)].join(" ")})`); };
    style.less = dark ? "#ee86bb" : "#b02a72";
    style.more = judge;
    style.verdict = Uint32Array.from(map, ([r, g, b]) => ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0);
    style.way = shades([style.noise, style.model]);
    style.rings = shades([style.less, dark ? "#7e7e7e" : "#b8b8b8", judge]);
    this.style = style;
    this.root.style.setProperty("--verdict-ramp", `linear-gradient(90deg, ${map.filter((_, i) => i % 15 === 0).map((c) => `rgb(${c.join(" ")})`)})`);
    this.stale = true;
  }

  draw() {
    if (!this.canvas.plane.clientWidth) return;
    const { meta: { half, mass }, visible, style, hover } = this;
    this.plane.draw(this.now, this.pose, { half, mass, show: visible, style, hover });
    if (this.stale) this.noise();
    this.stale = false;
    this.write();
  }

  /** The small picture of the noise, and on it the z of the point under the pointer. */
  noise() {
    const { context, width } = surface(this.canvas.noise), { style, now, plane, hover, meta: { half, mass } } = this;
    if (!width) return;
    context.clearRect(0, 0, width, width);
    Object.assign(plane, { unit: width / (2 * half), half });
    context.fillStyle = context.strokeStyle = style.noise;
    plane.cells(context, now.z_mesh, mass, 1);
    plane.lines(context, now.z_mesh, 1);
    context.globalAlpha = 0.85;
    context.beginPath();
    for (let i = 0; i < now.z.length; i += 2) {
      const x = plane.x(now.z[i]), y = plane.y(now.z[i + 1]);
      context.moveTo(x, y);
      context.arc(x, y, 1.1, 0, 7);
    }
    context.fill();
    if (hover >= 0 && 2 * hover < now.z.length) GamePlane.disc(context, plane.x(now.z[2 * hover]), plane.y(now.z[2 * hover + 1]), 4.5, style.now, style.paper);
  }

  // ---------------------------------------------------------------- words

  static percent(part) { return `${Math.round(100 * part)} %`; }

  /** What is said of a picture as long as it is shown. */
  words() {
    const { legend: [scale, low, middle, high] } = this.meta, { root, slider, round } = this;
    this.say({ scale, low, middle, high });
    root.classList.toggle("g-round", this.last > 0);
    if (slider.max === String(this.last) && this.ticked === String(round.moves)) return;
    slider.max = this.last;
    this.ticked = String(round.moves);
    const ticks = root.querySelector(".g-ticks"), tick = (text, from, to, kind) => {
      const node = document.createElement("span");
      node.textContent = text;
      node.className = kind;
      node.style.setProperty("--from", from / this.last);
      node.style.setProperty("--to", to / this.last);
      return node;
    };
    const many = round.moves.length, each = this.last / Math.max(1, many);
    ticks.replaceChildren(...round.phases.map((phase, k) => tick(many > 2 ? "" : phase.tick ?? phase.name, k, k + 1, "g-tick")),
      ...round.moves.map((player, k) => tick(many > 2 ? player : `${player}’s move`, k * each, (k + 1) * each, `g-move g-${player}`)));
  }

  /** What the made points of the state that is shown are worth. */
  worth() {
    const { meta, pose } = this, { good, reached, found, modes, collapse } = meta.each?.[Math.round(pose.state)] ?? meta;
    const quality = [found !== null && `${found} of ${modes} modes`, good !== null && `${Game.percent(good)} of the samples good`,
      reached !== null && `${Game.percent(reached)} of the data have one near`].filter(Boolean).join(" · ");
    this.say({ quality, collapse: collapse ?? "" });
  }

  write() {
    this.worth();
    const { t, slider, host, round, meta, last } = this, phase = round.at(t), over = !last || t > last - 1e-6;
    const turn = phase && round.moves.filter((player) => player === phase.player), of = turn?.length > 1 ? `, ${phase.move + 1} of ${turn.length}` : "";
    const state = !last ? "" : over ? "after the round" : phase ? phase.name : "before the round";
    const title = !phase || over ? "both players" : phase.player === "D" ? `discriminator’s move${of}` : "generator’s move";
    const shown = phase ?? { name: "both players", formula: "", sentence: "G warps the noise into the orange sheet; D says of every place how real it looks; arrows push the made points." };
    this.say({ title, state, phase: shown.name, note: last ? "The dots are fixed probes; each update itself draws a fresh batch." : "", reading: this.reading() });
    for (const name of ["formula", "sentence"]) this.rich(name, phase?.name === "judge" && name === "formula" && phase.player === "D" ? meta.legend[0] : shown[name]);
    this.root.classList.toggle("g-playing", this.playing);
    slider.value = t;
    slider.style.setProperty("--done", `${last ? (100 * t) / last : 0}%`);
    slider.setAttribute("aria-valuetext", `${title}: ${shown.name}`);
    const told = { phase: !phase || over ? "rest" : phase.name, playing: this.playing, states: this.states, moves: meta.moves.join(""), shown: this.id, ready: true };
    for (const [key, value] of Object.entries(told)) if (host.dataset[key] !== String(value)) host.dataset[key] = value;
  }

  /** A text whose _X are subscripts. */
  rich(name, text) {
    const node = this.said[name];
    if (node.text === text) return;
    node.text = text;
    node.replaceChildren(...text.split(/_(.)/).map((part, i) => (i % 2 ? Object.assign(document.createElement("sub"), { textContent: part }) : part)));
  }

  /** What the pointer says: the point it is near, or the place. */
  reading() {
    const { pointer, hover, now, pose, meta: { half, legend } } = this, count = now.z.length / 2;
    if (!pointer && hover < 0) return "Point at a dot to see the z it is made of, anywhere to hear what D says there.";
    const number = (value, digits = 2) => value.toFixed(digits).replace("-", "−"), pair = (array, i) => `(${number(array[2 * i])}, ${number(array[2 * i + 1])})`;
    const [low, high] = [+legend[1], +legend[3]];  // numbers where D says a probability
    const says = (said) => `D(x) = ${low < high ? number(low + ((said + 1) / 2) * (high - low)) : `${number(said)} from −1 (made) to 1 (real)`}`;
    if (hover >= count) return `real: ${pair(now.real, hover - count)}, ${says(now.says_real[hover - count])}`;
    if (hover >= 0) {
      const from = `z = ${pair(now.z, hover)} → G(z) = ${pair(now.fake, hover)}`;
      return `made: ${from}, ${says(now.says_fake[hover])}, push ${number(Math.hypot(now.push[2 * hover], now.push[2 * hover + 1]))}`;
    }
    const [x, y] = this.inPlane(pointer);
    return `here: (${number(x)}, ${number(y)}), ${says(GamePlane.says(now.heat, half, x, y))}`;
  }

  /** The picture with its legend, as a download. */
  save() {
    const side = 640, small = 300, gap = 30, head = 44, { style, said } = this, sheet = document.createElement("canvas"), context = sheet.getContext("2d");
    Object.assign(sheet, { width: side + small + 3 * gap, height: side + head + gap });
    const right = side + 2 * gap, text = (words, x, y, font) => { context.font = `${font} ${style.font}`; context.fillStyle = style.ink; context.fillText(words, x, y, x < right ? side : small); };
    context.fillStyle = style.paper;
    context.fillRect(0, 0, sheet.width, sheet.height);
    text([said.title.textContent, said.state.textContent].filter(Boolean).join(": "), gap, head - 14, "600 18px");
    text("noise z ~ N(0, I)", right, head - 14, "600 18px");
    context.strokeStyle = style.line;
    for (const [name, x, width] of [["plane", gap, side], ["noise", right, small]]) {
      if (this.canvas[name].width) context.drawImage(this.canvas[name], x, head, width, width);
      context.strokeRect(x, head, width, width);
    }
    const y = head + small + 40, ramp = context.createLinearGradient(right, 0, right + small, 0), map = new Uint8Array(style.verdict.buffer);
    for (let i = 0; i < 256; i += 15) ramp.addColorStop(i / 255, `rgb(${map.subarray(4 * i, 4 * i + 3).join(" ")})`);
    text(said.scale.textContent, right, y, "14px");
    context.fillStyle = ramp;
    context.fillRect(right, y + 10, small, 12);
    context.textAlign = "center";
    for (const [k, name] of ["low", "middle", "high"].entries()) { context.textAlign = ["left", "center", "right"][k]; text(said[name].textContent, right + (k * small) / 2, y + 40, "14px"); }
    context.textAlign = "left";
    said.quality.textContent.split(" · ").forEach((words, k) => text(words, right, y + 80 + 22 * k, "14px"));
    const link = document.createElement("a");
    Object.assign(link, { href: sheet.toDataURL("image/png"), download: "gan.png" });
    link.click();
  }

  // ---------------------------------------------------------------- hands

  listen() {
    const { root, slider } = this, { plane: canvas } = this.canvas, on = (node, name, act) => node.addEventListener(name, (event) => this.now && act(event));
    const does = { play: () => (this.playing ? this.pause() : this.play()), save: () => this.save() };
    for (const button of root.querySelectorAll("[data-do]")) on(button, "click", does[button.dataset.do]);
    for (const button of root.querySelectorAll("[data-speed]")) on(button, "click", () => { this.speed = +button.dataset.speed; this.press(); });
    for (const button of root.querySelectorAll("[data-show]")) on(button, "click", () => {
      this.visible[button.dataset.show] = !this.visible[button.dataset.show];
      this.press();
      this.wake();
    });
    on(slider, "input", () => {
      const value = +slider.value, near = Math.round(value);
      this.go(Math.abs(value - near) < 0.05 ? near : value);
    });
    on(root, "keydown", (event) => this.key(event));
    on(root, "transitionrun", (event) => { if (event.target === root) { this.restyle(); this.wake(); } });
    for (const name of ["pointermove", "pointerdown"]) on(canvas, name, (event) => this.point(event));
    on(canvas, "pointerleave", (event) => { if (event.pointerType === "mouse") this.aim(null, -1); });
    this.observer = new ResizeObserver(() => { this.stale = true; this.wake(); });
    this.observer.observe(root);
    this.press();
  }

  press() {
    const { root } = this;
    for (const button of root.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", this.visible[button.dataset.show]);
    for (const button of root.querySelectorAll("[data-speed]")) button.setAttribute("aria-pressed", +button.dataset.speed === this.speed);
    for (const scale of root.querySelectorAll("[data-of]")) scale.style.visibility = this.visible[scale.dataset.of] ? "" : "hidden";
  }

  inPlane({ x, y }) {
    const { half } = this.meta, unit = (2 * half) / this.canvas.plane.clientWidth;
    return [x * unit - half, half - y * unit];
  }

  /** The point nearest to the pointer, if it is near. */
  point(event) {
    const pointer = { x: event.offsetX, y: event.offsetY }, [x, y] = this.inPlane(pointer), { plane: { made }, now: { real }, visible } = this;
    let hover = -1, nearest = (20 * this.meta.half) / this.canvas.plane.clientWidth;  // 10 pixels
    const seek = (points, first) => {
      for (let i = 0; i < points.length; i += 2) {
        const distance = Math.hypot(points[i] - x, points[i + 1] - y);
        if (distance < nearest) { nearest = distance; hover = first + i / 2; }
      }
    };
    if (visible.made) seek(made, 0);
    if (visible.real) seek(real, made.length / 2);
    this.aim(pointer, hover);
  }

  key(event) { if (this.last) this.travel(event, 500); }
}
