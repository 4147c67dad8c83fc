"""What is seen of the kind."""

from __future__ import annotations

import torch

from genlab.views.seen import Seen
from tests.toy_kind.model import Writer


def odds(model: Writer, word: str) -> Seen:
    """log p of a word in nats. Raises ValueError for another length than the model's."""
    if len(word) != model.shape[1]:
        raise ValueError(f"a word of this model has {model.shape[1]} letters, not {len(word)}")
    letters = torch.tensor([[[int(letter) for letter in word]]])
    return Seen({"log_prob": float(model.log_prob(letters).detach())}, {})
