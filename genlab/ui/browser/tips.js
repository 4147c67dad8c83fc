// What a title says to whom hovers, said to a finger and to the keyboard too.
const SHOWN = 6000;  // ms that it stays without another touch

const bubble = Object.assign(document.createElement("div"), { role: "tooltip", hidden: true });
let timer = 0;

/** The nearest title on the way from a node to the edge of its canvas, and the node that has it: around a canvas are
 *  Streamlit's own words, which have their own help. */
function titled(path) {
  const edge = path.findIndex((node) => node instanceof ShadowRoot);
  for (const node of path.slice(0, Math.max(0, edge))) {
    const text = node.title || node.querySelector(":scope > title")?.textContent;
    if (text) return { node, text };
  }
  return null;
}

function hide() {
  clearTimeout(timer);
  bubble.hidden = true;
}

function show({ node, text }) {
  const { left, bottom, top } = node.getBoundingClientRect(), css = getComputedStyle(node);
  Object.assign(bubble.style, { position: "fixed", zIndex: 1000, maxWidth: "min(22rem, 86vw)", padding: "0.4rem 0.6rem", borderRadius: "6px",
    font: css.fontFamily, fontSize: "0.82rem", color: css.getPropertyValue("--paper"), background: css.getPropertyValue("--ink"), pointerEvents: "none" });
  bubble.textContent = text;
  bubble.hidden = false;
  (node.getRootNode().fullscreenElement ?? document.body).append(bubble);
  const box = bubble.getBoundingClientRect(), below = bottom + 6 + box.height < innerHeight;
  bubble.style.left = `${Math.max(8, Math.min(left, innerWidth - box.width - 8))}px`;
  bubble.style.top = `${below ? bottom + 6 : Math.max(8, top - box.height - 6)}px`;
  clearTimeout(timer);
  timer = window.setTimeout(hide, SHOWN);
}

const tell = (event) => {
  const found = titled(event.composedPath());
  if (found) show(found); else hide();
};

/** Listens on a canvas: what happens between two elements inside it is not heard outside. */
export function tips(root) {
  root.addEventListener("pointerup", (event) => { if (event.pointerType === "touch") tell(event); });
  root.addEventListener("focusin", (event) => { if (event.target.matches(":focus-visible")) tell(event); });
  root.addEventListener("focusout", hide);
  root.addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });
}
