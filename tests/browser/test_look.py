"""Look inside in a real browser: what is dragged, all maps follow at once, and Python hears of it when it is let go."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, WebSocket, WebSocketRoute, expect

from genlab.figures.colours import DARK
from genlab.figures.maps import rgba
from tests.browser.conftest import Server, Visitor
from tests.browser.patience import becomes, where
from tests.browser.test_shell import quiet
from tests.browser.test_watch import refuse, shipped

pytestmark = [pytest.mark.browser, shipped("pixelcnn-digits", "nvp-2d")]
Visit = Callable[..., Visitor]
DIGITS = "pixelcnn?mode=look&model=pixelcnn-digits"


def maps(page: Page, name: str) -> Locator:
    """The maps of a panel."""
    return page.locator(f'[class*="look-figure-{name}"] .maps')


def opened(page: Page, *names: str) -> None:
    """Waits until the maps of some panels are there."""
    for name in names:
        expect(maps(page, name)).to_have_attribute("data-ready", "true")


def at(place: Locator, row: int, column: int, size: int = 8) -> tuple[float, float]:
    """Where a pixel lies on a map, on the screen."""
    box = where(place)
    return box["x"] + (column + 0.5) * box["width"] / size, box["y"] + (row + 0.5) * box["height"] / size


def dots(page: Page, name: str) -> list[tuple[int, int]]:
    """Row and column of the dots on the maps of a panel, on an 8×8 image."""
    dot = "(all) => all.map(({style}) => [style.top, style.left].map((part) => Math.floor(parseFloat(part) * 8 / 100)))"
    return [(row, column) for row, column in maps(page, name).locator(".dot").evaluate_all(dot)]


def listening(visitor: Visitor) -> list[str]:
    """Fills with what the page says to Streamlit from now on."""
    said: list[str] = []

    def heard(socket: WebSocket) -> None:
        if not socket.url.endswith("/wire"):
            socket.on("framesent", lambda _: said.append(socket.url))

    visitor.page.on("websocket", heard)
    return said


def test_all_maps_follow_the_pixel_that_is_dragged_on_one(server: Server, visit: Visit) -> None:
    visitor = visit("about:blank", wait="html")
    page, said = visitor.page, listening(visitor)
    page.goto(f"{server.url}/{DIGITS}")
    follow = ("receptive_field", "code", "recomputed")
    opened(page, *follow)
    quiet(visitor)
    page.evaluate("""() => { window.taken = 0; new MutationObserver((all) => all.forEach((m) =>
        m.removedNodes.forEach((n) => { if (n.querySelector?.('canvas, .sheet')) window.taken += 1; })))
        .observe(document.body, {childList: true, subtree: true}); }""")
    sheet = maps(page, "receptive_field").locator(".sheet")
    row, column = page.get_by_role("slider", name="row"), page.get_by_role("slider", name="column")
    page.mouse.move(*at(sheet, 7, 7))
    said.clear()
    page.mouse.down()
    for place in ((5, 5), (2, 1)):
        page.mouse.move(*at(sheet, *place), steps=4)
        for name in follow:
            expect(maps(page, name)).to_have_attribute("data-shown", f"{place[0]} {place[1]}")
            assert set(dots(page, name)) == {place}
        expect(row).to_have_value(str(place[0]))
        expect(column).to_have_value(str(place[1]))
    expect(maps(page, "receptive_field").locator(".sentence")).to_contain_text("of the 17 pixels before it")
    expect(maps(page, "code").locator("figcaption span").nth(3)).to_have_text("1 at the red pixel")  # row 2, bit 2
    page.wait_for_timeout(600)
    assert not said, "Streamlit hears of it when it is let go"
    assert "row" not in page.url
    page.mouse.up()
    expect(page).to_have_url(re.compile(r"row=2&column=1|column=1&row=2"))
    reading = maps(page, "receptive_field").locator(".reading")
    expect(reading).to_have_text("row 2, column 1: 0, the predicted pixel")  # the pointer rests, the maps are new
    quiet(visitor)
    assert len(said) == 1, "and once"
    assert page.evaluate("window.taken") == 0
    page.reload()
    opened(page, *follow)
    expect(maps(page, "recomputed")).to_have_attribute("data-shown", "2 1")
    visitor.assert_fine()


def test_a_slider_and_the_arrow_keys_move_the_pixel_too(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/{DIGITS}")
    page = visitor.page
    opened(page, "receptive_field", "recomputed")
    row = page.get_by_role("slider", name="row")
    row.fill("6")
    expect(maps(page, "receptive_field")).to_have_attribute("data-shown", "6 4")
    page.wait_for_url(re.compile("row=6"))
    page.keyboard.press("Tab")
    sheet = maps(page, "recomputed").locator(".sheet").first
    sheet.focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowLeft"):
        page.keyboard.press(key)
    expect(row).to_have_value("4")
    expect(maps(page, "receptive_field")).to_have_attribute("data-shown", "4 3")
    page.wait_for_url(lambda url: "row" not in url and "column=3" in url)  # row 4 is the default
    row.fill("6")  # as before: what the sliders said last is not what the page says
    page.wait_for_url(re.compile("row=6"))
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the numbers (.npz)").first.click()
    field = np.load(download.value.path())["field"]
    assert (field.flatten()[6 * 8 + 3 :] == 0).all() and field[6, 2] > 0
    with page.expect_download() as download:
        maps(page, "receptive_field").get_by_role("button", name="Save picture").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    visitor.assert_fine()


def test_what_stands_elsewhere_has_a_place_of_its_own(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/{DIGITS}")
    page = visitor.page
    opened(page, "blind", "receptive_field")
    expect(maps(page, "blind").locator(".sentence")).to_have_text(
        re.compile("of 4 layers, one stack can never use 12;")
    )
    page.get_by_role("slider", name="layers").fill("2")
    expect(maps(page, "blind").locator(".sentence")).to_have_text(re.compile("of 2 layers, one stack can never use "))
    page.wait_for_url(re.compile("layers=2"))
    expect(maps(page, "receptive_field")).to_have_attribute("data-shown", "4 4")
    visitor.assert_fine()


def test_another_model_has_pixels_of_its_own(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?mode=look&row=20&column=3")
    page = visitor.page
    opened(page, "receptive_field")
    expect(maps(page, "receptive_field")).to_have_attribute("data-shown", "20 3")
    page.get_by_role("combobox", name="model").click()
    page.get_by_role("option", name=re.compile("8×8")).first.click()
    expect(maps(page, "receptive_field")).to_have_attribute("data-shown", "7 3")
    expect(page.get_by_role("slider", name="row")).to_have_attribute("max", "7")
    assert dots(page, "receptive_field") == [(7, 3)]
    visitor.assert_fine()


def test_while_an_answer_is_on_its_way_only_the_newest_place_waits(server: Server, visit: Visit) -> None:
    visitor = visit("about:blank", wait="html")
    page, held, asked, holds = visitor.page, [], [], [False]

    def connect(route: WebSocketRoute) -> None:
        wire = route.connect_to_server()

        def ask(message: str | bytes) -> None:
            if (said := json.loads(message)).get("question", {}).get("name") == "receptive_field":
                asked.append((said["question"]["row"], said["question"]["column"]))
            wire.send(message)

        route.on_message(ask)
        wire.on_message(lambda message: held.append((route, message)) if holds[0] else route.send(message))

    page.route_web_socket(re.compile("/wire$"), connect)
    page.goto(f"{server.url}/{DIGITS}")
    opened(page, "receptive_field", "code", "recomputed")
    sheet = maps(page, "receptive_field").locator(".sheet")
    page.mouse.move(*at(sheet, 7, 7))
    asked.clear()
    holds[0] = True
    page.mouse.down()
    for column in (6, 5, 4, 3):
        page.mouse.move(*at(sheet, 7, column))
        page.wait_for_timeout(50)
    expect(maps(page, "receptive_field")).to_have_attribute("data-shown", "4 4")
    said = maps(page, "receptive_field").locator(".reading")
    expect(said).to_have_text("row 7, column 3")  # no value: those that are seen belong to another pixel
    assert asked == [(7, 7)]
    holds[0] = False
    for route, message in held:
        route.send(message)
    expect(maps(page, "receptive_field")).to_have_attribute("data-shown", "7 3")
    expect(said).to_have_text("row 7, column 3: 0, the predicted pixel")
    assert asked == [(7, 7), (7, 3)]
    page.mouse.up()
    page.wait_for_url(re.compile("row=7"))
    visitor.assert_fine()


def test_what_is_refused_is_said_where_the_maps_were(server: Server, visit: Visit) -> None:
    visitor = visit("about:blank", wait="html")
    page = visitor.page
    refuse(page, "recomputed")
    page.goto(f"{server.url}/{DIGITS}")
    opened(page, "receptive_field")
    expect(maps(page, "recomputed").get_by_role("alert")).to_have_text("It is too warm today.")
    expect(maps(page, "recomputed").get_by_role("button", name="Save picture")).to_be_hidden()
    expect(maps(page, "receptive_field").locator("canvas").first).to_be_visible()
    visitor.assert_fine()


def test_the_fields_follow_the_layer_that_is_dragged(server: Server, visit: Visit) -> None:
    visitor = visit("about:blank", wait="html")
    page, said = visitor.page, listening(visitor)
    page.goto(f"{server.url}/affine_couplings?mode=look")
    opened(page, "layer", "six")
    quiet(visitor)
    layer, sentence = page.get_by_role("slider", name="layer"), maps(page, "layer").locator(".sentence")
    expect(sentence).to_contain_text("Layer 1 of 4, masked coupling. It keeps x₁")
    field, jacobian = (maps(page, "layer").locator("canvas:not(.over)").nth(k) for k in (0, -1))
    pixels = "(c) => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data]"
    before, box = (field.evaluate(pixels), jacobian.evaluate(pixels)), where(layer)
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, y)
    said.clear()
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.35, y, steps=3)
    expect(sentence).to_contain_text("Layer 2 of 4")
    assert field.evaluate(pixels) != before[0] and jacobian.evaluate(pixels) != before[1]
    page.mouse.move(box["x"] + box["width"] - 5, y, steps=3)
    expect(sentence).to_contain_text("Layer 4 of 4, masked coupling. It keeps x₁")
    page.wait_for_timeout(300)
    assert not said and "layer" not in page.url
    page.mouse.up()
    page.wait_for_url(re.compile("layer=4"))
    maps(page, "layer").locator(".sheet").first.hover()
    reading = maps(page, "layer").locator(".reading")
    expect(reading).to_have_text(re.compile(r"^x₁ −?0\.\d\d, x₂ −?0\.\d\d: −?\d"))
    matrix = maps(page, "layer").locator(".sheet").last
    matrix.hover(position={"x": 165, "y": 165})
    expect(reading).to_have_text("∂y₁ / ∂x₁ = 1")  # this layer keeps it
    visitor.assert_fine()


def test_colours_are_those_of_the_theme(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/nice?mode=look", color_scheme="dark")
    opened(visitor.page, "layer")
    flat = maps(visitor.page, "layer").locator("canvas:not(.over)").first  # log |det J| of what only slides
    colour = "(c) => [...c.getContext('2d').getImageData(9, 9, 1, 1).data]"
    assert tuple(flat.evaluate(colour)) == rgba(DARK.paper)
    visitor.page.emulate_media(color_scheme="light")
    handle = flat.element_handle()
    visitor.page.wait_for_function(f"(c) => ({colour})(c)[0] === 255", arg=handle)
    visitor.assert_fine()


def test_the_way_of_a_prediction_follows_the_pixel_and_fills_the_screen(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/gated_pixelcnn?model=gated-pixelcnn-digits&mode=look&row=2&column=3")
    page = visitor.page
    opened(page, "path", "kernels")
    path = maps(page, "path")
    expect(path.locator(".sentence")).to_contain_text("16 pixels of the rows above")
    expect(path.locator(".sentence")).to_contain_text("3 to the left")
    page.locator('.dials-host input[type="range"]').first.fill("1")
    expect(path.locator(".sentence")).to_contain_text("8 pixels of the rows above")
    sheet = path.locator(".sheet").first
    width = where(sheet)["width"]
    path.get_by_role("button", name="full screen").click()
    page.wait_for_function("document.fullscreenElement")
    becomes(page, lambda: where(sheet)["width"], lambda wider: wider > 1.4 * width)
    page.keyboard.press("Escape")
    visitor.assert_fine()
