"""Published weights on their way into a training and out of it again."""

from __future__ import annotations

import torch
from torch import Tensor

from feathercut.errors import WeightsError
from feathercut.train.feeding import normalised, tensors
from feathercut.train.held_out import shown
from feathercut.train.job import Job
from feathercut.train.networks.answers import Network
from feathercut.train.networks.balance import balance, scale
from feathercut.train.networks.build import build
from feathercut.train.networks.published import load_published

_BALANCED_ON = 4
"""Photos that say how large the numbers of each channel are."""


def begin_as_published(network: Network, job: Job, device: torch.device) -> Tensor:
    """Loads the weights that a job begins with, scaled so that no step is too long for some; gives the factors."""
    if job.start is None:
        raise WeightsError(f"`{job.network}` has no weights to begin with")
    load_published(network, job.start)
    rules, every = job.record.input, max(1, len(job.tuning) // _BALANCED_ON)
    numbers = range(0, len(job.tuning), every)[:_BALANCED_ON]
    pairs = (shown(job.tuning[number], job.size, rules) for number in numbers)
    return balance(network, (normalised(tensors(one, device)[0], rules) for one in pairs))


def as_published(weights: dict[str, Tensor], job: Job, factors: Tensor | None) -> dict[str, Tensor]:
    """Weights in the scale in which they began, in which they can be blended with the published ones."""
    if factors is None:
        return weights
    network = build(job.network)
    network.load_state_dict(weights)
    scale(network, factors, back=True)
    return {name: value.detach().clone() for name, value in network.state_dict().items()}
