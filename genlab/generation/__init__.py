"""Generation: steps, in-painting, exact cached sampling."""

from genlab.generation.steps import Step, generate, sample

__all__ = ["Step", "generate", "sample"]
