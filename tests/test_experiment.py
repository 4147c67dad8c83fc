"""Declarations: one place for range, help and default, and what is out of range is clamped and said."""

import pytest

import genlab
from genlab import catalog
from genlab.catalog import CATALOG, FAMILIES, entries
from genlab.experiments.data import IMAGES
from genlab.experiments.pixels import GatedPixelCNNExperiment, MADEExperiment, PixelCNNExperiment


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_every_field_says_what_it_is(family):
    for name, info in family.experiment.fields().items():
        assert info.title and info.description
        if family.experiment.options(name) is None:
            extra = family.experiment.extra(name)
            assert extra["low"] <= info.default <= extra["high"]


@pytest.mark.parametrize("name", CATALOG)
def test_a_link_reproduces_an_experiment(name):
    experiment = CATALOG[name].experiment
    again, notes = type(experiment)().changed(experiment.parameters())
    assert again == experiment and notes == []


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("batch_size", "1e9", 512),
        ("batch_size", "-3", 1),
        ("batch_size", "many", 16),
        ("batch_size", "inf", 16),
        ("learning_rate", "nan", 4e-3),
        ("learning_rate", "7", 1e-1),
        ("position", "maybe", True),
        ("seed", "-1", 0),
        ("dataset", "cifar", "digits"),
        ("levels", "3", 17),
    ],
)
def test_nonsense_in_a_link_is_clamped_and_said(field, text, value):
    experiment, notes = PixelCNNExperiment().changed({field: text})
    assert getattr(experiment, field) == value
    assert len(notes) == 1 and PixelCNNExperiment.model_fields[field].title in notes[0]


def test_what_does_not_exist_together_is_refused_in_a_sentence():
    experiment, notes = PixelCNNExperiment().changed({"dataset": "mnist", "levels": "17"})
    assert experiment == PixelCNNExperiment() and "8×8 with 17 levels" in notes[0]
    with pytest.raises(ValueError, match="8×8 with 17 levels"):
        PixelCNNExperiment(dataset="digits", size=28, levels=256)


@pytest.mark.parametrize("dataset", IMAGES)
def test_a_new_data_set_brings_its_usual_size_and_levels(dataset):
    experiment = genlab.experiment("pixelcnn-digits", dataset=dataset)
    assert experiment.size == IMAGES[dataset]["size"][0] and experiment.levels == IMAGES[dataset]["levels"][0]


@pytest.mark.parametrize("dataset", ["mnist", "fashion"])
def test_where_a_model_cannot_have_the_usual_levels_it_gets_those_that_it_can(dataset):
    experiment, notes = MADEExperiment().changed({"dataset": dataset})
    assert (experiment.size, experiment.levels, notes) == (28, 2, [])
    assert experiment.possible("levels") == [2] and experiment.possible("size") == [28, 14]
    assert MADEExperiment().possible("levels") == [17]


def test_strict_where_code_asks():
    with pytest.raises(ValueError):
        genlab.experiment("pixelcnn-digits", batch_size=0)
    with pytest.raises(ValueError):
        genlab.experiment("pixelcnn-digits", depth=3)
    with pytest.raises(KeyError, match="pixelcnn-mnist"):
        genlab.experiment("pixelcnn-cifar")


def test_architecture_is_what_the_model_takes():
    assert GatedPixelCNNExperiment(channels=8).architecture() == {
        "size": 8,
        "levels": 17,
        "channels": 8,
        "layers": GatedPixelCNNExperiment().layers,
        "dilated": GatedPixelCNNExperiment().dilated,
        "conditional": False,
        "attention": 0,
    }


def test_published_results_stay_with_their_own_data():
    assert CATALOG["gated-pixelcnn-mnist-binary"].experiment.published().bits_per_dim == pytest.approx(0.1499, abs=1e-4)
    assert CATALOG["pixelcnn-mnist"].experiment.published().bits_per_dim == 0.808
    assert CATALOG["pixelcnn-digits"].experiment.published() is None


def test_every_family_has_entries():
    assert all(entries(family) for family in FAMILIES)


def test_what_tells_two_trainings_of_one_family_apart_is_in_their_names() -> None:
    one, two = genlab.experiment("pixelcnn-digits", masked=True), genlab.experiment("pixelcnn-digits")
    rival = catalog.alternative(one, "pixelcnn")
    assert rival == two
    assert catalog.titles(one, rival) == ["PixelCNN, stacks: one masked", "PixelCNN, stacks: two"]
    assert catalog.titles(two, rival) == ["PixelCNN", "PixelCNN"]
    assert catalog.titles(one, catalog.alternative(one, "row-lstm")) == ["PixelCNN", "Row LSTM"]


def test_any_pixel_model_can_be_trained_beside_another_on_its_data() -> None:
    binary = genlab.experiment("nade-mnist-binary", seed=3)
    names = catalog.beside(binary)
    assert {"pixelcnn", "row-lstm", "nade", "masked-lenet"} <= set(names)
    for name in names:
        other = catalog.alternative(binary, name)
        assert (other.family, other.seed, other.data_arguments()) == (name, 3, binary.data_arguments())
