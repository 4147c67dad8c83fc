// Copies the address of the page, with what its canvases show, and says what no address can carry.
import { complete } from "../../browser/alive.js";

const SHOWN = 1500, READ = 8000;  // ms for a word, and for a sentence

const left = (parameters) =>
  parameters.get("model") === "mine" ? "Copied, but without your own model: no link can carry weights. Save it as a file, or copy the link in Train, which has its settings."
  : parameters.get("mode") === "train" && parameters.has("job") ? "Copied: the settings of this training. What it has learnt is not in a link: save it as a file."
  : "";

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
    const address = complete(), sentence = left(address.searchParams);
    address.searchParams.delete("job");  // the token of a visitor's own training: a link to share must not steer it
    try { await copy(address.href); } catch { said = "Not allowed"; }
    button.textContent = said;
    status.textContent = said === "Copied" && sentence || said;
    status.classList.toggle("seen", said === "Copied" && Boolean(sentence));
    clearTimeout(timer);
    timer = setTimeout(() => { button.textContent = "Copy link"; status.textContent = ""; status.classList.remove("seen"); }, sentence ? READ : SHOWN);
  };
  return () => clearTimeout(timer);
}
