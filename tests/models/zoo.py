"""Small models with random weights in float64, on which laws are checked."""

from __future__ import annotations

from itertools import product
from typing import Any

import torch

from genlab.models.autoregressive import AutoregressiveImage
from genlab.models.gated_pixelcnn import GatedPixelCNN
from genlab.models.masked_lenet import MaskedLeNet
from genlab.models.pixelcnn import PixelCNN

CAUSAL: dict[str, tuple[type[AutoregressiveImage], dict[str, Any]]] = {
    "pixelcnn": (PixelCNN, {}),
    "pixelcnn, no position": (PixelCNN, {"position": False}),
    "gated": (GatedPixelCNN, {"channels": 5, "layers": 2, "dilated": False}),
    "gated, dilated": (GatedPixelCNN, {"channels": 4, "layers": 5}),
    "gated, conditional": (GatedPixelCNN, {"channels": 4, "layers": 2, "conditional": True}),
}
ALL = {**CAUSAL, "masked lenet": (MaskedLeNet, {})}


def random_model(name: str, size: int, levels: int, seed: int = 0) -> AutoregressiveImage:
    """A model whose weights, biases and embeddings are all random and none is zero."""
    family, options = ALL[name]
    model = family(size=size, levels=levels, **options).double()
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            scale = 1.3 / parameter[0].numel() ** 0.5 if parameter.dim() > 1 else 0.3
            parameter.copy_(torch.randn(parameter.shape, generator=generator) * scale)
    return model.eval()


def random_images(model: AutoregressiveImage, n: int, seed: int = 1) -> torch.Tensor:
    shape = (n, 1, model.size, model.size)
    return torch.randint(model.levels, shape, generator=torch.Generator().manual_seed(seed))


def random_labels(model: AutoregressiveImage, n: int, seed: int = 2) -> torch.Tensor | None:
    return torch.randint(10, (n,), generator=torch.Generator().manual_seed(seed)) if model.conditional else None


def every_image(model: AutoregressiveImage) -> torch.Tensor:
    """All levels^(size²) images."""
    images = torch.tensor(list(product(range(model.levels), repeat=model.size**2)))
    return images.view(-1, 1, model.size, model.size)
