"""Which models are compared: on the same data, of the same size, and only such as can learn them."""

from __future__ import annotations

import pytest

from genlab import catalog
from genlab.comparison import NONE, PRINCIPLES, Comparison, on, principle_of, sized, together
from genlab.errors import GenlabError
from genlab.experiments.data import OnImages, OnPlane

DATA = Comparison.options("data")
assert DATA is not None


@pytest.mark.parametrize("data", DATA)
def test_all_of_a_comparison_learn_the_same_data(data: str) -> None:
    chosen, notes = Comparison().changed({"data": data})
    assert not notes and chosen.data == data
    families = [lane.principle for lane in chosen.lanes]
    assert families == list(PRINCIPLES)
    assert {lane.experiment.data_arguments()["dataset"] for lane in chosen.lanes} == {data}
    assert {type(lane.experiment.data_arguments().get("levels")) for lane in chosen.lanes} in ({int}, {type(None)})


def test_what_opens_is_all_shipped() -> None:
    assert all(lane.shipped for lane in Comparison().lanes)


@pytest.mark.parametrize("principle", PRINCIPLES)
def test_every_entry_can_learn_the_data_for_which_it_stands(principle: str) -> None:
    for name in PRINCIPLES[principle].plane:
        assert isinstance(on(catalog.experiment(name), "moons"), OnPlane)
    for name in PRINCIPLES[principle].digits:
        assert isinstance(on(catalog.experiment(name), "digits"), OnImages)
    assert all(principle_of(catalog.experiment(name)) == principle for name in PRINCIPLES[principle].all)


def test_a_link_cannot_set_a_model_beside_data_that_it_cannot_learn() -> None:
    chosen, notes = Comparison().changed({"gan": "gan-digits"})
    assert chosen == Comparison() and len(notes) == 1 and "learns no" in notes[0]
    chosen, notes = Comparison().changed({"data": "digits", "gan": "dcgan-digits"})
    assert not notes and chosen.gan == "dcgan-digits"
    back, notes = chosen.changed({"data": "moons"})
    assert not notes and back.gan == "gan-2d"


def test_none_stays_none_where_there_was_a_choice() -> None:
    without = Comparison().replaced(gan=NONE)
    assert [lane.principle for lane in without.lanes] == ["vae", "flow", "autoregression"]
    assert without.changed({"data": "moons"})[0].gan == NONE


def test_a_link_reproduces_a_comparison() -> None:
    chosen = Comparison().replaced(data="digits", autoregression="made-digits", seconds=7, size="small", seed=3)
    again, notes = Comparison().changed(chosen.parameters())
    assert again == chosen and not notes


def test_sizes_halve_and_double_the_width() -> None:
    grid = catalog.experiment("grid-2d")
    assert (sized(grid, "small").hidden, sized(grid, "large").hidden) == (grid.hidden // 2, 2 * grid.hidden)  # type: ignore[attr-defined]
    flow = catalog.experiment("planar-2d")
    assert sized(flow, "large").depth == 24  # type: ignore[attr-defined]  # the most that it may have
    assert sized(flow, "usual") is flow


def test_entries_are_brought_together_on_the_data_of_the_first() -> None:
    one, other = together(["spline-2d", "gan-2d"], seed=5)
    assert one.data_arguments() == other.data_arguments() and one.data_arguments()["dataset"] == "checkerboard"
    assert one.seed == other.seed == 5
    assert together(["spline-2d"], "moons", "small")[0].model_dump()["hidden"] == 32


@pytest.mark.parametrize(
    ("names", "data", "sentence"),
    [
        (["nothing"], None, "no 'nothing' in the catalogue"),
        (["gan-2d", "pixelcnn-digits"], None, "pixelcnn cannot learn 'gaussians'"),
        (["wavenet-tones"], None, "sounds, which are not compared"),
        (["gan-mnist"], None, "only the 8×8 digits"),
        (["gan-2d"], "cifar", "cannot learn 'cifar'"),
    ],
)
def test_what_cannot_be_compared_is_refused_in_a_sentence(names: list[str], data: str | None, sentence: str) -> None:
    with pytest.raises(GenlabError, match=sentence):
        together(names, data)


def test_models_that_are_not_compared_have_no_principle() -> None:
    assert principle_of(catalog.experiment("wavenet-tones")) == ""
