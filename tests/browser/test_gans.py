"""The pages of the GANs in a real browser: a round in slow motion, moves one by one, two losses, walks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, Visitor
from tests.browser.patience import becomes, rests
from tests.browser.test_flows import train_page
from tests.browser.test_train import ink, press, until, wait
from tests.browser.test_watch import refuse

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
        rests(plane)
        now = shot(page)
        assert now not in seen, name
        seen.append(now)
    page.keyboard.press("End")
    phase(page, "rest")
    for button in ("D(x)", "density", "mesh", "real", "made", "push"):
        before = shot(page)
        page.locator(".game [data-show]", has_text=button).click()
        rests(plane)
        assert shot(page) != before, button
    plane.hover(position={"x": 100, "y": 100})
    expect(page.locator(".game [data-say=reading]")).to_contain_text("D(x) =")
    with page.expect_download() as download:
        page.get_by_role("button", name="Save picture").click()
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    expect(page.get_by_text("A generator has no likelihood")).to_be_visible()
    expect(page.locator(".note b").last).to_have_text(re.compile(r"^\d\.\d{3}$"))
    visitor.assert_fine()


def test_a_link_keeps_the_place_in_the_round_and_the_point_whose_arrows_are_shown(server: Server, visit: Visit) -> None:
    page_of = f"{server.url}/gan_on_the_plane?"
    visitor = visit(f"{page_of}phase=9.5&at=7&show=real+made", wait='.game-host[data-kept="7"][data-taken="0.50"]')
    page = visitor.page
    assert page.locator(".game [data-show][aria-pressed=true]").all_inner_texts() == ["real", "made"]
    expect(page.locator(".game .g-arrows")).to_contain_text("between them")
    plane = page.locator('.game [data-panel="plane"]')
    plane.press("Enter")
    page.wait_for_selector('.game-host[data-kept="8"]')
    carried = page.locator(".game-host").evaluate("e => e.canvas.carried")
    assert carried == {"phase": 9.5, "at": 8, "show": "real made"}
    plane.press("Escape")
    expect(page.locator(".game .g-arrows")).not_to_be_visible()
    page.goto(f"{page_of}phase=99&at=1e9&show=all")  # what no picture has is as if nobody had said it
    page.wait_for_selector(".game-host[data-playing=true]")
    assert page.locator(".game-host").evaluate("e => [e.canvas.kept, e.canvas.carried.show]") == [-1, None]
    visitor.assert_fine()


def test_players_move_one_by_one_slowly_and_on_their_own(server: Server, visit: Visit) -> None:
    visitor = visit(train_page(server, "gan_on_the_plane"), wait=".trainer[data-state=none]")
    page = visitor.page
    page.wait_for_selector(".picture[data-ready=true]")
    made, judged = player(page, "G"), player(page, "D")
    press(page, "D")
    wait(page, "paused")
    becomes(page, lambda: player(page, "D"), lambda now: now != judged)
    assert player(page, "G") == made
    judged = player(page, "D")
    press(page, "G")
    until(page, lambda d: d["step"] == "1")
    becomes(page, lambda: player(page, "G"), lambda now: now != made)
    assert player(page, "D") == judged
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
    expect(page.get_by_role("combobox", name="model")).to_have_value(re.compile("the training at round"))
    expect(page.locator(".js-plotly-plot").first).to_be_visible()
    visitor.assert_fine()


def test_slow_motion_of_images_says_what_each_move_changes(server: Server, visit: Visit) -> None:
    visitor = visit(train_page(server, "gan", steps=300), wait=".trainer[data-state=none]")
    page = visitor.page
    press(page, "slow")
    phase = page.locator(".trainer .phase")
    for words in ("D judges: D(x) of real images", "G’s gradient", "D(G(z)) "):
        expect(phase).to_contain_text(words)
    until(page, lambda d: int(d["step"]) > 1)  # round after round
    press(page, "slow")
    until(page, lambda d: d["state"] == "paused")
    visitor.assert_fine()


def test_two_losses_play_side_by_side_on_images(server: Server, visit: Visit) -> None:
    visitor = visit(train_page(server, "gan", rival="minimax", steps=60), wait=".trainer[data-state=none]")
    page = visitor.page
    expect(page.locator(".pair b")).to_have_text(["non-saturating", "minimax"])
    rests(page.locator(".trainer"))
    first = ink(page.locator(".pair > div").nth(0)), ink(page.locator(".pair > div").nth(1))
    assert first[0] == first[1]  # the same weights, the same noise
    press(page, "train")
    wait(page, "done")
    rests(page.locator(".trainer"))
    one, other = (ink(page.locator(".pair > div").nth(k)) for k in (0, 1))
    assert one != first[0]
    assert one != other
    expect(page.locator(".pair b").nth(1)).to_have_text(re.compile(r"^minimax · round \d+$"))
    expect(page.locator(".trainer .legend.other")).to_contain_text("G of minimax: D ")
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
    page.wait_for_selector('.rows-host[data-moves="1"]')
    page.wait_for_url("**path=v1**")
    samples.nth(0).click()  # from where A is now to where it was
    page.wait_for_selector('.walk-host[data-ends="0 0"][data-moved="1"]')
    page.wait_for_url("**b=1**")
    expect(samples.nth(0)).to_have_attribute("aria-label", re.compile("A′B$"))
    page.get_by_role("button", name="back to the sample").click()
    page.wait_for_selector('.walk-host[data-moved="0"]')
    page.wait_for_selector('.rows-host[data-moves="0"]')
    visitor.assert_fine()


def test_a_link_keeps_the_place_of_a_walk(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/gan?at=0.25&end=a", wait='.walk-host[data-t="0.250"][data-playing=false]')
    page = visitor.page
    expect(page.get_by_role("button", name="A, from")).to_have_attribute("aria-pressed", "true")
    assert page.locator(".walk-host").evaluate("e => e.canvas.carried") == {"at": 0.25, "end": "a"}
    page.goto(f"{server.url}/gan?at=1.5&end=z")
    page.wait_for_selector(".walk-host[data-playing=true]")
    expect(page.get_by_role("button", name="B, to")).to_have_attribute("aria-pressed", "true")
    visitor.assert_fine()


def film(page: Page, host: str = ".walk:not(.rows)") -> str:
    """An image of the walk, or of the rows, once all that was asked for them is here and drawn."""
    rests(page.locator(host))
    picture = page.locator(f"{host} :is(.k-film span, .k-table button) canvas").first
    return str(picture.evaluate("canvas => canvas.toDataURL()"))


def other(page: Page, before: tuple[str, str]) -> None:
    """Waits until walk and rows show other images."""
    becomes(page, lambda: (film(page), film(page, ".rows")), lambda now: now[0] != before[0] and now[1] != before[1])


def test_walk_and_rows_follow_a_seed_and_the_link_keeps_all(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/gan?b=3&kind=single", wait=".rows-host[data-ready=true]", reduced_motion="reduce")
    page = visitor.page
    page.wait_for_selector('.walk-host[data-ends="0 2"]')
    before = film(page), film(page, ".rows")
    page.get_by_role("spinbutton", name="seed").fill("7")
    other(page, before)
    page.wait_for_url("**seed=7**")
    page.locator(".rows button").filter(has=page.locator("canvas")).first.click()
    page.wait_for_url("**path=z**")
    seven = film(page), film(page, ".rows")
    page.get_by_role("button", name="New samples").click()
    other(page, seven)
    page.wait_for_url("**seed=8**")
    page.wait_for_selector('.walk-host[data-moved="0"]')  # of other samples nothing is moved
    page.wait_for_function("() => !location.search.includes('path')")
    before = film(page), film(page, ".rows")
    page.get_by_role("button", name="that change most").click()
    page.wait_for_function("() => !location.search.includes('kind')")
    page.get_by_text("How it works", exact=True).click()
    page.get_by_text("Watch", exact=True).click()
    page.wait_for_selector('.walk-host[data-ready=true][data-ends="0 2"]')
    page.wait_for_selector(".rows-host[data-ready=true]")
    assert film(page) == before[0]
    assert film(page, ".rows") != before[1]
    expect(page.get_by_role("spinbutton", name="seed")).to_have_value("8")
    visitor.assert_fine()


@pytest.mark.parametrize("ms", [1, 5, 20])
def test_what_is_clicked_is_done_although_a_field_is_left_by_the_click(ms: int, server: Server, visit: Visit) -> None:
    """The field says so a moment later: a page that begins anew for that must not forget the click."""
    visitor = visit(f"{server.url}/gan", wait=".rows-host[data-ready=true]", reduced_motion="reduce")
    page = visitor.page
    for far in (1, 2, 3):
        page.evaluate(
            """([far, ms]) => {
              const hosts = [...document.querySelectorAll("*")].flatMap((e) => e.shadowRoot ?? []);
              const [walk, rows] = [".walk-host", ".rows-host"].map((name) =>
                hosts.map((root) => root.querySelector(name)).find(Boolean).canvas);
              walk.controls.settled();  // Python hears of it 60 ms later, see component.js
              setTimeout(() => rows.go([["z", 0, far]]), 60 - ms);
            }""",
            [far, ms],
        )
        page.wait_for_url(f"**path=z1%3A{far}**")
    visitor.assert_fine()


def test_a_path_ends_after_thirty_moves_and_says_so(server: Server, visit: Visit) -> None:
    path = ",".join(["z1:0.75", "z1:-0.75"] * 15)
    visitor = visit(f"{server.url}/gan?path={path}", wait='.rows-host[data-moves="30"]')
    page = visitor.page
    page.locator(".k-table button").first.click()
    expect(page.get_by_text("A path has at most 30 moves: go back first.")).to_be_visible()
    page.wait_for_selector('.rows-host[data-moves="30"]')
    page.get_by_role("button", name="undo").click()
    page.wait_for_selector('.rows-host[data-moves="29"]')
    page.wait_for_selector('.walk-host[data-moved="29"]')
    visitor.assert_fine()


def test_what_is_refused_hides_the_images_and_leaves_the_settings(server: Server, visit: Visit) -> None:
    visitor = visit("about:blank", wait="body")
    page = visitor.page
    refuse(page, "walk", "directions")
    page.goto(f"{server.url}/gan")
    for host in (".walk:not(.rows)", ".rows"):
        expect(page.locator(f"{host} > .complaint")).to_have_text("It is too warm today.")
    expect(page.locator(".walk .k-sheet")).not_to_be_visible()
    expect(page.locator(".rows .k-table")).not_to_be_visible()
    expect(page.get_by_role("spinbutton", name="seed")).to_be_visible()
    expect(page.get_by_role("button", name="single coordinates")).to_be_visible()
    visitor.assert_fine()


def test_a_game_that_d_has_won_is_said_with_what_to_change(server: Server, visit: Visit) -> None:
    address = f"{server.url}/gan?mode=train&learning_rate=0.1&steps=400&loss=minimax"
    visitor = visit(address, wait=".trainer[data-state=none]")
    visitor.page.locator('.trainer [data-action="train"]').click()
    said = visitor.page.locator(".trainer .message")
    expect(said).to_contain_text("D has won")
    expect(said).to_contain_text("smaller learning rate or the non-saturating loss")
    visitor.assert_fine()
