"""What models of different kinds have in common, side by side: samples, a judge for all, and what they cost."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from statistics import median
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn

from genlab.data import plane
from genlab.data.images import Images
from genlab.data.own import decode
from genlab.dotted import resolve
from genlab.evaluation.coverage import coverage
from genlab.evaluation.likelihood import bits_per_dim
from genlab.evaluation.sample_quality import distance
from genlab.experiments.base import Experiment
from genlab.generation.request import Request
from genlab.generation.samples import ImageSamples, PointSamples
from genlab.training.task import Picture, Task
from genlab.views.limits import HALF, SHOWN
from genlab.views.pack import pack
from genlab.views.pictures import AtOnce
from genlab.views.plane import jensen_shannon
from genlab.views.seen import Seen, floats

SIDE, POINTS = 64, 1000  # places on a side at which a density is told, and points of a picture
FRESH = 10_000  # points by which a model is judged, and
FEW = 1000  # while it still learns
MANY = 1000  # samples, and data, whose times are measured
PATIENCE = 0.5  # seconds of measuring a time
IMAGES, SOME = 1000, 250  # samples by which a model of images is judged, and while it still learns
AT_ONCE = 1000  # data whose likelihood is told in one pass


class Beside:
    """What is compared, whatever the data. A part of an experiment names one of its subclasses as ``beside``."""

    def __init__(self, task: Task[Any, Any]) -> None:
        self.task = task
        self.experiment: Any = task.experiment

    def picture(self, model: nn.Module, step: int) -> Picture:
        """As in ``Task``, of a kind that all models of these data have."""
        raise NotImplementedError

    def worth(self, model: nn.Module) -> dict[str, float]:
        """As ``quality`` in ``Task``, for all models of these data."""
        raise NotImplementedError

    def samples(self, model: nn.Module, count: int) -> Any:
        """As many samples, as the judge takes them; always of the same noise."""
        raise NotImplementedError

    def held_out(self) -> Tensor:
        """Data that no model has learnt from."""
        raise NotImplementedError

    def judged(self, model: nn.Module) -> dict[str, float | None]:
        """What samples are worth, by name, as the table has it."""
        raise NotImplementedError

    def likelihood(self, model: nn.Module) -> dict[str, Any] | None:
        """The mean of ``−log p(x)`` over held-out data, or None.

        Returns:
            ``nats`` a datum (None where it is infinite, because a datum is impossible), ``standard_error``, ``count``
            of data, and ``bound``: how the density is known where it is not exactly, else "".
        """
        generator, parts = torch.Generator().manual_seed(0), []
        device = next(model.parameters()).device
        with torch.no_grad():
            for x in self.held_out().split(AT_ONCE):
                log_p = self.task.log_prob(model, x.to(device), generator)
                if log_p is None:
                    return None
                parts.append(log_p.double().cpu())
        log_p = torch.cat(parts)
        finite = bool(log_p.isfinite().all())
        return {
            "nats": -float(log_p.mean()) if finite else None,
            "standard_error": float(log_p.std() / math.sqrt(len(log_p))) if finite else None,
            "count": len(log_p),
            "bound": self.task.bound,
        }

    def measure(self, model: nn.Module) -> dict[str, Any]:
        """All that the table says of a model: measured now, on this machine.

        Returns:
            ``likelihood`` and ``judged`` as above; ``sample_seconds`` for a thousand samples and ``density_seconds``
            for the densities of a thousand data, or None, each the median of what was measured within half a second;
            ``latent``: the dimensions of z, or None; ``parameters``; ``threads`` and ``device`` of the measurement.
        """
        device = next(model.parameters()).device
        likelihood, generator = self.likelihood(model), torch.Generator().manual_seed(0)
        x = self.held_out()[:MANY].to(device)
        with torch.no_grad():
            density = None if likelihood is None else timed(lambda: self.task.log_prob(model, x, generator))
        return {
            "likelihood": likelihood,
            "judged": self.judged(model),
            "sample_seconds": timed(lambda: self.task.sample(model, Request(MANY, generator=generator))),
            "density_seconds": density and density * MANY / len(x),
            "latent": getattr(model, "latent", None) or getattr(model, "dim", None),
            "parameters": sum(p.numel() for p in model.parameters()),
            "threads": torch.get_num_threads(),
            "device": device.type,
        }


class OnPlane(Beside):
    """Points of the plane."""

    def picture(self, model: nn.Module, step: int) -> AtOnce:
        """As in ``Beside``: samples, and the density where there is one."""
        return AtOnce(lambda: self.cloud(model).pack())

    def cloud(self, model: nn.Module) -> Seen:
        """``points`` float32 (1000, 2), always of the same noise, ``data`` of the same shape, and where the model has a
        density ``density`` (64, 64): its logarithm over the view, row 0 on top. ``meta`` has ``half``.
        """
        weight = next(model.parameters())
        line = (torch.arange(SIDE, dtype=weight.dtype) + 0.5) * (2 * HALF / SIDE) - HALF
        places = torch.cartesian_prod(line.flip(0), line).flip(1).to(weight.device)
        with torch.no_grad():
            log_p = self.task.pictured(model, places, torch.Generator().manual_seed(0))
        arrays = {"points": floats(self.samples(model, POINTS)), "data": floats(self._load().points[:POINTS])}
        if log_p is not None:
            arrays["density"] = floats(log_p.view(SIDE, SIDE).clamp(-1e4, 1e4))
        return Seen({"half": HALF}, arrays)

    def samples(self, model: nn.Module, count: int) -> Tensor:
        """As in ``Beside``."""
        request = Request(count, generator=torch.Generator().manual_seed(self.experiment.seed))
        points = torch.from_numpy(cast(PointSamples, self.task.sample(model, request)).points)
        return points.float().nan_to_num(1e6, 1e6, -1e6).clamp(-1e6, 1e6)

    def held_out(self) -> Tensor:
        """As in ``Beside``: fresh points, or those of one's own table that are held back."""
        if (aim := self._target()) is None:
            return self._load().points
        return aim.sample(FRESH, torch.Generator().manual_seed(1000 + self.experiment.seed))

    def worth(self, model: nn.Module) -> dict[str, float]:
        """As in ``Beside``."""
        covered = coverage(self.samples(model, FEW), self.experiment.dataset, self.experiment.table)
        good = {} if covered.good is None else {"good samples": covered.good}
        return good | {"data reached": covered.reached}

    def judged(self, model: nn.Module) -> dict[str, float | None]:
        """As in ``Beside``."""
        samples, aim = self.samples(model, FRESH), self._target()
        covered = coverage(samples, self.experiment.dataset, self.experiment.table)
        fresh = self._load().points if aim is None else aim.sample(FRESH, torch.Generator().manual_seed(2000))
        return {"good": covered.good, "reached": covered.reached, "js": jensen_shannon(samples, fresh)}

    def _load(self) -> Any:
        return plane.load(self.experiment.dataset, self.experiment.table, self.experiment.seed).validation

    def _target(self) -> plane.Target | None:
        """The density of the data, or None of a table that is all there is."""
        dataset, table = self.experiment.dataset, self.experiment.table
        return None if dataset == "own" and decode(table)[1] == 0 else plane.target(dataset, table)


class OnImages(Beside):
    """Grey images: 8×8 digits."""

    def picture(self, model: nn.Module, step: int) -> AtOnce:
        """As in ``Beside``: ``samples`` uint8 (16, H, W), grey levels that were drawn, not means."""
        return AtOnce(lambda: pack({}, samples=self.samples(model, SHOWN)[:, 0].byte().numpy()))

    def samples(self, model: nn.Module, count: int) -> Tensor:
        """As in ``Beside``: grey levels, integers (n, 1, H, W)."""
        request = Request(count, generator=torch.Generator().manual_seed(self.experiment.seed))
        images = cast(ImageSamples, self.task.sample(model, request)).images
        return torch.from_numpy(np.asarray(images)).long()[:, None]

    def held_out(self) -> Tensor:
        """As in ``Beside``: test images."""
        return cast(Images, self.task.data()).test.fixed()[0]

    def worth(self, model: nn.Module) -> dict[str, float]:
        """As in ``Beside``: real images’ Fréchet distance as a part of the samples', and how even the classes are."""
        seen = distance(self.samples(model, SOME))
        return {"likeness": max(1.0, seen["ratio"]) ** -0.5, "evenness": 1 - seen["balance"]}

    def judged(self, model: nn.Module) -> dict[str, float | None]:
        """As in ``Beside``."""
        seen = distance(self.samples(model, IMAGES))
        return {"frechet": seen["frechet"], "ratio": seen["ratio"], "evenness": 1 - seen["balance"]}

    def likelihood(self, model: nn.Module) -> dict[str, Any] | None:
        """As in ``Beside``, and ``bits_per_dim``."""
        found = super().likelihood(model)
        dims = self.experiment.size**2
        return found and found | {"bits_per_dim": bits_per_dim(found["nats"], dims)}


def beside(task: Task[Any, Any]) -> Beside:
    """What of a task's models can be compared with models of other kinds."""
    made: Beside = resolve(comparable(task.experiment))(task)
    return made


def comparable(experiment: Experiment) -> str:
    """Dotted path of what compares models of such data. Raises ValueError where there is nothing."""
    if not experiment.beside:
        raise ValueError(f"models of {experiment.things} are not compared")
    return experiment.beside


def timed(work: Callable[[], object]) -> float:
    """Seconds that it takes: the median of as many times as there is patience for, and of one at least."""
    work()  # the first time is slower
    seconds: list[float] = []
    while sum(seconds) < PATIENCE and len(seconds) < 20:
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return median(seconds)
