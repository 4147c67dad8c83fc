"""Pictures of known numbers, drawn by the canvases' own scripts on an empty page: no server, no model."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser
Modules = Callable[..., Page]


# Step t is certain of level t. For each step the brightness, from 0 to 255, of the brightest pixel of its column, the
# level in whose place it stands, and how many pixels of the column are bright.
HISTORY = """([levels, width, height]) => {
  const { left, right } = edge(1), canvas = document.createElement("canvas");
  const map = Array.from({ length: 256 }, (_, i) => [i, 0, 0]);
  canvas.style.cssText = `display: block; width: ${width + left + right}px; height: ${height + 16}px`;
  document.body.replaceChildren(canvas);
  const history = new History(levels, levels), logProbs = new Uint8Array(levels * levels);
  for (let t = 0; t < levels; t++) logProbs[t * levels + t] = 255;
  const black = { wash: "#000", line: "#000", quiet: "#000", font: "8px serif", scale: 1 };
  history.draw(canvas, levels, logProbs, map, 16, null, black);
  const ratio = devicePixelRatio, across = width * ratio, down = Math.floor(height * ratio);
  const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, down).data;
  const steps = Array.from({ length: levels }, (_, t) => {
    const x = Math.floor(left * ratio + (across * (t + 0.5)) / levels);
    const column = Array.from({ length: down }, (_, y) => pixels[4 * (y * canvas.width + x)]);
    const top = Math.max(...column), bright = column.filter((red) => red > 60).length;
    return [top, levels - 1 - Math.floor(((column.indexOf(top) + 0.5) * levels) / down), bright];
  });
  return [steps, history.shared];
}"""


@pytest.mark.parametrize("ratio", [1, 1.5, 2])
def test_a_certain_level_is_bright_however_few_rows_there_are(modules: Modules, ratio: float) -> None:
    page = modules("pixels/player/words", "pixels/player/panels", device_scale_factor=ratio)
    for levels, width in ((256, 640), (256, 90), (17, 640), (2, 640)):
        for height in (40, 57, 87, 128, 200, 255, 256, 257, 400):
            steps, shared = page.evaluate(HISTORY, [levels, width, height])
            rows, columns = min(levels, height // 2), min(levels, int(width * ratio))
            assert shared == (rows < levels or columns < levels)
            aside = levels / rows + levels / columns + 1  # levels in one row, and steps in one column
            tallest = 1 + height * ratio / rows * (1 if columns == levels else rows / columns + 2)
            for level, (top, place, bright) in enumerate(steps):
                told = (levels, width, height, level)
                assert top == 255, told
                assert abs(place - level) <= aside, told
                assert ratio <= bright <= tallest, told  # and the rest of the column is dark


def test_where_levels_share_a_row_the_legend_says_so(modules: Modules) -> None:
    page = modules("pixels/player/words", "pixels/player/panels")
    legend = """(shared) => words({
      meta: { n: 1, size: 1, levels: 256, total: 1, labels: null, floor: 12, temperature: 1 },
      places: [0], rows: true, history: { shared }, nats: [0], drawn: [0],
      known: [0], values: [0], surprise: [0] }, 0, 0, "none",
      { at: 0, image: 0, title: "" }).history"""
    assert "the likeliest" in page.evaluate(legend, True)
    assert "the likeliest" not in page.evaluate(legend, False)


@pytest.mark.parametrize("most", [1, 2, 87, 255, 256, 400])
def test_levels_that_share_a_row_give_it_their_largest(modules: Modules, most: int) -> None:
    page = modules("pixels/player/words", "pixels/player/panels")
    column = [(37 * level) % 256 for level in range(256)]
    rows = page.evaluate("([column, most]) => [...folded(Uint8Array.from(column), most)]", [column, most])
    assert len(rows) == min(most, 256)
    shares: list[list[int]] = [[] for _ in rows]
    for level, value in enumerate(column):
        shares[level * len(rows) // 256].append(value)
    assert rows == [max(share) for share in shares]


ROUND = """(moves) => {
  const round = new GameRound([...moves]), last = round.phases.length;
  const pose = (t) => { const into = {}; round.pose(Math.max(0, Math.min(last, t)), into); return into; };
  return Array.from({ length: last + 1 }, (_, k) => [pose(k - 1e-6), pose(k), pose(k + 1e-6)]);
}"""


@pytest.mark.parametrize("moves", ["DG", "DDDG", "D", "G", ""])
def test_nothing_jumps_where_two_phases_of_a_round_meet(modules: Modules, moves: str) -> None:
    """Points lie in two layers, those that go and those that come: what is seen of both at G(z) and at z counts."""
    for k, poses in enumerate(modules("gans/game/round").evaluate(ROUND, moves)):
        for pose in poses:
            fresh, way = pose.pop("fresh"), pose.pop("way")
            pose |= {"at z": fresh * (way < 1e-3), "at G(z)": pose.pop("gone") + fresh * (way > 1 - 1e-3)}
            assert pose["at z"] + pose["at G(z)"] == pytest.approx(1, abs=1e-4)
        before, at, after = poses
        assert before == pytest.approx(at, abs=1e-4), k
        assert after == pytest.approx(at, abs=1e-4), k


# One point at z = (−2, −2), made at (2, 2), which D takes for real: its mark is a red minus sign, its ring blue, its
# arrow green, the pointer on it yellow. The places, in units of the plane, at which each of these colours is seen.
MARKS = """([moves, times]) => {
  const canvas = document.createElement("canvas"), round = new GameRound([...moves]), half = 4;
  canvas.style.cssText = "display: block; width: 400px; height: 400px";
  document.body.replaceChildren(canvas);
  const plane = new GamePlane(canvas), one = (...values) => Float32Array.from(values);
  plane.fit(1, 2);
  const flat = new Float32Array(8);
  const now = { z: one(-2, -2), fake: one(2, 2), real: one(3, -3), mesh: flat, z_mesh: flat,
    heat: new Float32Array(1600), push: one(-8, 0), says_real: one(1), says_fake: one(0.9),
    told_real: one(0), told_fake: one(-0.95) };
  const white = "#ffffff", shades = (colour) => Array(GamePlane.SHADES + 1).fill(colour);
  const style = { paper: white, more: white, noise: white, model: white, data: white,
    less: "#ff0000", ink: "#00ff00", now: "#ffff00",
    verdict: new Uint32Array(256).fill(0xffffffff), way: shades(white), rings: shades("#0000ff") };
  const show = { heat: true, density: false, mesh: false, real: false, made: true, push: true };
  const kinds = { marks: [1, 0, 0], rings: [0, 0, 1], arrows: [0, 1, 0], pointer: [1, 1, 0] };
  return times.map((t) => {
    const pose = {};
    round.pose(t, pose);
    const seen = {};
    for (const kind in kinds) {
      const scale = { neutral: 0, reach: 1 };
      plane.draw(now, pose, { half, mass: 0.01, scale, rem: 15, show, style, hover: kind === "pointer" ? 0 : -1 });
      const { data } = canvas.getContext("2d").getImageData(0, 0, 400, 400);
      seen[kind] = [];
      for (let i = 0; i < 160000; i++) {
        if (!kinds[kind].every((on, c) => (on ? data[4 * i + c] > 200 : data[4 * i + c] < 235))) continue;
        seen[kind].push([(((i % 400) / 400) * 2 - 1) * half, (1 - (Math.floor(i / 400) / 400) * 2) * half]);
      }
    }
    return { pose, seen };
  });
}"""


@pytest.mark.parametrize("moves", ["DG", "DDG"])
def test_marks_rings_and_arrows_stand_on_made_points(modules: Modules, moves: str) -> None:
    page = modules("gans/game/round", "gans/game/plane")
    last = 5 * len(moves)
    times = [t for k in range(last + 1) for t in (k - 0.01, k, k + 0.01, k + 0.5) if 0 <= t <= last]
    strong = {"marks": 0, "rings": 0, "arrows": 0}
    for t, shown in zip(times, page.evaluate(MARKS, [moves, times]), strict=True):
        pose, seen = shown["pose"], shown["seen"]
        for kind in strong:
            assert all(abs(x - 2) < 1 and abs(y - 2) < 1 for x, y in seen[kind]), (t, kind)
            assert not seen[kind] or pose[kind] > 0, (t, kind)
            if pose[kind] > 0.9:
                strong[kind] += 1
                assert seen[kind], (t, kind)
        if pose["gone"] > 0.9:  # the pointer is still on the point that goes
            assert any(x > 1 for x, _ in seen["pointer"]), t
    assert all(strong.values())


@pytest.mark.parametrize("moves", ["DG", "DDG"])
def test_after_ds_move_the_arrows_are_there_and_the_marks_are_not(modules: Modules, moves: str) -> None:
    stops = [5 * (k + 1) for k, player in enumerate(moves) if player == "D"]
    for shown in modules("gans/game/round", "gans/game/plane").evaluate(MARKS, [moves, stops]):
        assert shown["pose"]["arrows"] == 1 and shown["seen"]["arrows"]
        assert shown["pose"]["marks"] == 0 and not shown["seen"]["marks"]
