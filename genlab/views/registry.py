"""Views by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from genlab.models import Model
from genlab.views import game, inside, judged, latent, line, pixels, plane
from genlab.views.seen import Seen

VIEWS: dict[str, Callable[..., Seen]] = {
    view.__name__: view
    for view in (
        pixels.receptive_field,
        pixels.blind_spot,
        pixels.position_code,
        pixels.recomputed,
        pixels.masks,
        pixels.samples,
        plane.warp,
        plane.numbers,
        plane.layer_fields,
        line.line,
        game.game,
        game.standing,
        inside.layers,
        inside.verdicts,
        inside.saturation,
        latent.sheet,
        latent.walk,
        latent.directions,
        judged.judged,
    )
}


def view(model: Model, name: str, **arguments: Any) -> Seen:
    """What one sees of a model.

    Raises:
        ValueError: no such view, or what the view says.
    """
    if name not in VIEWS:
        raise ValueError(f"there is no view {name!r}; there are {', '.join(VIEWS)}")
    return VIEWS[name](model, **arguments)
