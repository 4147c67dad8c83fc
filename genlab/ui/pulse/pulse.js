export default function ({ data, parentElement, setTriggerValue }) {
  const send = unlessLeaving(setTriggerValue);
  clearInterval(parentElement.pulse);
  parentElement.pulse = setInterval(() => send("beat", performance.now()), 1000 * data);
  return () => clearInterval(parentElement.pulse);
}
