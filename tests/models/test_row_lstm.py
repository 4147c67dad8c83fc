"""The Row LSTM: one step by hand, and the triangle that it sees."""

import math

import numpy as np
import pytest
import torch

from genlab.figures import pixels as figures
from genlab.figures.colours import LIGHT
from genlab.models.row_lstm import RowLayer
from genlab.views.pixels import triangle
from tests.models.zoo import random_model


@torch.no_grad()
def test_a_layer_is_an_lstm_whose_steps_are_rows() -> None:
    layer = RowLayer(2).double()
    generator = torch.Generator().manual_seed(0)
    for parameter in layer.parameters():
        parameter.copy_(torch.randn(parameter.shape, generator=generator))
    x = torch.randn(2, 3, 4, dtype=torch.float64, generator=generator)
    y = layer(x[None])[0]
    h, c = torch.zeros(2, 3, 4).double(), torch.zeros(2, 3, 4).double()

    def at(maps: torch.Tensor, k: int, row: int, column: int) -> float:
        return float(maps[k, row, column]) if row >= 0 and 0 <= column < 4 else 0.0

    def sigmoid(a: float) -> float:
        return 1 / (1 + math.exp(-a))

    for row in range(3):
        for column in range(4):
            a = [float(bias) for bias in layer.input.bias]
            for out in range(8):
                for k in range(2):
                    a[out] += sum(
                        float(layer.input.weight[out, k, 0, j]) * at(x, k, row, column - 1 + j) for j in (0, 1)
                    )
                    a[out] += sum(
                        float(layer.state.weight[out, k, 0, j]) * at(h, k, row - 1, column - 1 + j) for j in (0, 1, 2)
                    )
            for k in range(2):
                o, f, i, g = a[k], a[2 + k], a[4 + k], a[6 + k]
                c[k, row, column] = sigmoid(f) * at(c, k, row - 1, column) + sigmoid(i) * math.tanh(g)
                h[k, row, column] = sigmoid(o) * math.tanh(float(c[k, row, column]))
    torch.testing.assert_close(y, x + h, rtol=0, atol=1e-12)


@pytest.mark.parametrize("layers", [1, 2])
def test_it_sees_a_triangle_up_to_the_first_row(layers: int) -> None:
    """A column more to either side with each row; another layer looks one place farther to the left."""
    seen = triangle(random_model("row-lstm", 3, 2), layers, size=21)
    rows, columns = np.arange(21)[:, None], np.arange(21)
    up, right = 10 - rows, columns - 10
    expected = (up >= 0) & (right >= -up - 3 - layers) & (right <= np.where(up > 0, up + 2, -1))
    np.testing.assert_array_equal(seen.arrays["row_lstm"], expected)
    square = (up >= 0) & (up < 6) & (abs(right) <= 4) & ((up > 0) | (right < 0))
    assert not seen.arrays["pixelcnn"][~square & (up != 0)].any()
    said = figures.triangle(seen.meta, seen.arrays, LIGHT).sentence
    assert f"of {layers} layer" in said and f"**{expected.sum()}**" in said
