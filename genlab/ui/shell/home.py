"""The first page: what there is."""

from __future__ import annotations

import streamlit as st

from genlab.catalog import TOPICS
from genlab.experiments.entries import Topic


def page_of(topic: Topic) -> st.Page:
    """The page of a topic, as the navigation and links know it."""
    return st.Page(topic.script, title=topic.title, url_path=topic.page, icon=f":material/{topic.icon}:")


def home() -> None:
    """Draws a card for each topic: a picture, a sentence, its source."""
    st.title("Deep generative models, made visible", anchor=False)
    st.markdown(
        "Watch a model generate step by step, train one from scratch, and look inside it. The samples below were drawn "
        "beforehand; all else is computed while you watch, by the code in this folder, on the machine where it runs."
    )
    for section in dict.fromkeys(topic.section for topic in TOPICS.values()):
        st.subheader(section, anchor=False)
        with st.grid(3, min_column_width=260, gap="medium"):
            for topic in TOPICS.values():
                if topic.section == section:
                    _card(topic)


def _card(topic: Topic) -> None:
    with st.container(border=True, key=f"card-{topic.page}"):
        if topic.picture.exists():
            st.image(topic.picture, width="stretch", alt=topic.title)
        st.page_link(page_of(topic), label=f"**{topic.title}**")
        st.markdown(topic.sentence)
        st.caption(topic.source)
