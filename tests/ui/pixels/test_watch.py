"""The settings of the Watch panel: what a link can ask for, and what it cannot."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from genlab.catalog import CATALOG
from genlab.runtime import visitors
from genlab.ui.pixels import watch
from genlab.ui.pixels.watch import Watch
from genlab.ui.shell import sources
from genlab.ui.shell.sources import MINE, settings
from genlab.views.pack import pack, unpack


@pytest.fixture
def mine() -> Watch:
    chosen = settings(Watch, "pixelcnn", mine=True)
    assert chosen is not None
    return chosen


def test_a_model_of_ones_own_is_among_the_choices_only_where_there_is_one(mine: Watch) -> None:
    assert MINE in (mine.options("model") or [])
    without = settings(Watch, "pixelcnn", mine=False)
    assert without is None or MINE not in (without.options("model") or [])


def test_a_family_without_any_weights_has_nothing_to_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "entries", lambda *_, **__: [])
    assert settings(Watch, "pixelcnn", mine=False) is None
    alone = settings(Watch, "pixelcnn", mine=True)
    assert alone is not None
    assert alone.model == MINE


def test_a_link_reproduces_the_settings(mine: Watch) -> None:
    changed, notes = mine.changed({"n": "16", "seed": "41", "temperature": "0.7", "category": "3", "heat": "surprise"})
    assert notes == []
    again, _ = mine.changed(changed.parameters())
    assert again == changed
    assert (changed.n, changed.seed, changed.temperature, changed.category) == (16, 41, 0.7, 3)


@pytest.mark.parametrize("name", ["model", "category", "temperature", "seed", "n", "heat"])
def test_nonsense_is_said_and_changes_nothing_else(mine: Watch, name: str) -> None:
    changed, notes = mine.changed({name: "<script>"})
    assert changed == mine
    assert len(notes) == 1


VALUES = np.arange(9, dtype=np.uint8)[:, None] % 4  # of a 3×3 image of four levels, in drawing order


@pytest.fixture(params=[1, 4])
def streamed(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine whose traces come in so many pieces."""

    class Process:
        def ask(self, path: str, source: str, asked: dict, start: int, budget: float) -> bytes:
            end = min(9, start + -(-9 // request.param))
            floats = np.ones((end - start, 1), np.float32)
            return pack(
                {"size": 3, "floor": 12.0, "end": end, "complete": end == 9},
                values=VALUES[start:end],
                log_probs=np.full((end - start, 4), 255, np.uint8),
                entropy=floats,
                surprise=floats,
                expected=floats,
                positions=np.arange(start, end, dtype=np.int32),
            )

    monkeypatch.setattr(watch, "engine", Process)


@pytest.mark.usefixtures("streamed")
def test_a_saved_trace_is_whole_however_it_streams(mine: Watch) -> None:
    trace = watch.whole("some", watch._asked(mine, 0, None, 17))
    assert np.array_equal(trace["images"], VALUES.reshape(1, 3, 3))
    assert trace["log_probs"].shape == (9, 4)
    assert not trace["log_probs"].any()  # 255 is a probability of 1
    assert np.load(io.BytesIO(watch.archive(trace)))["images"].shape == (1, 3, 3)


def panel(family: str) -> None:
    from genlab.catalog import FAMILIES
    from genlab.ui.pixels.watch import watch
    from genlab.ui.shell import links

    links.arrive(family)
    watch(FAMILIES[family])


def opened(monkeypatch: pytest.MonkeyPatch, family: str, own: str | None = None) -> AppTest:
    """The panel with one shipped model, and a model of one's own if ``own`` names an experiment."""
    monkeypatch.setattr(sources, "entries", lambda name, **_: [CATALOG[f"{name}-digits"]])
    monkeypatch.setattr(visitors, "read_experiment", lambda weights: CATALOG[own or ""].experiment)
    at = AppTest.from_function(panel, args=(family,), default_timeout=30)
    if own:
        at.session_state[f"mine:{family}"] = {"weights": b"some weights", "experiment": CATALOG[own].experiment}
    return at


def question(at: AppTest) -> dict[str, Any]:
    """What the player is told to ask, with the settings that it opens with."""
    assert not at.exception
    (player,) = [element.proto for element in at.get("bidi_component") if "player" in element.proto.id]
    page, _ = unpack(player.bytes)
    return {
        "source": page["source"],
        **page["question"],
        **{field["name"]: field["value"] for field in page["controls"]},
    }


def test_what_was_just_trained_is_watched_at_once_and_left_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened(monkeypatch, "pixelcnn", own="pixelcnn-digits").run()
    asked = question(at)["source"]
    assert visitors.visitors().source(at.session_state["owner"], asked).weights == b"some weights"
    at.session_state["pixelcnn.watch.model"] = "pixelcnn-digits"
    assert question(at.run())["source"] == "pixelcnn-digits"


@pytest.mark.parametrize(("own", "asked"), [(None, True), ("gated-pixelcnn-digits", True), ("pixelcnn-digits", False)])
def test_a_class_is_asked_for_only_where_the_model_can_be_told_one(
    monkeypatch: pytest.MonkeyPatch, own: str | None, asked: bool
) -> None:
    at = opened(monkeypatch, "gated-pixelcnn", own).run()
    assert not at.exception
    assert any(box.label == "class" for box in at.selectbox) is asked


def test_a_link_to_a_model_that_cannot_be_told_a_class_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened(monkeypatch, "gated-pixelcnn", own="pixelcnn-digits")
    at.query_params["model"] = "gated-pixelcnn-digits"
    at.query_params["category"] = "3"
    model = {"source": "gated-pixelcnn-digits", "label": 3, "first": "nothing"}
    assert question(at.run()) == {"name": "trace", "n": 1, "seed": 22, "temperature": 1.0, **model}


def test_what_the_player_sets_is_in_the_address_and_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    at = opened(monkeypatch, "pixelcnn").run()
    for name, value in {"seed": 7, "temperature": 0.5, "n": 16}.items():
        at.session_state[f"pixelcnn.watch.{name}"] = value
    assert question(at.run()).items() >= {"seed": 7, "temperature": 0.5, "n": 16}.items()
    assert dict(at.query_params) == {"seed": "7", "temperature": "0.5", "n": "16"}


def test_a_message_of_a_player_that_has_gone_changes_nothing(monkeypatch: pytest.MonkeyPatch, mine: Watch) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr(watch.st, "session_state", state)

    def hear() -> None:
        watch._focused("pixelcnn.watch")
        watch._settled("pixelcnn.watch", mine)
        watch._heated("pixelcnn.watch", mine)

    hear()
    assert state == {}
    state["pixelcnn.watch.player"] = {"settings": {"seed": 7, "n": 3, "no": 1}, "focus": 3, "heat": "entropy"}
    hear()
    del state["pixelcnn.watch.player"]
    assert state == {
        f"pixelcnn.watch.{name}": v for name, v in {"focus": 3, "seed": 7, "n": 1, "heat": "entropy"}.items()
    }
