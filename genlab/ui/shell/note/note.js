// A sentence about a model, for which it asks.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";

class Note extends Canvas {
  constructor(host) { super(host, `<div class="base note"><p></p></div>`); }

  receive({ meta: { source, question, ...page } }) {
    this.connect(page);
    this.ask({ source, ...question }, ({ sentence }) => this.phrase(this.find("p"), sentence));
  }
}

export default component(".note-host", (host) => new Note(host));
