"""The fusion of two networks with one of its parts left out, for `bench.ablation`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np

from bench.processes import BenchError
from feathercut.kernels import fuse as fusion
from feathercut.pictures import FloatArray, Size

_FILL, _UNSEEN = (0.3, 0.8), (0.85, 0.99)
"""The thresholds by which `fuse` tells what to fill, and what of it the first network did not see at all."""

_step = fusion.step


def _none_at(thresholds: tuple[float, float]) -> Callable[[FloatArray, float, float], FloatArray]:
    """`fuse.step`, but nothing passes these thresholds."""

    def step(values: FloatArray, low: float, high: float) -> FloatArray:
        return np.zeros_like(values) if (low, high) == thresholds else _step(values, low, high)

    return step


def _all_subject(_first: FloatArray, _second: FloatArray, rgb: FloatArray) -> FloatArray:
    return np.ones(rgb.shape[:2], np.float32)


def _nothing_known(_first: FloatArray, _second: FloatArray, rgb: FloatArray) -> FloatArray:
    return np.full(fusion.fitted(rgb.shape, fusion._SIDE), 0.5, np.float32)


def _as_drawn(alpha: FloatArray, _looks: FloatArray) -> FloatArray:
    return alpha


def _no_trust(drawn: FloatArray, _body: FloatArray) -> FloatArray:
    return np.zeros_like(drawn)


def _no_stray(_alpha: FloatArray, _body: FloatArray, size: Size) -> FloatArray:
    return np.zeros(size, np.float32)


PARTS: Mapping[str, tuple[str, Callable[..., FloatArray]]] = {
    "the fill": ("step", _none_at(_FILL)),
    "the unseen": ("step", _none_at(_UNSEEN)),
    "the colour vote": ("_colour_vote", _all_subject),
    "the colours of either side": ("_looks", _nothing_known),
    "the tilt of edges": ("_tilted", _as_drawn),
    "the trust in drawn holes and hair": ("_trust", _no_trust),
    "the removal of strays": ("_stray", _no_stray),
}
"""Parts by name: the function of `kernels/fuse.py` that makes each, and one that leaves it out."""


@contextmanager
def without(part: str | None) -> Iterator[None]:
    """Leaves a part out of the fusion meanwhile."""
    if part is None:
        yield
        return
    name, instead = PARTS[part]
    original = getattr(fusion, name)
    setattr(fusion, name, instead)
    try:
        yield
    finally:
        setattr(fusion, name, original)


def check() -> None:
    """Raises BenchError where the fusion has a part no more, which would seem to add nothing."""
    missing = [name for name, _ in PARTS.values() if not hasattr(fusion, name)]
    met: set[tuple[float, float]] = set()

    def step(values: FloatArray, low: float, high: float) -> FloatArray:
        met.add((low, high))
        return _step(values, low, high)

    fusion.step = step
    try:
        planes = np.random.default_rng(0).random((5, 64, 64), np.float32)
        fusion.fuse(planes[0], planes[1], np.ascontiguousarray(planes[2:].transpose(1, 2, 0)))
    finally:
        fusion.step = _step
    missing += [f"step from {low:g} to {high:g}" for low, high in (_FILL, _UNSEEN) if (low, high) not in met]
    if missing:
        raise BenchError(
            f"kernels/fuse.py has no {', '.join(missing)} any more; bench/parts.py leaves out what is gone"
        )
