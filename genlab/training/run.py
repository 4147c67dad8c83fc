"""A run: an experiment under way, advanced slice by slice; however it is sliced it becomes the same."""

from __future__ import annotations

import copy
import math
import time
from operator import itemgetter
from typing import cast

import torch
from torch import Tensor
from torch.optim.swa_utils import get_ema_multi_avg_fn

from genlab.errors import CheckpointError, Diverged
from genlab.experiments.base import Experiment
from genlab.models import Model, build
from genlab.training import checkpoints, numerics, schedule, state
from genlab.training.numerics import Numerics
from genlab.training.objectives import Likely, MaximumLikelihood
from genlab.training.optimizer import Optimizer
from genlab.training.progress import Edit, Log, Point, Progress
from genlab.training.task import task


class Run:
    """An experiment under way. Between two calls of ``advance`` anything may be asked or changed.

    Same seed, same initial weights and same batches; the same weights at the end, bit for bit, only on the same machine
    with the same number of threads, which decides in what order sums are added up.

    Arguments:
        experiment: data, model, settings and seed.
        device: where it computes.
        how: precision and memory order; the fastest of this machine, if None.

    Raises:
        DataUnavailable: its data are neither on disk nor reachable.
    """

    def __init__(self, experiment: Experiment, device: str | torch.device = "cpu", how: Numerics | None = None) -> None:
        self.experiment, self.device = experiment, torch.device(device)
        self.task = task(experiment)
        self._how = how or (numerics.best(self.device.type) if experiment.convolves else numerics.PLAIN)
        data = self.task.data()
        self._train = data.train.to(self.device)
        layout = torch.channels_last if self._how.channels_last else torch.contiguous_format
        self.model: Model = build(experiment).to(self.device).to(memory_format=layout).train()
        self._objective = self.task.objective(self.model)
        self._weights = {name: list(part.parameters()) for name, part in self._objective.players.items()}
        kernels = cast(list[torch.nn.Parameter], self.model.inner if getattr(experiment, "muon", False) else [])
        self._optimizers = {
            name: Optimizer(weights, kernels, self._objective.beta1) for name, weights in self._weights.items()
        }
        self._held_out = data.validation.held_out_batches(self.device) if self._objective.likelihood else []
        self._draws = torch.Generator(self.device).manual_seed(experiment.seed)  # binarisation, positions
        if (begin := getattr(self.model, "begin", None)) is not None:  # a data-dependent initialisation
            begin(*self._first(), self._draws)
        self._average = copy.deepcopy(self.model).eval().requires_grad_(False) if self._held_out else None
        self._best: dict[str, Tensor] | None = None
        self._shuffle = torch.Generator().manual_seed(experiment.seed)  # order of the images: the same on every device
        self._order = torch.empty(0, dtype=torch.int64)
        self._log = Log()
        self._now = experiment
        self._told = 0
        self._pending: list[tuple[str, Tensor]] = []  # losses still on the device: reading each would stall it
        self._gradients: dict[str, Tensor] = {}  # their lengths
        self._rate = 0.0
        self._passes = sum(len(x) for x, _ in self._held_out) * getattr(self.model, "loss_draws", 1)
        self._held_out_stride = schedule.held_out_stride(experiment.steps, experiment.batch_size, self._passes)
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
            for player in self._objective.round:
                self._move(player)
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

    def move(self, player: str) -> None:
        """One move of one player; the one that ends a round ends a step. ``advance(steps=0)`` tells what came of it.

        Raises:
            KeyError: no such player.
        """
        if self._log.step < self.experiment.steps:
            self._move(player)

    def aim(self, seconds: float) -> None:
        """Sets the steps of the whole training to as many as it is likely to make in so many seconds, at its pace.

        Said again and again while it trains, its schedules follow its share of the seconds, and it ends with them: the
        learning rate has fallen as far as it should, however fast the machine is. Where it ends, its experiment says
        how many steps that were.
        """
        log, batch = self._log, self.experiment.batch_size
        if not log.step:
            return
        pace, left = self._rate / batch or log.step / log.seconds, seconds - log.seconds
        steps = log.step + round(pace * max(0.0, left))
        most = int(self.experiment.extra("steps")["high"])
        self.experiment = self.experiment.replaced(steps=min(steps, most))
        self._held_out_stride = schedule.held_out_stride(steps, batch, self._passes)
        if self._held_out and log.step == steps and (not log.curve or log.curve[-1][::2] == (steps, None)):
            self._keep_best()

    @property
    def step(self) -> int:
        """Steps made so far."""
        return self._log.step

    @property
    def seconds(self) -> float:
        """That it has trained."""
        return self._log.seconds

    @property
    def moves(self) -> int:
        """Moves made so far, of all players."""
        return self._log.moves

    @property
    def round(self) -> tuple[str, ...]:
        """The moves of one step, in order."""
        return self._objective.round

    def edit(self, **values: float) -> None:
        """Changes live fields from the next step on; the schedule goes on scaling a learning rate.

        Another field changes what is optimised: what was best before is best no more.

        Raises:
            ValueError: a field that cannot be changed live.
        """
        for name, value in values.items():
            if name not in self.experiment.live:
                raise ValueError(f"{name} cannot be changed while it trains")
            value, _ = self.experiment.read(name, value, getattr(self.experiment, name))
            self._log.edits.append((self._log.step, name, value))
            if name != "learning_rate":
                self._best, self._log.best_step, self._log.best_loss = None, None, math.inf
        self._heed()

    def _heed(self) -> None:
        """The experiment as it is now, with what was changed live."""
        self._now = self.experiment.replaced(**{name: value for _, name, value in self._log.edits})
        self._objective.experiment = self._now

    @property
    def edits(self) -> list[Edit]:
        """Every live change of a field: (step, name, new value)."""
        return list(self._log.edits)

    @property
    def curve(self) -> list[Point]:
        """Every point of the curve so far: (step, training loss or None, held-out loss or None)."""
        return list(self._log.curve)

    def average(self) -> Model:
        """A copy of the averaged weights as they are now; of a game, whose players belong together, of the weights."""
        return copy.deepcopy(self._average or self.model).eval().requires_grad_(False)

    def best(self) -> Model:
        """``average()`` where the held-out loss was the best so far, or the last weights, if theirs is better.

        Before the first held-out loss, and of a game: ``average()`` as it is now.
        """
        model = self.average()
        if self._best is not None:
            model.load_state_dict(self._best)
        return model

    # Files

    def weights(self) -> bytes:
        """A weights file of ``best()``. Raises Diverged where a weight is no number."""
        self._check_weights()
        return checkpoints.dumps(self.best(), self.experiment)

    def state(self) -> bytes:
        """Everything that an exact continuation needs, as a safetensors file. Raises as ``weights``."""
        self._check_weights()
        random = {"order": self._order, "shuffle": self._shuffle.get_state(), "draws": self._draws.get_state()}
        return state.dumps(self._tensors() | random, self.experiment, self._how, self._log)

    @classmethod
    def resume(
        cls,
        weights: bytes | None,
        state_file: bytes | None,
        device: str | torch.device = "cpu",
        *,
        steps: int | None = None,
    ) -> Run:
        """A run that goes on where a file was written: on the same CPU, with as many threads, as if it had never
        stopped, bit for bit.

        Arguments:
            weights: a weights file; without a state, a new run of its experiment begins at these weights.
            state_file: what ``state()`` gave; holds the weights too.
            steps: of the whole training from now on, by which the schedule goes; as many as before, if None.

        Raises:
            CheckpointError: a file that cannot be used, or one that has made more steps already.
        """
        if state_file is None:
            if weights is None:
                raise ValueError("a run resumes from weights or from a state")
            model, experiment = checkpoints.loads(weights)
            run = cls(experiment, device)
            for target in (run.model, run._average):
                if target is not None:
                    target.load_state_dict(model.state_dict())
            return run
        tensors, experiment, how, log = state.loads(state_file)
        if steps is not None:
            if steps < log.step:
                raise CheckpointError(f"The training has made {log.step} steps already, more than {steps}.")
            experiment = experiment.replaced(steps=steps)
        run = cls(experiment, device, how)
        run._log, run._told = log, len(log.curve)
        run._heed()
        if log.best_step is not None and run._average is not None:
            run._best = {name: tensor.clone() for name, tensor in run._average.state_dict().items()}
        state.fill(run._tensors(), tensors)
        run._order = tensors["order"].to(run.device)
        run._shuffle.set_state(tensors["shuffle"])
        run._draws.set_state(tensors["draws"])
        return run

    def _tensors(self) -> dict[str, Tensor]:
        """Every tensor that training changes, by name; not copies."""
        parts = {"model": self.model.state_dict(), "best": self._best or {}}
        if self._average is not None:
            parts["average"] = self._average.state_dict()
        moments = {
            weight: state for optimizer in self._optimizers.values() for weight, state in optimizer.moments.items()
        }
        for name, weight in self.model.named_parameters():
            parts[f"moments.{name}"] = moments[weight]
        return {f"{part}.{name}": tensor for part, tensors in parts.items() for name, tensor in tensors.items()}

    # One move

    def _move(self, player: str) -> None:
        log, weights, optimizer = self._log, self._weights[player], self._optimizers[player]
        loss = self._loss(player)
        loss.backward(inputs=weights)
        if self._objective.max_grad_norm is not None:
            torch.nn.utils.clip_grad_norm_(weights, self._objective.max_grad_norm)
        if not self._objective.likelihood and log.step % schedule.curve_stride(self.experiment.steps) == 0:
            self._gradients[player] = torch.nn.utils.get_total_norm([w.grad for w in weights if w.grad is not None])
        optimizer.step(self._learning_rate())
        optimizer.zero_grad()
        self._objective.end(player)
        self._pending.append((player, loss.detach()))
        log.moves += 1
        if player == self.round[-1]:
            self._end_step()

    def _end_step(self) -> None:
        log, steps = self._log, self.experiment.steps
        if self._average is not None:
            update = get_ema_multi_avg_fn(schedule.ema_decay(log.step, steps))
            update(list(self._average.parameters()), list(self.model.parameters()), 0)
        log.step += 1
        if self._held_out and (log.step % self._held_out_stride == 0 or log.step == steps):
            self._read_losses()
            self._keep_best()

    def _loss(self, player: str) -> Tensor:
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self._how.bfloat16):
            return self._objective.loss(player, self._batch, self._draws)

    def _batch(self) -> tuple[Tensor, Tensor | None]:
        """The next data in the order of their epoch."""
        batch = self.experiment.batch_size
        place = self._log.batches % max(1, len(self._train) // batch)
        if place == 0:
            self._order = self._shuffled().to(self.device)
        self._log.batches += 1
        return self._train.batch(self._order[place * batch : (place + 1) * batch], self._draws)

    def _shuffled(self) -> Tensor:
        """The order of an epoch; data that are fewer than a batch are drawn with replacement."""
        count, batch = len(self._train), self.experiment.batch_size
        if count < batch:
            return torch.randint(count, (batch,), generator=self._shuffle)
        return torch.randperm(count, generator=self._shuffle)

    def _warm_up(self) -> None:
        """Moves that leave no trace, so that the first real ones are as quick as the others."""
        before = self._draws.get_state()
        for player, weights in self._weights.items():
            self._objective.loss(player, self._first, self._draws).backward(inputs=weights)
            self._optimizers[player].zero_grad()
        self._draws.set_state(before)

    def _first(self) -> tuple[Tensor, Tensor | None]:
        """A batch of the first data."""
        index = torch.arange(self.experiment.batch_size, device=self.device) % len(self._train)
        return self._train.batch(index, self._draws)

    def _check_weights(self) -> None:
        if not all(bool(weight.isfinite().all()) for weight in self.model.parameters()):
            raise self._diverged("A weight", self._log.step)

    def _learning_rate(self) -> float:
        base, experiment = self._now.learning_rate, self.experiment
        return schedule.learning_rate(base, self._log.step, experiment.steps, experiment.rises)

    @torch.no_grad()
    def _keep_best(self) -> None:
        """The held-out loss; keeps the averaged weights where it is the best so far.

        At the end the last weights compete too: where the learning rate falls from high up, an average stays behind.
        """
        assert self._average is not None
        models = [self._average]
        if self._log.step == self.experiment.steps:
            models.append(copy.deepcopy(self.model).eval())
        held_out, best = min(((self._held_out_loss(model), model) for model in models), key=itemgetter(0))
        self._log.curve.append((self._log.step, None, held_out / self.experiment.unit.nats))
        if held_out < self._log.best_loss:
            self._log.best_loss, self._log.best_step = held_out, self._log.step
            self._best = {name: tensor.clone() for name, tensor in best.state_dict().items()}

    def _held_out_loss(self, model: Model) -> float:
        """Of a model, always with the same draws."""
        objective, draws = cast(MaximumLikelihood, self._objective), cast(Likely, model).loss_draws
        generator = torch.Generator(self.device).manual_seed(0)
        total = torch.zeros((), device=self.device)
        for x, labels in self._held_out:
            for _ in range(draws):
                total += objective.of(cast(Likely, model), x, labels, generator) * (len(x) / draws)
        return total.item() / sum(len(x) for x, _ in self._held_out)

    def _read_losses(self) -> None:
        """Takes the pending losses from the device, all at once, into the curve."""
        if not self._pending:
            return
        log, stride, steps = self._log, schedule.curve_stride(self.experiment.steps), self.experiment.steps
        players, losses = zip(*self._pending, strict=True)
        self._pending.clear()
        step, last = log.step - players.count(self.round[-1]), self.round[-1]
        for player, loss in zip(players, torch.stack(losses).tolist(), strict=True):
            if not math.isfinite(loss):
                raise self._diverged("The loss" if len(self._weights) == 1 else f"The loss of {player}", step + 1)
            window = log.windows.setdefault(player, [])
            window.append(loss)
            before = log.smooth.get(player, loss)
            log.smooth[player] = before + 0.05 * (loss - before)
            if player != last:
                continue
            step += 1
            if step % stride == 0 or step == steps:
                means = [self._mean(log.windows.pop(each, [])) for each in self._weights]
                log.curve.append((step, means[0], means[1] if len(means) > 1 else None))

    def _mean(self, losses: list[float]) -> float | None:
        return sum(losses) / len(losses) / self.experiment.unit.nats if losses else None

    def _diverged(self, what: str, step: int) -> Diverged:
        other = "" if self._objective.likelihood else ", or another loss"
        return Diverged(f"{what} is no longer a number at step {step}: try a smaller learning rate{other}.")

    def _progress(self) -> Progress:
        log = self._log
        new, self._told = log.curve[self._told :], len(log.curve)
        return Progress(
            step=log.step,
            steps=self.experiment.steps,
            moves=log.moves,
            images=log.batches * self.experiment.batch_size,
            seconds=log.seconds,
            images_per_second=self._rate,
            losses={player: log.smooth.get(player, 0.0) / self.experiment.unit.nats for player in self._weights},
            gradients={player: float(length) for player, length in self._gradients.items()},
            curve=new,
            learning_rate=self._learning_rate(),
            best_step=log.best_step,
            best_loss=None if log.best_step is None else log.best_loss / self.experiment.unit.nats,
            done=log.step >= self.experiment.steps,
            edits=self.edits,
        )
