"""The page Determinant in a real browser: what is dragged there is computed there, and must be right."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

from genlab.figures.determinant import MAPS, terms
from tests.browser.conftest import Server, Visitor
from tests.browser.patience import where
from tests.browser.test_shell import PHONE, quiet, too_wide

Visit = Callable[..., Visitor]
STILL = {"reduced_motion": "reduce"}  # no tweens: what is asked for is there at once

pytestmark = pytest.mark.browser


def opened(visitor: Visitor, name: str) -> Locator:
    """A view, drawn."""
    section = visitor.page.locator(f'section[data-view="{name}"]')
    section.wait_for()
    quiet(visitor)
    return section


def numbers(section: Locator, name: str) -> list[float]:
    return [float(part) for part in str(section.get_attribute(f"data-{name}")).split(",")]


def drag(visitor: Visitor, target: Locator, right: float, down: float) -> None:
    box = where(target)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visitor.page.mouse.move(x, y)
    visitor.page.mouse.down()
    visitor.page.mouse.move(x + right, y + down, steps=5)
    visitor.page.mouse.up()


def test_a_column_is_dragged_across_the_other_one_and_the_sign_flips(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/determinant?matrix=1,0,0,1", **STILL)
    section, page = opened(visitor, "matrix"), visitor.page
    knob = section.locator(".column .knob").first
    drag(visitor, knob, 60, 0)
    assert numbers(section, "det")[0] > 1.3
    drag(visitor, knob, -220, 0)
    assert numbers(section, "det")[0] < -0.3
    expect(section.locator('[data-say="words"]')).to_contain_text("turned over")
    expect(page).to_have_url(re.compile("matrix=-"))
    page.reload()  # the link brings it back
    assert numbers(opened(visitor, "matrix"), "det")[0] < -0.3
    page.get_by_role("button", name="singular").click()
    expect(section.locator('[data-say="words"]')).to_contain_text("Not invertible")
    page.get_by_role("button", name="identity").click()
    page.get_by_role("slider", name="column 2 of M").press("Shift+ArrowUp")
    assert numbers(section, "det") == [1.25]
    cell = section.get_by_label("M, row 1, column 1")
    cell.fill("two")
    cell.press("Enter")
    expect(section.get_by_role("alert")).to_have_text("“two” is not a number. The entry stays 1.00.")
    cell.fill("2")
    assert numbers(section, "det") == [2.5]
    visitor.assert_fine()


def test_determinants_multiply(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/determinant?mode=product", **STILL)
    section = opened(visitor, "product")
    drag(visitor, section.locator('[data-plane="B"] .knob').first, -60, -40)
    a, b, product = numbers(section, "dets")
    assert product == pytest.approx(a * b) and b != pytest.approx(1.16)
    visitor.page.get_by_role("button", name="Swap A and B").click()
    assert numbers(section, "dets") == pytest.approx([b, a, product])
    visitor.assert_fine()


def test_the_terms_are_those_of_python(server: Server, visit: Visit) -> None:
    matrix = np.random.default_rng(1).integers(-5, 6, (4, 4))
    entries = ",".join(map(str, matrix.ravel()))
    visitor = visit(f"{server.url}/determinant?mode=terms&n=4&entries={entries}", **STILL)
    section = opened(visitor, "terms")
    cells = "(rows) => rows.map((row) => [...row.cells].map((cell) => cell.textContent.replace('−', '-')))"
    shown = section.locator("tbody tr").evaluate_all(cells)
    found = terms(matrix)
    assert [tuple(int(j) - 1 for j in row[0].split()) for row in shown] == [term.permutation for term in found]
    assert [float(row[4]) for row in shown] == [term.product for term in found]
    assert numbers(section, "det")[0] == pytest.approx(np.linalg.det(matrix))
    section.locator("tbody tr").nth(9).hover()
    held = section.locator(".held").evaluate_all("(cells) => cells.map((c) => Number(c.value.replace('−', '-')))")
    assert held == list(found[9].factors)
    visitor.assert_fine()


def test_the_jacobian_under_the_pointer_is_that_of_python_and_a_phone_has_room(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/determinant", **STILL, **PHONE)
    for name in ("matrix", "product", "terms"):
        visitor.page.goto(f"{server.url}/determinant?mode={name}")
        opened(visitor, name)
        assert too_wide(visitor) <= 0, name
    visitor.page.goto(f"{server.url}/determinant?matrix=1,0,0,1")
    section, device = opened(visitor, "matrix"), visitor.context.new_cdp_session(visitor.page)
    knob = where(section.locator(".column .knob").first)
    spots = [{"x": knob["x"] + knob["width"] / 2 + 8 * k, "y": knob["y"] + knob["height"] / 2} for k in range(8)]
    for kind, points in (("touchStart", spots[:1]), *(("touchMove", [spot]) for spot in spots), ("touchEnd", [])):
        device.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert numbers(section, "det")[0] > 1.5  # the finger moved the column, not the page
    for name, plane_map in list(MAPS.items())[::3]:
        visitor.page.goto(f"{server.url}/determinant?mode=curved&map={name}")
        section = opened(visitor, "curved")
        assert too_wide(visitor) <= 0, name
        section.locator('[data-panel="before"]').tap(position={"x": 40, "y": 55})
        x = np.array(numbers(section, "x"))
        assert x[0] < 0 < x[1]
        np.testing.assert_allclose(numbers(section, "image"), plane_map.function(x), atol=1e-5)
        np.testing.assert_allclose(numbers(section, "jacobian"), plane_map.jacobian(x).ravel(), atol=1e-5)
    visitor.assert_fine()


@pytest.mark.parametrize("name", ["coupling", "swirl"])
def test_an_area_that_grows_looks_as_much_larger(name: str, server: Server, visit: Visit) -> None:
    """Before and after are drawn at one scale: the painted parts of both planes are as the areas are."""
    visitor = visit(f"{server.url}/determinant?mode=curved&map={name}&side=4", **STILL)
    section = opened(visitor, "curved")
    before, after = section.evaluate(
        """(e) => ["before", "after"].map((side) => {
            const { width, height } = e.canvas.heat[side], context = e.canvas.heat[side].getContext("2d");
            return context.getImageData(0, 0, width, height).data.filter((v, i) => i % 4 === 3 && v > 127).length;
        })"""
    )
    line = np.linspace(-2, 2, 201)
    jacobians = MAPS[name].jacobian(np.stack(np.meshgrid(line, line), -1))
    grown = np.abs(np.linalg.det(jacobians)).mean()
    assert after / before == pytest.approx(grown, rel=0.03)
    assert section.evaluate("e => e.canvas.carried.side") == 4
    visitor.assert_fine()
