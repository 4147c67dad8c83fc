"""The benchmark's model whose middle has half the resolution: causal as all others."""

import torch

from benchmarks.recipe import Halved


@torch.no_grad()
def test_with_half_the_resolution_no_pixel_hears_what_comes_later():
    torch.manual_seed(0)
    model = Halved(6, 3, 8, layers=5, conditional=True).double()
    x, label = torch.randint(3, (1, 1, 6, 6)), torch.tensor([3])
    before = model.logits(x, label).flatten(2)
    for t in range(36):
        changed = x.clone()
        changed.view(-1)[t] = (changed.view(-1)[t] + 1) % 3
        moved = (model.logits(changed, label).flatten(2) != before).any(1)[0]
        assert not moved[: t + 1].any()
        assert t % 6 == 5 or moved[t + 1]
