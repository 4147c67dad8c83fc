"""Where this application is, for routes and canvases: Streamlit adds its base path to its own addresses only."""

from __future__ import annotations

import streamlit as st


def base() -> str:
    """The path before every address, as ``server.baseUrlPath`` says: "/lab" or ""."""
    path = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{path}" if path else ""
