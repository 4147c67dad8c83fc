"""The pages of the flows without a browser: data of one's own, and what is drawn."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from genlab.data import own as points
from genlab.ui.training import own


def drawing() -> None:
    """A page that shows the visitor's table, and counts the links that it could not use."""
    import streamlit as st

    from genlab.ui.training import own

    st.text(own.PLANE.table())


@pytest.mark.parametrize("linked", ["", "nonsense", "eJw", "<script>"])
def test_a_table_that_cannot_be_read_leaves_the_example(linked: str) -> None:
    at = AppTest.from_function(drawing)
    at.query_params["table"] = linked
    at.run()
    assert not at.exception
    assert at.text[0].value == points.heart()


def test_a_table_in_the_link_is_taken_and_kept_for_the_session() -> None:
    table = points.encode(np.random.default_rng(0).normal(size=(50, 2)), 0.0)
    at = AppTest.from_function(drawing)
    at.query_params["table"] = table
    at.run()
    assert at.text[0].value == table
    assert at.run().text[0].value == table


def test_a_long_table_stays_out_of_the_link() -> None:
    at = AppTest.from_function(drawing)
    at.session_state["own.plane"] = points.encode(np.random.default_rng(0).normal(size=(3000, 2)), 0.0)
    at.run()
    assert "table" not in at.query_params


def test_points_and_heights_of_ones_own_do_not_mix() -> None:
    assert own.LINE.good(own._hill())
    assert not own.PLANE.good(own._hill())
    assert not own.LINE.good(points.heart())
