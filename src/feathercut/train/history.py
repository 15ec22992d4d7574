"""What each epoch of a training brought, and who hears of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from torch import Tensor

Sampled = Callable[[int, Tensor, Tensor, Tensor], None]
"""(number, photo 3×S×S, truth 1×S×S, alpha 1×S×S) of one held-out photo."""


@dataclass(frozen=True)
class Measured:
    """Means over photos: `mae` of alpha, and `iou` of where alpha and truth are over one half."""

    mae: float
    iou: float


@dataclass(frozen=True)
class Epoch:
    """What one epoch brought; the first, number 0, is what it began with, and has no loss."""

    number: int
    loss: float | None
    rate: float
    seconds: float
    held_out: Measured | None


class Heard(Protocol):
    """Who hears how it goes."""

    def step(self, done: int, total: int) -> None:
        """So many of all steps are done."""

    def masks(self, epoch: int, epochs: int, loss: float) -> None:
        """The network that encodes masks has learned so many of all its epochs."""

    def epoch(self, history: Sequence[Epoch], best: int) -> None:
        """An epoch is over; `best` is the number of the best one so far."""

    def sampler(self) -> Sampled | None:
        """Who takes samples of the mattes that are measured next."""


class Silence:
    """Hears nothing."""

    def step(self, done: int, total: int) -> None:
        """Nothing."""

    def masks(self, epoch: int, epochs: int, loss: float) -> None:
        """Nothing."""

    def epoch(self, history: Sequence[Epoch], best: int) -> None:
        """Nothing."""

    def sampler(self) -> Sampled | None:
        """Nobody."""
        return None
