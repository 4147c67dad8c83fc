"""Generation: exact, reproducible, and the same however it is consumed."""

import pytest
import torch

from genlab.generation.steps import draw, generate
from tests.models.zoo import ALL, CAUSAL, every_image, random_images, random_labels, random_model


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def consumed(steps, model):
    return torch.stack([step.value for step in steps], 1).view(-1, 1, model.size, model.size)


@pytest.mark.parametrize(("size", "n"), [(1, 2), (2, 1), (3, 1), (8, 3), (14, 2), (28, 1)])
@pytest.mark.parametrize("name", CAUSAL)
@torch.no_grad()
def test_cached_logits_equal_the_full_pass(name, size, n):
    model = random_model(name, size, 3)
    x, labels = random_images(model, n), random_labels(model, n)
    full = model.logits(x, labels).flatten(2)
    next_logits, written = model.stepper(n, labels), torch.full_like(x, 2)
    for t in range(size**2):
        x_so_far = written if t % 2 else written.clone()  # the same tensor or another: only its levels count
        assert float((next_logits(t, x_so_far) - full[..., t]).abs().max()) <= 1e-9
        written.view(n, -1)[:, t] = x.view(n, -1)[:, t]


@pytest.mark.parametrize(("size", "n"), [(2, 2), (8, 1), (13, 2), (14, 3), (28, 2)])
@pytest.mark.parametrize("together", [False, True])
@torch.no_grad()
def test_the_masked_networks_stepper_equals_its_logits(size, n, together):
    """With padding, without, with a last row that the pooling leaves out; images that agree for a while, or never."""
    model = random_model("masked-lenet", size, 3)
    x = random_images(model, n)
    if together:
        x.view(n, -1)[:, : size**2 // 2] = x.view(n, -1)[:1, : size**2 // 2]
    elif n > 1:
        x[0, 0, 0, 0], x[1, 0, 0, 0] = 0, 2
    next_logits, written = model.stepper(n), torch.full_like(x, 2)
    few = range(0, size**2, 1 if size < 28 else 13)  # a full pass of 28×28 takes long
    full = dict(zip(few, model.logits_at(x, torch.tensor(few).expand(n, -1)).unbind(1), strict=True))
    for t in range(size**2):
        logits = next_logits(t, written if t % 2 else written.clone())  # the same tensor or another
        assert next_logits.together == (n == 1 or t <= (size**2 // 2 if together else 0) or bool((x == x[:1]).all()))
        if t in full:
            assert float((logits - full[t]).abs().max()) <= 1e-9
        written.view(n, -1)[:, t] = x.view(n, -1)[:, t]


def test_a_pixel_of_the_masked_network_changes_15_of_81_places():
    changes = random_model("masked-lenet", 28, 2).stepper(1).changes
    assert sum(len(rows) * len(columns) for _, rows in changes for _, columns in changes) / 28**2 == pytest.approx(
        14.9, abs=0.05
    )


@pytest.mark.parametrize("name", ALL)
def test_positions_come_one_after_the_other(name):
    model = random_model(name, 3, 2)
    next_logits = model.stepper(1, random_labels(model, 1))
    x = random_images(model, 1)
    next_logits(0, x)
    with pytest.raises(ValueError, match="1 is next, not 2"):
        next_logits(2, x)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("given", [False, True])
def test_sample_equals_consumed_generate(name, given):
    model = random_model(name, 6, 4)
    labels = random_labels(model, 3)
    options = {"labels": labels, "temperature": 0.8}
    if given:
        options |= {"known": random_images(model, 3), "mask": torch.rand(3, 1, 6, 6, generator=rng(9)) < 0.5}
    image = model.sample(3, generator=rng(), **options)
    steps = list(generate(model, 3, generator=rng(), **options))
    assert torch.equal(consumed(steps, model), image)
    assert [step.position for step in steps] == list(range(36))
    with torch.no_grad():
        full = torch.log_softmax(model.logits(image, labels) / 0.8, 1).flatten(2)
    for step in steps:
        torch.testing.assert_close(step.log_probs, full[..., step.position], rtol=0, atol=1e-9)


@pytest.mark.parametrize("name", ALL)
def test_images_are_drawn_as_often_as_they_are_likely(name):
    model = random_model(name, 2, 2)
    n = 2000
    labels = torch.full((n,), 3) if model.conditional else None
    drawn = model.sample(n, generator=rng(), labels=labels)
    images = every_image(model)
    with torch.no_grad():
        probability = model.log_prob(images, None if labels is None else labels[: len(images)]).exp()
    index = (drawn.flatten(1) * torch.tensor([8, 4, 2, 1])).sum(1)
    frequency = torch.bincount(index, minlength=16) / n
    assert float((frequency - probability).abs().sum()) < 0.1  # about 0.06 is expected from 2000 draws


def test_a_draw_is_the_inverse_of_the_cumulative_distribution():
    logits = torch.log(torch.tensor([[0.0, 0.5, 0.25, 0.25]], dtype=torch.float64)).expand(6, -1)
    uniforms = torch.tensor([0, 0.49999, 0.5, 0.74999, 0.75, 1 - 2**-53], dtype=torch.float64).unsqueeze(1)
    assert draw(logits, uniforms).squeeze(1).tolist() == [1, 1, 2, 2, 3, 3]


def test_rounding_cannot_draw_beyond_the_last_level():
    logits = torch.randn(2000, 7, generator=rng())
    assert int(draw(logits, torch.full((2000, 1), 1 - 2**-24)).max()) == 6


def test_known_pixels_are_kept_and_said():
    model = random_model("pixelcnn", 5, 4)
    known, mask = random_images(model, 2), torch.rand(2, 1, 5, 5, generator=rng(4)) < 0.4
    known[~mask] = 99  # what stands at unknown pixels is nobody's business
    steps = list(generate(model, 2, known=known, mask=mask, generator=rng()))
    image = consumed(steps, model)
    assert torch.equal(image[mask], known[mask])
    assert int(image.max()) < 4
    assert torch.equal(torch.stack([step.known for step in steps], 1).view_as(mask), mask)


def test_one_known_image_serves_a_whole_batch():
    model = random_model("pixelcnn", 5, 4)
    known, mask = random_images(model, 1), torch.zeros(1, 1, 5, 5, dtype=torch.bool)
    mask[..., :3, :] = True
    images = model.sample(4, known=known, mask=mask, generator=rng())
    assert (images[..., :3, :] == known[..., :3, :]).all()
    assert len(images[..., 3:, :].flatten(1).unique(dim=0)) == 4


@pytest.mark.parametrize("name", ALL)
def test_same_seed_same_image_and_nothing_global_moves(name):
    model = random_model(name, 4, 3)
    labels = random_labels(model, 3)
    state = torch.random.get_rng_state()
    first, again = (model.sample(3, generator=rng(5), labels=labels) for _ in range(2))
    assert torch.equal(first, again)
    assert not torch.equal(first, model.sample(3, generator=rng(6), labels=labels))
    one = None if labels is None else labels[:1]
    assert torch.equal(first[:1], model.sample(1, generator=rng(5), labels=one)), "the batch does not matter"
    assert torch.equal(state, torch.random.get_rng_state())


def test_uniforms_stand_in_for_a_generator():
    model = random_model("gated-pixelcnn", 4, 3)
    uniforms = torch.rand(2, 16, generator=rng(5))
    assert torch.equal(model.sample(uniforms=uniforms), model.sample(2, generator=rng(5)))


def test_a_low_temperature_draws_the_likeliest_level():
    model = random_model("gated-pixelcnn", 5, 4)
    for step in generate(model, 3, temperature=1e-6, generator=rng()):
        assert torch.equal(step.value, step.log_probs.argmax(1))


def test_a_high_temperature_forgets_the_model():
    model = random_model("gated-pixelcnn", 4, 4)
    step = next(generate(model, 1, temperature=1e9, generator=rng()))
    torch.testing.assert_close(step.log_probs.exp(), torch.full((1, 4), 0.25, dtype=torch.float64))


def test_the_class_changes_the_image():
    model = random_model("gated-pixelcnn, conditional", 6, 4)
    uniforms = torch.rand(1, 36, generator=rng()).expand(10, -1)
    assert len(model.sample(labels=torch.arange(10), uniforms=uniforms).flatten(1).unique(dim=0)) > 5


@pytest.mark.parametrize("name", ALL)
def test_samples_can_be_trained_on(name):
    model = random_model(name, 4, 3)
    labels = random_labels(model, 2)
    images = model.sample(2, generator=rng(), labels=labels)
    assert images.dtype == torch.long
    model.loss(images, labels, rng()).backward()


ZEROS = torch.zeros(1, 1, 4, 4, dtype=torch.long)
NOWHERE = torch.zeros(1, 1, 4, 4, dtype=torch.bool)
WRONG = [
    ({"temperature": 0}, "temperature"),
    ({"temperature": -1}, "temperature"),
    ({"temperature": float("nan")}, "temperature"),
    ({"temperature": float("inf")}, "temperature"),
    ({"known": ZEROS}, "both"),
    ({"mask": NOWHERE}, "both"),
    ({"known": ZEROS, "mask": NOWHERE.long()}, "mask must be bool"),
    ({"known": ZEROS, "mask": NOWHERE[0]}, "mask must be bool with shape"),
    ({"known": ZEROS.float(), "mask": NOWHERE}, "integer"),
    ({"known": torch.zeros(1, 1, 4, 5).long(), "mask": NOWHERE}, "known must have shape"),
    ({"known": ZEROS + 3, "mask": ~NOWHERE}, "between 0 and 2"),
    ({"known": ZEROS - 1, "mask": ~NOWHERE}, "between"),
    ({"labels": torch.zeros(1).long()}, "takes no labels"),
    ({"n": 0}, "at least 1"),
    ({"uniforms": torch.rand(1, 15)}, "uniforms"),
    ({"uniforms": torch.zeros(1, 16).long()}, "uniforms"),
]


@pytest.mark.parametrize(("options", "words"), WRONG)
def test_wrong_arguments_get_a_sentence_at_once(options, words):
    model = random_model("pixelcnn", 4, 3)
    with pytest.raises(ValueError, match=words):
        model.sample(**options)
    with pytest.raises(ValueError, match=words):
        generate(model, **options)
