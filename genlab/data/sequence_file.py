"""A visitor's sequences as a file: a table of numbers, or a text. Torch-free."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np

from genlab.data.own_sequences import FINE, LEVELS, LONGEST, MOST, SHORTEST, Own
from genlab.data.table_file import HEAD, LARGEST, Style, style_of, text_of, told_separator
from genlab.errors import GenlabError
from genlab.formats import format_count

OTHER = "�"  # stands for characters that are too rare to have a level
ENOUGH = 200  # characters of a text


@dataclass(frozen=True)
class Read:
    """What a file gives.

    Attributes:
        table: as ``genlab.data.own_sequences`` encodes it.
        notes: sentences about what was taken for what, and what was left out.
    """

    table: str
    notes: tuple[str, ...]


def read(data: bytes) -> Read:
    """The sequences of a file.

    Raises:
        GenlabError: one sentence that says what is wrong with it, and what would be right.
    """
    if len(data) > LARGEST:
        raise GenlabError(f"The file has {len(data) / 2**20:.0f} MB; sequences have at most 32 MB.")
    if data[:2] == b"\x1f\x8b":
        raise GenlabError("The file is compressed (gzip): unpack it first.")
    try:
        text, separator = told_separator(text_of(data))
    except GenlabError as error:
        raise GenlabError(
            "The file is neither a table nor a text: a CSV file has a sequence of numbers on each line, a text file is "
            "UTF-8."
        ) from error
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        raise GenlabError("The file is empty: a table has a sequence of numbers on each line.")
    style = style_of([line for _, line in lines[:HEAD]], separator)
    rows = [(number, style.cells(line)) for number, line in lines[:HEAD]]
    numbers = [style.number(cell) for _, cells in rows for cell in cells if cell]
    if 2 * sum(numbers) > len(numbers):
        own, notes = _table([(number, style.cells(line)) for number, line in lines], style)
    else:
        own, notes = _letters(text)
    return Read(own.encode(), tuple(notes))


def _table(rows: list[tuple[int, list[str]]], style: Style) -> tuple[Own, list[str]]:
    notes: list[str] = []
    if not any(style.number(cell) for cell in rows[0][1]) and len(rows) > 1:
        notes.append("The first row is taken for names of the columns.")
        rows = rows[1:]
    for _, cells in rows:
        while cells and not cells[-1]:
            cells.pop()  # a separator at the end of a line begins no cell
    width = len(rows[0][1])
    for number, cells in rows:
        if len(cells) != width:
            raise GenlabError(
                f"Row {number} has {len(cells)} values where row {rows[0][0]} has {width}: all must be equally long."
            )
    left = [k for k in range(width) if 2 * sum(style.number(cells[k]) for _, cells in rows) < len(rows)]
    if left:
        notes.append(f"{format_count(len(left))} of {width} columns are left out: they are no numbers.")
    kept = [k for k in range(width) if k not in left]
    values = np.empty((len(rows), len(kept)))
    for i, (number, cells) in enumerate(rows):
        for j, k in enumerate(kept):
            if not style.number(cells[k]):
                what = f"{cells[k][:40]!r} is no number" if cells[k] else "is empty"
                raise GenlabError(f"Row {number}, value {k + 1}: {what}.")
            values[i, j] = float(cells[k].replace(",", ".") if style.decimal == "," else cells[k])
    if not np.isfinite(values).all():
        raise GenlabError(
            f"Row {rows[int(np.argwhere(~np.isfinite(values))[0, 0])][0]} has a value that is not finite."
        )
    if values.shape[1] > SHORTEST and len(values) > 2 and (np.diff(values[:, 0]) == 1).all() and values[0, 0] in (0, 1):
        notes.append("The first column only counts the rows, and is left out.")
        values = values[:, 1:]
    if values.shape[1] < SHORTEST <= len(values):
        notes.append("Each column is taken for a sequence.")
        values = values.T
    long = values.shape[1]
    if long < SHORTEST:
        raise GenlabError(f"The sequences have {long} values each; they need at least {SHORTEST}.")
    if long > LONGEST:
        raise GenlabError(f"The sequences have {format_count(long)} values each; {LONGEST} are the most.")
    if np.ptp(values) == 0:
        raise GenlabError(f"All values are {values.flat[0]:g}: with one level there is nothing to learn.")
    return _levels(values, notes)


def _levels(values: np.ndarray, notes: list[str]) -> tuple[Own, list[str]]:
    """Numbers as levels: whole ones as they are, where there are not too many, others in equal steps."""
    low, high = values.min(), values.max()
    if (values == np.round(values)).all() and high - low < LEVELS:
        levels, kinds = values - low, int(high - low) + 1
        notes.append(f"Whole numbers from {low:g} to {high:g}: each is a level.")
    else:
        levels, kinds = np.round((values - low) / (high - low) * (FINE - 1)), FINE
        notes.append(f"Numbers from {low:g} to {high:g}, told in {FINE} equal steps.")
    most = max(1, MOST // values.shape[1])
    if len(values) > most:
        notes.append(f"Of {format_count(len(values))} sequences the first {format_count(most)} are kept.")
    notes.insert(0, f"{format_count(min(len(values), most))} sequences of {values.shape[1]} values.")
    return Own(levels[:most].astype(np.uint8), kinds), notes


def _letters(text: str) -> tuple[Own, list[str]]:
    text = text.strip()
    notes = [f"A text of {format_count(len(text))} characters."]
    if len(text) < ENOUGH:
        raise GenlabError(f"The text has {len(text)} characters; a model needs at least {ENOUGH} to learn from.")
    if len(text) > MOST:
        notes.append(f"The first {format_count(MOST)} are kept.")
        text = text[:MOST]
    counts = Counter(text)
    if len(counts) < 2:
        raise GenlabError(f"The text has one character only, {text[0]!r}: there is nothing to learn.")
    letters = "".join(sorted(counts))
    if len(counts) > LEVELS:
        letters = "".join(sorted(letter for letter, _ in counts.most_common(LEVELS - 1))) + OTHER
        notes.append(
            f"Of {len(counts)} different ones the {LEVELS - 1} commonest have a level each; others are {OTHER}."
        )
    level = {letter: k for k, letter in enumerate(letters)}
    values = np.array([level.get(letter, len(letters) - 1) for letter in text], np.uint8)
    return Own(values[None], len(letters), letters), notes
