"""The pages of the GANs in a real browser: a round in slow motion, moves one by one, two losses, walks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, Visitor
from tests.browser.test_flows import train_page
from tests.browser.test_train import ink, press, until, wait

pytestmark = pytest.mark.browser
Visit = Callable[..., Visitor]
HOST = ":is(.game-host, .picture)"


def phase(page: Page, name: str, **more: object) -> None:
    """Waits until the canvas says that it is in a phase."""
    rest = "".join(f'[data-{key}="{value}"]' for key, value in more.items())
    page.wait_for_selector(f'{HOST}[data-phase="{name}"]{rest}')


def shot(page: Page) -> list[int]:
    """Some of the pixels of the plane."""
    return page.locator('.game [data-panel="plane"]').first.evaluate(
        "c => [...c.getContext('2d').getImageData(0, 0, c.width, c.height).data].filter((v, i) => i % 1604 < 3)"
    )


def player(page: Page, name: str) -> list[float]:
    """What the canvas of a training has of D (heat) or of G (fake)."""
    array = {"D": "heat", "G": "fake"}[name]
    return page.locator(".trainer").evaluate(f"e => [...e.canvas.picture.target.{array}.data]")


def test_a_round_of_the_game_is_walked_through_phase_by_phase(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/gan_on_the_plane", wait=".game-host[data-playing=true]")  # alive without a press
    page = visitor.page
    phase(page, "generate")
    plane = page.locator('.game [data-panel="plane"]')
    plane.focus()
    page.keyboard.press("Space")
    page.wait_for_selector(".game-host[data-playing=false]")
    page.keyboard.press("Home")
    phase(page, "rest")
    seen = []
    for name in (
        "draw z",
        "generate",
        "judge",
        "D’s gradient",
        "update D",
        "draw z",
        "generate",
        "judge",
        "G’s gradient",
    ):
        page.keyboard.press("ArrowRight")
        phase(page, name)
        page.wait_for_timeout(400)
        now = shot(page)
        assert now not in seen, name
        seen.append(now)
    page.keyboard.press("End")
    phase(page, "rest")
    for button in ("D(x)", "density", "mesh", "real", "made", "push"):
        before = shot(page)
        page.locator(".game [data-show]", has_text=button).click()
        page.wait_for_timeout(150)
        assert shot(page) != before, button
    plane.hover(position={"x": 100, "y": 100})
    expect(page.locator(".game [data-say=reading]")).to_contain_text("D(x) =")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save picture").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    expect(page.get_by_text("A generator has no likelihood")).to_be_visible()
    visitor.assert_fine()


def test_players_move_one_by_one_slowly_and_on_their_own(server: Server, visit: Visit) -> None:
    visitor = visit(train_page(server, "gan_on_the_plane"), wait=".trainer[data-state=none]")
    page = visitor.page
    page.wait_for_selector(".picture[data-ready=true]")
    made, judged = player(page, "G"), player(page, "D")
    press(page, "D")
    wait(page, "paused")
    page.wait_for_timeout(1500)
    assert player(page, "D") != judged
    assert player(page, "G") == made
    judged = player(page, "D")
    press(page, "G")
    until(page, lambda d: d["step"] == "1")
    page.wait_for_timeout(1500)
    assert player(page, "D") == judged
    assert player(page, "G") != made
    press(page, "slow")
    # All at one moment: the next round begins by itself.
    judging = '.picture[data-phase="judge"][data-moves="DG"][data-playing="true"]'
    saying = '[data-say="sentence"]:has-text("D says of every place")'
    page.wait_for_selector(f'.trainer[data-step="2"]:has({judging}):has({saying})')
    press(page, "train")
    wait(page, "running")
    until(page, lambda d: int(d["step"]) > 20 and int(d["frames"]) > 4)
    press(page, "pause")
    wait(page, "paused")
    page.locator(".trainer .film input").press("Home")
    until(page, lambda d: d["view"] == "film" and d["shown"] == "0")
    page.get_by_text("Look inside", exact=True).click()
    expect(page.get_by_role("combobox", name="model")).to_have_value(re.compile("the training at step"))
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    visitor.assert_fine()


def test_two_losses_play_side_by_side_on_images(server: Server, visit: Visit) -> None:
    visitor = visit(train_page(server, "gan", rival="minimax", steps=300), wait=".trainer[data-state=none]")
    page = visitor.page
    expect(page.locator(".pair b")).to_have_text(["non-saturating", "minimax"])
    page.wait_for_timeout(500)
    first = ink(page.locator(".pair > div").nth(0)), ink(page.locator(".pair > div").nth(1))
    assert first[0] == first[1]  # the same weights, the same noise
    press(page, "train")
    wait(page, "done")
    one, other = (ink(page.locator(".pair > div").nth(k)) for k in (0, 1))
    assert one != first[0]
    assert one != other
    expect(page.locator(".trainer .legend")).to_contain_text("minimax: step")
    visitor.assert_fine()


def test_a_walk_leads_from_one_sample_to_another_of_ones_choice(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/gan", wait=".walk-host[data-ready=true]")
    page = visitor.page
    samples = page.locator(".walk .k-grid button")
    page.get_by_role("button", name="B, to").click()
    samples.nth(4).click()
    page.wait_for_selector('.walk-host[data-ends="0 4"]')
    page.wait_for_url("**b=5**")  # the address follows the picture
    slider = page.get_by_role("slider", name="from A to B")
    slider.press("End")
    page.wait_for_selector('.walk-host[data-t="1.000"]')
    expect(page.locator(".walk [data-say=norm]")).not_to_be_empty()
    page.locator(".k-table button").first.click()  # an image of a direction becomes A
    page.wait_for_selector('.walk-host[data-moved="1"]')
    page.wait_for_url("**path=v1**")
    page.get_by_role("button", name="back to the sample").click()
    page.wait_for_selector('.walk-host[data-moved="0"]')
    visitor.assert_fine()
