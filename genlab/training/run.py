"""A run: an experiment under way, advanced slice by slice, the same for its seed however it is sliced."""

from __future__ import annotations

import copy
import math
import time

import torch
from torch import Tensor
from torch.optim.swa_utils import get_ema_multi_avg_fn

from genlab.data.datasets import load
from genlab.errors import Diverged
from genlab.experiment import Experiment, ImageExperiment
from genlab.models import Model, build
from genlab.training import checkpoints, numerics, schedule, state
from genlab.training.numerics import Numerics
from genlab.training.progress import Log, Point, Progress

CLIP = 1.0  # largest norm of the gradient


class Run:
    """An experiment under way. Between two calls of ``advance`` anything may be asked or changed.

    Arguments:
        experiment: data, model, settings and seed.
        device: where it computes.
        how: precision and memory order; the fastest of this machine, if None.

    Raises:
        DataUnavailable: its data are neither on disk nor reachable.
    """

    def __init__(self, experiment: Experiment, device: str | torch.device = "cpu", how: Numerics | None = None) -> None:
        self.experiment, self.device = experiment, torch.device(device)
        convolves = isinstance(experiment, ImageExperiment)
        self._how = how or (numerics.best(self.device.type) if convolves else numerics.PLAIN)
        data = load(experiment)
        self._train = data.train.to(self.device)
        self._held_out = data.validation.held_out_batches(self.device)
        layout = torch.channels_last if self._how.channels_last else torch.contiguous_format
        self.model: Model = build(experiment).to(self.device).to(memory_format=layout).train()
        self._average = copy.deepcopy(self.model).eval().requires_grad_(False)
        self._best: dict[str, Tensor] | None = None
        self._optimizer = torch.optim.Adam(self.model.parameters(), lr=experiment.learning_rate, fused=True)
        for weight in self.model.parameters():  # made now, so that a resumed run can fill them
            self._optimizer.state[weight] = {
                "step": torch.zeros((), device=self.device),
                "exp_avg": torch.zeros_like(weight),
                "exp_avg_sq": torch.zeros_like(weight),
            }
        self._shuffle = torch.Generator().manual_seed(experiment.seed)  # order of the images: the same on every device
        self._draws = torch.Generator(self.device).manual_seed(experiment.seed)  # binarisation, positions
        self._order = torch.empty(0, dtype=torch.int64)
        self._log = Log()
        self._told = 0
        self._pending: list[Tensor] = []  # losses still on the device: reading them one by one would stall it
        self._rate = 0.0
        passes = sum(len(x) for x, _ in self._held_out) * self.model.loss_draws
        self._held_out_stride = schedule.held_out_stride(experiment.steps, experiment.batch_size, passes)
        self._warm_up()

    # Training

    def advance(self, steps: int | None = None, seconds: float | None = None) -> Progress:
        """Trains a slice: so many steps, or so many seconds (at least one step), or to the end.

        Raises:
            Diverged: the loss is no longer a number.
        """
        start, first = time.perf_counter(), self._log.step
        last = self.experiment.steps if steps is None else min(first + steps, self.experiment.steps)
        if seconds is not None and self.device.type != "cpu":  # a step returns before it is done: no clock can tell
            last = min(last, first + max(1, int(1.2 * self._rate * seconds / self.experiment.batch_size)))
        while self._log.step < last:
            self._step()
            if seconds is not None and time.perf_counter() - start >= seconds:
                break
        self._read_losses()
        if self._log.step > first:
            elapsed = time.perf_counter() - start
            self._log.seconds += elapsed
            rate = (self._log.step - first) * self.experiment.batch_size / elapsed
            weight = 1 - math.exp(-elapsed) if self._rate else 1.0  # of about the last second
            self._rate += weight * (rate - self._rate)
        return self._progress()

    def edit(self, *, learning_rate: float) -> None:
        """Changes the learning rate from the next step on; the schedule goes on scaling it."""
        value, _ = self.experiment.read("learning_rate", learning_rate, self.experiment.learning_rate)
        self._log.edits.append((self._log.step, value))

    @property
    def edits(self) -> list[tuple[int, float]]:
        """Every live change of the learning rate: (step, new value)."""
        return list(self._log.edits)

    @property
    def curve(self) -> list[Point]:
        """Every point of the curve so far: (step, training loss or None, held-out loss or None)."""
        return list(self._log.curve)

    def average(self) -> Model:
        """A copy of the averaged weights as they are now."""
        return copy.deepcopy(self._average)

    def best(self) -> Model:
        """A copy of the averaged weights with the best held-out loss so far; the latest average before the first."""
        model = self.average()
        if self._best is not None:
            model.load_state_dict(self._best)
        return model

    # Files

    def weights(self) -> bytes:
        """A weights file of ``best()``."""
        return checkpoints.dumps(self.best(), self.experiment)

    def state(self) -> bytes:
        """Everything that an exact continuation needs, as a safetensors file."""
        random = {"order": self._order, "shuffle": self._shuffle.get_state(), "draws": self._draws.get_state()}
        return state.dumps(self._tensors() | random, self.experiment, self._how, self._log)

    @classmethod
    def resume(cls, weights: bytes | None, state_file: bytes | None, device: str | torch.device = "cpu") -> Run:
        """A run that goes on where a file was written: on a CPU as if it had never stopped, bit for bit.

        Arguments:
            weights: a weights file; without a state, a new run of its experiment begins at these weights.
            state_file: what ``state()`` gave; holds the weights too.

        Raises:
            CheckpointError: a file that cannot be used.
        """
        if state_file is None:
            if weights is None:
                raise ValueError("a run resumes from weights or from a state")
            model, experiment = checkpoints.loads(weights)
            run = cls(experiment, device)
            for target in (run.model, run._average):
                target.load_state_dict(model.state_dict())
            return run
        tensors, experiment, how, log = state.loads(state_file)
        run = cls(experiment, device, how)
        run._log, run._told = log, len(log.curve)
        if log.best_step is not None:
            run._best = {name: tensor.clone() for name, tensor in run._average.state_dict().items()}
        state.fill(run._tensors(), tensors)
        run._order = tensors["order"].to(run.device)
        run._shuffle.set_state(tensors["shuffle"])
        run._draws.set_state(tensors["draws"])
        return run

    def _tensors(self) -> dict[str, Tensor]:
        """Every tensor that training changes, by name; not copies."""
        parts = {"model": self.model.state_dict(), "average": self._average.state_dict(), "best": self._best or {}}
        for name, weight in self.model.named_parameters():
            parts[f"adam.{name}"] = self._optimizer.state[weight]
        return {f"{part}.{name}": tensor for part, tensors in parts.items() for name, tensor in tensors.items()}

    # One step

    def _step(self) -> None:
        log, batch, steps = self._log, self.experiment.batch_size, self.experiment.steps
        place = log.step % max(1, len(self._train) // batch)
        if place == 0:
            self._order = torch.randperm(len(self._train), generator=self._shuffle).to(self.device)
        loss = self._loss(self._order[place * batch : (place + 1) * batch])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        self._optimizer.param_groups[0]["lr"] = self._learning_rate()
        self._optimizer.step()
        self._optimizer.zero_grad()
        update = get_ema_multi_avg_fn(schedule.ema_decay(log.step, steps))
        update(list(self._average.parameters()), list(self.model.parameters()), 0)
        self._pending.append(loss.detach())
        log.step += 1
        if log.step % self._held_out_stride == 0 or log.step == steps:
            self._read_losses()
            self._keep_best()

    def _loss(self, index: Tensor) -> Tensor:
        x, labels = self._train.batch(index, self._draws)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self._how.bfloat16):
            return self.model.loss(x, labels, self._draws)

    def _warm_up(self) -> None:
        """One step that leaves no trace, so that the first real one is as quick as the others."""
        before = self._draws.get_state()
        self._loss(torch.arange(self.experiment.batch_size, device=self.device)).backward()
        self._optimizer.zero_grad()
        self._draws.set_state(before)

    def _learning_rate(self) -> float:
        base = self._log.edits[-1][1] if self._log.edits else self.experiment.learning_rate
        return schedule.learning_rate(base, self._log.step, self.experiment.steps)

    @torch.no_grad()
    def _keep_best(self) -> None:
        """The held-out loss, always with the same draws; keeps the averaged weights where it is the best so far."""
        generator = torch.Generator(self.device).manual_seed(0)
        total = torch.zeros((), device=self.device)
        for x, labels in self._held_out:
            for _ in range(self.model.loss_draws):
                loss = self._average.loss(x, labels, generator)
                total += loss * (len(x) / self.model.loss_draws)
        held_out = total.item() / sum(len(x) for x, _ in self._held_out)
        self._log.curve.append((self._log.step, None, held_out / self.experiment.unit.nats))
        if held_out < self._log.best_loss:
            self._log.best_loss, self._log.best_step = held_out, self._log.step
            self._best = {name: tensor.clone() for name, tensor in self._average.state_dict().items()}

    def _read_losses(self) -> None:
        """Takes the pending losses from the device, all at once, into the curve."""
        log, stride = self._log, schedule.curve_stride(self.experiment.steps)
        losses = torch.stack(self._pending).tolist() if self._pending else []
        self._pending.clear()
        for step, loss in enumerate(losses, start=log.step - len(losses) + 1):
            if not math.isfinite(loss):
                raise Diverged(f"The loss is no longer a number at step {step}: try a smaller learning rate.")
            log.smooth = loss if step == 1 else log.smooth + 0.05 * (loss - log.smooth)
            log.window.append(loss)
            if step % stride == 0 or step == self.experiment.steps:
                log.curve.append((step, sum(log.window) / len(log.window) / self.experiment.unit.nats, None))
                log.window.clear()

    def _progress(self) -> Progress:
        log = self._log
        new, self._told = log.curve[self._told :], len(log.curve)
        return Progress(
            step=log.step,
            steps=self.experiment.steps,
            images=log.step * self.experiment.batch_size,
            seconds=log.seconds,
            images_per_second=self._rate,
            loss=log.smooth / self.experiment.unit.nats,
            curve=new,
            learning_rate=self._learning_rate(),
            best_step=log.best_step,
            done=log.step >= self.experiment.steps,
            edits=self.edits,
        )
