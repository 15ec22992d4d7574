"""The photo's own reflection as a layer, on rendered scenes where it is known exactly: `python -m bench reflections`.

Put on white and on grey, beside the true layer there: means over the pixels beside the subject where the true layer or
the kept one is above 0.03; beside them what no layer at all would have there.
"""

from __future__ import annotations

import statistics

import numpy as np

from bench.floors import LARGE, named, row_of_time, scenes
from bench.tables import Table
from feathercut.evaluate.synthetic.reflections import ReflectionScene, render
from feathercut.kernels.kept_reflection import kept_reflection
from feathercut.pictures import FloatArray

_SEEDS = range(300, 308)
_SHOWS = 0.03
_BEHIND = (1.0, 0.5)

Layer = tuple[FloatArray, FloatArray] | None


def table(*, is_held_out: bool) -> Table:
    """Each kind of floor; `is_held_out` takes seeds, and floors too, that nothing was tuned on."""
    floors, seeds = scenes(_SEEDS, is_held_out=is_held_out)
    rows: list[tuple[str, ...]] = []
    for floor in floors:
        errors, empties, found, invented = [], [], 0, 0
        for seed in seeds:
            scene = render(seed, floor)
            kept = kept_reflection(scene.rgb, scene.alpha)
            found += kept is not None
            errors.append(_error(scene, kept, kept))
            empties.append(_error(scene, None, kept))
            without = render(seed, floor, has_reflection=False)
            invented += kept_reflection(without.rgb, without.alpha) is not None
        count = len(errors)
        means = f"{statistics.mean(errors):.4f}", f"{statistics.mean(empties):.4f}"
        rows.append(
            (f"{floor} ({count})", *means, f"{max(errors):.4f}", f"{found} of {count}", f"{invented} of {count}")
        )
    large = render(_SEEDS[0], "plain", LARGE)
    rows.append(row_of_time(lambda: kept_reflection(large.rgb, large.alpha), 3, 6))
    return Table(
        f"The photo's own reflection kept, {named(is_held_out)} scenes",
        ("floor", "mean error", "without a layer", "worst error", "kept", "invented where there is none"),
        rows,
        ["Scenes of 768 × 576 pixels, most with a shadow, with noise, through JPEG; the matte is the true one."],
    )


def _error(scene: ReflectionScene, layer: Layer, kept: Layer) -> float:
    """How far the picture with a layer is from that with the true one, where the true or the `kept` one shows."""
    seen = scene.share > _SHOWS
    if kept is not None:
        seen |= kept[1] > _SHOWS
    seen &= scene.alpha < 0.5
    if not seen.any():
        return 0.0
    off = []
    for behind in _BEHIND:
        true = behind + scene.share[..., None] * (scene.mirrored - behind)
        ours = np.full_like(true, behind) if layer is None else behind + layer[1][..., None] * (layer[0] - behind)
        off.append(float(np.abs(ours - true)[seen].mean()))
    return statistics.mean(off)
