"""The figures of a GAN in the middle of a step."""

from __future__ import annotations

import numpy as np
import pytest

from genlab.figures import gan
from genlab.figures.colours import LIGHT
from genlab.ui.gans.look import compared

ROWS = [
    {"kind": "Conv2d", "shape": "1 → 16", "rms": 0.5, "slope": 1e-5, "weights": 3e-6, "idle": None},
    {"kind": "ReLU", "shape": "", "rms": 0.2, "slope": 0.0, "weights": None, "idle": 0.25},
]


def bins(*places: tuple[int, float]) -> np.ndarray:
    """A histogram of gradients: share by index."""
    shares = np.zeros(43, np.float32)
    for place, share in places:
        shares[place] = share
    return shares


def test_every_layer_has_its_histograms_and_numbers():
    arrays = {
        "values": np.full((2, 32), 1 / 32, np.float32),
        "range": np.array([[-1, 2], [0, 2]], np.float32),
        "slopes": np.stack((bins((0, 0.5), (20, 0.5)), bins((0, 1.0)))),
        "weights": np.stack((bins((22, 1.0)), bins())),
    }
    figure = gan.layers(ROWS, arrays, (-8, -2), LIGHT.judge, colours=LIGHT)
    assert [trace.type for trace in figure.data] == ["bar", "bar", "scatter", "bar", "bar"]
    written = " ".join(note.text for note in figure.layout.annotations)
    for words in ("<b>Conv</b><br>1 → 16", "25 % dead", "3.0·10⁻⁶", "50 %", "100 %"):
        assert words in written
    assert figure.layout.height == 2 * gan.ROW + gan.HEADER


def test_the_axis_of_gradients_holds_all_but_strays():
    assert gan.span([np.stack([bins((0, 1.0))])]) == (-4, 0)
    assert gan.span([np.stack([bins((13, 0.5), (40, 0.5))])]) == (-8, 2)
    assert gan.span([np.stack([bins((1, 0.001), (34, 0.999))])]) == (-4, 0)


def test_verdicts_lie_over_each_other():
    figure = gan.verdicts(np.array([2.0, 3.0]), np.array([-2.0, -40.0]), True, 0.0, sigmoid=True, colours=LIGHT)
    real, fake = figure.data
    assert (real.marker.color, fake.marker.color) == (LIGHT.data, LIGHT.model)
    assert sum(real.y) == sum(fake.y) == 1
    assert figure.layout.shapes[0].x0 == 0.5 and tuple(figure.layout.xaxis.range) == (0, 1)
    (alone,) = gan.verdicts(None, np.array([3.0, 3.0]), False, None, sigmoid=False, colours=LIGHT).data
    assert alone.marker.color == LIGHT.model and sum(alone.y) == 1 and not alone.name.startswith("real")


def test_bars_stay_on_a_logarithmic_axis_even_where_a_gradient_is_zero():
    (bars,) = gan.norms({"minimax": 0.0, "non-saturating": 2.0, "hinge": 1e-5}, ("minimax",), colours=LIGHT).data
    assert min(bars.x) > 0 and list(bars.text) == ["0", "2", "1.0·10⁻⁵"]
    assert list(bars.marker.color) == [LIGHT.model, LIGHT.grey, LIGHT.grey]


def test_curves_of_both_losses():
    logits = np.linspace(-8, 8, 5)
    arrays = {"logits": logits, "losses": np.zeros((2, 5)), "slopes": np.zeros((2, 5)), "fake": np.array([-9.0, 1.0])}
    figure = gan.slopes(arrays, colours=LIGHT)
    assert [trace.name for trace in figure.data[:4]] == ["minimax", "minimax", "non-saturating", "non-saturating"]
    assert figure.data[0].line.dash == "dash" and figure.data[2].line.dash == "solid"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (0.123, "0.12"), (-0.5, "−0.5"), (123.4, "123"), (3.21e-5, "3.2·10⁻⁵"), (-2e7, "−2.0·10⁷")],
)
def test_numbers_are_short(value, text):
    assert gan.number(value) == text


def test_sigmoid_does_not_overflow():
    assert gan.probabilities(np.array([-1e4, 0.0, 1e4])) == pytest.approx([0, 0.5, 1])


@pytest.mark.parametrize(
    ("minimax", "other", "probability", "words"),
    [
        (0.01, 2.4, 0.003, "**240 times smaller** than the non-saturating one, because D gives the samples"),
        (1.0, 2.5, 0.5, "**2.5 times smaller** than the non-saturating one, and D gives the samples"),
        (1e-4, 4.1748, 1e-5, "**42\u202f000 times smaller**"),
        (3.0, 1.5, 0.8, "**2.0 times larger**"),
        (1.0, 1.04, 0.5, "are **about equally large**: D gives the samples"),
        (1.0, 1.06, 0.5, "**1.1 times smaller**"),
        (0.0, 2.0, 0.0, "the minimax gradient is **0**"),
        (2.0, 0.0, 1.0, "the non-saturating gradient is **0**"),
    ],
)
def test_the_two_gradients_are_compared_in_words(minimax, other, probability, words):
    assert words in compared({"minimax": minimax, "non-saturating": other}, probability)


@pytest.mark.parametrize(
    ("probability", "sigmoid", "title"),
    [
        (True, True, "D(x) = σ(l), probability of being real"),
        (False, True, "l, where D(x) = σ(l)"),
        (False, False, "D(x) = l, a score"),
    ],
)
def test_what_d_says_has_one_name(probability: bool, sigmoid: bool, title: str) -> None:
    says = np.array([0.5, -0.5])
    figure = gan.verdicts(says, says, probability, None, sigmoid=sigmoid, colours=LIGHT)
    assert figure.layout.xaxis.title.text == title
