"""The settings of the Watch panel: what a link can ask for, and what it cannot."""

from __future__ import annotations

import io

import numpy as np
import pytest

from genlab.ui import watch
from genlab.ui.watch import MINE, Watch, settings
from genlab.views.pack import pack


@pytest.fixture
def mine() -> Watch:
    chosen = settings("pixelcnn", mine=True)
    assert chosen is not None
    return chosen


def test_a_model_of_ones_own_is_among_the_choices_only_where_there_is_one(mine: Watch) -> None:
    assert MINE in (mine.options("model") or [])
    without = settings("pixelcnn", mine=False)
    assert without is None or MINE not in (without.options("model") or [])


def test_a_family_without_any_weights_has_nothing_to_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "entries", lambda *_, **__: [])
    assert settings("pixelcnn", mine=False) is None
    alone = settings("pixelcnn", mine=True)
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


@pytest.mark.parametrize("pieces", [1, 4])
def test_a_saved_trace_is_whole_however_it_streams(mine: Watch, monkeypatch: pytest.MonkeyPatch, pieces: int) -> None:
    size, levels, total = 3, 4, 9
    values = np.arange(total, dtype=np.uint8)[:, None] % levels

    class Process:
        def ask(self, path: str, source: str, asked: dict, start: int, budget: float) -> bytes:
            end = min(total, start + -(-total // pieces))
            some = slice(start, end)
            floats = np.ones((end - start, 1), np.float32)
            return pack({"size": size, "floor": 12.0, "end": end, "complete": end == total}, values=values[some],
                        log_probs=np.full((end - start, levels), 255, np.uint8), entropy=floats, surprise=floats,
                        expected=floats)

    monkeypatch.setattr(watch, "engine", Process)
    trace = watch.whole("some", mine)
    assert np.array_equal(trace["images"], values.reshape(1, size, size))
    assert trace["log_probs"].shape == (total, levels)
    assert not trace["log_probs"].any()  # 255 is a probability of 1
    assert np.load(io.BytesIO(watch.archive(trace)))["images"].shape == (1, size, size)
