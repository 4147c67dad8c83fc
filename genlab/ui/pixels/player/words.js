// What stands beside the pictures, in the units of the field.
import { decimal } from "../../browser/screen.js";

export const HEATS = {
  none: null,
  entropy: { title: "entropy before drawing", top: (levels) => Math.log2(levels) },
  surprise: { title: "surprise at what was drawn", top: (levels) => Math.max(4, Math.log2(levels)) },
  expected: { title: "expected value", top: null },
};

/** The whole number of a text, from `least` to `most`; null for any other text.
 * @param {string | null} text */
export const counted = (text, most, least = 1) => (text && /^\d{1,4}$/.test(text) && +text >= least && +text <= most ? +text : null);

export const raised = (power) => "⁻" + String(power).replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);

/** What all that was drawn of an image costs. */
export function costs(trace, step, image) {
  const at = Math.min(step, trace.have), nats = trace.nats[at * trace.meta.n + image], count = trace.drawn[at];
  return count ? `${decimal(nats, 1)} nats · ${decimal(nats / count / Math.LN2, 3)} bits/dim` : "–";
}

/** What the picture beside the images shows. */
function believed(trace, step, heat, which) {
  const { n, total } = trace.meta, count = `${step} of ${total} pixels known`;
  if (trace.maps) return { "known-title": heat === "entropy" ? "how unsure it is of each" : "what it expects of each", known: which || count };
  if (n > 1) return { "known-title": "the one looked at", known: which };
  return { "known-title": "known so far", known: `${step} of ${total} pixels${trace.known[0] === 1 ? " · blue: given" : ""}` };
}

/** What is thought of a pixel that is unknown before a step. */
function guessed({ maps, meta: { size, levels } }, step, position) {
  const of = (map) => map[step * size * size + position] / 255;
  return `expects ${decimal(of(maps.expected) * (levels - 1))} · ${decimal(of(maps.entropy) * Math.log2(levels))} bits`;
}

/** Text of each `data-say` element. `shown` is the pixel whose posterior is on view. */
export function words(trace, step, focus, heat, shown) {
  const { n, size, levels, total, labels, floor, temperature } = trace.meta;
  const { places, rows } = trace;
  const at = shown.at * n + shown.image, nats = trace.nats[step * n + focus], count = trace.drawn[step];
  const where = (position) => `row ${Math.floor(position / size)}, column ${position % size}`;
  const position = shown.position ?? places[shown.at], place = shown.position !== undefined || rows || shown.at < trace.have ? where(position) : "";
  const given = trace.known[at] === 1;
  const fate = given ? `given: ${trace.values[at]}` : shown.at <= step && shown.at < trace.have
    ? `${shown.at === step ? "will draw" : "drew"} ${trace.values[at]} · ${decimal(trace.surprise[at] / Math.LN2)} bits`
    : trace.maps && step < trace.have ? guessed(trace, step, shown.position) : "unknown yet";
  const kind = labels && `class ${labels[focus]}`, joined = (...parts) => parts.filter(Boolean).join(" · ");
  const pointed = step < total ? "red: the next pixel" : shown.ring ? "framed: least likely" : shown.position === undefined ? "no pixel surprises" : "";
  const [digits, power] = Math.exp(-floor).toExponential(0).split("e-"), top = HEATS[heat]?.top?.(levels);
  return {
    ...believed(trace, step, heat, joined(n > 1 && `number ${focus + 1}`, kind)),
    "image-title": n > 1 ? "sixteen images" : "the image",
    image: n > 1 ? HEATS[heat]?.title ?? "drawn in parallel: click one" : joined(kind, HEATS[heat]?.title ?? pointed),
    "posterior-title": shown.title,
    "score-title": trace.known.includes(1) ? "what it drew so far" : "this image so far",
    posterior: joined(place, fate),
    // The likelihood is that of the distribution drawn from: another temperature, another distribution.
    step: temperature === 1 ? `step ${step} of ${total}` : `at temperature ${Number(temperature.toFixed(2))}`,
    nats: count ? nats.toFixed(1) : "–",
    bits: count ? (nats / count / Math.LN2).toFixed(3) : "–",
    perplexity: count ? Math.exp(nats / count).toFixed(2) : "–",
    history: `${levels} grey levels × ${total} steps, one column a ${rows ? "pixel" : "step"}${trace.history.shared ? "; of those that share a dot, the likeliest" : ""}`,
    floor: `${digits}×10${raised(power)}`,
    "heat-max": top ? `${heat === "surprise" ? "≥ " : ""}${Number(top.toFixed(1))} bits` : `${levels - 1} (grey level)`,
  };
}
