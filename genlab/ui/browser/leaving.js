// Between a click on a link and the new page a component must not speak: Streamlit would answer with the page that is
// being left, whose pieces then arrive in the new page, where they have no place: the browser throws, and all is white.
const SILENCE = 3000;  // milliseconds, after which the click has led nowhere
let leftAt = -Infinity;
const leave = () => { leftAt = performance.now(); };
addEventListener("popstate", leave);
addEventListener("click", (event) => {
  const link = /** @type {any[]} */ (event.composedPath()).find((node) => node.tagName === "A" && node.href);
  if (link && link.origin === location.origin && link.pathname !== location.pathname && !link.download) leave();
}, true);

/** A message to Python, or nothing while the page is being left. */
export const unlessLeaving = (send) => (...message) => performance.now() - leftAt > SILENCE && send(...message);
