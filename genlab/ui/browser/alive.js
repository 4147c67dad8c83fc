// The canvases that a page has now: what they add to its link, and whose keys are pressed.
const KEYS = [" ", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"];
const OWN = "input, textarea, select, [contenteditable], [role=radiogroup], [role=listbox], [role=slider], [role=menu], [role=dialog]";

/** In the order in which they were made.
 * @type {Set<import("./canvas.js").Canvas>} */
export const alive = new Set();

const here = () => `${location.pathname} ${new URLSearchParams(location.search).get("mode")}`;
const brought = new URLSearchParams(location.search), arrival = here();

/** What the link brought under a name to the page and the mode that it leads to: once, then null.
 * @param {string} name */
export function bring(name) {
  if (here() !== arrival) return null;
  const text = brought.get(name);
  brought.delete(name);
  return text;
}

/** The address with what the canvases show. */
export function complete() {
  const address = new URL(location.href);
  for (const canvas of alive) {
    for (const [name, value] of Object.entries(canvas.meta ? canvas.carried : {})) {
      if (value === null || value === "") address.searchParams.delete(name);
      else address.searchParams.set(name, String(value));
    }
  }
  return address;
}

const inView = (root) => {
  const { top, bottom, width } = root.getBoundingClientRect();
  return width && bottom > 60 && top < innerHeight - 60;
};

// Space and arrows need no click first: where nothing else has the focus, the first canvas in view that knows the key takes it.
document.addEventListener("keydown", (event) => {
  const target = /** @type {any} */ (event.composedPath()[0]);
  if (event.defaultPrevented || !KEYS.includes(event.key) || target.closest(OWN) || (event.key === " " && target.closest("button"))) return;
  for (const canvas of alive) {
    if (canvas.meta && inView(canvas.root)) canvas.key(event);
    if (event.defaultPrevented) return;
  }
});

// A choice that was clicked would keep the arrows; who came to it by keyboard keeps it.
document.addEventListener("click", (event) => {
  const button = event.detail && /** @type {any} */ (event.target).closest?.('[data-testid="stButtonGroup"] button');
  if (button) setTimeout(() => button.blur());
}, true);
