"""Generation: steps, in-painting, exact cached sampling."""

from genlab.generation.request import Request
from genlab.generation.steps import Step, generate, sample

__all__ = ["Request", "Step", "generate", "sample"]
