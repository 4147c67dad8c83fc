"""Ties the engine to a web application: it starts with the server and ends with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from genlab.runtime.engine import engine


@asynccontextmanager
async def lifespan(app: Any) -> AsyncIterator[None]:  # noqa: ARG001
    """For ``st.App(..., lifespan=lifespan)``: the server answers at once, the processes come up beside it."""
    engine().start()
    try:
        yield
    finally:
        await asyncio.to_thread(engine().stop)
