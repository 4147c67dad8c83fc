"""What stands in the catalogue: topics and families, each with its page, and experiments with a name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from genlab.experiments.base import Experiment

ROOT = Path(__file__).parents[2]
CHECKPOINTS = ROOT / "checkpoints"
PAGES = ROOT / "pages"
PICTURES = ROOT / "genlab" / "ui" / "shell" / "pictures"


@dataclass(frozen=True)
class Topic:
    """What has a page of its own, and where it comes from."""

    name: str
    title: str
    sentence: str  # what it is, in one sentence that a newcomer understands
    section: str  # of the navigation; "" for a family that has no page, and is seen on others
    source: str
    icon: str  # a Material symbol, for the navigation

    @property
    def page(self) -> str:
        """Name of the page's file and path in its address."""
        return self.title.lower().replace(" ", "_")

    @property
    def script(self) -> Path:
        """The page's file."""
        return PAGES / f"{self.page}.py"

    @property
    def picture(self) -> Path:
        """Of the card on the first page."""
        return PICTURES / f"{self.name}.png"


@dataclass(frozen=True)
class Family(Topic):
    """A kind of model, and where its code is."""

    model: str  # dotted path of the class, "module:name"
    experiment: type[Experiment]
    hint: str = ""  # what to try under Watch, where its kind has no hint for all


@dataclass(frozen=True)
class Entry:
    """An experiment with a name, and perhaps a shipped checkpoint."""

    name: str
    title: str
    experiment: Experiment
    accuracy: float | None = None  # of the shipped weights' class posterior, on all test images (checkpoints/README.md)

    @property
    def checkpoint(self) -> Path:
        """Where the shipped weights are; the file exists where ``shipped`` says so."""
        return CHECKPOINTS / f"{self.name}.safetensors"

    @property
    def shipped(self) -> bool:
        """True where weights come with the project."""
        return self.checkpoint.exists()
