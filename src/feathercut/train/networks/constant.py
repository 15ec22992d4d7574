"""Channels that say the same at every pixel of every photo, made part of the bias."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from feathercut.train.networks.balance import bias_of, convolutions, reading

_STEADY = 0.02
"""The spread of a channel, as a share of its mean, under which it is constant."""
_LARGE = 1.0
"""The largest weight with which a constant may be read without harm."""


@torch.no_grad()
def free_of_constants(network: nn.Module, photos: Iterable[Tensor]) -> list[tuple[str, int]]:
    """Takes channels that hardly vary on photos B×3×H×W out of what large weights read, their mean into the bias.

    U²-Net-p's last stages each read such a channel, with weights of up to 700 that the bias takes back: that changes
    the frame of the map, and nothing inside it, but numbers in halves lose a matte there, and so does a network that
    learns: its answers hang by a difference of large numbers. Gives the layers and the places of the channels.
    """
    layers = {name: conv for name, conv in convolutions(network).items() if conv.bias is not None}
    seen: dict[str, list[Tensor]] = {name: [] for name in layers}

    with reading(layers, lambda name, maps: seen[name].append(_moments(maps))):
        for batch in photos:
            network(batch)
    found = []
    for name, conv in layers.items():
        mean, square = torch.stack(seen[name]).mean(0)
        spread = (square - mean.square()).clamp(min=0).sqrt()
        is_read = conv.weight.abs().amax((0, 2, 3)) > _LARGE
        for place in torch.nonzero(is_read & (spread < _STEADY * mean)).flatten().tolist():
            bias_of(conv).add_(conv.weight[:, place].sum((1, 2)) * mean[place].float())
            conv.weight[:, place] = 0
            found.append((name, place))
    return found


def _moments(maps: Tensor) -> Tensor:
    """The mean and the mean square of each channel, 2×C; in double precision, for squares of large means cancel."""
    exact = maps.double()
    return torch.stack((exact.mean((0, 2, 3)), exact.square().mean((0, 2, 3))))
