"""How large a network is, and how much it computes."""

from __future__ import annotations

import copy

import torch
from torch import nn
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
    hollow = copy.deepcopy(network).to("meta").eval()
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        hollow(torch.empty(1, 3, *size, device="meta"))
    return float(counter.get_total_flops()) / 2 / 1e9
