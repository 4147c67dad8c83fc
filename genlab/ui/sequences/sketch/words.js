// What is said of a sequence that is given in part.

/** What the model can know of what is given.
 *  @param {(number | null)[]} values
 *  @param {boolean} causal false for the network that is told by a mask what is known */
export function foresight(values, causal) {
  const first = values.indexOf(null), later = first < 0 ? 0 : values.slice(first).filter((level) => level !== null).length;
  if (first < 0) return "Everything is given: nothing is left to the model.";
  if (!later) return first ? "All that is given comes before what is written: each continuation is a draw given it." : "Nothing is given: these are sequences of the model’s own.";
  const lie = later === 1 ? "One given value lies" : `${later} given values lie`, why = causal ? "a causal model cannot look at what comes later"
    : "the mask could tell the network of them, but it was trained on beginnings only, and is asked so";
  return `${lie} after the first unknown place: kept, but not foreseen, since ${why}. See the jump.`;
}
