"""The canvas of a warp and the view behind it hold one formula each for what lies between two layers: they agree."""

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
from genlab.models.flow import Flow
from genlab.views.pack import pack
from genlab.views.plane import warp
from tests.views.test_flows import ON_PLANE, flow

UI = Path(genlab.__file__).parent / "ui"
PLACES = (0.25, 1.5, 2.9)  # among the layers, counted from the noise

# The canvas without a browser: what it draws on is left out, what it computes is asked.
ASK = """
globalThis.OffscreenCanvas = class { getContext() { return {}; } };
globalThis.matchMedia = () => ({});
const [ui, file, places] = Deno.args;
const { WarpPlane } = await import(`${ui}/flows/warp/plane.js`);
const { determinant2 } = await import(`${ui}/flows/determinant/plane.js`);
const { unpack } = await import(`${ui}/browser/unpack.js`);
const seen = unpack(await Deno.readFile(file)), told = [];
for (const way of ["generate", "normalize"]) for (const t of JSON.parse(places)) {
  const canvas = Object.create(WarpPlane.prototype), [mesh, jac, logp, points] =
    ["mesh", "jac", "logp", "points"].map((what) => seen[`${way}_${what}`].data);
  canvas.fit(seen.meta.side, seen.data.shape[0]);
  canvas.place({ mesh, jac, logp, points, grid: null, half: seen.meta.half }, t, seen.meta.layers.length, way);
  told.push(Object.fromEntries(["x", "y", "logp", "grown", "points"].map((name) => [name, [...canvas[name]]])));
}
const matrices = seen.matrices.data, dets = [];
for (let i = 0; i < matrices.length; i += 4) dets.push(determinant2(matrices.subarray(i, i + 4)));
console.log(JSON.stringify({ told, dets }));
"""


def ask(block: bytes, folder: Path) -> dict[str, Any]:
    """What the browser's modules make of a packed view."""
    (folder / "view").write_bytes(block)
    (folder / "ask.mjs").write_text(ASK)
    deno = Path(sys.executable).with_name("deno")
    command = [deno, "run", "--quiet", "--no-config", "--cached-only", f"--allow-read={UI},{folder}"]
    asked = [folder / "ask.mjs", UI.as_uri(), folder / "view", json.dumps(PLACES)]
    environment = {**os.environ, "DENO_DIR": str(folder / "deno"), "DENO_NO_UPDATE_CHECK": "1"}
    done = subprocess.run([*command, *asked], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", ON_PLANE)
def test_the_density_between_two_layers_is_that_of_the_map_between_them(name: str, tmp_path: Path) -> None:
    """Between stages k and k + 1 a point x of the later one stands at w x + u f(x)."""
    model, side = flow(name), 7
    assert isinstance(model, Flow)
    seen = warp(model, "moons", side=side, count=5, grid=0)
    depth = len(model.layers)
    matrices = np.random.default_rng(0).normal(size=(6, 2, 2)).astype(np.float32)
    found = ask(pack(seen.meta, **seen.arrays, matrices=matrices), tmp_path)
    np.testing.assert_allclose(found["dets"], np.linalg.det(matrices), rtol=1e-5)
    towards_noise = model.chain()[::-1]
    starts = iter(found["told"])
    for way in ("generate", "normalize"):
        for t in PLACES:
            canvas, k = next(starts), int(t)
            w = k + 1 - t  # 1 at stage k
            layer = towards_noise[k]

            def between(x: torch.Tensor, layer=layer, w=w) -> torch.Tensor:
                return w * layer(x)[0] + (1 - w) * x

            later = torch.from_numpy(seen.arrays[f"{way}_mesh"][k + 1]).double()
            place = between(later).detach().numpy()
            np.testing.assert_allclose(np.stack((canvas["x"], canvas["y"]), 1), place, atol=1e-4)
            z, log_det = later, torch.zeros(len(later)).double()
            for rest in model.chain()[depth - k - 1 :]:
                z, more = rest(z)
                log_det = log_det + more
            log_p = -z.square().sum(1) / 2 - np.log(2 * np.pi) + log_det  # at the later stage
            jacobian = torch.autograd.functional.jacobian(lambda v: between(v).sum(0), later).permute(1, 0, 2)
            expected = (log_p - torch.linalg.det(jacobian).abs().log()).detach().numpy()
            near = expected > -50
            assert near.sum() > 10
            np.testing.assert_allclose(np.array(canvas["logp"])[near], expected[near], atol=1e-3)
            began = seen.arrays[f"{way}_logp"][0]
            np.testing.assert_allclose(np.array(canvas["grown"])[near], (began - expected)[near], atol=1e-3)
            points = seen.arrays[f"{way}_points"]
            np.testing.assert_allclose(
                np.reshape(canvas["points"], (-1, 2)), w * points[k] + (1 - w) * points[k + 1], atol=1e-4
            )
