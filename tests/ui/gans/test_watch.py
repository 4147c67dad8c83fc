"""The Watch panel of GANs: what a link's path means, and the numbers in words."""

from __future__ import annotations

import pytest

from genlab.experiments.gans import VanillaGANExperiment
from genlab.ui.gans import watch as gan_watch
from genlab.views import latent

EXPERIMENT = VanillaGANExperiment(latent=100, size=8)


def test_a_path_counts_from_one_in_a_link():
    assert gan_watch.read("v2:-1.5,z100:3", EXPERIMENT) == (("v", 1, -1.5), ("z", 99, 3.0))
    assert (gan_watch.LONGEST, gan_watch.REACH) == (latent.LONGEST, latent.REACH)


@pytest.mark.parametrize(
    "text", ["", "v0:1", "v65:1", "z101:1", "w1:1", "v1:9", "v1", "v1:nan", ",".join(["v1:1"] * 31)]
)
def test_a_path_that_does_not_exist_is_none(text):
    assert gan_watch.read(text, EXPERIMENT) is None


def test_the_numbers_of_a_generator_in_words():
    meta = {
        "good": 0.95,
        "reached": 0.424,
        "found": 3,
        "modes": 8,
        "collapse": "Mode collapse: only 3 of 8 modes are found.",
    }
    said = gan_watch.sentence(meta | {"js": 0.2, "js_floor": 0.01, "points": 20_000})
    assert "**95 %** lie where data lie; they reach **42 %** of the data and find **3 of 8** modes." in said
    assert "only 3 of 8 modes" in said and "20\u202f000" in said
    none = {"good": None, "found": None, "modes": None, "collapse": ""}
    assert "samples reach **42 %** of the data. Jensen" in gan_watch.sentence(
        meta | none | {"js": 0.2, "js_floor": 0.01, "points": 20_000}
    )
