"""Laws that every pixel model obeys, in float64 with random weights."""

import math

import numpy as np
import pytest
import torch

from genlab.catalog import CATALOG
from genlab.models import build
from genlab.models.gated_pixelcnn import GatedPixelCNN
from genlab.models.pixelcnn import PixelCNN
from genlab.views.pixels import receptive_field
from tests.models.zoo import ALL, CAUSAL, every_image, random_images, random_labels, random_model


@pytest.mark.parametrize(("size", "levels"), [(2, 2), (2, 3), (3, 2)])
@pytest.mark.parametrize("name", ALL)
@torch.no_grad()
def test_probabilities_of_all_images_add_up_to_one(name, size, levels):
    model = random_model(name, size, levels)
    images = every_image(model)
    labels = torch.full((len(images),), 7) if model.conditional else None
    assert float(model.log_prob(images, labels).exp().sum()) == pytest.approx(1, abs=1e-12)


@torch.no_grad()
def test_the_mixture_over_classes_is_the_mean_of_their_probabilities():
    model = random_model("gated-pixelcnn, conditional", 2, 2)
    images = every_image(model)
    each = torch.stack([model.log_prob(images, torch.full((len(images),), y)).exp() for y in range(10)])
    assert torch.equal(model.class_log_probs(images).exp(), each.t())
    assert each.std(0).min() > 1e-6, "classes must differ for this to mean anything"
    torch.testing.assert_close(model.log_prob(images).exp(), each.mean(0), rtol=1e-12, atol=0)
    assert float(model.log_prob(images).exp().sum()) == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("name", ALL)
@torch.no_grad()
def test_a_perturbed_future_changes_the_past_by_exactly_nothing(name):
    size = 5 if name == "masked-lenet" else 9
    model = random_model(name, size, 4)
    x, labels = random_images(model, 2), random_labels(model, 2)
    before = model.logits(x, labels).flatten(2)
    for t in (0, 1, size - 1, size, size**2 // 2, size**2 - 1):
        changed = x.clone()
        changed.view(2, -1)[:, t:] = (changed.view(2, -1)[:, t:] + 1) % 4
        after = model.logits(changed, labels).flatten(2)
        assert torch.equal(after[..., : t + 1], before[..., : t + 1])
        assert t == size**2 - 1 or not torch.equal(after, before)


@pytest.mark.parametrize("name", ALL)
@torch.no_grad()
def test_every_earlier_pixel_matters(name):
    moved = torch.zeros(9, 9, dtype=torch.bool)
    for seed in range(3):  # a small network with random weights may have a unit that is silent
        model = random_model(name, 3, 2, seed)
        x, labels = random_images(model, 1), random_labels(model, 1)
        before = model.logits(x, labels)
        for t in range(9):
            changed = x.clone()
            changed.view(-1)[t] = 1 - changed.view(-1)[t]
            moved[t] |= (model.logits(changed, labels) != before).any(1).flatten()
    assert torch.equal(moved, torch.ones(9, 9, dtype=torch.bool).triu(1))


@pytest.mark.parametrize("name", ALL)
def test_gradients_reach_every_parameter(name):
    model = random_model(name, 8, 3)
    loss = model.loss(random_images(model, 20), random_labels(model, 20), torch.Generator().manual_seed(0))
    loss.backward()
    still = [key for key, p in model.named_parameters() if p.grad is None or not bool((p.grad != 0).any())]
    assert not still


@pytest.mark.parametrize("name", CAUSAL)
@torch.no_grad()
def test_the_loss_is_minus_log_prob_a_pixel(name):
    model = random_model(name, 4, 3)
    x, labels = random_images(model, 3), random_labels(model, 3)
    loss = model.loss(x, labels, torch.Generator())
    assert float(loss) == pytest.approx(-float(model.log_prob(x, labels).mean()) / 16, rel=1e-12)


@torch.no_grad()
def test_the_masked_networks_loss_is_unbiased():
    model = random_model("masked-lenet", 2, 3)
    x = random_images(model, 1).expand(4000, -1, -1, -1)
    loss = model.loss(x, None, torch.Generator().manual_seed(5))
    assert float(loss) == pytest.approx(-float(model.log_prob(x[:1])) / 4, rel=0.03)


@pytest.mark.parametrize("name", ALL)
@torch.no_grad()
def test_one_position_predicted_alone_is_the_same(name):
    model = random_model(name, 5, 3)
    x, labels = random_images(model, 2), random_labels(model, 2)
    whole = model.logits(x, labels)
    for t in (0, 7, 24):
        torch.testing.assert_close(model.predict_at(x, labels, t), whole.flatten(2)[..., t], rtol=0, atol=1e-12)


@pytest.mark.parametrize("levels", [2, 17, 256])
@pytest.mark.parametrize("name", ALL)
def test_networks_see_levels_from_minus_one_to_one(name, levels):
    model = random_model(name, 4, levels)
    x = torch.tensor([0, 1, levels - 1])
    assert model.normalise(x).tolist() == pytest.approx([-1, -1 + 2 / (levels - 1), 1], abs=1e-12)


@torch.no_grad()
def test_the_masked_network_is_trained_on_every_position():
    model = random_model("masked-lenet", 2, 3)
    asked = []
    model.next_logits = lambda x, t: asked.append(t) or torch.zeros(len(x), 3)
    model.loss(random_images(model, 4000), None, torch.Generator().manual_seed(0))
    assert (torch.bincount(asked[0], minlength=4) / 4000).tolist() == pytest.approx([0.25] * 4, abs=0.03)


def test_the_masked_lenet_at_28_is_the_lectures():
    shapes = [tuple(p.shape) for p in build(CATALOG["masked-lenet-mnist"].experiment).parameters() if p.dim() > 1]
    assert shapes == [(32, 2, 3, 3), (64, 32, 5, 5), (512, 64 * 81), (256, 512)]


def test_the_pixelcnn_has_the_lectures_parameters():
    assert sum(p.numel() for p in build(CATALOG["pixelcnn-mnist"].experiment).parameters()) == 92928


def test_one_masked_stack_has_about_as_many_weights_and_a_blind_spot():
    weights = [sum(p.numel() for p in PixelCNN(28, 2, masked=masked).parameters()) for masked in (False, True)]
    assert weights[1] == pytest.approx(weights[0], rel=0.05)
    size, centre = 15, (7, 7)
    seen = [
        receptive_field(random_model(name, size, 2), centre[0] * size + centre[1]).arrays["seen"]
        for name in ("pixelcnn", "pixelcnn, masked")
    ]
    blind = (seen[0] == 1) & (seen[1] == 0)
    assert {tuple(place) for place in np.argwhere(blind[3:7])} == {(3, 10), (3, 11)}, "in the row above, to the right"


@pytest.mark.parametrize(("dilated", "expected"), [(True, [1, 2, 4, 8, 1, 2]), (False, [1] * 6)])
def test_dilations_double_and_start_again(dilated, expected):
    blocks = GatedPixelCNN(size=4, levels=2, channels=2, layers=6, dilated=dilated).blocks
    assert [block.vertical.dilation for block in blocks] == [(d, d) for d in expected]
    assert [block.horizontal.dilation for block in blocks] == [(d, d) for d in expected]


@pytest.mark.parametrize("entry", CATALOG)
def test_every_entry_of_the_catalogue_builds_the_same_weights_for_the_same_seed(entry):
    experiment = CATALOG[entry].experiment
    state = torch.random.get_rng_state()
    first, second = build(experiment), build(experiment)
    other = build(type(experiment)(**{**experiment.model_dump(), "seed": 1}))
    assert torch.equal(state, torch.random.get_rng_state())
    weights = [torch.cat([p.flatten() for p in model.parameters()]) for model in (first, second, other)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


WRONG_IMAGES = [
    (torch.zeros(1, 1, 4, 4), "integer"),
    (torch.zeros(1, 1, 4, 4, dtype=torch.bool), "integer"),
    (torch.zeros(1, 4, 4, dtype=torch.long), "shape"),
    (torch.zeros(1, 1, 4, 5, dtype=torch.long), "shape"),
    (torch.full((1, 1, 4, 4), 3), "between 0 and 2"),
    (torch.full((1, 1, 4, 4), -1), "between 0 and 2"),
]


@pytest.mark.parametrize(("x", "words"), WRONG_IMAGES)
def test_wrong_images_get_a_sentence(x, words):
    with pytest.raises(ValueError, match=words):
        random_model("pixelcnn", 4, 3).logits(x)


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (None, "needs labels"),
        (torch.zeros(2), "int64"),
        (torch.zeros(3, dtype=torch.long), "shape"),
        (torch.tensor([0, 10]), "between 0 and 9"),
        (torch.tensor([-1, 0]), "between 0 and 9"),
    ],
)
def test_wrong_labels_get_a_sentence(labels, words):
    model = random_model("gated-pixelcnn, conditional", 3, 2)
    with pytest.raises(ValueError, match=words):
        model.logits(random_images(model, 2), labels)


def test_labels_for_a_model_without_classes_are_an_error():
    model = random_model("pixelcnn", 3, 2)
    with pytest.raises(ValueError, match="takes no labels"):
        model.logits(random_images(model, 1), torch.tensor([1]))
    with pytest.raises(ValueError, match="not class-conditional"):
        model.class_log_probs(random_images(model, 1))


@torch.no_grad()
def test_zero_weights_give_the_uniform_distribution():
    model = random_model("gated-pixelcnn", 4, 3)
    for parameter in model.parameters():
        parameter.zero_()
    torch.testing.assert_close(model.log_prob(random_images(model, 2)), torch.full((2,), -16 * math.log(3)).double())
