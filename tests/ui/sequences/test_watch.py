"""What Watch and Draw save."""

from __future__ import annotations

import io

import numpy as np
import pytest

import genlab
from genlab.catalog import entry
from genlab.runtime.engine import engine
from genlab.ui.sequences.watch import archive
from genlab.views import sequences as views


@pytest.mark.skipif(not entry("netto1d-toy").shipped, reason="needs its weights")
def test_an_archive_has_what_the_model_wrote_in_nats() -> None:
    asked = {"n": 3, "seed": 5, "temperature": 0.7, "known": (30, None, 31, *[None] * 29)}
    try:
        saved = np.load(io.BytesIO(archive("netto1d-toy", asked)))
    finally:
        engine().stop()
    meta, arrays = views.written(genlab.load("netto1d-toy"), **asked)  # type: ignore[arg-type]
    assert set(saved) == set(arrays)
    for name in set(arrays) - {"log_probs"}:
        np.testing.assert_allclose(saved[name], arrays[name], atol=1e-5)
    floor, taken = -meta["floor"], -arrays["surprise"]
    drawn = np.take_along_axis(saved["log_probs"], arrays["values"][:, :, None].astype(int), 2)[:, :, 0]
    np.testing.assert_allclose(drawn, np.maximum(taken, floor), atol=0.51 * meta["floor"] / 255)
