// Strokes on a plane [−1, 1]², told to Python as points at equal distances along them.
const PAD_STEP = 0.012, PAD_WIDTH = 0.02;

class Pad {
  constructor(root) {
    Object.assign(this, { root, canvas: root.querySelector("canvas"), strokes: [], stroke: null });
    this.canvas.onpointerdown = (e) => { this.canvas.setPointerCapture(e.pointerId); this.stroke = [this.at(e)]; this.strokes.push(this.stroke); this.paint(); };
    this.canvas.onpointermove = (e) => { if (this.stroke) { this.stroke.push(this.at(e)); this.paint(); } };
    this.canvas.onpointerup = this.canvas.onpointercancel = () => { if (this.stroke) { this.stroke = null; this.tell(); } };
    root.querySelector('[data-do="undo"]').onclick = () => { this.strokes.pop(); this.paint(); this.tell(); };
    root.querySelector('[data-do="clear"]').onclick = () => { this.strokes = []; this.paint(); this.tell(); };
    this.observer = new ResizeObserver(() => this.paint());
    this.observer.observe(this.canvas);
  }

  at(e) {
    const box = this.canvas.getBoundingClientRect();
    return [2 * (e.clientX - box.left) / box.width - 1, 1 - 2 * (e.clientY - box.top) / box.height];
  }

  paint() {
    const { context, width, height } = surface(this.canvas), css = getComputedStyle(this.root);
    context.clearRect(0, 0, width, height);
    const line = (points) => {
      context.beginPath();
      for (const [x, y] of points) context.lineTo((x + 1) / 2 * width, (1 - y) / 2 * height);
      context.stroke();
    };
    context.strokeStyle = css.getPropertyValue("--st-border-color");
    line([[-1, 0], [1, 0]]);
    line([[0, -1], [0, 1]]);
    context.strokeStyle = css.getPropertyValue("--st-blue-color");
    context.lineWidth = Math.max(3, PAD_WIDTH * width);
    context.lineCap = context.lineJoin = "round";
    for (const stroke of this.strokes) line(stroke.length > 1 ? stroke : [stroke[0], [stroke[0][0] + 1e-3, stroke[0][1]]]);
    context.lineWidth = 1;
  }

  tell() {
    const points = [];
    for (const stroke of this.strokes) {
      points.push(...stroke[0]);
      let left = PAD_STEP;
      for (let k = 1; k < stroke.length; k++) {
        const [[x0, y0], [x1, y1]] = [stroke[k - 1], stroke[k]], length = Math.hypot(x1 - x0, y1 - y0);
        let at = left;
        for (; at <= length; at += PAD_STEP) points.push(x0 + (x1 - x0) * at / length, y0 + (y1 - y0) * at / length);
        left = at - length;
      }
    }
    const bytes = new Uint8Array(new Float32Array(points).buffer);
    this.root.dataset.points = points.length / 2;
    this.send("points", btoa(Array.from(bytes, (b) => String.fromCharCode(b)).join("")));
  }
}

export default function ({ parentElement, setStateValue }) {
  const root = parentElement.querySelector(".pad");
  root.pad ??= new Pad(root);
  root.pad.send = setStateValue;
  return () => setTimeout(() => { if (!root.isConnected) root.pad.observer.disconnect(); });
}
