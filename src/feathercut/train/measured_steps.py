"""Steps of training as long as what they change in the maps, for networks that were trained and are to stay so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from feathercut.train.networks.balance import bias_of, convolutions, reading
from feathercut.train.networks.patches import around, places

_DAMPING = 0.03
"""Added to the mean squares of what a layer reads, as a share of them: what is hardly ever read is hardly learned."""


class MeasuredSteps:
    """An optimizer of convolutions with biases and without live norms.

    A weight's slope says nothing of how far its change moves a map: after a ReLU all channels rise and fall together,
    and a small change of one sign to all weights that read them moves the map as a whole. Here slopes go through the
    inverse of the second moments of what a layer reads, a one beside them for the bias, so that a step is steepest for
    what the layer writes and not for its weights (Benzing: Gradient Descent on Neurons, ICML 2022). It is then scaled
    layer by layer: a rate of 0.01 changes a map by up to a hundredth of its spread; slopes that disagree from step to
    step change it less, as in Adam (Kingma and Ba, 2015).
    """

    def __init__(self, network: nn.Module, batches: Iterable[Tensor], betas: tuple[float, float] = (0.9, 0.99)) -> None:
        """Measures what the convolutions read and write on photos B×3×H×W.

        Raises ValueError where one has no bias, or halves its map.
        """
        self._layers = convolutions(network)
        self._betas, self._steps = betas, 0
        moments = _moments(self._layers, network, batches)
        self._inverse = {name: _inverse(squares) for name, squares in moments.items()}
        self._spread = {name: _spread(conv, moments[name]) for name, conv in self._layers.items()}
        self._mean = {
            name: torch.zeros_like(_together(conv.weight, bias_of(conv))) for name, conv in self._layers.items()
        }
        self._size = dict.fromkeys(self._layers, 0.0)

    @torch.no_grad()
    def step(self, rate: float, shares: Mapping[str, float]) -> None:
        """One step along the slopes that were found; `shares` of the rate are for layers of other steps, by name."""
        self._steps += 1
        early, late = self._betas
        for name, conv in self._layers.items():
            if conv.weight.grad is None or conv.bias is None or conv.bias.grad is None:
                continue
            slope = _together(conv.weight.grad, conv.bias.grad)
            steepest = slope @ self._inverse[name]
            self._mean[name].lerp_(steepest, 1 - early)
            size = float((slope * steepest).sum()) / len(slope)
            self._size[name] = late * self._size[name] + (1 - late) * size
            typical = (self._size[name] / (1 - late**self._steps)) ** 0.5
            length = rate * shares.get(name, 1.0) * self._spread[name] / (1 - early**self._steps) / max(typical, 1e-30)
            change = self._mean[name] * length
            conv.weight.sub_(change[:, :-1].reshape(conv.weight.shape))
            conv.bias.sub_(change[:, -1])

    def state(self) -> dict[str, Any]:
        """What `restore` takes; what layers read is measured by whoever makes the optimizer."""
        return {"steps": self._steps, "mean": self._mean, "size": self._size}

    def restore(self, steps: int, mean: dict[str, Tensor], size: dict[str, float]) -> None:
        """Goes on from a state."""
        self._steps, self._mean, self._size = steps, mean, size


def _moments(layers: dict[str, nn.Conv2d], network: nn.Module, batches: Iterable[Tensor]) -> dict[str, Tensor]:
    """The mean products of what each layer reads for a pixel, (C·k·k + 1)², the last one the constant."""
    found: dict[str, Tensor] = {}
    seen = dict.fromkeys(layers, 0)

    def add(name: str, maps: Tensor) -> None:
        for number in range(len(maps)):
            one = maps[number : number + 1].float()
            read = around(one, layers[name], places(one, name, seen[name]))
            read = torch.cat((read, torch.ones(len(read), 1)), 1)
            found[name] = found.get(name, torch.zeros(())) + read.T @ read / len(read)
            seen[name] += 1

    with reading(layers, add), torch.no_grad():
        for photos in batches:
            network(photos)
    return {name: total / seen[name] for name, total in found.items()}


def _inverse(moments: Tensor) -> Tensor:
    exact = moments.double()
    squares = exact.diagonal()
    held = exact + torch.diag(_DAMPING * squares + 1e-6 * squares.mean())
    inverse: Tensor = torch.linalg.inv(held)
    return inverse.float()


def _spread(conv: nn.Conv2d, moments: Tensor) -> float:
    """The root of the mean variance of the channels that a layer writes."""
    weights = conv.weight.detach().flatten(1).double()
    means = moments[-1, :-1].double()
    covariance = moments[:-1, :-1].double() - torch.outer(means, means)
    return float(((weights @ covariance) * weights).sum(1).mean().clamp(min=0).sqrt())


def _together(weight: Tensor, bias: Tensor) -> Tensor:
    return torch.cat((weight.flatten(1), bias[:, None]), 1)
