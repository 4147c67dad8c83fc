// Maps of what a model is inside: they ask as the page's place says, are painted in place, and a dot on them moves the place.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";
import { TYPED } from "../../browser/controls.js";
import { Place } from "../../browser/place.js";
import { decimal, download, isDark, sheet } from "../../browser/screen.js";
import { over } from "./over.js";

const TOUCH = matchMedia("(hover: none)");

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

class Maps extends Canvas {
  /** What it asks, but for the place and the theme.
   * @type {any} */
  question = null;
  at = "";
  movable = false;
  file = "";
  /** @type {any} */
  place = null;
  /** Names of what the question has of the place.
   * @type {string[]} */
  names = [];
  /** The question of this place, and the one whose answer the maps are. */
  wanted = "";
  shown = "";
  /** Groups of maps under one legend, and all maps of them, in order.
   * @type {Record<string, any>[]} */
  groups = [];
  /** @type {Record<string, any>[]} */
  sheets = [];
  /** @type {{ sheet: any, row: number, column: number } | null} */
  hovered = null;
  timer = 0;

  receive({ meta: { source, question, saved, at, place, movable, ...page } }) {
    this.connect(page);
    if (at !== this.at) this.place?.leave(this);
    Object.assign(this, { question: source ? { source, ...question } : question, file: saved, at, movable, names: Object.keys(place) });
    if (at) this.place = Place.of(at, place, this, () => this.pose());
    this.dress();
    this.pose();
  }

  restyle() {
    const dark = this.dark;
    super.restyle();
    this.dark = isDark(this.style.paper);
    if (this.meta && dark !== this.dark) this.pose();
  }

  get does() { return { save: () => this.save() }; }

  /** Shows the dot where it is, and asks for what belongs there. */
  pose() {
    const followed = this.names.map((name) => [name, this.place[name]]);
    const question = { ...this.question, ...Object.fromEntries(followed), dark: this.dark }, wanted = (this.wanted = JSON.stringify(question));
    if (this.meta) { this.dots(); this.read(); }
    this.follow(question, (meta, arrays) => {
      this.shown = wanted;
      this.take(meta, arrays);
      this.tell({ shown: followed.map(([_, value]) => value).join(" "), ready: true });
    });
  }

  take(meta, arrays) {
    const { groups, sentence } = meta, counts = groups.map((_, k) => arrays[`pixels${k}`].shape[0]);
    if (String(counts) !== String(this.groups.map(({ sheets }) => sheets.length))) this.build(counts);
    this.meta = meta;
    this.groups.forEach((group, k) => this.paint(group, { ...groups[k], pixels: arrays[`pixels${k}`], values: arrays[`values${k}`].data, arrows: arrays[`arrows${k}`]?.data }));
    this.phrase(this.find(".sentence"), sentence);
    this.find(".sentence").hidden = !sentence;
    this.dots();
    this.read();
    this.wake();
  }

  // ---------------------------------------------------------------- maps

  /** So many maps in each group; kept as long as that stays, so that new values are painted in place. */
  build(counts) {
    this.hovered = null;
    this.groups = counts.map((count) => {
      const node = element("section"), row = element("div", "sheets"), legend = element("div", "legend");
      const group = { node, legend, told: /** @type {any} */ (null), sheets: /** @type {any[]} */ ([]) };
      group.sheets = Array.from({ length: count }, (_, k) => this.sheet(group, k));
      row.append(...group.sheets.map(({ figure }) => figure));
      node.append(row, legend);
      return group;
    });
    this.sheets = this.groups.flatMap(({ sheets }) => sheets);
    this.find(".groups").replaceChildren(...this.groups.map(({ node }) => node));
    if (!this.find(":scope > .whole")) this.enlarge();  // only now there are pictures
  }

  sheet(group, k) {
    const figure = element("figure"), caption = element("figcaption"), place = element("div", "sheet"), dot = element("div", "dot");
    const title = element("b"), bar = element("i", "share"), note = element("span"), canvas = element("canvas"), layer = element("canvas", "over");
    caption.append(title, note, bar);
    place.append(canvas, layer, dot);
    figure.append(caption, place);
    place.setAttribute("role", "img");
    const one = { group, k, figure, place, title, bar, note, canvas, layer, dot };
    const cell = (event) => {
      const [x, y] = this.part(event, place), [height, width] = group.told.pixels.shape.slice(1);
      const clamp = (v, top) => Math.max(0, Math.min(top - 1, Math.floor(v)));
      return { row: clamp(y * height, height), column: clamp(x * width, width) };
    };
    this.pointer(place, {
      hover: (event) => { this.hovered = { sheet: one, ...cell(event) }; this.read(); },
      leave: () => { this.hovered = null; this.read(); },
      grasp: (event) => this.movable && this.move(cell(event)),
      drag: (event) => this.move(cell(event)),
      drop: () => this.place.settle(),
    });
    return one;
  }

  paint(group, told) {
    const [, height, width] = told.pixels.shape, size = height * width * 4, { style } = group.node;
    group.told = told;
    style.setProperty("--side", `max(${told.side}px, ${told.side / 16}rem)`);
    group.node.className = told.side < 170 ? "small" : told.side < 250 ? "middling" : "";
    group.node.classList.toggle("smooth", told.half !== null);
    group.sheets.forEach(({ figure, place, title, bar, note, canvas, layer }, k) => {
      title.textContent = told.titles[k] ?? "";
      note.textContent = told.notes[k] ?? "";
      note.hidden = !told.notes.length;
      bar.hidden = !told.shares.length;
      bar.style.setProperty("--share", told.shares[k] ? `max(2px, ${100 * told.shares[k]}%)` : "0px");
      figure.title = [title.textContent, note.textContent].filter(Boolean).join(": ");
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      const data = new Uint8ClampedArray(told.pixels.data.subarray(k * size, (k + 1) * size));
      canvas.getContext("2d").putImageData(new ImageData(data, width, height), 0, 0);
      layer.hidden = told.half === null && !told.cells.length && !told.lines;
      place.setAttribute("aria-label", title.textContent);
      if (this.movable) place.tabIndex = 0; else place.removeAttribute("tabindex");
    });
    group.legend.replaceChildren(...told.legend.map(({ ramp, ticks, colour, label }) => {
      const item = element("span"), swatch = element("i");
      swatch.style.background = ramp ? `linear-gradient(90deg, ${ramp})` : colour;
      if (!ramp) { item.append(swatch, label); return item; }
      const scale = element("span", "ramp"), numbers = element("small");
      numbers.append(...ticks.map((tick) => element("span", "", tick)));
      scale.append(swatch, numbers);
      item.append(label, scale);
      return item;
    }));
  }

  draw() { for (const { group, k, layer } of this.sheets) if (!layer.hidden) over(layer, group.told, k, this.style); }

  /** The value under the pointer; none while those of another place or model are still on the maps. */
  read() { this.say({ reading: this.reading() || (this.movable ? TOUCH.matches ? "Drag the red pixel with a finger." : "Drag the red pixel, or use the arrow keys." : "") }); }

  reading() {
    if (!this.hovered) return "";
    const { sheet: { group: { told }, k }, row, column } = this.hovered, [, height, width] = told.pixels.shape;
    if (row >= height || column >= width) return "";  // of a map that was larger
    const value = told.values[(k * height + row) * width + column], now = this.wanted === this.shown;
    const said = told.words.length ? told.words[value] : Number.isNaN(value) ? "unknown" : String(Number(value.toPrecision(3))).replace("-", "−");
    if (told.cells.length) return row && column && now ? `∂${told.cells[row][0]} / ∂${told.cells[0][column]} = ${told.cells[row][column]}` : "";
    if (told.half !== null) {
      const at = (part, many) => decimal((2 * part / (many - 1) - 1) * told.half);
      return `x₁ ${at(column, width)}, x₂ ${at(height - 1 - row, height)}${now ? `: ${said}` : ""}`;
    }
    const own = this.mark && row === this.mark[0] && column === this.mark[1] ? ", the predicted pixel" : "";
    return `row ${row}, column ${column}${now ? `: ${said}${own}` : ""}`;
  }

  // ---------------------------------------------------------------- the dot

  /** Row and column of the dot, where there is one. */
  get mark() { return this.movable ? [this.place.row, this.place.column] : this.meta.mark; }

  /** @param {{ row: number, column: number }} to */
  move(to) { if (to.row !== this.place.row || to.column !== this.place.column) this.place.set(to); }

  key(event) {
    const one = this.sheets.find(({ place }) => place === event.target);
    if (!this.movable || !one) return;
    const [height, width] = one.group.told.pixels.shape.slice(1), { row, column } = this.place;
    const by = (down, right) => () => {
      this.move({ row: Math.max(0, Math.min(height - 1, row + down)), column: Math.max(0, Math.min(width - 1, column + right)) });
      clearTimeout(this.timer);
      this.timer = window.setTimeout(() => this.place.settle(), TYPED);
    };
    this.act(event, { ArrowUp: by(-1, 0), ArrowDown: by(1, 0), ArrowLeft: by(0, -1), ArrowRight: by(0, 1) });
  }

  dots() {
    const { mark } = this;
    for (const { group, dot } of this.sheets) {
      const [height, width] = group.told.pixels.shape.slice(1);
      dot.hidden = !mark || mark[0] >= height || mark[1] >= width;  // the maps of a larger image may still be on their way
      if (mark) Object.assign(dot.style, { top: `${(100 * (mark[0] + 0.5)) / height}%`, left: `${(100 * (mark[1] + 0.5)) / width}%` });
    }
  }

  leave() {
    super.leave();
    clearTimeout(this.timer);
    this.place?.leave(this);
  }

  // ---------------------------------------------------------------- saving

  /** All maps on one canvas, titles above them, as a download. */
  save() {
    const { sheets, style, mark } = this, side = 256, gap = 24, head = 22;
    const across = Math.min(sheets.length, 7), down = Math.ceil(sheets.length / across);
    const { canvas, context } = sheet(across * (side + gap) + gap, down * (side + head + gap) + gap, style.paper);
    context.font = `14px ${style.font}`;
    sheets.forEach(({ title, note, canvas: map, layer }, k) => {
      const x = gap + (k % across) * (side + gap), y = gap + Math.floor(k / across) * (side + head + gap);
      context.fillStyle = style.ink;
      context.fillText(`${title.textContent}  ${note.textContent}`, x, y + 12, side);
      context.imageSmoothingEnabled = false;
      context.drawImage(map, x, y + head, side, side);
      context.imageSmoothingEnabled = true;
      if (!layer.hidden) context.drawImage(layer, x, y + head, side, side);
      context.strokeStyle = style.line;
      context.strokeRect(x, y + head, side, side);
      if (!mark) return;
      context.fillStyle = style.now;
      context.beginPath();
      context.arc(x + ((mark[1] + 0.5) * side) / map.width, y + head + ((mark[0] + 0.5) * side) / map.height, 4, 0, 7);
      context.fill();
    });
    download(canvas, this.file);
  }
}

export default component(".maps", (host) => new Maps(host));
