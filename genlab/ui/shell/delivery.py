"""What a page draws reaches the browser, though one of its fragments starts before it is sent."""

from __future__ import annotations

import streamlit.runtime.app_session
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue


class Queue(ForwardMsgQueue):
    """Streamlit's, which is not thinned when a fragment starts.

    Streamlit's own drops what the fragment has said and what is not sent yet, since the fragment says it anew. But
    where the whole page was drawn before it, the browser hears that the page is finished without the fragment, takes
    the fragment down, moves up what stands below it, and is told to draw the fragment in the place of that.
    """

    def clear(self, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None) -> None:
        """Clears the queue, but not for a fragment: what it says comes after what was said, never in its place."""
        if fragment_ids_this_run:
            self._delta_index_map = {}
        else:
            super().clear(retain_lifecycle_msgs, fragment_ids_this_run)


def deliver() -> None:
    """Sessions that begin from now on have such a queue."""
    streamlit.runtime.app_session.ForwardMsgQueue = Queue  # type: ignore[attr-defined]
