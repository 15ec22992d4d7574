"""What a convolution reads, pixel by pixel, for some of the pixels."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

_PLACES = 600
"""Pixels of each photo that are looked at."""


def places(maps: Tensor, name: str, photo: int, seed: int = 0) -> Tensor:
    """Some of the pixels of a layer's map; the same ones for two networks with such a layer."""
    random = np.random.default_rng([seed, photo, *name.encode()])
    count = maps.shape[2] * maps.shape[3]
    return torch.from_numpy(random.choice(count, min(count, _PLACES), replace=False))


def around(maps: Tensor, conv: nn.Conv2d, chosen: Tensor) -> Tensor:
    """What a convolution reads for those pixels of its answer: N×(C·k·k), in the order of its weights."""
    high, wide = conv.kernel_size
    apart, edge, columns = conv.dilation[0], int(conv.padding[0]), maps.shape[3]
    if conv.stride != (1, 1):
        raise ValueError("a layer that halves its map is not fitted here")
    padded = functional.pad(maps[0], (edge, edge, edge, edge))
    y, x = chosen // columns, chosen % columns
    parts = [padded[:, y + i * apart, x + j * apart] for i in range(high) for j in range(wide)]
    return torch.stack(parts, 1).permute(2, 0, 1).flatten(1)
