"""Batch normalisation, folded into the convolutions before it and taken out again."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import TypeVar

import torch
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from feathercut.train.networks.blocks import ConvNormRelu

AnyModule = TypeVar("AnyModule", bound=nn.Module)


def folded(network: AnyModule) -> AnyModule:
    """A copy, in evaluation mode, that gives the same answers without a norm: what is shipped.

    A norm with fixed statistics only scales and shifts each channel, and so does a convolution's weight and bias.
    """
    copied = copy.deepcopy(network).eval()
    for block in blocks(copied):
        block.conv = fuse_conv_bn_eval(block.conv, block.norm)
        setattr(block, "norm", nn.Identity())  # noqa: B010  # of another type than training needs
    return copied


def make_idle(block: ConvNormRelu) -> None:
    """Sets a norm that changes nothing, to the last bit: how a published convolution, folded, is held."""
    norm = block.norm
    norm.reset_parameters()
    # The norm adds `eps` to the variance before it divides.
    norm.load_state_dict({"running_var": torch.full_like(norm.bias, 1 - norm.eps)}, strict=False)


def measure(network: nn.Module, batches: Iterable[Tensor]) -> None:
    """Gives every norm the statistics that photos B×3×H×W have there, and leaves the network's answers as they are.

    A network that was loaded from a published file has idle norms. Trained on with those, its answers would change
    at the first step: in training mode a norm divides by what the batch has, not by 1. After this the two modes
    agree, as far as these photos are like those to come; a few dozen are enough. The network's mode is left as it was.
    """
    seen = {block: _Seen() for block in blocks(network)}
    handles = [block.conv.register_forward_hook(one.add) for block, one in seen.items()]
    was_training = network.training
    network.eval()
    try:
        with torch.no_grad():
            for photos in batches:
                network(photos)
    finally:
        network.train(was_training)
        for handle in handles:
            handle.remove()
    for block, one in seen.items():
        _set(block.norm, one)


def blocks(network: nn.Module) -> list[ConvNormRelu]:
    """Every convolution of the network that has a norm."""
    return [part for part in network.modules() if isinstance(part, ConvNormRelu)]


class _Seen:
    """Sums over what came out of a convolution, a channel each."""

    def __init__(self) -> None:
        self.count = 0
        self.sum: Tensor | float = 0.0
        self.squares: Tensor | float = 0.0

    def add(self, conv: nn.Module, given: tuple[Tensor, ...], maps: Tensor) -> None:
        """Adds the maps B×C×h×w of a batch, in double precision: squares of large means cancel."""
        exact = maps.double()
        self.count += maps.shape[0] * maps.shape[2] * maps.shape[3]
        self.sum = self.sum + exact.sum((0, 2, 3))
        self.squares = self.squares + exact.square().sum((0, 2, 3))


def _set(norm: nn.BatchNorm2d, seen: _Seen) -> None:
    """Other statistics, with the weight and bias that make up for them."""
    if not seen.count or norm.running_mean is None or norm.running_var is None:
        return
    mean = torch.as_tensor(seen.sum) / seen.count
    variance = (torch.as_tensor(seen.squares) / seen.count - mean.square()).clamp(min=0)
    with torch.no_grad():
        scale = norm.weight.double() / (norm.running_var.double() + norm.eps).sqrt()
        shift = norm.bias.double() - scale * norm.running_mean.double()
        norm.weight.copy_(scale * (variance + norm.eps).sqrt())
        norm.bias.copy_(shift + scale * mean)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
