"""Flows of genlab beside those of zuko, nflows and normflows, at equal architecture: one process, one thread, same run.

Needs ``pip install -r benchmarks/requirements.txt``. Every training is Adam on batches of fresh two moons. genlab's is
its own ``Run``, which also clips gradients, averages weights, schedules the learning rate and measures a held-out loss;
the others are the plain loop of their documentation.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import silu

from genlab.catalog import experiment
from genlab.data import plane
from genlab.data.entropy import PLANE
from genlab.models.flow import mlp
from genlab.runtime.job import SLICE, SNAPSHOT_EVERY
from genlab.runtime.job_actor import JobActor
from genlab.training.run import Run

BATCH, HIDDEN, BINS = 256, 64, 8
POINTS = 4096  # of one call of log_prob or sample
ROUNDS, SECONDS = 3, 3.0
SEEDS, FRESH = (0, 1, 2), 100_000
DATA = ("moons", "pinwheel", "checkerboard", "gaussians")
ARCHITECTURES = {
    "affine couplings": "8 affine couplings; MLP, 2 hidden layers of 64, SiLU",
    "spline couplings": "4 rational-quadratic spline couplings, 8 bins; MLP, 2 hidden layers of 64, SiLU",
    "autoregressive": "5 masked affine autoregressive layers; MADE, 2 hidden layers of 64, SiLU",
}


class Peer(nn.Module):
    """A density of another library: ``log_prob`` (N, 2) → (N,), and ``sample`` n → (n, 2)."""

    def __init__(self, model: nn.Module, log_prob: Callable[[Tensor], Tensor], sample: Callable[[int], Tensor]) -> None:
        super().__init__()
        self.model, self.log_prob, self.sample = model, log_prob, sample


def _zuko(kind: str) -> Peer:
    import zuko

    hidden = (HIDDEN, HIDDEN)
    flow = {
        "affine couplings": lambda: zuko.flows.RealNVP(2, 0, transforms=8, hidden_features=hidden, activation=nn.SiLU),
        "spline couplings": lambda: _zuko_splines(),
        "autoregressive": lambda: zuko.flows.MAF(2, 0, transforms=5, hidden_features=hidden, activation=nn.SiLU),
    }[kind]()
    return Peer(flow, lambda x: flow().log_prob(x), lambda n: flow().sample((n,)))


def _zuko_splines() -> nn.Module:
    import zuko
    from zuko.transforms import MonotonicRQSTransform

    shapes = [(BINS,), (BINS,), (BINS - 1,)]
    couplings = [
        zuko.flows.GeneralCouplingTransform(
            2,
            0,
            mask=torch.tensor([k % 2 == 0, k % 2 == 1]),
            univariate=MonotonicRQSTransform,
            shapes=shapes,
            hidden_features=(HIDDEN, HIDDEN),
            activation=nn.SiLU,
        )
        for k in range(4)
    ]
    base = zuko.flows.UnconditionalDistribution(
        zuko.distributions.DiagNormal, torch.zeros(2), torch.ones(2), buffer=True
    )
    return zuko.flows.Flow(couplings, base)


def _nflows(kind: str) -> Peer:
    from nflows import distributions, flows, transforms
    from nflows.nn.nets import MLP

    class Net(MLP):
        def forward(self, x: Tensor, context: None = None) -> Tensor:  # its couplings pass a context
            return super().forward(x)

    def net(inputs: int, outputs: int) -> nn.Module:
        return Net((inputs,), (outputs,), [HIDDEN, HIDDEN], activation=silu)

    masks = [torch.tensor([k % 2, 1 - k % 2]) for k in range(8)]
    layers = {
        "affine couplings": lambda: [transforms.AffineCouplingTransform(mask, net) for mask in masks],
        "spline couplings": lambda: [
            transforms.PiecewiseRationalQuadraticCouplingTransform(
                mask, net, num_bins=BINS, tails="linear", tail_bound=4.0
            )
            for mask in masks[:4]
        ],
        "autoregressive": lambda: [
            part
            for _ in range(5)
            for part in (
                transforms.MaskedAffineAutoregressiveTransform(
                    2, HIDDEN, num_blocks=2, use_residual_blocks=False, activation=silu
                ),
                transforms.ReversePermutation(2),
            )
        ],
    }[kind]()
    flow = flows.Flow(transforms.CompositeTransform(layers), distributions.StandardNormal([2]))
    return Peer(flow, flow.log_prob, flow.sample)


def _normflows(kind: str) -> Peer:
    import normflows

    layers: list[nn.Module] = []
    for _ in range({"affine couplings": 8, "spline couplings": 4, "autoregressive": 5}[kind]):
        layers += {
            "affine couplings": lambda: [
                normflows.flows.AffineCouplingBlock(mlp([1, HIDDEN, HIDDEN, 2])),
                normflows.flows.Permute(2, mode="swap"),
            ],
            "spline couplings": lambda: [
                normflows.flows.CoupledRationalQuadraticSpline(
                    2, 1, HIDDEN, num_bins=BINS, tail_bound=4, activation=nn.SiLU
                ),
                normflows.flows.Permute(2, mode="swap"),
            ],
            "autoregressive": lambda: [
                # Reverse: as the layer stands, it generates in one pass and takes D for a density.
                normflows.flows.Reverse(
                    normflows.flows.MaskedAffineAutoregressive(
                        2, HIDDEN, num_blocks=2, use_residual_blocks=False, activation=silu
                    )
                ),
                normflows.flows.Permute(2, mode="swap"),
            ],
        }[kind]()
    flow = normflows.NormalizingFlow(normflows.distributions.DiagGaussian(2, trainable=False), layers)
    return Peer(flow, flow.log_prob, lambda n: flow.sample(n)[0])


def _rate(step: Callable[[], object], seconds: float) -> float:
    """Calls a second, after a few that warm up."""
    for _ in range(5):
        step()
    start, count = time.perf_counter(), 0
    while (spent := time.perf_counter() - start) < seconds:
        step()
        count += 1
    return count / spent


def _loop(peer: Peer, learning_rate: float) -> Callable[[], None]:
    """The plain training loop of the libraries' documentation."""
    data = plane.load("moons", "", 0).train.points
    optimizer = torch.optim.Adam(peer.parameters(), lr=learning_rate)

    def step() -> None:
        loss = -peer.log_prob(data[torch.randint(len(data), (BATCH,))]).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def _speeds() -> list[dict[str, Any]]:
    """Median over rounds in which every library has its turn."""
    names = {"affine couplings": "realnvp-2d", "spline couplings": "spline-2d", "autoregressive": "maf-2d"}
    rows = []
    for kind, layers in ARCHITECTURES.items():
        run = Run(experiment(names[kind], dataset="moons", batch_size=BATCH, steps=1_000_000))
        peers = {"zuko": _zuko(kind), "nflows": _nflows(kind), "normflows": _normflows(kind)}
        steps: dict[str, Callable[[], object]] = {"genlab": lambda run=run: run.advance(steps=1)}
        steps |= {name: _loop(peer, 1e-3) for name, peer in peers.items()}
        model, x = run.average(), torch.randn(POINTS, 2)
        scores = {"genlab": lambda m=model, x=x: m.log_prob(x)} | {
            name: lambda peer=peer, x=x: peer.log_prob(x) for name, peer in peers.items()
        }
        draws = {"genlab": lambda m=model: m.sample(POINTS)} | {
            name: lambda peer=peer: peer.sample(POINTS) for name, peer in peers.items()
        }
        found: dict[str, dict[str, list[float]]] = {name: {} for name in steps}
        for _ in range(ROUNDS):
            for what, calls in (("training_steps", steps), ("log_prob", scores), ("samples", draws)):
                for name, call in calls.items():
                    with torch.set_grad_enabled(what == "training_steps"):
                        rate = _rate(call, SECONDS if what == "training_steps" else SECONDS / 3)
                    found[name].setdefault(what, []).append(rate * (1 if what == "training_steps" else POINTS))
        rows.append(
            {
                "architecture": layers,
                "batch": BATCH,
                **{
                    f"{what}_per_second": {
                        name: round(statistics.median(rates[what]), 1) for name, rates in found.items()
                    }
                    for what in ("training_steps", "log_prob", "samples")
                },
            }
        )
    return rows


def _live(dataset: str, seed: int, moments: tuple[float, ...]) -> list[float]:
    """Held-out NLL of a training as a page runs it, pictures and snapshots included, after so many seconds."""
    actor = JobActor([experiment("spline-2d", dataset=dataset, seed=seed)], [(None, None)])
    spent, found, snapshot, done = 0.0, [], 0.0, False
    for moment in moments:
        while spent < moment and not done:
            start = time.perf_counter()
            done = actor.advance(SLICE)["lanes"][0]["done"]
            if spent - snapshot > SNAPSHOT_EVERY:
                actor.snapshot()
                snapshot = spent
            spent += time.perf_counter() - start
        found.append(_held_out(actor._runs[0].average().log_prob, dataset))
    return found


def _plain(dataset: str, seed: int, seconds: float) -> float:
    """Held-out NLL of zuko's NSF, trained by the plain loop with the learning rate that suited it best of a few."""
    torch.manual_seed(seed)
    peer, data = _zuko("spline couplings"), plane.load(dataset, "", seed).train.points
    optimizer = torch.optim.Adam(peer.parameters(), lr=1e-3)
    start = time.perf_counter()
    while time.perf_counter() - start < seconds:
        loss = -peer.log_prob(data[torch.randint(len(data), (BATCH,))]).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return _held_out(peer.log_prob, dataset)


@torch.no_grad()
def _held_out(log_prob: Callable[[Tensor], Tensor], dataset: str) -> float:
    x = plane.target(dataset).sample(FRESH, torch.Generator().manual_seed(12345))
    return float(-torch.cat([log_prob(part) for part in x.split(20_000)]).mean())


def measure() -> dict[str, Any]:
    """Speeds of three architectures, and what a live training reaches on four densities."""
    torch.set_num_threads(1)
    speeds, reached = _speeds(), []
    for dataset in DATA:
        live = [_live(dataset, seed, (10.0, 30.0)) for seed in SEEDS]
        zuko = [_plain(dataset, seed, 30.0) for seed in SEEDS]
        reached.append(
            {
                "data": dataset,
                "entropy": PLANE[dataset],
                "genlab_10_s": round(statistics.median(ten for ten, _ in live), 4),
                "genlab_30_s": round(statistics.median(thirty for _, thirty in live), 4),
                "zuko_nsf_30_s": round(statistics.median(zuko), 4),
            }
        )
    return {"speeds": speeds, "nll_on_100000_fresh_points": reached}
