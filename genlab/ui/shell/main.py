"""The main script of the web application: navigation, and what is around every page."""

import streamlit as st

from genlab.catalog import TOPICS
from genlab.experiments.entries import PICTURES
from genlab.ui.shell import links
from genlab.ui.shell.home import home, page_of
from genlab.ui.shell.status import status
from genlab.ui.shield import notice, shield

# Above the fold there is room for the picture: Streamlit's own margins are for texts.
# In front of a class the window is large and the last row far away: all that is measured in rem grows with it.
STYLE = """<style>
html:root { font-size: clamp(15px, calc(15px + (100vw - 1500px) * 0.012), 24px); }
.stAppHeader { background: transparent; }
.stAppHeader, .stAppHeader div { pointer-events: none; }  /* it lies over the button that copies the link */
.stAppHeader :is(button, a), .stAppHeader :is(button, a) * { pointer-events: auto; }
.stMainBlockContainer { padding: 1.6rem 3.5rem 3rem; max-width: 100rem; }
.stMainBlockContainer h1 { padding: 0 0 0.3rem; }
.stMainBlockContainer [data-testid="stCaptionContainer"] p { max-width: 75ch; }
.stMainBlockContainer .katex-display { overflow-x: auto; overflow-y: hidden; padding: 0.2rem 0; }
.stMainBlockContainer .katex-display { text-align: left; }
.stMainBlockContainer .katex-display > .katex { text-align: left; padding-left: 1.5rem; }
[data-testid="stStatusWidget"] { visibility: hidden; }  /* it lay over the button */
[class*="st-key-card-"] { position: relative; }
[class*="st-key-card-"] :is(a, .stElementContainer:has(a)) { position: static; }
[class*="st-key-card-"] a::after { content: ""; position: absolute; inset: 0; }  /* the whole card leads there */
[class*="st-key-card-"]:hover { background: rgba(128, 138, 148, 0.08); }
@media (max-width: 640px) { .stMainBlockContainer { padding: 3.25rem 1rem 2rem; } }
</style>"""


def main() -> None:
    """Draws the navigation, then the page the address asks for."""
    st.set_page_config(page_title="genlab", page_icon=PICTURES / "icon.png", layout="wide")
    st.html(STYLE)
    st.logo(PICTURES / "logo.svg", size="large")
    sections: dict[str, list[st.Page]] = {"": [st.Page(home, title="Home", icon=":material/home:", default=True)]}
    for topic in TOPICS.values():
        sections.setdefault(topic.section, []).append(page_of(topic))
    page = st.navigation(sections, expanded=True)
    links.arrive(page.url_path)
    notice()
    with st.sidebar, shield():
        status()
    with shield():
        page.run()


main()
