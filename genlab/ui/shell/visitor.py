"""Who looks at this page, and how its canvases reach the computing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

import streamlit as st

from genlab.runtime.engine import engine
from genlab.runtime.visitors import visitors
from genlab.ui.browser.address import base
from genlab.views.pack import pack


def owner() -> str:
    """The secret of this session, by which its trainings are known; after a reload, of the training in the address."""
    if "owner" not in st.session_state:
        job = engine().jobs.get(st.query_params.get("job", ""))
        st.session_state["owner"] = secrets.token_urlsafe(12) if job is None else job.owner
    return str(st.session_state["owner"])


def wire() -> dict[str, str]:
    """What a canvas is told of the wire: its address, and the ticket that only this visitor's pages have."""
    return {"wire": f"{base()}/wire", "ticket": visitors().ticket(owner())}


def known(source: str | bytes) -> str:
    """How a canvas of this visitor names a model to the wire. Raises CheckpointError.

    Arguments:
        source: a catalogue name, or weights of the visitor's own.
    """
    return source if isinstance(source, str) else visitors().keep(owner(), source)


def asking(source: str | bytes | None, question: Mapping[str, Any], **page: Any) -> bytes:
    """What a canvas is told that asks a question. Raises CheckpointError.

    Arguments:
        source: a catalogue name, or weights of the visitor's own; None where the question is about no model.
        question: one of ``genlab.runtime.questions``, without its source and what is set in the browser.
        page: what else the canvas is told.
    """
    about = None if source is None else known(source)
    return pack({**wire(), "source": about, "question": dict(question), **page})
