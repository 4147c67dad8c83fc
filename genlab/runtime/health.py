"""Whether the computing answers, for whoever watches the server."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from genlab.runtime.engine import engine


async def health(request: Request) -> Response:  # noqa: ARG001
    """200 with the seconds since the last answer, else 503. It says what is known: asking costs no computation."""
    age = engine().health()
    if age is None:
        return JSONResponse({"status": "no answers"}, 503)
    return JSONResponse({"status": "ok", "last_answer_seconds": round(age, 1)})
