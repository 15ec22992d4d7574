"""The fusion of two networks with one of its parts left out, for `bench.ablation`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

import numpy as np

from bench.processes import BenchError
from feathercut.kernels import fuse as fusion
from feathercut.pictures import FloatArray


def _nothing(plane: FloatArray, *_: FloatArray) -> FloatArray:
    return np.zeros_like(plane)


def _half(rgb: FloatArray, *_: object) -> FloatArray:
    return np.full(rgb.shape[:2], 0.5, np.float32)


def _as_they_are(alpha: FloatArray, _looks: FloatArray) -> FloatArray:
    return np.ones_like(alpha)


PARTS: Mapping[str, tuple[str, Callable[..., FloatArray]]] = {
    "the fill": ("_inside", _nothing),
    "the unseen": ("_unseen", _nothing),
    "the colours of either side": ("likeness", _half),
    "the tilt of edges": ("_odds", _as_they_are),
    "the trust in drawn holes": ("_holes", _nothing),
    "the trust in drawn hair": ("_hair", _nothing),
    "the removal of strays": ("_stray", _nothing),
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
    asked: set[str] = set()
    planes = np.random.default_rng(0).random((5, 64, 64), np.float32)
    for part, (name, instead) in PARTS.items():

        def noted(*given: FloatArray, part: str = part, instead: Callable[..., FloatArray] = instead) -> FloatArray:
            asked.add(part)
            return instead(*given)

        original = getattr(fusion, name, None)
        setattr(fusion, name, noted)
        try:
            fusion.fuse(planes[0], planes[1], np.ascontiguousarray(planes[2:].transpose(1, 2, 0)))
        finally:
            if original is None:
                delattr(fusion, name)
            else:
                setattr(fusion, name, original)
    if missing := [part for part in PARTS if part not in asked]:
        raise BenchError(
            f"kernels/fuse.py has not {', '.join(missing)} any more; bench/parts.py leaves out what is gone"
        )
