"""Serves the ES modules of the user interface to the browser, beside Streamlit's own files."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

UI = Path(__file__).parents[1]


class _Modules(StaticFiles):
    """The ``.js`` files of a folder and of those in it; nothing else of it is for a browser."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        if not path.endswith(".js"):
            raise HTTPException(404)
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


@cache
def _version() -> str:
    """Of all modules together: another has other addresses, so a browser may keep them and never mixes two versions."""
    digest = hashlib.sha256()
    for script in sorted(UI.rglob("*.js")):
        digest.update(script.read_bytes())
    return digest.hexdigest()[:12]


def address(base: str) -> str:
    """Path of the modules on the server; ``base`` is the path before every address."""
    return f"{base}/browser/{_version()}"


def modules(base: str) -> Mount:
    """For ``st.App(..., routes=[modules(base)])``."""
    return Mount(address(base), _Modules(directory=UI))


@cache
def needed(module: str) -> tuple[str, ...]:
    """A module of the user interface, as in "browser/wire.js", and all that it imports, however far."""
    found = [module]
    for name in found:  # which grows
        script = UI / name
        for path in re.findall(r'^import (?:.*? from )?"(.+?)";$', script.read_text(), re.MULTILINE):
            imported = (script.parent / path).resolve().relative_to(UI.resolve()).as_posix()
            if imported not in found:
                found.append(imported)
    return tuple(found)
