import asyncio
import re

import pytest
from starlette.applications import Starlette

from genlab.ui.browser.static import UI, address, modules, needed
from tests.coroutines import finish


def get(path: str, base: str = "", **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Status, headers and body of what the route answers."""
    app, sent = Starlette(routes=[modules(base)]), []

    async def send(message: dict) -> None:
        sent.append(message)

    async def receive() -> dict:
        return await asyncio.Future()  # the browser stays, and says nothing more

    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    finish(app(scope, receive, send))
    found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], found, b"".join(message.get("body", b"") for message in sent[1:])


@pytest.mark.parametrize("base", ["", "/lab", "/deep/lab"])
def test_every_module_is_served_under_the_base_path_and_kept(base: str) -> None:
    scripts = sorted(UI.rglob("*.js"))
    assert len(scripts) > 20
    for script in scripts:
        status, headers, body = get(f"{address(base)}/{script.relative_to(UI).as_posix()}", base)
        assert (status, body) == (200, script.read_bytes())
        assert headers["content-type"].startswith("text/javascript")
        assert "immutable" in headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        "browser/static.py",
        "browser/shared.css",
        "shell/pictures/logo.svg",
        "browser",
        "",
        "no.js",
        "../__init__.py",
        "../../app.js",
    ],
)
def test_nothing_else_is(path: str) -> None:
    status, _, _ = get(f"{address('')}/{path}")
    assert status == 404


def test_another_version_has_another_address() -> None:
    assert re.fullmatch(r"/browser/[0-9a-f]{12}", address(""))
    assert address("/a/b") == f"/a/b{address('')}"
    assert get("/browser/000000000000/browser/canvas.js")[0] == 404


def test_all_that_a_module_imports_is_known_before_it_is_fetched() -> None:
    trainer = needed("training/trainer/trainer.js")
    assert trainer[0] == "training/trainer/trainer.js"
    assert {"browser/canvas.js", "browser/screen.js", "flows/warp/plane.js", "gans/game/round.js"} < set(trainer)
    assert "pixels/player/player.js" not in trainer
    assert len(set(trainer)) == len(trainer)
    for script in UI.rglob("*.js"):
        own = script.relative_to(UI).as_posix()
        assert len(needed(own)) > script.read_text().count("\nimport ")  # none is written so that it would be missed
