// A beat that falls into the moment in which a file arrives would swallow it: the page would not be told of the file.
const ARRIVAL = 4000;  // milliseconds
let chosenAt = -Infinity;
const chosen = (event) => { if (event.type === "drop" || event.composedPath()[0].type === "file") chosenAt = performance.now(); };
for (const type of ["change", "drop"]) addEventListener(type, chosen, true);

export default function ({ data, parentElement, setTriggerValue }) {
  const send = unlessLeaving(setTriggerValue);
  clearInterval(parentElement.pulse);
  parentElement.pulse = setInterval(() => {
    if (performance.now() - chosenAt > ARRIVAL) send("beat", performance.now());
  }, 1000 * data);
  return () => clearInterval(parentElement.pulse);
}
