// Rows of images on straight lines through A: one direction of z at a time. A click on an image makes it A.
const PATIENCE = 4000;  // ms after which a click that nothing came of is forgotten

class Rows {
  static FRAME = `
    <div class="walk rows" role="group" aria-label="Images around A, one direction in each row. Arrows move, Enter goes there.">
      <div class="k-path"><b data-say="where"></b><span data-say="far"></span>
        <button type="button" data-drop="1">undo</button><button type="button" data-drop="all">back to the sample</button></div>
      <div class="k-table"></div>
    </div>`;

  constructor(host) {
    host.innerHTML = Rows.FRAME;
    Object.assign(this, { host, root: host.firstElementChild, meta: null, images: [], sent: -PATIENCE, request: 0, fade: new Fade() });
    this.said = Object.fromEntries([...this.root.querySelectorAll("[data-say]")].map((node) => [node.dataset.say, node]));
    this.calm = matchMedia("(prefers-reduced-motion: reduce)");
    for (const button of this.root.querySelectorAll("[data-drop]")) {
      button.onclick = () => this.tell(button.dataset.drop === "all" ? [] : this.meta.moves.slice(0, -1));
    }
    this.root.onkeydown = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || !this.meta || !roam(event, this.images, this.meta.steps.length)) return;
      event.preventDefault();
      event.stopPropagation();
    };
  }

  show({ meta, rows }) {
    const [lines, steps, side] = rows.shape, { moves } = meta;
    if (this.images.length !== lines * steps) this.build(lines, meta.steps);
    Object.assign(this, { meta, side, sent: -PATIENCE });
    this.fade.aim(rows.data, this.calm.matches);
    meta.lines.forEach((line, r) => {
      const [head, slope] = this.labels[r].children;
      head.innerHTML = `${line[0]}<sub>${line[1] + 1}</sub>`;
      slope.textContent = number(meta.slopes[r]);
      meta.steps.forEach((far, c) => {
        const image = this.images[r * steps + c], name = `A ${far < 0 ? "−" : "+"} ${Math.abs(far)} ${line[0]}${line[1] + 1}`;
        image.classList.toggle("k-a", far === 0);
        Object.assign(image, { title: far ? `z of ${name}: click to go there` : "A itself", ariaLabel: far ? name : "A" });
        image.onclick = far ? () => this.tell([...moves, [...line, far]]) : null;
      });
    });
    this.said.where.textContent = `A is sample ${meta.a + 1}${moves.length ? `, moved ${moves.length} time${moves.length > 1 ? "s" : ""}` : ""}`;
    this.said.far.textContent = moves.map(([name, index, far]) => `${far < 0 ? "−" : "+"} ${Math.abs(far)} ${name}${index + 1}`).join("  ");
    for (const button of this.root.querySelectorAll("[data-drop]")) button.style.visibility = moves.length ? "visible" : "hidden";
    Object.assign(this.host.dataset, { moves: moves.length, ready: true });
    this.wake();
  }

  build(lines, steps) {
    const table = this.root.querySelector(".k-table"), cells = [`<small>s</small>`];
    table.style.setProperty("--steps", steps.length);
    cells.push(...steps.map((far) => `<small>${far ? `${far < 0 ? "−" : "+"}${Math.abs(far)}` : "A"}</small>`));
    for (let r = 0; r < lines; r++) {
      cells.push(`<span class="k-label"><b></b><small></small></span>`, `<button type="button" tabindex="-1"><canvas></canvas></button>`.repeat(steps.length));
    }
    table.innerHTML = cells.join("");
    this.images = [...table.querySelectorAll("button")];
    this.labels = [...table.querySelectorAll(".k-label")];
    this.images[0].tabIndex = 0;
  }

  tell(moves) {
    if (performance.now() - this.sent < PATIENCE) return;  // the images belong to an A that is being left
    this.sent = performance.now();
    this.send("moves", moves);
  }

  wake() { if (!this.request) this.request = requestAnimationFrame((now) => this.tick(now)); }

  tick(now) {
    this.request = 0;
    this.fade.tick(now);
    this.images.forEach((image, k) => ink(image.firstElementChild, this.side, this.fade.shown, k * this.side ** 2));
    if (this.fade.from) this.wake();
  }
}

export default function ({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector(".walk-host");
  const rows = (host.rows ??= new Rows(host));
  rows.send = unlessLeaving(setTriggerValue);
  rows.show(unpack(data));
}
