"""The photo's own shadow as a layer, on rendered scenes where it is known exactly: `python -m bench shadows`.

Errors are means over the pixels outside the subject where the true layer or the kept one is above 0.05; beside them
what an empty layer would have there. The texture's trace is how much of the floor's detail is found in the layer's
error, as a share, in the shadow.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass

import numpy as np

from bench.floors import LARGE, named, row_of_time, scenes
from bench.tables import Table, verdict
from feathercut.evaluate.synthetic.floors import PLAIN
from feathercut.evaluate.synthetic.shadows import ShadowScene, render
from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.kept_shadow import kept_shadow
from feathercut.pictures import FloatArray

_SEEDS = range(100, 110)
_SHOWS = 0.05
_MOST = {"plain": 0.05, "textured": 0.10}
_EMPTY_MOST = 0.002
_DETAIL_PX = 6


@dataclass(frozen=True)
class _Scores:
    error: float
    empty: float
    trace: float


def table(*, is_held_out: bool) -> Table:
    """Each kind of floor; `is_held_out` takes seeds and textures that nothing is tuned on."""
    floors, seeds = scenes(_SEEDS, is_held_out=is_held_out)
    rows: list[tuple[str, ...]] = []
    found: dict[str, list[_Scores]] = {"plain": [], "textured": []}
    # Half as many again of the plain floor, which has one kind only.
    for floor in floors:
        several = range(seeds[0], seeds[0] + 20) if floor in PLAIN and not is_held_out else seeds
        scores = [_scores(render(seed, floor)) for seed in several]
        found["plain" if floor in PLAIN else "textured"] += scores
        rows.append(_row(floor, scores, ""))
    for kind, limit in _MOST.items():
        mean = statistics.mean(one.error for one in found[kind])
        rows.append(_row(f"all {kind}", found[kind], f"{limit:.2f}: {verdict(mean <= limit)}"))
    hovering = [_darkness(render(seed, floor, has_shadow=False)) for floor in floors for seed in seeds[:4]]
    mean = statistics.mean(hovering)
    judged = f"{_EMPTY_MOST}: {verdict(mean <= _EMPTY_MOST)}"
    rows.append(("no shadow: mean of the layer", f"{mean:.4f}", "", "", f"{max(hovering):.4f}", judged))
    large = render(_SEEDS[0], "tiles", LARGE)
    rows.append(row_of_time(lambda: kept_shadow(large.rgb, large.alpha), 5, 6))
    return Table(
        f"The photo's own shadow kept, {named(is_held_out)} scenes",
        ("floor", "mean error", "an empty layer's", "texture's trace", "worst error", "limit"),
        rows,
        ["Scenes of 768 × 576 pixels with noise, through JPEG; the matte is the true one."],
    )


def _row(name: str, scores: list[_Scores], limit: str) -> tuple[str, ...]:
    error, empty, trace = (statistics.mean(getattr(one, key) for one in scores) for key in ("error", "empty", "trace"))
    return (
        f"{name} ({len(scores)})",
        f"{error:.4f}",
        f"{empty:.4f}",
        f"{trace:.3f}",
        f"{max(one.error for one in scores):.4f}",
        limit,
    )


def _scores(scene: ShadowScene) -> _Scores:
    kept = kept_shadow(scene.rgb, scene.alpha)
    seen = (scene.alpha <= 0.5) & (np.maximum(kept, scene.shadow) > _SHOWS)
    if not seen.any():
        return _Scores(0.0, 0.0, 0.0)
    texture = _detail(np.log(np.maximum(scene.floor.mean(axis=2), np.float32(0.01))))
    off = _detail(kept - scene.shadow)
    inside = (scene.shadow > _SHOWS) & (scene.alpha < 0.01)
    trace = 0.0
    if inside.any():
        trace = abs(float((texture * off)[inside].mean())) / max(float((texture**2)[inside].mean()), 1e-5)
    return _Scores(float(np.abs(kept - scene.shadow)[seen].mean()), float(scene.shadow[seen].mean()), trace)


def _darkness(scene: ShadowScene) -> float:
    return float(kept_shadow(scene.rgb, scene.alpha)[scene.alpha <= 0.5].mean())


def _detail(plane: FloatArray) -> FloatArray:
    return plane - box_mean(box_mean(np.asarray(plane, np.float32), _DETAIL_PX), _DETAIL_PX)
