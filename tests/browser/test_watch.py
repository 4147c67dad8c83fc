"""The Watch panel in a real browser: it moves by itself, and whatever moves can be stopped, stepped and asked."""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Callable

import numpy as np
import pytest
import torch
from PIL import Image
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

import genlab
from genlab.catalog import entry
from genlab.data.drawing import Drawing
from genlab.views.pack import pack
from tests.browser.conftest import Server, Visitor
from tests.browser.patience import rests, where

Visit = Callable[..., Visitor]


def shipped(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not all(entry(name).shipped for name in names), reason=f"needs the weights of {names}")


pytestmark = [pytest.mark.browser, shipped("pixelcnn-digits")]


def opened(visitor: Visitor) -> Locator:
    """The player, once it shows something."""
    root = visitor.page.locator(".player.ready")
    root.wait_for()
    expect(root).to_have_attribute("data-step", re.compile(r"\d+"))
    return root


def number(root: Locator, name: str) -> int:
    return int(root.get_attribute(f"data-{name}") or -1)


def stopped(visitor: Visitor) -> Locator:
    """The player at its first step, paused."""
    root = opened(visitor)
    root.focus()
    visitor.page.keyboard.press("Home")
    expect(root).to_have_attribute("data-step", "0")
    expect(root).to_have_attribute("data-playing", "false")
    return root


def cell(root: Locator, panel: str, position: int, size: int = 8) -> dict[str, float]:
    """Where a pixel of an image lies on its canvas."""
    box = where(root.locator(f'[data-panel="{panel}"]'))
    row, column = divmod(position, size)
    return {"x": (column + 0.5) * box["width"] / size, "y": (row + 0.5) * box["height"] / size}


def colour(root: Locator, panel: str, at: dict[str, float]) -> list[int]:
    """The colour of a canvas at a place."""
    return list(
        root.locator(f'[data-panel="{panel}"]').evaluate(
            "(canvas, at) => Array.from(canvas.getContext('2d').getImageData("
            "at.x * canvas.width / canvas.clientWidth, at.y * canvas.height / canvas.clientHeight, 1, 1).data)",
            at,
        )
    )[:3]


def test_it_moves_by_itself_and_stops_when_asked(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits")
    root = opened(visitor)
    expect(root).to_have_attribute("data-playing", "true")
    visitor.page.wait_for_function("root => +root.dataset.step >= 2", arg=root.element_handle())
    root.get_by_label("play", exact=True).click()
    expect(root).to_have_attribute("data-playing", "false")
    step = number(root, "step")
    time.sleep(0.4)
    assert number(root, "step") == step
    root.get_by_label("one step forward").click()
    expect(root).to_have_attribute("data-step", str(step + 1))
    root.get_by_label("one step back").click()
    root.get_by_label("one step back").click()
    expect(root).to_have_attribute("data-step", str(step - 1))
    visitor.assert_fine()


def test_it_rests_on_the_whole_picture_and_plays_again(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits")
    root = stopped(visitor)
    root.get_by_role("button", name="4×").click()
    root.get_by_label("play", exact=True).click()
    expect(root).to_have_attribute("data-step", "64")
    expect(root).to_have_attribute("data-playing", "false")
    expect(root).to_contain_text("most surprising pixel")
    root.get_by_label("play", exact=True).click()
    expect(root).to_have_attribute("data-playing", "true")
    assert number(root, "step") < 64


def test_where_all_is_known_nothing_surprises(server: Server, visit: Visit) -> None:
    ink = np.zeros((8, 8), np.uint8)
    ink[7, 7] = 255
    known = Drawing(ink, np.ones((8, 8), bool)).encode()
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits&first=drawing&drawing={known}&step=64")
    root = opened(visitor)
    expect(root).to_contain_text("nothing is left to the model")
    expect(root).to_contain_text("no pixel surprises")
    expect(root).not_to_contain_text("most surprising pixel")
    visitor.assert_fine()


def test_it_is_scrubbed_with_the_mouse(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits")
    root = stopped(visitor)
    box = where(root.get_by_label("step", exact=True))
    mouse, y = visitor.page.mouse, box["y"] + box["height"] / 2
    mouse.move(box["x"] + 8, y)
    mouse.down()
    mouse.move(box["x"] + box["width"] / 2, y, steps=8)
    mouse.up()
    expect(root).to_have_attribute("data-step", re.compile("2[89]|3[0-6]"))
    history = root.locator('[data-panel="history"]')
    history.click(position={"x": where(history)["width"] - 5, "y": 20})
    expect(root).to_have_attribute("data-step", "63")


def test_the_keyboard_steps_through_pixels_and_rows(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits")
    root = stopped(visitor)
    for key, step in (("ArrowRight", 1), ("ArrowDown", 9), ("ArrowLeft", 8), ("ArrowUp", 0), ("End", 64), ("Home", 0)):
        visitor.page.keyboard.press(key)
        expect(root).to_have_attribute("data-step", str(step))
    visitor.page.keyboard.press("Space")
    expect(root).to_have_attribute("data-playing", "true")
    visitor.page.keyboard.press("Space")
    expect(root).to_have_attribute("data-playing", "false")


def test_a_pixel_tells_its_posterior_its_value_and_its_surprise(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits")
    root, image = stopped(visitor), None
    image = root.locator('[data-panel="image"]')
    told = root.locator('[data-say="posterior"]')
    image.click(position=cell(root, "image", 28))  # which also goes there
    expect(root).to_have_attribute("data-step", "28")
    expect(told).to_have_text(re.compile(r"row 3, column 4 · will draw \d+"))
    image.hover(position=cell(root, "image", 10))
    expect(told).to_have_text(re.compile(r"row 1, column 2 · drew \d+ · \d+\.\d\d bits"))
    image.hover(position=cell(root, "image", 40))
    expect(told).to_have_text("row 5, column 0 · unknown yet")
    root.locator('[data-panel="known"]').hover(position=cell(root, "known", 9))
    expect(told).to_have_text(re.compile("row 1, column 1 · drew"))
    visitor.assert_fine()


def test_what_is_not_drawn_yet_is_not_shown(server: Server, visit: Visit) -> None:
    """And the paper stays white in the dark."""
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits", color_scheme="dark")
    root = stopped(visitor)
    unknown = colour(root, "image", cell(root, "image", 63))
    assert colour(root, "image", cell(root, "image", 32)) == unknown
    visitor.page.keyboard.press("End")
    expect(root).to_have_attribute("data-step", "64")
    rests(root)
    corners = [colour(root, "image", cell(root, "image", t)) for t in (0, 7, 56)]
    assert unknown not in corners
    assert [255, 255, 255] in corners


def test_sixteen_are_drawn_at_once_and_one_is_looked_at(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits&n=16")
    root = stopped(visitor)
    for _ in range(20):
        visitor.page.keyboard.press("ArrowRight")
    assert (number(root, "n"), number(root, "focus")) == (16, 0)
    before = root.locator('[data-say="nats"]').inner_text()
    box = where(root.locator('[data-panel="image"]'))
    root.locator('[data-panel="image"]').click(position={"x": 0.4 * box["width"], "y": 0.4 * box["height"]})
    expect(root).to_have_attribute("data-focus", "5")
    visitor.page.mouse.move(0, 0)
    expect(root).to_contain_text("posterior of the next pixel")
    expect(root).to_have_attribute("data-step", "20")  # the same step, of another image
    expect(root.locator('[data-say="nats"]')).not_to_have_text(before)
    visitor.page.wait_for_timeout(500)
    expect(root).to_have_attribute("data-step", "20")
    expect(root).to_have_attribute("data-focus", "5")
    visitor.assert_fine()


def test_whoever_wants_less_motion_gets_the_finished_picture(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits", reduced_motion="reduce")
    root = opened(visitor)
    expect(root).to_have_attribute("data-step", "64")
    expect(root).to_have_attribute("data-playing", "false")
    root.focus()
    visitor.page.keyboard.press("Home")
    expect(root).to_have_attribute("data-step", "0")


def test_it_fits_a_phone(server: Server, visit: Visit) -> None:
    visitor = visit(
        f"{server.url}/pixelcnn?model=pixelcnn-digits", viewport={"width": 390, "height": 844}, has_touch=True
    )
    root = stopped(visitor)
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= 390
    play = root.get_by_label("play", exact=True).bounding_box()
    assert play
    assert play["y"] + play["height"] < 844  # what to press is seen without scrolling
    root.locator('[data-panel="image"]').tap(position=cell(root, "image", 20))
    expect(root).to_have_attribute("data-step", "20")
    for panel in ("known", "image", "posterior", "history"):
        box = root.locator(f'[data-panel="{panel}"]').bounding_box()
        assert box
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_on_a_desk_everything_is_above_the_fold(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits")
    root = opened(visitor)
    box = root.bounding_box()
    assert box
    assert box["y"] + box["height"] < 800
    button = visitor.page.get_by_role("button", name="New image").bounding_box()
    assert button
    assert button["y"] + button["height"] <= 800


def test_a_new_image_takes_the_place_of_the_old_one_without_a_blink(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits", reduced_motion="reduce")
    root, page = opened(visitor), visitor.page
    nats = root.locator('[data-say="nats"]')
    before = nats.inner_text()
    watch(page, root)
    page.get_by_role("button", name="New image").click()
    expect(nats).not_to_have_text(before)
    expect(root).to_have_attribute("data-step", "64")
    page.wait_for_url(re.compile("seed=23"))
    assert page.evaluate("window.seen") == {"same": True, "hidden": 0, "moved": 0}
    page.reload()
    expect(opened(visitor).locator('[data-say="nats"]')).not_to_have_text(before)


def test_the_picture_follows_the_temperature_while_it_is_dragged(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits", reduced_motion="reduce")
    root, page = opened(visitor), visitor.page
    slider, nats = root.get_by_role("slider", name="temperature"), root.locator('[data-say="nats"]')
    box = where(slider)
    y, seen = box["y"] + box["height"] / 2, [nats.inner_text()]
    page.mouse.move(box["x"] + box["width"] / 2, y)
    page.mouse.down()
    for part in (0.3, 0.7):
        page.mouse.move(box["x"] + part * box["width"], y, steps=4)
        expect(nats).not_to_have_text(seen[-1])
        expect(root).to_have_attribute("data-step", "64")  # the step stays, to compare
        seen.append(nats.inner_text())
    assert "temperature" not in page.url, "the page hears of it when it is let go"
    page.mouse.up()
    warm = slider.input_value()
    page.wait_for_url(re.compile(f"temperature={warm}"))
    page.get_by_text("Draw", exact=True).click()
    page.locator(".draw.ready").wait_for()
    page.get_by_text("Watch", exact=True).click()
    expect(opened(visitor).get_by_role("slider", name="temperature")).to_have_value(warm)
    visitor.assert_fine()


def test_a_seed_is_typed_and_stepped(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits", reduced_motion="reduce")
    root, page = opened(visitor), visitor.page
    seed, nats = root.get_by_label("seed", exact=True), root.locator('[data-say="nats"]')
    first = nats.inner_text()
    seed.fill("23")
    expect(nats).not_to_have_text(first)
    seed.press("Enter")
    page.wait_for_url(re.compile("seed=23"))
    second = nats.inner_text()
    root.get_by_label("smaller seed").click()
    expect(nats).to_have_text(first)
    root.get_by_label("larger seed").click()
    expect(nats).to_have_text(second)
    for text, becomes in (("123456", "9999"), ("-5", "0"), ("", "0")):
        seed.fill(text)
        seed.press("Tab")
        expect(seed).to_have_value(becomes)
    visitor.assert_fine()


def test_what_is_refused_is_said_where_the_picture_was(server: Server, visit: Visit) -> None:
    visitor = visit("about:blank", wait="html")
    page = visitor.page
    refuse(page, "trace")
    page.goto(f"{server.url}/pixelcnn?model=pixelcnn-digits")
    root = page.locator(".player")
    expect(root.get_by_role("alert")).to_have_text("It is too warm today.")
    expect(root.locator('[data-panel="image"]')).to_be_hidden()
    expect(root.get_by_role("slider", name="temperature")).to_be_visible()
    page.unroute_all()
    visitor.assert_fine()


def refuse(page: Page, *names: str) -> None:
    """Questions over the wire are refused, whenever they are asked."""

    def connect(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def hear(message: str | bytes) -> None:
            said = json.loads(message)
            if said["type"] != "ask" or said["question"]["name"] not in names:
                server.send(message)
                return
            answer = {"type": "refused", "id": said["id"], "canvas": said["canvas"]}
            route.send(pack(answer | {"sentence": "It is too warm today."}))

        route.on_message(hear)

    page.route_web_socket(re.compile("/wire$"), connect)


def watch(page: Page, root: Locator) -> None:
    """Counts, frame by frame, when the player is hidden or elsewhere, and whether it stays the same node."""
    page.evaluate(
        """root => {
      const top = root.getBoundingClientRect().top;
      window.seen = { same: true, hidden: 0, moved: 0 };
      const look = () => {
        window.seen.same &&= root.isConnected;
        if (root.getBoundingClientRect().height < 100) window.seen.hidden++;
        if (Math.abs(root.getBoundingClientRect().top - top) > 1) window.seen.moved++;
        requestAnimationFrame(look);
      };
      look();
    }""",
        root.element_handle(),
    )


def test_the_heat_is_part_of_the_link(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits&heat=surprise", reduced_motion="reduce")
    root = opened(visitor)
    expect(root).to_have_attribute("data-heat", "surprise")
    expect(root).to_contain_text("≥ 4.1 bits")
    root.get_by_role("button", name="expected value").click()
    expect(root).to_contain_text("16 (grey level)")
    visitor.page.wait_for_url(re.compile("heat=expected"))
    visitor.page.reload()
    expect(opened(visitor)).to_have_attribute("data-heat", "expected")
    visitor.assert_fine()


def test_a_link_with_nonsense_is_put_right_and_said(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=<b>&temperature=1e9&seed=-3&n=7&heat=hot&sixteen=1")
    root = opened(visitor)
    expect(root).to_have_attribute("data-n", "1")
    expect(root).to_have_attribute("data-heat", "none")
    for said in ("temperature must lie between 0.1", "seed must lie between 0", "'7' is not one of", "'hot'", "<b>"):
        expect(visitor.page.get_by_text(said).first).to_be_visible()
    visitor.assert_fine()


@shipped("masked-lenet-mnist")
def test_a_slow_model_streams_and_every_step_agrees(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/masked_pixels?model=masked-lenet-mnist&seed=11")
    root = opened(visitor)
    seen = []
    while number(root, "loaded") < 784 and len(seen) < 600:
        seen.append((number(root, "step"), number(root, "loaded")))
        time.sleep(0.05)
    assert all(step < loaded for step, loaded in seen), "a step was shown whose posterior is not here"
    assert seen == sorted(seen)
    assert len({loaded for _, loaded in seen}) > 1, "it came in one piece"
    root.focus()
    visitor.page.keyboard.press("End")
    expect(root).to_have_attribute("data-step", "784")
    streamed = root.locator('[data-say="nats"]').inner_text()
    visitor.page.reload()  # what the interactive process still knows now comes in one piece
    again = opened(visitor)
    again.focus()
    visitor.page.keyboard.press("End")
    expect(again).to_have_attribute("data-step", "784")
    assert again.locator('[data-say="nats"]').inner_text() == streamed
    visitor.assert_fine()


@shipped("gated-pixelcnn-digits")
def test_a_class_can_be_asked_for(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/gated_pixelcnn?model=gated-pixelcnn-digits&category=7", reduced_motion="reduce")
    expect(opened(visitor)).to_contain_text("class 7")
    expect(visitor.page.get_by_test_id("stSelectbox").filter(has_text="class").first).to_be_visible()


def test_what_is_seen_can_be_saved(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits&n=16")
    opened(visitor)
    visitor.page.get_by_role("button", name="Save").click()
    with visitor.page.expect_download() as picture:
        visitor.page.get_by_role("button", name="Picture (.png)").click()
    with Image.open(picture.value.path()) as image:
        assert image.size[0] == image.size[1] >= 4 * 8
    with visitor.page.expect_download() as trace:
        visitor.page.get_by_role("button", name="Images and posteriors").click()
    arrays = np.load(trace.value.path())
    assert arrays["images"].shape == (16, 8, 8)
    assert np.allclose(np.exp(arrays["log_probs"]).sum(1), 1, atol=0.1)  # told in 256 shades


def test_whoever_comes_back_from_another_mode_finds_the_image_again(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits&seed=4&heat=entropy", reduced_motion="reduce")
    expect(opened(visitor)).to_have_attribute("data-step", "64")
    nats = opened(visitor).locator('[data-say="nats"]').inner_text()
    visitor.page.get_by_role("radio", name="How it works").click()
    expect(visitor.page.locator(".player")).to_have_count(0)
    visitor.page.get_by_role("radio", name="Watch").click()
    root = opened(visitor)
    expect(root).to_have_attribute("data-heat", "entropy")
    expect(root.locator('[data-say="nats"]')).to_have_text(nats)
    visitor.assert_fine()


@shipped("masked-lenet-mnist")
def test_sixteen_that_stream_keep_their_step_when_another_is_looked_at(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/masked_pixels?model=masked-lenet-mnist&n=16&seed=12")
    root = opened(visitor)
    visitor.page.wait_for_function("root => +root.dataset.step > 30", arg=root.element_handle())
    root.get_by_label("play", exact=True).click()
    expect(root).to_have_attribute("data-playing", "false")
    step = number(root, "step")
    root.locator('[data-panel="image"]').click(position={"x": 5, "y": 120})
    expect(root).to_have_attribute("data-focus", "8")
    visitor.page.mouse.move(0, 0)
    expect(root).to_have_attribute("data-step", str(step))
    root.get_by_label("play", exact=True).click()
    visitor.page.wait_for_function(f"root => +root.dataset.step > {step + 60}", arg=root.element_handle())
    expect(root).to_have_attribute("data-focus", "8")
    visitor.assert_fine()


def test_a_link_shows_the_step_and_the_image_that_it_was_copied_at(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits&n=16&step=20&focus=6&speed=4")
    root = opened(visitor)
    expect(root).to_have_attribute("data-step", "20")
    expect(root).to_have_attribute("data-playing", "false")
    expect(root).to_have_attribute("data-focus", "5")
    expect(root.locator('[data-say="known"]')).to_contain_text("number 6")
    assert root.evaluate("e => e.canvas.carried") == {"beside": None, "step": 20, "focus": 6, "speed": 4}
    visitor.assert_fine()


def test_what_makes_no_sense_in_a_link_to_a_step_is_left_out(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits&n=16&step=65&focus=17&speed=9")
    root = opened(visitor)
    expect(root).to_have_attribute("data-playing", "true")
    assert (number(root, "focus"), number(root, "speed")) == (0, 1)
    visitor.assert_fine()


def test_pictures_and_words_grow_with_the_window(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits", viewport={"width": 1920, "height": 1080})
    root = opened(visitor)
    image = root.locator('[data-panel="image"]').bounding_box()
    transport, settings = root.locator(".transport").bounding_box(), root.locator(".settings").bounding_box()
    assert image
    assert transport
    assert settings
    assert image["width"] > 350
    assert settings["y"] + settings["height"] < 1080
    assert root.evaluate("e => parseFloat(e.canvas.style.font)") == pytest.approx(15, abs=0.5)
    visitor.assert_fine()


def test_hints_and_definitions_are_for_fingers_too(server: Server, visit: Visit) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits", **phone)
    root = opened(visitor)
    expect(visitor.page.get_by_text("Tap a pixel")).to_be_visible()
    expect(visitor.page.get_by_text("Hover a pixel")).to_be_hidden()
    root.locator('[data-say="bits"]').tap()
    expect(visitor.page.get_by_role("tooltip")).to_contain_text("the bits that a pixel costs")
    visitor.assert_fine()


def drawn(seed: int, temperature: float) -> str:
    """What the numbers under an image of its first model say, by the model itself."""
    generator = torch.Generator().manual_seed(seed)
    steps = genlab.generate(genlab.load("pixelcnn-digits"), generator=generator, temperature=temperature)
    nats = sum(-float(step.log_probs[0, step.value[0]]) for step in steps)
    return f"{nats:.1f} nats · {nats / 64 / math.log(2):.3f} bits/dim"


def test_two_run_side_by_side_each_with_its_own_numbers(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits&beside=seed:4&step=64")
    root = opened(visitor)
    own, other = root.locator('[data-say="own"]'), root.locator('[data-say="other"]')
    expect(own).to_have_text(drawn(22, 1.0))
    expect(other).to_have_text(drawn(4, 1.0))
    expect(root.locator('[data-say="known-title"]')).to_have_text("beside it: seed 4")
    assert root.evaluate("e => e.canvas.carried.beside") == "seed:4"
    root.get_by_label("beside it").select_option("temperature")
    expect(other).to_have_text(drawn(22, 1.5))
    root.get_by_label("its value").fill("1")
    expect(other).to_have_text(drawn(22, 1.0))  # the same uniforms: nothing differs
    boxes = [root.locator(f'[data-panel="{panel}"]').bounding_box() for panel in ("image", "known")]
    assert boxes[0]
    assert boxes[1]
    assert boxes[0]["x"] < boxes[1]["x"]
    assert boxes[0]["width"] == boxes[1]["width"]
    root.get_by_label("beside it").select_option("model:gated-pixelcnn-digits")
    expect(root.locator('[data-say="known-title"]')).to_contain_text("Gated PixelCNN")
    expect(root.locator('[data-say="known"]')).to_contain_text("class")
    root.get_by_label("beside it").select_option("")
    expect(root.locator('[data-say="known-title"]')).to_have_text("known so far")
    expect(other).to_be_hidden()
    visitor.assert_fine()


@pytest.mark.parametrize("text", ["temperature:9", "seed:1.5", "model:pixelcnn-mnist", "n:16", "seed", ""])
def test_what_cannot_stand_beside_it_does_not(server: Server, visit: Visit, text: str) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits&beside={text}")
    assert opened(visitor).evaluate("e => [e.canvas.carried.beside, e.classList.contains('pair')]") == [None, False]
    visitor.assert_fine()


def test_a_model_goes_on_from_what_is_drawn_on_its_picture(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/pixelcnn?model=pixelcnn-digits&first=drawing", reduced_motion="reduce")
    root, page = opened(visitor), visitor.page
    expect(root.locator('[data-say="first"]')).to_contain_text("Draw on the picture")
    box = where(root.locator('[data-panel="image"]'))
    begin, end = ((box["x"] + (c + 0.5) * box["width"] / 8, box["y"] + 2.5 * box["height"] / 8) for c in (2, 5))
    page.mouse.move(*begin)
    page.mouse.down()
    page.mouse.move(*end, steps=4)
    page.mouse.up()
    expect(root.locator('[data-say="first"]')).to_have_text(re.compile("up to row 2, column 5"))
    known = "e => Array.from(e.canvas.trace.known.subarray(0, e.canvas.trace.have))"
    page.wait_for_function("e => e.canvas.trace.have === 64", arg=root.element_handle())
    assert root.evaluate(known) == [1] * 22 + [0] * 42
    assert min(root.evaluate("e => Array.from(e.canvas.trace.values.subarray(18, 22))")) > 8
    page.wait_for_url(re.compile("drawing="))
    page.get_by_role("button", name="Save").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name="Images and posteriors").click()
    images = np.load(saved.value.path())["images"]
    assert images.ravel().tolist() == root.evaluate("e => Array.from(e.canvas.trace.values)")
    page.reload()
    root = opened(visitor)
    page.wait_for_function("e => e.canvas.trace.have === 64", arg=root.element_handle())
    assert root.evaluate(known) == [1] * 22 + [0] * 42
    root.get_by_role("button", name="clear the drawing").click()
    expect(root.locator('[data-say="first"]')).to_contain_text("Draw on the picture")
    root.locator('[data-panel="image"]').focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowRight", "Space"):  # the first key brings the brush, in the middle
        page.keyboard.press(key)
    expect(root.locator('[data-say="first"]')).to_have_text(re.compile("up to row 3, column 5"))
    visitor.assert_fine()
