"""Widgets from declarations."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from genlab.experiments.pixels import GatedPixelCNNExperiment, MaskedLeNetExperiment, PixelCNNExperiment
from genlab.ui.shell.controls import ladder


def test_a_logarithmic_slider_has_round_rungs_and_both_ends() -> None:
    assert ladder(1e-3, 0.1) == [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1]
    assert ladder(3e-4, 4e-3)[0] == 3e-4
    assert ladder(3e-4, 4e-3)[-1] == 4e-3


@pytest.mark.parametrize("kind", [MaskedLeNetExperiment, PixelCNNExperiment, GatedPixelCNNExperiment])
def test_every_field_has_a_widget_with_its_title_and_help(kind: type) -> None:
    def script(kind: type) -> None:
        import streamlit as st

        from genlab.ui.shell.controls import controls

        st.session_state["result"] = controls(kind(), kind.fields(), page="test")

    at = AppTest.from_function(script, kwargs={"kind": kind}).run()
    assert not at.exception
    assert at.session_state["result"] == kind()
    for name, info in kind.fields().items():
        widget = at.get_by_key(f"test.{name}")
        assert widget.proto.label == info.title
        assert widget.proto.help == info.description


def test_an_impossible_choice_is_not_offered() -> None:
    def script() -> None:
        from genlab.experiments.pixels import PixelCNNExperiment
        from genlab.ui.shell.controls import controls

        controls(PixelCNNExperiment(), ["dataset", "size", "levels"], page="test")

    at = AppTest.from_function(script).run()
    assert [option.content for option in at.get_by_key("test.size").proto.options] == ["8×8"]
    at.session_state["test.dataset"] = "mnist"
    at.run()
    assert [option.content for option in at.get_by_key("test.size").proto.options] == ["28×28", "14×14"]
    assert [option.content for option in at.get_by_key("test.levels").proto.options] == ["256", "16", "2"]
