"""The two pieces that all networks here are made of: a convolution with its company, and a change of size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn
from torch.nn import functional


class Block(nn.Module):
    """A part of a network, from one map B×C×h×w to another."""

    def forward(self, maps: Tensor) -> Tensor:
        """The maps that come out."""
        raise NotImplementedError

    if TYPE_CHECKING:

        def __call__(self, maps: Tensor) -> Tensor:
            """As `forward`."""


class ConvNormRelu(Block):
    """B×I×h×w → B×O×h×w: 3×3 convolution, batch normalisation, ReLU; nothing comes out smaller.

    With `dilation` d the nine weights stand d pixels apart and see (2d + 1) pixels across, at the same cost: how the
    networks look far where a map is too small to be halved again.
    """

    def __init__(self, channels_in: int, channels_out: int, dilation: int = 1) -> None:
        super().__init__()
        # Beside batch normalisation a bias has nothing to do; it is where the norm goes when the two are folded.
        self.conv = nn.Conv2d(channels_in, channels_out, 3, padding=dilation, dilation=dilation)
        self.norm = nn.BatchNorm2d(channels_out)
        self.relu = nn.ReLU(inplace=True)

    def forward(self, maps: Tensor) -> Tensor:
        """ReLU(norm(conv(maps)))."""
        activated: Tensor = self.relu(self.norm(self.conv(maps)))
        return activated


def halving() -> nn.MaxPool2d:
    """B×C×h×w → B×C×⌈h/2⌉×⌈w/2⌉: the largest of each 2×2 pixels."""
    return nn.MaxPool2d(2, stride=2, ceil_mode=True)


def resize_to(maps: Tensor, like: Tensor) -> Tensor:
    """B×C×h×w → B×C×H×W, the height and width of `like`, interpolated bilinearly."""
    return functional.interpolate(maps, size=like.shape[2:], mode="bilinear", align_corners=False)
