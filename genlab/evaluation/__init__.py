"""How good a model is."""

from genlab.evaluation.likelihood import bits_per_dim, evaluate, perplexity

__all__ = ["bits_per_dim", "evaluate", "perplexity"]
