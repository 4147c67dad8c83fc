"""The cost of a pixel as bars: every layer, in the order of the network."""

from genlab.figures.colours import LIGHT
from genlab.figures.cost import cost


def test_every_layer_has_its_two_bars():
    full, cached = cost(["first", "last"], [0, 1], [64, 64], colours=LIGHT).data
    assert list(cached.y) == list(full.y) == ["last", "first"]
    assert list(cached.x) == [1, 0] and list(full.x) == [64, 64]
    assert (cached.name, full.name) == ("cached sampler", "one full pass")
