// The plane of a flow at one position among its layers: where everything is, the raster of its density, what is drawn.
// One set of typed arrays is used over and over: at 60 frames a second, garbage would show as a stutter.
import { surface } from "../../browser/screen.js";
import { axes } from "../../browser/axes.js";

export class WarpPlane {
  static CELLS = 288;  // of the raster across the plane; the browser smooths it to the screen's pixels
  static CONTOUR = 4;  // cells of the raster between the corners of a contour: finer looks the same and costs more
  static TRAILS = 60;

  side = 0;
  /** At the vertices: place, log-density, log of how much area grew; and what it began with.
   * @type {Float32Array} */
  x = new Float32Array(0);
  y = this.x;
  logp = this.x;
  grown = this.x;
  start = this.x;
  /** @type {Float32Array} */
  points = this.x;
  /** Half the area of a cell of the regular mesh. */
  cell = 0;
  /** The density at every place of a stage, the nearest stage, and how near it is.
   * @type {{ shape: number[], data: Float32Array } | null} */
  grid = null;
  half = 1;
  stage = 0;
  near = 0;

  constructor(canvas) {
    const n = WarpPlane.CELLS;
    this.canvas = canvas;
    this.sheet = new OffscreenCanvas(n, n);
    this.image = new ImageData(n, n);
    this.pixels = new Uint32Array(this.image.data.buffer);
    this.density = new Float32Array(n * n);
    this.stretch = new Float32Array(n * n);
    this.crossings = new Float64Array(8);
  }

  /** Makes room for side × side vertices and a number of points. */
  fit(side, points) {
    const n = side * side;
    Object.assign(this, { side, x: new Float32Array(n), y: new Float32Array(n), logp: new Float32Array(n), grown: new Float32Array(n),
      points: new Float32Array(2 * points), start: new Float32Array(n), cell: 0 });
  }

  /** Brings all to position t: straight lines from stage to stage, and the exact density on the way. */
  place({ mesh, jac, logp, points, grid, half }, t, layers, way) {
    Object.assign(this, { grid, half, stage: Math.round(t), near: Math.max(0, 1 - 8 * Math.abs(t - Math.round(t))) });
    const first = way === "generate" ? 0 : layers * this.x.length;  // the stage at which the mesh is regular
    this.start = logp.subarray(first, first + this.x.length);
    this.cell = (mesh[2 * (first + 1)] - mesh[2 * first]) ** 2 / 2;
    const k = Math.min(Math.floor(t), layers - 1), u = t - k, w = 1 - u, n = this.x.length;
    for (let i = 0, a = 2 * k * n, b = a + 2 * n; i < n; i++, a += 2, b += 2) {
      this.x[i] = w * mesh[a] + u * mesh[b];
      this.y[i] = w * mesh[a + 1] + u * mesh[b + 1];
      const change = u * u + u * w * jac[a] + w * w * jac[a + 1];
      this.logp[i] = logp[(k + 1) * n + i] - Math.log(Math.abs(change) + 1e-30);
      this.grown[i] = logp[i] - this.logp[i];
    }
    const m = this.points.length;
    for (let i = 0, a = k * m; i < m; i++, a++) this.points[i] = w * points[a] + u * points[a + m];
  }

  /** Log-density at the corner a of a triangle. A triangle that spans a gap between two dense places would show the gap
   *  as dense as these: it carries no more mass than where the mesh was regular, so it is darkened to that. */
  true(a, b, c, area) {
    const { logp, start, cell } = this, mass = (p) => Math.exp((p[a] + p[b]) / 2) + Math.exp((p[b] + p[c]) / 2) + Math.exp((p[c] + p[a]) / 2);
    return logp[a] + Math.min(0, Math.log((mass(start) * cell) / (mass(logp) * area)));
  }

  /** The density and the stretch seen in the view. Where the mesh lies over itself, the denser sheet is on top. */
  rasterise(view) {
    const { side, x, y, logp, grown, density, stretch } = this, n = WarpPlane.CELLS, scale = n / (2 * view.half);
    const left = view.x - view.half, top = view.y + view.half;
    density.fill(-Infinity);
    for (let t = 0; t < 2 * (side - 1) * (side - 1); t++) {
      const cell = t >> 1, corner = cell + Math.floor(cell / (side - 1));
      const a = t & 1 ? corner + side + 1 : corner, b = corner + 1, c = corner + side;
      const ax = (x[a] - left) * scale, bx = (x[b] - left) * scale, cx = (x[c] - left) * scale;
      const ay = (top - y[a]) * scale, by = (top - y[b]) * scale, cy = (top - y[c]) * scale;
      const x0 = Math.min(ax, bx, cx), x1 = Math.max(ax, bx, cx), y0 = Math.min(ay, by, cy), y1 = Math.max(ay, by, cy);
      if (!(x1 > 0 && y1 > 0 && x0 < n && y0 < n)) continue;
      const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
      if (!(Math.abs(area) > 1e-6 && Math.abs(area) < 1e12)) continue;
      const va = this.true(a, b, c, Math.abs(area) / (2 * scale * scale)), vb = logp[b] - logp[a], vc = logp[c] - logp[a], wa = grown[a], wb = grown[b] - wa, wc = grown[c] - wa;
      const vdx = (vb * (cy - ay) - vc * (by - ay)) / area, vdy = (vc * (bx - ax) - vb * (cx - ax)) / area;
      const wdx = (wb * (cy - ay) - wc * (by - ay)) / area, wdy = (wc * (bx - ax) - wb * (cx - ax)) / area;
      const rows = Math.min(n, Math.ceil(y1 - 0.5));
      for (let row = Math.max(0, Math.ceil(y0 - 0.5)); row < rows; row++) {
        const at = row + 0.5;
        let from = Infinity, to = -Infinity;
        if ((ay <= at) !== (by <= at)) { const cut = ax + ((at - ay) * (bx - ax)) / (by - ay); if (cut < from) from = cut; if (cut > to) to = cut; }
        if ((by <= at) !== (cy <= at)) { const cut = bx + ((at - by) * (cx - bx)) / (cy - by); if (cut < from) from = cut; if (cut > to) to = cut; }
        if ((cy <= at) !== (ay <= at)) { const cut = cx + ((at - cy) * (ax - cx)) / (ay - cy); if (cut < from) from = cut; if (cut > to) to = cut; }
        const first = Math.max(0, Math.ceil(from - 0.5)), end = row * n + Math.min(n, Math.ceil(to - 0.5));
        let v = va + (first + 0.5 - ax) * vdx + (at - ay) * vdy, w = wa + (first + 0.5 - ax) * wdx + (at - ay) * wdy;
        for (let i = row * n + first; i < end; i++, v += vdx, w += wdx) if (v > density[i]) { density[i] = v; stretch[i] = w; }
      }
    }
  }

  /** At a stage the density is known at every place, not only at the vertices: near one it takes the place of the raster. */
  refine(view) {
    const { grid, half, stage, near, density } = this, n = WarpPlane.CELLS;
    if (!grid || !near) return;
    const side = grid.shape[1], from = stage * side * side, unit = side / (2 * half), step = ((2 * view.half) / n) * unit;
    const left = (view.x - view.half + half) * unit - 0.5 + step / 2, top = (half - view.y - view.half) * unit - 0.5 + step / 2;
    for (let row = 0, i = 0; row < n; row++) {
      const y = top + row * step, r = Math.min(Math.max(Math.floor(y), 0), side - 2), v = y - r;
      for (let column = 0; column < n; column++, i++) {
        const x = left + column * step, c = Math.min(Math.max(Math.floor(x), 0), side - 2), u = x - c, at = from + r * side + c;
        const above = grid.data[at] + u * (grid.data[at + 1] - grid.data[at]);
        const below = grid.data[at + side] + u * (grid.data[at + side + 1] - grid.data[at + side]);
        const exact = above + v * (below - above), shown = density[i] === -Infinity ? exact - 12 : density[i];
        density[i] = shown + near * (exact - shown);
      }
    }
  }

  /** Paints the whole plane. `scene`: view, scale, style, rem, show (which layers), way, name (of the coordinates),
   *  hover (a point or -1), points, stages. */
  draw(scene) {
    const { context, width, ratio } = surface(this.canvas), { view, style, show } = scene;
    this.rasterise(view);
    if (!scene.show.stretch) this.refine(view);
    context.clearRect(0, 0, width, width);
    const unit = width / (2 * view.half), left = view.x - view.half, top = view.y + view.half, heat = show.density || show.stretch;
    context.lineWidth = 1;
    context.strokeStyle = style.line;
    context.beginPath();
    context.moveTo(-left * unit, 0);
    context.lineTo(-left * unit, width);
    context.moveTo(0, top * unit);
    context.lineTo(width, top * unit);
    context.stroke();
    if (heat) {
      if (show.stretch) this.colour(this.stretch, -scene.scale.stretch, scene.scale.stretch, style.diverging);
      else this.colour(this.density, scene.scale.top - scene.depth, scene.scale.top, style.sequential);
      context.drawImage(this.sheet, 0, 0, width, width);
    }
    const x = (v) => (v - left) * unit, y = (v) => (top - v) * unit;
    if (show.mesh) {
      context.strokeStyle = scene.way === "normalize" ? style.quiet : show.density ? style.grid : style.noise;
      context.globalAlpha = 0.5;
      context.lineWidth = 0.75;
      this.mesh(context, x, y, width);
    }
    if (show.contours) {
      context.strokeStyle = show.density ? "#fff" : style.ink;
      context.globalAlpha = show.density ? 0.8 : 0.6;
      context.lineWidth = 1.1;
      this.contours(context, width / WarpPlane.CELLS, scene.scale.top - scene.depth);
    }
    const colour = scene.way === "generate" ? style.model : style.data, { points, stages } = scene;
    context.globalAlpha = show.paths ? 0.4 : 1;
    if (show.points) {
      const dot = this.dot(colour, style.paper, ratio * Math.min(1.6, Math.max(0.65, width / 440))), size = dot.width / ratio;
      for (let i = 0; i < this.points.length; i += 2) {
        const px = x(this.points[i]), py = y(this.points[i + 1]);
        if (px > -size && py > -size && px < width + size && py < width + size) context.drawImage(dot, px - size / 2, py - size / 2, size, size);
      }
    }
    if (show.paths) {
      const apart = Math.max(1, Math.floor(this.points.length / 2 / WarpPlane.TRAILS));
      context.beginPath();
      for (let i = 0; i < this.points.length / 2; i += apart) this.trail(context, points, i, stages, x, y);
      this.twice(context, colour, style.paper, 1.4, 3);
    }
    axes(context, width, view, scene, scene.name);
    context.globalAlpha = 1;
    if (scene.hover >= 0) this.mark(context, scene, colour, x, y);
  }

  /** Values of the raster as colours of a map (256 pixels, as numbers), from one value to another. */
  colour(values, low, high, map) {
    const { density, pixels } = this, scale = 255.99 / (high - low);
    for (let i = 0; i < pixels.length; i++) {
      if (density[i] === -Infinity) { pixels[i] = 0; continue; }
      const at = (values[i] - low) * scale;
      pixels[i] = map[at > 255 ? 255 : at > 0 ? at | 0 : 0];
    }
    this.sheet.getContext("2d").putImageData(this.image, 0, 0);
  }

  mesh(context, x, y, width) {
    const { side } = this;
    context.beginPath();
    for (let line = 0; line < 2 * side; line++) {
      const across = line < side, start = across ? line * side : line - side, step = across ? 1 : side;
      let px = 0, py = 0, pen = false;
      for (let j = 0, i = start; j < side; j++, i += step) {
        const qx = x(this.x[i]), qy = y(this.y[i]);
        const seen = j && Math.max(px, qx) > 0 && Math.min(px, qx) < width && Math.max(py, qy) > 0 && Math.min(py, qy) < width;
        if (seen) {
          if (!pen) context.moveTo(px, py);
          context.lineTo(qx, qy);
        }
        pen = seen;
        px = qx;
        py = qy;
      }
    }
    context.stroke();
  }

  /** Lines of equal density, one nat apart. */
  contours(context, unit, low) {
    const n = WarpPlane.CELLS, g = WarpPlane.CONTOUR, { density, crossings } = this;
    context.beginPath();
    for (let row = 0; row + g < n; row += g) for (let column = 0; column + g < n; column += g) {
      const i = row * n + column, a = density[i], b = density[i + g], c = density[i + g * n + g], d = density[i + g * n];
      const least = Math.min(a, b, c, d), most = Math.max(a, b, c, d);
      if (least === -Infinity) continue;
      for (let level = Math.ceil(Math.max(least, low)); level < most; level++) {
        let found = 0;
        if ((a > level) !== (b > level)) { crossings[found++] = column + (g * (level - a)) / (b - a); crossings[found++] = row; }
        if ((b > level) !== (c > level)) { crossings[found++] = column + g; crossings[found++] = row + (g * (level - b)) / (c - b); }
        if ((d > level) !== (c > level)) { crossings[found++] = column + (g * (level - d)) / (c - d); crossings[found++] = row + g; }
        if ((a > level) !== (d > level)) { crossings[found++] = column; crossings[found++] = row + (g * (level - a)) / (d - a); }
        for (let k = 0; k < found; k += 4) {
          context.moveTo((crossings[k] + 0.5) * unit, (crossings[k + 1] + 0.5) * unit);
          context.lineTo((crossings[k + 2] + 0.5) * unit, (crossings[k + 3] + 0.5) * unit);
        }
      }
    }
    context.stroke();
  }

  /** The way of a point through all stages, added to the path. */
  trail(context, points, i, stages, x, y) {
    const m = this.points.length;
    for (let k = 0, at = 2 * i; k < stages; k++, at += m) {
      if (k) context.lineTo(x(points[at]), y(points[at + 1]));
      else context.moveTo(x(points[at]), y(points[at + 1]));
    }
  }

  /** Strokes a path with a rim of paper. */
  twice(context, colour, paper, thin, thick) {
    context.globalAlpha = 1;
    for (const [line, stroke] of [[thick, paper], [thin, colour]]) {
      context.lineWidth = line;
      context.strokeStyle = stroke;
      context.stroke();
    }
  }

  /** A picture of one point, with a rim of paper that sets it off from any heat. */
  dot(colour, paper, scale) {
    const name = `${colour} ${paper} ${scale}`;
    if (this.dotName === name) return this.dotPicture;
    const size = Math.ceil(5 * scale), canvas = new OffscreenCanvas(size, size), context = canvas.getContext("2d");
    for (const [radius, fill] of [[2.2, paper], [1.6, colour]]) {
      context.fillStyle = fill;
      context.beginPath();
      context.arc(size / 2, size / 2, radius * scale, 0, 7);
      context.fill();
    }
    this.dotName = name;
    this.dotPicture = canvas;
    return canvas;
  }

  /** The whole path of one point, a dot at each stage, a ring where it is now. */
  mark(context, { hover, points, stages, style }, colour, x, y) {
    context.lineJoin = "round";
    context.beginPath();
    this.trail(context, points, hover, stages, x, y);
    this.twice(context, colour, style.paper, 2, 4.5);
    const disc = (px, py, radius, fill) => {
      context.beginPath();
      context.arc(px, py, radius, 0, 7);
      context.fillStyle = fill;
      context.fill();
    };
    for (let k = 0, at = 2 * hover; k < stages; k++, at += this.points.length) {
      const px = x(points[at]), py = y(points[at + 1]);
      disc(px, py, 4.5, style.paper);
      disc(px, py, 3, k ? colour : style.noise);
    }
    const px = x(this.points[2 * hover]), py = y(this.points[2 * hover + 1]);
    disc(px, py, 7, style.paper);
    disc(px, py, 5.5, style.now);
  }
}
