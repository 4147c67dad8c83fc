"""``python -m genlab list | train | evaluate | sample | compare | bench``.

Results go to standard output (one JSON object with ``--json``), progress and complaints to standard error.
Exit codes: 0 done, 1 it could not be done (one sentence says why), 2 wrong usage, 130 stopped by Ctrl-C.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from tqdm import tqdm

from genlab import files
from genlab.catalog import CATALOG
from genlab.comparison import SIZES, principle_of, together
from genlab.declaration import sentence
from genlab.errors import GenlabError, is_out_of_memory
from genlab.experiments.base import Experiment
from genlab.experiments.entries import Entry
from genlab.formats import format_losses

if TYPE_CHECKING:
    from genlab.models import Model
    from genlab.training.progress import Progress

RESULTS = Path("benchmarks/results")
PER = {"nats": "nats an image", "perplexity": "perplexity a pixel", "nll": "nats a point"}  # of what, for people
BENCHMARKS = (
    "sampling",
    "completions",
    "training",
    "recipe",
    "beside",
    "evaluation",
    "flows",
    "sequences",
    "gans",
    "pictures",
    "player",
    "responsiveness",
    "classroom",
    "startup",
    "warp",
    "game",
    "table",
    "sound",
    "posteriors",
)


def main(argv: list[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    args = _parser().parse_args(argv)
    try:
        code = int(args.command(args) or 0)
        print(end="", flush=True)
        return code
    except GenlabError as error:
        print(f"genlab: {error}", file=sys.stderr)
    except BrokenPipeError:  # whoever read has seen enough
        _silence()
        return 0
    except OSError as error:
        _silence()
        print(f"genlab: {error.strerror or error}.", file=sys.stderr)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        if not is_out_of_memory(error):
            raise
        print("genlab: there is not enough memory for this: ask for less at once.", file=sys.stderr)
    return 1


def _silence() -> None:
    """What is still to be printed goes nowhere: Python would try once more at its end, and complain."""
    with suppress(AttributeError):  # standard output was closed from the beginning
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m genlab", description="Generative models, watched step by step.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--json", action="store_true", help="print one JSON object")
    device = argparse.ArgumentParser(add_help=False)
    device.add_argument("--device", help="cuda, mps or cpu (default: the first that is there)")

    command = commands.add_parser("list", parents=[common], help="what there is in the catalogue")
    command.set_defaults(command=_list)

    command = commands.add_parser("train", help="train an entry of the catalogue and write its weights")
    names = command.add_subparsers(required=True, metavar="NAME")
    for entry in CATALOG.values():
        name = names.add_parser(entry.name, parents=[common, device], help=entry.title)
        name.set_defaults(command=_train, entry=entry)
        name.add_argument(
            "--out",
            type=Path,
            default=Path(),
            metavar="FOLDER",
            help="where NAME.safetensors and NAME.state.safetensors go (default: here)",
        )
        name.add_argument(
            "--resume",
            action="store_true",
            help="go on from the state file in that folder; only --steps, --learning-rate and --beta can change then",
        )
        _add_fields(name, entry.experiment)

    command = commands.add_parser("evaluate", parents=[common, device], help="log-likelihood on held-out data")
    command.add_argument("source", metavar="NAME-or-FILE")
    command.add_argument("--split", choices=["test", "validation"], default="test")
    command.add_argument("--images", type=_whole(1), help="only the first so many (default: all)")
    command.add_argument(
        "--positions",
        type=_whole(2),
        help="estimate from so many random pixels of each image (masked LeNet) or sets of known ones (order-agnostic)",
    )
    command.set_defaults(command=_evaluate)

    command = commands.add_parser("sample", parents=[common, device], help="draw images, sequences or points")
    command.add_argument("source", metavar="NAME-or-FILE")
    command.add_argument("-n", type=_whole(1), default=16, help="how many (default: 16)")
    command.add_argument(
        "--seed", type=_whole(-(2**63), 2**64 - 1), default=0, help="same seed, same images (default: 0)"
    )
    command.add_argument(
        "--temperature",
        type=float,
        default=1.0,
        help="divides the logits, of a flow on images multiplies the noise (default: 1)",
    )
    command.add_argument(
        "--label",
        type=_whole(0),
        help="the class, for class-conditional models (default: all in turn)",
    )
    command.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="FILE.png for a picture, FILE.npz for values, FILE.csv for sequences, points (default: samples.png, .csv)",
    )
    command.set_defaults(command=_sample)

    command = commands.add_parser(
        "compare", parents=[common, device], help="train several for the same seconds on the same data, then measure"
    )
    command.add_argument("names", nargs="+", metavar="NAME", help="entries of the catalogue, on points or 8×8 digits")
    command.add_argument(
        "--seconds", type=_amount(0.1, 86_400), default=20.0, help="of training, for each (default: 20)"
    )
    command.add_argument("--dataset", help="what all of them learn (default: the data of the first one)")
    command.add_argument("--size", choices=list(SIZES), default="usual", help="of the networks (default: usual)")
    command.add_argument(
        "--seed", type=_whole(0, 2**31 - 1), default=0, help="of weights, batches and samples (default: 0)"
    )
    command.add_argument("--out", type=Path, metavar="FOLDER", help="where NAME.safetensors go (default: nowhere)")
    command.set_defaults(command=_compare)

    command = commands.add_parser("bench", parents=[common], help="the measurements behind the README's table")
    command.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHMARKS)} (default: all)")
    command.set_defaults(command=_bench)
    return parser


def _whole(low: int, high: int | None = None) -> Callable[[str], int]:
    """What reads a whole number between limits."""

    def read(text: str) -> int:
        try:
            value = int(text)
            if value < low or (high is not None and value > high):
                raise ValueError
        except ValueError as error:
            span = f"from {low} up" if high is None else f"from {low} to {high}"
            raise argparse.ArgumentTypeError(f"{text[:40]!r} is no whole number {span}") from error
        return value

    return read


def _amount(low: float, high: float) -> Callable[[str], float]:
    """What reads a number between limits."""

    def read(text: str) -> float:
        try:
            value = float(text)
            if not low <= value <= high:
                raise ValueError
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"{text[:40]!r} is no number from {low:g} to {high:g}") from error
        return value

    return read


def _add_fields(parser: argparse.ArgumentParser, experiment: Experiment) -> None:
    for name, info in experiment.fields().items():
        default, options = getattr(experiment, name), experiment.options(name)
        flag, extra = "--" + name.replace("_", "-"), experiment.extra(name)
        span = "" if options else f" {extra['low']:g} to {extra['high']:g}."
        text = f"{info.description}{span} Default: {experiment.label(name, default)}.".replace("%", "%%")
        if info.annotation is bool:
            parser.add_argument(flag, action=argparse.BooleanOptionalAction, default=argparse.SUPPRESS, help=text)
        elif options:
            parser.add_argument(flag, type=type(default), choices=options, default=argparse.SUPPRESS, help=text)
        else:
            parser.add_argument(flag, type=type(default), default=argparse.SUPPRESS, metavar="NUMBER", help=text)


def _fetch(experiment: Experiment) -> None:
    """Downloads the experiment's data where they have to be, with a progress bar."""
    if not experiment.downloads:
        return
    from genlab.data.datasets import load

    with tqdm(unit="B", unit_scale=True, desc=experiment.data_arguments()["dataset"], disable=None, leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total or None
            bar.update(done - bar.n)

        load(experiment, progress=show)


def _device(args: argparse.Namespace) -> str:
    import torch

    from genlab.runtime.device import best_device

    if args.device is None:
        return best_device()
    try:
        torch.zeros(1, device=args.device)
    except Exception as error:  # each backend has its own kind
        raise GenlabError(f"there is no device {args.device!r} here; {best_device()!r} works.") from error
    return str(args.device)


def _open(args: argparse.Namespace) -> tuple[Model, Experiment]:
    """The model and the experiment of the NAME or FILE."""
    from genlab.training.checkpoints import loads, read

    return loads(read(args.source), _device(args))


def _report(args: argparse.Namespace, result: dict[str, Any]) -> None:
    if args.json:
        print(json.dumps(result))
        return
    for key, value in result.items():
        name = PER.get(key, key).replace("_", " ")
        print(f"{name:>20}  {value:,.4g}" if isinstance(value, float) else f"{name:>20}  {value}")


def _list(args: argparse.Namespace) -> None:
    rows = [
        {
            "name": e.name,
            "title": e.title,
            "family": e.experiment.family,
            "weights": e.shipped,
            "published_bits_per_dim": (r.bits_per_dim if (r := e.experiment.published()) else None),
        }
        for e in CATALOG.values()
    ]
    if args.json:
        print(json.dumps(rows))
        return
    for row in rows:
        print(f"{row['name']:<24}{row['title']:<44}{'weights shipped' if row['weights'] else ''}".rstrip())


def _train(args: argparse.Namespace) -> int:
    from genlab.training.checkpoints import state_path
    from genlab.training.run import Run

    entry: Entry = args.entry
    weights = args.out / f"{entry.name}.safetensors"
    state = state_path(weights)
    before = _state(state, entry) if args.resume else None
    given = {name: value for name, value in vars(args).items() if name in entry.experiment.fields()}
    try:
        experiment = (before[1] if before else entry.experiment).replaced(**given)
    except ValidationError as error:
        print(f"genlab: {sentence(error)}", file=sys.stderr)
        return 2
    unit = experiment.unit.name
    if before:
        _refuse_other(experiment, before[1])
    for path in (weights, state):  # now, and not when hours of training are to be written
        files.check(path)
    _fetch(experiment)
    if before:
        run = Run.resume(None, before[0], _device(args), steps=experiment.steps)
        run.edit(**{name: given[name] for name in experiment.live if name in given})
    else:
        run = Run(experiment, _device(args))

    stopped = False

    def stop(*_: object) -> None:  # the step under way ends first, so that what is saved is whole
        nonlocal stopped
        stopped = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    handlers = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        progress = run.advance(steps=0)
        with tqdm(total=progress.steps, initial=progress.step, unit="step", disable=None) as bar:
            while not (progress.done or stopped):
                progress = run.advance(seconds=0.5)
                bar.update(progress.step - bar.n)
                bar.set_postfix_str(
                    f"{format_losses(progress.losses, unit)}, {progress.images_per_second:,.0f} {experiment.things}/s"
                )
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    files.write(weights, run.weights())
    files.write(state, run.state())
    _report(
        args,
        {
            "step": progress.step,
            "steps": progress.steps,
            **_losses(experiment, progress),
            "seconds": progress.seconds,
            "weights": str(weights),
            "state": str(state),
        },
    )
    return 130 if stopped else 0


def _state(path: Path, entry: Entry) -> tuple[bytes, Experiment]:
    """A state file and its experiment."""
    from genlab.training import state

    try:
        data = path.read_bytes()
    except OSError as error:
        raise GenlabError(f"there is no {path} to go on from; leave out --resume to begin.") from error
    experiment = state.loads(data)[1]
    if experiment.family != entry.experiment.family:
        raise GenlabError(f"{path} is the training of another model, {experiment.family}.")
    return data, experiment


def _refuse_other(experiment: Experiment, before: Experiment) -> None:
    """Refuses to go on with an experiment that differs in more than the length and what can be changed live."""
    old = before.model_dump()
    for name, value in experiment.model_dump().items():
        if name not in ("steps", *experiment.live) and value != old[name]:
            raise GenlabError(
                f"--{name.replace('_', '-')} cannot change in the middle of a training, which has {old[name]}: leave "
                "it out, or leave out --resume to begin anew."
            )


def _losses(experiment: Experiment, progress: Progress) -> dict[str, float | None]:
    """Losses by name, with their unit: of the last steps, and on held-out data that of the weights that are kept."""
    if experiment.players:
        return {f"{player}_loss": loss for player, loss in progress.losses.items()}
    name, _, per = experiment.unit
    unit = name.replace("/", "_per_") + (f"_per_{per}" if per else "")
    return {f"training_loss_{unit}": progress.losses["train"], f"held_out_loss_{unit}": progress.best_loss}


def _evaluate(args: argparse.Namespace) -> None:
    from genlab.training.task import Evaluation, task

    model, experiment = _open(args)
    _fetch(experiment)
    result = task(experiment).evaluate(model, Evaluation(args.split, args.images, args.positions))
    _report(args, {"source": args.source, **result})


def _sample(args: argparse.Namespace) -> None:
    import torch

    from genlab.generation.request import Request
    from genlab.training.task import task

    if args.out:
        files.check(args.out)
    model, experiment = _open(args)
    labels = None if args.label is None else torch.full((args.n,), args.label)
    generator = torch.Generator().manual_seed(args.seed)
    request = Request(args.n, labels=labels, temperature=args.temperature, generator=generator)
    made = task(experiment).sample(model, request)
    out = args.out or Path(made.file)
    made.write(out)
    _report(args, {"source": args.source, made.things: args.n, "seed": args.seed, "file": str(out)})


def _compare(args: argparse.Namespace) -> None:
    experiments = together(args.names, args.dataset, args.size, args.seed)
    if len(set(args.names)) < len(args.names):
        raise GenlabError("name each entry once.")
    if args.out:
        for name in args.names:
            files.check(args.out / f"{name}.safetensors")

    from genlab.training.run import Run
    from genlab.training.turns import take_turns
    from genlab.views.beside import beside

    device = _device(args)
    runs = [Run(experiment, device) for experiment in experiments]
    with tqdm(total=round(args.seconds * len(runs)), unit="s", disable=None) as bar:
        while any(run.step < run.experiment.steps for run in runs):
            take_turns(runs, 0.5, args.seconds)
            bar.update(round(sum(run.seconds for run in runs)) - bar.n)
    rows = []
    for name, run in zip(args.names, runs, strict=True):
        model = run.best()
        rows.append(
            {
                "name": name,
                "family": principle_of(run.experiment),
                "seconds": run.seconds,
                "steps": run.step,
                **beside(run.task).measure(model),
            }
        )
        if args.out:
            files.write(args.out / f"{name}.safetensors", run.weights())
    data = experiments[0].data_arguments()["dataset"]
    result = {"data": data, "seconds": args.seconds, "size": args.size, "seed": args.seed, "models": rows}
    if args.json:
        print(json.dumps(result))
        return
    for row in rows:
        print(row["name"])
        _report(args, _flat(row))


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    """A row of a comparison with what is known, one value a line."""
    likelihood, judged = row["likelihood"] or {}, row["judged"]
    told = {
        "seconds": row["seconds"],
        "steps": row["steps"],
        "-log p(x), nats": likelihood.get("nats", "none: it can only sample"),
        "bound": likelihood.get("bound"),
        **judged,
        "1000 samples, s": row["sample_seconds"],
        "1000 densities, s": row["density_seconds"],
        "parameters": row["parameters"],
    }
    return {name: value for name, value in told.items() if value not in (None, "")}


def _bench(args: argparse.Namespace) -> None:
    unknown = set(args.names) - set(BENCHMARKS)
    if unknown:
        raise GenlabError(f"there is no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}.")
    for name in args.names or BENCHMARKS:
        try:
            module = importlib.import_module(f"benchmarks.{name}")
        except ModuleNotFoundError as error:
            raise GenlabError(
                f"Benchmarks run in the project's folder, after `make test` has set it up ({error})."
            ) from error
        result = json.dumps(module.measure(), indent=None if args.json else 2)
        files.write(RESULTS / f"{name}.json", f"{result}\n".encode())
        print(result if args.json else f"{name}\n{result}", flush=True)
