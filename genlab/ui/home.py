"""The first page: what there is."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from genlab.catalog import FAMILIES, Family

PICTURES = Path(__file__).parent / "pictures"
PAGES = Path(__file__).parents[2] / "pages"


def model_page(family: Family) -> st.Page:
    """The page of a family, as the navigation and links know it."""
    return st.Page(
        PAGES / f"{family.page}.py", title=family.title, url_path=family.page, icon=f":material/{family.icon}:"
    )


def home() -> None:
    """Draws a card for each model: its samples, a sentence, its source."""
    st.title("Deep generative models, made visible", anchor=False)
    st.markdown(
        "Watch a model generate step by step, train one from scratch, and look inside it. The samples below were drawn "
        "beforehand; all else is computed while you watch, by the code in this folder, on the machine where it runs."
    )
    for section in dict.fromkeys(family.section for family in FAMILIES.values()):
        st.subheader(section, anchor=False)
        with st.grid(3, min_column_width=260, gap="medium"):
            for family in FAMILIES.values():
                if family.section == section:
                    _card(family)


def _card(family: Family) -> None:
    with st.container(border=True, key=f"card-{family.page}"):
        st.image(PICTURES / f"{family.name}.png", width="stretch", alt=f"Samples of {family.title}")
        st.page_link(model_page(family), label=f"**{family.title}**")
        st.markdown(family.sentence)
        st.caption(family.source)
