export default function ({ data, parentElement }) {
  const host = parentElement.querySelector(".warp-host");
  host.warp ??= new Warp(host);
  host.calls = (host.calls ?? 0) + 1;  // called when the data changed, and then only
  host.warp.show(String(host.calls), unpack(data), 350);
  return () => setTimeout(() => { if (!host.isConnected) host.warp.leave(); });
}
