"""What fails on a page costs that piece of it alone: a sentence stands there, the traceback goes to the log."""

from __future__ import annotations

import logging
from asyncio import CancelledError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException

from genlab.errors import GenlabError

P = ParamSpec("P")
R = TypeVar("R")

logger = logging.getLogger(__name__)

FAILED = "This part of the page failed. The rest of it works: change a setting, or reload the page to try again."
NOTHING_DONE = "That did not work. Try again, or reload the page."
_NOTICE = "shield.notice"
_UNFORESEEN = (Exception, CancelledError)  # the latter is none, and comes out of a loop that was closed


@contextmanager
def shield() -> Iterator[None]:
    """Says in place what went wrong within; a rerun or a stop passes (it is no ``Exception``)."""
    try:
        yield
    except GenlabError as error:
        st.info(str(error))
    except _UNFORESEEN:
        logger.exception("a part of a page failed")
        st.error(FAILED)


def dialog(title: str, **options: Any) -> Callable[[Callable[P, R]], Callable[P, None]]:
    """``st.dialog`` of a function behind a shield; it runs alone after a callback of its own, and tells of that."""

    def opened(function: Callable[P, R]) -> Callable[P, None]:
        @st.dialog(title, **options)
        @wraps(function)
        def shielded(*args: P.args, **kwargs: P.kwargs) -> None:
            notice()
            with shield():
                function(*args, **kwargs)

        return shielded

    return opened


def callback(function: Callable[..., Any]) -> Callable[..., None]:
    """A widget's callback whose failure does not take the page with it: ``notice`` tells of it.

    Where another message of the browser interrupts it, which is when it touches the session's state, it is called again
    before that message has its turn: Streamlit would not come back to it. So it must not call ``st.rerun`` itself.
    """

    @wraps(function)
    def shielded(*args: Any, **kwargs: Any) -> None:
        try:
            function(*args, **kwargs)
        except RerunException:
            shielded(*args, **kwargs)
            raise
        except GenlabError as error:
            st.session_state[_NOTICE] = str(error)
        except _UNFORESEEN:
            logger.exception("a callback failed")
            st.session_state[_NOTICE] = NOTHING_DONE

    return shielded


def notice() -> None:
    """Says what a callback failed with, once."""
    if (sentence := st.session_state.pop(_NOTICE, None)) is not None:
        st.error(sentence)


def last_resort(error: Exception) -> bool:
    """For ``st.App(on_script_error=...)``: what no shield has caught and Streamlit has logged; True adds nothing."""
    del error
    st.error(FAILED)
    return True
