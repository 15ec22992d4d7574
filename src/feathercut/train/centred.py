"""Steps of training that leave the level of every map alone, for networks without live norms."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from feathercut.train.networks.balance import bias_of, convolutions, reading


class Centred:
    """Weights of convolutions that are changed as if what they read had a mean of 0 in every channel.

    After a ReLU nothing is negative. A small change of one sign to all weights that read such maps moves what comes out
    as a whole, by many times what each weight was meant to do: where no norm takes that back, only tiny steps are safe.
    Here a weight's slope is taken about the mean of what it reads, and the bias makes up for the mean after each step
    (Schraudolph: Centering neural network gradient factors, 1998). What the network answers is not changed by this.
    """

    def __init__(self, network: nn.Module, batches: Iterable[Tensor]) -> None:
        """Measures what the convolutions read on photos B×3×H×W; the network's mode is left as it was."""
        self._convolutions = {name: conv for name, conv in convolutions(network).items() if conv.bias is not None}
        self.means: dict[str, Tensor] = {}
        counted = 0
        with reading(self._convolutions, self._add), torch.no_grad():
            for photos in batches:
                network(photos)
                counted += 1
        self.means = {name: total / counted for name, total in self.means.items()}

    @torch.no_grad()
    def step(self, optimizer: torch.optim.Optimizer) -> None:
        """The optimizer's step along the slopes that were found."""
        before = {}
        for name, conv in self._convolutions.items():
            weight, bias = conv.weight, bias_of(conv)
            if weight.grad is None or bias.grad is None:
                continue
            weight.grad -= bias.grad[:, None, None, None] * self.means[name][None, :, None, None]
            before[name] = weight.clone()
        optimizer.step()
        for name, old in before.items():
            conv = self._convolutions[name]
            moved = (conv.weight - old).sum((2, 3)) @ self.means[name]
            bias_of(conv).sub_(moved)

    def _add(self, name: str, maps: Tensor) -> None:
        self.means[name] = self.means.get(name, 0.0) + maps.float().mean((0, 2, 3))
