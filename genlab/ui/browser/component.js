// How a canvas and Streamlit meet.
import { unpack } from "./unpack.js";

// Between a click on a link and the next page Streamlit takes what a canvas says as a wish to stay, and shows the old page. What
// a field says when it is left comes just before the click by which it was left.
const BLUR = 60, LEAVING = 3000;  // ms that such a field waits; and after which the click has led nowhere
let left = -Infinity;
const leave = () => { left = performance.now(); };
addEventListener("popstate", leave);
addEventListener("click", (event) => {
  const link = /** @type {any[]} */ (event.composedPath()).find((node) => node.tagName === "A" && node.href);
  if (link && link.origin === location.origin && link.pathname !== location.pathname && !link.download) leave();
}, true);

/** Says something for a canvas, unless its page is being left. */
const say = (born, send, ...message) => {
  const now = performance.now();
  if (born > left || now - left > LEAVING) send(...message);
};

/** The default export of a canvas's module, which Streamlit calls with new data and with a new theme: the first call makes the
 *  canvas of the element that is chosen. It is let go when its element has left the page, and then only: what a call that was
 *  overtaken gives back is called too.
 * @param {string} selector
 * @param {(host: any) => any} make */
export const component = (selector, make) => ({ data, parentElement, setStateValue }) => {
  const first = !parentElement.canvas;
  const canvas = (parentElement.canvas ??= make(parentElement.querySelector(selector))), born = (parentElement.born ??= performance.now());
  if (first) canvas.enlarge?.();
  canvas.send = {
    state: (...message) => setTimeout(() => say(born, setStateValue, ...message), BLUR),
    // Not Streamlit's own triggers, which are forgotten where the next message overtakes them: a click, and the field that it leaves.
    trigger: (name, value) => say(born, setStateValue, name, { value, at: performance.timeOrigin + performance.now() }),
  };
  canvas.receive(data && unpack(data));
  return () => setTimeout(() => { if (!parentElement.isConnected) canvas.leave(); });
};
