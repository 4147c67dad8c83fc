"""What all canvases share in the browser, and how a page shows one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import streamlit as st

from genlab.ui.browser.address import base
from genlab.ui.browser.static import UI, address
from genlab.ui.shield import callback


def _nothing() -> None:
    """Declares the name of a value that the browser sends."""


@cache
def _component(module: str, styles: tuple[str, ...]) -> Any:
    """A component of Streamlit whose script is a module that the server serves."""
    name, page = module.rpartition("/")[2], UI / f"{module}.html"
    sheets = [UI / f"{style}.css" for style in ("browser/shared", module, *styles)]
    url = f"{address(base())}/{module}.js"
    return st.components.v2.component(
        f"genlab_{name}",
        html=page.read_text() if page.exists() else f'<div class="{name}-host"></div>',
        css="\n".join(sheet.read_text() for sheet in sheets if sheet.exists()),
        # Streamlit makes a blob of it, in which a path alone is no address; without a line break it would be a path.
        js=f"export default async (call) =>\n  (await import(`${{location.origin}}{url}`)).default(call);",
    )


def canvas(
    module: str,
    data: Any = None,
    *,
    key: str,
    on: Mapping[str, Callable[[], None] | None] | None = None,
    styles: tuple[str, ...] = (),
    height: int | str = "content",
    width: int | str = "stretch",
) -> None:
    """Shows a component: ``module.js`` of ``genlab/ui``, with ``module.html`` and ``module.css`` where there are such.

    Arguments:
        module: path of the module without its ending; its default export is called with the data, see ``component.js``.
        data: for the browser: bytes of ``genlab.views.pack.pack``, or what JSON knows.
        key: unique on the page; ``st.session_state[key]`` holds what the browser sent.
        on: names of the values that the browser sends, and what is called then.
        styles: further style sheets, of canvases that the module contains.
        height, width: as in Streamlit.
    """
    calls = {f"on_{name}_change": callback(call or _nothing) for name, call in (on or {}).items()}
    _component(module, styles)(key=key, height=height, width=width, data=data, **calls)
