// The foot of the sidebar: what the devices hold, and the trainings there are, as the wire tells.
import { unpack } from "../../browser/unpack.js";
import { wireOf } from "../../browser/wire.js";

const CANVAS = "status";

/** An element with a class and a text, or with children. */
function element(name, content) {
  const node = document.createElement("div");
  node.className = name;
  if (typeof content === "string") node.textContent = content; else node.append(...content);
  return node;
}

function row(...texts) {
  return element("row", texts.map((text) => Object.assign(document.createElement("span"), { textContent: text })));
}

/** @param {any} root
 *  @param {{ devices: any[], trainings: any[] }} said */
function show(root, { devices, trainings }) {
  const rows = devices.flatMap(({ name, held, share }) => {
    const level = element("level", ""), bar = element("bar", [level]);
    level.style.width = `${100 * share}%`;
    return [row(name, held), bar];
  });
  rows.push(...trainings.flatMap(({ title, whose, state }) => [row(title, whose), element("still", state)]));
  if (!trainings.length) rows.push(element("row still", [Object.assign(document.createElement("span"), { textContent: "no training under way" })]));
  root.replaceChildren(...rows);
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".status"), { meta } = unpack(data), wire = wireOf(meta);
  if (!root.childElementCount) show(root, meta.said);  // later the wire knows better
  wire.status(CANVAS, (news) => show(root, news.meta));
  return () => setTimeout(() => { if (!root.isConnected) wire.drop(CANVAS); });
}
