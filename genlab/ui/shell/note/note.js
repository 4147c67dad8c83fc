// A sentence about a model, for which it asks.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";

class Note extends Canvas {
  constructor(host) { super(host, `<div class="base note"><p></p></div>`); }

  receive({ meta: { source, question, ...page } }) {
    this.connect(page);
    this.ask({ source, ...question }, ({ sentence }) => this.put(sentence));
  }

  /** @param {string} sentence in which **this** is bold */
  put(sentence) {
    const bold = (words) => Object.assign(document.createElement("b"), { textContent: words });
    this.find("p").replaceChildren(...sentence.split("**").map((part, i) => (i % 2 ? bold(part) : part)));
  }
}

export default component(".note-host", (host) => new Note(host));
