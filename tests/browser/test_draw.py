"""The Draw panel in a real browser: hands draw, the model completes, and nothing that was drawn is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Server, Visitor
from tests.browser.patience import where
from tests.browser.test_watch import refuse, shipped
from tests.data.test_pictures import BAD, GOOD

Visit = Callable[..., Visitor]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
HALF_A_SEVEN = [(0.3, 0.15), (0.7, 0.15), (0.5, 0.4)]  # parts of the canvas, right and down

pytestmark = [pytest.mark.browser, shipped("gated-pixelcnn-digits", "pixelcnn-digits", "gated-pixelcnn-mnist-binary")]


def opened(visitor: Visitor) -> Locator:
    """The panel, with its completions scored."""
    root = visitor.page.locator(".draw.ready")
    root.wait_for()
    expect(root.locator('[data-say="title"]')).to_have_text(re.compile("likeliest first|nothing is"))
    return root


def ink(root: Locator) -> int:
    return int(root.get_attribute("data-ink") or -1)


def unknown(root: Locator) -> int:
    return int(root.get_attribute("data-unknown") or -1)


def places(root: Locator, points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    paper = root.locator('[data-panel="paper"]')
    box = where(paper)
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]


def stroke(page: Page, root: Locator, points: list[tuple[float, float]]) -> None:
    """With the mouse."""
    first, *rest = places(root, points)
    page.mouse.move(*first)
    page.mouse.down()
    for x, y in rest:
        page.mouse.move(x, y, steps=6)
    page.mouse.up()


def completed(root: Locator, before: str | None) -> None:
    """Waits for the completions of another drawing."""
    expect(root).not_to_have_attribute("data-identity", before or "")
    expect(root.locator('[data-say="title"]')).to_have_text(re.compile("likeliest first|nothing is"))


def log_probs(root: Locator) -> list[float]:
    """What stands below the completions, in the order in which they are seen."""
    tiles = root.locator("[data-completion]").evaluate_all(
        "tiles => tiles.map((tile) => tile.querySelector('small').textContent)"
    )
    return [float(text.split()[0].replace("−", "-")) for text in tiles]


def test_it_opens_with_half_a_digit_completed_and_the_mouse_draws_another(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/gated_pixelcnn?mode=draw&model=gated-pixelcnn-digits")
    root, page = opened(visitor), visitor.page
    assert unknown(root) == 32
    told = log_probs(root)
    assert len(told) == 12 and told == sorted(told, reverse=True)
    expect(root.locator(".bars")).to_have_attribute("aria-label", re.compile(r"^0: \d+ %, .* 9: \d+ %$"))
    expect(root.locator('[data-say="score"]')).to_have_text(re.compile(r"−log p = \d+\.\d nats"))

    first = root.get_attribute("data-identity")
    root.get_by_role("button", name="clear").click()
    assert ink(root) == 0 and unknown(root) == 32
    completed(root, first)
    before = root.get_attribute("data-identity")
    stroke(page, root, HALF_A_SEVEN)
    drawn = ink(root)
    assert drawn > 4 * 255
    completed(root, before)
    assert log_probs(root) != told

    root.get_by_role("button", name="erase").click()
    stroke(page, root, HALF_A_SEVEN[:2])
    assert ink(root) < drawn
    root.get_by_role("button", name="unknown", exact=True).click()
    stroke(page, root, [(0.1, 0.05), (0.9, 0.05)])
    assert unknown(root) > 32
    for _ in range(2):
        root.get_by_role("button", name="undo").click()
    assert (ink(root), unknown(root)) == (drawn, 32)
    page.keyboard.press("Control+z")
    assert ink(root) == 0
    visitor.assert_fine()


def test_a_finger_draws_on_a_phone_and_nothing_scrolls(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?mode=draw&model=pixelcnn-digits", **PHONE)
    root, page = opened(visitor), visitor.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    root.get_by_role("button", name="clear").click()
    before, touch = root.get_attribute("data-identity"), visitor.context.new_cdp_session(page)
    at = places(root, HALF_A_SEVEN)
    top = root.locator("canvas").first.bounding_box()
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": at[0][0], "y": at[0][1]}]})
    for x, y in at[1:]:
        touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y}]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    assert ink(root) > 4 * 255
    assert root.locator("canvas").first.bounding_box() == top
    completed(root, before)
    visitor.assert_fine()


def test_a_completion_is_opened_and_its_trace_shows_what_was_known(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/gated_pixelcnn?mode=draw&model=gated-pixelcnn-digits", reduced_motion="reduce")
    root = opened(visitor)
    best = root.locator("[data-completion]").first
    best.click()
    player = visitor.page.locator(".player.ready")
    expect(player).to_have_attribute("data-total", "64")
    expect(player).to_be_in_viewport()
    expect(best).to_have_attribute("aria-pressed", "true")
    player.focus()
    visitor.page.keyboard.press("End")
    expect(player).to_have_attribute("data-step", "64")
    drawn = float(player.locator('[data-say="nats"]').inner_text())
    assert 0 < drawn < -log_probs(root)[0]  # what it drew costs less than the whole image
    best.click()
    expect(player).to_have_count(0)
    visitor.assert_fine()


def test_known_pixels_below_the_hole_are_said_to_be_unseen(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?mode=draw&model=pixelcnn-digits")
    root = opened(visitor)
    note = root.locator('[data-say="raster"]')
    expect(note).to_contain_text("Every known pixel comes before it")
    before = root.get_attribute("data-identity")
    root.get_by_role("button", name="upper half").click()
    completed(root, before)
    expect(note).to_contain_text("32 known pixels lie after the first unknown one and are not heard")
    before = root.get_attribute("data-identity")
    root.get_by_role("button", name="example: a horse").click()
    root.get_by_role("button", name="nothing").click()
    completed(root, before)
    expect(root.locator('[data-say="score-note"]')).to_contain_text("the whole image")
    expect(root.locator(".scale")).to_contain_text("your drawing")
    visitor.assert_fine()


def test_particles_hear_the_known_pixels_below_and_stand_beside_the_ordinary_completions(
    server: Server, visit: Visit
) -> None:
    visitor = visit(f"{server.url}/gated_pixelcnn?mode=draw&model=gated-pixelcnn-digits")
    root, page = opened(visitor), visitor.page
    note, heard = root.locator('[data-say="raster"]'), root.locator(".heard > *")
    expect(root.get_by_role("button", name="hear them")).to_be_hidden()
    root.get_by_role("button", name="particles", exact=True).click()
    expect(note).to_contain_text("Every known pixel comes before it")  # and nothing more could be heard
    expect(heard).to_have_count(0)
    root.get_by_role("button", name="raster order").click()
    before = root.get_attribute("data-identity")
    root.get_by_role("button", name="upper half").click()
    completed(root, before)
    root.get_by_role("button", name="hear them").click()
    expect(note).to_have_text(re.compile(r"All known pixels are heard: log p\(known\) ≈ −\d+\.\d nats"))
    expect(heard).to_have_count(12)
    expect(root.locator("[data-completion]")).to_have_count(12)
    expect(root.locator('[data-say="heard"]')).to_have_text("particles (SMC): 12 of 64, likeliest first")
    told = [float(text.split()[0].replace("−", "-")) for text in heard.locator("small").all_inner_texts()]
    assert told == sorted(told, reverse=True)
    assert sum(told) > sum(log_probs(root))  # the seam fits
    heard.first.click()
    player = page.locator(".player.ready")
    expect(player).to_have_attribute("data-total", "64")
    expect(heard.first).to_have_attribute("aria-pressed", "true")
    heard.first.click()
    expect(player).to_have_count(0)
    expect(page).to_have_url(re.compile("how=particles"))
    for name in ("ess", "genealogy"):
        colours = root.locator(f'[data-panel="{name}"]').evaluate(
            "c => new Set(new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)).size"
        )
        assert colours > 2, name
    page.reload()
    expect(note).to_contain_text("All known pixels are heard")  # the link has it
    root.get_by_role("button", name="raster order").click()
    expect(note).to_contain_text("are not heard")
    expect(heard.first).to_be_hidden()
    visitor.assert_fine()


def test_the_lines_of_a_genealogy_lead_back_from_who_is_shown(modules: Callable[..., Page]) -> None:
    page = modules("pixels/canvas/genealogy")
    # Of four places: first 1 and 2 come from 0, then 3 comes from 1.
    script = "lines(Uint8Array.from([0, 0, 0, 3, 0, 1, 2, 1]), 4, [3, 2]).map((places) => [...places].sort())"
    assert page.evaluate(script) == [[0], [1, 2], [2, 3]]


def test_a_drawing_survives_models_modes_pages_and_a_reload(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/gated_pixelcnn?mode=draw&model=gated-pixelcnn-mnist-binary")
    page, root = visitor.page, visitor.page.locator(".draw.ready")
    root.wait_for()
    root.get_by_role("button", name="clear").click()
    stroke(page, root, HALF_A_SEVEN)
    drawn = ink(root)
    assert drawn > 0 and drawn % 255 == 0  # hard ink
    page.wait_for_url(re.compile("drawing=28"))
    page.get_by_text("How it works", exact=True).click()
    expect(root).to_have_count(0)
    page.reload()
    page.get_by_text("Draw", exact=True).click()
    root.wait_for()
    assert ink(root) == drawn
    page.get_by_role("link", name="PixelCNN", exact=True).click()
    expect(page.get_by_role("heading", name="PixelCNN", exact=True)).to_be_visible()
    page.get_by_text("Draw", exact=True).click()
    root.wait_for()
    assert ink(root) == drawn and unknown(root) > 300
    stroke(page, root, [(0.2, 0.1), (0.25, 0.4)])
    assert ink(root) % 255  # soft ink for grey levels
    visitor.assert_fine()


def test_a_link_with_a_damaged_drawing_says_so(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/gated_pixelcnn?mode=draw&model=gated-pixelcnn-digits&drawing=28.nonsense")
    root = opened(visitor)
    expect(visitor.page.get_by_text("The drawing in this link is damaged")).to_be_visible()
    assert unknown(root) == 32
    visitor.assert_fine()


def test_pictures_are_uploaded_and_bad_ones_get_a_sentence(server: Server, visit: Visit, tmp_path: Path) -> None:
    visitor = visit(f"{server.url}/gated_pixelcnn?mode=draw&model=gated-pixelcnn-digits")
    root, page = opened(visitor), visitor.page
    before = ink(root)
    page.get_by_role("button", name="Upload", exact=True).click()
    for k, name in enumerate(("a PDF named .png", "10,000 × 10,000", "1 × 1", "truncated jpeg")):
        data, words = BAD[name]
        bad = tmp_path / f"picture{k}.png"
        bad.write_bytes(data)
        page.locator('input[type="file"]').set_input_files(bad)
        said = page.get_by_test_id("stToastText").get_by_text(re.compile(re.escape(words)))
        expect(said).to_be_in_viewport()
        assert ink(root) == before
    good = tmp_path / "three.png"
    good.write_bytes(GOOD["transparent"])
    identity = root.get_attribute("data-identity")
    page.locator('input[type="file"]').set_input_files(good)
    completed(root, identity)
    assert ink(root) != before and unknown(root) == 0
    visitor.assert_fine()


@pytest.mark.parametrize("name", ["completions", "score"])
def test_of_two_questions_the_one_that_is_refused_is_told(server: Server, visit: Visit, name: str) -> None:
    visitor = visit("about:blank", wait="html")
    page = visitor.page
    refuse(page, name)
    page.goto(f"{server.url}/gated_pixelcnn?mode=draw&model=gated-pixelcnn-digits")
    root = page.locator(".draw.ready")
    answered = '[data-say="score"]' if name == "completions" else '[data-say="title"]'
    expect(root.locator(answered)).to_have_text(re.compile("nats|likeliest first"))
    expect(root.get_by_role("alert")).to_have_text("It is too warm today.")
    expect(root.locator(".grid")).to_be_hidden()
    expect(root.locator('[data-panel="paper"]')).to_be_visible()
    page.unroute_all()
    visitor.assert_fine()


def test_a_link_shows_the_completion_that_is_watched(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/gated_pixelcnn?model=gated-pixelcnn-digits&mode=draw&category=7&watched=3&step=40")
    root, player = opened(visitor), visitor.page.locator(".player.ready")
    expect(player).to_have_attribute("data-step", "40")
    expect(root.locator('[aria-pressed="true"][data-completion]')).to_have_attribute("data-completion", "2")
    expect(player).to_contain_text("class 7")
    assert root.evaluate("e => e.canvas.carried") == {"watched": 3}
    visitor.page.goto(f"{server.url}/gated_pixelcnn?model=gated-pixelcnn-digits&mode=draw&watched=25")
    expect(opened(visitor).locator('[aria-pressed="true"][data-completion]')).to_have_count(0)
    visitor.assert_fine()


def test_what_is_said_of_an_old_drawing_is_faint(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/gated_pixelcnn?model=gated-pixelcnn-digits&mode=draw")
    root = opened(visitor)
    expect(root).not_to_have_class(re.compile(r"\bold\b"))
    first, *rest = places(root, HALF_A_SEVEN)
    visitor.page.mouse.move(*first)
    visitor.page.mouse.down()
    visitor.page.mouse.move(*rest[0], steps=4)
    expect(root).to_have_class(re.compile(r"\bold\b"))
    expect(root.locator(".classes")).to_have_css("opacity", "0.3")
    visitor.page.mouse.up()
    expect(root).not_to_have_class(re.compile(r"\bold\b"))
    expect(root.locator(".classes")).to_have_css("opacity", "1")
    visitor.assert_fine()
