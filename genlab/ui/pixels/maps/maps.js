const PACE = 100;  // ms between two messages while the dot is dragged: about what an answer takes

function element(tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** Figures for K maps; kept as long as K stays, so that new values are painted in place. */
function build(state, count) {
  state.hovered = null;
  state.sheets = Array.from({ length: count }, () => {
    const figure = element("figure"), caption = element("figcaption"), sheet = element("div", "sheet");
    const title = element("b"), note = element("span"), canvas = element("canvas"), dot = element("div", "dot");
    caption.append(title, note);
    sheet.append(canvas, dot);
    figure.append(caption, sheet);
    sheet.onpointerdown = (event) => { if (state.meta.movable) { sheet.setPointerCapture(event.pointerId); point(state, sheet, event); } };
    sheet.onpointermove = (event) => {
      read(state, sheet, event);
      if (state.meta.movable && sheet.hasPointerCapture(event.pointerId)) point(state, sheet, event);
    };
    sheet.onpointerleave = () => { state.hovered = null; tell(state); };
    sheet.onkeydown = (event) => step(state, event);
    return { figure, sheet, title, note, canvas, dot };
  });
  state.root.querySelector(".sheets").replaceChildren(...state.sheets.map((s) => s.figure));
}

function cell(state, sheet, event) {
  const box = sheet.getBoundingClientRect(), [, height, width] = state.pixels.shape;
  const clamp = (x, top) => Math.max(0, Math.min(top - 1, Math.floor(x)));
  return [clamp(((event.clientY - box.top) / box.height) * height, height),
          clamp(((event.clientX - box.left) / box.width) * width, width)];
}

function read(state, sheet, event) {
  const [row, column] = cell(state, sheet, event);
  state.hovered = { k: state.sheets.findIndex((s) => s.sheet === sheet), row, column };
  tell(state);
}

/** The value under the pointer; no value while those of another place are still on the maps. */
function tell(state) {
  const { hovered, meta, painted, values, pixels } = state, [, height, width] = pixels.shape;
  if (!hovered || hovered.row >= height || hovered.column >= width) { state.reading.textContent = state.hint; return; }
  const { k, row, column } = hovered, value = values.data[(k * height + row) * width + column], { place, words } = meta;
  const said = words.length ? words[value] : Number.isNaN(value) ? "unknown" : Number(value.toPrecision(3));
  const own = place && row === place[0] && column === place[1] ? ", the predicted pixel" : "";
  state.reading.textContent = `row ${row}, column ${column}${String(place) === String(painted) ? `: ${said}${own}` : ""}`;
}

function step(state, event) {
  const [, height, width] = state.pixels.shape, moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const move = moves[event.key];
  if (!move || !state.meta.movable) return;
  event.preventDefault();
  const [row, column] = state.meta.place;
  send(state, [Math.max(0, Math.min(height - 1, row + move[0])), Math.max(0, Math.min(width - 1, column + move[1]))]);
}

function point(state, sheet, event) { send(state, cell(state, sheet, event)); }

/** The dot moves at once; Python hears of it at most every PACE ms, and of the last place in any case. */
function send(state, place) {
  if (String(place) === String(state.meta.place)) return;
  state.meta.place = place;
  dots(state);
  tell(state);
  if (state.timer) return;
  const wait = Math.max(0, state.sent + PACE - performance.now());
  state.timer = setTimeout(() => {
    state.timer = 0;
    state.sent = performance.now();
    state.setTriggerValue("place", state.meta.place);
  }, wait);
}

function dots(state) {
  const [, height, width] = state.pixels.shape, { place } = state.meta;
  for (const { dot } of state.sheets) {
    dot.hidden = !place;
    if (place) Object.assign(dot.style, { top: `${(100 * (place[0] + 0.5)) / height}%`, left: `${(100 * (place[1] + 0.5)) / width}%` });
  }
}

function legend(state) {
  state.root.querySelector(".legend").replaceChildren(...state.meta.legend.map(({ ramp, ticks, colour, label }) => {
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

function paint(state) {
  const { meta, pixels } = state, [, height, width] = pixels.shape, size = height * width * 4;
  state.root.style.setProperty("--side", `${meta.side}px`);
  state.root.classList.toggle("small", meta.side < 200);
  state.sheets.forEach(({ sheet, title, note, canvas }, k) => {
    title.textContent = meta.titles[k] ?? "";
    note.textContent = meta.notes[k] ?? "";
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const data = new Uint8ClampedArray(pixels.data.subarray(k * size, (k + 1) * size));
    canvas.getContext("2d").putImageData(new ImageData(data, width, height), 0, 0);
    sheet.setAttribute("role", "img");
    sheet.setAttribute("aria-label", title.textContent);
    if (meta.movable) sheet.tabIndex = 0; else sheet.removeAttribute("tabindex");
  });
  state.hint = meta.movable ? "Drag the red pixel, or use the arrow keys." : "";
  tell(state);
}

/** All maps on one canvas, titles above them, as a download. */
function save({ meta, sheets, root }) {
  const side = 256, gap = 24, head = 22, across = Math.min(sheets.length, 7), down = Math.ceil(sheets.length / across);
  const canvas = element("canvas"), context = canvas.getContext("2d"), css = getComputedStyle(root);
  Object.assign(canvas, { width: across * (side + gap) + gap, height: down * (side + head + gap) + gap });
  context.fillStyle = css.getPropertyValue("--st-background-color") || "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.imageSmoothingEnabled = false;
  context.font = `14px ${css.fontFamily}`;
  sheets.forEach(({ title, note, canvas: map }, k) => {
    const x = gap + (k % across) * (side + gap), y = gap + Math.floor(k / across) * (side + head + gap);
    context.fillStyle = css.color;
    context.fillText(`${title.textContent}  ${note.textContent}`, x, y + 12, side);
    context.drawImage(map, x, y + head, side, side);
    context.strokeStyle = css.getPropertyValue("--st-border-color");
    context.strokeRect(x, y + head, side, side);
    if (!meta.place) return;
    context.fillStyle = css.getPropertyValue("--st-red-color");
    context.beginPath();
    context.arc(x + ((meta.place[1] + 0.5) * side) / map.width, y + head + ((meta.place[0] + 0.5) * side) / map.height, 4, 0, 7);
    context.fill();
  });
  const link = element("a");
  Object.assign(link, { href: canvas.toDataURL("image/png"), download: `${meta.name}.png` });
  link.click();
}

export default function ({ parentElement, data, setTriggerValue }) {
  const root = parentElement.querySelector(".maps");
  const state = (root.__state ??= { root, reading: root.querySelector(".reading"), sent: 0, timer: 0, sheets: [] });
  const { meta, pixels, values } = unpack(data);
  state.painted = meta.place;
  // While the dot is under way, an answer to an earlier place must not pull it back.
  if (state.timer && state.meta) meta.place = state.meta.place;
  Object.assign(state, { meta, pixels, values, setTriggerValue: unlessLeaving(setTriggerValue) });
  if (state.sheets.length !== pixels.shape[0]) build(state, pixels.shape[0]);
  legend(state);
  paint(state);
  dots(state);
  root.querySelector("button").onclick = () => save(state);
  return () => clearTimeout(state.timer);
}
