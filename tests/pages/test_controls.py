"""Every control of every page at its least, its largest and each option: an answer, or a sentence for people."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from genlab import errors
from genlab.catalog import FAMILIES, TOPICS
from genlab.declaration import Declaration
from genlab.experiments.entries import PAGES, Topic
from genlab.runtime.rpc import FAULT
from genlab.tasks import pixels
from genlab.ui.gans import watch as gans_watch
from genlab.ui.image_flows import watch as image_flows_watch
from genlab.ui.pixels import draw as pixels_draw
from genlab.ui.pixels import watch as pixels_watch
from genlab.ui.sequences import watch as sequences_watch
from genlab.ui.shell import controls, dials
from genlab.ui.shell.page import modes
from genlab.ui.shield import FAILED, NOTHING_DONE
from genlab.views import inside
from tests.pages.conftest import PAGED, answer, asked

CLASS_NAME = re.compile(r"\b[A-Z][A-Za-z]+(Error|Exception)\b")
NAMES = [name for name, kind in vars(errors).items() if isinstance(kind, type)]
DETERMINANT = TOPICS["determinant"]


class Seen:
    """The controls of a page: the values to try of each, and those it has had, by its key."""

    def __init__(self) -> None:
        self.to_try: dict[str, list[Any]] = {}
        self.had: dict[str, list[Any]] = defaultdict(list)

    def note(self, declaration: Declaration, page: str) -> None:
        """All fields of a declaration, also those that only a link or a canvas sets."""
        for name, info in declaration.fields().items():
            self.to_try[f"{page}.{name}"] = declaration.possible(name) or [
                # What is dear comes first, and is left at once.
                (int if info.annotation is int else float)(declaration.extra(name)[end])
                for end in ("high", "low")
            ]


@pytest.fixture
def seen(answered_here: None, monkeypatch: pytest.MonkeyPatch) -> Seen:
    """What the page that is visited draws."""
    found, draw, hold = Seen(), controls._widget, controls.held

    def held(declaration: Declaration, names: Any, *, page: str) -> Any:
        chosen, described = hold(declaration, names, page=page)
        found.note(declaration, page)
        for name in names:
            found.had[f"{page}.{name}"].append(getattr(chosen, name))
        return chosen, described

    def widget(declaration: Declaration, name: str, key: str) -> Any:
        found.note(declaration, key.removesuffix(f".{name}"))
        value = draw(declaration, name, key)
        found.had[key].append(value)
        return value

    monkeypatch.setattr(controls, "_widget", widget)
    for module in (pixels_watch, pixels_draw, gans_watch, image_flows_watch, sequences_watch, dials):
        monkeypatch.setattr(module, "held", held)
    monkeypatch.setattr(inside, "LARGEST", 8)  # a small batch takes the same way as a large one
    monkeypatch.setattr(pixels, "SHOWN", 2)  # and so do two images
    return found


ANSWERED: dict[str, str] = {}  # what was said to a question; the same one is not computed twice


def sentence(at: AppTest, question: dict[str, Any]) -> str:
    """What a canvas hears instead of an answer."""
    key = json.dumps(question, default=str)
    if key not in ANSWERED:
        try:
            answer(at, question)
            ANSWERED[key] = ""
        except errors.GenlabError as error:
            ANSWERED[key] = str(error)
    return ANSWERED[key]


def complaints(at: AppTest) -> list[str]:
    """What no visitor should read, on the page or in what its canvases hear over the wire."""
    said = [str(element.value) for element in (*at.error, *at.info, *at.warning, *at.caption, *at.markdown)]
    said += [sentence(at, question) for question in asked(at)]
    never = (FAILED, NOTHING_DONE, FAULT)
    odd = [s for s in said if s in never or CLASS_NAME.search(s) or any(name in s for name in NAMES)]
    return [*(str(element.value) for element in at.exception), *odd]


@pytest.mark.parametrize(
    ("topic", "mode"),
    [
        *((family, mode) for family in PAGED.values() for mode in modes(family) if mode != "how"),
        *((DETERMINANT, view) for view in ("terms", "curved")),
        (TOPICS["comparison"], "compare"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.name,
)
def test_every_control_at_both_ends(topic: Topic, mode: str, seen: Seen) -> None:
    at = AppTest.from_file(PAGES / f"{topic.page}.py", default_timeout=120)
    at.query_params["mode"] = mode
    at.run()
    assert not complaints(at)
    assert seen.to_try
    tried: dict[str, list[Any]] = defaultdict(list)
    while todo := {
        key: left[0]
        for key, values in seen.to_try.items()
        if (left := [value for value in values if value not in tried[key]])
    }:
        for key, value in todo.items():  # all at once: few runs, and the ends meet
            at.session_state[key] = value
            tried[key].append(value)
        at.run()
        assert not complaints(at), todo
    for key, had in seen.had.items():
        assert not any(isinstance(value, float) for value in seen.to_try[key]) or set(seen.to_try[key]) <= set(had), key


@pytest.mark.parametrize(
    ("name", "mode", "questions"),
    [
        ("pixelcnn", "watch", ["trace"]),
        ("pixelcnn", "draw", ["completions", "score"]),
        ("gan", "train", ["first_picture"]),
        ("nvp", "watch", ["warp", "numbers"]),
        ("piecewise", "watch", ["line"]),
        ("gan-2d", "watch", ["slow_round", "standing"]),
        ("gan", "watch", ["sheet", "walk", "directions"]),
        (
            "pixelcnn",
            "look",
            [
                "receptive_field",
                "fragments",
                "position_code",
                "kernels",
                "prediction_path",
                "blind_spot",
                "recomputed",
            ],
        ),
        ("masked-lenet", "look", ["masks", "receptive_field"]),
        ("nvp", "look", ["layer_fields", "coupling_example"]),
        ("netto1d", "watch", ["written"]),
        ("netto1d", "draw", ["written"]),
        ("netto1d", "look", ["poke", "reach_map"]),
    ],
)
def test_what_canvases_ask_is_answered(name: str, mode: str, questions: list[str], answered_here: None) -> None:
    at = AppTest.from_file(PAGES / f"{FAMILIES[name].page}.py", default_timeout=120)
    at.query_params["mode"] = mode
    at.run()
    messages = list(asked(at))
    assert [message["name"] for message in messages] == questions
    assert all(answer(at, message) for message in messages)
