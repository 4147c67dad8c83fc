"""A training in one block of bytes: all that a page shows of it, and what it goes on from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from genlab.checkpoint_header import experiment_of
from genlab.errors import CheckpointError
from genlab.experiments.base import Experiment
from genlab.runtime.film import Frame, Judged
from genlab.training.progress import Point
from genlab.views.pack import pack, unpack

Files = tuple[bytes | None, bytes | None]  # weights and state of a lane


@dataclass(frozen=True)
class Snapshot:
    """The files of a training at a step: enough to go on from there in another process.

    Attributes:
        files: weights and state of each lane; what it begins with may lack either.
        steps, moves: of each lane.
    """

    files: tuple[Files, ...]
    steps: tuple[int, ...]
    moves: tuple[int, ...]

    @property
    def step(self) -> int:
        """Of the first lane."""
        return self.steps[0]

    @property
    def weights(self) -> bytes | None:
        """Of the first lane."""
        return self.files[0][0]


@dataclass(frozen=True)
class Record:
    """A training that stands still, as ``genlab.runtime.job.Job`` has it.

    Attributes:
        words: owner, phase, said, kind, rate, times, seconds and progresses: what JSON knows.
        curves, judged: of each lane.
        frames: the film.
    """

    lanes: tuple[Experiment, ...]
    snapshot: Snapshot
    words: dict[str, Any]
    curves: list[list[Point]]
    judged: list[list[Judged]]
    frames: list[Frame]


def dumps(record: Record) -> bytes:
    """The block."""
    kept = record.snapshot
    meta = {
        "lanes": [lane.model_dump_json() for lane in record.lanes],
        "steps": kept.steps,
        "moves": kept.moves,
        "words": record.words,
        "curves": record.curves,
        "judged": record.judged,
        "frames": [frame.step for frame in record.frames],
    }
    blocks = {f"frame {k}": frame.picture for k, frame in enumerate(record.frames)}
    for k, files in enumerate(kept.files):
        blocks |= {f"{name} {k}": file for name, file in zip(("weights", "state"), files, strict=True) if file}
    return pack(meta, **{name: np.frombuffer(block, np.uint8) for name, block in blocks.items()})


def loads(block: bytes) -> Record:
    """What ``dumps`` was given. Raises CheckpointError where the block is none of its."""
    try:
        meta, arrays = unpack(block)
        blocks = {name: array.tobytes() for name, array in arrays.items()}
        lanes = tuple(experiment_of({"experiment": lane}) for lane in meta["lanes"])
        files = tuple((blocks.get(f"weights {k}"), blocks.get(f"state {k}")) for k in range(len(lanes)))
        return Record(
            lanes,
            Snapshot(files, tuple(meta["steps"]), tuple(meta["moves"])),
            meta["words"],
            [[(*point,) for point in curve] for curve in meta["curves"]],
            [[(step, worth) for step, worth in judged] for judged in meta["judged"]],
            [Frame(step, blocks[f"frame {k}"]) for k, step in enumerate(meta["frames"])],
        )
    except CheckpointError:
        raise
    except Exception as error:  # whatever a broken file breaks
        raise CheckpointError("What was kept of this training cannot be read any more.") from error
