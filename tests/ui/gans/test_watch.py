"""The Watch panel of GANs: what a link's path means."""

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
