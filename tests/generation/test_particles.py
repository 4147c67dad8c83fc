"""Particles: an unbiased evidence, the right completions, and ordinary generation where nothing lies ahead."""

from __future__ import annotations

import math

import pytest
import torch

import genlab.generation.particles as smc
from genlab.generation.particles import ancestors, effective, lineages, log_evidence, particles, systematic
from genlab.generation.steps import generate
from tests.models.zoo import ALL, random_images, random_labels, random_model

RUNS, N, WARM = 2000, 8, 1.3
DATUM = torch.tensor([[[0, 1, 0, 1, 0, 1]]])
KNOWN = torch.tensor([[[True, False, False, True, True, False]]])  # in the order of writing: ? known ? known ? known


def rng(seed=0):
    return torch.Generator().manual_seed(seed)


def images_of(steps):
    """The particles of the last step, (N, T), by their lineages."""
    everyone = torch.arange(len(steps[-1].value))
    return torch.stack([step.value[index] for step, index in lineages(steps, everyone)][::-1], 1)


class Table(torch.nn.Module):
    """A model of six binary values that are written in an order of their own, told one of three classes: a table.

    What a value was matters much for the next ones, so that weights differ and particles are resampled.
    """

    shape, order, levels = (1, 6), (1, 0, 2, 4, 5, 3), 2

    def __init__(self):
        super().__init__()
        self.logits = torch.nn.ParameterList(
            2.5 * torch.randn(3, 2**t, 2, generator=rng(t), dtype=torch.float64) for t in range(6)
        )

    def check(self, x):
        pass

    def stepper(self, n, labels=None):
        return Looked(self, labels)

    def joint(self):
        """``p(x, y)`` of all data (64, 3), classes being alike, at the temperature WARM; and the data (64, 6)."""
        data = every_sequence()
        labels = torch.arange(3).repeat_interleave(64)
        looked, x, total = Looked(self, labels), data.repeat(3, 1)[:, None], 0
        for t, position in enumerate(self.order):
            total = total + torch.log_softmax(looked(t, x) / WARM, 1).gather(1, x[:, 0, position : position + 1])
        return total.exp().view(3, 64).T / 3, data


class Looked:
    def __init__(self, table, labels):
        self.table, self.labels = table, labels

    def __call__(self, t, x):
        past = x[:, 0, list(self.table.order[:t])]
        return self.table.logits[t][self.labels, (past << torch.arange(t)).sum(1)]

    def select(self, index):
        self.labels = self.labels[index]


def every_sequence():
    return (torch.arange(64)[:, None] >> torch.arange(6)) & 1


@torch.no_grad()
def test_the_evidence_is_unbiased_and_weighted_completions_follow_the_exact_posterior():
    model = Table()
    joint, data = model.joint()
    assert float(joint.sum()) == pytest.approx(1)
    fits = ((data == DATUM[0]) | ~KNOWN[0]).all(1)
    truth, generator, resampled = torch.where(fits, joint.sum(1), 0), rng(), 0
    estimates = torch.zeros(RUNS, 64, dtype=torch.float64)
    for run in range(RUNS):
        labels = torch.randint(3, (N,), generator=generator)
        asked = {"known": DATUM, "mask": KNOWN, "labels": labels, "temperature": WARM}
        steps = list(particles(model, N, generator=generator, **asked))
        position = [step.position for step in steps]
        index = (images_of(steps) << torch.tensor(position)).sum(1)
        estimates[run].index_add_(0, index, steps[-1].log_weight.exp() / N)
        resampled += any(not torch.equal(step.ancestor, torch.arange(N)) for step in steps)
    assert RUNS / 5 < resampled < RUNS * 4 / 5, "both kinds of run must occur for this to mean anything"
    evidence = estimates.sum(1)
    assert abs(float(evidence.mean() - truth.sum())) < 2 * float(evidence.std()) / math.sqrt(RUNS)
    error = estimates.std(0) / math.sqrt(RUNS)  # of p(x) of each completion: Σ w / N of who holds it
    assert bool(((estimates.mean(0) - truth).abs() <= 3 * error + 1e-12).all())
    assert not estimates[:, ~fits].any()


@torch.no_grad()
def test_labels_drawn_from_another_distribution_are_weighted_back():
    model, mask = (
        Table(),
        torch.tensor([[[False, True, False, True, True, True]]]),
    )  # what is written first is known
    joint, data = model.joint()
    first = joint[data[:, 1] == DATUM[0, 0, 1]].sum(0)  # p(x_1, y)
    truth = joint[((data == DATUM[0]) | ~mask[0]).all(1)].sum()
    posterior, generator, values = first / first.sum(), rng(1), []
    for _ in range(RUNS // 2):
        labels = torch.multinomial(posterior, N, replacement=True, generator=generator)
        asked = {"known": DATUM, "mask": mask, "labels": labels, "temperature": WARM}
        begin = -math.log(3) - posterior.log()[labels]
        steps = list(particles(model, N, log_weight=begin, generator=generator, **asked))
        assert float(effective(steps[1].log_weight)) == pytest.approx(N)  # what is known before is in the labels
        values.append(float(log_evidence(steps[-1].log_weight).exp()))
    values = torch.tensor(values, dtype=torch.float64)
    assert abs(float(values.mean() - truth)) < 2 * float(values.std()) / math.sqrt(RUNS // 2)


@pytest.mark.parametrize("uniform", [0.0, 0.3, 0.999])
@pytest.mark.parametrize("n", [3, 64])
def test_systematic_counts_are_shares_rounded_up_or_down(uniform, n):
    weight = torch.randn(50, generator=rng(), dtype=torch.float64) * 3
    weight[7], weight[0] = -math.inf, -math.inf
    counts, share = systematic(weight - 900, n, uniform), n * torch.softmax(weight, 0)
    assert int(counts.sum()) == n
    assert bool(((counts >= share.floor()) & (counts <= share.ceil())).all())


def test_systematic_counts_are_fair():
    weight = torch.log(torch.tensor([0.1, 0.45, 0.05, 0.4], dtype=torch.float64))
    uniforms = (torch.arange(200) + 0.5) / 200
    mean = sum(systematic(weight, 3, float(u)) for u in uniforms) / 200
    torch.testing.assert_close(mean.double(), 3 * weight.exp(), rtol=0, atol=5e-3)


def test_who_goes_on_stays_in_place():
    counts = torch.tensor([0, 3, 0, 1, 0, 2])
    index = ancestors(counts)
    assert torch.equal(torch.bincount(index, minlength=6), counts)
    assert index[[1, 3, 5]].tolist() == [1, 3, 5]


def test_the_effective_sample_size():
    assert float(effective(torch.full((8,), -700.0))) == pytest.approx(8)
    assert float(effective(torch.tensor([0.0, -math.inf, -math.inf]))) == pytest.approx(1)
    assert float(effective(torch.log(torch.tensor([0.5, 0.25, 0.25])))) == pytest.approx(1 / (0.25 + 2 / 16))
    assert float(effective(torch.full((8,), -math.inf))) == 0


@pytest.mark.parametrize("size", [3, 9])
@pytest.mark.parametrize("name", ALL)
@torch.no_grad()
def test_selected_data_go_on_as_if_they_had_been_written_from_the_beginning(name, size):
    size = min(size, 8) if name == "masked-lenet" else size  # one with places that the last pixels do not change
    model, n, generator = random_model(name, size, 3), 4, rng(8)
    x, labels = random_images(model, n), random_labels(model, n)
    next_logits = model.stepper(n, labels)
    for t in range(size**2):
        if t % 3 == 1:  # at the beginning of a row, within it, at its end
            index = torch.randint(n, (n,), generator=generator)
            next_logits.select(index)
            x.copy_(x[index])
            x.view(n, -1)[:, t:] = random_images(model, n, seed=t).view(n, -1)[:, t:]  # else all would soon be one
            labels = None if labels is None else labels[index]
        written = x.clone()
        written.view(n, -1)[:, t:] = 0
        full = model.predict_at(written, labels, t)
        assert float((next_logits(t, x) - full).abs().max()) <= 1e-9


@pytest.mark.parametrize("rows", [0, 2])
@pytest.mark.parametrize("name", ALL)
def test_where_no_known_pixel_lies_behind_an_unknown_one_it_is_ordinary_generation(name, rows):
    model = random_model(name, 4, 3)
    mask = torch.zeros(1, 1, 4, 4, dtype=torch.bool)
    mask[..., :rows, :] = True
    options = {"known": random_images(model, 1), "mask": mask, "labels": random_labels(model, 5), "temperature": 0.7}
    steps = list(particles(model, 5, generator=rng(3), **options))
    for step, plain in zip(steps, generate(model, 5, generator=rng(3), **options), strict=True):
        assert torch.equal(step.value, plain.value) and torch.equal(step.log_probs, plain.log_probs)
        assert torch.equal(step.known, plain.known)
        assert step.ancestor.tolist() == [0, 1, 2, 3, 4]


def test_weights_are_the_probabilities_of_what_is_known():
    model = random_model("pixelcnn", 3, 3)
    known, mask = random_images(model, 1), torch.tensor([0, 1, 0, 0, 1, 1, 0, 0, 1], dtype=torch.bool).view(1, 1, 3, 3)
    total = torch.zeros(5, dtype=torch.float64)
    for step in particles(model, 5, known=known, mask=mask, generator=rng(3)):
        if not torch.equal(step.ancestor, torch.arange(5)):
            total = log_evidence(total).expand(5)
        if bool(step.known[0]):
            assert bool((step.value == known.flatten()[step.position]).all())
            total = total + step.log_probs.gather(1, step.value[:, None])[:, 0]
        torch.testing.assert_close(step.log_weight, total)


@pytest.mark.parametrize("name", ["pixelcnn", "gated-pixelcnn, conditional"])
def test_a_resampled_particle_has_the_posterior_of_its_own_past(name, monkeypatch):
    monkeypatch.setattr(smc, "ENOUGH", 1)  # random weights differ little: resampled wherever they differ at all
    model = random_model(name, 6, 4)
    mask = torch.rand(1, 1, 6, 6, generator=rng(2)) < 0.5
    labels = random_labels(model, 8)
    steps = list(particles(model, 8, known=random_images(model, 1), mask=mask, labels=labels, generator=rng()))
    assert sum(not torch.equal(step.ancestor, torch.arange(8)) for step in steps) > 2
    images = images_of(steps).view(8, 1, 6, 6)
    *_, (_, origin) = lineages(steps, torch.arange(8))
    with torch.no_grad():
        full = torch.log_softmax(model.logits(images, None if labels is None else labels[origin]), 1).flatten(2)
    for step, index in lineages(steps, torch.arange(8)):
        torch.testing.assert_close(step.log_probs[index], full[..., step.position], rtol=0, atol=1e-9)


def test_where_no_particle_can_survive_the_evidence_is_zero_and_nothing_breaks():
    model = random_model("pixelcnn", 3, 2)
    with torch.no_grad():
        model.final2.bias[1] = -math.inf  # no pixel can be 1
    known, mask = torch.ones(1, 1, 3, 3).long(), torch.zeros(1, 1, 3, 3, dtype=torch.bool)
    mask[..., 1, 1] = True
    *_, last = particles(model, 4, known=known, mask=mask, generator=rng())
    assert float(effective(last.log_weight)) == 0 and float(log_evidence(last.log_weight)) == -math.inf


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"known": torch.zeros(2, 1, 3, 3).long(), "mask": torch.zeros(2, 1, 3, 3, dtype=torch.bool)}, "one datum"),
        ({"temperature": 0}, "temperature"),
    ],
)
def test_wrong_arguments_get_a_sentence_at_once(options, words):
    with pytest.raises(ValueError, match=words):
        particles(random_model("pixelcnn", 3, 3), 2, **options)
