"""What the processes do, asked for without a process."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
import torch

import genlab
from genlab import models
from genlab.data.drawing import examples
from genlab.errors import CheckpointError, GenlabError
from genlab.experiments.pixels import GatedPixelCNNExperiment, PixelCNNExperiment
from genlab.runtime import answers, inside, pixels
from genlab.runtime.generations import image_model, under_way
from genlab.runtime.job_actor import JobActor
from genlab.training import checkpoints
from genlab.views import pixels as views
from genlab.views.pack import unpack

NEW = None, None  # no files to go on from
SETTINGS = {"n": 3, "seed": 5, "temperature": 0.8, "label": None, "focus": 1}


@pytest.fixture(scope="module")
def weights() -> bytes:
    experiment = GatedPixelCNNExperiment(channels=4, layers=1, conditional=True)
    return checkpoints.dumps(models.build(experiment), experiment)


def test_a_trace_in_pieces_is_the_trace_at_once_and_what_the_model_samples(weights: bytes) -> None:
    under_way.clear()
    pieces, start = [], 0
    while start < 64:
        meta, arrays = unpack(pixels.trace(weights, SETTINGS, start, 0.0))
        assert meta["start"] == start
        assert meta["end"] > start  # at least one step, however small the budget
        pieces.append(arrays["values"])
        start = meta["end"]
    assert meta["complete"] and meta["total"] == 64
    whole, arrays = unpack(pixels.trace(weights, SETTINGS, 0, 10.0))
    np.testing.assert_array_equal(np.concatenate(pieces), arrays["values"])
    sampled = image_model(weights).sample(
        3, generator=torch.Generator().manual_seed(5), temperature=0.8, labels=torch.tensor(whole["labels"])
    )
    np.testing.assert_array_equal(arrays["values"], sampled.flatten(1).T.numpy())
    assert unpack(pixels.trace(weights, SETTINGS, 900, 0.0))[0]["start"] == 63


def test_a_masked_network_is_shown_the_image_that_it_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Piece by piece, and only as far as the pixel that is asked about; what is drawn is not drawn again."""
    under_way.clear()
    clock = itertools.count()
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))
    drawn, pieces = -1, 0
    while drawn < 20:
        meta, arrays = unpack(inside.masks("masked-lenet-digits", False, 20, 8.0))
        assert meta["drawn"] > drawn
        drawn, pieces = meta["drawn"], pieces + 1
        assert np.isnan(arrays["values1"]).sum() == 20 - drawn
    assert pieces > 1
    model = image_model("masked-lenet-digits")
    image = model.sample(1, generator=torch.Generator().manual_seed(views.SEED))[0, 0]
    told = model.normalise(image).flatten()
    np.testing.assert_allclose(arrays["values1"].flatten()[:20], told[:20], atol=1e-6)
    assert not arrays["values1"].flatten()[20:].any()
    np.testing.assert_array_equal(arrays["values0"].flatten(), np.arange(64) < 20)
    assert unpack(inside.masks("masked-lenet-digits", False, 7, 0.0))[0]["drawn"] == 7


def test_what_has_no_masked_input_says_so(weights: bytes) -> None:
    with pytest.raises(GenlabError, match="no masked input"):
        inside.masks(weights, False, 3, 1.0)


def test_a_budget_is_kept(weights: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    under_way.clear()
    clock = iter(range(1000))
    monkeypatch.setattr(time, "perf_counter", lambda: next(clock))
    meta, _ = unpack(pixels.trace(weights, SETTINGS, 0, 10.0))
    assert 0 < meta["end"] <= 11


def test_a_class_is_given_or_drawn(weights: bytes) -> None:
    assert unpack(pixels.trace(weights, SETTINGS | {"label": 7}, 0, 0.0))[0]["labels"] == [7, 7, 7]
    assert len(unpack(pixels.trace(weights, SETTINGS, 0, 0.0))[0]["labels"]) == 3


@pytest.fixture
def given() -> tuple[bytes, bytes]:
    """An 8×8 drawing whose pixels are known here and there."""
    random = np.random.RandomState(3)
    known = random.rand(64) < 0.5
    known[:20], known[20] = True, False
    return (random.randint(17, size=64) * known).astype(np.uint8).tobytes(), known.astype(np.uint8).tobytes()


def completed(weights: bytes, settings: dict, budget: float = 60.0) -> tuple[dict, dict[str, np.ndarray]]:
    meta, arrays = unpack(pixels.completions(weights, settings, budget))
    while meta["log_prob"] is None:
        assert arrays["images"].shape[1] == 64
        meta, arrays = unpack(pixels.completions(weights, settings, budget))
    return meta, arrays


def test_completions_keep_what_is_known_and_tell_how_likely_they_are(
    weights: bytes, given: tuple[bytes, bytes]
) -> None:
    under_way.clear()
    settings = {"n": 12, "seed": 4, "temperature": 0.7, "label": None, "given": given}
    meta, arrays = unpack(pixels.completions(weights, settings, 0.0))
    assert meta["log_prob"] is None and 0 < arrays["images"].shape[1] < 64
    pixels.completions(weights, settings, 60.0)
    meta, _ = unpack(pixels.completions(weights, settings, 0.0))
    assert meta["log_prob"] is None  # ten classes take more than one slice
    meta, arrays = completed(weights, settings)
    levels, known = (np.frombuffer(part, np.uint8) for part in given)
    np.testing.assert_array_equal(arrays["images"][:, known == 1], np.tile(levels[known == 1], (12, 1)))
    assert len({image.tobytes() for image in arrays["images"]}) == 12
    model, images = image_model(weights), torch.tensor(arrays["images"]).long().view(12, 1, 8, 8)
    with torch.no_grad():
        np.testing.assert_allclose(meta["log_prob"], model.log_prob(images).numpy(), rtol=1e-5)
    in_order = np.array(meta["log_prob"])[arrays["order"]]
    assert (np.diff(in_order) <= 0).all()
    np.testing.assert_allclose(arrays["mean"], arrays["images"].mean(0), rtol=1e-6)
    assert (arrays["entropy"][known == 1] == 0).all() and (arrays["entropy"][known == 0] > 0).all()
    assert meta["begin"] == 20 and meta["ignored"] == known[20:].sum()


@pytest.mark.parametrize("label", [None, 3])
@pytest.mark.parametrize("temperature", [1.0, 0.7])
def test_log_p_is_that_of_the_model_at_any_temperature(weights: bytes, given, label, temperature) -> None:
    settings = {"n": 3, "seed": 4, "temperature": temperature, "label": label, "given": given}
    meta, arrays = completed(weights, settings)
    images, labels = (
        torch.tensor(arrays["images"]).long().view(3, 1, 8, 8),
        None if label is None else torch.full((3,), label),
    )
    with torch.no_grad():
        expected = image_model(weights).log_prob(images, labels)
    np.testing.assert_allclose(meta["log_prob"], expected.numpy(), rtol=1e-5)


def test_where_all_is_known_nothing_is_drawn(weights: bytes) -> None:
    image = np.random.RandomState(0).randint(17, size=64).astype(np.uint8)
    given = image.tobytes(), np.ones(64, np.uint8).tobytes()
    meta, arrays = completed(weights, {"n": 2, "seed": 0, "temperature": 1.0, "label": None, "given": given})
    np.testing.assert_array_equal(arrays["images"], np.tile(image, (2, 1)))
    with torch.no_grad():
        expected = float(image_model(weights).log_prob(torch.from_numpy(image).long().view(1, 1, 8, 8)))
    assert meta["log_prob"] == pytest.approx([expected, expected], rel=1e-5)
    told, _ = unpack(pixels.score(weights, given, 0.0))
    assert told["nats"] == pytest.approx(-expected, rel=1e-6)


def test_where_nothing_is_known_it_is_plain_sampling(weights: bytes) -> None:
    nothing = bytes(64), bytes(64)
    settings = {"n": 4, "seed": 9, "temperature": 1.0, "label": 2, "given": nothing}
    _, arrays = completed(weights, settings)
    plain = image_model(weights).sample(4, generator=torch.Generator().manual_seed(9), labels=torch.full((4,), 2))
    np.testing.assert_array_equal(arrays["images"], plain.flatten(1).numpy())


def test_a_completion_is_watched_without_drawing_it_again(weights: bytes, given: tuple[bytes, bytes]) -> None:
    settings = {"n": 12, "seed": 4, "temperature": 1.0, "label": None, "given": given}
    _, arrays = completed(weights, settings)
    made = pixels._asked(weights, settings)
    meta, trace = unpack(pixels.trace(weights, settings | {"only": 7, "focus": 0}, 0, 0.0))
    assert pixels._asked(weights, settings) is made  # kept
    assert (meta["n"], meta["begin"], meta["complete"], len(meta["labels"])) == (1, 20, True, 1)
    np.testing.assert_array_equal(trace["values"][:, 0], arrays["images"][7])
    np.testing.assert_array_equal(trace["known"][:, 0], np.frombuffer(given[1], np.uint8))


def test_a_drawing_is_scored_up_to_its_first_unknown_pixel_beside_the_examples(weights: bytes, given) -> None:
    pixels._scored.cache_clear()
    told, arrays = unpack(pixels.score(weights, given, 0.0))
    assert list(told["others"]) == ["0"]  # one example at least, however small the budget
    assert arrays["surprise"].shape == (20,)
    assert told["nats"] == pytest.approx(arrays["surprise"].sum(), rel=1e-5)
    assert arrays["posterior"].sum() == pytest.approx(1)
    whole, _ = unpack(pixels.score(weights, given, 60.0))
    assert list(whole["others"]) == list(examples(8))
    assert whole["others"]["0"] == told["others"]["0"]


def test_a_drawing_of_another_size_is_refused_in_a_sentence(weights: bytes) -> None:
    wrong = bytes(784), bytes(784)
    with pytest.raises(GenlabError, match="8×8 pixels"):
        pixels.completions(weights, SETTINGS | {"given": wrong}, 0.0)
    with pytest.raises(GenlabError, match="8×8 pixels"):
        pixels.score(weights, wrong, 0.0)


def test_influence_is_shown_on_images_that_the_model_draws(weights: bytes) -> None:
    drawn, shown = 0, b""
    while drawn < 20:  # as much of them as there was time for
        shown = inside.receptive_field(weights, False, 20, 0.0)
        drawn = unpack(shown)[0]["drawn"]
    whole = unpack(answers.view(weights, "genlab.views.pixels:receptive_field", position=20))[1]
    np.testing.assert_allclose(unpack(shown)[1]["values0"][0], whole["field"], rtol=1e-5)


def test_uploads_and_views(weights: bytes) -> None:
    assert answers.inspect_checkpoint(weights).family == "gated-pixelcnn"
    with pytest.raises(CheckpointError):
        answers.inspect_checkpoint(weights[:-10])
    assert unpack(answers.view(weights, "genlab.views.pixels:receptive_field", position=20))[1]["field"].shape == (8, 8)
    with pytest.raises(GenlabError, match="between 0 and 63"):
        answers.view(weights, "genlab.views.pixels:receptive_field", position=64)


def test_a_training_draws_between_its_slices_and_goes_on_from_its_snapshot() -> None:
    actor = JobActor([PixelCNNExperiment(batch_size=4, steps=40)], [NEW])
    assert actor.look()["lanes"][0]["step"] == 0
    news = actor.advance(0.01)
    while news["picture"] is None:
        news = actor.advance(0.01)
    step, picture = news["picture"]
    samples = unpack(picture)[1]["samples"]
    assert step == 0  # the first picture is what an untrained model draws
    assert samples.shape == (16, 8, 8)
    assert samples.dtype == np.uint8
    actor.edit("learning_rate", 0.01)
    actor.step()
    files, (steps,), _, _ = actor.snapshot()
    same = JobActor([PixelCNNExperiment()], files)
    assert same.look()["lanes"][0]["step"] == steps
    one, other = actor.step()["lanes"][0], same.step()["lanes"][0]
    assert one["learning_rate"] == other["learning_rate"]
    assert one["losses"] == other["losses"]
    while not news["lanes"][0]["done"]:
        news = actor.advance(0.1)
    while news["drawing"]:
        news = actor.draw(0.1)


@pytest.fixture
def even_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever else the machine does, a step takes as long as any other: a millisecond each time the clock is read."""
    reads = itertools.count()
    monkeypatch.setattr(time, "perf_counter", lambda: next(reads) / 1000)


def test_two_flows_learn_side_by_side_in_one_job(even_clock: None) -> None:
    first = genlab.experiment("nvp-2d", steps=60, batch_size=32)
    second = genlab.experiment("nice-2d", steps=40, batch_size=32)
    actor = JobActor([first, second], [NEW, NEW])
    told: list[int] = []
    news = actor.look()
    while news["picture"] is None:
        news = actor.advance(0.02)
        told += [step for step, _, _ in news["lanes"][1]["curve"]]
    pair = unpack(news["picture"][1])[1]
    for block in (pair["one"], pair["other"]):
        assert unpack(block.tobytes())[1]["generate_mesh"].shape[2] == 2
    files, steps, _, _ = actor.snapshot()
    again = JobActor([first, second], files)
    assert [lane["step"] for lane in again.look()["lanes"]] == steps == [lane["step"] for lane in news["lanes"]]
    while not news["lanes"][0]["done"]:
        news = actor.advance(0.05)
        told += [step for step, _, _ in news["lanes"][1]["curve"]]
    assert (news["lanes"][0]["step"], news["lanes"][1]["step"]) == (60, 40)
    assert told == sorted(told)
    assert told[-1] == 40


def test_three_lanes_share_the_time_until_each_has_come_to_its_end(even_clock: None) -> None:
    game = genlab.experiment("gan-2d", batch_size=16, steps=12)
    lanes = [game, game.replaced(loss="hinge", steps=6), game.replaced(loss="minimax", steps=3)]
    actor = JobActor(lanes, [NEW] * 3)
    told: list[list[int]] = [[], [], []]
    drawn = unpack(actor.draw(9.0)["picture"][1])[1]
    assert drawn.keys() == {"one", "other", "third"}
    news = actor.look()
    while not news["lanes"][0]["done"]:
        news = actor.advance(0.03)
        for points, lane in zip(told, news["lanes"], strict=True):
            points += [step for step, _, _ in lane["curve"]]
    files, steps, _, _ = actor.snapshot()
    assert steps == [12, 6, 3]
    assert all(points == sorted(set(points)) for points in told)
    again = JobActor(lanes, files).look()["lanes"]
    assert [(lane["step"], lane["curve"]) for lane in again] == [(12, []), (6, []), (3, [])]


def test_a_game_is_stopped_between_its_moves_and_shown_in_slow_motion() -> None:
    actor = JobActor([genlab.experiment("gan-2d", steps=50, batch_size=16, k=2)], [NEW])
    first = actor.step("D")["lanes"][0]
    assert (first["step"], first["moves"]) == (0, 1)
    assert first["losses"]["D"] > 0
    drawn = actor.draw(1.0)
    assert drawn["picture"][0] == 0
    assert not drawn["drawing"]
    after = actor.step("G")
    assert (after["lanes"][0]["step"], after["lanes"][0]["moves"]) == (1, 2)
    assert after["drawing"]  # what a move changed is drawn, whichever player's it was
    slow = actor.step("slow")
    step, picture = slow["picture"]
    meta, arrays = unpack(picture)
    assert (step, slow["lanes"][0]["moves"], meta["moves"]) == (2, 5, ["D", "D", "G"])
    heat, fake = arrays["heat"], arrays["fake"]
    assert heat.shape[0] == fake.shape[0] == 4
    assert [np.array_equal(a, b) for a, b in itertools.pairwise(fake)] == [True, True, False]
    assert [np.array_equal(a, b) for a, b in itertools.pairwise(heat)][:2] == [False, False]
    curve = [*first["curve"], *after["lanes"][0]["curve"], *slow["lanes"][0]["curve"]]
    assert [point[0] for point in curve] == [1, 2]
    _, steps, moves, _ = actor.snapshot()
    assert (steps, moves) == ([2], [5])


def test_two_losses_play_side_by_side_from_the_same_weights_noise_and_data() -> None:
    first = genlab.experiment("gan-2d", steps=50, batch_size=16)
    actor = JobActor([first, first.replaced(loss="hinge")], [NEW, NEW])
    pair = unpack(actor.draw(5.0)["picture"][1])[1]
    one, other = (unpack(block.tobytes())[1] for block in (pair["one"], pair["other"]))
    for name in ("z", "real", "fake", "mesh"):
        assert np.array_equal(one[name], other[name])
    news = actor.step("D")
    assert news["lanes"][0]["moves"] == news["lanes"][1]["moves"] == 1
    pair = unpack(actor.step("slow")["picture"][1])[1]
    one, other = (unpack(block.tobytes())[1] for block in (pair["one"], pair["other"]))
    assert one["heat"].shape == other["heat"].shape == (3, 40, 40)
    assert not np.array_equal(one["push"], other["push"])


@pytest.mark.parametrize("name", ["gan-digits", "dcgan-digits"])
def test_a_game_on_images_draws_fixed_noise(name: str) -> None:
    actor = JobActor([genlab.experiment(name, steps=50, batch_size=16)], [NEW])
    before = unpack(actor.draw(5.0)["picture"][1])[1]["samples"]
    assert before.shape == (16, 8, 8)
    assert before.dtype == np.uint8
    assert before.max() <= 16
    actor.step()
    after = unpack(actor.draw(5.0)["picture"][1])[1]["samples"]
    assert not np.array_equal(before, after)
    first = unpack(answers.first_picture(genlab.experiment(name)))[1]["samples"]
    assert np.array_equal(before, first)
