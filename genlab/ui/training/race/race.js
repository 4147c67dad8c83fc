// The comparison in the browser: several models that learn the same data for the same seconds, their pictures side by side, what
// their samples are worth while they learn, and a table of what each one knows and costs, measured when they stand still.
import { component } from "../../browser/component.js";
import { decimal, isDark } from "../../browser/screen.js";
import { unpack } from "../../browser/unpack.js";
import { Samples } from "../trainer/film.js";
import { clock, Training } from "../trainer/training.js";
import { Cloud } from "./cloud.js";
import { COLUMNS, cells, csv } from "./table.js";

const LANES = ["one", "other", "third", "fourth"];  // as genlab.views.pictures.side_by_side names them
const TICKS = 10;  // in a second, which a training of lanes counts in place of steps
const KEY = {
  points: '<span><i class="dot" style="--of: var(--model)"></i>samples, of the same noise in every picture</span><span><i class="heat"></i>density, from 0 to high</span><span><i class="dot" style="--of: var(--data)"></i>data, where there is no density</span>',
  images: "<span>samples, of the same noise in every picture; likeness: real digits’ Fréchet distance as a part of the samples’, by a small classifier</span>",
};

const escape = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

// The pictures of all lanes.
class Lanes {
  constructor(place, sort, lanes) {
    place.dataset.count = lanes.length;
    place.innerHTML = lanes.map(({ principle, principle_title, title }) => `<figure style="--of: var(--${principle})">
      <figcaption><i class="lane"></i><b>${escape(principle_title)}</b><span title="${escape(title)}">${title === principle_title ? "" : escape(title)}</span></figcaption><div class="picture" data-blank></div><p class="facts"></p></figure>`).join("");
    this.places = [...place.querySelectorAll(".picture")];
    this.pictures = this.places.map((host) => (sort === "points" ? new Cloud(host) : new Samples(host)));
    this.facts = [...place.querySelectorAll(".facts")];
  }

  /** @param {any[]} pictures one for each lane, or null */
  show(id, pictures, duration, levels) {
    pictures.forEach((picture, k) => {
      this.places[k].toggleAttribute("data-blank", !picture);
      if (picture) this.pictures[k].show(`${id}`, picture, duration, levels);
    });
  }

  go() {}

  leave() { for (const picture of this.pictures) picture.leave(); }
}

class Race extends Training {
  /** Pictures of lanes of which no training has drawn one, by lane.
   * @type {any[]} */
  firsts = [];
  complaint = "";
  /** What was measured, by lane.
   * @type {any[]} */
  rows = [];
  /** Of whom it was.
   * @type {string} */
  of = "";
  /** What samples were worth, of each lane: ticks and values, row by row.
   * @type {Float32Array[]} */
  worth = [];

  get does() { return { ...super.does, csv: () => this.save() }; }

  // ---------------------------------------------------------------- data

  fresh() { this.worth = []; }

  absorb(_whole, _curve, arrays) {
    const lanes = this.page.lanes.map((_, k) => arrays[`quality ${k}`]?.data.slice());
    this.worth = lanes.every(Boolean) ? lanes : [];
  }

  differs({ sort, lanes }) { return sort !== this.meta?.sort || JSON.stringify(lanes.map(({ title }) => title)) !== JSON.stringify(this.meta.lanes.map(({ title }) => title)); }

  place({ sort, lanes }) {
    this.firsts = lanes.map(() => null);
    this.picture = new Lanes(this.find(".lanes"), sort, lanes);
    this.find(".key").innerHTML = KEY[sort];
    this.root.dataset.kind = "race";
  }

  renew() {
    this.now = null;
    this.firsts.forEach((_, k) => this.forget(`${this.name} first ${k}`));
    this.firsts = this.firsts.map(() => null);
  }

  /** What is shown before a training has drawn anything, and what is measured while none is under way. */
  begin() {
    const { lanes, measure } = this.page;
    if (!this.meta.frames.length) lanes.forEach(({ source, experiment }, k) => {
      this.ask(source ? { name: "beside", source } : { name: "beginning", experiment }, (meta, arrays) => {
        this.firsts[k] = { meta, ...arrays };
        this.show();
      }, ` first ${k}`);
    });
    const of = JSON.stringify(measure);
    if (of !== this.of) {
      this.rows.forEach((_, k) => this.forget(`${this.name} measured ${k}`));
      Object.assign(this, { of, rows: measure.map(() => null) });
    }
    measure.forEach((source, k) => {
      if (source) this.ask({ name: "measured", source }, (meta) => {
        this.rows[k] = meta;
        this.tabulate();
      }, ` measured ${k}`);
    });
  }

  present() {
    this.tabulate();
    this.show();
    this.fetch(false);
  }

  looked() { this.chart(); }

  // ---------------------------------------------------------------- what is seen

  restyle() {
    super.restyle();
    this.root.classList.toggle("dark", isDark(this.style.paper));
  }

  show() {
    if (!this.root.isConnected) return;  // what has left the page has no colours any more
    this.dress();
    const { meta } = this, { frame, past, fade } = this.frame(), wrong = this.refusal || this.page.notice || this.complaint;
    const pictures = frame ? LANES.slice(0, meta.lanes.length).map((name) => frame.picture?.[name] && unpack(frame.picture[name].data.slice())) : this.firsts;
    this.picture.show(frame?.id ?? `${meta.run}:first`, pictures, fade, meta.levels);
    const at = (tick) => `${decimal(tick / TICKS, 1)} s`;
    this.say({
      seconds: `${decimal(meta.step / TICKS, 1)} of ${meta.seconds}`, left: clock(meta.left),
      message: wrong || meta.message, film: at(past ?? meta.frames.at(-1) ?? 0),
    });
    this.said.message.classList.toggle("alert", Boolean(wrong) || meta.alert);
    this.slider.setAttribute("aria-valuetext", at(past ?? 0));
    meta.lanes.forEach(({ facts }, k) => this.phrase(this.picture.facts[k], past === null ? facts : `as it was after ${at(past)}`));
    this.chart();
  }

  /** What cannot be shown or measured is said where other words stand: the rest can. */
  complain(sentence) {
    this.complaint = sentence;
    this.show();
  }

  /** What samples are worth against seconds: a small chart for each name, a line for each lane. */
  chart() {
    const { meta, worth } = this, charts = this.find(".charts"), at = this.at === null ? null : this.shownStep();
    charts.hidden = !worth.length || !meta.judged.length;
    if (charts.hidden) return;
    [...charts.querySelectorAll("figure")].forEach((figure, k) => {
      figure.hidden = k >= meta.judged.length;
      if (figure.hidden) return;
      figure.querySelector("figcaption").textContent = `${meta.judged[k]}, from 0 to 1, against seconds`;
      const svg = figure.querySelector("svg"), { rem } = this, left = 2.2 * rem, wide = svg.clientWidth - left - 6.5 * rem, top = 0.5 * rem, high = svg.clientHeight - top - 1.3 * rem, row = 1 + meta.judged.length;
      if (wide < 20) return;
      const x = (tick) => left + (tick / meta.steps) * wide, y = (value) => top + (1 - value) * high, out = [], ends = [];
      for (const v of [0, 0.5, 1]) out.push(`<line class="grid" x1="${left}" x2="${left + wide}" y1="${y(v)}" y2="${y(v)}"/><text x="${left - 7}" y="${y(v)}" dy="0.32em" text-anchor="end">${v}</text>`);
      for (const [tick, words] of [[0, "0"], [meta.steps, meta.seconds]]) out.push(`<text x="${x(tick)}" y="${top + high + 0.95 * rem}" text-anchor="middle">${words}</text>`);
      worth.forEach((points, lane) => {
        let d = "";
        for (let i = 0; i < points.length; i += row) d += `${d ? "L" : "M"}${x(points[i]).toFixed(1)} ${y(points[i + 1 + k]).toFixed(1)}`;
        const { principle, principle_title } = meta.lanes[lane], last = points.length - row;
        out.push(`<g style="--of: var(--${principle})"><path d="${d}"/><circle cx="${x(points[last])}" cy="${y(points[last + 1 + k])}" r="2.5"/></g>`);
        ends.push({ principle, words: principle_title, x: x(points[last]), y: y(points[last + 1 + k]) });
      });
      ends.sort((a, b) => a.y - b.y).forEach((end, i) => { if (i) end.y = Math.max(end.y, ends[i - 1].y + 0.85 * rem); });
      const over = Math.max(0, (ends.at(-1)?.y ?? 0) - (top + high));
      for (const end of ends) out.push(`<text class="halo" style="--of: var(--${end.principle})" x="${end.x + 7}" y="${end.y - over}" dy="0.32em">${end.words}</text>`);
      if (at !== null) out.push(`<line class="now" x1="${x(at)}" x2="${x(at)}" y1="${top}" y2="${top + high}"/>`);
      svg.innerHTML = out.join("");
    });
  }

  /** The table of what was measured. */
  tabulate() {
    const { meta, rows, page } = this, columns = COLUMNS[meta.sort];
    this.find("thead").innerHTML = `<tr>${columns.map((title) => `<th scope="col">${title}</th>`).join("")}</tr>`;
    this.find("tbody").innerHTML = page.lanes.map((lane, k) => {
      const [first, ...others] = cells(lane, rows[k], Boolean(page.measure[k]), meta.sort);
      return `<tr><th scope="row"><i class="lane" style="--of: var(--${lane.principle})"></i>${first}</th>${others.map((cell) => `<td>${cell}</td>`).join("")}</tr>`;
    }).join("");
    const known = rows.filter(Boolean);
    this.find("[data-do=csv]").disabled = !known.length;
    const [one] = known, when = one ? `Measured at ${one.when.slice(11)} on this server’s ${one.device === "cpu" ? `CPU (${one.machine}), ${one.threads} ${one.threads === 1 ? "thread" : "threads"}` : one.device}: held-out data, and the median of repeated times. Samples are judged by ${page.judge}.` : page.measure.some(Boolean) ? "Being measured now …" : page.unmeasured;
    this.say({ measured: when });
    this.tell({ measured: known.length });
  }

  save() {
    const { meta, rows, page } = this, lines = csv(page.lanes, rows, meta.sort, page.data);
    const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([lines], { type: "text/csv" })), download: "comparison.csv" });
    link.click();
    URL.revokeObjectURL(link.href);
  }

  resized() { this.chart(); }
}

export default component(".race", (host) => new Race(host));
