"""The browser side of the Train panel: transport, samples that cross-fade, the loss curve, the film."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from genlab.experiments.base import Experiment
from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import wire
from genlab.views.pack import pack

CANVASES = (
    "flows/warp/warp",
    "flows/line/line",
    "gans/game/game",
    "sequences/strips/strips",
    "sound/waves/waves",
    "latents/learning/learning",
)


def trainer(
    said: dict[str, Any],
    *,
    job: str | None,
    changed: Sequence[str],
    notice: str,
    first: Sequence[Experiment],
    before: bytes,
    key: str,
    on_action: Callable[[], None],
    on_heights: Callable[[], None],
) -> None:
    """Shows a training, which the browser watches and steers over the wire; of what begins or ends one, the page hears.

    Arguments:
        said: what is to be said of it until the wire tells more, see ``genlab.ui.training.trainer.present.words``.
        job: its token, or None before the first.
        changed: titles of the settings that differ from the job's.
        notice: said in place of the training's own sentence, as something that went wrong.
        first: the experiments whose first picture is shown until there is one of the training, or none.
        before: this picture, where it is known already.
        on_action: called when a button was pressed; ``st.session_state[key]["action"]["value"]`` is train, step, reset,
            slow, or the name of a player whose move it is.
        on_heights: called when a density on the line was drawn; ``["heights"]["value"]`` is its table.
    """
    lanes = [lane.model_dump() for lane in first]
    page = {"said": said, "job": job, "changed": list(changed), "notice": notice, "first": lanes}
    # "changed": what stands around the picture depends on something that is another now, so the page is drawn again.
    calls = {"action": on_action, "heights": on_heights, "changed": None}
    data = pack({**wire(), **page}, before=np.frombuffer(before, np.uint8))
    canvas("training/trainer/trainer", data, key=key, once=calls, styles=CANVASES)
