"""The main script of the web application: navigation, and what is around every page."""

import streamlit as st

from genlab.catalog import FAMILIES
from genlab.ui import links
from genlab.ui.home import home, model_page


def main() -> None:
    """Draws the navigation, then the page the address asks for."""
    st.set_page_config(page_title="genlab", page_icon=":material/scatter_plot:", layout="wide")
    sections: dict[str, list[st.Page]] = {"": [st.Page(home, title="Home", icon=":material/home:", default=True)]}
    for family in FAMILIES.values():
        sections.setdefault(family.section, []).append(model_page(family))
    page = st.navigation(sections)
    links.arrive(page.url_path)
    page.run()


main()
