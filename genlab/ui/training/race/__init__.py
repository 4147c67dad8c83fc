"""The browser side of the comparison: transport, pictures side by side, film, charts and the table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from genlab.ui.browser import canvas
from genlab.ui.shell.visitor import wire
from genlab.views.pack import pack


def race(
    said: dict[str, Any],
    *,
    job: str | None,
    changed: Sequence[str],
    notice: str,
    lanes: Sequence[dict[str, Any]],
    measure: Sequence[str | None],
    judge: str,
    data: str,
    key: str,
    on_action: Callable[[], None],
) -> None:
    """Shows a comparison, which the browser watches and steers over the wire; the page hears what begins or ends one.

    Arguments:
        said: what is to be said of it until the wire tells more, see ``genlab.ui.training.race.present.words``.
        job, changed, notice: as in ``genlab.ui.training.trainer.trainer``.
        lanes: what the table says of each without measuring, and its ``source`` or ``experiment`` for a first picture.
        measure: of each lane what is measured, as the wire knows it, or None.
        judge: by what samples are judged, in words.
        data: their name.
        on_action: called when a button was pressed; ``st.session_state[key]["action"]["value"]`` is train or reset.
    """
    page = {
        "said": said,
        "job": job,
        "changed": list(changed),
        "notice": notice,
        "lanes": list(lanes),
        "measure": list(measure),
        "unmeasured": "The table is measured when the training is done: now it would take its time.",
        "judge": judge,
        "data": data,
    }
    calls = {"action": on_action, "changed": None}
    canvas("training/race/race", pack({**wire(), **page}), key=key, once=calls, styles=("training/trainer/trainer",))
