"""Watch and Draw of sequences in a real browser: what is painted is what was written, and what is drawn is given."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
import torch
from playwright.sync_api import Locator, expect

import genlab
from genlab.views import sequences as views
from genlab.views.seen import Seen
from tests.browser.conftest import Server, Visitor
from tests.browser.patience import where
from tests.browser.test_shell import PHONE, quiet, too_wide
from tests.browser.test_watch import shipped

Visit = Callable[..., Visitor]
pytestmark = [pytest.mark.browser, shipped("netto1d-toy")]
T, LEVELS = 32, 64
COPY = ["clipboard-read", "clipboard-write"]


@cache
def written(name: str = "netto1d-toy", temperature: float = 1.0) -> Seen:
    """What Watch shows first."""
    return views.written(genlab.load(name), 16, 0, temperature)  # type: ignore[arg-type]


def opened(visitor: Visitor, panel: str = ".writer") -> Locator:
    root = visitor.page.locator(panel)
    expect(root).to_have_attribute("data-identity", re.compile("written"))
    quiet(visitor)
    return root


def painted(root: Locator, points: list[tuple[float, float]]) -> list[list[int]]:
    """Colours (r, g, b, opacity) of the plane at a place and a level; None: in the strip below."""
    return root.evaluate(
        """(root, points) => points.map(([t, level]) => {
          const { plane, canvas: { plane: node } } = root.canvas, ratio = node.width / node.clientWidth;
          const y = level === null ? plane.strip + 0.4 * plane.rem : plane.y(level);
          return [...node.getContext("2d").getImageData(plane.x(t) * ratio, y * ratio, 1, 1).data];
        })""",
        points,
    )


def test_heat_is_the_log_probability_and_the_dots_are_the_values(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/causal_convolutions?step=32&focus=3&temperature=1.5")
    root, (meta, arrays) = opened(visitor), written(temperature=1.5)
    values, shades = arrays["values"][2].astype(int), arrays["log_probs"][2]
    expect(root).to_have_attribute("data-step", "32")
    place = int(root.get_attribute("data-place") or 0) - 1
    near = [values[max(0, t - 1) : t + 2] for t in range(T)]  # between them runs the line
    cells = [(t, v) for t in range(T) for v in range(LEVELS) if not near[t].min() - 3 < v < near[t].max() + 3]
    ramp = root.evaluate("root => root.canvas.sequential")
    assert len({int(shades[cell]) for cell in cells}) > 5
    for (t, level), colour in zip(cells, painted(root, cells), strict=True):
        assert colour[:3] == ramp[shades[t, level]], (t, level)
    model, paper = root.evaluate(
        "root => [root.canvas.style.model, root.canvas.style.paper]"
        ".map((c) => [1, 3, 5].map((i) => parseInt(c.slice(i, i + 2), 16)))"
    )
    seen = views.reach(genlab.load("netto1d-toy")).arrays["reach"][place] > 0  # type: ignore[arg-type]
    dots = painted(root, [(t, float(values[t])) for t in range(T)])
    assert [dot[:3] for t, dot in enumerate(dots) if t != place] == [
        model if seen[t] else paper for t in range(T) if t != place
    ]
    surprise = arrays["surprise"][2]
    assert place == 1 + surprise[1:].argmax()  # the first value can be nearly any
    assert float(root.get_attribute("data-nats") or 0) == pytest.approx(surprise.sum(), rel=1e-5)
    bent = [straight for straight in meta["straight"] if not straight]
    expect(root).to_have_attribute("data-bent", str(len(bent)))
    expect(root.locator('[data-say="parallel"]')).to_contain_text(f"{len(bent)} of 16 ha" if bent else "all 16 kept")
    visitor.assert_fine()


def test_a_network_with_kernels_of_two_taps_sees_five_values(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/causal_convolutions?step=17")
    root = opened(visitor)
    expect(root).to_have_attribute("data-sees", "5")
    expect(root.locator('[data-say="sees"]')).to_contain_text("5 of the 17 values")
    strip = painted(root, [(t, None) for t in range(T)])  # type: ignore[list-item]
    assert [t for t, colour in enumerate(strip) if colour[3]] == [12, 13, 14, 15, 16]
    assert [
        dot[:3] == strip[16][:3]
        for dot in painted(root, [(t, float(written().arrays["values"][0, t])) for t in (11, 16)])
    ] == [False, True]
    visitor.assert_fine()


def test_keys_step_play_and_look_at_another_sequence_and_a_link_says_where(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/causal_convolutions?step=5", permissions=COPY)
    root = opened(visitor)
    visitor.page.keyboard.press("ArrowRight")  # which needs no click first
    expect(root).to_have_attribute("data-step", "6")
    root.focus()
    story = "ArrowLeft step 5, End step 32, ArrowDown focus 2, ArrowDown focus 3, ArrowUp focus 2, Home step 0"
    for line in [*story.split(", "), "Space playing true"]:
        key, name, value = line.split()
        visitor.page.keyboard.press(key)
        expect(root).to_have_attribute(f"data-{name}", value)
    root.get_by_role("button", name="4×").click()
    expect(root).to_have_attribute("data-step", "32")
    expect(root).to_have_attribute("data-playing", "false")
    plane = root.locator('[data-panel="plane"]')
    x = root.evaluate("root => root.canvas.plane.x(9)")
    plane.hover(position={"x": x, "y": 40})
    expect(root).to_have_attribute("data-place", "10")
    arrays = written().arrays
    assert float(root.get_attribute("data-entropy") or 0) == pytest.approx(
        arrays["entropy"][1, 9] / np.log(2), abs=1e-4
    )
    plane.click(position={"x": x, "y": 40})
    expect(root).to_have_attribute("data-step", "9")
    root.locator('[data-panel="parallel"]').click(
        position={"x": root.evaluate("root => root.canvas.tiles()[6].x") + 5, "y": 10}
    )
    expect(root).to_have_attribute("data-focus", "7")
    visitor.page.get_by_role("button", name="Copy link").click()
    visitor.page.goto(visitor.page.evaluate("navigator.clipboard.readText()"))
    again = opened(visitor)
    for name, value in (("step", 9), ("focus", 7), ("value", arrays["values"][6, 9])):
        expect(again).to_have_attribute(f"data-{name}", str(value))
    visitor.assert_fine()


def test_a_low_temperature_lowers_the_entropy(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/causal_convolutions?step=0")
    root = opened(visitor)
    warm = float(root.get_attribute("data-entropy") or 0)
    root.get_by_label("temperature").fill("0.1")
    expect(root).to_have_attribute("data-identity", re.compile('"temperature":0.1'))
    assert float(root.get_attribute("data-entropy") or 9) == pytest.approx(
        written(temperature=0.1).arrays["entropy"][0, 0] / np.log(2), abs=1e-4
    )
    assert float(root.get_attribute("data-entropy") or 9) < warm / 2
    expect(visitor.page).to_have_url(re.compile("temperature=0.1"))
    visitor.assert_fine()


def values(root: Locator) -> torch.Tensor:
    """The continuations that Draw shows, (48, T)."""
    return torch.tensor(root.evaluate("root => [...root.canvas.made.values.data]")).view(-1, T)


def known(root: Locator) -> list[int | None]:
    """What they were given."""
    return json.loads(root.get_attribute("data-identity") or "")["known"]


def stroke(visitor: Visitor, root: Locator, *points: tuple[int, int]) -> None:
    """Draws with the mouse from a place and a level to others."""
    plane = root.locator('[data-panel="plane"]')
    box = where(plane)
    mouse = visitor.page.mouse
    for k, (t, level) in enumerate(points):
        x, y = root.evaluate("(root, [t, level]) => [root.canvas.plane.x(t), root.canvas.plane.y(level)]", [t, level])
        mouse.move(box["x"] + x, box["y"] + y, steps=5)
        if k == 0:
            mouse.down()
    mouse.up()


def test_what_a_hand_draws_comes_back_in_every_continuation_and_a_link_brings_it(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/causal_convolutions?mode=draw", permissions=COPY)
    root = opened(visitor, ".sketch")
    assert known(root)[:2] == [24, 24] and known(root)[-1] is None  # never empty
    root.get_by_role("button", name="clear").click()
    expect(root).to_have_attribute("data-first", "0")
    stroke(visitor, root, (0, 40), (6, 46), (8, 44))
    drawn = [40, 41, 42, 43, 44, 45, 46, 45, 44]
    expect(root).to_have_attribute("data-first", "9")
    assert known(root) == drawn + [None] * (T - 9)
    assert (values(root)[:, :9] == torch.tensor(drawn)).all()
    assert len(values(root)) == 48 and len(set(values(root)[:, -1].tolist())) > 3
    _, arrays = views.written(genlab.load("netto1d-toy"), 48, 0, 1.0, tuple(known(root)))  # type: ignore[arg-type]
    assert (values(root).numpy() == arrays["values"]).all()
    assert float(root.get_attribute("data-nats") or 0) == pytest.approx(arrays["surprise"][0, :9].sum(), rel=1e-4)
    given = root.get_attribute("data-given")
    expect(visitor.page).to_have_url(re.compile(f"given={given}"))
    visitor.page.get_by_role("button", name="Copy link").click()
    link = visitor.page.evaluate("navigator.clipboard.readText()")
    stroke(visitor, root, (12, 20), (13, 20))
    expect(root.locator('[data-say="words"]')).to_contain_text("2 given values lie after the first unknown place")
    root.get_by_role("button", name="unknown").click()
    stroke(visitor, root, (8, 10), (13, 10))
    expect(root).to_have_attribute("data-first", "8")
    for _ in range(2):
        visitor.page.keyboard.press("Control+z")
    expect(root).to_have_attribute("data-given", str(given))
    visitor.page.goto(link)
    again = opened(visitor, ".sketch")
    expect(again).to_have_attribute("data-given", str(given))
    assert known(again) == drawn + [None] * (T - 9)
    visitor.assert_fine()


@shipped("netto1d-dilated-toy")
def test_a_drawing_goes_with_its_visitor_to_the_next_model_and_keys_draw_too(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/causal_convolutions?mode=draw&given=gg")
    root = opened(visitor, ".sketch")
    assert known(root)[:3] == [32, 32, None]
    root.locator('[data-panel="plane"]').focus()
    for key in ("ArrowUp", "ArrowUp", "ArrowRight", "ArrowDown", "Delete"):
        visitor.page.keyboard.press(key)
    expect(root).to_have_attribute("data-given", "ggh")
    expect(visitor.page).to_have_url(re.compile("given=ggh"))
    visitor.page.get_by_role("link", name="Dilated convolutions").click()
    visitor.page.locator(".writer").wait_for()
    visitor.page.get_by_role("radio", name="Draw").click()
    expect(opened(visitor, ".sketch")).to_have_attribute("data-given", "ggh")
    visitor.assert_fine()


@pytest.mark.parametrize(
    "link", ["?step=99&focus=0&speed=7&seed=x", "?mode=draw&given=%3Cb%3E", "?mode=draw&given=" + 99 * "A"]
)
def test_what_makes_no_sense_in_a_link_is_left_out(link: str, server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/causal_convolutions{link}")
    opened(visitor, ".sketch" if "draw" in link else ".writer")
    visitor.assert_fine()


def test_a_finger_draws_on_a_phone_and_nothing_is_too_wide(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/causal_convolutions", **PHONE)
    opened(visitor)
    assert too_wide(visitor) <= 0
    visitor.page.goto(f"{server.url}/causal_convolutions?mode=draw")
    root = opened(visitor, ".sketch")
    assert too_wide(visitor) <= 0
    before = known(root)
    plane = root.locator('[data-panel="plane"]')
    box = where(plane)
    touch = visitor.context.new_cdp_session(visitor.page)
    points = [[{"x": box["x"] + part * box["width"], "y": box["y"] + 0.3 * box["height"]}] for part in (0.5, 0.7, 0.9)]
    for what, at in zip(("touchStart", "touchMove", "touchMove", "touchEnd"), [*points, []], strict=True):
        touch.send("Input.dispatchTouchEvent", {"type": what, "touchPoints": at})
    drawn = "e => JSON.parse(e.dataset.identity).known.filter((level) => level !== null).length > 10"
    visitor.page.wait_for_function(drawn, arg=root.element_handle())
    assert len([level for level in known(root) if level is not None]) > 10 and known(root)[:10] == before[:10]
    assert plane.bounding_box() == box  # nothing scrolled
    visitor.assert_fine()
