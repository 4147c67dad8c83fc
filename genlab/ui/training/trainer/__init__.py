"""The browser side of the Train panel: transport, samples that cross-fade, the loss curve, the film."""

from __future__ import annotations

from collections.abc import Callable

from genlab.ui.browser import canvas

CANVASES = ("flows/warp/warp", "flows/line/line", "gans/game/game")


def trainer(
    present: bytes,
    *,
    key: str,
    on_action: Callable[[], None],
    on_need: Callable[[], None],
    on_heights: Callable[[], None],
) -> None:
    """Shows the present state of a training.

    Arguments:
        present: what ``genlab.ui.training.trainer.present.present`` packed.
        on_action: called when a button was pressed; ``st.session_state[key]["action"]["name"]`` is train, pause, step,
            reset, slow, or the name of a player whose move it is.
        on_heights: called when a density on the line was drawn; ``["heights"]`` is its table.
        on_need: called when the film lacks frames; ``st.session_state[key]["need"]`` lists their steps.
    """
    calls = {"action": on_action, "need": on_need, "heights": on_heights}
    canvas("training/trainer/trainer", present, key=key, on=calls, styles=CANVASES)
