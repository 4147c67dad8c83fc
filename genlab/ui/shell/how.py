"""*How it works*: the idea, the equations, the code that matters, what to try, where it comes from."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from genlab.glossary import explain

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class How:
    """What a page explains.

    ``code`` names what is shown as "module:name" or "module:Class.method"; it is read from the source file when the
    page is drawn, so it is the code that runs.
    """

    idea: str
    equations: tuple[tuple[str, str], ...]  # (LaTeX with the symbols of the paper, what it says)
    code: tuple[str, ...]
    to_try: tuple[str, ...]
    surprises: tuple[str, ...]
    references: tuple[str, ...]
    picture: Callable[[], None] | None = None  # draws one, below the equations


def how(words: How, terms: Iterable[str] = ()) -> None:
    """Draws the explanation; ``terms`` of ``genlab.glossary`` are explained too."""
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader("The idea", anchor=False)
        st.markdown(words.idea)
        st.subheader("In symbols", anchor=False)
        for latex, meaning in words.equations:
            st.markdown(f"{meaning}\n\n$$\n{latex}\n$$")
        if words.picture:
            words.picture()
    with right:
        lists = {
            "What to try": words.to_try,
            "What surprises": words.surprises,
            "Where it comes from": words.references,
        }
        for title, lines in lists.items():
            st.subheader(title, anchor=False)
            st.markdown("\n".join(f"- {line}" for line in lines))
        if terms:
            st.subheader("Words", anchor=False)
            st.markdown(explain(terms))
    st.subheader("The code that matters", anchor=False)
    for name in words.code:
        path, line, text = source(name)
        st.caption(f"`{name.partition(':')[2]}` in {path.relative_to(ROOT)}, line {line}")
        st.code(text, language="python")


def source(name: str) -> tuple[Path, int, str]:
    """Where a function, class or method stands, and its text, without importing its module.

    Arguments:
        name: "module:name" or "module:Class.method".

    Returns:
        The file, the first line's number, and the text, not indented.

    Raises:
        LookupError: no such module or name.
    """
    module, _, dotted = name.partition(":")
    path = ROOT / Path(*module.split(".")).with_suffix(".py")
    if not path.exists():
        raise LookupError(f"no module {module!r}")
    text = path.read_text(encoding="utf-8")
    node: ast.stmt | ast.Module = ast.parse(text)
    for part in dotted.split("."):
        named = {n.name: n for n in ast.iter_child_nodes(node) if isinstance(n, ast.FunctionDef | ast.ClassDef)}
        if part not in named:
            raise LookupError(f"no {name!r}")
        node = named[part]
    assert isinstance(node, ast.stmt)
    lines = text.splitlines()
    first = min(n.lineno for n in (node, *getattr(node, "decorator_list", ())))
    block = lines[first - 1 : node.end_lineno]
    return path, first, "\n".join(line[node.col_offset :] for line in block)
