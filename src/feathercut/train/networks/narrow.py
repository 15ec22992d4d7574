"""A network with fewer channels from a trained one: which are kept, and what makes up for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, fx, nn

from feathercut.train.networks.answers import Network
from feathercut.train.networks.balance import bias_of, convolutions, listening, sizes
from feathercut.train.networks.channels import Channels, channels_of
from feathercut.train.networks.patches import around, places

_STAY = 0.01
"""How much weights are held to what they were, as a share of the mean square of what they read."""


def narrow(source: Network, target: Network, photos: Sequence[Tensor], seed: int = 0) -> dict[str, list[int]]:
    """Gives `target`, the same network with fewer channels in places, weights with which it answers as `source` does.

    Of each layer those channels are kept that are read with the largest weights. Then, layer by layer in the order in
    which they are computed, the weights are fitted by least squares, so that from what the narrow layers before give
    comes what the wide layer gave on `photos`, each 1×3×H×W (He et al.: Channel Pruning, ICCV 2017, section 3.1). Norms
    must be idle in both. Gives the places of the channels that were kept, by the name of the layer that writes them.
    Raises ValueError where the two are not of one kind.
    """
    wide, narrower = channels_of(source), channels_of(target)
    if list(wide.writes) != list(narrower.writes):
        raise ValueError("the narrow network has other layers than the wide one")
    weighs = _weights_of_channels(source, wide, photos)
    kept = {name: _largest(weighs, numbers, len(narrower.writes[name])) for name, numbers in wide.writes.items()}
    stays = {wide.writes[name][place] for name, places in kept.items() for place in places} | wide.outer
    _copy(source, target, wide, kept, stays)
    _fit(source, target, kept, photos, seed)
    return kept


def _weights_of_channels(source: Network, found: Channels, photos: Sequence[Tensor]) -> Tensor:
    """How much the layers that read a channel make of it."""
    read = torch.zeros(found.count, dtype=torch.float64)
    for name, conv in convolutions(source).items():
        read.index_add_(0, torch.tensor(found.reads[name]), conv.weight.detach().double().abs().sum((0, 2, 3)))
    return read * sizes(source, found, photos)


def _largest(weighs: Tensor, numbers: tuple[int, ...], count: int) -> list[int]:
    """The places of the `count` channels that weigh most, in their order."""
    order = torch.argsort(weighs[list(numbers)], descending=True, stable=True)
    return sorted(order[:count].tolist())


def _copy(source: Network, target: Network, found: Channels, kept: dict[str, list[int]], stays: set[int]) -> None:
    into = convolutions(target)
    with torch.no_grad():
        for name, conv in convolutions(source).items():
            inputs = [place for place, number in enumerate(found.reads[name]) if number in stays]
            into[name].weight.copy_(conv.weight[kept[name]][:, inputs])
            bias_of(into[name]).copy_(bias_of(conv)[kept[name]])


def _fit(source: Network, target: Network, kept: dict[str, list[int]], photos: Sequence[Tensor], seed: int) -> None:
    wanted: dict[str, list[Tensor]] = {name: [] for name in kept}

    def note(name: str, maps: Tensor) -> None:
        chosen = places(maps, name, len(wanted[name]), seed)
        wanted[name].append(maps[0, kept[name]].flatten(1)[:, chosen].T)

    with listening(source, note), torch.no_grad():
        for photo in photos:
            source(photo)
    fitted = {name: torch.cat(rows) for name, rows in wanted.items()}
    with torch.no_grad():
        _Fitting(target.eval(), fitted, seed).run(torch.cat(list(photos)))


class _Fitting(fx.Interpreter):
    """Computes a network layer by layer, fitting each before it is used."""

    def __init__(self, network: Network, wanted: dict[str, Tensor], seed: int) -> None:
        super().__init__(fx.symbolic_trace(network))
        self._wanted, self._seed = wanted, seed

    def call_module(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """What a layer gives, fitted if it is a convolution."""
        layer = self.fetch_attr(target)
        if isinstance(layer, nn.Conv2d):
            maps: Tensor = args[0]
            each = [maps[number : number + 1] for number in range(len(maps))]
            read = [around(one, layer, places(one, target, photo, self._seed)) for photo, one in enumerate(each)]
            _fit_layer(layer, torch.cat(read), self._wanted[target])
        return super().call_module(target, args, kwargs)


def _fit_layer(conv: nn.Conv2d, read: Tensor, wanted: Tensor) -> None:
    """Weights with which a convolution makes `wanted`, N×O, of what it reads, N×(C·k·k)."""
    seen = torch.cat((read, torch.ones(len(read), 1)), 1).double()
    before = torch.cat((conv.weight.flatten(1), bias_of(conv)[:, None]), 1).double()
    squares = seen.T @ seen
    hold = torch.diag(_STAY * squares.diagonal() + 1e-9 * len(seen))
    solved = torch.linalg.solve(squares + hold, seen.T @ wanted.double() + hold @ before.T).T
    conv.weight.copy_(solved[:, :-1].reshape(conv.weight.shape))
    bias_of(conv).copy_(solved[:, -1])
