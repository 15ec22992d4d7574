"""How good a network is on photos that it learned nothing from, at the size that it is trained at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import torch
from torch import Tensor

from feathercut.kernels.resample import shrink
from feathercut.models.spec import Input
from feathercut.pictures import Image
from feathercut.steps.predict import place
from feathercut.train.data import Batch, Pair
from feathercut.train.feeding import normalised, tensors
from feathercut.train.history import Measured, Sampled
from feathercut.train.networks.answers import Network

SAMPLES = 6
"""Photos whose mattes the report shows."""
_MOST_KEPT_BYTES = 1 << 29


def shown(pair: Pair, size: int, rules: Input) -> Batch:
    """A pair as a run of the network sees it, 1×3×S×S, and its alpha, 1×1×S×S."""
    photo = Image(pair.pixels)
    canvas, (top, left, bottom, right) = place(photo, (size, size), rules)
    alpha = np.zeros((size, size, 1), np.float32)
    truth = np.ascontiguousarray(pair.alpha[0][..., None])
    alpha[top:bottom, left:right] = np.clip(shrink(truth, (bottom - top, right - left), "box"), 0, 1)
    one = Pair.of(canvas, alpha[..., 0])
    return Batch(one.rgb[None], one.alpha[None])


class HeldOut:
    """The pairs to measure with; kept as they are shown where they take little room."""

    def __init__(self, pairs: Sequence[Pair], size: int, rules: Input) -> None:
        self._pairs, self._size, self._rules = pairs, size, rules
        self._kept: list[Batch] = []
        self._keeps = len(pairs) * size * size * 16 <= _MOST_KEPT_BYTES

    def __len__(self) -> int:
        return len(self._pairs)

    def _shown(self) -> Iterator[Batch]:
        if len(self._kept) == len(self._pairs):
            yield from self._kept
            return
        self._kept = []
        for number in range(len(self._pairs)):
            batch = shown(self._pairs[number], self._size, self._rules)
            if self._keeps:
                self._kept.append(batch)
            yield batch

    @torch.no_grad()
    def measure(self, network: Network, device: torch.device, sample: Sampled | None = None) -> Measured:
        """What the network, which is left in evaluation, makes of all pairs, one at a time.

        `sample` hears (number, photo 3×S×S, truth 1×S×S, alpha 1×S×S) of the first few.
        """
        network.eval()
        errors, overlaps = [], []
        for number, batch in enumerate(self._shown()):
            rgb, truth = tensors(batch, device)
            alpha = torch.sigmoid(network(normalised(rgb, self._rules)).logits[0].float())
            errors.append(float((alpha - truth).abs().mean()))
            overlaps.append(iou(alpha, truth))
            if sample is not None and number < SAMPLES:
                sample(number, rgb[0], truth[0], alpha[0])
        return Measured(sum(errors) / len(errors), sum(overlaps) / len(overlaps))


def iou(alpha: Tensor, truth: Tensor) -> float:
    """Intersection over union of where both are over one half; 1 where neither is anywhere."""
    ours, theirs = alpha > 0.5, truth > 0.5
    either = int((ours | theirs).sum())
    return int((ours & theirs).sum()) / either if either else 1.0
