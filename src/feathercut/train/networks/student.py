"""A small network of Feathercut's own, for phones and first visits."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from feathercut.train.networks.answers import Answers, Network
from feathercut.train.networks.blocks import ConvNormRelu, resize_to
from feathercut.train.networks.nested_u import NestedU, Plan, side_outputs

ENTRANCE, FINE = 24, 8
"""Channels of the convolution that halves the photo, and of the maps that have the photo's own size."""

PLAN = Plan(
    down=((6, ENTRANCE, 16, 32), (5, 32, 24, 64), (4, 64, 40, 128), ("4F", 128, 44, 128), ("4F", 128, 44, 128)),
    up=(("4F", 256, 44, 128), (4, 256, 40, 64), (5, 128, 24, 32), (6, 64, 16, 32)),
)
"""One stage fewer than U²-Net-p, and channels where they are cheap: on the small maps, which say what is there."""


class Student(Network):
    """A nested U on half of the photo's sides, and a thin strip on all of them.

    More than half of U²-Net-p's work is its last stage, 64 channels at the photo's own size. Here the nested U begins
    at half the size, as IS-Net's does, and what is finer than that is left to three narrow convolutions: they see the
    photo itself beside what the U says of it, enlarged, and only move its edges to where the photo has them.

        photo ─ entrance ─ NestedU ─► 5 maps ─ sides ─► logits[1:]
          │                             └ narrow ─ to H×W ─┐
          └ look ──────────────────────────────────────────┴ finish ─ answer ─► logits[0]
    """

    def __init__(self) -> None:
        super().__init__()
        self.entrance = nn.Conv2d(3, ENTRANCE, 3, stride=2, padding=1)
        self.stages = NestedU(PLAN)
        self.sides = side_outputs(PLAN.answers)
        self.narrow = nn.Conv2d(PLAN.answers[0], FINE, 1)
        self.look = ConvNormRelu(3, FINE)
        self.finish = ConvNormRelu(2 * FINE, FINE)
        self.answer = nn.Conv2d(FINE, 1, 3, padding=1)

    def forward(self, photos: Tensor) -> Answers:
        """Six answers B×1×H×W: the fine one, then those of De_1 to De_4 and En_5."""
        maps = self.stages(self.entrance(photos))
        sides = tuple(resize_to(side(one), photos) for side, one in zip(self.sides, maps, strict=True))
        said = resize_to(self.narrow(maps[0]), photos)
        fine = self.answer(self.finish(torch.cat((said, self.look(photos)), 1)))
        return Answers(logits=(fine, *sides))

    @property
    def encoder(self) -> tuple[nn.Module, ...]:
        """The entrance, then En_1 to En_5."""
        return (self.entrance, *self.stages.down)
