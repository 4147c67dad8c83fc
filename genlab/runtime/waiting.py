"""The one way to wait for what happens on an event loop in another thread, and on a loop for what happens elsewhere."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future, InvalidStateError
from contextlib import suppress
from functools import partial
from typing import Any


class Loop:
    """An event loop in a thread of its own.

    Whoever gives up waiting walks away from a future that cannot be cancelled, and the coroutine goes on. Dask shares
    what it awaits between questions: a wait that cancels it would leave every later question with a cancelled task.

    Arguments:
        main: what the loop is there for; the loop ends with it. It is cancelled where the loop is stopped from outside.
    """

    def __init__(self, main: Callable[[], Coroutine[Any, Any, None]]) -> None:
        self._main = main
        self._lock = threading.Lock()
        self._open: set[Future[Any]] = set()
        self._cut: Exception | None = None
        self._loop = asyncio.new_event_loop()  # made here, so that it can be spoken to before it runs
        self._thread = threading.Thread(target=self._live, name="engine loop", daemon=True)
        self._thread.start()

    def _live(self) -> None:
        with suppress(BaseException), asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._main())

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Future[Any]:
        """What becomes of a coroutine on this loop. Nothing that is done to the future reaches the coroutine."""
        answer: Future[Any] = Future()
        answer.set_running_or_notify_cancel()  # from here on ``cancel`` does nothing
        with self._lock:
            cut = self._cut
            if cut is None:
                self._open.add(answer)
        try:
            if cut is not None:
                raise cut
            asyncio.run_coroutine_threadsafe(coroutine, self._loop).add_done_callback(partial(self._deliver, answer))
        except Exception as error:  # noqa: BLE001  # cut, or closed
            coroutine.close()
            settle(answer, error=error)
        return answer

    def _deliver(self, answer: Future[Any], done: Future[Any]) -> None:
        with self._lock:
            self._open.discard(answer)
        if done.cancelled():
            settle(answer, error=CancelledError())  # by others: nothing of ours cancels
        elif error := done.exception():
            settle(answer, error=error)
        else:
            settle(answer, done.result())

    def call(self, function: Callable[..., Any], *args: Any) -> None:
        """Calls a function on the loop, unless that is closed; does not wait."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(function, *args)

    def cut(self, error: Exception) -> None:
        """Ends all waiting, now and later, with an error."""
        with self._lock:
            if self._cut is not None:
                return
            self._cut = error
            answers, self._open = self._open, set()
        for answer in answers:
            settle(answer, error=error)

    def join(self, timeout: float) -> None:
        """Waits for the end of the thread; ``timeout`` in seconds."""
        self._thread.join(timeout)


async def until(future: Future[Any], timeout: float | None = None) -> bool:
    """Waits on an event loop until a future of another thread is done, or some seconds, and never cancels it.

    Returns:
        True when it is done.
    """
    done, loop = asyncio.Event(), asyncio.get_running_loop()

    def tell(_: Future[Any]) -> None:
        with suppress(RuntimeError):  # the loop is gone
            loop.call_soon_threadsafe(done.set)

    future.add_done_callback(tell)
    with suppress(TimeoutError):
        async with asyncio.timeout(timeout):
            await done.wait()
    return future.done()


def settle(future: Future[Any], value: Any = None, error: BaseException | None = None) -> None:
    """Gives a future its value or its error, unless it has one already."""
    with suppress(InvalidStateError):
        if error is None:
            future.set_result(value)
        else:
            future.set_exception(error)
