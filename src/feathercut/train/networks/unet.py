"""U-Net (Ronneberger, Fischer, Brox: U-Net, MICCAI 2015, figure 1), with a quarter of its channels."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from feathercut.train.networks.answers import Answers, Network
from feathercut.train.networks.blocks import ConvNormRelu, halving, resize_to

SMALL = (16, 32, 64, 128, 256)
"""Channels at each level, the photo's own size first. The paper's are 64 to 1024."""


class UNet(Network):
    """A contracting path that learns what is there, an expanding path that finds where it was.

    On the way down every level halves the sides and doubles the channels; on the way up every level takes what came
    from below, twice as large, beside the map of its own size from the way down. Those bridges are the invention: the
    edges that halving lost come back through them.

        photo ─ 16 ────────────────────────────► 16 ─ logits
                └ 32 ─────────────────────► 32 ┘
                  └ 64 ──────────────► 64 ┘
                    └ 128 ──────► 128 ┘
                      └── 256 ────┘

    It differs from the paper where one would differ today: convolutions are padded, so that nothing is cropped; batch
    normalisation; bilinear enlarging where the paper learns a 2×2 "up-convolution".
    """

    def __init__(self, channels: tuple[int, ...] = SMALL) -> None:
        super().__init__()
        into = (3, *channels[:-1])
        self.down = nn.ModuleList(twice(a, b) for a, b in zip(into, channels, strict=True))
        self.halve = halving()
        pairs = list(pairwise(channels))
        self.up = nn.ModuleList(twice(own + below, own) for own, below in reversed(pairs))
        self.answer = nn.Conv2d(channels[0], 1, 1)

    def forward(self, photos: Tensor) -> Answers:
        """One answer B×1×H×W; the paper has no side outputs."""
        maps, passed = photos, []
        for level, step in enumerate(self.down):
            maps = step(self.halve(maps) if level else maps)
            passed.append(maps)
        for step, bridge in zip(self.up, reversed(passed[:-1]), strict=True):
            maps = step(torch.cat((resize_to(maps, bridge), bridge), 1))
        return Answers(logits=(self.answer(maps),))

    @property
    def encoder(self) -> tuple[nn.Module, ...]:
        """The five levels."""
        return tuple(self.down)


def twice(channels_in: int, channels_out: int) -> nn.Sequential:
    """B×I×h×w → B×O×h×w by two convolutions: one step of either path."""
    return nn.Sequential(ConvNormRelu(channels_in, channels_out), ConvNormRelu(channels_out, channels_out))
