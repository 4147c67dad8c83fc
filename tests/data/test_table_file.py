"""Tables as programs write them: which numbers are points, what is left out, and what is said."""

from __future__ import annotations

import re

import numpy as np
import pytest

from genlab.data import own
from genlab.data.table_file import Read, read
from genlab.errors import GenlabError

X = np.round(np.random.default_rng(0).normal(3, 2, 40), 3)
Y = np.round(np.random.default_rng(1).normal(-1, 5, 40), 3)
PAIRS = list(zip(X, Y, strict=True))


def lines(form: str = "{:.3f},{:.3f}", before: str = "", pairs: list[tuple[float, float]] = PAIRS) -> str:
    return before + "\n".join(form.format(x, y) for x, y in pairs) + "\n"


def comma(text: str) -> str:
    return text.replace(".", ",")


def points(table: Read) -> np.ndarray:
    """In the order of their x₁."""
    assert table.table, table.wrong
    decoded, _ = own.decode(table.table)
    return decoded[np.argsort(decoded[:, 0])]


def scaled(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """What must come out, by hand."""
    both = np.stack(((x - x.mean()) / x.std(), (y - y.mean()) / y.std()), 1)
    return both[np.argsort(both[:, 0])]


@pytest.mark.parametrize(
    "data",
    [
        lines().encode(),
        lines(before="x,y\n").encode(),
        lines("{:.3f};{:.3f}").encode(),
        comma(lines("{:.3f};{:.3f}", "x;y\n")).encode(),
        comma(lines("{:.3f}\t{:.3f}", "x\ty\n")).encode(),
        lines("  {:.3f}   {:.3f} ").encode(),
        comma(lines('"{:.3f}"~"{:.3f}"')).replace("~", ",").encode(),
        lines("{:.3f}\t{:.3f}", "x\ty\n").replace("\n", "\r\n").encode("utf-16"),
        lines("{:.3f}\t{:.3f}").encode("utf-16-le"),
        lines("{:.3f};{:.3f}", "sep=;\nx;y\n").replace("\n", "\r\n").encode("utf-8-sig"),
        lines(before="# made by a logger\n#\n\nx,y\n# units below\n").encode(),
        lines("{:.3f};{:.3f}", "größe;höhe\n").encode("cp1252"),
        lines(before="x,y\n[m],[°C]\n").encode(),
        lines(before="0,1\n").encode(),
        lines("{:.3f},{:.3f},cat", before="x,y,label\n").encode(),
        lines("{:.3f},{:.3f},cat").encode(),
        lines().replace("\n", "\r").encode(),
        lines().replace("\n", "\n\n").encode(),
    ],
    ids=range(18),
)
def test_whatever_programs_write_gives_the_same_points(data: bytes) -> None:
    np.testing.assert_allclose(points(read(data)), scaled(X, Y), atol=own.UNIT)


def test_an_empty_cell_moves_no_other() -> None:
    rows = [f"{x:.3f},{y:.3f},{k % 3 + 100}" for k, (x, y) in enumerate(PAIRS)]
    for at, gap in ((0, ",{1},{2}"), (7, "{0},,{2}"), (9, "{0},NA,{2}")):
        rows[at] = gap.format(*rows[at].split(","))
    table = read("\n".join(["x,y,class", *rows]).encode())
    left = np.delete(np.arange(40), [0, 7, 9])
    np.testing.assert_allclose(points(table), scaled(X[left], Y[left]), atol=own.UNIT)
    assert "3 rows are left out, the first of them row 2" in " ".join(table.notes)
    assert table.columns == ("x", "y", "class")
    assert table.rows[0] == ["", f"{Y[0]:.3f}", "100"]


def test_the_number_of_a_row_is_no_coordinate_unless_it_is_chosen() -> None:
    text = ",x,y\n" + "".join(f"{k},{x:.3f},{y:.3f}\n" for k, (x, y) in enumerate(PAIRS))
    table = read(text.encode())
    assert table.chosen == (1, 2)
    assert "counts the rows" in table.notes[0]
    np.testing.assert_allclose(points(table), scaled(X, Y), atol=own.UNIT)
    np.testing.assert_allclose(points(read(text.encode(), (0, 2))), scaled(np.arange(40.0), Y), atol=own.UNIT)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "no column of numbers"),
        (bytes(range(256)) * 10, "no table"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "no table"),
        (b"7\n" * 30, "one column of numbers"),
        (b"a,b\nc,d\n" * 30, "no column of numbers"),
        (b"1,2\n" * 30 + b"1,2,3\n", "Row 31 has 3 cells where the rows above have 2"),
        (b"0" * (32 * 2**20 + 1), "32 MB"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(data: bytes, words: str) -> None:
    with pytest.raises(GenlabError, match=words) as error:
        read(data)
    assert str(error.value).endswith(".") and "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1,2\n3,4\n", "2 points; a density needs at least 20"),
        (lines("{:.3f},0.1"), "column 2 is 0.1 in every row"),
        (lines(before="a,b\n") + "1,two\n", "Row 42, b: 'two' is no number"),
        (lines() + "1,inf\n", "Row 41, column 2: inf is not finite"),
        (lines() + "1e9,1e9\n", r"\(1e\+09, 1e\+09\) lies far from all others"),
        ("1,2\n2,1\n" * 30, "Only 2 different points are left at the scale of the picture: they repeat"),
    ],
)
def test_columns_that_make_no_points_say_why_and_others_can_be_chosen(text: str, words: str) -> None:
    table = read(text.encode())
    assert table.table is None
    assert re.search(words, table.wrong), table.wrong
    assert len(table.columns) == 2


def test_points_far_outside_are_cut_and_said_and_the_others_scaled_anew() -> None:
    x, y = np.random.default_rng(2).normal(size=(2, 500))
    text = "".join(f"{a},{b}\n" for a, b in zip([*x, 1e6], [*y, 0.0], strict=True))
    table = read(text.encode())
    for got, expected in zip(points(table).T, scaled(x, y).T, strict=True):
        np.testing.assert_allclose(np.sort(got), np.sort(expected), atol=own.UNIT)
    assert table.notes[0].startswith("A point lies more than 7.9 standard deviations out")
    assert "(1e+06, 0)" in table.notes[0]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("".join(f"{k % 6},{k // 6 % 6}\n" for k in range(400)), "Only 36 of 400 points are different"),
        (lines("{0:.3f},{0:.3f}"), "All points lie on a line"),
        ("".join(f"{x},{k % 3}\n" for k, x in enumerate(X)), "column 2 has only 3 different values"),
    ],
)
def test_what_has_no_density_is_said_and_jitter_makes_one(text: str, words: str) -> None:
    table = read(text.encode())
    assert words in table.sharp
    assert own.decode(table.table or "")[1] == 0
    assert own.decode(read(text.encode(), None, True).table or "")[1] == pytest.approx(own.DRAWN)


def test_of_many_points_some_are_kept_and_that_is_said() -> None:
    x, y = np.random.default_rng(3).normal(size=(2, 6000))
    table = read("".join(f"{a:.6f},{b:.6f}\n" for a, b in zip(x, y, strict=True)).encode())
    kept = points(table)
    assert len(kept) == own.MOST
    assert any("4\u202f096" in note and "6\u202f000" in note for note in table.notes)
    assert abs(kept.mean()) < 0.05  # drawn from all of them
