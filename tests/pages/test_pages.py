"""Every page in every mode, as a visitor without a browser sees it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from genlab.catalog import FAMILIES, TOPICS
from genlab.experiments.entries import Family, Topic
from genlab.runtime.engine import engine
from genlab.ui.shell.page import modes
from tests.pages.conftest import PAGED

ROOT = Path(__file__).parents[2]
FAMILY = FAMILIES["pixelcnn"]


@pytest.fixture(scope="module", autouse=True)
def _compute() -> Iterator[None]:
    yield
    engine().stop()


def visit(family: Topic | None = None, **parameters: str) -> AppTest:
    """Follows a link to a page; the home page without a family."""
    at = AppTest.from_file(ROOT / "genlab" / "ui" / "shell" / "main.py", default_timeout=120).run()
    if family is None:
        return at
    at.switch_page(f"../../../pages/{family.page}.py")
    for name, value in parameters.items():
        at.query_params[name] = value
    return at.run()


def said(at: AppTest) -> str:
    return " ".join(element.value for element in [*at.caption, *at.markdown, *at.info, *at.error])


def test_the_home_page_shows_every_model() -> None:
    at = visit()
    assert not at.exception
    for topic in TOPICS.values():
        assert topic.sentence in said(at)
        assert topic.source in said(at)


@pytest.mark.parametrize(("family", "mode"), [(f, mode) for f in PAGED.values() for mode in modes(f) if mode != "how"])
def test_every_page_opens_in_every_mode(family: Family, mode: str) -> None:
    at = visit(family, mode=mode)
    assert not at.exception
    assert not at.error
    assert family.sentence in said(at)
    assert at.session_state[f"{family.name}.mode"] == mode


@pytest.mark.parametrize("family", PAGED.values(), ids=PAGED)
def test_how_it_works_shows_code_that_is_there(family: Family) -> None:
    at = visit(family, mode="how")
    assert len(at.code) >= 3
    assert all(block.value.lstrip().startswith(("def ", "class ", "@")) for block in at.code)


@pytest.mark.parametrize("view", ["matrix", "product", "terms", "curved", "how"])
def test_the_determinant_opens_in_every_view(view: str) -> None:
    at = visit(TOPICS["determinant"], mode=view)
    assert not at.exception
    assert not at.error
    assert TOPICS["determinant"].sentence in said(at)


def test_a_link_with_nonsense_is_clamped_and_said() -> None:
    at = visit(FAMILY, mode="train", dataset="cats", batch_size="-3", learning_rate="nan", seed="1e99", unknown="x")
    assert not at.exception
    for words in ("'cats' is not one of", "batch must lie between", "'nan' is not a number", "seed must lie between"):
        assert words in said(at)
    assert at.session_state["pixelcnn.train.dataset"] == "digits"
    assert at.session_state["pixelcnn.train.batch_size"] == 1


def test_a_mode_that_does_not_exist_is_said() -> None:
    at = visit(FAMILY, mode="sing")
    assert not at.exception
    assert "There is no mode 'sing' here; there are Watch, " in said(at)
    assert at.session_state["pixelcnn.mode"] == "watch"


def test_a_link_to_a_model_of_somebody_elses_own_says_so_in_the_readers_words() -> None:
    at = visit(FAMILY, model="mine")
    assert not at.exception
    assert "sender's own model, which no link can carry" in said(at)
    assert "'mine'" not in said(at)


def test_a_link_reproduces_the_page_and_leaves_defaults_out() -> None:
    at = visit(FAMILY, mode="train", seed="7", dataset="mnist", batch_size="16")
    assert at.session_state["pixelcnn.train.seed"] == 7
    assert dict(at.query_params) == {"mode": "train", "seed": "7", "dataset": "mnist"}


def test_a_new_data_set_brings_its_usual_size_and_levels() -> None:
    at = visit(FAMILY, mode="train")
    at.session_state["pixelcnn.train.dataset"] = "mnist"
    at.run()
    assert not at.exception
    assert (at.session_state["pixelcnn.train.size"], at.session_state["pixelcnn.train.levels"]) == (28, 256)
    at.session_state["pixelcnn.train.dataset"] = "digits"
    at.run()
    assert (at.session_state["pixelcnn.train.size"], at.session_state["pixelcnn.train.levels"]) == (8, 17)


def test_what_was_set_is_still_there_after_another_mode() -> None:
    at = visit(FAMILY, mode="train", seed="5")
    for mode in ("how", "train"):
        at.session_state["pixelcnn.mode"] = mode
        at.run()
    assert at.session_state["pixelcnn.train.seed"] == 5


VISIT_ALL = """
import json, sys
from tests.pages.test_pages import FAMILIES, TOPICS, engine, modes, visit
visited = [visit()] + [visit(topic) for topic in TOPICS.values()]
for family in map(FAMILIES.get, ("gated-pixelcnn", "piecewise", "maf")):
    visited += [visit(family, mode=mode) for mode in modes(family)]
engine().stop()
print(json.dumps({"failed": sum(bool(at.exception) for at in visited),
                  "heavy": sorted({"torch", "torchvision", "sklearn"} & set(sys.modules))}))
"""


def test_the_server_never_imports_torch() -> None:
    done = subprocess.run([sys.executable, "-c", VISIT_ALL], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1]) == {"failed": 0, "heavy": []}


@pytest.mark.parametrize("view", ["compare", "board", "how"])
def test_the_comparison_opens_in_every_view(view: str) -> None:
    at = visit(TOPICS["comparison"], mode=view)
    assert not at.exception and not at.error
    assert TOPICS["comparison"].sentence in said(at)
    assert ("Nothing yet." in said(at)) == (view == "board")


def test_a_comparison_of_nothing_says_so() -> None:
    at = visit(TOPICS["comparison"], gan="none", vae="none", flow="none", autoregression="none")
    assert not at.exception
    assert "all four are set to none" in said(at)
