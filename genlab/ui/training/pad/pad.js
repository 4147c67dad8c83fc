// Strokes on a plane [−1, 1]², told to Python as points at equal distances along them.
import { Canvas } from "../../browser/canvas.js";
import { component } from "../../browser/component.js";
import { surface } from "../../browser/screen.js";

const STEP = 0.012, WIDTH = 0.02;

class Pad extends Canvas {
  meta = {};  // nothing is sent to it
  /** @type {number[][][]} */
  strokes = [];

  constructor(host) {
    super(host);
    const plane = this.canvas.plane, at = (event) => { const [x, y] = this.part(event, plane); return [2 * x - 1, 1 - 2 * y]; };
    this.pointer(plane, {
      grasp: (event) => { this.strokes.push([at(event)]); this.wake(); },
      drag: (event) => { this.strokes.at(-1).push(at(event)); this.wake(); },
      drop: () => this.hand(),
    });
  }

  receive() { this.wake(); }

  get does() {
    const then = (strokes) => { this.strokes = strokes; this.wake(); this.hand(); };
    return { undo: () => then(this.strokes.slice(0, -1)), clear: () => then([]) };
  }

  draw() {
    const { context, width, height } = surface(this.canvas.plane), { style } = this;
    context.clearRect(0, 0, width, height);
    const line = (points) => {
      context.beginPath();
      for (const [x, y] of points) context.lineTo((x + 1) / 2 * width, (1 - y) / 2 * height);
      context.stroke();
    };
    context.strokeStyle = style.line;
    line([[-1, 0], [1, 0]]);
    line([[0, -1], [0, 1]]);
    context.strokeStyle = style.data;
    context.lineWidth = Math.max(3, WIDTH * width);
    context.lineCap = context.lineJoin = "round";
    for (const stroke of this.strokes) line(stroke.length > 1 ? stroke : [stroke[0], [stroke[0][0] + 1e-3, stroke[0][1]]]);
    context.lineWidth = 1;
  }

  hand() {
    const points = [];
    for (const stroke of this.strokes) {
      points.push(...stroke[0]);
      let left = STEP;
      for (let k = 1; k < stroke.length; k++) {
        const [[x0, y0], [x1, y1]] = [stroke[k - 1], stroke[k]], length = Math.hypot(x1 - x0, y1 - y0);
        let at = left;
        for (; at <= length; at += STEP) points.push(x0 + (x1 - x0) * at / length, y0 + (y1 - y0) * at / length);
        left = at - length;
      }
    }
    const bytes = new Uint8Array(new Float32Array(points).buffer);
    this.tell({ points: points.length / 2 });
    this.send.state("points", btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join("")));
  }
}

export default component(".pad", (host) => new Pad(host));
