"""WaveNet in a real browser: seen, heard, looked into."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Locator, expect

from tests.browser.conftest import Server, Visitor
from tests.browser.patience import becomes
from tests.browser.test_shell import PHONE, quiet, too_wide

Visit = Callable[..., Visitor]
pytestmark = pytest.mark.browser


def opened(visitor: Visitor) -> Locator:
    """The canvas, its sound complete and one sample looked into."""
    canvas = visitor.page.locator(".tones")
    expect(canvas).to_have_attribute("data-complete", "true")
    expect(canvas).not_to_have_attribute("data-inside", "-1")
    quiet(visitor)
    return canvas


def heard(canvas: Locator) -> None:
    """Waits until the whole sound has gone to the sound card, and not as silence."""
    becomes(canvas.page, lambda: int(canvas.get_attribute("data-played") or 0), lambda played: played > 7900)
    assert float(canvas.get_attribute("data-peak") or 0) > 0.1, "the sound card was given silence"
    expect(canvas).to_have_attribute("data-playing", "false")


def test_it_opens_on_a_sound_and_a_click_is_heard(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/wavenet")
    canvas = opened(visitor)
    assert canvas.get_attribute("data-played") is None, "no sound before a click"
    expect(canvas.locator('[data-say="factor"]')).to_contain_text("×")
    expect(canvas.locator('[data-say="next"]')).to_contain_text("bits")
    canvas.locator('[data-do="play"]').click()
    heard(canvas)
    assert canvas.evaluate("e => e.canvas.carried") == {"at": None, "places": None}
    visitor.page.goto(f"{server.url}/wavenet?at=700&places=16")
    assert opened(visitor).get_attribute("data-t") == "700"
    assert canvas.evaluate("e => e.canvas.carried") == {"at": 700, "places": 16}
    visitor.assert_fine()


def test_a_key_writes_another_sound_and_plays_it(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/wavenet")
    canvas = opened(visitor)
    before = canvas.evaluate("e => [...e.canvas.sound.levels]")
    canvas.get_by_role("button", name="165 hertz").click()
    expect(canvas).to_have_attribute("data-pitch", "7")
    visitor.page.wait_for_selector(".tones[data-playing=true]")
    heard(canvas)
    expect(canvas).to_have_attribute("data-complete", "true")
    assert canvas.evaluate("e => [...e.canvas.sound.levels]") != before
    expect(canvas.locator('[data-say="pitch"]')).to_contain_text("164.8 Hz")
    quiet(visitor)
    assert "pitch=7" in visitor.page.url
    visitor.assert_fine()


def test_a_slower_device_says_so_and_plays_once_all_is_there(server: Server, visit: Visit) -> None:
    """The canvas is told of pieces as a slow device makes them."""
    visitor = visit(f"{server.url}/wavenet")
    canvas = opened(visitor)
    canvas.evaluate(
        """e => {
            const c = e.canvas, meta = c.meta, levels = c.sound.levels.slice(), surprise = c.sound.bits.slice();
            const piece = (start, end) => c.take({ ...meta, start, end, complete: end === meta.total },
                { levels: { data: levels.slice(start, end) }, surprise: { data: surprise.slice(start, end) } });
            c.begun = performance.now() - 10000;
            piece(0, 4000);
            c.t = 0;
            c.play();
            window.finish = () => piece(4000, 8000);
        }"""
    )
    expect(canvas.locator('[data-say="status"]')).to_contain_text("Slower than real time here")
    assert canvas.get_attribute("data-played") in (None, "0")  # the sound card may have said that nothing has come yet
    visitor.page.evaluate("finish()")
    heard(canvas)
    visitor.assert_fine()


def test_a_faster_device_is_heard_while_it_writes(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/wavenet")
    canvas = opened(visitor)
    canvas.evaluate(
        """e => {
            const c = e.canvas, meta = c.meta, levels = c.sound.levels.slice(), surprise = c.sound.bits.slice();
            window.piece = (start, end) => c.take({ ...meta, start, end, complete: end === meta.total },
                { levels: { data: levels.slice(start, end) }, surprise: { data: surprise.slice(start, end) } });
            c.begun = performance.now();
            piece(0, 6000);
            c.t = 0;
            c.play();
        }"""
    )
    expect(canvas).to_have_attribute("data-streamed", "true")  # 6000 of 8000 are there, and it sounds
    expect(canvas.locator('[data-say="status"]')).to_contain_text("while it is written")
    visitor.page.evaluate("piece(6000, 8000)")
    heard(canvas)
    visitor.assert_fine()


def test_a_sound_of_ones_own_begins_it_and_a_bad_file_costs_nothing(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/wavenet")
    canvas = opened(visitor)
    visitor.page.get_by_text("Begin with a sound of your own").click()
    upload = visitor.page.locator('input[type="file"]')
    upload.set_input_files({"name": "song.wav", "mimeType": "audio/wav", "buffer": b"no sound at all" * 99})
    expect(visitor.page.get_by_text("This is no WAV file that can be read")).to_be_visible()
    expect(canvas).to_have_attribute("data-complete", "true")
    out = io.BytesIO()
    sine = 0.5 * np.sin(2 * np.pi * 220 * np.arange(4800) / 48_000)
    soundfile.write(out, np.stack([sine, sine], 1), 48_000, format="WAV", subtype="PCM_24")
    upload.set_input_files({"name": "mine.wav", "mimeType": "audio/wav", "buffer": out.getvalue()})
    expect(visitor.page.get_by_text("2 channels were mixed into one.")).to_be_visible()
    expect(visitor.page.get_by_text("resampled from 48000 to 8000")).to_be_visible()
    expect(canvas).to_have_attribute("data-given", "800")
    visitor.assert_fine()


def test_without_a_worklet_it_is_played_as_a_whole(server: Server, visit: Visit) -> None:
    """As on a page without https."""
    visitor = visit(f"{server.url}/wavenet")
    canvas = opened(visitor)
    visitor.page.evaluate("Object.defineProperty(AudioContext.prototype, 'audioWorklet', { get: () => undefined })")
    canvas.locator('[data-do="play"]').click()
    visitor.page.wait_for_selector(".tones[data-playing=true]")
    heard(canvas)
    visitor.assert_fine()


def test_look_inside_shows_the_tree_the_gates_and_what_the_link_says(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/wavenet?mode=look&t=2500&places=1024&show=gate")
    canvas = visitor.page.locator(".dilation")
    expect(canvas).to_have_attribute("data-t", "2500")
    expect(canvas).to_have_attribute("data-what", "gate")
    expect(canvas).to_have_attribute("data-places", "1024")
    expect(canvas.locator('[data-say="words"]')).to_contain_text(
        "1024 samples before it, through 1023 units of 10 layers"
    )
    canvas.locator('[data-what="tree"]').click()
    expect(canvas).to_have_attribute("data-what", "tree")
    assert canvas.evaluate("e => e.canvas.carried") == {"t": 2500, "sound": None, "places": 1024, "show": None}
    visitor.assert_fine()


def test_on_a_phone_nothing_scrolls_sideways(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/wavenet", **PHONE)
    opened(visitor)
    assert too_wide(visitor) <= 0
    visitor.assert_fine()


def test_a_training_shows_its_sounds(server: Server, visit: Visit) -> None:
    visitor = visit(f"{server.url}/wavenet?mode=train&channels=4&layers=3&batch_size=1&steps=40")
    trainer = visitor.page.locator(".trainer")
    picture = trainer.locator(".picture")
    expect(picture).to_have_attribute("data-sounds", "4")
    before = picture.get_attribute("data-shown")
    trainer.locator('[data-action="train"]').click()
    expect(trainer).to_have_attribute("data-state", "done")
    expect(picture).not_to_have_attribute("data-shown", before or "")
    expect(picture).to_have_attribute("data-sounds", "4")
    visitor.assert_fine()
