"""The U of Us that U²-Net and IS-Net share: six stages down, five up, each a residual U-block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from feathercut.train.networks.blocks import halving, resize_to
from feathercut.train.networks.residual_u import Height, residual_u

Stage = tuple[Height, int, int, int]
"""One row of the papers' tables: the block's height, its channels in, in the middle, and out."""


@dataclass(frozen=True)
class Plan:
    """The rows of a table: `down` as the papers name them En_1 to En_6, `up` from De_5 to De_1."""

    down: tuple[Stage, ...]
    up: tuple[Stage, ...]

    @property
    def answers(self) -> tuple[int, ...]:
        """The channels of the maps that come out, the largest first."""
        return tuple(channels for *_, channels in (*reversed(self.up), self.down[-1]))


class NestedU(nn.Module):
    """B×I×h×w → six maps, at h×w, h/2×w/2 … h/32×w/32: those of the stages De_1 to De_5 and of En_6."""

    def __init__(self, plan: Plan) -> None:
        super().__init__()
        self.down = nn.ModuleList(residual_u(*stage) for stage in plan.down)
        self.halve = halving()
        self.up = nn.ModuleList(residual_u(*stage) for stage in plan.up)

    def forward(self, maps: Tensor) -> tuple[Tensor, ...]:
        """The maps, the largest first; each is a place where an answer can be asked for."""
        passed = encode(self.down, self.halve, maps)
        answers = [passed.pop()]
        for step, bridge in zip(self.up, reversed(passed), strict=True):
            answers.append(step(torch.cat((resize_to(answers[-1], bridge), bridge), 1)))
        return tuple(reversed(answers))

    if TYPE_CHECKING:

        def __call__(self, maps: Tensor) -> tuple[Tensor, ...]:
            """As `forward`."""


def encode(stages: nn.ModuleList, halve: nn.MaxPool2d, maps: Tensor) -> list[Tensor]:
    """What each stage of a contracting path makes of what the one before it made, at half its size."""
    passed: list[Tensor] = []
    for step in stages:
        maps = step(halve(maps) if passed else maps)
        passed.append(maps)
    return passed


def side_outputs(channels: tuple[int, ...]) -> nn.ModuleList:
    """One 3×3 convolution for each of the maps: B×C×h×w → B×1×h×w, its logits."""
    return nn.ModuleList(nn.Conv2d(one, 1, 3, padding=1) for one in channels)
