"""What every network here is, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from torch import Tensor, nn


@dataclass(frozen=True)
class Answers:
    """What a network says of a batch of photos.

    `logits`: each B×1×H×W at the photos' size, any number; its sigmoid is the matte. The first is the answer
    that is used, the others are the side outputs that "deep supervision" trains as well (Lee et al. 2015; U²-Net,
    section 3.3).
    `features`: IS-Net's maps of the decoder, which its "intermediate supervision" compares with a mask encoder's;
    empty elsewhere. Each B×C×h×w, the largest first.
    """

    logits: tuple[Tensor, ...]
    features: tuple[Tensor, ...] = ()


class Network(nn.Module):
    """From photos B×3×H×W, normalised as the network's record says, to Answers. Any height and width will do."""

    def forward(self, photos: Tensor) -> Answers:
        """The answers, the best first."""
        raise NotImplementedError

    @property
    def encoder(self) -> tuple[nn.Module, ...]:
        """The stages of the way down, the one nearest the photo first: those that are frozen for few photos."""
        raise NotImplementedError

    if TYPE_CHECKING:

        def __call__(self, photos: Tensor) -> Answers:
            """As `forward`; PyTorch's own type forgets what comes back."""
