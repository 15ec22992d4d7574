"""U²-Net and U²-Net-p (Qin et al.: U²-Net, Pattern Recognition 106, 2020, figure 5 and table 1)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from feathercut.train.networks.answers import Answers, Network
from feathercut.train.networks.blocks import resize_to
from feathercut.train.networks.nested_u import NestedU, Plan, side_outputs

FULL = Plan(
    down=(
        (7, 3, 32, 64),
        (6, 64, 32, 128),
        (5, 128, 64, 256),
        (4, 256, 128, 512),
        ("4F", 512, 256, 512),
        ("4F", 512, 256, 512),
    ),
    up=(
        ("4F", 1024, 256, 512),
        (4, 1024, 128, 256),
        (5, 512, 64, 128),
        (6, 256, 32, 64),
        (7, 128, 16, 64),
    ),
)
"""U²-Net's stages. The U inside a stage is lower where its map is smaller; the last maps are not halved at all."""

SMALL = Plan(
    down=((7, 3, 16, 64), (6, 64, 16, 64), (5, 64, 16, 64), (4, 64, 16, 64), ("4F", 64, 16, 64), ("4F", 64, 16, 64)),
    up=(("4F", 128, 16, 64), (4, 128, 16, 64), (5, 128, 16, 64), (6, 128, 16, 64), (7, 128, 16, 64)),
)
"""U²-Net-p's: as deep, but every stage has 64 channels and 16 in its middle. A fortieth of the weights."""


class U2Net(Network):
    """A U whose every stage is a U, so that it needs no encoder that was trained for something else first.

    Each of the six maps that come out gives an answer of its own (a side output). One more convolution weighs the six
    against each other at every pixel: the coarse ones know what the subject is, the fine ones where it ends.

        photo ─ NestedU ─► 6 maps ─ side ─► 6 × B×1×h×w ─ to H×W ─┬─► logits[1:]
                                                                  └ fuse ─► logits[0]
    """

    def __init__(self, plan: Plan = FULL) -> None:
        super().__init__()
        self.stages = NestedU(plan)
        self.sides = side_outputs(plan.answers)
        self.fuse = nn.Conv2d(len(plan.answers), 1, 1)

    def forward(self, photos: Tensor) -> Answers:
        """Seven answers B×1×H×W: the fused one, then those of De_1 to De_5 and En_6."""
        maps = self.stages(photos)
        first, *coarser = [side(one) for side, one in zip(self.sides, maps, strict=True)]
        sides = (first, *[resize_to(one, first) for one in coarser])
        return Answers(logits=(self.fuse(torch.cat(sides, 1)), *sides))

    @property
    def encoder(self) -> tuple[nn.Module, ...]:
        """En_1 to En_6."""
        return tuple(self.stages.down)
