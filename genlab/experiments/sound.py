"""Sound: waveforms, sample by sample."""

from __future__ import annotations

import math
from typing import ClassVar, Literal

from genlab.data import mulaw, tones
from genlab.declaration import number
from genlab.experiments.base import Experiment, Kind, Line, Unit, batch_field, rate_field, steps_field
from genlab.experiments.entries import Entry, Family, Topic
from genlab.experiments.principles import ByLikelihood

SOUND = Kind(
    name="sound",
    task="genlab.tasks.sound:Sound",
    canvas="sound",
    panels={"watch": "genlab.ui.sound.watch:watch", "look": "genlab.ui.sound.look:look"},
    terms=("posterior", "uniform number", "step", "held-out", "kept"),
    same="the same uniform numbers",
)
LENGTH = 2048  # samples of a tone that is learnt from: a quarter of a second, twice the receptive field
# Bits a sample of held-out tones, by genlab.evaluation.sound: what knowing no past costs, and a linear one.
HISTOGRAM, LINEAR = 7.43, 5.54


class OnSounds(Experiment):
    """Tones of a few instruments, in 256 levels by the μ-law."""

    things: ClassVar[str] = "sounds"
    loader: ClassVar[str] = "genlab.data.sounds:load"
    data_fields: ClassVar[tuple[str, ...]] = ("length", "seed")
    likelihood_unit: ClassVar[Unit] = Unit("bits/sample", math.log(2))
    convolves: ClassVar[bool] = True
    length: ClassVar[int] = LENGTH
    levels: ClassVar[int] = mulaw.LEVELS
    classes: ClassVar[int] = tones.CLASSES

    batch_size: int = batch_field(8, "Sounds", 64)

    def likelihood_lines(self) -> list[Line]:
        """As in ``Experiment``: what is reached without learning, without a past, and by a linear prediction."""
        return [
            Line(math.log2(self.levels), "uniform: log₂ 256 = 8", above=True),
            Line(HISTOGRAM, f"entropy of the levels' histogram: {HISTOGRAM:.2f}"),
            Line(LINEAR, f"linear prediction from 32 samples: {LINEAR:.2f}"),
        ]


class WaveNetExperiment(OnSounds, ByLikelihood):
    """WaveNet, told instrument and pitch."""

    kind: ClassVar[Kind] = SOUND
    family: Literal["wavenet"] = "wavenet"
    architecture_fields: ClassVar[tuple[str, ...]] = (
        "length",
        "levels",
        "channels",
        "skips",
        "stacks",
        "layers",
        "classes",
    )
    learning_rate: float = rate_field(4e-3)
    steps: int = steps_field(3200)
    channels: int = number(32, "channels", "Feature maps of each layer.", 4, 96)
    skips: int = number(64, "skip channels", "Feature maps of the head, to which all layers speak.", 8, 256)
    stacks: int = number(1, "stacks", "How often the dilations follow one another.", 1, 3)
    layers: int = number(10, "layers", "Of a stack, with dilations 1, 2, 4 …", 2, 11)

    @property
    def invitation(self) -> str:
        """As in ``Experiment``."""
        return "Press train: noise turns into waves; give it some minutes to turn them into tones."


TOPICS: tuple[Topic, ...] = (
    Family(
        "wavenet",
        "WaveNet",
        "A stack of dilated convolutions writes sound sample by sample, on the instrument and pitch that it is told.",
        "Sequences",
        "van den Oord et al. 2016a, WaveNet: a generative model for raw audio",
        "graphic_eq",
        "genlab.models.wavenet:WaveNet",
        WaveNetExperiment,
    ),
)
ENTRIES = (Entry("wavenet-tones", "tones of four instruments", WaveNetExperiment()),)
