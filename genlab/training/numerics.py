"""In which precision and memory order a device trains fastest, tried out once per process."""

from __future__ import annotations

import functools
import time
from typing import NamedTuple

import torch
import torch.nn.functional as F

CLEAR_GAIN = 1.25  # a speed-up below this could be noise, and a choice made by noise could not be repeated


class Numerics(NamedTuple):
    """How a run computes; kept in its state, because it decides the last bits of every number."""

    bfloat16: bool
    channels_last: bool


PLAIN = Numerics(bfloat16=False, channels_last=False)


@functools.cache
def best(device_type: str) -> Numerics:
    """What gains on this machine: channels last wherever there are kernels for it, bfloat16 by a trial."""
    return Numerics(bfloat16=_bfloat16_gains(torch.device(device_type)), channels_last=device_type != "mps")


def _bfloat16_gains(device: torch.device) -> bool:
    if device.type == "mps" or (device.type == "cuda" and not torch.cuda.is_bf16_supported(including_emulation=False)):
        return False
    return _seconds(device, torch.float32) > CLEAR_GAIN * _seconds(device, torch.bfloat16)


def _seconds(device: torch.device, dtype: torch.dtype) -> float:
    """The fastest of a few convolutions there and back, of the size of a small PixelCNN's."""
    generator = torch.Generator(device).manual_seed(0)
    x = torch.randn(2, 32, 28, 28, generator=generator, device=device).to(dtype, memory_format=torch.channels_last)
    weight = torch.randn(64, 32, 3, 5, generator=generator, device=device).to(dtype, memory_format=torch.channels_last)
    x.requires_grad_()
    weight.requires_grad_()
    fastest = float("inf")
    for _ in range(4):
        start = time.perf_counter()
        torch.autograd.grad(F.conv2d(x, weight).sum(), (x, weight))
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        fastest = min(fastest, time.perf_counter() - start)
    return fastest
