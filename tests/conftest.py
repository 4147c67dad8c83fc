"""What every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

# Tiny tensors: a second thread only waits, and takes a core from whatever else runs. Read when torch is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")


@pytest.fixture(scope="session")
def mnist() -> Path:
    """The folder with the real MNIST, which ``GENLAB_DATA`` names.

    Without it a test is skipped. A folder that is named and lacks MNIST is a mistake, which fails where ``CI=true``.
    """
    folder = os.environ.get("GENLAB_DATA")
    if not folder:
        pytest.skip("needs the real MNIST: GENLAB_DATA names no folder")
    if not (Path(folder) / "MNIST" / "raw" / "train-images-idx3-ubyte").exists():
        complain = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        complain(f"GENLAB_DATA names {folder}, which holds no MNIST")
    return Path(folder)
