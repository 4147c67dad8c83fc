// What the table of the comparison says of a lane.
import { decimal } from "../../browser/screen.js";

const COMMON = ["1000 samples", "1000 densities", "z", "encoder", "parameters"];

/** Titles of the columns. */
export const COLUMNS = {
  points: ["", "−log p(x), nats", "samples where data lie", "data reached", "JS divergence, nats", ...COMMON],
  images: ["", "−log p(x), nats an image", "Fréchet distance, × real images’", "evenness of classes", ...COMMON],
};

const grouped = (n) => Math.round(n).toLocaleString("en").replaceAll(",", "\u202f");
const share = (value) => (value === null ? "–" : `${decimal(100 * value, 0)} %`);

/** Seconds, in the unit that suits them. */
export function duration(seconds) {
  if (seconds === null) return "–";
  return seconds < 0.001 ? `${decimal(1e6 * seconds, 0)} µs` : seconds < 1 ? `${decimal(1e3 * seconds, seconds < 0.01 ? 1 : 0)} ms` : `${decimal(seconds, 1)} s`;
}

/** A likelihood; a bound is said to be a bound. */
export function likelihood(found) {
  if (found === null) return "<b>none</b><small>it can only sample</small>";
  const { nats, standard_error: error, bound, bits_per_dim: bits } = found;
  if (nats === null) return "<b>∞</b><small>a datum is impossible</small>";
  const digits = nats > 20 ? 1 : 3;
  return `<b>${bound ? "≤ " : ""}${decimal(nats, digits)}</b> ± ${decimal(error, digits)}<small>${bits === undefined ? "" : `${decimal(bits, 3)} bits/dim, `}${bound || "exact"}</small>`;
}

/** The cells of a lane, the first one its name.
 * @param {any} lane as the page tells of it
 * @param {any} row what was measured, or null
 * @param {boolean} awaited whether it is being measured
 * @param {string} sort of its data */
export function cells(lane, row, awaited, sort) {
  const { principle_title: principle, title, trained, z, encoder } = lane, name = `${principle}<small>${title}, ${trained}</small>`;
  const open = awaited ? "…" : "–", many = COLUMNS[sort].length - COMMON.length - 1;
  if (!row) return [name, ...Array(many).fill(open), open, open, z, encoder, open];
  const { judged } = row;
  const samples = sort === "points"
    ? [share(judged.good), share(judged.reached), decimal(judged.js, 3)]
    : [decimal(judged.ratio, 1), share(judged.evenness)];
  return [name, likelihood(row.likelihood), ...samples, duration(row.sample_seconds), duration(row.density_seconds), row.latent ? `${z}<small>here ${row.latent}</small>` : z, encoder, grouped(row.parameters)];
}

const quoted = (value) => (value === null || value === undefined ? "" : /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));

/** The same as a table of numbers: an empty cell where there is none. */
export function csv(lanes, rows, sort, data) {
  const judged = sort === "points" ? ["good", "reached", "js"] : ["frechet", "ratio", "evenness"];
  const head = ["principle", "family", "data", "trained", "nll_nats", "standard_error", "bound", ...judged, "seconds_1000_samples", "seconds_1000_densities", "z", "encoder", "parameters", "measured"];
  const lines = lanes.map((lane, k) => {
    const row = rows[k] ?? {}, found = row.likelihood ?? {};
    return [lane.principle, lane.title, data, lane.trained, found.nats, found.standard_error, found.bound, ...judged.map((name) => row.judged?.[name]),
      row.sample_seconds, row.density_seconds, lane.z, lane.encoder, row.parameters, row.when];
  });
  return `${[head, ...lines].map((line) => line.map(quoted).join(",")).join("\n")}\n`;
}
