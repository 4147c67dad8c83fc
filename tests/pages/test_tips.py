"""What to try: each tip of each page, and of the captions in Watch, is followed by a test of what it promises."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

import genlab
from genlab.catalog import CATALOG, FAMILIES
from genlab.data import line, mulaw, plane, toy
from genlab.data.drawing import examples
from genlab.data.entropy import PLANE
from genlab.data.images import load as images
from genlab.data.tones import LOWEST, RATE, frequency, fundamental, label
from genlab.evaluation.classifier import classifier
from genlab.evaluation.sample_quality import sample_quality
from genlab.evaluation.sound import heard, same_pitch
from genlab.evaluation.straight import straight
from genlab.experiments.data import OnPlane
from genlab.experiments.flows import FlowExperiment
from genlab.figures.determinant import EDGE, MAPS, terms
from genlab.generation import generate
from genlab.generation.orders import places
from genlab.models.autoregressive import AutoregressiveImage
from genlab.models.flow import Flow
from genlab.models.gan import GAN
from genlab.models.image_flow import ImageFlow
from genlab.models.radial import RadialLayer
from genlab.models.wavenet import WaveNet
from genlab.runtime.gans import slow_round
from genlab.runtime.generations import Generation, Given, image_model
from genlab.runtime.particles import Particles
from genlab.training.run import Run
from genlab.views import any_order, image_flows, inside, latents, made, pixels
from genlab.views import sequences as views
from genlab.views.drawing import particles
from genlab.views.game import game, standing
from genlab.views.latent import sheet
from genlab.views.nade import hidden_vector
from genlab.views.pack import unpack
from genlab.views.plane import jensen_shannon, layer_fields
from genlab.views.seen import Seen
from genlab.views.sound import write

PAGES = Path(__file__).parents[2] / "pages"
FOLLOWED: set[tuple[str, str]] = set()  # (page, how its tip begins)
# Without a promise of their own: they name what can be set or seen, which the visits of every page and the tests of the
# canvases try, or ask a question that the visitor is to answer.
OPEN = {
    ("comparison", "Press train on eight Gaussians"),  # tests/browser/test_comparison.py follows it
    ("comparison", "Give 3 seconds, then 60"),
    ("comparison", "Take the 8×8 digits"),
    ("comparison", "Make all networks small"),
    # tests/browser/test_chain.py and tests/ui/sequences/test_rules_js.py follow these.
    (
        "any_order",
        "Click a pixel that is not known yet",
    ),  # tests/browser/test_any_order.py follows it, and the next one
    ("any_order", "Draw: hide the upper half"),
    ("chain_rule", "Event: press each of the three examples"),
    ("chain_rule", "Chain: draw five values"),
    ("chain_rule", "Categorical: draw 1, then 10"),
    ("change_of_variables", "Train: draw a density by hand"),
    ("change_of_variables", "Take the uniform density"),
    ("change_of_variables", "Point at the picture"),
    ("dcgan", "Follow the first direction"),
    ("dcgan", "Train on the 8×8 digits with two losses"),
    ("gan", "Train on the 8×8 digits for a minute"),
    ("gan", "Pause, *move D*"),
    ("gan", "Switch on *class-conditional*"),
    ("gan_on_the_plane", "Press *slow motion*"),
    ("gan_on_the_plane", "Draw your own data"),
    ("gated_pixelcnn", "Look inside: drag the pixel"),
    ("iaf", "Look inside: the two ways, timed"),
    ("real_nvp_on_images", "Watch: stop where the second block"),  # tests/browser/test_image_flows.py follows it
    ("real_nvp_on_images", "Train on the 8×8 digits with Glow"),
    ("glow", "Draw: erase the top of a 9"),
    ("glow", "Train on the 8×8 digits without"),  # measured in checkpoints/README.md
    ("iaf", "Train it beside MAF"),
    ("made", "Look inside: drag the red pixel"),  # tests/browser/test_made.py follows it
    ("maf", "Look inside: the two ways, timed"),
    ("nice", "Train on eight Gaussians"),
    ("affine_couplings", "Train it, then train again"),
    ("affine_couplings", "Look inside: that lecture's 6×6"),
    ("pixelcnn", "Look inside: drag the pixel"),
    ("pixelcnn", "Watch sixteen images"),
    ("pixelcnn", "Watch: put another temperature"),  # tests/browser/test_watch.py follows it, and the next two
    ("pixelcnn", "Watch: choose *drawn*"),
    ("pixelcnn", "Train with *stacks* at one masked"),  # measured in checkpoints/README.md
    ("nade", "Train on the 8×8 digits with the PixelCNN"),  # the same
    ("nade", "Watch sixteen images"),
    ("row_lstm", "Look inside: drag the pixel"),
    ("row_lstm", "Train with the PixelCNN beside it"),  # measured in checkpoints/README.md
    ("row_lstm", "Watch: a row begins"),
    ("gated_pixelcnn", "Watch: put the PixelCNN beside it"),
    ("planar_flow", "Play from noise to data"),
    ("planar_flow", "Train with 4, 8 and 24"),
    ("planar_flow", "Look inside: drag"),  # tests/views/test_layers_js.py follows it, and the next two
    ("radial_flow", "Look inside: drag"),
    ("spline_flow", "Look inside: drag"),
    ("radial_flow", "Train on eight Gaussians"),
    ("radial_flow", "Train on moons"),
    ("real_nvp", "Follow one point"),
    ("real_nvp", "Show *stretch*"),
    ("real_nvp", "Train on letters"),
    ("real_nvp", "Move the film back"),
    ("spline_flow", "Train on eight Gaussians"),
    ("spline_flow", "Use 2 bins"),
    ("spline_flow", "Show the mesh"),
    ("wavenet", "Look inside: show 1 024 places"),  # tests/browser/test_sound.py follows it, and the next one
    ("wavenet", "Look inside: compare the gates"),
    # tests/views/test_sequences.py follows these in numbers, tests/browser/test_sequences.py with a hand.
    ("masked_sequence", "Watch a sequence grow"),
    ("masked_sequence", "Train, with the causal convolutions"),
    ("causal_convolutions", "Look inside: point at an input"),
    ("causal_convolutions", "Watch: at every step"),
    ("dilated_convolutions", "Look inside: point at the last prediction"),
    ("vae", "Watch: drag a walk"),  # tests/browser/test_latents.py follows it, and the next one
    ("vae", "Draw a letter"),
    ("vae", "Train with 20 dimensions"),
    ("flow_posteriors", "Watch: *next image*"),
    ("flow_posteriors", "Choose the planar model"),
    ("flow_posteriors", "Train on the 8×8 digits"),
    ("flow_posteriors", "Look inside: is the gain"),
    ("f-vae", "Watch: the violet cloud"),
    ("f-vae", "Train it, and look"),
    ("f-vae", "Train with one layer only"),
    ("f-vae", "Put a VAE beside it"),
}


def follows(page: str, *beginnings: str) -> Callable[[Any], Any]:
    """Says which tips a test follows."""
    FOLLOWED.update((page, beginning) for beginning in beginnings)
    return lambda test: test


def tips(page: Path) -> list[str]:
    """``to_try`` of a page, read from its source."""
    for node in ast.walk(ast.parse(page.read_text(encoding="utf-8"))):
        if isinstance(node, ast.keyword) and node.arg == "to_try":
            return list(ast.literal_eval(node.value))
    return []


def test_every_tip_is_followed_or_asks() -> None:
    told = {(page.stem, tip) for page in PAGES.glob("*.py") for tip in tips(page)}
    begun = FOLLOWED | OPEN
    assert len(told) > 50
    assert [tip for page, tip in told if sum(page == p and tip.startswith(b) for p, b in begun) != 1] == []
    assert [(p, b) for p, b in begun if not any(page == p and tip.startswith(b) for page, tip in told)] == []


# Pixels


@cache
def drawn(name: str, n: int, temperature: float = 1.0) -> tuple[Tensor, Tensor]:
    """Images that shipped weights draw, (n, size, size), and the entropy in nats before each of their pixels."""
    model = genlab.load(name)
    assert isinstance(model, AutoregressiveImage)
    steps = list(genlab.generate(model, n, temperature=temperature, generator=torch.Generator().manual_seed(0)))
    log_probs = torch.stack([step.log_probs for step in steps], 1)
    entropy = -(log_probs.exp() * log_probs).sum(2)
    shape = (n, model.size, model.size)
    return torch.stack([step.value for step in steps], 1).view(shape), entropy.view(shape)


def edges(image: Tensor) -> Tensor:
    """Where ink and paper meet within 3×3 pixels."""
    ink = (image > 127).float()[:, None]
    return (torch.max_pool2d(ink, 3, 1, 1) - 1 + torch.max_pool2d(1 - ink, 3, 1, 1))[:, 0] > 0


@follows("masked_pixels", "Watch with *entropy*", "Step through one row")
def test_the_edges_of_strokes_glow_and_the_margin_stays_dark() -> None:
    image, entropy = drawn("masked-lenet-mnist", 1)
    margin = torch.ones_like(entropy, dtype=torch.bool)
    margin[:, 3:-3, 3:-3] = False
    assert entropy[edges(image)].mean() > 10 * entropy[margin].mean()


@follows("masked_pixels", "Raise the temperature")
def test_ink_bleeds_at_a_high_temperature_and_a_low_one_plays_safe() -> None:
    for name, n in (("masked-lenet-mnist", 1), ("pixelcnn-mnist", 8)):  # the caption of Watch says it of every model
        (image, entropy), (hot, _) = drawn(name, n), drawn(name, n, 1.5)
        assert (hot > 0).float().mean() > 1.3 * (image > 0).float().mean()
        assert drawn(name, n, 0.5)[1].mean() < entropy.mean() / 2


@follows("masked_pixels", "Train on the 8×8 digits")
def test_margins_are_learnt_long_before_strokes() -> None:
    x = images("digits", 8, 17).validation.images[:64].long().view(-1, 1, 8, 8)

    def nats(model: Any) -> Tensor:
        with torch.no_grad():
            return torch.nn.functional.cross_entropy(model.logits(x), x[:, 0], reduction="none").mean(0)

    run = Run(genlab.experiment("masked-lenet-digits"))
    begun = nats(run.model)
    run.advance(steps=150)
    final = nats(genlab.load("masked-lenet-digits"))
    left = (nats(run.model) - final) / (begun - final)  # of what there is to learn
    assert left[:, [0, 7]].mean() < 0.5 * left[:, 2:6].mean()
    assert left[:, 2:6].mean() > 0.5


@follows("pixelcnn", "Look inside: choose another seed")
def test_without_the_encoding_there_are_more_pieces_of_ink() -> None:
    for seed in (0, 1):
        counts = [pixels.samples(genlab.load(f"pixelcnn{kind}-mnist"), seed) for kind in ("-noposition", "")]
        assert counts[0].arrays["pieces"].mean() > counts[1].arrays["pieces"].mean()


@follows("pixelcnn", "Compare training with *Masked pixels*")
def test_an_image_teaches_a_causal_network_more_than_a_masked_one() -> None:
    x = images("digits", 8, 17).validation.images[:64].long().view(-1, 1, 8, 8)
    nats = {}
    for name in ("pixelcnn-digits", "masked-lenet-digits"):
        run = Run(genlab.experiment(name, batch_size=16))
        run.advance(steps=60)
        with torch.no_grad():
            nats[name] = float(-run.model.log_prob(x).mean())
    assert nats["pixelcnn-digits"] < nats["masked-lenet-digits"] - 20


@follows("gated_pixelcnn", "Keep the seed and change the class")
def test_the_same_uniforms_make_another_digit_of_another_class() -> None:
    model, classes, right = genlab.load("gated-pixelcnn-mnist"), torch.arange(10), []
    for seed in range(8):
        uniforms = torch.rand(1, 784, generator=torch.Generator().manual_seed(seed)).expand(10, -1)
        drawn_as = model.sample(labels=classes, uniforms=uniforms)
        right.append(int((classifier().see(drawn_as)[1].argmax(1) == classes).sum()))
    assert right[0] >= 8
    assert sum(right) >= 60, "all seeds, lucky or not"


@follows("gated_pixelcnn", "Compare the posteriors of the first rows")
def test_where_the_ink_may_begin_depends_on_the_digit() -> None:
    model, paper = genlab.load("gated-pixelcnn-mnist"), torch.zeros(10, 1, 28, 28, dtype=torch.long)
    with torch.no_grad():
        ink = 1 - model.logits(paper, torch.arange(10)).softmax(1)[:, 0]
    assert ink[1, 4].sum() > 100 * ink[7, 4].sum()  # a 1 may begin in the fifth row, a 7 does not


@follows("gated_pixelcnn", "Draw: hide the right half of a 7")
def test_particles_that_hear_the_left_half_of_a_seven_are_sevens() -> None:
    """Also what surprises: of those that must begin without hearing anything, few are left."""
    model, seven = image_model("gated-pixelcnn-mnist-binary"), examples(28)["7"].levels(2)
    rows, columns = np.indices(seven.shape)
    left = {}
    for hidden, known in (("right", columns < 14), ("upper", rows >= 14)):
        given = Given((seven * known).astype(np.uint8).tobytes(), known.astype(np.uint8).tobytes())
        made, plain = Particles(model, 12, 0, 1.0, None, given), Generation(model, 12, 0, 1.0, None, given)
        made.advance(0, 600)
        left[hidden] = particles(model, made.steps, made.mask, made.labels, made.shown)
        if hidden == "right":
            assert left[hidden].meta["labels"] == [7] * 12
            assert plain.labels is not None and len(plain.labels.unique()) > 4
    assert 2 <= left["upper"].meta["roots"] <= 5
    assert left["right"].meta["different"] > left["upper"].meta["different"]


@follows("gated_pixelcnn", "Train with and without dilations")
def test_early_on_dilations_hardly_matter() -> None:
    losses = []
    for dilated in (True, False):
        run = Run(genlab.experiment("gated-pixelcnn-digits", dilated=dilated))
        losses.append(run.advance(steps=60).losses["train"])
    assert losses[0] == pytest.approx(losses[1], rel=0.05)


@cache
def ordered(name: str) -> tuple[Tensor, dict[int, float]]:
    """Four images pixel by pixel in an order, (784, 4), and the entropy that is left before some of the pixels."""
    model, generator = genlab.load("order-agnostic-mnist-binary"), torch.Generator().manual_seed(0)
    order = name if name in ("certain", "uncertain") else places(name, 28, torch.Generator().manual_seed(0))
    steps = list(generate(model, n=4, order=order, together=4, generator=generator))
    left = {}
    for begin in (0, 100, 196, 260):
        unknown = [step.position for step in steps[begin:]]
        left[begin] = float(torch.special.entr(steps[begin].posteriors[:, :, unknown].exp()).sum())
    return torch.stack([step.value for step in steps]), left


@follows("any_order", "Watch, *most certain first*", "Watch, *least certain first*")
def test_the_most_certain_pixels_are_paper_and_the_least_certain_settle_the_rest() -> None:
    ink = {name: values[:392].sum() / values.sum() for name in ("certain", "random") for values, _ in [ordered(name)]}
    assert ink["certain"] < 0.1 < ink["random"]
    assert ordered("uncertain")[1][196] < 0.5 * ordered("random")[1][196]


def test_where_known_pixels_lie_decides_what_they_settle() -> None:
    left = {name: ordered(name)[1] for name in ("uncertain", "random", "raster")}
    whole = left["random"][0]
    assert left["uncertain"][260] < 0.1 * whole
    assert 0.4 * whole < left["random"][100] < 0.6 * whole
    assert left["raster"][100] > 0.95 * whole


@follows("any_order", "Set 64 pixels a pass")
def test_many_pixels_of_one_pass_cost_nats() -> None:
    seen = any_order.price(genlab.load("order-agnostic-mnist-binary"))
    total = dict(zip(seen.arrays["passes"].tolist(), seen.arrays["total"].tolist(), strict=True))
    assert total[784] < total[16] - 5 < total[1] - 50


@follows("made", "Move *member*")
def test_another_order_lets_other_pixels_through() -> None:
    model = genlab.load("made-digits")
    seen = [made.connectivity(model, 28, member).arrays for member in (0, 2)]
    assert (seen[0]["gradient"] > 0).sum() == 28 != (seen[1]["gradient"] > 0).sum()
    for arrays in seen:
        assert np.array_equal(arrays["ways"] > 0, arrays["gradient"] > 0)


@follows("made", "Compare the two means over four orders")
def test_the_mean_of_logits_looks_better_and_is_no_distribution() -> None:
    rows = {(row["orders"], row["masks"]): row for row in made.ensembles(genlab.load("made-digits")).meta["rows"]}
    one, masks, orders = rows[1, 1], rows[1, 2], rows[4, 1]
    assert orders["logits_nats"] < orders["nats"] - 1 < one["nats"] - 1
    assert one["nats"] - orders["nats"] > 10 * (one["nats"] - masks["nats"])  # the page says so
    assert abs(orders["total"] - 1) < 1e-9 < 0.01 < abs(orders["logits_total"] - 1)


@follows("made", "Change the seed of the sweeps")
def test_sweeps_are_far_fewer_than_pixels() -> None:
    model = genlab.load("made-digits")
    for seed in range(8):
        meta = made.sweeps(model, seed).meta
        assert meta["same"] and meta["passes"] < 64 / 3


@follows("made", "Train on the 8×8 digits with 1 order")
def test_the_raster_order_pays_for_the_others() -> None:
    x = images("digits", 8, 17).validation.fixed()[0]
    nats = []
    for orders in (1, 4):
        run = Run(genlab.experiment("made-digits", orders=orders, masks=1, learning_rate=2e-3, steps=800))
        run.advance()
        with torch.no_grad():
            nats.append(-float(run.best().log_prob(x).mean()))
    assert nats[0] < nats[1] - 1


@follows("nade", "Look inside: drag the red pixel down")
def test_without_ink_the_hidden_vector_does_not_move() -> None:
    seen = hidden_vector(genlab.load("nade-digits"), 63).arrays
    ink, hidden = seen["image"].ravel()[:-1], seen["hidden"].reshape(len(seen["hidden"]), -1)
    moved = np.abs(np.diff(hidden, axis=1))
    assert 10 < (ink == 0).sum() < 50
    assert (moved[:, ink == 0] == 0).all() and (moved.max(0)[ink > 0] > 0).all()


@follows("nade", "Look inside: what a prediction can see")
def test_nade_sees_every_pixel_before() -> None:
    seen = pixels.receptive_field(genlab.load("nade-digits"), 40).arrays["seen"].ravel()
    assert (seen == (np.arange(64) < 40)).all()


@follows("row_lstm", "Look inside: one layer sees a triangle")
def test_more_row_lstms_see_farther_to_the_left_only() -> None:
    one, three = (pixels.triangle(genlab.load("row-lstm-digits"), layers).arrays["row_lstm"] > 0 for layers in (1, 3))
    rows, columns = np.nonzero(three & ~one)
    assert one[0].all() and len(rows) and (columns < 14).all() and not (one & ~three).any()


# Flows


def flow(name: str) -> Flow:
    model = genlab.load(name)
    assert isinstance(model, Flow)
    return model.double()


NOISE = torch.randn(200, 2, generator=torch.Generator().manual_seed(0)).double()
FLOWS = [name for name, made in CATALOG.items() if made.shipped and isinstance(made.experiment, FlowExperiment)]


def moves(model: Flow, there: bool) -> list[Tensor]:
    """By how much each layer moves points, from the data or from the noise on."""
    with torch.no_grad():
        path = model.trajectory(NOISE) if there else model.generation(NOISE)
    return [after - before for before, after in itertools.pairwise(path)]


@pytest.mark.parametrize("name", FLOWS)
def test_data_are_carried_to_the_bell_as_far_as_a_flow_can(name: str) -> None:
    """The caption of Watch. The share of N(0, I) within the distance of each point is uniform on the way's end."""
    experiment = CATALOG[name].experiment
    assert isinstance(experiment, OnPlane)
    x = plane.target(experiment.dataset).sample(4000, torch.Generator().manual_seed(1))
    with torch.no_grad():
        reached, began = (1 - torch.exp(-at.square().sum(1) / 2) for at in (flow(name)(x.double())[0], x.double()))
    even = torch.linspace(0, 1, len(x)).double()
    bell = flow(name).noise(len(x), torch.Generator().manual_seed(2))
    with torch.no_grad():
        away = jensen_shannon(flow(name)(x.double())[0], bell) - jensen_shannon(bell.flip(1), bell)
    hint = FAMILIES[experiment.family].hint
    assert ("become" in hint and "the round bell" in hint) == (away < 0.05)
    assert ("no bell" in hint or "o round bell comes" in hint) == (away > 0.08)
    if name == "nice-2d":  # it keeps areas: two moons fill a smaller disc
        assert reached.max() < 0.9
    else:
        assert (reached.sort().values - even).abs().max() < min(0.08, float((began.sort().values - even).abs().max()))


@follows("affine_couplings", "Go from layer to layer")
def test_a_coupling_moves_one_coordinate() -> None:
    for there in (True, False):
        still = [(move == 0).all(0) for move in moves(flow("nvp-2d"), there)]
        assert all(int(stays.sum()) == 1 for stays in still)


@follows("affine_couplings", "Stop between two layers")
def test_half_way_between_two_layers_there_is_still_a_density() -> None:
    model = flow("nvp-2d")
    path = model.generation(NOISE)
    for layer, z in zip(reversed(model.chain()), path, strict=False):
        jacobian = torch.stack(
            [torch.autograd.functional.jacobian(lambda v, f=layer: f.inverse(v[None])[0], row) for row in z[:40]]
        )
        for part in (0.25, 0.5, 0.75):
            assert (torch.linalg.det((1 - part) * torch.eye(2) + part * jacobian) > 0).all()


@follows("nice", "Show *stretch*", "Show *density* and *mesh*")
def test_nice_stretches_nothing() -> None:
    model = flow("nice-2d")
    for layer in range(len(model.chain())):
        assert np.abs(layer_fields(model, layer).arrays["log_det"]).max() == 0


@follows("nice", "Compare with Real NVP")
def test_only_real_nvp_can_concentrate() -> None:
    x = plane.target("gaussians").sample(2000, torch.Generator().manual_seed(1))
    most = {}
    for name in ("nice-2d", "realnvp-2d"):
        run = Run(genlab.experiment(name, dataset="gaussians"))
        run.advance(steps=100)
        with torch.no_grad():
            most[name] = float(run.model.log_prob(x).exp().max())
    assert most["nice-2d"] <= 1 / (2 * np.pi) < most["realnvp-2d"]


@follows("planar_flow", "Show *paths*", "Look inside: the arrows")
def test_a_planar_layer_moves_all_points_along_one_direction() -> None:
    for move in moves(flow("planar-2d"), there=False) + moves(flow("planar-2d"), there=True):
        along, across = torch.linalg.svdvals(move)
        assert across < 1e-6 * along


@follows("radial_flow", "Play, and find the centre", "Show *stretch*")
def test_a_radial_layer_moves_points_along_rays_and_stretches_a_round_spot() -> None:
    for layer in flow("radial-2d").chain():
        assert isinstance(layer, RadialLayer)
        away = NOISE[:50] - layer.centre
        turned = layer.centre + away.flip(1) * torch.tensor([-1.0, 1.0])  # by a right angle
        with torch.no_grad():
            y, log_det = layer(NOISE[:50])
            moved = y - NOISE[:50]
            assert (moved[:, 0] * away[:, 1] - moved[:, 1] * away[:, 0]).abs().max() < 1e-12
            torch.testing.assert_close(layer(turned)[1], log_det)
            further = layer.centre + away * torch.tensor([[2.0]])
            assert (layer(further)[1].abs() <= log_det.abs() + 1e-12).float().mean() > 0.9  # it fades


@follows("spline_flow", "Stop between the layers")
def test_the_checkerboard_comes_with_the_last_layer() -> None:
    log_prob = plane.target("checkerboard").log_prob
    assert log_prob is not None
    with torch.no_grad():
        path = flow("spline-2d").generation(torch.randn(4000, 2, generator=torch.Generator().manual_seed(0)).double())
    begun, _, two, three, four = (float((log_prob(x) > -10).double().mean()) for x in path)  # on its squares
    assert two < begun + 0.05
    assert four - three > three - begun
    assert four > 0.9


@follows("maf", "In two dimensions compare")
def test_a_maf_layer_scales_the_first_coordinate_too() -> None:
    assert all(bool((move.abs().amax(0) > 0.01).all()) for move in moves(flow("maf-2d"), there=True))


@follows("maf", "Train with one layer only")
def test_with_one_layer_the_first_coordinate_stays_normal() -> None:
    run = Run(genlab.experiment("maf-2d", depth=1))
    run.advance(steps=30)
    x = NOISE.float().requires_grad_()
    (slope,) = torch.autograd.grad(run.model(x)[0][:, 0].sum(), x)
    assert (slope == slope[0]).all() and slope[0, 1] == 0  # z₁ is a line in x₁


@follows("iaf", "Show *mesh* from noise to data")
def test_an_iaf_layer_scales_one_coordinate_evenly_and_bends_the_other() -> None:
    model = flow("iaf-2d")
    for layer, z in zip(reversed(model.chain()), model.generation(NOISE), strict=False):
        jacobian = torch.stack(
            [torch.autograd.functional.jacobian(lambda v, f=layer: f.inverse(v[None])[0], row) for row in z[:20]]
        )
        even = [bool((jacobian[:, i] - jacobian[:1, i]).abs().max() < 1e-9) for i in range(2)]
        assert sorted(even) == [False, True]


@follows("change_of_variables", "Use 5 pieces instead of 50")
def test_fewer_pieces_stay_farther_above_the_entropy() -> None:
    losses = []
    for count in (5, 50):
        run = Run(genlab.experiment("piecewise-1d", pieces=count))
        losses.append(run.advance(steps=600).losses["train"])
    assert losses[0] > losses[1] + 0.03 > line.entropy(line.shape("bumps")) + 0.03


def test_where_the_map_is_steep_points_crowd() -> None:
    """The caption of Watch on the line."""
    model = flow("piecewise-1d")
    x = model.sample(4000, torch.Generator().manual_seed(0))
    places = torch.linspace(-3, 3, 31).double()[:, None]
    near = ((x - places.T).abs() < 0.1).double().mean(0)
    with torch.no_grad():
        z, log_slope = model(places)
    density = (log_slope - z[:, 0].square() / 2).exp()
    assert torch.corrcoef(torch.stack((near, density)))[0, 1] > 0.95


# Games


def seen(run: Run) -> Seen:
    model, experiment = run.model, run.experiment
    assert isinstance(model, GAN) and isinstance(experiment, OnPlane)
    return game(model, "non-saturating", experiment.dataset, experiment.table, experiment.seed)


def test_after_ds_move_the_arrows_say_where_g_will_go() -> None:
    """The caption of Watch on the plane; and for a moment the samples get worse."""
    meta, arrays = unpack(slow_round("gan-2d"))
    assert meta["moves"] == ["D", "G"]
    arrow, went = arrays["push"][1], arrays["fake"][2] - arrays["fake"][1]
    assert ((arrow * went).sum(1) > 0).mean() > 0.9
    assert meta["each"][2]["good"] < meta["each"][0]["good"]


@follows("gan_on_the_plane", "Press *move D* ten times", "Press *move G* ten times")
@pytest.mark.parametrize("seed", [0, 1])
def test_d_alone_sharpens_the_landscape_and_g_alone_runs_uphill(seed: int) -> None:
    run = Run(genlab.experiment("gan-2d", seed=seed))
    flat = seen(run).arrays["heat"]
    for _ in range(10):
        run.move("D")
    sharp = seen(run)
    assert sharp.arrays["heat"].std() > flat.std()
    fake = torch.from_numpy(sharp.arrays["fake"][0])
    arrows = torch.nn.functional.normalize(torch.from_numpy(sharp.arrays["push"][0]))
    model = run.model
    assert isinstance(model, GAN)
    with torch.no_grad():
        assert (model.discriminate(fake + 0.01 * arrows) > model.discriminate(fake)).all()
    for _ in range(10):
        run.move("G")
    assert (seen(run).arrays["says_fake"] > sharp.arrays["says_fake"]).all()


@follows("gan_on_the_plane", "Put *minimax* beside *non-saturating*")
def test_with_k_5_minimax_learns_more_slowly() -> None:
    good = {}
    for loss in ("minimax", "non-saturating"):
        run = Run(genlab.experiment("gan-2d", loss=loss, k=5))
        run.advance(steps=200)
        assert isinstance(run.model, GAN)
        good[loss] = standing(run.model, "gaussians", count=2000).meta["good"]
    assert good["minimax"] < good["non-saturating"] - 0.05


@follows("gan", "Choose *minimax* and k = 10")
@pytest.mark.parametrize("seed", [0, 1])
def test_when_d_is_always_right_minimax_tells_g_a_fraction(seed: int) -> None:
    run = Run(genlab.experiment("gan-digits", loss="minimax", k=10, seed=seed))
    run.advance(steps=50)
    model, experiment = run.model, run.experiment
    said = inside.verdicts(model, experiment, "minimax").arrays  # type: ignore[arg-type]
    assert (said["real"] > 0).mean() + (said["fake"] < 0).mean() > 2 * 0.95
    norms = inside.saturation(model, experiment).meta["norms"]  # type: ignore[arg-type]
    assert norms["minimax"] < norms["non-saturating"] / 10


@follows("dcgan", "Walk from a 1 to a 7")
def test_the_samples_hold_the_digits_to_walk_between() -> None:
    model = genlab.load("dcgan-mnist")
    made = sheet(model, "non-saturating")  # type: ignore[arg-type]
    assert {0, 1, 7} <= set(made.meta["labels"])


@follows("dcgan", "Compare the class balance")
def test_the_classes_are_more_even_than_those_of_the_fully_connected_gan() -> None:
    plain, deep = (sample_quality(genlab.load(name), 2000)["balance"] for name in ("gan-mnist", "dcgan-mnist"))  # type: ignore[arg-type]
    assert deep < plain / 2


# Determinants


def det(matrix: Any) -> float:
    return sum(term.product for term in terms(matrix))


@follows("determinant", "One matrix: drag a column", "One matrix: slide a column")
def test_across_the_other_column_the_sign_turns_and_along_it_the_area_stays() -> None:
    first, other = np.array([1.0, 0.3]), np.array([-0.4, 1.2])
    dragged = [det(np.stack((first, part * other), 1)) for part in (1, 0.5, 0, -0.5)]
    assert dragged[0] > dragged[1] > dragged[2] == 0 > dragged[3]
    assert det(np.stack((first + 0.7 * other, other), 1)) == pytest.approx(dragged[0])


@follows("determinant", "A product: swap A and B", "A product: let A undo B")
def test_the_determinant_of_a_product_does_not_see_the_order() -> None:
    a, b = np.random.default_rng(0).normal(size=(2, 2, 2))
    assert np.abs(a @ b - b @ a).max() > 0.1
    assert det(a @ b) == pytest.approx(det(b @ a))
    assert det(np.linalg.inv(b)) == pytest.approx(1 / det(b))


def joint(weight: Callable[[tuple[int, ...]], int]) -> np.ndarray:
    """A joint distribution of five values from three, (3, 3, 3, 3, 3)."""
    table = np.zeros((3,) * 5)
    for x in itertools.product(range(3), repeat=5):
        table[x] = weight(x)
    return table / table.sum()


@follows("chain_rule", "Chain: take *ends alike*")
def test_where_ends_are_alike_the_last_value_depends_on_the_first_and_the_others_hardly() -> None:
    table = joint(lambda x: 4 if x[0] == x[4] else 1)
    for t in range(4):
        marginal = table.sum(tuple(range(t + 1, 5)))
        assert np.ptp(marginal / marginal.sum(-1, keepdims=True)) < 1e-9  # all three values alike, whatever came
    last = table / table.sum(-1, keepdims=True)
    assert [int(last[first, 1, 1, 1].argmax()) for first in range(3)] == [0, 1, 2]


@follows("chain_rule", "Chain: paint 0 over a block")
def test_values_of_a_block_without_weight_cannot_come() -> None:
    table = joint(lambda x: 0 if x[:2] == (0, 1) else 1)
    assert table[0].sum((1, 2, 3))[1] == 0 and table[1].sum((1, 2, 3))[1] > 0


@follows("chain_rule", "Categorical: move one logit up")
def test_one_logit_more_makes_all_others_less_likely() -> None:
    logits = torch.tensor([0.8, 0.1, 0.1]).log()
    moved = (logits + torch.tensor([0.0, 1.0, 0.0])).softmax(0)
    assert moved[1] > 0.1 and moved[0] < 0.8 and moved[2] < 0.1


@follows("determinant", "Term by term")
def test_of_24_terms_a_triangular_matrix_leaves_one() -> None:
    products = [term.product for term in terms(np.tril(np.arange(16).reshape(4, 4) + 1.0))]
    assert len(products) == 24
    assert np.count_nonzero(products) == 1


@follows("determinant", "A curved map")
@pytest.mark.parametrize("name", MAPS)
def test_the_ratio_of_areas_approaches_the_determinant(name: str) -> None:
    corner = np.array([0.37, -0.61]) * EDGE
    x, off = corner[None], []
    expected = np.linalg.det(MAPS[name].jacobian(x))[0]
    for size in (0.4, 0.1, 0.01):
        along = np.linspace(-0.5, 0.5, 200, endpoint=False)
        half = np.full(200, 0.5)
        ring = np.concatenate(
            [np.stack(side, 1) for side in ((along, -half), (half, along), (-along, half), (-half, -along))]
        )
        u, v = MAPS[name].function(corner + size * ring).T
        area = (u * np.roll(v, -1) - np.roll(u, -1) * v).sum() / 2
        off.append(abs(area / size**2 - expected))
    assert off[-1] < 1e-3 * max(1, abs(expected))
    assert off[-1] <= off[0] + 1e-9


# Sound


def tones(labels: list[int], temperature: float = 1.0) -> np.ndarray:
    """A sound of each class that the shipped WaveNet writes, a second long, in [−1, 1]."""
    generator = torch.Generator().manual_seed(1)
    model = genlab.load("wavenet-tones")
    assert isinstance(model, WaveNet)
    return mulaw.decode(write(model, torch.tensor(labels), RATE, generator, temperature))


@follows("wavenet", "Watch: click the keys", "Watch: take the chord")
def test_the_pitch_that_is_heard_is_that_of_the_key_and_of_a_chord_half_of_it() -> None:
    for instrument, part, least in ((1, 1, 0.75), (3, 2, 0.5)):
        asked = [label(instrument, pitch) for pitch in range(13) for _ in range(4)]
        assert [fundamental(each) for each in asked] == pytest.approx([frequency(each) / part for each in asked])
        assert same_pitch(heard(tones(asked)), fundamental(np.array(asked))).mean() >= least


@follows("wavenet", "Watch: raise the temperature")
def test_a_high_temperature_drowns_the_tone_in_hiss() -> None:
    def hiss(temperature: float) -> float:
        """Spectral flatness, a geometric by an arithmetic mean: 1 of white noise, near 0 of a tone."""
        sounds = tones([label(instrument, 5) for instrument in range(4) for _ in range(6)], temperature)
        energy = np.abs(np.fft.rfft(sounds[:, 1000:])) ** 2 + 1e-9
        return float(np.exp((np.log(energy).mean(1) - np.log(energy.mean(1))).mean()))

    assert hiss(1.5) > 1.3 * hiss(1.0)


@follows("wavenet", "Train with one stack of six layers")
def test_six_layers_do_not_see_a_period_of_the_lowest_note() -> None:
    model = WaveNet(8, 4, channels=4, skips=4, stacks=1, layers=6)
    assert model.field == 64 < RATE / LOWEST


# Sequences


@cache
def written(name: str, *begun: int) -> Tensor:
    """400 sequences (n, T) that shipped weights go on with."""
    known = torch.zeros(1, 1, 32, dtype=torch.long)
    known[..., : len(begun)] = torch.tensor(begun)
    mask = (torch.arange(32) < len(begun)).expand(1, 1, 32)
    model: Any = genlab.load(name)
    return model.sample(400, known=known, mask=mask, generator=torch.Generator().manual_seed(0))[:, 0]


def perplexity(name: str) -> float:
    """Of shipped weights on fresh sequences of the kind that they have learnt."""
    experiment: Any = CATALOG[name].experiment
    law = {"lines": toy.lines, "forks": toy.forks}[experiment.dataset]
    x = torch.from_numpy(law(np.random.default_rng(99), 600, 32))[:, None]
    model: Any = genlab.load(name)
    with torch.no_grad():
        return float((-model.log_prob(x).mean() / 32).exp())


STEEP = tuple(range(44, 34, -1))


@follows("masked_sequence", "Draw the beginning of a line")
def test_continuations_fan_out_where_the_split_may_come() -> None:
    spread = written("masked-net-toy", *range(20, 28)).double().std(0)
    assert (spread[:8] == 0).all()
    assert spread[10] < spread[20] / 3 < spread[31]


@follows("causal_convolutions", "Train it with the dilated convolutions beside it")
@follows("dilated_convolutions", "Train it with the plain causal convolutions beside it")
def test_dilation_keeps_the_global_structure() -> None:
    kept = {name: float(straight(written(name)).double().mean()) for name in ("netto1d-toy", "netto1d-dilated-toy")}
    assert 1 - kept["netto1d-toy"] > 3 * (1 - kept["netto1d-dilated-toy"])


@follows("dilated_convolutions", "Draw ten values down from 44")
def test_a_steep_line_is_kept_by_the_dilated_network() -> None:
    kept = {
        name: float(straight(written(name, *STEEP)).double().mean()) for name in ("netto1d-toy", "netto1d-dilated-toy")
    }
    assert kept["netto1d-dilated-toy"] > kept["netto1d-toy"] + 0.1


@follows("gated_convolutions", "Watch the posterior along a slope")
def test_most_values_of_a_slope_are_all_but_certain_and_some_are_open() -> None:
    line = tuple(int(np.floor(0.37 * (t - 31))) + 32 for t in range(32))
    p = np.exp(views.posteriors(genlab.load("gated-toy"), line).arrays["log_probs"]).max(1)[8:]
    assert np.median(p) > 0.8
    assert p.min() < 0.7


@follows("gated_convolutions", "Train it with the dilated convolutions beside it")
def test_the_gated_network_comes_nearer_to_the_entropy() -> None:
    floor = np.exp(toy.entropy("lines", 32))
    assert floor < perplexity("gated-toy") < (floor + perplexity("netto1d-dilated-toy")) / 2


@follows("gated_convolutions", "Train it on forks")
@follows("regression_or_categories", "Look inside: a fork")
def test_before_the_jump_categories_have_three_peaks_and_a_bell_has_one() -> None:
    fork = (*[31] * 28, *[39] * 4)
    p = {
        name: np.exp(views.posteriors(genlab.load(name), fork).arrays["log_probs"][26])
        for name in ("gated-forks", "gaussian-forks")
    }
    peaks = {name: {k for k in range(1, 63) if q[k] > 0.02 and q[k - 1] < q[k] > q[k + 1]} for name, q in p.items()}
    assert peaks == {"gated-forks": {23, 31, 39}, "gaussian-forks": {31}}
    last = (*[31] * 31, 39)
    bits = {name: views.posteriors(genlab.load(name), last).meta["bits"][-1] for name in p}
    assert bits["gated-forks"] + 2 < bits["gaussian-forks"]


@follows("regression_or_categories", "Train on forks")
def test_on_forks_a_bell_pays_for_what_never_comes() -> None:
    assert perplexity("gated-forks") < 1.1 * np.exp(toy.entropy("forks", 32))
    assert perplexity("gaussian-forks") > 2 * perplexity("gated-forks")


@follows("regression_or_categories", "Watch a sequence of two lines")
def test_on_lines_a_bell_does_nearly_as_well() -> None:
    assert perplexity("gaussian-toy") < 1.3 * perplexity("gated-toy")


# Latents


@follows("vae", "Train on the 8×8 digits and move β")
def test_a_larger_beta_makes_the_clouds_grow() -> None:
    spread = {}
    for beta in (1.0, 4.0):
        run = Run(genlab.experiment("vae-digits", steps=900, beta=beta))
        run.advance(steps=600)
        seen = latents.plane(run.average(), "digits", 8, 17)
        spread[beta] = float(np.sqrt(seen.arrays["spread"][:, [0, 2]]).mean()), seen.meta["divergence"]
    assert spread[4.0][0] > 1.2 * spread[1.0][0]
    assert spread[4.0][1] < 0.8 * spread[1.0][1]


# Flows on images


@follows("real_nvp_on_images", "Watch: put the temperature to 0")
def test_without_noise_a_flow_has_one_image() -> None:
    for name in ("realnvp-digits", "realnvp-mnist"):
        sheet = image_flows.sheet(genlab.load(name), temperature=0).arrays["sheet"]  # type: ignore[arg-type]
        assert (sheet == sheet[0]).all() and sheet[0].any()


@follows("real_nvp_on_images", "Draw: every drawing comes back")
def test_drawings_come_back_to_a_hundredth_of_a_level() -> None:
    for name in ("realnvp-digits", "realnvp-mnist"):
        for seen in _mirrored(name).values():
            assert seen.meta["off"] == 0 and seen.meta["largest"] < 0.01


@follows("real_nvp_on_images", "Draw: a horse is less likely")
def test_a_horse_is_less_likely_than_the_digits_beside_it() -> None:
    for name in ("realnvp-digits", "realnvp-mnist"):
        nats = {drawn: seen.meta["nats"] for drawn, seen in _mirrored(name).items()}
        assert nats.pop("a horse") > max(nats.values())


@follows("glow", "Watch: ask for one class")
def test_samples_of_a_class_grow_alike_as_the_temperature_falls() -> None:
    for name in ("glow-digits", "glow-mnist"):
        model = genlab.load(name)
        spread = [
            image_flows.sheet(model, temperature=t, label=4).arrays["sheet"].astype(float).std(0).mean()  # type: ignore[arg-type]
            for t in (1.0, 0.5)
        ]
        assert spread[1] < 0.75 * spread[0]


@follows("glow", "Draw: pull the angle a to 90°")
def test_at_a_right_angle_nothing_of_the_drawing_is_left() -> None:
    model = genlab.load("glow-digits")
    near, far = (_neighbours(model, away) for away in (0.2, np.pi / 2))  # type: ignore[arg-type]
    drawn = examples(8)["4"].levels(17) / 16
    off = [np.abs(images / 255 - drawn).mean() for images in (near, far)]
    assert off[1] > 1.5 * off[0]


def _neighbours(model: ImageFlow, away: float) -> np.ndarray:
    drawing = examples(8)["4"].levels(17).astype(np.uint8).tobytes()
    return image_flows.mirrored(model, drawing, away=away).arrays["neighbours"]


@cache
def _mirrored(name: str) -> dict[str, Seen]:
    model = genlab.load(name)
    assert isinstance(model, ImageFlow)
    return {
        drawn: image_flows.mirrored(model, example.levels(model.levels).astype(np.uint8).tobytes())
        for drawn, example in examples(model.size).items()
    }


# The comparison


@follows("comparison", "Take *two moons*")
def test_a_grid_cannot_become_finer_than_its_cells() -> None:
    """With the right probability of every cell it stays above the entropy, which bounds a flow alone.

    Of fresh points: the mean of −log of (share of the cell / its area), with shares of as many others.
    """
    model = genlab.load("grid-2d")
    aim, n = plane.target("moons"), 400_000
    one, other = (aim.sample(n, torch.Generator().manual_seed(seed)) for seed in (0, 1))

    def index(x: Tensor) -> Tensor:
        cells = model.cells(x)
        return cells[:, 0] * model.bins + cells[:, 1]

    shares = torch.bincount(index(one), minlength=model.bins**2).double() / n
    seen = shares[index(other)]
    least = float(model.log_area - seen[seen > 0].log().mean())
    assert least > PLANE["moons"] + 0.05
