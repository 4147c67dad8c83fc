import pytest
import torch

from genlab.layers.causal import CausalConv2d, column_causal, masked_halves, row_causal
from genlab.layers.masked import MaskedConv2d

KERNELS = [(3, 1, False), (3, 1, True), (3, 2, False), (3, 4, True), (5, 1, True), (5, 2, False), (5, 8, False)]


def filled(conv):
    generator = torch.Generator().manual_seed(3)
    conv = conv.double()
    with torch.no_grad():
        for parameter in conv.parameters():
            parameter.copy_(torch.randn(parameter.shape, generator=generator))
    return conv


def sees(conv, size):
    """For the pixel in the middle: where it sees, measured by gradient."""
    x = torch.randn(1, 1, size, size, dtype=torch.float64, requires_grad=True)
    conv(x)[0, :, size // 2, size // 2].sum().backward()
    return {(int(r) - size // 2, int(c) - size // 2) for r, c in (x.grad[0, 0] != 0).nonzero()}


def test_a_row_causal_layer_sees_the_rows_above_on_both_sides():
    assert sees(filled(row_causal(1, 1, 3)), 9) == {(r, c) for r in (-1, 0) for c in (-1, 0, 1)}
    assert sees(filled(row_causal(1, 1, 3, dilation=2)), 9) == {(r, c) for r in (-2, 0) for c in (-2, 0, 2)}


def test_a_shift_hides_the_present_row():
    assert sees(filled(row_causal(1, 1, 3, hidden=True)), 9) == {(r, c) for r in (-2, -1) for c in (-1, 0, 1)}


def test_a_column_causal_layer_sees_the_left_of_its_own_row():
    assert sees(filled(column_causal(1, 1, 5)), 9) == {(0, -2), (0, -1), (0, 0)}
    assert sees(filled(column_causal(1, 1, 5, dilation=2, hidden=True)), 11) == {(0, -5), (0, -3), (0, -1)}


def test_a_mask_hides_what_comes_later():
    past = {(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) < (0, 0)}
    assert sees(filled(MaskedConv2d(1, 1, 3, hidden=True)), 7) == past
    assert sees(filled(MaskedConv2d(1, 1, 3)), 7) == past | {(0, 0)}


@pytest.mark.parametrize("hidden", [False, True])
@torch.no_grad()
def test_a_masked_convolution_is_the_sum_of_its_halves(hidden):
    masked = filled(MaskedConv2d(2, 3, 5, hidden=hidden))
    above, left = (half.double() for half in masked_halves(2, 3, 5, hidden=hidden))
    above.weight.copy_(masked.weight[:, :, :2])
    above.bias.copy_(masked.bias)
    left.weight.copy_(masked.weight[:, :, 2:3, : left.weight.shape[3]])
    x = torch.randn(2, 2, 7, 7, dtype=torch.float64)
    torch.testing.assert_close(above(x) + left(x), masked(x), rtol=0, atol=1e-12)


@pytest.mark.parametrize("size", [1, 2, 5, 9])
@pytest.mark.parametrize(("kernel", "dilation", "hidden"), KERNELS)
@torch.no_grad()
def test_row_by_row_equals_the_whole_map(kernel, dilation, hidden, size):
    conv = filled(row_causal(2, 3, kernel, dilation=dilation, hidden=hidden))
    x = torch.randn(2, 2, size, size, dtype=torch.float64)
    whole, rows = conv(x).permute(0, 2, 3, 1), conv.rows(2, size)
    for r in range(size):
        if not hidden:
            rows.write[r].copy_(x[:, :, r].transpose(1, 2))
        torch.testing.assert_close(rows(r), whole[:, r], rtol=0, atol=1e-12)
        torch.testing.assert_close(rows(r, conv.bias + 1), whole[:, r] + 1, rtol=0, atol=1e-12)
        if hidden:  # the present row is not needed before it is complete
            rows.write[r].copy_(x[:, :, r].transpose(1, 2))


@pytest.mark.parametrize("size", [1, 2, 5, 9])
@pytest.mark.parametrize(("kernel", "dilation", "hidden"), KERNELS)
@torch.no_grad()
def test_column_by_column_equals_the_whole_map(kernel, dilation, hidden, size):
    conv = filled(column_causal(2, 3, kernel, dilation=dilation, hidden=hidden))
    x = torch.randn(2, 2, size, size, dtype=torch.float64)
    whole, columns = conv(x), conv.columns(2, size)
    for r in range(size):  # one buffer serves every row
        for c in range(size):
            if not hidden:
                columns.write[c].copy_(x[:, :, r, c])
            torch.testing.assert_close(columns(c), whole[:, :, r, c], rtol=0, atol=1e-12)
            if hidden:
                columns.write[c].copy_(x[:, :, r, c])


@torch.no_grad()
def test_points_equal_a_convolution_of_one_pixel():
    conv = filled(CausalConv2d(4, 3))
    x = torch.randn(2, 4, 3, 3, dtype=torch.float64)
    y = conv.points()(x.permute(0, 2, 3, 1).reshape(-1, 4))
    torch.testing.assert_close(y, conv(x).permute(0, 2, 3, 1).reshape(-1, 3), rtol=0, atol=1e-12)
    half = conv.points(conv.weight[:, 2:])(x[:, 2:].permute(0, 2, 3, 1).reshape(-1, 2), torch.zeros(3).double())
    torch.testing.assert_close(
        half,
        torch.nn.functional.conv2d(x[:, 2:], conv.weight[:, 2:]).permute(0, 2, 3, 1).reshape(-1, 3),
        rtol=0,
        atol=1e-12,
    )
