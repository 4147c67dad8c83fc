"""Nothing on a page is without a shield."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException
from streamlit.testing.v1 import AppTest

from genlab.ui.shield import FAILED, NOTHING_DONE, callback

ROOT = Path(__file__).parents[2]
SHIELD = ROOT / "genlab" / "ui" / "shield.py"


def code(*folders: str) -> Iterator[tuple[str, ast.AST]]:
    """Every node of the source files in these folders, with where it stands."""
    for path in sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py") if file != SHIELD):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            yield f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', '')}", node


def test_every_dialog_and_callback_has_a_shield_and_nothing_is_a_fragment() -> None:
    """A fragment's answer that comes when its page is left has no place in the next one: all is white."""
    found, bare = 0, []
    for where, node in code("genlab/ui", "pages"):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("st.fragment", "st.dialog"):
            bare.append(where)
        if isinstance(node, ast.DictComp) and "_change" in ast.unparse(node.key):  # of what a canvas sends
            found += 1
            if not ast.unparse(node.value).startswith("callback("):
                bare.append(where)
        for keyword in node.keywords if isinstance(node, ast.Call) else []:
            name, value = keyword.arg or "", ast.unparse(keyword.value)
            if name in ("on_click", "on_change", "on_submit") or (name.startswith("on_") and name.endswith("_change")):
                found += 1
                if not value.startswith("callback(") and value not in ("'ignore'", "lambda: None"):
                    bare.append(where)
    assert found > 5
    assert not bare


def test_no_sentence_calls_an_error_by_the_name_of_its_class() -> None:
    caught, written = set(), {}
    for where, node in code("genlab"):
        if isinstance(node, ast.ExceptHandler) and node.name:
            caught.add(f"type({node.name}).__name__")
        elif isinstance(node, ast.FormattedValue):
            written[where] = ast.unparse(node.value)
    assert caught
    assert not {where for where, value in written.items() if value in caught}


def test_a_callback_of_a_dialog_says_that_it_failed() -> None:
    def script() -> None:
        import streamlit as st

        from genlab.ui.shield import callback, dialog

        @dialog("A dialog")
        def opened() -> None:
            st.button("press", on_click=callback({}.popitem))

        opened()

    at = AppTest.from_function(script).run()
    at.button[0].click().run()
    assert not at.exception
    assert [error.value for error in at.error] == [NOTHING_DONE]


def test_a_callback_that_another_message_interrupts_is_called_again_before_that_has_its_turn() -> None:
    done = []

    def interrupted(what: str) -> None:
        done.append(what)
        if len(done) < 3:
            raise RerunException(RerunData())

    with pytest.raises(RerunException):
        callback(interrupted)("pressed")
    assert done == ["pressed"] * 3


@pytest.mark.parametrize("way", ["rerun", "stop"])
def test_a_rerun_and_a_stop_pass(way: str) -> None:
    def script(way: str) -> None:
        import streamlit as st

        from genlab.ui.shield import shield

        st.session_state["runs"] = st.session_state.get("runs", 0) + 1
        with shield():
            if st.session_state["runs"] == 1:
                getattr(st, way)()
        st.text("the end")

    at = AppTest.from_function(script, args=(way,)).run()
    assert not at.exception
    assert not at.error
    assert at.session_state["runs"] == (2 if way == "rerun" else 1)
    assert len(at.text) == (1 if way == "rerun" else 0)


def test_a_dialog_that_fails_stays_open_and_says_so() -> None:
    def script() -> None:
        import streamlit as st

        from genlab.ui.shield import dialog

        @dialog("A dialog")
        def opened() -> None:
            st.text("above")
            {}.popitem()

        opened()

    at = AppTest.from_function(script).run()
    assert not at.exception
    assert [error.value for error in at.error] == [FAILED]
    assert [text.value for text in at.text] == ["above"]


OPTIONS = """
import json, sys, tomllib
from pathlib import Path
from streamlit import config
from streamlit.web import bootstrap, cli
bootstrap.run_asgi_app = lambda *_: None
cli.main(["run", str(Path(sys.argv[1]) / "app.py")], standalone_mode=False)
told = tomllib.loads((Path(sys.argv[1]) / ".streamlit" / "config.toml").read_text())
flat = {f"{section}.{name}": value for section, values in told.items() for name, value in values.items()}
options = [[name, value, config.get_option(name)] for name, value in flat.items() if not isinstance(value, dict)]
print(json.dumps(options))
"""


@pytest.mark.parametrize("elsewhere", [False, True])
def test_the_settings_hold_wherever_the_server_is_started(elsewhere: bool, tmp_path: Path) -> None:
    (tmp_path / ".streamlit").mkdir()
    (tmp_path / ".streamlit" / "config.toml").write_text('[client]\nshowErrorDetails = "full"\n')
    done = subprocess.run(
        [sys.executable, "-c", OPTIONS, str(ROOT)],
        cwd=tmp_path if elsewhere else ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    options = json.loads(done.stdout.splitlines()[-1])
    assert ["client.showErrorDetails", "none", "none"] in options
    assert all(told == holds for _, told, holds in options)
