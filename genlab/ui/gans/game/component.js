export default function ({ data, parentElement }) {
  const host = parentElement.querySelector(".game-host");
  host.game ??= new Game(host, null, true);
  host.calls = (host.calls ?? 0) + 1;  // called when the data changed, and then only
  host.game.show(String(host.calls), unpack(data), 350);
  return () => setTimeout(() => { if (!host.isConnected) host.game.leave(); });
}
