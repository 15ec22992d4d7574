"""Small photos with and without their treatment: `python -m bench low-resolution`.

The photos of `../shared/bench` whose alpha is known, reduced; the truth is alpha averaged over each pixel's area.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bench.answers import ask, networks
from bench.mattes import SOFT, photo_of, samples
from bench.processes import apart, say
from bench.tables import Table, verdict
from feathercut.evaluate.reading import read_alpha
from feathercut.evaluate.samples import Sample
from feathercut.kernels.resample import resize, shrink
from feathercut.loading import Loaded
from feathercut.options import Network, Options
from feathercut.pictures import FloatArray, Image
from feathercut.pipeline import cut_out

SIDES = (128, 200, 320)
_MOST = 0.9
_TREATED, _LEFT = Options(decontaminate=0), Options(decontaminate=0, low_resolution="off")


def table() -> Table:
    """Of each set and side what SAD is with the treatment, as a share of what it is without."""
    found = apart(_all)
    rows: list[tuple[str, ...]] = []
    figures: dict[str, object] = {}
    for side in SIDES:
        for name in (*SOFT, "all"):
            pairs = np.array([pair for one, pair in found[side] if name in ("all", one)])
            ratio = float(pairs[:, 0].sum() / pairs[:, 1].sum())
            median = float(np.median(pairs[:, 0] / np.maximum(pairs[:, 1], 1)))
            mean = float(np.exp(np.log((pairs[:, 0] + 1) / (pairs[:, 1] + 1)).mean()))
            judged = f"at most {_MOST}: {verdict(max(ratio, median) <= _MOST)}" if name == "all" else ""
            shares = (ratio, median, mean)
            rows.append((f"{side}", f"{name} ({len(pairs)})", *(f"{share:.3f}" for share in shares), judged))
            figures[f"{name} {side}"] = list(shares)
    notes = [
        "SAD with `low_resolution` `auto` by that with `off`: of all photos together, in which the few that the "
        "networks do not understand count most, of the photo in the middle, and the geometric mean. The limit is for "
        "the sum and for the photo in the middle."
    ]
    header = ("longer side", "set", "sum by sum", "median of photos", "geometric mean", "limit")
    return Table("Small photos", header, rows, notes, figures)


def _all() -> dict[int, list[tuple[str, tuple[float, float]]]]:
    loaded = networks(Network())
    found: dict[int, list[tuple[str, tuple[float, float]]]] = {side: [] for side in SIDES}
    for name in SOFT:
        photos = samples(name)
        say(f"{name}: {len(photos)} photos at {len(SIDES)} sizes")
        for sample in photos:
            for side in SIDES:
                found[side].append((name, _pair(sample, side, loaded)))
    return found


def _pair(sample: Sample, side: int, loaded: Sequence[Loaded]) -> tuple[float, float]:
    """SAD of a photo with the treatment and without."""
    whole = photo_of(sample)
    truth = read_alpha(sample.alpha, whole.size)
    alpha = np.asarray(truth / np.float32(np.iinfo(truth.dtype).max), np.float32)
    ratio = min(1.0, side / max(whole.size))
    size = (max(1, round(whole.size[0] * ratio)), max(1, round(whole.size[1] * ratio)))
    rgb = np.round(np.clip(shrink(whole.rgb, size, "lanczos"), 0, 1) * 255) / 255
    photo = Image(np.asarray(rgb, np.float32))
    wanted = resize(alpha, size, "box")
    answers = ask(photo, loaded)

    def sad(options: Options) -> float:
        found: FloatArray = cut_out(photo, lambda *_: answers, options).alpha
        return float(np.abs(np.rint(found * 255) / 255 - wanted).sum())

    return sad(_TREATED), sad(_LEFT)
