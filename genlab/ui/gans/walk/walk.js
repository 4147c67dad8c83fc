// A sheet of samples, and the way from one of them, A, to another, B.
class Walk {
  static PACE = 3400;  // ms from A to B
  static FILM = 9;
  static FRAME = `
    <div class="walk" role="group" aria-label="A walk from image A to image B. Space plays and pauses, left and right move, Home and End go to A and B.">
      <section class="k-sheet">
        <header><b>samples</b><span>x = G(z), z ~ N(0, I)</span></header>
        <div class="k-grid" role="group" aria-label="samples: arrows move, A and B choose the ends of the walk"></div>
        <div class="k-line"><span>a click chooses</span><span class="k-choices" role="group" aria-label="what a click chooses"><button type="button" data-end="0" title="where the walk begins (key A)">A, from</button><button type="button" data-end="1" title="where it ends (key B)">B, to</button></span>
          <button type="button" data-do="save" title="save samples and walk as PNG">Save picture</button></div>
      </section>
      <section class="k-way">
        <div class="k-now">
          <header><b data-say="title"></b><span data-say="where"></span></header>
          <canvas data-panel="now" role="img" aria-label="the image at this place of the walk"></canvas>
          <dl>
            <div class="k-judge"><dt data-say="judge"></dt><dd data-say="says"></dd><small data-say="mean"></small></div>
            <div class="k-noise"><dt>|z|</dt><dd data-say="norm"></dd><small data-say="shell"></small></div>
            <div class="k-noise"><dt>angle between A and B</dt><dd data-say="angle"></dd><small>chance: near 90°</small></div>
            <div class="k-class"><dt>class</dt><dd data-say="class"></dd></div>
          </dl>
        </div>
        <div class="k-transport">
          <button type="button" class="k-play" data-do="play" title="play or pause (space)" aria-label="play or pause"><svg viewBox="0 0 24 24"><path class="k-go" d="M7 4v16l13-8z"/><path class="k-halt" d="M6 4h4v16H6zM14 4h4v16h-4z"/></svg></button>
          <div class="k-rail">
            <div class="k-film"></div>
            <input type="range" min="0" max="1" step="any" aria-label="from A to B">
            <canvas data-panel="says" role="img" aria-label="what the discriminator says of the images on the way"></canvas>
          </div>
        </div>
      </section>
    </div>`;

  constructor(host) {
    host.innerHTML = Walk.FRAME;
    Object.assign(this, { host, root: host.firstElementChild, meta: null, phase: 0, before: null, playing: false, glide: null, end: 1,
      pending: null, request: 0, frames: 0 });
    const all = (selector) => [...this.root.querySelectorAll(selector)];
    const make = (parent, n, html) => { this.root.querySelector(parent).innerHTML = html.repeat(n); return all(`${parent} > *`); };
    this.samples = make(".k-grid", 16, `<button type="button" tabindex="-1"><canvas></canvas><i></i></button>`);
    this.film = make(".k-film", Walk.FILM, "<span><canvas></canvas></span>");
    this.samples[0].tabIndex = 0;
    this.canvas = Object.fromEntries(all("[data-panel]").map((node) => [node.dataset.panel, node]));
    this.said = Object.fromEntries(all("[data-say]").map((node) => [node.dataset.say, node]));
    this.slider = this.root.querySelector("input");
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    this.fade = { sheet: new Fade(), walk: new Fade(), says: new Fade(), norm: new Fade() };
    this.listen();
  }

  // ---------------------------------------------------------------- data

  show({ meta, sheet, says, walk, walk_says, norm }) {
    const first = !this.meta, still = first || this.calm.matches, { fade } = this;
    Object.assign(this, { meta, side: sheet.shape[1] });
    for (const [name, { data }] of Object.entries({ sheet, walk, says: walk_says, norm })) fade[name].aim(data, still);
    const all = [...says.data, ...walk_says.data], spread = Math.max(...all) - Math.min(...all);
    this.axis = meta.probability ? [0, 1] : [Math.min(...all) - 0.1 * spread, Math.max(...all) + 0.1 * spread];
    this.mean = says.data.reduce((sum, x) => sum + x, 0) / says.data.length;
    if (this.pending && String(this.pending) === String([meta.a, meta.b])) this.pending = null;
    this.stale = true;
    this.mark();
    if (first) {
      this.restyle();
      if (!this.calm.matches) this.play();
    }
    this.wake();
  }

  get ends() { return this.pending ?? [this.meta.a, this.meta.b]; }

  /** Letters on the samples that are A and B. */
  mark() {
    const { labels, moved } = this.meta;
    this.samples.forEach((sample, k) => {
      const letter = this.ends.map((end, e) => (end === k ? "AB"[e] + (moved && !e ? "′" : "") : "")).join("");
      sample.lastElementChild.textContent = letter;
      sample.setAttribute("aria-label", `sample ${k + 1}${labels ? `, class ${labels[k]}` : ""}${letter ? `, ${letter}` : ""}`);
      sample.title = `sample ${k + 1}${labels ? `, class ${labels[k]}` : ""}${letter.includes("′") ? ": A was here before it was moved" : ""}`;
    });
    for (const button of this.root.querySelectorAll("[data-end]")) button.setAttribute("aria-pressed", +button.dataset.end === this.end);
  }

  /** Another sample becomes A (end 0) or B (end 1); where it was the other one, they change places. */
  choose(sample, end) {
    const ends = [...this.ends], { moved } = this.meta;
    if (ends[end] === sample && !(moved && !end)) return;
    if (ends[1 - end] === sample && !moved) ends[1 - end] = ends[end];
    ends[end] = sample;
    this.pending = ends;
    this.mark();
    this.send("ends", ends);
  }

  // ---------------------------------------------------------------- moving

  /** Where the walk is: t goes to 1 and back to 0 while the phase goes to 2π. */
  get t() { return (1 - Math.cos(this.phase)) / 2; }

  set t(t) { this.phase = Math.acos(1 - 2 * Math.max(0, Math.min(1, t))); }

  play() {
    Object.assign(this, { playing: true, glide: null });
    this.wake();
  }

  pause() {
    this.playing = false;
    this.wake();
  }

  /** Pauses and goes to a place: in a glide, or at once. */
  go(t, duration = 0) {
    this.playing = false;
    this.glide = duration && !this.calm.matches ? { from: this.t, to: Math.max(0, Math.min(1, t)), duration } : null;
    if (!this.glide) this.t = t;
    this.wake();
  }

  wake() { if (!this.request) this.request = requestAnimationFrame((now) => this.tick(now)); }

  tick(now) {
    this.request = 0;
    if (!this.meta) return;
    const { fade, glide } = this, passed = Math.min(100, now - (this.before ?? now));
    if (this.playing) this.phase = (this.phase + (Math.PI * passed) / Walk.PACE) % (2 * Math.PI);
    if (glide) {
      glide.start ??= now;
      const part = Math.min(1, (now - glide.start) / glide.duration);
      this.t = glide.from + (glide.to - glide.from) * part * part * (3 - 2 * part);
      if (part === 1) this.glide = null;
    }
    const changed = Object.fromEntries(Object.keys(fade).map((name) => [name, fade[name].tick(now)]));
    this.draw(changed);
    this.write();
    this.frames += 1;
    const moving = this.playing || this.glide || Object.values(fade).some((one) => one.from);
    this.before = moving ? now : null;
    if (moving) this.wake();
  }

  leave() {
    cancelAnimationFrame(this.request);
    this.observer.disconnect();
  }

  // ---------------------------------------------------------------- drawing

  restyle() {
    const css = getComputedStyle(this.root), read = (name) => css.getPropertyValue(name).trim();
    this.style = { ink: css.color, font: css.fontFamily };
    for (const name of ["paper", "line", "quiet", "noise", "judge", "now"]) this.style[name] = read(`--${name}`);
  }

  /** The two frames between which t lies, and how far. */
  get frame() {
    const last = this.fade.norm.shown.length - 1, k = Math.min(Math.floor(this.t * last), last - 1);
    return [k, this.t * last - k];
  }

  draw(changed) {
    const { fade, side, stale } = this, n = side * side, [k, part] = this.frame, last = fade.norm.shown.length - 1;
    if (stale || changed.sheet) this.samples.forEach((sample, i) => ink(sample.firstElementChild, side, fade.sheet.shown, i * n));
    if (stale || changed.walk) this.film.forEach((cell, i) => ink(cell.firstElementChild, side, fade.walk.shown, Math.round((i * last) / (Walk.FILM - 1)) * n));
    ink(this.canvas.now, side, fade.walk.shown, k * n, (k + 1) * n, part);
    this.stale = false;
    this.curve();
  }

  at(values) { const [k, part] = this.frame; return values[k] + part * (values[k + 1] - values[k]); }

  /** What D says along the way, its mean over the samples as a dashed line. */
  curve() {
    const { context, width, height } = surface(this.canvas.says), { style, axis, fade: { says: { shown } } } = this;
    const inset = width / (2 * Walk.FILM), last = shown.length - 1, foot = height - 6, head = 8;
    const x = (t) => inset + t * (width - 2 * inset), y = (v) => foot - ((v - axis[0]) / (axis[1] - axis[0] || 1)) * (foot - head);
    const line = (points, colour, thick, dashes = []) => {
      context.setLineDash(dashes);
      Object.assign(context, { strokeStyle: colour, lineWidth: thick });
      context.beginPath();
      for (const point of points) context.lineTo(...point);
      context.stroke();
    };
    context.clearRect(0, 0, width, height);
    for (const v of axis) line([[x(0), y(v)], [x(1), y(v)]], style.line, 1);
    line([[x(0), y(this.mean)], [x(1), y(this.mean)]], style.quiet, 1, [3, 3]);
    line(Array.from(shown, (v, i) => [x(i / last), y(v)]), style.judge, 2);
    Object.assign(context, { font: `11px ${style.font}`, fillStyle: style.quiet, textAlign: "right", textBaseline: "middle" });
    for (const v of axis) context.fillText(number(v, this.meta.probability ? 0 : 1), x(0) - 6, y(v));
    context.fillStyle = style.judge;
    context.fillText("D", x(0) - 6, (head + foot) / 2);
    context.fillStyle = style.now;
    context.beginPath();
    context.arc(x(this.t), y(this.at(shown)), 4, 0, 7);
    context.fill();
  }

  say(texts) {
    for (const [name, text] of Object.entries(texts)) if (this.said[name].textContent !== text) this.said[name].textContent = text;
  }

  write() {
    const { t, meta, fade, root, slider } = this, { labels, latent, probability } = meta;
    const title = t < 0.005 ? "A" : t > 0.995 ? "B" : "between A and B", [from, to] = labels ? [labels[meta.a], labels[meta.b]] : [];
    this.say({
      title, where: `t = ${number(t)}`,
      judge: probability ? "σ(D), probability of being real" : "D's score, more is more real", says: number(this.at(fade.says.shown)),
      mean: `mean of the samples: ${number(this.mean)}`,
      norm: number(this.at(fade.norm.shown)), shell: `N(0, I): ${number(Math.sqrt(latent), 1)} ± 0.7`, angle: `${Math.round(meta.angle)}°`,
      class: !labels ? "" : from === to ? String(from) : `${Math.round(100 * (1 - t))} % ${from}, ${Math.round(100 * t)} % ${to}`,
    });
    root.classList.toggle("k-told", Boolean(labels));
    root.classList.toggle("k-playing", this.playing);
    const near = Math.round(t * (Walk.FILM - 1));
    this.film.forEach((cell, i) => cell.classList.toggle("k-here", i === near));
    slider.value = t;
    slider.style.setProperty("--done", `${100 * t}%`);
    slider.setAttribute("aria-valuetext", `${title}, t = ${number(t)}`);
    const told = { t: t.toFixed(3), playing: this.playing, ends: this.ends.join(" "), moved: meta.moved, ready: true };
    for (const [key, value] of Object.entries(told)) if (this.host.dataset[key] !== String(value)) this.host.dataset[key] = value;
  }

  /** Samples, the image now and the film, as a download. */
  save() {
    const big = 320, small = 72, gap = 24, head = 40, { style } = this, sheet = document.createElement("canvas"), context = sheet.getContext("2d");
    const across = Walk.FILM * (small + 6) - 6, cell = (big - 18) / 4, left = 2 * gap + big;
    Object.assign(sheet, { width: 3 * gap + big + across, height: head + big + gap + small + gap });
    Object.assign(context, { fillStyle: style.paper, imageSmoothingEnabled: false });
    context.fillRect(0, 0, sheet.width, sheet.height);
    const put = (canvas, x, y, side) => {
      context.drawImage(canvas, x, y, side, side);
      context.strokeStyle = style.line;
      context.strokeRect(x, y, side, side);
    };
    const write = (text, x, y, colour = style.ink) => { Object.assign(context, { fillStyle: colour, font: `600 15px ${style.font}` }); context.fillText(text, x, y); };
    write("samples", gap, head - 12);
    this.samples.forEach((sample, k) => {
      const x = gap + (k % 4) * (cell + 6), y = head + Math.floor(k / 4) * (cell + 6);
      put(sample.firstElementChild, x, y, cell);
      write(sample.lastElementChild.textContent, x + 4, y + 16, style.noise);
    });
    write(`from A to B: ${this.said.title.textContent}, ${this.said.where.textContent}`, left, head - 12);
    put(this.canvas.now, left, head, big);
    this.film.forEach((cell, i) => put(cell.firstElementChild, left + i * (small + 6), head + big + gap, small));
    const link = document.createElement("a");
    Object.assign(link, { href: sheet.toDataURL("image/png"), download: `walk-${this.ends.map((end) => end + 1).join("-")}.png` });
    link.click();
  }

  // ---------------------------------------------------------------- hands

  listen() {
    const { root, slider } = this, on = (node, name, act) => node.addEventListener(name, (event) => this.meta && act(event));
    const does = { play: () => (this.playing ? this.pause() : this.play()), save: () => this.save() };
    for (const button of root.querySelectorAll("[data-do]")) on(button, "click", does[button.dataset.do]);
    for (const button of root.querySelectorAll("[data-end]")) on(button, "click", () => { this.end = +button.dataset.end; this.mark(); });
    this.samples.forEach((sample, k) => on(sample, "click", () => this.choose(k, this.end)));
    this.film.forEach((cell, i) => on(cell, "click", () => this.go(i / (Walk.FILM - 1), 300)));
    on(slider, "input", () => this.go(+slider.value));
    on(root, "keydown", (event) => this.key(event));
    on(root, "transitionrun", (event) => { if (event.target === root) { this.restyle(); this.wake(); } });
    this.observer = new ResizeObserver(() => this.wake());
    this.observer.observe(root);
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const sample = this.samples.indexOf(event.target), end = sample < 0 ? -1 : ["a", "b"].indexOf(event.key.toLowerCase());
    const columns = getComputedStyle(this.samples[0].parentElement).gridTemplateColumns.split(" ").length;
    const step = event.shiftKey ? 0.01 : 1 / (Walk.FILM - 1), near = (by) => this.go(event.shiftKey ? this.t + by * step : (Math.round(this.t / step) + by) * step, event.shiftKey ? 0 : 250);
    const keys = { ArrowLeft: () => near(-1), ArrowDown: () => near(-1), ArrowRight: () => near(1), ArrowUp: () => near(1), Home: () => this.go(0, 300),
      End: () => this.go(1, 300), " ": event.target.tagName === "BUTTON" ? null : () => (this.playing ? this.pause() : this.play()) };
    if (end >= 0) this.choose(sample, end);
    else if (!roam(event, this.samples, columns)) {
      if (!keys[event.key]) return;
      keys[event.key]();
    }
    event.preventDefault();
    event.stopPropagation();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector(".walk-host");
  const walk = (host.walk ??= new Walk(host));
  walk.send = unlessLeaving(setTriggerValue);
  walk.show(unpack(data));
  return () => setTimeout(() => { if (!host.isConnected) walk.leave(); });
}
