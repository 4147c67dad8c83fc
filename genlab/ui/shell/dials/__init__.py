"""The browser side of a place of the page: sliders that all pictures which stand there follow at once."""

from __future__ import annotations

from functools import partial
from typing import TypeVar

import streamlit as st

from genlab.declaration import Declaration
from genlab.ui.browser import canvas
from genlab.ui.shell.controls import held, settle
from genlab.views.pack import pack

D = TypeVar("D", bound=Declaration)


def dials(declaration: D, *, page: str, at: str) -> D:
    """Shows a slider or the like for each field, and returns the declaration as it was let go last.

    Arguments:
        declaration: the defaults.
        page: prefix of the keys of what is set, see ``genlab.ui.shell.controls.held``.
        at: the place that they set, by its name, see ``ui/browser/place.js``; it has other dials where it has other
            ranges.
    """
    key = f"{page}.dials"
    chosen, described = held(declaration, declaration.fields(), page=page)
    call = partial(_settled, page, key, chosen)
    with st.container(key=f"{key}.box"):  # as that of maps
        canvas("shell/dials/dials", pack({"at": at, "controls": described}), key=key, on={"settings": call})
    return chosen


def _settled(page: str, key: str, chosen: Declaration) -> None:
    """Takes what the dials say; nothing where they have gone: their last message may come after them."""
    settle(chosen, (st.session_state.get(key) or {}).get("settings") or {}, page=page)
