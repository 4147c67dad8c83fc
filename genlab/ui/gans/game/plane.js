// What is drawn of a game on the plane. One set of typed arrays and of small pictures is used over and over: at 60 frames
// a second, garbage would show as a stutter.
import { disc, surface } from "../../browser/screen.js";

export class GamePlane {
  static CELLS = 160;  // of the raster of the heat across the plane; the browser smooths it to the screen's pixels
  static SHADES = 16;  // on the way from the noise's colour to the model's, and of the rings
  static THIN = 0.01;  // density, in points per unit of area where there is one in all, that is paper …
  static DENSE = 2;  // … and that is drawn in full strength
  static EVERY = 3;  // of this many made points one has an arrow
  static MARK = 5.6;  // half the width, in pixels, of a mark where the gradient is 1 …
  static LARGEST = 8;  // … and of the largest one
  static REACH = 0.5;  // no arrow is longer, in units of the plane; weak ones are a quarter of their push

  side = 0;
  made = new Float32Array(0);
  mesh = this.made;
  /** Of the drawing under way: where to, how large, and how the plane lies on it.
   * @type {any} */
  context = null;
  width = 0;
  unit = 1;
  half = 1;
  /** Of the small pictures: the colours and the size that they are made for.
   * @type {any} */
  style = null;
  ratio = 1;
  pixel = 1;

  constructor(canvas) {
    const n = GamePlane.CELLS;
    this.canvas = canvas;
    this.sheet = new OffscreenCanvas(n, n);
    this.image = new ImageData(n, n);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /** Makes room for a number of made points and side × side vertices. */
  fit(points, side) {
    Object.assign(this, { side, made: new Float32Array(2 * points), mesh: new Float32Array(2 * side * side) });
  }

  /** Paints all. `now`: the arrays of the moment, `pose`: see GameRound; `scene`: half, mass, show, style, hover. */
  draw(now, pose, scene) {
    const { context, width, ratio } = surface(this.canvas), { show, style, half, hover } = scene, unit = width / (2 * half);
    const shade = Math.round(pose.way * GamePlane.SHADES), size = Math.min(1.25, Math.max(0.8, width / 400));
    Object.assign(this, { context, width, unit, half });
    GamePlane.mix(now.z, now.fake, pose.way, this.made);
    GamePlane.mix(now.z_mesh, now.mesh, pose.way, this.mesh);
    if (this.style !== style || this.ratio !== ratio * size) this.prepare(style, ratio * size);
    context.clearRect(0, 0, width, width);
    if (show.heat) this.heat(now.heat, pose.heat, style.verdict, scene.scale);
    if (pose.gone) this.web(now.mesh, scene, style.way[GamePlane.SHADES], pose.gone);
    this.web(this.mesh, scene, style.way[shade], pose.fresh);
    if (show.real) {
      if (pose.rings) this.rings(now.real, now.says_real, pose.rings, scene.scale);
      this.dots(now.real, this.dot.real, pose.real, ratio);
    }
    if (show.made) {
      if (pose.rings) this.rings(now.fake, now.says_fake, pose.rings, scene.scale);
      if (pose.gone) this.dots(now.fake, this.dot.way[GamePlane.SHADES], pose.gone, ratio);
      this.dots(this.made, this.dot.way[shade], pose.fresh, ratio);
    }
    if (pose.marks) this.marks(now, show, style, pose.marks);
    if (show.push && pose.arrows) this.arrows(now, style, pose.arrows);
    if (hover >= 0) this.mark(now, pose, style, hover);
    if (scene.kept) this.pair(scene.kept, scene.part, style);
    context.globalAlpha = 1;
  }

  static mix(from, to, part, into) {
    if (part === 1) into.set(to);
    else for (let i = 0; i < into.length; i++) into[i] = from[i] + part * (to[i] - from[i]);
  }

  x(value) { return (value + this.half) * this.unit; }

  y(value) { return (this.half - value) * this.unit; }

  // ---------------------------------------------------------------- the discriminator

  /** What D says of a place, between the places at which it was asked; `heat` is square, row 0 on top. */
  static says(heat, half, x, y) {
    const side = Math.sqrt(heat.length), unit = side / (2 * half), at = (value) => Math.min(Math.max(value, 0), side - 1);
    const column = at((x + half) * unit - 0.5), row = at((half - y) * unit - 0.5);
    const c = Math.min(Math.floor(column), side - 2), r = Math.min(Math.floor(row), side - 2), u = column - c, v = row - r, i = r * side + c;
    const above = heat[i] + u * (heat[i + 1] - heat[i]), below = heat[i + side] + u * (heat[i + side + 1] - heat[i + side]);
    return above + v * (below - above);
  }

  /** `scale`: the D(x) in the middle of the colours, and how far from there the ends are. */
  heat(heat, strength, map, { neutral, reach }) {
    const { pixels, context, width } = this, n = GamePlane.CELLS, side = Math.sqrt(heat.length), step = side / n;
    for (let row = 0, p = 0; row < n; row++) {
      const y = Math.min(Math.max((row + 0.5) * step - 0.5, 0), side - 1), r = Math.min(y | 0, side - 2), v = y - r;
      for (let column = 0; column < n; column++, p++) {
        const x = Math.min(Math.max((column + 0.5) * step - 0.5, 0), side - 1), c = Math.min(x | 0, side - 2), u = x - c, i = r * side + c;
        const above = heat[i] + u * (heat[i + 1] - heat[i]), below = heat[i + side] + u * (heat[i + side + 1] - heat[i + side]);
        const said = (above + v * (below - above) - neutral) / reach;
        pixels[p] = map[((said < -1 ? 0 : said > 1 ? 2 : said + 1) * 127.99) | 0];
      }
    }
    this.sheet.getContext("2d").putImageData(this.image, 0, 0);
    context.globalAlpha = strength;
    context.drawImage(this.sheet, 0, 0, width, width);
  }

  /** Around each point a ring in the colour of what D says of it. */
  rings(points, says, strength, { neutral, reach }) {
    const { context, ring } = this, size = ring[0].width / this.pixel, last = GamePlane.SHADES;
    context.globalAlpha = strength;
    for (let i = 0; i < says.length; i++) {
      const said = Math.max(-1, Math.min(1, (says[i] - neutral) / reach)), picture = ring[Math.round(((said + 1) / 2) * last)];
      context.drawImage(picture, this.x(points[2 * i]) - size / 2, this.y(points[2 * i + 1]) - size / 2, size, size);
    }
  }

  /** Where D is told to say more (+) and less (−), as large as the gradient; real points are mostly of the first kind. */
  marks({ real, fake, told_real, told_fake }, show, style, strength) {
    const { context } = this;
    context.lineCap = "butt";
    for (const more of [true, false]) {
      context.beginPath();
      for (const [points, told, visible] of [[real, told_real, show.real], [fake, told_fake, show.made]]) for (let i = 0; visible && i < told.length; i++) {
        const size = Math.min(GamePlane.MARK * Math.abs(told[i]), GamePlane.LARGEST), x = this.x(points[2 * i]), y = this.y(points[2 * i + 1]);
        if (told[i] > 0 !== more || size < 0.5) continue;
        context.moveTo(x - size, y);
        context.lineTo(x + size, y);
        if (!more) continue;
        context.moveTo(x, y - size);
        context.lineTo(x, y + size);
      }
      this.twice(more ? style.more : style.less, style.paper, 1.6, 3.2, strength);
    }
  }

  // ---------------------------------------------------------------- the generator

  /** The mesh: its cells filled, the more opaque the denser the points are that G puts there, and its lines. */
  web(mesh, { show, mass }, colour, strength) {
    this.context.fillStyle = this.context.strokeStyle = colour;
    if (show.density) this.cells(this.context, mesh, mass, strength);
    if (show.mesh) this.lines(this.context, mesh, strength);
  }

  cells(context, mesh, mass, strength) {
    const { side, unit } = this, low = Math.log(GamePlane.THIN), range = Math.log(GamePlane.DENSE) - low;
    for (let row = 0; row + 1 < side; row++) for (let column = 0; column + 1 < side; column++) {
      const a = 2 * (row * side + column), b = a + 2, c = a + 2 * side, d = c + 2;
      const ax = mesh[a], ay = mesh[a + 1], bx = mesh[b] - ax, by = mesh[b + 1] - ay, cx = mesh[c] - ax, cy = mesh[c + 1] - ay, dx = mesh[d] - ax, dy = mesh[d + 1] - ay;
      const area = (Math.abs(bx * dy - by * dx) + Math.abs(dx * cy - dy * cx)) / 2;  // of both triangles, also where it folds
      const opaque = Math.min(1, (Math.log(mass / (area + 1e-9)) - low) / range);
      if (!(opaque > 0.02)) continue;
      const x = this.x(ax), y = this.y(ay);
      context.globalAlpha = 0.62 * opaque * strength;
      context.beginPath();
      context.moveTo(x, y);
      context.lineTo(x + bx * unit, y - by * unit);
      context.lineTo(x + dx * unit, y - dy * unit);
      context.lineTo(x + cx * unit, y - cy * unit);
      context.fill();
    }
  }

  lines(context, mesh, strength) {
    const { side } = this;
    context.globalAlpha = 0.5 * strength;
    context.lineWidth = 0.75;
    context.beginPath();
    for (let line = 0; line < 2 * side; line++) {
      const across = line < side, step = across ? 2 : 2 * side;
      for (let j = 0, i = across ? 2 * line * side : 2 * (line - side); j < side; j++, i += step) {
        if (j) context.lineTo(this.x(mesh[i]), this.y(mesh[i + 1]));
        else context.moveTo(this.x(mesh[i]), this.y(mesh[i + 1]));
      }
    }
    context.stroke();
  }

  /** Where each made point is told to move. */
  arrows({ push, fake }, style, strength) {
    this.context.beginPath();
    for (let i = 0; i < fake.length; i += 2 * GamePlane.EVERY) this.arrow(fake[i], fake[i + 1], push[i], push[i + 1], strength);
    this.twice(style.ink, style.paper, 1, 2.6, Math.min(1, 3 * strength));
  }

  /** Adds an arrow to the path: one scale for all, bent where it would get too long. */
  arrow(px, py, dx, dy, strength) {
    this.line(px, py, dx, dy, GamePlane.REACH * Math.tanh((0.25 * Math.hypot(dx, dy)) / GamePlane.REACH) * strength);
  }

  /** Adds an arrow of a length in units of the plane. */
  line(px, py, dx, dy, far) {
    const { context, unit } = this, pushed = Math.hypot(dx, dy) + 1e-9, length = far * unit;
    if (length < 1.5) return;
    const ex = dx / pushed, ey = -dy / pushed, x = this.x(px), y = this.y(py), tx = x + ex * length, ty = y + ey * length, head = Math.min(4, 0.45 * length);
    context.moveTo(x, y);
    context.lineTo(tx, ty);
    context.moveTo(tx - head * (ex - 0.6 * ey), ty - head * (ey + 0.6 * ex));
    context.lineTo(tx, ty);
    context.lineTo(tx - head * (ex + 0.6 * ey), ty - head * (ey - 0.6 * ex));
  }

  // ---------------------------------------------------------------- points

  dots(points, picture, strength, ratio) {
    const { context } = this, size = picture.width / ratio;
    context.globalAlpha = strength;
    for (let i = 0; i < points.length; i += 2) context.drawImage(picture, this.x(points[i]) - size / 2, this.y(points[i + 1]) - size / 2, size, size);
  }

  /** The point under the pointer; of a made one also its way from z to G(z), and its arrow. */
  mark({ z, fake, real, push }, { arrows, fresh, gone }, style, hover) {
    const { context, made } = this, count = made.length / 2, i = 2 * (hover % count);
    if (hover >= count) { this.disc(real[2 * (hover - count)], real[2 * (hover - count) + 1], 5, style.now, style.paper); return; }
    context.beginPath();
    context.moveTo(this.x(z[i]), this.y(z[i + 1]));
    context.lineTo(this.x(fake[i]), this.y(fake[i + 1]));
    const way = context.createLinearGradient(this.x(z[i]), this.y(z[i + 1]), this.x(fake[i]), this.y(fake[i + 1]));
    way.addColorStop(0, style.noise);
    way.addColorStop(1, style.model);
    this.twice(way, style.paper, 2, 4.5, 1);
    context.beginPath();
    this.arrow(fake[i], fake[i + 1], push[i], push[i + 1], arrows);
    this.twice(style.ink, style.paper, 2, 4.5, 1);
    this.disc(z[i], z[i + 1], 3.5, style.noise, style.paper);
    this.disc(fake[i], fake[i + 1], 5, style.now, style.paper, gone);
    this.disc(made[i], made[i + 1], 5, style.now, style.paper, fresh);
  }

  /** Of the point that is kept the arrow that D tells it, in D's colour, and the one that it takes, in G's. */
  pair({ at: [x, y], told, taken, lengths, times }, { told: toldPart, taken: takenPart }, style) {
    const { context } = this;
    if (taken) {
      context.beginPath();
      this.line(x, y, taken[0], taken[1], takenPart * times[1] * lengths[1]);
      this.twice(style.model, style.paper, 3, 6, 1);
    }
    context.beginPath();
    this.line(x, y, told[0], told[1], toldPart * times[0] * lengths[0]);
    this.twice(style.judge, style.paper, 2, 4.5, 1);
    this.disc(x, y, 5, style.now, style.paper);
  }

  disc(px, py, radius, colour, paper, strength = 1) {
    this.context.globalAlpha = strength;
    disc(this.context, this.x(px), this.y(py), radius, colour, paper);
  }

  /** Strokes a path with a rim of paper. */
  twice(colour, paper, thin, thick, strength) {
    const { context } = this;
    context.globalAlpha = strength;
    context.lineWidth = thick;
    context.strokeStyle = paper;
    context.stroke();
    context.lineWidth = thin;
    context.strokeStyle = colour;
    context.stroke();
  }

  /** Pictures of a dot in each colour, with a rim of paper that sets it off from any heat, and of a ring. */
  prepare(style, scale) {
    const picture = (radius, paint) => {
      const canvas = new OffscreenCanvas(Math.ceil(2 * radius * scale) + 1, Math.ceil(2 * radius * scale) + 1), context = canvas.getContext("2d");
      context.translate(canvas.width / 2, canvas.width / 2);
      paint(context, (at) => { context.beginPath(); context.arc(0, 0, at * scale, 0, 7); });
      return canvas;
    };
    const dot = (colour) => picture(2.6, (context, circle) => {
      for (const [radius, fill] of [[2.4, style.paper], [1.7, colour]]) {
        context.fillStyle = fill;
        circle(radius);
        context.fill();
      }
    });
    this.dot = { real: dot(style.data), way: style.way.map(dot) };
    this.ring = style.rings.map((colour) => picture(4.8, (context, circle) => {
      for (const [width, stroke] of [[2.6, style.paper], [1.6, colour]]) {
        context.strokeStyle = stroke;
        context.lineWidth = width * scale;
        circle(3.4);
        context.stroke();
      }
    }));
    Object.assign(this, { style, ratio: scale, pixel: window.devicePixelRatio || 1 });
  }
}
