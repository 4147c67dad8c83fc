"""Sequences: values in a row, each conditional on those before it."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from genlab.declaration import number
from genlab.experiments.base import Kind, batch_field, rate_field, steps_field
from genlab.experiments.data import OnSequences
from genlab.experiments.entries import Entry, Family, Topic
from genlab.experiments.principles import ByLikelihood

SEQUENCES = Kind(
    name="sequences",
    task="genlab.tasks.sequences:Sequences",
    canvas="sequences",
    panels={
        "watch": "genlab.ui.sequences.watch:watch",
        "draw": "genlab.ui.sequences.watch:draw",
        "look": "genlab.ui.sequences.look:look",
    },
    beside="family",
    beside_help="A second model that learns the same sequences, from the same batches, in the same seconds.",
    terms=("posterior", "uniform number", "step", "held-out", "kept", "perplexity"),
    same="the same uniform numbers",
)


class SequenceExperiment(OnSequences, ByLikelihood):
    """An experiment with a model that writes sequences value by value."""

    kind: ClassVar[Kind] = SEQUENCES

    @property
    def invitation(self) -> str:
        """As in ``Experiment``."""
        return "Press train: what the model writes turns from noise into sequences like the real ones beside it."


class MaskedNetExperiment(SequenceExperiment):
    """The masked-input network of lecture 10.1: one random place a sequence a step."""

    family: Literal["masked-net"] = "masked-net"
    batch_size: int = batch_field(100, "Sequences", 1024)
    learning_rate: float = rate_field(2e-3)
    steps: int = steps_field(12000)


def _channels(default: int) -> Any:
    return number(default, "channels", "Feature maps of each layer.", 4, 128)


class NetToy1dExperiment(SequenceExperiment):
    """The causal network of lecture 10.2: kernels of 2 taps side by side."""

    family: Literal["netto1d"] = "netto1d"
    architecture_fields: ClassVar[tuple[str, ...]] = ("length", "levels", "channels")
    learning_rate: float = rate_field(4e-3)
    steps: int = steps_field(4000)
    channels: int = _channels(32)


class DilatedExperiment(NetToy1dExperiment):
    """The same with taps 2, 4, 8 and 16 places apart."""

    family: Literal["netto1d-dilated"] = "netto1d-dilated"  # type: ignore[assignment]
    steps: int = steps_field(8000)


class GatedExperiment(SequenceExperiment):
    """A gated, residual, dilated network."""

    family: Literal["gated-sequence"] = "gated-sequence"
    architecture_fields: ClassVar[tuple[str, ...]] = ("length", "levels", "channels", "blocks")
    learning_rate: float = rate_field(4e-3)
    steps: int = steps_field(9000)
    channels: int = _channels(48)
    blocks: int = number(10, "blocks", "Gated blocks, with dilations 1, 2, 4, 8, 16, 1, 2 …", 1, 20)


class GaussianExperiment(GatedExperiment):
    """The same network with a mean and a deviation for an answer."""

    family: Literal["gaussian-sequence"] = "gaussian-sequence"  # type: ignore[assignment]
    learning_rate: float = rate_field(2e-3)


TOPICS: tuple[Topic, ...] = (
    Topic(
        "chain",
        "Chain rule",
        "A whole sequence is as likely as its values are one after the other, each given those before it.",
        "Sequences",
        "Fleuret, Deep learning, lecture 10.1",
        "account_tree",
    ),
    Family(
        "masked-net",
        "Masked sequence",
        "A plain network is told which values are known, and guesses the next one.",
        "Sequences",
        "Fleuret, Deep learning, lecture 10.1",
        "more_horiz",
        "genlab.models.masked_net:MaskedNet",
        MaskedNetExperiment,
    ),
    Family(
        "netto1d",
        "Causal convolutions",
        "Convolutions that look to the past only predict every value of a sequence in one pass.",
        "Sequences",
        "Fleuret, Deep learning, lecture 10.2 (NetToy1d)",
        "linear_scale",
        "genlab.models.netto1d:NetToy1d",
        NetToy1dExperiment,
    ),
    Family(
        "netto1d-dilated",
        "Dilated convolutions",
        "The same network with its taps further and further apart remembers where a sequence came from.",
        "Sequences",
        "Fleuret, Deep learning, lecture 10.2 (NetToy1dWithDilation)",
        "expand",
        "genlab.models.netto1d:NetToy1dWithDilation",
        DilatedExperiment,
    ),
    Family(
        "gated-sequence",
        "Gated convolutions",
        "Gates, residual connections and ten dilated layers: the network that WaveNet is made of, on a toy.",
        "Sequences",
        "van den Oord et al. 2016a, WaveNet: a generative model for raw audio",
        "stacked_line_chart",
        "genlab.models.gated_sequence:GatedSequence",
        GatedExperiment,
    ),
    Family(
        "gaussian-sequence",
        "Regression or categories",
        "The same network answers with a mean and a deviation: one peak, where the future may have two.",
        "Sequences",
        "Fleuret, Deep learning, lecture 10.1; van den Oord et al. 2016, Pixel recurrent neural networks (section 2.3)",
        "ssid_chart",
        "genlab.models.gated_sequence:GaussianSequence",
        GaussianExperiment,
    ),
)
ENTRIES = (
    Entry("masked-net-toy", "two lines", MaskedNetExperiment()),
    Entry("netto1d-toy", "two lines", NetToy1dExperiment()),
    Entry("netto1d-dilated-toy", "two lines", DilatedExperiment()),
    Entry("gated-toy", "two lines", GatedExperiment()),
    Entry("gated-forks", "forks", GatedExperiment(dataset="forks", steps=4000)),
    Entry("gaussian-forks", "forks", GaussianExperiment(dataset="forks", steps=4000)),
    Entry("gaussian-toy", "two lines", GaussianExperiment()),
)
