"""A visitor's table of numbers as a file: what is written in it, and which two columns are points. Torch-free.

Whatever programs write is read: commas, semicolons, tabs or spaces between cells, decimal commas, a line ``sep=;``,
UTF-16, names of columns, units below them, numbered rows, lines of comment. No cell ever moves to another column.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from genlab.data import own
from genlab.errors import GenlabError
from genlab.formats import format_count

if TYPE_CHECKING:
    import pandas as pd

LARGEST = 32 * 2**20  # bytes of a file
FEWEST, ENOUGH = 20, 4  # points, and different ones
HEAD = 100  # lines that tell how the file is written
SHOWN = 3  # rows of a preview
MISSING = ("", "-", "?", "na", "n/a", "nan", "null", "none", "#n/a")  # in lower case: no number is known here
REPEATED, FLAT = 0.5, 1e-3  # different points among all, and a spread across a line: below it there is no density
HUGE = 1e100
VIEW = 3.2  # the picture of the plane ends at ±3.2


@dataclass(frozen=True)
class Read:
    """What a file gives.

    Attributes:
        table: the points, as ``genlab.data.own.encode`` writes them; None where the columns make none.
        wrong: why they make none.
        columns: the names of those with numbers.
        chosen: places in ``columns`` of x₁ and x₂.
        rows: the first ones, of ``columns`` only, as they stand in the file.
        notes: sentences about what was taken for what, and what was left out.
        sharp: why these points have no density; else nothing.
    """

    table: str | None
    wrong: str
    columns: tuple[str, ...]
    chosen: tuple[int, int]
    rows: list[list[str]]
    notes: tuple[str, ...]
    sharp: str


@dataclass(frozen=True)
class Style:
    """How a file is written."""

    separator: str
    decimal: str

    def cells(self, line: str) -> list[str]:
        """What stands in a line."""
        if self.separator == " ":
            return line.split()
        return [cell.strip() for cell in next(csv.reader([line], delimiter=self.separator), [])]

    def number(self, cell: str) -> bool:
        """True where a cell is a number."""
        try:
            float(cell.replace(",", ".") if self.decimal == "," else cell)
        except ValueError:
            return False
        return "_" not in cell

    def missing(self, cell: str) -> bool:
        """True where a cell says that no number is known."""
        return cell.lower() in MISSING


def read(data: bytes, chosen: tuple[int, int] | None = None, jitter: bool = False) -> Read:
    """Points of two columns of a file, centred and brought to standard deviation 1.

    Arguments:
        chosen: which of the columns with numbers; None: the first two that do not merely count the rows.
        jitter: True for normal noise of ``own.DRAWN`` around each point, so that there is a density.

    Raises:
        GenlabError: one sentence that says why this is no table, and what would be one.
    """
    if len(data) > LARGEST:
        raise GenlabError(f"The file has {len(data) / 2**20:.0f} MB; a table of points has at most 32 MB.")
    text, separator = told_separator(text_of(data))
    head = enumerate(text[:100_000].split("\n", 2 * HEAD)[: 2 * HEAD], 1)
    lines = [(number, line) for number, line in head if line.strip()][:HEAD]
    style = style_of([line for _, line in lines], separator)
    rows = [(number, style.cells(line)) for number, line in lines]
    if not rows:
        raise _no_table([])
    names, above, notes = _header(rows, style)
    begin = rows[above:]
    if not begin:
        raise _no_table([])
    first = begin[0][0]
    frame = _frame(text, style, first - 1).dropna(how="all")
    numeric = [k for k in frame.columns if _numbers(frame[k])]
    if len(numeric) < 2:
        raise _no_table(numeric)
    columns = tuple(names[k] if k < len(names) and names[k] else f"column {k + 1}" for k in numeric)
    counting = [k for k in numeric if _counts_rows(frame[k].to_numpy())]
    if chosen is None:
        free = [i for i, k in enumerate(numeric) if k not in counting]
        chosen = (free[0], free[1]) if len(free) > 1 else (0, 1)
        left = [columns[i] for i, k in enumerate(numeric) if k in counting and i not in chosen]
        notes += [f"{', '.join(left)} only counts the rows, and is left out."] if left else []
    if max(chosen) >= len(numeric) or chosen[0] == chosen[1]:
        raise GenlabError("Points need two different columns of the file.")
    shown = [[cells[k] if k < len(cells) else "" for k in numeric] for _, cells in begin[:SHOWN]]
    both = frame[[numeric[i] for i in chosen]]
    named = tuple(columns[i] for i in chosen)
    try:
        points, dropped = _points(both, named, first)
        table, more, sharp = _encoded(points, named, jitter)
        return Read(table, "", columns, chosen, shown, (*notes, *dropped, *more), sharp)
    except GenlabError as error:
        return Read(None, str(error), columns, chosen, shown, tuple(notes), "")


def _no_table(numeric: list[int]) -> GenlabError:
    found = "one column" if numeric else "no column"
    return GenlabError(f"The file is no table of points: it has {found} of numbers, and a point needs two.")


def text_of(data: bytes) -> str:
    """The file as text: UTF-8, UTF-16 as spreadsheets write it, or the old Western code page."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    elif b"\0" in data[:4096]:
        encodings = ["utf-16-le" if data[1:2] == b"\0" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if all(c.isprintable() or c.isspace() for c in text[:4096]):
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            return re.sub(r"(?m)^[ \t]*#.*$", "", text) if "#" in text else text  # a comment leaves its line empty
    raise GenlabError("The file is no table: a CSV file has two numbers on each line, with a comma between.")


def told_separator(text: str) -> tuple[str, str | None]:
    """The text, its first line empty where that tells spreadsheets which separator to take; and that separator."""
    if told := re.match(r"(?i)sep=(.)[ \t]*(?=\n)", text):
        return text[told.end() :], told[1]
    return text, None


def style_of(lines: list[str], separator: str | None) -> Style:
    """The way of writing that finds the most numbers in columns that all lines have."""
    separators = [separator] if separator else ["\t", ";", ",", " "]
    ways = [Style(s, decimal) for s in separators for decimal in (".", ",")]

    def numbers(way: Style) -> tuple[int, int]:
        try:
            rows = [way.cells(line) for line in lines]
        except csv.Error:
            return 0, 0
        width = max((len(row) for row in rows), key=[len(row) for row in rows].count, default=0)
        count = [sum(k < len(row) and way.number(row[k]) for row in rows) for k in range(width)]
        return sum(2 * n > len(rows) for n in count) if width > 1 else 0, sum(count) if width > 1 else 0

    return max(ways, key=numbers)


def _header(rows: list[tuple[int, list[str]]], style: Style) -> tuple[list[str], int, list[str]]:
    """Names of the columns, how many of the rows stand above the data, and what was taken for what."""
    (_, cells), *below = rows
    if not any(style.number(cell) for cell in cells):
        if len(below) > 1 and _is_text(below[0][1], style) and any(style.number(c) for c in below[1][1]):
            return cells, 2, [f"Row {below[0][0]}, {_quoted(below[0][1])}, is taken for units."]
        return cells, 1, []
    counted = [cell for cell in cells if cell]
    numbers = [c for _, row in below for c in row if style.number(c)]
    if (
        len(counted) > 1
        and all(c.isdigit() for c in counted)
        and not all(re.fullmatch(r"[+-]?\d+", c) for c in numbers)
    ):
        start = int(counted[0])
        if [int(c) for c in counted] == list(range(start, start + len(counted))):
            return cells, 1, [f"The first row, {_quoted(cells)}, is taken for the names of the columns."]
    return [], 0, []


def _is_text(cells: list[str], style: Style) -> bool:
    return any(cells) and not any(style.number(cell) or style.missing(cell) for cell in cells if cell)


def _quoted(cells: list[str]) -> str:
    return ", ".join(cells)[:60]


def _frame(text: str, style: Style, above: int) -> pd.DataFrame:
    """All cells below a line, numbers where a column has nothing else; row i of it stands in line above + 1 + i."""
    import pandas as pd

    rows = io.StringIO(text)
    for _ in range(above):
        rows.readline()
    try:
        return pd.read_csv(
            rows,
            sep=r"\s+" if style.separator == " " else style.separator,
            decimal=style.decimal,
            header=None,
            skip_blank_lines=False,
            skipinitialspace=True,
            na_values=[*MISSING, *(word.upper() for word in MISSING)],
            low_memory=False,
            index_col=False,
        )
    except pd.errors.EmptyDataError as error:
        raise _no_table([]) from error
    except pd.errors.ParserError as error:
        if more := re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", str(error)):
            row = int(more[2]) + above
            raise GenlabError(f"Row {row} has {more[3]} cells where the rows above have {more[1]}.") from error
        raise GenlabError("The file is no table: a quotation mark is opened in it and never closed.") from error


def _numbers(column: pd.Series) -> bool:
    """Whether a column has numbers, but for a few cells."""
    import pandas as pd

    if column.dtype.kind in "biuf":
        return column.dtype.kind != "b" and bool(column.notna().any())
    sample = pd.to_numeric(column.dropna().iloc[:1000], errors="coerce")
    return len(sample) > 0 and bool(sample.notna().mean() > 0.5)


def _counts_rows(values: np.ndarray) -> bool:
    return values.dtype.kind in "iu" and len(values) > 2 and bool((np.diff(values) == 1).all()) and values[0] in (0, 1)


def _points(both: pd.DataFrame, named: tuple[str, ...], first: int) -> tuple[np.ndarray, list[str]]:
    """Finite points (n, 2), and what was left out. Raises GenlabError, with the row."""
    import pandas as pd

    gaps = both.isna().any(axis=1)
    values = both[~gaps]
    for name, column in zip(named, values, strict=True):
        cells = values[column]
        numbers = pd.to_numeric(cells, errors="coerce")
        if (bad := numbers.isna()).any():
            row, cell = first + bad.idxmax(), str(cells[bad.idxmax()])[:40]
            raise GenlabError(f"Row {row}, {name}: {cell!r} is no number.")
        if (far := ~(numbers.abs() < HUGE)).any():
            raise GenlabError(f"Row {first + far.idxmax()}, {name}: {numbers[far.idxmax()]} is not finite.")
    points = values.astype(float).to_numpy()
    if len(points) < FEWEST:
        raise GenlabError(f"The file has {len(points)} points; a density needs at least {FEWEST}.")
    count = int(gaps.sum())
    some = f"{format_count(count)} rows are left out, the first of them row {first + gaps.idxmax()}"
    if count == 1:
        some = f"Row {first + gaps.idxmax()} is left out"
    return points, [f"{some}: a cell of {' or '.join(named)} is empty there."] if count else []


def _encoded(points: np.ndarray, named: tuple[str, ...], jitter: bool) -> tuple[str, list[str], str]:
    """Points as text, what was left out, and why they have no density. Raises GenlabError."""
    for name, column in zip(named, points.T, strict=True):
        if np.ptp(column) == 0:
            raise GenlabError(f"{name} is {column[0]:g} in every row: there is no density on the plane.")
    scaled, notes = _without_far(points)
    if len(scaled) > own.MOST:
        notes.append(f"Of {format_count(len(scaled))} points {format_count(own.MOST)}, drawn at random, are kept.")
        scaled = scaled[np.random.default_rng(0).choice(len(scaled), own.MOST, replace=False)]
    else:
        scaled = np.random.default_rng(0).permutation(scaled)
    if outside := int((np.abs(scaled) > VIEW).any(1).sum()):
        notes.append(f"{format_count(outside)} points are learnt from, but lie outside the picture, beyond ±{VIEW:g}.")
    count, values = len(scaled), [len(np.unique(column)) for column in scaled.T]
    different, sharp = len(np.unique(scaled, axis=0)), ""
    if different < REPEATED * count:
        sharp = f"Only {format_count(different)} of {format_count(count)} points are different"
    elif min(values) < REPEATED * count:
        sharp = f"{named[int(np.argmin(values))]} has only {format_count(min(values))} different values"
    elif np.linalg.eigvalsh(np.cov(scaled.T))[0] < FLAT**2:
        sharp = "All points lie on a line"
    return own.encode(scaled, own.DRAWN if jitter else 0.0), notes, sharp


def _without_far(points: np.ndarray) -> tuple[np.ndarray, list[str]]:
    """All points but those far outside, with mean 0 and standard deviation 1, and what is said. Raises GenlabError."""
    kept, far = points, ""
    while True:
        scaled = (kept - kept.mean(0)) / kept.std(0)
        out = np.abs(scaled).max(1)
        far = far or f"({points[out.argmax()][0]:g}, {points[out.argmax()][1]:g})"
        different = len(np.unique(np.round(scaled[:1000] / own.UNIT).astype(int), axis=0))
        if different < ENOUGH:
            why = f"{far} lies far from all others, and should not be in the file" if out.max() > 4 else "they repeat"
            raise GenlabError(f"Only {different} different points are left at the scale of the picture: {why}.")
        if out.max() <= own.FARTHEST:
            break
        kept = kept[out <= own.FARTHEST]  # what is left is scaled anew, and more may be far from it
        if len(kept) < FEWEST or (np.ptp(kept, 0) == 0).any():
            raise GenlabError(f"Without the points far from all others, {far} the first of them, too few are left.")
    left = len(points) - len(kept)
    some = f"{format_count(left)} points lie" if left > 1 else "A point lies"
    say = f"{some} more than {own.FARTHEST:g} standard deviations out, and left out: {far} is the farthest."
    return scaled, [say] if left else []
