"""What every *Look inside* shares: what is looked at, and the panels that show it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from genlab.ui.shell.views import ask
from genlab.ui.shield import shield
from genlab.views.pack import unpack


@dataclass(frozen=True)
class Inside:
    """What is looked at; a kind adds where in the model, or on what."""

    page: str  # prefix of keys
    source: str | bytes  # a catalogue name, or weights
    experiment: Any

    def view(self, path: str, **arguments: Any) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
        """Words and arrays of a view of the model, by its dotted path. Raises GenlabError."""
        return unpack(ask(self.source, path, tuple(sorted(arguments.items()))))


Panel = Callable[[Any], None]  # takes a kind's Inside


def show(panels: Iterable[Panel], inside: Inside) -> None:
    """Draws panels, from top to bottom; one that fails says so in its own place."""
    for panel in panels:
        with st.container(border=True, key=f"{inside.page}.panel.{panel.__name__}"), shield():
            panel(inside)
