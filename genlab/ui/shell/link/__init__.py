"""A button that copies the address of the page as it is set now."""

from genlab.ui.browser import canvas
from genlab.ui.shell.links import PRIVATE


def copy_link(key: str) -> None:
    """Draws the button. The browser copies its own address, so no setting can be behind.

    Arguments:
        key: unique on the page.
    """
    canvas("shell/link/link", sorted(PRIVATE), key=key, width="content")
