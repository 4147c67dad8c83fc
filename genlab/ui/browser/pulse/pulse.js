// A beat that falls into the moment in which a file arrives would swallow it: the page would not be told of the file.
import { unlessLeaving } from "../leaving.js";

const ARRIVAL = 4000;  // milliseconds
let chosenAt = -Infinity;
const chosen = (event) => { if (event.type === "drop" || event.composedPath()[0].type === "file") chosenAt = performance.now(); };
for (const type of ["change", "drop"]) addEventListener(type, chosen, true);

export default function ({ data, parentElement, setTriggerValue }) {
  const send = unlessLeaving(setTriggerValue);
  clearInterval(parentElement.pulse);
  const timer = setInterval(() => { if (performance.now() - chosenAt > ARRIVAL) send("beat", performance.now()); }, 1000 * data);
  parentElement.pulse = timer;
  return () => clearInterval(timer);  // a call that was overtaken must not stop the one after it
}
