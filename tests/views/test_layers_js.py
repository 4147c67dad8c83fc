"""The layers that hands bend are computed in the browser: its numbers are those of the layers themselves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import genlab
from genlab.data import plane
from genlab.models.flow import Flow
from genlab.models.spline import knots
from genlab.views.plane import HALF, layer_numbers
from tests.views.test_flows import flow

UI = Path(genlab.__file__).parent / "ui"
SIDE = 7  # of the mesh: a spline is known at these places of the coordinate that is kept

ASK = """
globalThis.OffscreenCanvas = class { getContext() { return {}; } };
globalThis.matchMedia = () => ({});
const [ui, asked] = Deno.args, { meta, raw, points, drags } = JSON.parse(asked);
const { PlanarHand, RadialHand, SplineHand } = await import(`${ui}/flows/hands/kinds.js`);
const kind = { planar: PlanarHand, radial: RadialHand, spline: SplineHand }[meta.kind];
const hand = new kind({ meta, raw: { data: new Float32Array(raw) } });
const read = () => points.map(([a, b]) => hand.map()(a, b));
const trained = read(), told = [];
for (const [name, place] of drags) {
  hand.marks(meta.half).find((mark) => mark.name === name).to(place);
  const { at } = hand.marks(meta.half).find((mark) => mark.name === name);
  told.push({ values: hand.values, raw: hand.at?.(hand.column), at, map: read(), good: hand.good(hand.values) });
}
console.log(JSON.stringify({ trained, told }));
"""


def ask(folder: Path, **asked: Any) -> dict[str, Any]:
    """What the browser's modules make of a layer's numbers, as trained and after each of some drags."""
    (folder / "ask.mjs").write_text(ASK)
    deno = Path(sys.executable).with_name("deno")
    command = [deno, "run", "--quiet", "--no-config", "--cached-only", f"--allow-read={UI},{folder}"]
    environment = {**os.environ, "DENO_DIR": str(folder / "deno"), "DENO_NO_UPDATE_CHECK": "1"}
    command += [folder / "ask.mjs", UI.as_uri(), json.dumps(asked)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def points() -> np.ndarray:
    """On the places of the mesh one way, anywhere the other way; and, for a spline, beyond its end."""
    line = np.linspace(-HALF, HALF, SIDE)
    return np.stack(np.meshgrid(line, line), -1).reshape(-1, 2)


def layer_at(name: str, layer: int, folder: Path, drags: list[Any]) -> tuple[Any, dict[str, Any]]:
    """A layer, and what the browser makes of it."""
    model = flow(name)
    assert isinstance(model, Flow)
    seen = layer_numbers(model, "moons", layer, side=SIDE, count=5)
    data = plane.load("moons", "", 0).validation.points[:5].double()
    np.testing.assert_allclose(seen.arrays["points"], model.trajectory(data)[layer].detach(), atol=1e-5)
    raw = seen.arrays["raw"].ravel().tolist() if "raw" in seen.arrays else []
    return model.chain()[layer], ask(folder, meta=seen.meta, raw=raw, points=points().tolist(), drags=drags)


def mapped(layer: Any) -> np.ndarray:
    """y₁, y₂ and log |det J| of the points."""
    with torch.no_grad():
        y, log_det = layer(torch.from_numpy(points()))
    return np.column_stack((y.numpy(), log_det.numpy()))


@pytest.mark.parametrize("name", ["planar-2d", "radial-2d", "spline-2d"])
@pytest.mark.parametrize("layer", [0, 1])
def test_the_browser_maps_points_as_the_layer_does(name: str, layer: int, tmp_path: Path) -> None:
    """Both layers of a spline flow: one keeps x₁, the other x₂."""
    module, found = layer_at(name, layer, tmp_path, [])
    np.testing.assert_allclose(found["trained"], mapped(module), atol=2e-5)
    assert np.abs(np.array(found["trained"])[:, :2] - points()).max() > 1e-3


def test_a_planar_layer_that_was_dragged_is_one_that_can_be_undone(tmp_path: Path) -> None:
    drags = [["line", [0.5, -0.3]], ["end of the normal", [0.9, 0.1]], ["arrow u", [-3.0, -2.0]]]
    module, found = layer_at("planar-2d", 0, tmp_path, drags)
    for (mark, place), told in zip(drags, found["told"], strict=True):
        *w, u1, u2, b = told["values"]
        with torch.no_grad():
            for parameter, value in ((module.w, w), (module.u, (u1, u2)), (module.b, (b,))):
                parameter.copy_(torch.tensor(value))
        np.testing.assert_allclose(told["map"], mapped(module), atol=2e-5)
        if mark != "arrow u":
            assert np.isclose(np.dot(w, place) + b, 0.0 if mark == "line" else 1.0), "the line; where the tanh is of 1"
        else:
            np.testing.assert_allclose(told["at"], place, atol=1e-9)
    assert float(module.direction()[1].detach()) > -1


def test_a_radial_layer_stops_before_what_could_not_be_undone(tmp_path: Path) -> None:
    drags = [["centre x₀", [0.4, -0.2]], ["circle α", [0.4, 0.3]], ["arrow β", [-3.0, 0.0]], ["circle α", [0.4, -0.2]]]
    module, found = layer_at("radial-2d", 0, tmp_path, drags)
    assert found["told"][0]["values"][:2] == [0.4, -0.2] and found["told"][1]["values"][2] == pytest.approx(0.5)
    for told in found["told"]:
        x, y, alpha, beta = told["values"]
        assert alpha > 0 and beta > -alpha and told["good"]
        with torch.no_grad():
            module.centre.copy_(torch.tensor([x, y]))
            module.raw_alpha.fill_(alpha).expm1_().log_()  # the inverse of softplus
            module.raw_beta.fill_(alpha + beta).expm1_().log_()
        np.testing.assert_allclose(told["map"], mapped(module), atol=2e-5)


@pytest.mark.parametrize("layer", [0, 1])
def test_a_dragged_knot_comes_to_the_hand_and_stays_between_its_neighbours(layer: int, tmp_path: Path) -> None:
    drags = [["knot 3", [-0.7, -0.9]], ["knot 4", [9.0, -9.0]]]
    _, found = layer_at("spline-2d", layer, tmp_path, drags)
    first, second = found["told"]
    np.testing.assert_allclose(first["at"], [-0.7, -0.9], atol=1e-6)
    for told in (first, second):
        places, slopes = knots(torch.tensor(told["raw"], dtype=torch.float64), 8)
        assert (places.diff() > 0).all() and (slopes > 0).all()
        np.testing.assert_allclose(places[:, 3], first["at"], atol=1e-6)
    np.testing.assert_allclose(places[:, 4], second["at"], atol=1e-6)
    grown = np.array(second["map"])[:, 2] - np.array(found["trained"])[:, 2]
    assert np.abs(grown).max() > 0.05, "the plane follows"


def test_what_has_no_such_numbers_says_so() -> None:
    with pytest.raises(ValueError, match="only planar, radial and spline layers"):
        layer_numbers(flow("nvp-2d"), "moons", 0)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="layers 0 to"):
        layer_numbers(flow("planar-2d"), "moons", 99)  # type: ignore[arg-type]
