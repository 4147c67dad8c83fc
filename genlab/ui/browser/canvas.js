// What every picture in a page is built on.
import { alive, bring } from "./alive.js";
import { colourMap, hex, ramp } from "./screen.js";
import { tips } from "./tips.js";
import { wireOf } from "./wire.js";

const COLOURS = ["paper", "line", "quiet", "wash", "noise", "model", "data", "now", "judge"];  // of shared.css
const LONGEST = 100;  // ms that may have passed between two frames: a hidden tab comes back where it was left
const PATIENCE = 1000;  // ms after which it is said that an answer takes long
const WORDS = 50;  // ms between two times that words are written while something moves
const TEXT = 0.86;  // rem, as shared.css says
const WHOLE = `<button type="button" class="whole" title="full screen (Escape leaves it)" aria-label="full screen"><svg viewBox="0 0 24 24"><path d="M4 9V4h5v2H6v3zM15 4h5v5h-2V6h-3zM18 15h2v5h-5v-2h3zM6 15v3h3v2H4v-5z"/></svg></button>`;

/** @typedef {{ question: string, open: boolean, refused: string, late: boolean, timer?: any, next?: () => void }} Asked
 *    a question: whether nothing has come of it yet, what it was refused with, whether it takes long, what is to be asked then */

let made = 0;  // canvases of this tab so far: what one asks is not taken for what its predecessor asked

/** Its element, its canvases and texts by name, the theme's colours, buttons, keys and pointers, and the frames in which it is
 *  drawn. A subclass says what its buttons do (`does`), what keys mean (`key`), what moves (`advance`) and how all looks
 *  (`draw`); it draws by asking for a frame (`wake`) and moves for as long as `advance` says so. */
export class Canvas {
  /** Words of the newest data; until they are here, nothing is drawn and nobody is heard.
   * @type {any} */
  meta = null;
  /** How Python hears of something: `send.state(name, value)` stays, `send.trigger(name, value)` happens once.
   * @type {{ state: (name: string, value: any) => void, trigger: (name: string, value: any) => void }} */
  send = { state() {}, trigger() {} };
  /** How it speaks with the computing, see `connect`.
   * @type {import("./wire.js").Wire | null} */
  wire = null;
  name = `canvas ${++made}`;
  /** What it asked last, by name on the wire.
   * @type {Map<string, Asked>} */
  asked = new Map();
  /** @type {Record<string, any>} */
  style = {};
  request = 0;
  frames = 0;
  written = 0;
  dressed = false;
  /** Pixels of one rem, for text that is drawn. */
  rem = 16;
  /** @type {number | null} */
  lastFrame = null;
  /** @type {{ start: number, frames: number } | null} */
  beat = null;

  /** @param {any} host where it stands, and where it says how it is
   *  @param {string} frame HTML of its root, where the host does not hold it already and is it */
  constructor(host, frame = "") {
    if (frame) host.innerHTML = frame;
    this.host = host;
    /** @type {any} */
    this.root = frame ? host.firstElementChild : host;
    host.canvas = this;
    /** @type {Record<string, HTMLCanvasElement>} */
    this.canvas = Object.fromEntries(this.all("canvas[data-panel]").map((node) => [node.dataset.panel, node]));
    /** @type {Record<string, HTMLElement & Record<string, any>>} */
    this.said = Object.fromEntries(this.all("[data-say]").map((node) => [node.dataset.say, node]));
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    for (const button of this.all("button[data-do]")) this.on(button, "click", () => this.does[button.dataset.do]?.());
    this.on(this.root, "keydown", (event) => { if (!event.target.closest(".controls")) this.key(event); });  // these have keys of their own
    // A transition of the colour, which shared.css makes, ends when another theme has arrived.
    this.on(this.root, "transitionend", (event) => { if (event.target === this.root) { this.dressed = false; this.wake(); } });
    this.observer = new ResizeObserver(() => { this.dressed = false; if (this.meta) this.resized(); });
    this.observer.observe(this.root);
    alive.add(this);
    tips(this.root);
  }

  /** Offers the whole screen to pictures, where the browser does. */
  enlarge() {
    if (!document.fullscreenEnabled || !this.find("canvas, svg")) return;
    this.root.insertAdjacentHTML("beforeend", WHOLE);
    this.on(this.root.lastElementChild, "click", () => { if (document.fullscreenElement) document.exitFullscreen(); else this.root.requestFullscreen(); });
  }

  /** @returns {any} */
  find(selector) { return this.root.querySelector(selector); }

  /** @returns {any[]} */
  all(selector) { return [...this.root.querySelectorAll(selector)]; }

  /** Listens, once there is something to see. */
  on(node, name, act) { node.addEventListener(name, (event) => { if (this.meta) act(event); }); }

  // ---------------------------------------------------------------- for subclasses

  /** What the buttons with `data-do` do, by its value.
   * @returns {Record<string, () => void>} */
  get does() { return {}; }

  /** @param {KeyboardEvent} _event */
  key(_event) {}

  /** What a copied link needs beside the settings that Python knows, so that it shows the same: short texts by name; null
   *  where it is as a visitor finds it.
   * @returns {Record<string, any>} */
  get carried() { return {}; }

  /** What the link by which the visitor came says of one of these, or null: anybody can write a link, so it is to be checked. */
  link(name) { return bring(name); }

  /** Brings what moves to the moment; whether it moves on.
   * @param {number} _now ms
   * @param {number} _passed ms since the last frame of a motion
   * @returns {boolean} */
  advance(_now, _passed) { return false; }

  draw() {}

  /** Another size, another pixel ratio. */
  resized() { this.wake(); }

  /** Takes the colours of the theme, at first and when it has changed. */
  restyle() {
    const css = getComputedStyle(this.root), stops = css.getPropertyValue("--st-chart-sequential-colors").split(",");
    this.style = { ink: css.color, font: css.fontFamily };
    this.rem = parseFloat(css.fontSize) / TEXT;
    for (const name of COLOURS) this.style[name] = hex(css.getPropertyValue(`--${name}`));
    /** @type {number[][]} */
    this.sequential = colourMap(stops);
    this.root.style.setProperty("--sequential-ramp", ramp(this.sequential));
  }

  // ---------------------------------------------------------------- frames

  dress() {
    if (!this.dressed) this.restyle();
    this.dressed = true;
  }

  /** Has it drawn in the next frame. */
  wake() { this.nextFrame(); }

  nextFrame() { if (!this.request) this.request = requestAnimationFrame((now) => this.tick(now)); }

  tick(now) {
    this.request = 0;
    if (!this.meta || !this.root.isConnected) return;  // what has left the page has no colours any more
    this.dress();
    const moves = this.advance(now, Math.min(LONGEST, now - (this.lastFrame ?? now)));
    this.lastFrame = moves ? now : null;
    this.draw();
    this.frames++;
    if (!moves || now - this.written >= WORDS) {
      this.written = now;
      this.write();
      this.tell({ frames: this.frames });
    }
    this.count(now, moves);
    if (moves) this.nextFrame();
  }

  /** Brings words, sliders and facts up to date: in every frame they would cost more than the picture, and nobody could read them. */
  write() {}

  /** Frames a second of the last second in which something moved. */
  count(now, moves) {
    if (!moves) { this.beat = null; return; }
    this.beat ??= { start: now, frames: -1 };
    this.beat.frames++;
    if (now - this.beat.start < 1000) return;
    this.host.dataset.fps = ((1000 * this.beat.frames) / (now - this.beat.start)).toFixed(1);
    this.beat = { start: now, frames: 0 };
  }

  leave() {
    alive.delete(this);
    cancelAnimationFrame(this.request);
    this.request = 0;
    this.observer.disconnect();
    for (const name of [...this.asked.keys()]) this.forget(name);
  }

  // ---------------------------------------------------------------- computing

  /** The wire that the page names: to be said before anything is asked. */
  connect(page) { this.wire = wireOf(page); }

  /** Asks a question in place of its last one with the same `about`, unless it is the same; one that was refused is asked again.
   *  `take(meta, arrays)` gets the pieces of the answer. A refusal is said until there is an answer.
   * @returns {boolean} whether it was asked */
  ask(question, take, about = "") {
    const name = this.name + about, last = this.asked.get(name);
    const one = /** @type {Asked} */ ({ question: JSON.stringify(question), open: true, refused: "", late: false });
    if (last?.question === one.question && !last.refused) return false;
    clearTimeout(last?.timer);
    one.timer = setTimeout(() => { one.late = true; this.report(); }, PATIENCE);
    const hear = (refused, take) => {
      clearTimeout(one.timer);
      Object.assign(one, { open: false, refused, late: false });
      this.report();
      take?.();
      one.next?.();
    };
    this.asked.set(name, one);
    this.wire.ask(name, question, ({ meta }, arrays) => hear("", () => take(meta, arrays)), hear);
    return true;
  }

  /** As `ask`, of what a hand drags: while an answer is on its way, only the newest question waits, and is asked then. So a
   *  picture follows the hand even where answers take longer than the hand from place to place. */
  follow(question, take, about = "") {
    const last = this.asked.get(this.name + about), ask = () => { this.ask(question, take, about); };
    if (last?.open) last.next = ask; else ask();
  }

  /** Has asked nothing under a name; an answer that is on its way comes to nobody. */
  forget(name) {
    clearTimeout(this.asked.get(name)?.timer);
    this.asked.delete(name);
    this.wire.drop(name);
  }

  /** Shows how what was asked stands. */
  report() {
    const all = [...this.asked.values()];
    this.root.toggleAttribute("data-waiting", all.some(({ late }) => late));
    this.complain(all.find(({ refused }) => refused)?.refused ?? "");
  }

  /** Says above the picture what cannot be; nothing where all is well. What has the class `pictured` is hidden meanwhile: it
   *  would stand under settings that it does not follow. */
  complain(sentence) {
    this.root.classList.toggle("refused", Boolean(sentence));
    let place = this.find(":scope > .complaint");
    if (!place && !sentence) return;
    if (!place) {
      place = Object.assign(document.createElement("p"), { className: "complaint", role: "alert" });
      this.root.prepend(place);
    }
    if (place.textContent !== sentence) place.textContent = sentence;
    place.hidden = !sentence;
  }

  // ---------------------------------------------------------------- words

  /** Writes texts, by name; what stands there already is not touched.
   * @param {Record<string, string>} texts */
  say(texts) {
    for (const [name, text] of Object.entries(texts)) if (this.said[name].textContent !== text) this.said[name].textContent = text;
  }

  /** Writes a sentence in which **this** is bold. */
  phrase(node, sentence) {
    const bold = (words) => Object.assign(document.createElement("b"), { textContent: words });
    node.replaceChildren(...sentence.split("**").map((part, i) => (i % 2 ? bold(part) : part)));
  }

  /** Says facts on an element, for styles and tests: writing what stands there would cost a new style. */
  tell(facts, node = this.host) {
    for (const [name, value] of Object.entries(facts)) if (node.dataset[name] !== String(value)) node.dataset[name] = value;
  }

  /** Of the buttons that choose by `data-NAME`, those are pressed for which `chosen(value)`. */
  press(name, chosen) {
    for (const button of this.all(`button[data-${name}]`)) {
      const pressed = String(chosen(button.getAttribute(`data-${name}`)));
      if (button.getAttribute("aria-pressed") !== pressed) button.setAttribute("aria-pressed", pressed);
    }
  }

  // ---------------------------------------------------------------- hands

  /** Does what a key means; space on a button presses the button.
   * @param {any} event
   * @param {Record<string, (() => void) | null | false>} keys */
  act(event, keys) {
    const act = event.key === " " && event.target.tagName === "BUTTON" ? null : keys[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  /** Follows pointers on a node, mouse or finger. `hover`: wherever one is; `leave`: it has gone. Where `grasp` does not say
   *  false, it holds: then `drag` gets every place of the hand, also outside and between two frames, until `drop`.
   * @param {any} node
   * @param {Record<string, (event: any) => any>} hands */
  pointer(node, { hover, leave, grasp, drag, drop }) {
    let held = false;
    this.on(node, "pointerdown", (event) => {
      hover?.(event);
      if (event.button || !grasp || grasp(event) === false) return;
      node.setPointerCapture(event.pointerId);
      held = true;
    });
    this.on(node, "pointermove", (event) => {
      hover?.(event);
      if (!held || !drag) return;
      const places = event.getCoalescedEvents?.() ?? [];
      for (const place of places.length ? places : [event]) drag(place);
    });
    for (const name of ["pointerup", "pointercancel"]) this.on(node, name, (event) => {
      if (!held) return;
      held = false;
      drop?.(event);
    });
    this.on(node, "pointerleave", (event) => { if (!held) leave?.(event); });
  }

  /** Place of a pointer on a node as parts of its width and height, 0 to 1 inside. */
  part(event, node) {
    const box = node.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }
}
