"""What all canvases share in the browser, and how a page shows one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cache
from string import Template
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException

from genlab.ui.browser.address import base
from genlab.ui.browser.static import UI, address, needed
from genlab.ui.shield import callback

# What Streamlit runs, from a blob, in which a path alone is no address. All modules are fetched at once, not one after
# the other as they name each other; until they are here nothing is seen that would not answer.
_LOADER = Template("""const modules = $modules.map((path) => location.origin + path);
for (const href of modules) {
  document.head.append(Object.assign(document.createElement("link"), { rel: "modulepreload", href }));
}
export default async (call) => {
  const { default: show } = await import(modules[0]), clear = show(call);
  call.parentElement.host.dataset.alive = "";
  return clear;
};
""")


def _nothing() -> None:
    """Declares the name of a value that the browser sends."""


def _new(key: str, name: str, call: Callable[[], None]) -> Callable[[], None]:
    """Does nothing where this was heard before: when a canvas comes back, what it said last is sent once more."""

    def heard() -> None:
        sent = (st.session_state.get(key) or {}).get(name)
        last: dict[tuple[str, str], float] = st.session_state.setdefault("canvas.heard", {})
        if sent and sent["at"] > last.get((key, name), 0):
            last[key, name] = sent["at"]
            try:
                call()
            except RerunException:  # ``callback`` comes back to it
                del last[key, name]
                raise

    return heard


@cache
def _component(module: str, styles: tuple[str, ...]) -> Any:
    """A component of Streamlit whose script is a module that the server serves."""
    name, page = module.rpartition("/")[2], UI / f"{module}.html"
    sheets = [UI / f"{style}.css" for style in ("browser/shared", module, *styles)]
    modules = [f"{address(base())}/{path}" for path in needed(f"{module}.js")]
    return st.components.v2.component(
        f"genlab_{name}",
        html=page.read_text() if page.exists() else f'<div class="{name}-host"></div>',
        css="\n".join(sheet.read_text() for sheet in sheets if sheet.exists()),
        js=_LOADER.substitute(modules=json.dumps(modules)),
    )


def canvas(
    module: str,
    data: Any = None,
    *,
    key: str,
    on: Mapping[str, Callable[[], None] | None] | None = None,
    once: Mapping[str, Callable[[], None] | None] | None = None,
    styles: tuple[str, ...] = (),
    height: int | str = "content",
    width: int | str = "stretch",
) -> None:
    """Shows a component: ``module.js`` of ``genlab/ui``, with ``module.html`` and ``module.css`` where there are such.

    Arguments:
        module: path of the module without its ending; its default export is called with the data, see ``component.js``.
        data: for the browser: bytes of ``genlab.views.pack.pack``, or what JSON knows.
        key: unique on the page; ``st.session_state[key]`` holds what the browser sent.
        on: names of the values that the browser sends (``send.state``), and what is called when one is another.
        once: the same of what happens (``send.trigger``), which is held under ``value``.
        styles: further style sheets, of canvases that the module contains.
        height, width: as in Streamlit.
    """
    heard = {**(on or {}), **{name: call and _new(key, name, call) for name, call in (once or {}).items()}}
    calls = {f"on_{name}_change": callback(call or _nothing) for name, call in heard.items()}
    _component(module, styles)(key=key, height=height, width=width, data=data, **calls)
