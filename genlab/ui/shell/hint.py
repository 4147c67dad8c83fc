"""What a hand can do in a panel, in the words of the hand: a mouse and keys, or a finger."""

from __future__ import annotations

import streamlit as st

_STYLE = """<style>
[class*="hint-touch"] { display: none; }
@media (hover: none) {
  [class*="hint-touch"] { display: flex; }
  [class*="hint-mouse"] { display: none; }
}
</style>"""


def hint(page: str, *, mouse: str, touch: str, about: str) -> None:
    """Shows one of two captions, as the screen is.

    Arguments:
        page: prefix of the keys.
        about: what the terms in it mean, for whoever asks.
    """
    st.html(_STYLE)
    for hand, words in (("mouse", mouse), ("touch", touch)):
        with st.container(key=f"{page}.hint-{hand}"):
            st.caption(words, help=about)
