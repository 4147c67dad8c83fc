export default function ({ data, parentElement, setTriggerValue }) {
  const host = parentElement.querySelector(".line-host");
  host.send = unlessLeaving(setTriggerValue);
  host.line ??= new Line(host, (...message) => host.send(...message));
  host.calls = (host.calls ?? 0) + 1;  // called when the data changed, and then only
  host.line.show(String(host.calls), unpack(data), 350);
  return () => setTimeout(() => { if (!host.isConnected) host.line.leave(); });
}
