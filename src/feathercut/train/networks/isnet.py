"""IS-Net (Qin et al.: Highly Accurate Dichotomous Image Segmentation, ECCV 2022) and what teaches it."""

from __future__ import annotations

from torch import Tensor, nn

from feathercut.train.networks.answers import Answers, Network
from feathercut.train.networks.blocks import halving, resize_to
from feathercut.train.networks.nested_u import NestedU, Plan, encode, side_outputs
from feathercut.train.networks.residual_u import residual_u
from feathercut.train.networks.u2net import FULL

ENTRANCE = 64
"""Channels of the convolution that a photo goes through first."""

PLAN = Plan(down=((7, ENTRANCE, 32, 64), *FULL.down[1:]), up=FULL.up)
"""U²-Net's stages; the first takes what the entrance gives."""

OF_MASKS = (
    (7, ENTRANCE // 4, 16, 64),
    (6, 64, 16, 64),
    (5, 64, 32, 128),
    (4, 128, 32, 256),
    ("4F", 256, 64, 512),
    ("4F", 512, 64, 512),
)
"""The stages of the mask encoder: what comes out of each has the channels of IS-Net's map of that size."""


class ISNet(Network):
    """U²-Net for photos of 1024×1024, told at every depth how a mask looks from inside.

    The entrance halves the photo before anything else, or the first stage alone would take four times as long. The
    largest side output is the answer; nothing fuses them.

    What is new is the training (section 4.2, "intermediate supervision"): first a `MaskEncoder` learns to give masks
    back; then it is left as it is, and IS-Net's own maps are drawn towards those that it makes of the true mask. A mask
    alone says one bit a pixel, from which a large network learns its photos by heart; maps of 64 to 512 channels say
    more.
    """

    def __init__(self) -> None:
        super().__init__()
        self.entrance = nn.Conv2d(3, ENTRANCE, 3, stride=2, padding=1)
        self.stages = NestedU(PLAN)
        self.sides = side_outputs(PLAN.answers)

    def forward(self, photos: Tensor) -> Answers:
        """Six answers B×1×H×W, De_1's first, and the six maps they came from, H/2×W/2 to H/64×W/64."""
        maps = self.stages(self.entrance(photos))
        logits = tuple(resize_to(side(one), photos) for side, one in zip(self.sides, maps, strict=True))
        return Answers(logits=logits, features=maps)

    @property
    def encoder(self) -> tuple[nn.Module, ...]:
        """The entrance, then En_1 to En_6."""
        return (self.entrance, *self.stages.down)


class MaskEncoder(nn.Module):
    """From true masks B×1×H×W in [0, 1] to Answers: the masks again, and the maps that IS-Net's are compared with.

    It has no way up: every stage must say the mask from its own map, so that the maps hold it at every size.
    """

    def __init__(self) -> None:
        super().__init__()
        self.entrance = nn.Conv2d(1, ENTRANCE // 4, 3, stride=2, padding=1)
        self.down = nn.ModuleList(residual_u(*stage) for stage in OF_MASKS)
        self.halve = halving()
        self.sides = side_outputs(tuple(channels for *_, channels in OF_MASKS))

    def forward(self, masks: Tensor) -> Answers:
        """Six answers B×1×H×W and six maps, of the shapes of IS-Net's."""
        maps = encode(self.down, self.halve, self.entrance(masks))
        logits = tuple(resize_to(side(one), masks) for side, one in zip(self.sides, maps, strict=True))
        return Answers(logits=logits, features=tuple(maps))
