// The chain rule in three views: the data say which.
import { component } from "../../browser/component.js";
import { CategoricalView } from "./categorical.js";
import { EventView } from "./event.js";
import { UnrollView } from "./unroll.js";

const VIEWS = { event: EventView, unroll: UnrollView, categorical: CategoricalView };

class Chain {
  constructor(root) {
    this.root = root;
    /** @type {any} */
    this.view = null;
  }

  receive(data) {
    const section = this.root.querySelector(`[data-view="${data.meta.view}"]`);
    section.hidden = false;
    this.view ??= new VIEWS[data.meta.view](section);
    this.view.receive(data);
  }

  leave() { this.view.leave(); }
}

export default component(".chain", (root) => new Chain(root));
