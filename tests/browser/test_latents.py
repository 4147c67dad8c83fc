"""Models with latents in a real browser: the plane, posteriors that bend, a drawing that comes back, a live β."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Server, Visitor
from tests.browser.patience import where
from tests.browser.test_shell import PHONE, quiet, too_wide
from tests.browser.test_watch import shipped

Visit = Callable[..., Visitor]
pytestmark = [
    pytest.mark.browser,
    shipped("vae-2d-mnist-binary", "vae-mnist-binary", "vae-digits", "flow-posterior-digits", "fvae-digits"),
]


def plane(visitor: Visitor) -> Locator:
    """The canvas of the plane, its walk decoded."""
    canvas = visitor.page.locator(".plane-host")
    expect(canvas).to_have_attribute("data-ready", "true")
    quiet(visitor)
    return canvas


def drag(visitor: Visitor, canvas: Locator, *places: tuple[float, float]) -> None:
    """A stroke over a canvas, in parts of its width and height."""
    box = where(canvas)
    (x, y), *rest = [(box["x"] + u * box["width"], box["y"] + v * box["height"]) for u, v in places]
    mouse = visitor.page.mouse
    mouse.move(x, y)
    mouse.down()
    for x, y in rest:
        mouse.move(x, y, steps=8)
    mouse.up()


def test_the_plane_answers_the_pointer_and_plays_a_walk_drawn_by_hand(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/vae")
    canvas = plane(visitor)
    assert canvas.get_attribute("data-images") == "500"
    paper, now = canvas.locator('[data-panel="map"]'), "e => e.querySelector('[data-panel=now]').toDataURL()"
    paper.hover(position={"x": 60, "y": 60})
    expect(canvas).to_have_attribute("data-at", "pointer")
    expect(canvas.locator('[data-say="title"]')).to_have_text("the decoder, at the pointer")
    seen = canvas.evaluate(now)
    paper.hover(position={"x": 250, "y": 250})
    visitor.page.wait_for_function("([e, f, seen]) => eval(f)(e) !== seen", arg=[canvas.element_handle(), now, seen])
    drag(visitor, paper, (0.3, 0.5), (0.5, 0.3), (0.7, 0.5))
    expect(canvas).to_have_attribute("data-points", "64")
    expect(canvas).to_have_attribute("data-playing", "true")
    visitor.page.mouse.move(5, 5)
    expect(canvas).to_have_attribute("data-at", "walk")
    walk = canvas.evaluate("e => e.canvas.carried.walk")
    assert len(walk.split("_")) == 16
    canvas.get_by_role("button", name="7", exact=True).click()
    visitor.page.goto(f"{server.url}/vae?walk={walk}&only=7")
    canvas = plane(visitor)
    assert canvas.evaluate("e => e.canvas.carried.walk") == walk
    assert canvas.evaluate("e => e.canvas.only") == 7
    visitor.assert_fine()


def test_a_walk_that_is_none_is_left_out_and_more_latents_have_a_plane_too(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/vae?walk=1,2_nonsense&model=vae-mnist-binary")
    canvas = plane(visitor)
    assert canvas.evaluate("e => e.canvas.own") is None
    expect(canvas.locator('[data-say="axes"]')).to_contain_text("the plane of z")
    expect(canvas.locator('[data-say="used"]')).to_contain_text("of 20 in use")
    drag(visitor, canvas.locator('[data-panel="map"]'), (0.2, 0.5), (0.8, 0.5))
    expect(canvas).to_have_attribute("data-points", "33")
    visitor.assert_fine()


def test_a_posterior_bends_layer_by_layer(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/flow_posteriors?model=flow-posterior-digits&image=3")
    canvas = visitor.page.locator(".bend-host")
    expect(canvas).to_have_attribute("data-image", "3")
    expect(canvas).to_have_attribute("data-layers", "4")
    canvas.locator('[data-do="after"]').click()
    expect(canvas).to_have_attribute("data-image", "4")
    expect(canvas.locator('[data-say="lack"]')).to_contain_text("nats")
    canvas.locator('[data-do="play"]').focus()
    visitor.page.keyboard.press("End")
    expect(canvas).to_have_attribute("data-t", "4.00")
    assert canvas.evaluate("e => e.canvas.carried") == {"image": 4}
    quiet(visitor)
    visitor.assert_fine()


def test_the_prior_of_an_fvae_is_seen(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/f-vae", **PHONE)
    canvas = plane(visitor)
    assert canvas.evaluate("e => e.canvas.paper.heat !== null")
    assert not too_wide(visitor)
    visitor.assert_fine()


def test_a_drawing_comes_back_and_tells_what_it_costs(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/vae?mode=draw")
    canvas = visitor.page.locator(".echo.ready")
    cost = canvas.locator('[data-say="elbo"]')
    expect(cost).to_contain_text("nats")
    before = cost.inner_text()
    drag(visitor, canvas.locator('[data-panel="paper"]'), (0.2, 0.2), (0.8, 0.8))
    expect(cost).not_to_have_text(before)
    expect(canvas.locator('[data-say="whose"]')).to_have_text("your drawing")
    canvas.get_by_role("button", name="example: a horse").click()
    expect(canvas.locator('[data-say="verdict"]')).to_contain_text("hardly seen the like")
    quiet(visitor)
    visitor.assert_fine()


def test_beta_moves_while_it_trains(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/vae?mode=train&steps=100000&hidden=40&batch_size=32")
    trainer = visitor.page.locator(".trainer")
    trainer.locator('[data-action="train"]').click()
    visitor.page.wait_for_function("e => +e.dataset.step > 50", arg=trainer.element_handle())
    slider = visitor.page.get_by_role("slider", name="β")
    slider.focus()
    visitor.page.keyboard.press("End")
    expect(trainer.locator("figure.curve .plot").first).to_contain_text("β 10")
    assert "beta=10" in visitor.page.url
    trainer.locator('[data-action="pause"]').click()
    expect(trainer).to_have_attribute("data-state", "paused")
    expect(trainer.locator('[data-say="parts"]')).to_contain_text("KL")
    visitor.assert_fine()
