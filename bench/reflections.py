"""The photo's own reflection as a layer, on rendered scenes where it is known exactly: `python -m bench reflections`.

Put on white and on grey, beside the true layer there: means over the pixels beside the subject where the true layer or
the kept one is above 0.03; beside them what no layer at all would have there.
"""

from __future__ import annotations

import statistics
import time

import numpy as np

from bench.tables import Table
from feathercut.evaluate.synthetic.floors import KEPT_BACK, PLAIN, TEXTURED
from feathercut.evaluate.synthetic.reflections import ReflectionScene, render
from feathercut.evaluate.synthetic.seeds import HELD_OUT
from feathercut.kernels.kept_reflection import kept_reflection
from feathercut.pictures import FloatArray

_SEEDS = range(300, 308)
_SHOWS = 0.03
_BEHIND = (1.0, 0.5)

Layer = tuple[FloatArray, FloatArray] | None


def table(*, is_held_out: bool) -> Table:
    """Each kind of floor; `is_held_out` takes seeds, and floors too, that nothing was tuned on."""
    seeds = HELD_OUT if is_held_out else _SEEDS
    rows = []
    for floor in (*PLAIN, *(KEPT_BACK if is_held_out else TEXTURED)):
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
    rows.append(("time, 2 megapixels", f"{_seconds() * 1000:.0f} ms", "", "", "", ""))
    return Table(
        f"The photo's own reflection kept, {'held-out' if is_held_out else 'tuning'} scenes",
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


def _seconds() -> float:
    scene = render(300, "plain", (1224, 1632))
    times = []
    for _ in range(3):
        start = time.process_time()
        kept_reflection(scene.rgb, scene.alpha)
        times.append(time.process_time() - start)
    return statistics.median(times)
