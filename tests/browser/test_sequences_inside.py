"""Models of sequences from inside and while they learn, in a real browser."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Server, Visitor
from tests.browser.patience import where
from tests.browser.test_shell import PHONE, quiet, too_wide

Visit = Callable[..., Visitor]
pytestmark = pytest.mark.browser


def canvas(visitor: Visitor, name: str) -> Locator:
    found = visitor.page.locator(f".{name}")
    found.wait_for()
    quiet(visitor)
    return found


def places(section: Locator, what: str) -> list[int]:
    said = section.get_attribute(f"data-{what}") or ""
    return [int(place) for place in said.split(",") if place]


def test_what_moves_with_a_value_is_seen_and_a_leak_is_told(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/causal_convolutions?mode=look&place=10")
    section = canvas(visitor, "poke")
    expect(section).to_have_attribute("data-outputs", "11,12,13,14,15")
    section.get_by_role("button", name="masked first layer").click()
    expect(section).to_have_attribute("data-hide", "mask")
    assert places(section, "outputs") == [11, 12, 13, 14, 15]
    section.get_by_role("button", name="nothing").click()
    expect(section).to_have_attribute("data-outputs", "10,11,12,13,14")
    expect(section.locator('[data-say="words"]')).to_contain_text("It leaks")
    section.get_by_role("button", name="shifted input").click()
    grid = section.locator("canvas")
    box = where(grid)
    grid.click(position={"x": box["width"] - 8, "y": 8})  # the last prediction
    expect(section).to_have_attribute("data-way", "needs")
    expect(section).to_have_attribute("data-inputs", "27,28,29,30,31")
    grid.press("ArrowLeft")
    expect(section).to_have_attribute("data-inputs", "26,27,28,29,30")
    carried = section.evaluate("e => e.canvas.carried")
    assert carried == {"place": 31, "way": "needs", "hide": None}
    visitor.page.goto(f"{server.url}/dilated_convolutions?mode=look&place=32&way=needs")
    section = canvas(visitor, "poke")
    expect(section).to_have_attribute("data-inputs", ",".join(map(str, range(1, 32, 2))))
    visitor.assert_fine()


def test_a_tensor_is_padded_as_one_asks(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/causal_convolutions?mode=look")
    section = canvas(visitor, "padding")

    def after() -> list[list[list[int | None]]]:
        return json.loads(section.get_attribute("data-after") or "")

    assert after() == [[[6, 3, 9, 1, None]], [[8, 2, 2, 9, None]]]
    section.get_by_role("button", name="(0, 0, 2, 0)").click()
    expect(section.locator('[data-say="call"]')).to_have_text("F.pad(x, (0, 0, 2, 0))")
    assert after()[0] == [[None] * 5, [None] * 5, [1, 6, 3, 9, 1]]
    section.locator('[data-table="before"] input').first.fill("7")
    assert after()[0][2][0] == 7
    section.get_by_label("start of the last dimension").fill("-4")
    section.get_by_label("end of the last dimension").fill("-4")
    expect(section.locator('[data-say="words"]')).to_contain_text("at least one must stay")
    assert after()[0][2] == [1]
    visitor.assert_fine()


def test_a_bell_and_categories_are_compared_at_the_jump(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/regression_or_categories?mode=look")
    section = canvas(visitor, "modes")
    expect(section).to_have_attribute("data-place", "32")
    categories, bell = map(float, (section.get_attribute("data-bits") or "").split(","))
    assert categories + 2 < bell
    section.locator("canvas").first.click(position={"x": 30, "y": 60})
    expect(section).not_to_have_attribute("data-place", "32")
    expect(section.locator('[data-say="words"]')).to_contain_text("bits")
    section.get_by_role("button", name="down").click()
    assert section.evaluate("e => e.canvas.sequence.at(-1)") == 23
    visitor.assert_fine()


def test_a_masked_network_has_no_first_layer_to_hide_the_present_otherwise(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/masked_sequence?mode=look&place=5&hide=leak")
    section = canvas(visitor, "poke")
    expect(section).to_have_attribute("data-outputs", ",".join(map(str, range(6, 33))))
    expect(section.locator(".hiding")).to_be_hidden()
    visitor.assert_fine()


@pytest.mark.parametrize("dark", [False, True])
def test_on_a_phone_all_of_it_fits(server: Server, visit: Visit, dark: bool) -> None:
    visitor = visit(
        f"{server.url}/regression_or_categories?mode=look", **PHONE, color_scheme="dark" if dark else "light"
    )
    canvas(visitor, "modes")
    assert too_wide(visitor) <= 0
    visitor.page.goto(f"{server.url}/dilated_convolutions?mode=look")
    canvas(visitor, "padding")
    assert too_wide(visitor) <= 0
    visitor.assert_fine()


def test_two_networks_learn_the_same_sequences_and_what_they_write_is_judged(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/dilated_convolutions?mode=train&rival=netto1d")
    trainer = canvas(visitor, "trainer")
    strips = trainer.locator(".strips canvas")
    expect(strips).to_have_count(2)
    trainer.locator('[data-action="train"]').click()
    expect(trainer.locator('[data-say="worth"]')).to_contain_text("Causal convolutions: two straight pieces")
    expect(trainer.locator('[data-say="readout"]')).to_contain_text("perplexity")
    trainer.locator('[data-action="pause"]').click()
    expect(trainer).to_have_attribute("data-state", "paused")
    trainer.locator('[data-action="reset"]').click()
    visitor.assert_fine()


def test_a_text_of_ones_own_is_learnt_and_a_bad_file_is_refused(server: Server, visit: Visit, tmp_path: Path) -> None:
    visitor = visit(f"{server.url}/causal_convolutions?mode=train")
    page = visitor.page
    canvas(visitor, "trainer")
    page.get_by_role("button", name="Draw or upload your own data").click()
    upload = page.locator('input[type="file"]')
    (tmp_path / "ragged.csv").write_text("\n".join(",".join(["1", "2"] * (10 + (k == 3))) for k in range(6)))
    upload.set_input_files(tmp_path / "ragged.csv")
    expect(page.get_by_text("Row 4 has 22 values where row 1 has 20")).to_be_visible()
    (tmp_path / "song.txt").write_text("round and round it goes, and where it stops nobody knows. " * 30)
    upload.set_input_files(tmp_path / "song.txt")
    expect(page.get_by_text("characters. A fifth is held back")).to_be_visible()
    page.get_by_role("button", name="Use these data").click()
    trainer = canvas(visitor, "trainer")
    expect(trainer.locator(".strips")).to_have_count(1)
    shown = "e => e.canvas.picture.meta?.letters?.includes('w')"
    page.wait_for_function(shown, arg=trainer.element_handle())
    visitor.assert_fine()
