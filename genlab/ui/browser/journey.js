// What canvases share on which something travels: a position t from 0 to `last` that plays, pauses and glides, drawn once a frame.
class Journey {
  static ease(part) { return part * part * (3 - 2 * part); }

  /** Any CSS colour as #rrggbb. */
  static hex(colour) {
    const context = new OffscreenCanvas(1, 1).getContext("2d");
    context.fillStyle = colour.trim();
    return context.fillStyle;
  }

  /** The stage that follows in a direction (1: onward), or the same one at the end. */
  next(step) {
    const to = step > 0 ? Math.floor(this.t + 1e-6) + 1 : Math.ceil(this.t - 1e-6) - 1;
    return Math.max(0, Math.min(this.last, to));
  }

  pause() {
    this.playing = false;
    this.motion = null;
    this.wake();
  }

  glide(to, duration) {
    this.motion = { from: this.t, to, duration };
    this.wake();
  }

  /** Pauses and goes to a position: in a glide, or at once. */
  go(to, duration = 0) {
    this.playing = false;
    this.motion = null;
    const place = Math.max(0, Math.min(this.last, to));
    if (duration && !this.calm.matches) this.glide(place, duration);
    else this.t = place;
    this.wake();
  }

  aim(pointer, hover) {
    if (hover !== this.hover) this.stale = true;
    Object.assign(this, { pointer, hover });
    this.wake();
  }

  /** Does what a key means: space plays, arrows go from stage to stage, with shift by small steps; `more` are further keys. */
  travel(event, duration, more = {}) {
    const onButton = event.target.tagName === "BUTTON";
    const step = (by) => (event.shiftKey ? this.go(this.t + by * 0.05) : this.go(this.next(by), duration));
    const keys = { ArrowLeft: () => step(-1), ArrowDown: () => step(-1), ArrowRight: () => step(1), ArrowUp: () => step(1),
      Home: () => this.go(0, duration), End: () => this.go(this.last, duration),
      " ": onButton ? null : () => (this.playing ? this.pause() : this.play()), ...more };
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    keys[event.key]();
  }

  wake() { if (!this.request) this.request = requestAnimationFrame((now) => this.tick(now)); }

  /** Frames a second, of the last second in which something moved. */
  count(now, moving) {
    this.host.dataset.frames = ++this.frames;
    if (!moving) { this.beat = null; return; }
    this.beat ??= { start: now, frames: -1 };
    this.beat.frames++;
    if (now - this.beat.start < 1000) return;
    this.host.dataset.fps = ((1000 * this.beat.frames) / (now - this.beat.start)).toFixed(1);
    this.beat = { start: now, frames: 0 };
  }

  leave() {
    cancelAnimationFrame(this.request);
    this.request = 0;
    this.observer.disconnect();
  }

  say(texts) {
    for (const [name, text] of Object.entries(texts)) if (this.said[name].textContent !== text) this.said[name].textContent = text;
  }
}
