"""Models that write images pixel by pixel."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from genlab.declaration import choice, number
from genlab.experiments.base import Kind, batch_field, muon_field, rate_field, steps_field
from genlab.experiments.data import MNIST, OnImages
from genlab.experiments.entries import Entry, Family, Topic
from genlab.experiments.principles import ByLikelihood

PIXELS = Kind(
    name="pixels",
    task="genlab.tasks.pixels:Pixels",
    canvas="images",
    panels={
        "watch": "genlab.ui.pixels.watch:watch",
        "draw": "genlab.ui.pixels.draw:draw",
        "look": "genlab.ui.pixels.look:look",
    },
    arrive="genlab.ui.shell.drawing:arrive",
    before="genlab.ui.pixels.noise:noise",
    beside="family",
    beside_help="A second model that learns the same images in the same seconds, with its usual settings.",
    terms=("posterior", "uniform number", "particle", "step", "held-out", "kept", "piece of ink"),
    same="the same uniform numbers",
)

# In which order pixels are visited, where a model takes any: places alone decide, or what the model is sure of.
Fixed = Literal["raster", "column", "spiral", "centre", "random"]
Adaptive = Literal["certain", "uncertain"]


class PixelExperiment(OnImages, ByLikelihood):
    """An experiment with an autoregressive model, which writes an image pixel by pixel."""

    kind: ClassVar[Kind] = PIXELS
    any_order: ClassVar[bool] = False  # True where the model hears all known pixels, wherever they are

    warm_up: int = number(
        0,
        "warm-up",
        "Steps over which the learning rate rises at the beginning: a high one then kills fewer units.",
        0,
        10_000,
    )

    @property
    def rises(self) -> int:
        """As in ``Experiment``."""
        return self.warm_up

    @property
    def invitation(self) -> str:
        """As in ``Experiment``."""
        if self.dataset == "digits":
            return "Press train: the noise below turns into digits while the loss falls."
        return "Press train: the noise below turns into strokes first, into whole pictures much later."


class MaskedLeNetExperiment(PixelExperiment):
    """The masked-input LeNet of lecture 10.1: one random position a sample a step."""

    family: Literal["masked-lenet"] = "masked-lenet"
    batch_size: int = batch_field(100, "Images", 512)
    learning_rate: float = rate_field(2e-3)
    steps: int = steps_field(5500)


class PixelCNNExperiment(PixelExperiment):
    """The PixelCNN of lecture 10.2: two stacks of causal convolutions."""

    family: Literal["pixelcnn"] = "pixelcnn"
    architecture_fields: ClassVar[tuple[str, ...]] = ("size", "levels", "position", "masked")

    batch_size: int = batch_field(16, "Images", 512)
    learning_rate: float = rate_field(4e-3)
    steps: int = steps_field(1500)
    position: bool = choice(
        True, "positional encoding", "5 + 5 Boolean channels that spell the row and the column of each pixel in binary."
    )
    masked: bool = choice(
        False,
        "stacks",
        "Two stacks of causal convolutions, or one of masked convolutions, which has a blind spot: as deep, and with "
        "about as many weights.",
        labels={False: "two", True: "one masked"},
    )
    muon: bool = muon_field("the layers inside")


class GatedPixelCNNExperiment(PixelExperiment):
    """The gated PixelCNN: residual, dilated, class-conditional or not."""

    family: Literal["gated-pixelcnn"] = "gated-pixelcnn"
    architecture_fields: ClassVar[tuple[str, ...]] = (
        "size",
        "levels",
        "channels",
        "layers",
        "dilated",
        "conditional",
        "attention",
    )

    steps: int = steps_field(1200)
    channels: int = number(24, "channels", "Feature maps of each stack.", 4, 128)
    layers: int = number(4, "layers", "Gated blocks after the first causal convolution.", 1, 12)
    dilated: bool = choice(
        True,
        "dilations",
        "Dilations 1, 2, 4, 8, 1, 2 … of the blocks: a wider receptive field with as many weights.",
    )
    conditional: bool = choice(False, "class-conditional", "The model is told which of the 10 classes to draw.")
    attention: int = number(
        0,
        "attention",
        "So many blocks are followed by causal attention: a pixel asks all pixels before it, however far away.",
        0,
        3,
    )
    muon: bool = muon_field("the blocks")


class OrderAgnosticExperiment(PixelExperiment):
    """The order-agnostic model: posteriors of all unknown pixels, whichever are known."""

    family: Literal["order-agnostic"] = "order-agnostic"
    any_order: ClassVar[bool] = True
    architecture_fields: ClassVar[tuple[str, ...]] = ("size", "levels", "channels")

    learning_rate: float = rate_field(2e-3)
    steps: int = steps_field(2500)
    channels: int = number(24, "channels", "Feature maps of the U-Net on its finest scale.", 4, 64)


class MADEExperiment(PixelExperiment):
    """MADE: a plain network with masks on its weights, for one order of the pixels or several."""

    family: Literal["made"] = "made"
    convolves: ClassVar[bool] = False
    architecture_fields: ClassVar[tuple[str, ...]] = (
        "size",
        "levels",
        "hidden",
        "layers",
        "orders",
        "masks",
        "mask_seed",
        "middle",
    )

    steps: int = steps_field(3000)
    levels: Literal[2, 17] = choice(
        17,
        "grey levels",
        "Values a pixel can take; 2 means binarised by sampling, fresh in training. MNIST has 2 here: each level more "
        "needs weights of its own from every pixel to every other.",
    )
    hidden: int = number(256, "hidden units", "Units of each hidden layer.", 16, 1024)
    layers: int = number(1, "hidden layers", "Masked layers between the pixels and the outputs.", 1, 4)
    orders: int = number(
        1,
        "orders",
        "In which the pixels can be predicted: the raster order, and others drawn at random. Each step learns one.",
        1,
        16,
    )
    masks: int = number(
        1, "masks", "Ways to connect the hidden units for each order, drawn at random too; each step learns one.", 1, 16
    )
    mask_seed: int = number(0, "seed of the masks", "Of the orders and masks that are drawn at random.", 0, 9999)
    middle: bool = choice(
        False,
        "degrees in the middle",
        "A hidden unit of degree m hears the first m pixels, and the others hear it. Where images have margins, most "
        "units had better lie in the middle, where the ink is.",
        labels={False: "spread evenly", True: "most in the middle"},
    )

    @property
    def members(self) -> int:
        """How many pairs of an order and masks share the weights."""
        return self.orders * self.masks


class NADEExperiment(PixelExperiment):
    """NADE: one hidden vector that grows along the image."""

    family: Literal["nade"] = "nade"
    convolves: ClassVar[bool] = False
    architecture_fields: ClassVar[tuple[str, ...]] = ("size", "levels", "hidden")

    batch_size: int = batch_field(100, "Images", 512)
    learning_rate: float = rate_field(1e-2)
    steps: int = steps_field(800)
    hidden: int = number(128, "hidden units", "H, numbers in the one hidden vector.", 4, 500)


class RowLSTMExperiment(PixelExperiment):
    """Row LSTM: an LSTM whose steps are the rows of an image."""

    family: Literal["row-lstm"] = "row-lstm"
    architecture_fields: ClassVar[tuple[str, ...]] = ("size", "levels", "channels", "layers")

    steps: int = steps_field(1200)
    learning_rate: float = rate_field(4e-3)
    channels: int = number(32, "channels", "Numbers in the state of each pixel.", 4, 128)
    layers: int = number(2, "layers", "Row LSTMs on top of each other.", 1, 12)


TOPICS: tuple[Topic, ...] = (
    Family(
        "masked-lenet",
        "Masked pixels",
        "A plain convolutional network looks at the pixels known so far and guesses the next one.",
        "Pixels",
        "Fleuret, Deep learning, lecture 10.1; Larochelle and Murray 2011",
        "apps",
        "genlab.models.masked_lenet:MaskedLeNet",
        MaskedLeNetExperiment,
    ),
    Family(
        "pixelcnn",
        "PixelCNN",
        "Two stacks of causal convolutions predict every pixel from those before it that they can reach.",
        "Pixels",
        "Fleuret, Deep learning, lecture 10.2; two stacks: van den Oord et al. 2016b; one, with a blind spot: 2016a",
        "grid_on",
        "genlab.models.pixelcnn:PixelCNN",
        PixelCNNExperiment,
    ),
    Family(
        "gated-pixelcnn",
        "Gated PixelCNN",
        "A PixelCNN of more layers, with gates, residual connections and dilations, that can be told which digit to "
        "draw.",
        "Pixels",
        "van den Oord et al. 2016b, Conditional image generation with PixelCNN decoders",
        "layers",
        "genlab.models.gated_pixelcnn:GatedPixelCNN",
        GatedPixelCNNExperiment,
    ),
    Family(
        "nade",
        "NADE",
        "One hidden vector grows along the image: each pixel adds its row of weights, and the next one is read off.",
        "Pixels",
        "Larochelle and Murray 2011, The neural autoregressive distribution estimator",
        "stacked_line_chart",
        "genlab.models.nade:NADE",
        NADEExperiment,
    ),
    Family(
        "made",
        "MADE",
        "Masks on the weights of a plain network make every output see earlier pixels only.",
        "Pixels",
        "Germain et al. 2015, MADE: Masked autoencoder for distribution estimation",
        "filter_alt",
        "genlab.models.made:MADE",
        MADEExperiment,
    ),
    Family(
        "row-lstm",
        "Row LSTM",
        "A recurrent network reads the image a row at a time, and remembers a triangle above each pixel.",
        "Pixels",
        "van den Oord et al. 2016a, Pixel recurrent neural networks",
        "table_rows",
        "genlab.models.row_lstm:RowLSTM",
        RowLSTMExperiment,
    ),
    Family(
        "order-agnostic",
        "Any order",
        "One network hears every known pixel, wherever it is, and tells the posteriors of all others at once.",
        "Pixels",
        "Uria, Murray and Larochelle 2014; Hoogeboom et al. 2022, Autoregressive diffusion models",
        "shuffle",
        "genlab.models.order_agnostic:OrderAgnostic",
        OrderAgnosticExperiment,
    ),
)

_LARGE: dict[str, Any] = {"channels": 32, "layers": 6, "conditional": True, "batch_size": 16}
_LECTURE: dict[str, Any] = MNIST | {"levels": 256, "muon": True, "warm_up": 500, "steps": 24_000}

ENTRIES = (
    Entry(
        "masked-lenet-mnist",
        "MNIST, 256 levels",
        MaskedLeNetExperiment(**MNIST, levels=256, learning_rate=1e-3, steps=8000),
    ),
    Entry("masked-lenet-digits", "8×8 digits, 17 levels", MaskedLeNetExperiment()),
    Entry("pixelcnn-mnist", "MNIST, 256 levels", PixelCNNExperiment(**_LECTURE)),
    Entry(
        "pixelcnn-noposition-mnist",
        "MNIST, 256 levels, no positional encoding",
        PixelCNNExperiment(**_LECTURE, position=False),
    ),
    Entry("pixelcnn-digits", "8×8 digits, 17 levels", PixelCNNExperiment()),
    Entry(
        "gated-pixelcnn-mnist",
        "MNIST, 256 levels, by class",
        GatedPixelCNNExperiment(**MNIST, levels=256, **_LARGE, attention=2, muon=True, warm_up=500, steps=20000),
        accuracy=0.885,
    ),
    Entry(
        "gated-pixelcnn-mnist-binary",
        "MNIST, binary, by class",
        GatedPixelCNNExperiment(**MNIST, levels=2, **_LARGE, attention=2, warm_up=500, steps=10000),
        accuracy=0.985,
    ),
    Entry(
        "gated-pixelcnn-mnist14",
        "MNIST 14×14, 16 levels, by class",
        GatedPixelCNNExperiment(dataset="mnist", size=14, levels=16, **_LARGE, steps=1500),
        accuracy=0.968,
    ),
    Entry(
        "gated-pixelcnn-digits",
        "8×8 digits, 17 levels, by class",
        GatedPixelCNNExperiment(conditional=True),
        accuracy=0.987,
    ),
    Entry(
        "made-digits",
        "8×8 digits, 17 levels, 4 orders of 2 masks",
        MADEExperiment(orders=4, masks=2, learning_rate=1e-3, steps=5000),
    ),
    Entry(
        "made-mnist-binary",
        "MNIST, binary",
        MADEExperiment(**MNIST, levels=2, hidden=880, middle=True, batch_size=200, steps=36000),
    ),
    Entry(
        "nade-mnist-binary",
        "MNIST, binary",
        NADEExperiment(**MNIST, levels=2, hidden=500, steps=6000),
    ),
    Entry("nade-digits", "8×8 digits, 17 levels", NADEExperiment()),
    Entry(
        "row-lstm-mnist-binary",
        "MNIST, binary",
        RowLSTMExperiment(**MNIST, levels=2, batch_size=16, steps=3400),
    ),
    Entry("row-lstm-digits", "8×8 digits, 17 levels", RowLSTMExperiment()),
    Entry(
        "order-agnostic-mnist-binary",
        "MNIST, binary",
        OrderAgnosticExperiment(**MNIST, levels=2, learning_rate=3e-3, warm_up=200, steps=20000),
    ),
    Entry(
        "order-agnostic-mnist14",
        "MNIST 14×14, 16 levels",
        OrderAgnosticExperiment(dataset="mnist", size=14, levels=16, learning_rate=3e-3, warm_up=200, steps=12000),
    ),
    Entry("order-agnostic-digits", "8×8 digits, 17 levels", OrderAgnosticExperiment()),
)
