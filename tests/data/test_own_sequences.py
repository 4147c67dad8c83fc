"""Files and curves of visitors become sequences, or one sentence."""

from __future__ import annotations

import gzip

import numpy as np
import pytest
import torch

from genlab.data import own_sequences as own
from genlab.data.sequence_file import read
from genlab.data.sequences import load
from genlab.errors import GenlabError

RNG = np.random.default_rng(0)
ROWS = RNG.integers(3, 40, (30, 20))


def csv(rows: np.ndarray, separator: str = ",", fmt: str = "%d") -> bytes:
    return "\n".join(separator.join(fmt % value for value in row) for row in rows).encode()


def values(data: bytes) -> np.ndarray:
    return own.decode(read(data).table).values


def test_whole_numbers_are_levels() -> None:
    found = own.decode(read(csv(ROWS)).table)
    assert (found.values == ROWS - ROWS.min()).all()
    assert found.levels == np.ptp(ROWS) + 1
    assert not found.drawn and not found.letters


def test_other_numbers_are_told_in_steps() -> None:
    rows = RNG.standard_normal((5, 24))
    found = own.decode(read(csv(rows, fmt="%.6f")).table)
    assert found.levels == 64
    step = np.ptp(rows) / 63
    assert np.abs(found.values * step + rows.min() - rows).max() < 0.51 * step


@pytest.mark.parametrize(
    "data",
    [
        b"\xef\xbb\xbf" + csv(ROWS),
        csv(ROWS).decode().encode("utf-16"),
        csv(ROWS, ";"),
        csv(ROWS, "\t"),
        csv(ROWS).replace(b"\n", b"\r\n"),
        csv(ROWS).replace(b"\n", b",\n"),
        b"# what it is\n" + csv(ROWS),
        b",".join(b"t%d" % k for k in range(20)) + b"\n" + csv(ROWS),
        b"\n".join(b"%d,%s" % (k, line) for k, line in enumerate(csv(ROWS).split(b"\n"))),
        b"\n".join(b"2024-03-01,%s" % line for line in csv(ROWS).split(b"\n")),
    ],
    ids=["BOM", "UTF-16", "semicolon", "tab", "CRLF", "comma at the end", "comment", "header", "index", "dates"],
)
def test_however_it_is_written(data: bytes) -> None:
    assert (values(data) == ROWS - ROWS.min()).all()


def test_decimal_commas_are_read() -> None:
    rows = np.round(RNG.standard_normal((4, 18)), 3)
    assert (values(csv(rows, ";", "%.3f").replace(b".", b",")) == values(csv(rows, ",", "%.3f"))).all()


def test_columns_are_sequences_where_lines_are_short() -> None:
    assert (values(csv(ROWS[:, :7])) == (ROWS[:, :7] - ROWS[:, :7].min()).T).all()
    assert values(csv(np.arange(40)[:, None] % 7)).shape == (1, 40)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "empty"),
        (csv(ROWS) + b"\n1,2,3", "Row 31 has 3 values where row 1 has 20"),
        (csv(np.zeros((3, 4097))), "4.097 values each; 4096 are the most"),
        (csv(ROWS).replace(b",", b",x", 1), "Row 1, value 2: 'x.*' is no number"),
        (csv(np.full((4, 20), 7)), "All values are 7: with one level"),
        (csv(ROWS[:3, :9]), "9 values each; they need at least 16"),
        (csv(ROWS)[:-2] + b",nan", "not finite|has .* values"),
        (gzip.compress(csv(ROWS)), "compressed"),
        (bytes(range(256)) * 9, "neither a table nor a text"),
        (b"too short a text", "16 characters; a model needs at least 200"),
        (b"a" * 300, "one character only, 'a'"),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(GenlabError, match=sentence) as refused:
        read(data)
    assert str(refused.value).count(". ") == 0


def test_a_text_is_its_characters() -> None:
    text = "To see how a model works, watch it write. " * 20
    found = own.decode(read(text.encode()).table)
    assert "".join(found.letters[k] for k in found.values[0]) == text.strip()
    assert found.levels == len(set(text.strip()))
    assert (values(text.encode("utf-16")) == found.values).all()


def test_of_too_many_characters_the_commonest_stay() -> None:
    text = "ab" * 200 + "".join(map(chr, range(0x4E00, 0x4E00 + 200)))
    found = read(text.encode())
    made = own.decode(found.table)
    assert made.levels == 96
    assert made.letters[-1] == "�" and {"a", "b"} <= set(made.letters)
    assert "Of 202 different ones the 95 commonest" in " ".join(found.notes)


def test_a_table_that_nobody_encoded_is_refused() -> None:
    good = own.wave()
    assert own.decode(good).drawn
    for bad in ("", "nonsense", good[:-9], own.Own(np.full((2, 20), 9, np.uint8), 5).encode()):
        with pytest.raises(GenlabError, match="draw a curve or upload"):
            own.decode(bad)


def test_a_curve_goes_through_its_points() -> None:
    x = np.linspace(-1, 1, 300)
    curve = own.of_curve(np.stack((x, x**2 * 2 - 1), 1))
    assert curve.values.shape == (1, 64)
    height = (curve.values[0] - 4.0) / 55 * 2 - 1
    assert np.abs(height - (np.linspace(-1, 1, 64) ** 2 * 2 - 1)).max() < 0.06
    with pytest.raises(GenlabError, match="from left to right"):
        own.of_curve(np.array([[0.0, 0.0], [0.1, 1.0]]))


def test_data_are_drawn_around_a_curve() -> None:
    data = load("own", 32, own.wave(), 0)
    curve = own.decode(own.wave())
    middle = np.interp(np.linspace(0, 63, 32), np.arange(64), curve.values[0])
    off = data.train.values[:4000, 0].double().numpy() - middle
    assert np.abs(off).max() <= own.SHIFT + 1.5
    assert np.abs(off.mean(0)).max() < 0.55  # what rounding to a level may take or add
    assert torch.equal(load("own", 32, own.wave(), 0).train.values, data.train.values)


def test_whole_sequences_are_held_back_or_the_end_of_a_few() -> None:
    table = own.Own(np.arange(20)[:, None].repeat(16, 1).astype(np.uint8), 20).encode()
    data = load("own", 16, table, 0)
    train, held = (set(part.values[:, 0, 0].tolist()) for part in (data.train, data.validation))
    assert len(held) == 4 and not train & held and len(train) == 16
    text = own.Own((np.arange(1000) // 10)[None].astype(np.uint8) % 96, 96).encode()
    data = load("own", 32, text, 0)
    assert data.train.values[:, 0, 0].max() <= 79
    assert len(data.train) == 800 - 31
    with pytest.raises(GenlabError, match="choose a smaller length T"):
        load("own", 32, own.Own(np.arange(40)[None].astype(np.uint8), 40).encode(), 0)
