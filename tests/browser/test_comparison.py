"""The comparison in a real browser: four families side by side, trained for the same seconds, then measured."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, Visitor

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]
FOUR = ["gan", "vae", "flow", "autoregression"]


def rows(page: Page) -> list[list[str]]:
    """The table, as text."""
    return page.locator(".race tbody tr").evaluate_all(
        "rows => rows.map((row) => [...row.children].map((cell) => cell.innerText))"
    )


def measured(page: Page, count: int) -> None:
    """Waits until so many lanes are measured."""
    page.wait_for_selector(f'.race[data-measured="{count}"]')


def test_four_families_are_alive_before_and_after_a_training(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/comparison?seconds=2", wait=".race")
    page = visitor.page
    page.wait_for_selector(".lanes .picture:not([data-blank]) >> nth=3")  # alive without a press
    measured(page, 4)
    assert next(row[1].split()[0] for row in rows(page)) == "none"  # a GAN has no likelihood
    assert "bound" in rows(page)[1][1] and "exact" in rows(page)[2][1] and "exact" in rows(page)[3][1]
    assert "shipped weights" in rows(page)[0][0]

    page.locator('.race [data-action="train"]').click()
    page.wait_for_selector('.race[data-state="done"]')
    measured(page, 4)
    had = [re.search(r", (\d+\.\d) s", row[0]) for row in rows(page)]
    assert all(seconds and 2 <= float(seconds[1]) < 4 for seconds in had)  # and what its last step took beyond
    expect(page.locator(".lanes .facts").first).to_contain_text("rounds in 2")
    assert page.locator(".charts svg path").count() == 8  # two judgements of four lanes

    page.locator(".race .film input").focus()
    page.keyboard.press("Home")
    page.wait_for_selector('.race[data-view="film"]')
    expect(page.locator(".lanes .facts").first).to_contain_text("as it was after")
    page.locator('.race [data-do="now"]').click()

    with page.expect_download() as download:
        page.get_by_role("button", name="Table (.csv)").click()
    table = list(csv.DictReader(io.StringIO(download.value.path().read_text())))
    assert [row["principle"] for row in table] == FOUR
    assert table[0]["nll_nats"] == "" and float(table[3]["nll_nats"]) < 3
    page.get_by_test_id("stPopover").get_by_text("Save").click()
    with page.expect_download() as download:
        page.get_by_text("Pictures and film (.npz)").click()
    with np.load(download.value.path()) as film:
        assert film["grid-points"].shape[1:] == (1000, 2) and len(film["seconds"]) == len(film["gan-2d-points"])

    page.get_by_text("What you have trained").click()
    expect(page.get_by_text("A click on a heading sorts")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Table (.csv)").click()
    board = list(csv.DictReader(io.StringIO(download.value.path().read_text())))
    assert len(board) == 4 and {row["data"] for row in board} == {"eight Gaussians"}


def test_digits_are_compared_too_and_nonsense_is_refused_in_a_sentence(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/comparison?data=digits&seconds=99999&gan=nothing", wait=".race")
    page = visitor.page
    expect(page.get_by_text("seconds each must lie between 2 and 600")).to_be_visible()
    expect(page.get_by_text("'nothing' is not one of")).to_be_visible()
    page.wait_for_selector(".lanes .picture:not([data-blank]) canvas >> nth=1")
    count = page.locator(".lanes figure").count()
    measured(page, count)
    assert "bits/dim" in rows(page)[-1][1]
