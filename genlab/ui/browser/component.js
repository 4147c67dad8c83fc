// How a canvas and Streamlit meet.
import { unpack } from "./unpack.js";

/** The default export of a canvas's module, which Streamlit calls with new data and with a new theme: the first call makes the
 *  canvas of the element that is chosen. It is let go when its element has left the page, and then only: what a call that was
 *  overtaken gives back is called too.
 * @param {string} selector
 * @param {(host: any) => any} make */
export const component = (selector, make) => ({ data, parentElement, setStateValue, setTriggerValue }) => {
  const canvas = (parentElement.canvas ??= make(parentElement.querySelector(selector)));
  canvas.send = { state: setStateValue, trigger: setTriggerValue };
  canvas.receive(data && unpack(data));
  return () => setTimeout(() => { if (!parentElement.isConnected) canvas.leave(); });
};
