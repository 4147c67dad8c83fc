// navigator.clipboard exists only on https and on localhost: elsewhere a selected text field is copied.
async function copy(text) {
  if (navigator.clipboard) { await navigator.clipboard.writeText(text); return; }
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("not allowed to copy");
}

export default function ({ parentElement }) {
  const button = parentElement.querySelector("button");
  const status = parentElement.querySelector("span");
  let timer;
  button.onclick = async () => {
    let said = "Copied";
    const address = new URL(window.location.href);
    address.searchParams.delete("job");  // the token of a visitor's own training: a link to share must not steer it
    try { await copy(address.href); } catch { said = "Not allowed"; }
    button.textContent = status.textContent = said;
    clearTimeout(timer);
    timer = setTimeout(() => { button.textContent = "Copy link"; status.textContent = ""; }, 1500);
  };
  return () => clearTimeout(timer);
}
