"""Which channels of a network are one and the same on their way through it: what one layer writes others read."""

from __future__ import annotations

import copy
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import torch
from torch import fx, nn
from torch.nn import functional

from feathercut.train.networks.answers import Answers, Network

_SAME = (nn.BatchNorm2d, nn.ReLU, nn.MaxPool2d, nn.Identity)


@dataclass(frozen=True)
class Channels:
    """The convolutions of a network by name, in the order in which they are computed.

    `reads` and `writes` give each of a convolution's input and output channels a number. Channels with one number hold
    the same: norms, ReLU, halving and enlarging leave a channel what it is, joining puts channels side by side, and
    maps that are added share theirs. `outer` are the numbers of the photo and of the answers.
    """

    reads: dict[str, tuple[int, ...]]
    writes: dict[str, tuple[int, ...]]
    outer: frozenset[int]

    @property
    def count(self) -> int:
        """One more than the largest number."""
        return 1 + max(max(one) for one in (*self.reads.values(), *self.writes.values()))


def channels_of(network: Network) -> Channels:
    """The channels of a network, from what PyTorch's `fx` traces of it."""
    flow = fx.symbolic_trace(copy.deepcopy(network))
    found = _Found()
    modules = dict(flow.named_modules())
    for node in flow.graph.nodes:
        found.follow(node, modules.get(str(node.target)) if node.op == "call_module" else None)
    return found.channels()


class _Found:
    """What is known of a trace so far."""

    def __init__(self) -> None:
        self._joined: list[int] = []
        self._of: dict[fx.Node, tuple[int, ...]] = {}
        self._reads: dict[str, tuple[int, ...]] = {}
        self._writes: dict[str, tuple[int, ...]] = {}
        self._outer: list[int] = []

    def follow(self, node: fx.Node, module: nn.Module | None) -> None:
        """Takes the next node of the trace."""
        if node.op == "placeholder":
            self._of[node] = self._new(3)
            self._outer += self._of[node]
        elif isinstance(module, nn.Conv2d):
            self._reads[str(node.target)] = self._input(node)
            self._of[node] = self._writes[str(node.target)] = self._new(module.out_channels)
        elif isinstance(module, _SAME) or node.target is functional.interpolate:
            self._of[node] = self._input(node)
        elif node.target is torch.cat:
            self._of[node] = tuple(one for part in _nodes(node.args[0]) for one in self._of[part])
        elif node.target is operator.add:
            first, second = (self._of[one] for one in _nodes(node.args))
            for one, other in zip(first, second, strict=True):
                self._join(one, other)
            self._of[node] = first
        elif node.target is Answers:
            for said in (*node.args, *node.kwargs.values()):
                self._outer += [one for part in _nodes(said) for one in self._of[part]]

    def channels(self) -> Channels:
        """What was found, the numbers of what is one being one."""
        reads, writes = (
            {name: tuple(self._root(one) for one in numbers) for name, numbers in table.items()}
            for table in (self._reads, self._writes)
        )
        return Channels(reads, writes, frozenset(self._root(one) for one in self._outer))

    def _input(self, node: fx.Node) -> tuple[int, ...]:
        return self._of[_nodes(node.args)[0]]

    def _new(self, count: int) -> tuple[int, ...]:
        first = len(self._joined)
        self._joined += range(first, first + count)
        return tuple(range(first, first + count))

    def _root(self, number: int) -> int:
        while self._joined[number] != number:
            number = self._joined[number]
        return number

    def _join(self, one: int, other: int) -> None:
        low, high = sorted((self._root(one), self._root(other)))
        self._joined[high] = low


def _nodes(value: object) -> Sequence[fx.Node]:
    """What `fx` gives as the arguments of a layer, which are other nodes here."""
    return cast("Sequence[fx.Node]", value)
