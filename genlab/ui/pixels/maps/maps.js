// Maps of pixels side by side, whose values change in place, and a pixel on them that can be moved.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";
import { download, sheet } from "../../browser/screen.js";

const PACE = 100;  // ms between two messages while the dot is dragged: about what an answer takes

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

class Maps extends Canvas {
  /** @type {Record<string, any>[]} */
  sheets = [];
  /** @type {{ k: number, row: number, column: number } | null} */
  hovered = null;
  hint = "";
  /** @type {any} */
  pixels = null;
  /** @type {any} */
  values = null;
  sent = 0;
  timer = 0;

  receive({ meta, pixels, values }) {
    this.painted = meta.place;
    // While the dot is under way, an answer to an earlier place must not pull it back.
    if (this.timer && this.meta) meta.place = this.meta.place;
    Object.assign(this, { meta, pixels, values });
    if (this.sheets.length !== pixels.shape[0]) this.build(pixels.shape[0]);
    this.legend();
    this.paint();
    this.dots();
    this.wake();
  }

  get does() { return { save: () => this.save() }; }

  get extent() { return this.pixels.shape.slice(1); }

  /** Figures for K maps; kept as long as K stays, so that new values are painted in place. */
  build(count) {
    this.hovered = null;
    this.sheets = Array.from({ length: count }, (_, k) => {
      const figure = element("figure"), caption = element("figcaption"), place = element("div", "sheet");
      const title = element("b"), note = element("span"), canvas = element("canvas"), dot = element("div", "dot");
      caption.append(title, note);
      place.append(canvas, dot);
      figure.append(caption, place);
      this.pointer(place, {
        hover: (event) => {
          const [row, column] = this.cell(place, event);
          this.hovered = { k, row, column };
          this.read();
        },
        leave: () => { this.hovered = null; this.read(); },
        grasp: (event) => this.meta.movable && this.move(this.cell(place, event)),
        drag: (event) => this.move(this.cell(place, event)),
      });
      return { figure, place, title, note, canvas, dot };
    });
    this.find(".sheets").replaceChildren(...this.sheets.map(({ figure }) => figure));
  }

  cell(place, event) {
    const [x, y] = this.part(event, place), [height, width] = this.extent;
    const clamp = (v, top) => Math.max(0, Math.min(top - 1, Math.floor(v)));
    return [clamp(y * height, height), clamp(x * width, width)];
  }

  /** The value under the pointer; no value while those of another place are still on the maps. */
  read() {
    const { hovered, meta, painted, values } = this, [height, width] = this.extent;
    if (!hovered || hovered.row >= height || hovered.column >= width) { this.say({ reading: this.hint }); return; }
    const { k, row, column } = hovered, value = values.data[(k * height + row) * width + column], { place, words } = meta;
    const said = words.length ? words[value] : Number.isNaN(value) ? "unknown" : Number(value.toPrecision(3));
    const own = place && row === place[0] && column === place[1] ? ", the predicted pixel" : "";
    this.say({ reading: `row ${row}, column ${column}${String(place) === String(painted) ? `: ${said}${own}` : ""}` });
  }

  key(event) {
    if (!this.meta.movable || !event.target.classList.contains("sheet")) return;
    const [height, width] = this.extent, [row, column] = this.meta.place;
    const by = (down, right) => () => this.move([Math.max(0, Math.min(height - 1, row + down)), Math.max(0, Math.min(width - 1, column + right))]);
    this.act(event, { ArrowUp: by(-1, 0), ArrowDown: by(1, 0), ArrowLeft: by(0, -1), ArrowRight: by(0, 1) });
  }

  /** The dot moves at once; Python hears of it at most every PACE ms, and of the last place in any case. */
  move(place) {
    if (String(place) === String(this.meta.place)) return;
    this.meta.place = place;
    this.dots();
    this.read();
    if (this.timer) return;
    this.timer = window.setTimeout(() => {
      this.timer = 0;
      this.sent = performance.now();
      this.send.trigger("place", this.meta.place);
    }, Math.max(0, this.sent + PACE - performance.now()));
  }

  dots() {
    const [height, width] = this.extent, { place } = this.meta;
    for (const { dot } of this.sheets) {
      dot.hidden = !place;
      if (place) Object.assign(dot.style, { top: `${(100 * (place[0] + 0.5)) / height}%`, left: `${(100 * (place[1] + 0.5)) / width}%` });
    }
  }

  legend() {
    this.find(".legend").replaceChildren(...this.meta.legend.map(({ ramp, ticks, colour, label }) => {
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

  paint() {
    const { meta, pixels, root } = this, [height, width] = this.extent, size = height * width * 4;
    root.style.setProperty("--side", `${meta.side}px`);
    root.classList.toggle("small", meta.side < 200);
    this.sheets.forEach(({ place, title, note, canvas }, k) => {
      title.textContent = meta.titles[k] ?? "";
      note.textContent = meta.notes[k] ?? "";
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      const data = new Uint8ClampedArray(pixels.data.subarray(k * size, (k + 1) * size));
      canvas.getContext("2d").putImageData(new ImageData(data, width, height), 0, 0);
      place.setAttribute("role", "img");
      place.setAttribute("aria-label", title.textContent);
      if (meta.movable) place.tabIndex = 0; else place.removeAttribute("tabindex");
    });
    this.hint = meta.movable ? "Drag the red pixel, or use the arrow keys." : "";
    this.read();
  }

  /** All maps on one canvas, titles above them, as a download. */
  save() {
    const { meta, sheets, style } = this, side = 256, gap = 24, head = 22;
    const across = Math.min(sheets.length, 7), down = Math.ceil(sheets.length / across);
    const { canvas, context } = sheet(across * (side + gap) + gap, down * (side + head + gap) + gap, style.paper);
    context.imageSmoothingEnabled = false;
    context.font = `14px ${style.font}`;
    sheets.forEach(({ title, note, canvas: map }, k) => {
      const x = gap + (k % across) * (side + gap), y = gap + Math.floor(k / across) * (side + head + gap);
      context.fillStyle = style.ink;
      context.fillText(`${title.textContent}  ${note.textContent}`, x, y + 12, side);
      context.drawImage(map, x, y + head, side, side);
      context.strokeStyle = style.line;
      context.strokeRect(x, y + head, side, side);
      if (!meta.place) return;
      context.fillStyle = style.now;
      context.beginPath();
      context.arc(x + ((meta.place[1] + 0.5) * side) / map.width, y + head + ((meta.place[0] + 0.5) * side) / map.height, 4, 0, 7);
      context.fill();
    });
    download(canvas, meta.name);
  }

  leave() {
    super.leave();
    clearTimeout(this.timer);
  }
}

export default component(".maps", (host) => new Maps(host));
