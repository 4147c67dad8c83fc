import math

import numpy as np
import pytest
import torch

from genlab.generation.steps import Step, generate
from genlab.layers.masked import MaskedConv2d
from genlab.models.causal_image import CausalImage
from genlab.views import pixels
from genlab.views.pack import unpack
from genlab.views.pixels import FLOOR, samples, trace_arrays
from tests.models.zoo import ALL, CAUSAL, random_model


def test_a_trace_says_what_each_step_was():
    probs = torch.tensor([[[0.5, 0.25, 0.25], [1, 0, 0]]], dtype=torch.float64)
    step = Step(0, 0, probs[0].log(), torch.tensor([1, 0]), torch.tensor([False, True]))
    arrays = trace_arrays([step])
    np.testing.assert_array_equal(arrays["values"], [[1, 0]])
    np.testing.assert_array_equal(arrays["known"], [[0, 1]])
    np.testing.assert_allclose(arrays["entropy"], [[1.5 * math.log(2), 0]], atol=1e-6)
    np.testing.assert_allclose(arrays["surprise"], [[math.log(4), 0]], atol=1e-6)
    np.testing.assert_allclose(arrays["expected"], [[0.75, 0]], atol=1e-6)
    shades = [round(255 * (1 - math.log(k) / FLOOR)) for k in (2, 4, 4)]
    np.testing.assert_array_equal(arrays["log_probs"], [shades])
    np.testing.assert_array_equal(trace_arrays([step], focus=1)["log_probs"], [[255, 0, 0]])


def test_a_trace_has_one_row_a_step():
    model = random_model("gated-pixelcnn", 4, 3)
    arrays = trace_arrays(generate(model, 2, generator=torch.Generator().manual_seed(0)))
    shapes = {name: (a.shape, a.dtype.name) for name, a in arrays.items()}
    assert shapes == {
        "values": ((16, 2), "uint8"),
        "known": ((16, 2), "uint8"),
        "log_probs": ((16, 3), "uint8"),
        "entropy": ((16, 2), "float32"),
        "surprise": ((16, 2), "float32"),
        "expected": ((16, 2), "float32"),
        "positions": ((16,), "int32"),
    }
    with pytest.raises(ValueError, match="no step"):
        trace_arrays([])


@pytest.mark.parametrize("name", ALL)
def test_the_receptive_field_is_the_past_and_nothing_else(name):
    model = random_model(name, 5, 3, seed=1)
    for position in (0, 7, 24):
        arrays = pixels.receptive_field(model, position=position).arrays
        field, seen = arrays["field"].ravel(), arrays["seen"].ravel()
        assert (seen == (np.arange(25) < position)).all()
        assert (field[seen == 0] == 0).all()
        assert position == 0 or field.max() == 1


def test_influence_is_measured_on_the_images_that_are_given() -> None:
    model = random_model("pixelcnn", 5, 3, seed=1)
    images = torch.randint(3, (2, 1, 5, 5), generator=torch.Generator().manual_seed(0))
    drawn, given = (pixels.receptive_field(model, 12, *more).arrays for more in ((), (images,)))
    assert (drawn["seen"] == given["seen"]).all() and not np.array_equal(drawn["field"], given["field"])
    weight = next(model.parameters())
    direction = torch.randn(3, generator=_past_noise(model)).to(weight)
    x = images.to(weight.dtype).requires_grad_()
    (model.predict_at(x, None, 12) @ direction).sum().backward()
    expected = x.grad.abs().mean((0, 1))
    np.testing.assert_allclose(given["field"], expected / expected.max(), rtol=1e-5)


def _past_noise(model) -> torch.Generator:
    """The generator after the noise by which reach is told."""
    generator = torch.Generator().manual_seed(0)
    torch.rand(8, 1, model.size, model.size, generator=generator)
    return generator


def test_the_blind_spot_is_there_with_one_stack_and_gone_with_two():
    arrays = pixels.blind_spot(random_model("pixelcnn", 5, 2), layers=3, size=15).arrays
    past = arrays["past"].astype(bool)
    before = np.arange(225).reshape(15, 15) < 7 * 15 + 7
    assert (arrays["two"][past] > 0).all()
    assert (arrays["one"][~past] == 0).all()
    assert (arrays["two"][~before] == 0).all()
    blind = past & (arrays["one"] == 0)
    columns = np.nonzero(blind)[1]
    assert (columns > 7).all(), "it lies above and to the right of the present pixel"
    assert blind[6, 10], "close by, too"
    np.testing.assert_array_equal(MaskedConv2d(1, 1, 5).mask.sum(1), [5, 5, 3, 0, 0])


@pytest.mark.parametrize("name", [name for name in CAUSAL if issubclass(ALL[name][0], CausalImage)])
def test_a_new_pixel_computes_one_column_and_a_new_row_one_row(name):
    model = random_model(name, 6, 3)
    inside, start = pixels.recomputed(model, position=15), pixels.recomputed(model, position=18)
    names = inside.meta["names"]
    assert len(names) == len(inside.arrays["maps"]) == len(set(names))
    for i, layer in enumerate(names):
        vertical = layer.startswith(("vertical", "link", "state")) or layer.endswith("vertical half")
        assert inside.arrays["now"][i] == (0 if vertical else 1)
        assert start.arrays["now"][i] == (6 if vertical else 1)
        expected = np.zeros((6, 6))
        expected[:2] = 1
        expected[2, : 6 if vertical else 3] = 1
        expected[2, 3] = 1 if vertical else 2
        np.testing.assert_array_equal(inside.arrays["maps"][i], expected)
    assert (inside.arrays["full"] == 36).all()
    assert 0 < inside.meta["work"] < start.meta["work"] < inside.meta["full_work"]


def test_what_keeps_nothing_says_so():
    with pytest.raises(ValueError, match="causal convolutions alone"):
        pixels.recomputed(random_model("masked-lenet", 4, 2), position=3)


def test_the_masked_network_sees_a_prefix():
    model = random_model("masked-lenet", 4, 5)
    arrays = pixels.masks(model, position=6, image=np.full((4, 4), 4)).arrays
    prefix = (np.arange(16) < 6).reshape(4, 4)
    np.testing.assert_array_equal(arrays["mask"], prefix)
    np.testing.assert_array_equal(arrays["values"], prefix * 1.0)


def test_the_position_code_is_boolean():
    meta, arrays = pixels.position_code(random_model("pixelcnn", 6, 2), position=20)
    assert meta == {"row": 3, "column": 2}
    assert arrays["code"].shape == (10, 6, 6)
    assert arrays["code"].max() == 1


@pytest.mark.parametrize("name", ["receptive_field", "blind_spot", "position_code", "recomputed", "masks", "samples"])
def test_views_can_be_packed(name):
    model = random_model("masked-lenet" if name == "masks" else "gated-pixelcnn", 5, 2)
    arguments = {"blind_spot": {}, "position_code": {}, "samples": {"seed": 0}}.get(name, {"position": 12})
    seen = getattr(pixels, name)(model, **arguments)
    meta, arrays = unpack(seen.pack())
    assert meta == seen.meta
    assert arrays.keys() == seen.arrays.keys()


@pytest.mark.parametrize("position", [-1, 25])
@pytest.mark.parametrize("name", ["receptive_field", "recomputed", "masks"])
def test_a_position_outside_gets_a_sentence(name, position):
    with pytest.raises(ValueError, match="between 0 and 24"):
        getattr(pixels, name)(random_model("masked-lenet" if name == "masks" else "pixelcnn", 5, 2), position=position)


def test_samples_share_their_uniforms_and_their_ink_is_counted_in_pieces() -> None:
    model = random_model("pixelcnn", 8, 4)
    seen = samples(model, seed=3, n=4)
    expected = model.sample(4, generator=torch.Generator().manual_seed(3))[:, 0].numpy()
    np.testing.assert_array_equal(seen.arrays["images"], expected)

    class Drawn:
        """A model that always draws the same: two strokes that touch at a corner, one apart, a dot and a speck."""

        levels, conditional = 4, False

        def sample(self, n: int, **_: object) -> torch.Tensor:
            x = torch.zeros(n, 1, 8, 8, dtype=torch.long)
            x[:, 0, 0, 0:4], x[:, 0, 1, 4:6] = 3, 2
            x[:, 0, 4:8, 1] = 3
            x[:, 0, 3, 6], x[:, 0, 4, 6:8] = 3, 2
            x[:, 0, 7, 6:8] = 3  # two pixels: no stroke
            x[:, 0, 6, 3:5] = 1  # too pale
            return x

    assert samples(Drawn(), seed=0, n=2).arrays["pieces"].tolist() == [3, 3]  # type: ignore[arg-type]


def test_kernels_are_read_off_the_layers_themselves() -> None:
    """Of the shifted 5×5 and the plain 5×5 of both stacks, by hand; # is read, the middle is the place itself."""
    seen = pixels.kernels(random_model("pixelcnn", 5, 3))
    assert [["".join("·#"[cell] for cell in row) for row in mask] for mask in seen.arrays["masked"]] == [
        ["#####", "#####", "##···", "·····", "·····"],
        ["#####", "#####", "###··", "·····", "·····"],
    ]
    rows = {
        name: ["".join("·#"[cell] for cell in row) for row in cells]
        for name, cells in zip(seen.meta["names"], seen.arrays["read"], strict=True)
    }
    none = "·" * 7
    assert rows == {
        "vertical 1": ["·#####·"] * 3 + [none] * 4,
        "vertical 2": [none, *["·#####·"] * 3, none, none, none],
        "horizontal 1": [none] * 3 + ["###····"] + [none] * 3,
        "horizontal 2": [none] * 3 + ["·###···"] + [none] * 3,
    }
    with pytest.raises(ValueError, match="causal convolutions"):
        pixels.kernels(random_model("masked-lenet", 5, 3))


@pytest.mark.parametrize("name", [name for name in CAUSAL if "pixelcnn" in name and "masked" not in name])
def test_a_path_ends_in_the_receptive_field_and_each_stack_brings_its_own_half(name: str) -> None:
    model = random_model(name, 7, 3, seed=1)
    for position in (0, 9, 31, 48):
        row, column = divmod(position, 7)
        seen = pixels.prediction_path(model, position)
        image = seen.arrays["image"]
        assert ((image > 0) == pixels.receptive_field(model, position).arrays["seen"]).all()
        if "attention" in name:
            continue  # it looks from the horizontal stack at all places so far, so both bring everything
        assert (image[:row] != 2).all()
        assert (image[row, :column] == 2).sum() == (image == 2).sum()
        assert not (image == 3).any()
        for title, lit in zip(seen.meta["names"], seen.arrays["maps"], strict=True):
            places = {(int(r), int(c)) for r, c in np.argwhere(lit)}
            if title.startswith(("link", "final")):
                assert (row, column) in places
            assert all(r <= row for r, _ in places)
            if title.startswith("horizontal"):
                assert all(r == row and c <= column for r, c in places)
            if title.startswith("final"):
                assert places == {(row, column)}
    assert not any(layer._forward_hooks for layer in model.modules())


def test_attention_is_the_softmax_of_how_queries_meet_keys() -> None:
    model = random_model("gated-pixelcnn, attention", 5, 3)
    seen, asked = pixels.attention(model, 13), dict[str, list[torch.Tensor]]()
    image = torch.from_numpy(seen.arrays["image"] * 2).round().long().view(1, 1, 5, 5)
    for name, layer in model.attention.items():
        layer.register_forward_pre_hook(lambda _layer, inputs, name=name: asked.__setitem__(name, [inputs[0]]))
    with torch.no_grad():
        model.logits(image)
        for k, (name, (u,)) in enumerate(asked.items()):
            layer = model.attention[name]
            y = layer.project(torch.cat([u, layer.code[None]], 1))[0].flatten(1)  # (3 · 16, T): one head
            query, keys = y[:16, 13], y[16:32, :14]
            expected = torch.zeros(25)
            expected[:14] = (query @ keys / 4).softmax(0)
            np.testing.assert_allclose(seen.arrays["weights"][k].ravel(), expected, atol=1e-6)
    assert seen.meta["after"] == [int(name) + 1 for name in asked] and len(asked) == 2
    with pytest.raises(ValueError, match="no attention"):
        pixels.attention(random_model("gated-pixelcnn", 5, 3), 13)


def test_a_link_carries_what_its_row_of_the_horizontal_stack_reads() -> None:
    seen = pixels.prediction_path(random_model("gated-pixelcnn", 7, 3, seed=1), 31)
    lit = dict(zip(seen.meta["names"], seen.arrays["maps"], strict=True))
    blocks = sum(name.startswith("link") for name in lit)
    assert blocks > 1
    for block in range(1, blocks + 1):
        np.testing.assert_array_equal(lit[f"link {block}"], lit[f"horizontal {block}"])
    assert lit[f"link {blocks}"].sum() == 1  # the last one: at the pixel alone
