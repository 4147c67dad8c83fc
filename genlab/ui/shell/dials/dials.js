// Settings of a place on the page, which all its pictures follow; Python hears of it from here, whichever of them moved it.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";
import { Controls } from "../../browser/controls.js";
import { Place } from "../../browser/place.js";

class Dials extends Canvas {
  at = "";
  /** @type {any} */
  place = null;

  constructor(host) { super(host, `<div class="base dials"><div class="settings"></div></div>`); }

  receive({ meta }) {
    this.meta = meta;
    if (meta.at === this.at) return;
    this.place?.leave(this);
    this.find(".settings").replaceChildren();
    const controls = (this.controls = new Controls(this, meta.controls, () => this.place.set(controls.values)));
    this.at = meta.at;
    this.place = Place.of(meta.at, controls.values, this, () => controls.show(this.place));
    this.place.settle = () => controls.settled();
    controls.show(this.place);
  }

  leave() {
    super.leave();
    this.place?.leave(this);
  }
}

export default component(".dials-host", (host) => new Dials(host));
