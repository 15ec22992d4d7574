"""One number for all answers of a network: what training makes smaller."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import torch
from torch import Tensor

from feathercut.train.losses import masks, mattes
from feathercut.train.networks.answers import Answers


@dataclass(frozen=True)
class Weights:
    """How much each loss counts; `sides` is what the cross entropy of each side output counts."""

    cross_entropy: float = 1.0
    region: float = 0.0
    structure: float = 0.0
    laplacian: float = 0.0
    gradient: float = 0.0
    unknown: float = 0.0
    sides: float = 1.0


MASKS = Weights(region=1.0, structure=1.0)
"""BASNet's sum (Qin et al., CVPR 2019, equation 2), and the cross entropy of every side output as in U²-Net
(Qin et al., 2020, equation 1)."""

MATTES = Weights(region=0.5, laplacian=1.0, gradient=1.0, unknown=1.0)
"""Regions count less where truths are soft: the edge's losses see all that they do not."""

_OF_ALPHA: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "region": masks.region,
    "structure": masks.structure,
    "laplacian": mattes.laplacian,
    "gradient": mattes.gradient,
    "unknown": mattes.unknown,
}


def total(answers: Answers, truth: Tensor, weights: Weights) -> Tensor:
    """The loss of a batch, whose truth is B×1×H×W; computed in float32, whatever the network computed in."""
    best, *sides = (logits.float() for logits in answers.logits)
    loss = weights.cross_entropy * masks.cross_entropy(best, truth)
    alpha = torch.sigmoid(best)
    for name, weight in asdict(weights).items():
        if weight and name in _OF_ALPHA:
            loss = loss + weight * _OF_ALPHA[name](alpha, truth)
    if weights.sides:
        for side in sides:
            loss = loss + weights.sides * masks.cross_entropy(side, truth)
    return loss


def from_inside(answers: Answers, of_masks: Answers) -> Tensor:
    """How far a network's maps are from those that a mask encoder makes of the truth.

    The mean squared difference of each pair of maps, summed (Qin et al., ECCV 2022, equation 4, all weights 1).
    """
    pairs = zip(answers.features, of_masks.features, strict=True)
    return torch.stack([(own.float() - other.float()).square().mean() for own, other in pairs]).sum()


def alike(answers: Answers, others: Answers) -> Tensor:
    """How far a network's answers are from those of the one that it began as (Hinton et al., 2015; Li and Hoiem, 2016).

    The cross entropy against the other's alpha, for every output.
    """
    pairs = zip(answers.logits, others.logits, strict=True)
    each = [masks.cross_entropy(one.float(), torch.sigmoid(other.float())) for one, other in pairs]
    return torch.stack(each).sum()
