"""Weights of one size in all of a network, without a change of what it answers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from feathercut.train.networks.answers import Network
from feathercut.train.networks.channels import Channels, channels_of
from feathercut.train.networks.norms import blocks

_FARTHEST = 20
"""Powers of two that a channel is enlarged or made smaller by, at most."""


def balance(network: Network, photos: Iterable[Tensor]) -> Tensor:
    """Scales every inner channel so that its numbers are about 1 on photos B×3×H×W, and what reads it the other way.

    In published files the norms were folded into the convolutions, and some channels hold numbers of a thousand, which
    are read by weights of a thousandth. A step of training is as long for one weight as for another: such weights it
    destroys. ReLU, halving and enlarging let a positive factor pass (Nagel et al.: Data-Free Quantization Through
    Weight Equalization, ICCV 2019, section 4.1), so it can move from one layer to the next. All factors are powers of
    two: no answer changes by a bit. The norms must be idle, as `load_published` leaves them. Gives the factors, for
    `scale`.
    """
    found = channels_of(network)
    factors = _factors(found, sizes(network, found, photos))
    scale(network, factors)
    return factors


def scale(network: Network, factors: Tensor, *, back: bool = False) -> None:
    """Multiplies each channel by its factor, or divides it; a network that was trained meanwhile keeps its answers."""
    found = channels_of(network)
    factors = 1 / factors if back else factors
    norms = {id(block.conv): block.norm for block in blocks(network)}
    with torch.no_grad():
        for name, conv in convolutions(network).items():
            written, read = (factors[list(table[name])].to(conv.weight) for table in (found.writes, found.reads))
            conv.weight.mul_(written.view(-1, 1, 1, 1) / read.view(1, -1, 1, 1))
            norm = norms.get(id(conv))
            for shift in (conv.bias, *((norm.running_mean, norm.bias) if norm is not None else ())):
                if shift is not None:
                    shift.mul_(written)


def convolutions(network: nn.Module) -> dict[str, nn.Conv2d]:
    """The convolutions of a network by name."""
    return {name: part for name, part in network.named_modules() if isinstance(part, nn.Conv2d)}


def bias_of(conv: nn.Conv2d) -> Tensor:
    """What a convolution adds. Raises ValueError where it adds nothing."""
    if conv.bias is None:
        raise ValueError("a layer without a bias has nothing to take up what is left out")
    return conv.bias


@contextmanager
def listening(network: nn.Module, heard: Callable[[str, Tensor], None]) -> Iterator[None]:
    """Within it the network is in evaluation, and `heard` is told what each of its convolutions makes, by name."""

    def hook(name: str) -> Callable[..., None]:
        return lambda conv, given, maps: heard(name, maps)  # noqa: ARG005  # PyTorch's own order

    handles = [conv.register_forward_hook(hook(name)) for name, conv in convolutions(network).items()]
    was_training = network.training
    network.eval()
    try:
        yield
    finally:
        network.train(was_training)
        for handle in handles:
            handle.remove()


@contextmanager
def reading(layers: Mapping[str, nn.Conv2d], heard: Callable[[str, Tensor], None]) -> Iterator[None]:
    """Within it `heard` is told what each of these convolutions reads, B×C×h×w, by name."""

    def hook(name: str) -> Callable[..., None]:
        return lambda _, given: heard(name, given[0])

    handles = [conv.register_forward_pre_hook(hook(name)) for name, conv in layers.items()]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def sizes(network: Network, found: Channels, photos: Iterable[Tensor]) -> Tensor:
    """How large the numbers of each channel are on photos: the root of the mean square, before ReLU; the largest of
    those that are added."""
    squares = {name: torch.zeros(len(numbers), dtype=torch.float64) for name, numbers in found.writes.items()}
    seen = 0

    def note(name: str, maps: Tensor) -> None:
        squares[name] += maps.double().square().mean((2, 3)).sum(0).cpu()

    with listening(network, note), torch.no_grad():
        for batch in photos:
            network(batch)
            seen += len(batch)
    largest = torch.zeros(found.count, dtype=torch.float64)
    for name, numbers in found.writes.items():
        where = torch.tensor(numbers)
        largest[where] = torch.maximum(largest[where], (squares[name] / max(1, seen)).sqrt())
    return largest


def _factors(found: Channels, largest: Tensor) -> Tensor:
    """What each channel is multiplied by: a power of two, 1 for the photo and the answers."""
    factors = torch.ones(found.count, dtype=torch.float64)
    for number, size in enumerate(largest.tolist()):
        if number not in found.outer and size > 0 and math.isfinite(size):
            factors[number] = 2.0 ** -max(-_FARTHEST, min(_FARTHEST, round(math.log2(size))))
    return factors
