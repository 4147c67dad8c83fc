"""What a page draws reaches the browser: a fragment that starts before all is sent takes nothing back."""

from __future__ import annotations

import streamlit.runtime.app_session
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from genlab.ui.shell.delivery import Queue, deliver


def said(place: int, text: str, fragment: str = "") -> ForwardMsg:
    """An element at a place of the page."""
    message = ForwardMsg()
    message.metadata.delta_path[:] = [0, place]
    message.delta.new_element.text.body = text
    if fragment:
        message.delta.fragment_id = fragment
    return message


def finished() -> ForwardMsg:
    message = ForwardMsg()
    message.script_finished = ForwardMsg.FINISHED_SUCCESSFULLY
    return message


def heard(queue: Queue) -> list[str]:
    return [message.delta.new_element.text.body or "finished" for message in queue.flush()]


def page(queue: Queue) -> None:
    for message in (said(0, "title"), said(1, "picture", "ticks"), said(2, "buttons"), finished()):
        queue.enqueue(message)


def test_a_page_that_was_drawn_arrives_whole_before_the_fragment_that_follows_it() -> None:
    queue = Queue()
    page(queue)
    queue.clear(retain_lifecycle_msgs=True, fragment_ids_this_run=["ticks"])  # as Streamlit does when it starts
    queue.enqueue(said(1, "next picture", "ticks"))
    assert heard(queue) == ["title", "picture", "buttons", "finished", "next picture"]


def test_a_page_that_is_drawn_anew_is_not_sent_twice() -> None:
    queue = Queue()
    page(queue)
    queue.clear(retain_lifecycle_msgs=True)
    assert heard(queue) == ["finished"]


def test_sessions_have_such_a_queue() -> None:
    deliver()
    assert streamlit.runtime.app_session.ForwardMsgQueue is Queue
