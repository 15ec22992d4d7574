"""The residual U-block, a small U-Net inside each stage of U²-Net and IS-Net (Qin et al., U²-Net 2020, section 3.1)."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn

from feathercut.train.networks.blocks import Block, ConvNormRelu, halving, resize_to

Height = Literal[4, 5, 6, 7, "4F"]
"""How many levels the U has; `4F` has four and never halves."""


class ResidualU(Block):
    """RSU-L, B×I×h×w → B×O×h×w: U(F(x)) + F(x), where F is one convolution and U a U-Net with `height` levels.

    A plain residual block adds two convolutions to what comes in, and sees five pixels. Here U sees the whole map, and
    since it works on few channels (`middle`) and mostly on small maps, it costs hardly more (figure 4 of the paper).

        x ─ enter ─┬───────────────────────────────────────── + ─►
                   └ down 0 ──────────────────────────► up last ┘       h×w
                       └ down 1 ─────────────────► up ┘                 h/2×w/2
                          ⋮                         ⋮
                            └ down last ──────► up 0 ┘
                                └─ bottom ─────┘                        its own size, twice dilated
    """

    def __init__(self, height: int, channels_in: int, middle: int, channels_out: int) -> None:
        super().__init__()
        self.enter = ConvNormRelu(channels_in, channels_out)
        into = (channels_out, *[middle] * (height - 2))
        self.down = nn.ModuleList(ConvNormRelu(channels, middle) for channels in into)
        self.halve = halving()
        self.bottom = ConvNormRelu(middle, middle, dilation=2)
        out_of = (*[middle] * (height - 2), channels_out)
        self.up = nn.ModuleList(ConvNormRelu(2 * middle, channels) for channels in out_of)

    def forward(self, maps: Tensor) -> Tensor:
        """U(F(maps)) + F(maps)."""
        entered = self.enter(maps)
        inner, passed = entered, []
        for level, step in enumerate(self.down):
            inner = step(self.halve(inner) if level else inner)
            passed.append(inner)
        inner = self.bottom(inner)
        for level, (step, bridge) in enumerate(zip(self.up, reversed(passed), strict=True)):
            inner = step(torch.cat((resize_to(inner, bridge) if level else inner, bridge), 1))
        return inner + entered


class DilatedResidualU(Block):
    """RSU-4F, B×I×h×w → B×O×h×w: the same on maps that are small already; dilation 1, 2, 4, 8 stands for halving."""

    def __init__(self, channels_in: int, middle: int, channels_out: int) -> None:
        super().__init__()
        self.enter = ConvNormRelu(channels_in, channels_out)
        self.down = nn.ModuleList(
            ConvNormRelu(channels, middle, dilation)
            for channels, dilation in ((channels_out, 1), (middle, 2), (middle, 4))
        )
        self.bottom = ConvNormRelu(middle, middle, dilation=8)
        self.up = nn.ModuleList(
            ConvNormRelu(2 * middle, channels, dilation)
            for channels, dilation in ((middle, 4), (middle, 2), (channels_out, 1))
        )

    def forward(self, maps: Tensor) -> Tensor:
        """U(F(maps)) + F(maps)."""
        entered = self.enter(maps)
        inner, passed = entered, []
        for step in self.down:
            inner = step(inner)
            passed.append(inner)
        inner = self.bottom(inner)
        for step, bridge in zip(self.up, reversed(passed), strict=True):
            inner = step(torch.cat((inner, bridge), 1))
        return inner + entered


def residual_u(height: Height, channels_in: int, middle: int, channels_out: int) -> Block:
    """The block that the papers' tables call RSU-`height`(channels_in, middle, channels_out)."""
    if height == "4F":
        return DilatedResidualU(channels_in, middle, channels_out)
    return ResidualU(height, channels_in, middle, channels_out)
