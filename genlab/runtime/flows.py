"""What pages ask of an interactive process about flows. Uses torch; one call runs at a time."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import torch

from genlab.figures import flows as figures
from genlab.figures.colours import DARK, LIGHT
from genlab.models.autoregressive_flow import IAF, MAF
from genlab.models.nvp import MaskedCoupling
from genlab.runtime.device import best_device
from genlab.views.plane import jacobian


def coupling_example(dark: bool) -> bytes:
    """The lecture's coupling in six dimensions, freshly drawn: its Jacobian by autograd and both log-dets, a figure.

    Arguments:
        dark: the visitor's theme.
    """
    with torch.random.fork_rng(devices=[]):
        layer = MaskedCoupling(torch.tensor([1.0, 1, 1, 0, 0, 0]), 6)
        x = torch.randn(1, 6)
    _, j = jacobian(layer, x)
    meta = {"closed": float(layer(x)[1].detach()), "autograd": float(torch.linalg.slogdet(j)[1])}
    return figures.coupling_example(meta, {"jacobian": j[0].numpy()}, DARK if dark else LIGHT).pack()


def autoregressive_times() -> list[dict[str, Any]]:
    """How long MAF and IAF take for a density and for generation, in milliseconds, with D = 2, 8 and 64."""
    device, batch = best_device(), 256
    rows = []
    for dim in (2, 8, 64):
        row: dict[str, Any] = {"dim": dim, "batch": batch, "device": device}
        for name, family in (("maf", MAF), ("iaf", IAF)):
            model = family(dim).to(device).eval()
            x = torch.randn(batch, dim, generator=torch.Generator().manual_seed(0)).to(device)
            row[f"{name}_density"] = _milliseconds(model.log_prob, x)
            row[f"{name}_generation"] = _milliseconds(model.inverse, x)
        rows.append(row)
    return rows


@torch.inference_mode()
def _milliseconds(call: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor) -> float:
    """The fastest of four calls, after one that warms up."""
    fastest = float("inf")
    for _ in range(5):
        start = time.perf_counter()
        call(x).sum().item()  # waits for the device
        fastest = min(fastest, time.perf_counter() - start)
    return 1000 * fastest
