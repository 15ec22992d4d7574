"""What follows the networks with one of its parts left out, for `bench.ablation`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType

import numpy as np

from bench.processes import BenchError
from feathercut.kernels import follow_edges as edges
from feathercut.kernels import fuse as fusion
from feathercut.kernels.resample import shrink
from feathercut.pictures import FloatArray


def _nothing(plane: FloatArray, *_: FloatArray) -> FloatArray:
    return np.zeros_like(plane)


def _half(rgb: FloatArray, *_: object) -> FloatArray:
    return np.full(rgb.shape[:2], 0.5, np.float32)


def _as_they_are(alpha: FloatArray, _looks: FloatArray) -> FloatArray:
    return np.ones_like(alpha)


def _no_model(_reach: int, planes: FloatArray, _alpha: FloatArray) -> FloatArray:
    return np.zeros((5, *planes.shape[1:]), np.float32)


PARTS: Mapping[str, tuple[ModuleType, str, Callable[..., FloatArray]]] = {
    "the fill": (fusion, "_inside", _nothing),
    "the unseen": (fusion, "_unseen", _nothing),
    "the colours of either side": (fusion, "likeness", _half),
    "the tilt of edges": (fusion, "_odds", _as_they_are),
    "the trust in drawn holes": (fusion, "_holes", _nothing),
    "the trust in drawn hair": (fusion, "_hair", _nothing),
    "the removal of strays": (fusion, "_stray", _nothing),
    "crisp edges after the photo": (edges, "_two_sides", _no_model),
    "wide edges after the photo": (edges, "_guided", _no_model),
}
"""Parts by name: the kernel and its function that makes each, and one that leaves it out."""


@contextmanager
def without(part: str | None) -> Iterator[None]:
    """Leaves a part out meanwhile."""
    if part is None:
        yield
        return
    kernel, name, instead = PARTS[part]
    original = getattr(kernel, name)
    setattr(kernel, name, instead)
    try:
        yield
    finally:
        setattr(kernel, name, original)


def check() -> None:
    """Raises BenchError where a kernel has a part no more, which would seem to add nothing."""
    asked: set[str] = set()
    planes = np.random.default_rng(0).random((5, 64, 64), np.float32)
    colours = np.ascontiguousarray(planes[2:].transpose(1, 2, 0))
    # A photo must be large for its edges to be followed: a body, a crisp edge, and what is soft all over.
    row = np.concatenate([np.ones(300), [0.5], np.zeros(300), np.tile(planes[0, 0], 8)]).astype(np.float32)[None]
    photo = np.repeat(row[..., None], 3, axis=2)
    for part, (kernel, name, instead) in PARTS.items():

        def noted(*given: FloatArray, part: str = part, instead: Callable[..., FloatArray] = instead) -> FloatArray:
            asked.add(part)
            return instead(*given)

        original = getattr(kernel, name, None)
        setattr(kernel, name, noted)
        try:
            fusion.fuse(planes[0], planes[1], colours)
            small = shrink(photo, edges.learned_at((1, row.shape[1])), "box")
            edges.follow_edges(photo, small, row.copy())
        finally:
            if original is None:
                delattr(kernel, name)
            else:
                setattr(kernel, name, original)
    if missing := [part for part in PARTS if part not in asked]:
        raise BenchError(f"no kernel has {', '.join(missing)} any more; bench/parts.py leaves out what is gone")
