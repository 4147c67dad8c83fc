"""The pages of the flows in a real browser: the warp, its training, data of one's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Server, Visitor
from tests.browser.patience import rests, where
from tests.browser.test_shell import PHONE, quiet, too_wide
from tests.browser.test_train import data, press, until, wait

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]


def train_page(server: Server, page: str, **parameters: Any) -> str:
    """A training of a flow."""
    query = {"mode": "train", **parameters}
    return f"{server.url}/{page}?" + "&".join(f"{k}={v}" for k, v in query.items())


def picture(page: Page) -> dict[str, str]:
    """What the warp says of itself: in Watch its host, in Train the place it stands in."""
    host = page.locator(":is(.warp-host, .picture):has(> .warp)")
    return host.evaluate("e => ({...e.dataset})")


def shot(page: Page, plane: str = "now") -> list[int]:
    """Some of the pixels of a canvas of the warp."""
    return page.locator(f'.warp [data-panel="{plane}"]').evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((v, i) => i % 1604 < 3)"
    )


def drag(page: Page, place: Locator, points: list[tuple[float, float]]) -> None:
    """Draws with the mouse through points, given as parts of a place's width and height."""
    box = where(place)
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*at[0])
    page.mouse.down()
    for point in at[1:]:
        page.mouse.move(*point, steps=6)
    page.mouse.up()


def test_a_flow_is_alive_and_every_control_moves_it(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/affine_couplings", wait=".warp-host[data-ready=true]")
    page = visitor.page
    page.wait_for_selector('.warp-host[data-playing="true"]')  # alive without a press
    page.wait_for_selector('.warp-host[data-stage="4.00"][data-playing="false"]')
    assert int(picture(page)["frames"]) > 20
    plane, slider = page.locator('.warp [data-panel="now"]'), page.get_by_role("slider", name="layer", exact=True)
    made = shot(page)
    plane.focus()
    for stage in (3, 2, 1, 0):
        page.keyboard.press("ArrowLeft")
        page.wait_for_selector(f'.warp-host[data-stage="{stage}.00"]')
    assert shot(page) != made
    slider.fill("2.5")
    page.wait_for_selector('.warp-host[data-stage="2.50"]')
    slider.press("End")
    page.wait_for_selector('.warp-host[data-stage="4.00"]')
    page.get_by_role("button", name="data → noise").click()  # at the data it begins at once
    page.wait_for_selector('.warp-host[data-direction="normalize"][data-stage="0.00"]')
    before = shot(page)
    for name in ("contours", "paths", "stretch", "mesh", "points"):
        page.get_by_role("button", name=name).click()
        rests(plane)
        assert shot(page) != before, name
        before = shot(page)
    page.get_by_role("button", name="points").click()
    plane.hover(position={"x": 200, "y": 200})
    expect(page.locator(".warp [data-say=reading]")).to_contain_text("log p =")
    plane.dblclick(position={"x": 200, "y": 200})
    page.get_by_role("button", name="whole plane").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save picture").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    expect(page.get_by_text("Held-out negative log-likelihood")).to_be_visible()
    visitor.assert_fine()


def test_a_link_shows_the_layer_and_the_point_that_it_was_copied_at(server: Server, visit: Visit) -> None:
    link = "layer=2.5&at=7&show=mesh+points&zoom=0.5+0.25+1.2"
    visitor = visit(f"{server.url}/affine_couplings?{link}", wait=".warp-host[data-ready=true]")
    page = visitor.page
    page.wait_for_selector('.warp-host[data-stage="1.50"][data-kept="7"][data-playing="false"]')
    carried = page.locator(".warp-host").evaluate("e => e.canvas.carried")
    assert carried == {"layer": 2.5, "way": None, "show": "mesh points", "at": 7, "zoom": "0.5 0.25 1.2"}
    expect(page.locator(".warp [data-say=title]")).to_have_text("in layer 3 of 4")
    rows = [row.split() for row in page.locator(".warp .w-sum tbody tr").all_inner_texts()]
    assert [row[:2] for row in rows[1:5]] == [["layer", str(k)] for k in (4, 3, 2, 1)]
    added, sums = ([float(row[-part].replace("−", "-")) for row in rows[:-1]] for part in (2, 1))
    assert sum(added) == pytest.approx(sums[-1], abs=0.003)  # three digits of each are written
    assert rows[-1][-1] == rows[-2][-1]
    page.locator('.warp [data-panel="now"]').focus()
    page.keyboard.press("Escape")
    page.wait_for_selector('.warp-host[data-kept="-1"]')
    page.keyboard.press("Escape")
    page.keyboard.press("End")
    page.wait_for_selector('.warp-host[data-stage="4.00"]')
    assert page.locator(".warp-host").evaluate("e => e.canvas.carried.zoom === null && e.canvas.carried.layer === null")
    visitor.assert_fine()


def dot(page: Page, point: int) -> dict[str, float]:
    """Where a point of the warp is on its plane, in pixels."""
    return page.locator(".warp-host").evaluate(
        """({ canvas: { view, plane, canvas } }, i) => {
            const unit = canvas.now.clientWidth / (2 * view.half), [x, y] = plane.points.subarray(2 * i);
            return { x: (x - view.x + view.half) * unit, y: (view.y + view.half - y) * unit };
        }""",
        point,
    )


def test_a_click_keeps_a_point_and_a_second_one_lets_it_go(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/affine_couplings", wait=".warp-host[data-ready=true]", reduced_motion="reduce")
    page, plane, host = (
        visitor.page,
        visitor.page.locator('.warp [data-panel="now"]'),
        visitor.page.locator(".warp-host"),
    )
    expect(page.locator(".warp [data-say=reading]")).to_contain_text("Point at a dot")
    plane.click(position=dot(page, 3))
    page.mouse.move(0, 0)
    expect(page.locator(".warp .total")).to_be_visible()
    kept = int(picture(page)["kept"])
    assert kept >= 0, "the point clicked, or one on top of it"
    page.get_by_role("slider", name="layer", exact=True).press("Home")
    page.wait_for_selector('.warp-host[data-stage="0.00"]')
    expect(page.locator(".warp .here")).to_contain_text("log N(z)")
    plane.click(position=dot(page, kept))
    rests(plane)
    other = picture(page)["kept"]
    if other != "-1":  # another dot lies nearer to that pixel: it is kept in its place, and let go
        plane.click(position=dot(page, kept))
    expect(host).to_have_attribute("data-kept", "-1")
    expect(page.locator(".warp .total")).to_be_hidden()
    visitor.assert_fine()


def test_on_a_phone_hints_speak_of_taps_and_buttons_say_what_they_show(server: Server, visit: Visit) -> None:
    calm = {**PHONE, "reduced_motion": "reduce"}
    visitor = visit(f"{server.url}/affine_couplings", wait=".warp-host[data-ready=true]", **calm)
    page, reading = visitor.page, visitor.page.locator(".warp [data-say=reading]")
    expect(reading).to_contain_text("Tap a dot")
    page.get_by_role("button", name="contours").tap()
    expect(reading).to_have_text("contours: lines of equal density, one nat apart")
    page.locator('.warp [data-panel="now"]').tap(position=dot(page, 3))
    expect(page.locator(".warp .total")).to_be_visible()
    assert too_wide(visitor) <= 0
    visitor.assert_fine()


def test_what_makes_no_sense_in_a_link_to_a_flow_is_left_out(server: Server, visit: Visit) -> None:
    wrong = "layer=9&at=99999&show=density+stretch&zoom=1+2&way=up"
    end = '.warp-host[data-stage="4.00"][data-playing="false"]'
    visitor = visit(f"{server.url}/affine_couplings?{wrong}", wait=end)
    assert set(visitor.page.locator(".warp-host").evaluate("e => Object.values(e.canvas.carried)")) == {None}
    visitor.assert_fine()


def test_a_flow_bends_while_it_trains_and_both_sliders_move_it(server: Server, visit: Visit) -> None:
    visitor = visit(train_page(server, "affine_couplings", steps=20_000), wait=".trainer[data-state=none]")
    page = visitor.page
    page.wait_for_selector(".picture[data-ready=true]")
    first = shot(page)
    press(page, "train")
    wait(page, "running")
    now = until(page, lambda d: int(d["frames"]) > 3)
    assert shot(page) != first
    page.locator(".trainer .film input").press("Home")
    until(page, lambda d: d["view"] == "film" and d["shown"] == "0")
    page.wait_for_selector('.picture[data-stage="4.00"]')
    page.get_by_role("slider", name="layer", exact=True).press("ArrowLeft")  # while the film is at its beginning
    page.wait_for_selector('.picture[data-stage="3.00"]')
    assert data(page)["view"] == "film"
    page.locator('.trainer [data-do="now"]').click()
    until(page, lambda d: d["view"] == "now" and int(d["shown"]) >= int(now["shown"]))
    assert picture(page)["stage"] == "3.00"
    page.reload()
    page.wait_for_selector(".trainer[data-state=running]")
    press(page, "pause")
    wait(page, "paused")
    page.wait_for_timeout(500)
    here = int(data(page)["step"])
    assert here >= int(now["step"])
    press(page, "step")
    until(page, lambda d: int(d["step"]) == here + 1)
    press(page, "reset")
    wait(page, "none")
    visitor.assert_fine()


def test_points_drawn_by_mouse_become_the_data_that_are_learnt(server: Server, visit: Visit) -> None:
    visitor = visit(train_page(server, "affine_couplings", steps=20_000), wait=".trainer[data-state=none]")
    page = visitor.page
    page.get_by_role("button", name="Draw or upload your own data").click()
    pad = page.locator(".pad canvas")
    drag(page, pad, [(0.1, 0.85), (0.9, 0.85)])
    page.wait_for_selector(".pad[data-points]")
    page.get_by_role("button", name="Use these data").click()
    expect(pad).to_have_count(0)
    expect(page.get_by_role("combobox", name="data")).to_have_value("your own")
    press(page, "train")
    wait(page, "running")
    until(page, lambda d: int(d["frames"]) > 1)
    heights = page.locator(".trainer").evaluate("e => [...e.canvas.picture.target.data.data].filter((v, i) => i % 2)")
    assert all(abs(y + 2.24) < 0.5 for y in heights), "the data in the picture are the line that was drawn"
    press(page, "reset")
    wait(page, "none")
    visitor.assert_fine()


def test_points_are_drawn_with_a_finger_and_taken_back(server: Server, visit: Visit) -> None:
    visitor = visit(train_page(server, "affine_couplings"), wait=".trainer[data-state=none]", **PHONE)
    page = visitor.page
    page.get_by_role("button", name="Draw or upload your own data").tap()
    pad = page.locator(".pad canvas")
    touch, box = visitor.context.new_cdp_session(page), where(pad)
    for kind, x in (("touchStart", 0.2), ("touchMove", 0.5), ("touchMove", 0.8), ("touchEnd", None)):
        at = [] if x is None else [{"x": box["x"] + x * box["width"], "y": box["y"] + 0.8 * box["height"]}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
    page.wait_for_selector(".pad[data-points]")
    drawn = page.locator(".pad").get_attribute("data-points")
    assert int(drawn or 0) > 50
    assert too_wide(visitor) <= 0
    use = page.get_by_role("button", name="Use these data")
    expect(use).to_be_enabled()
    page.get_by_role("button", name="Clear").click()
    page.wait_for_selector('.pad[data-points="0"]')
    expect(use).to_be_disabled()
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="data")).to_have_value("two moons")
    assert too_wide(visitor) <= 0
    visitor.assert_fine()


BAD = {
    "a PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "no table"),
    "one column": (b"1\n2\n3\n" * 20, "a point needs two"),
    "letters": (b"x,y\n" + b"1,2\n2,b\n3,4\n" * 20, "'b' is no number"),
    "three rows": (b"1,2\n3,4\n5,7\n", "at least 20"),
}


def test_a_table_is_uploaded_and_bad_ones_change_nothing(server: Server, visit: Visit) -> None:
    visitor = visit(train_page(server, "affine_couplings"), wait=".trainer[data-state=none]")
    page = visitor.page
    page.get_by_role("button", name="Draw or upload your own data").click()
    quiet(visitor)  # nobody chooses a file before the dialog has opened
    upload = page.get_by_role("dialog").locator('input[type="file"]')

    def give(
        content: bytes,
    ) -> None:  # under a name of its own: what is said of the last file must not pass for its answer
        name = f"{len(content)}.csv"
        upload.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
        expect(page.get_by_text(name)).to_be_visible()
        quiet(visitor)

    for name, (content, words) in BAD.items():
        give(content)
        expect(page.get_by_role("alert").filter(has_text=words), name).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("combobox", name="data")).to_have_value("two moons")
    page.get_by_role("button", name="Draw or upload your own data").click()
    expect(page.get_by_role("dialog")).to_have_count(1)
    quiet(visitor)
    give(b"x;y\n" + b"".join(b"%d;-3.5\n%d;-4.5\n" % (i, i) for i in range(60)))
    expect(page.get_by_text("The points are read")).to_be_visible()
    page.get_by_role("button", name="Use these data").click()
    expect(page.get_by_role("combobox", name="data")).to_have_value("your own")
    visitor.assert_fine()


def test_a_density_drawn_by_hand_is_learnt_down_to_its_entropy(server: Server, visit: Visit) -> None:
    visitor = visit(train_page(server, "change_of_variables", steps=300), wait=".trainer[data-state=none]")
    page = visitor.page

    def said(name: str) -> float:
        return float(page.locator(f'.line [data-say="{name}"]').inner_text().split()[0].replace("−", "-"))

    page.wait_for_selector(".picture[data-ready=true]")
    before = said("entropy")
    page.get_by_role("button", name="Draw your own density").click()
    page.get_by_role("button", name="Clear").click()
    drag(page, page.locator(".l-pad"), [(0.3, 0.95), (0.35, 0.3), (0.6, 0.2), (0.7, 0.95)])
    expect(page.get_by_role("combobox", name="density μ")).to_have_value("your own")
    expect(page.locator('.line [data-say="entropy"]')).not_to_have_text(f"{before:.3f} nats")
    gap = said("difference")
    press(page, "train")
    wait(page, "done")
    until(page, lambda d: d["shown"] == "300")
    rests(page.locator(".line"))  # the picture has morphed to the last frame
    assert -0.01 < said("difference") < min(0.1, gap / 3)
    visitor.assert_fine()


def mark(page: Page, canvas: str, name: str) -> tuple[float, float]:
    """Where a mark of the layer in hand is on the screen."""
    box = where(page.locator(f'.hands [data-panel="{canvas}"]'))
    x, y = page.locator(".hands-host").evaluate(
        """(e, [canvas, name]) => {
            const reach = e.canvas.reach(canvas), [x, y] = e.canvas.marks(canvas).find((one) => one.name === name).at;
            return [(x / reach + 1) / 2, (1 - y / reach) / 2];
        }""",
        [canvas, name],
    )
    return box["x"] + x * box["width"], box["y"] + y * box["height"]


def test_a_layer_bends_in_the_hand_and_springs_back(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/planar_flow?mode=look&layer=3", wait='.hands-host[data-ready=true][data-layer="3"]')
    page = visitor.page
    page.locator(".hands").scroll_into_view_if_needed()
    back = page.get_by_role("button", name="Trained values")
    expect(back).to_be_disabled()
    trained = page.locator(".hands-host").get_attribute("data-values")
    values = page.locator(".hands-host")
    x, y = mark(page, "before", "line")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 40, y + 30, steps=4)
    page.mouse.up()
    expect(values).not_to_have_attribute("data-values", trained or "")
    now = mark(page, "before", "line")
    assert abs(now[0] - x) + abs(now[1] - y) > 5
    carried = values.evaluate("e => e.canvas.carried.hand")
    back.click()
    expect(values).to_have_attribute("data-values", trained or "")
    assert values.evaluate("e => e.canvas.carried.hand") is None
    page.goto(f"{server.url}/planar_flow?mode=look&layer=3&hand={carried.replace(' ', '+')}")
    page.wait_for_selector(".hands-host[data-ready=true]")
    assert values.evaluate("e => e.canvas.carried.hand") == carried
    visitor.assert_fine()


def test_a_knot_is_dragged_with_a_finger_and_moved_by_keys(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/spline_flow?mode=look", wait=".hands-host[data-ready=true]", **PHONE)
    page = visitor.page
    knot = "e => e.canvas.marks('curve').find((mark) => mark.name === 'knot 4').at"
    before = page.locator(".hands-host").evaluate(knot)
    touch, (x, y) = visitor.context.new_cdp_session(page), mark(page, "curve", "knot 4")
    for kind, down in (("touchStart", 0), ("touchMove", 8), ("touchMove", 16), ("touchEnd", None)):
        at = [] if down is None else [{"x": x, "y": y + down}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})
    after = page.locator(".hands-host").evaluate(knot)
    assert after[1] < before[1] - 0.2 and abs(after[0] - before[0]) < 0.05
    page.locator('.hands [data-panel="curve"]').focus()
    page.keyboard.press("ArrowUp")
    assert page.locator(".hands-host").evaluate(knot)[1] == pytest.approx(after[1] + 0.05, abs=1e-6)
    assert too_wide(visitor) <= 0
    visitor.assert_fine()


def test_looking_inside_measures_both_ways(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/maf?mode=look", wait=".maps[data-ready]")
    expect(visitor.page.get_by_role("cell", name=re.compile(r"^[\d.]+ ms, 64 passes$"))).to_have_count(2)
    visitor.assert_fine()
