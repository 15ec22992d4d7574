"""How large a network is, and how much it computes."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from feathercut.pictures import Size


def parameters(network: nn.Module) -> int:
    """How many numbers training changes."""
    return sum(one.numel() for one in network.parameters())


def weights_bytes(network: nn.Module) -> int:
    """The bytes of all that a checkpoint keeps, without the file around it: parameters and the norms' statistics."""
    return sum(one.numel() * one.element_size() for one in network.state_dict().values())


def gmac(network: nn.Module, size: Size) -> float:
    """Multiplications with addition for one photo of that (height, width), in thousand millions.

    Those of all convolutions, the side outputs' included. Nothing is computed: the tensors have shapes and no numbers.
    """
    return parts(network, size)[""].gmac


@dataclass(frozen=True)
class Part:
    """What a part of a network makes of one photo (B×C×h×w; empty where it is no single map), and what it costs."""

    shape: tuple[int, ...]
    gmac: float


def parts(network: nn.Module, size: Size) -> dict[str, Part]:
    """Each part of the network by its name, as `stages.down.0`, in the order they stand there; `` is all of it."""
    hollow = copy.deepcopy(network).to("meta").eval()
    shapes: dict[str, tuple[int, ...]] = {}
    for name, part in hollow.named_modules():

        def note(_part: nn.Module, _given: object, made: object, name: str = name) -> None:
            shapes[name] = tuple(made.shape) if isinstance(made, Tensor) else ()

        part.register_forward_hook(note)
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        hollow(torch.empty(1, 3, *size, device="meta"))
    root = type(network).__name__
    multiplied = {
        name.removeprefix(root).removeprefix("."): sum(by_kind.values()) / 2 / 1e9
        for name, by_kind in counter.get_flop_counts().items()
        if name.startswith(root)
    }
    return {
        name: Part(shapes[name], float(multiplied.get(name, 0))) for name, _ in hollow.named_modules() if name in shapes
    }
