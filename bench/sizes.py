"""What IS-Net costs and is worth at each size that it is shown a photo at: `python -m bench sizes [--minutes N]`."""

from __future__ import annotations

import statistics
import time
from collections.abc import Mapping, Sequence
from functools import partial

import numpy as np

from bench.answers import networks
from bench.kept import Kept, Numbers
from bench.mattes import evaluated, samples
from bench.places import BENCH
from bench.processes import apart, say
from bench.tables import Table
from feathercut.evaluate.samples import Sample
from feathercut.loading import Loaded, load
from feathercut.models.catalogue import find
from feathercut.options import Network
from feathercut.settings import Settings

_MODEL = "isnet-general"
_SCORES = (("alphamatting", "sad", "SAD"), ("people", "mae", "MAE"), ("ecssd", "mae", "MAE"), ("pets", "mae", "MAE"))
_FOLDER = BENCH / "sizes" / "mattes"


def table(times: int, minutes: float | None = None) -> Table:
    """Time of the network alone, and the default's scores with it.

    Raises BenchError where the sets are not there, and when `minutes` are over before all photos were looked at.
    """
    return apart(_table, times, minutes)


def _table(times: int, minutes: float | None) -> Table:
    record = find(_MODEL, Settings.read().models)
    sizes = sorted({*record.input.sizes, record.input.size[0]})
    asked = {str(size): Network(network_size=size, precision="fp32") for size in sizes}
    asked[f"{sizes[-1]}, int8 (the default)"] = Network()
    found = _scores(asked, Kept("sizes", minutes))
    seconds = _seconds(asked, times)
    whole = seconds[str(sizes[-1])]
    rows, figures = [], {}
    for name in asked:
        scores = [found[photos][name] for photos, _, _ in _SCORES]
        figures[name] = {"seconds": seconds[name], **dict(zip((one[0] for one in _SCORES), scores, strict=True))}
        shown = (
            f"{score:.2f}" if key == "sad" else f"{score:.4f}"
            for score, (_, key, _) in zip(scores, _SCORES, strict=True)
        )
        rows.append((name, f"{seconds[name] / whole:.2f}", *shown))
    notes = [
        f"Time is that of IS-Net alone, warm, of its time at {sizes[-1]} in float32 ({whole:.2f} s here), medians of "
        f"{times} runs that alternate. The scores are those of `--quality balanced`; SAD / 1000. Smaller sizes run in "
        "float32: the ranges of the int8 form were measured at the network's own size."
    ]
    header = ("shown at", "time", *(f"{name}, {title}" for name, _, title in _SCORES))
    return Table("IS-Net at each --network-size", header, rows, notes, {"sizes": figures})


def _seconds(asked: dict[str, Network], times: int) -> dict[str, float]:
    """Medians of the first network alone."""
    found: dict[str, list[float]] = {name: [] for name in asked}
    loaded = {name: load(network.model_copy(update={"quality": "fast"}))[0] for name, network in asked.items()}
    for turn in range(times + 1):
        for name, one in loaded.items():
            side = one.network_size or one.record.input.size[0]
            array = np.full((1, 3, side, side), 0.1, np.float32)
            started = time.perf_counter()
            one.engine.run({str(one.record.input.name): array})
            if turn:
                found[name].append(time.perf_counter() - started)
    for one in loaded.values():
        one.engine.close()
    return {name: statistics.median(several) for name, several in found.items()}


def _scores(asked: dict[str, Network], kept: Kept) -> dict[str, dict[str, float]]:
    """Means by set and network. All networks look at a photo, so that a run that is stopped goes on at the next."""
    loaded = {name: networks(network) for name, network in asked.items()}
    found: dict[str, dict[str, float]] = {}
    for photos, key, _ in _SCORES:
        say(f"at all sizes: {photos}")
        each = [
            kept.numbers(f"{photos}-{sample.id}", partial(_judged, sample, photos, key, loaded))
            for sample in samples(photos)
        ]
        found[photos] = {name: statistics.mean(numbers[name][key] for numbers in each) for name in asked}
    for several in loaded.values():
        for one in several:
            one.engine.close()
    return found


def _judged(sample: Sample, photos: str, key: str, loaded: Mapping[str, Sequence[Loaded]]) -> Numbers:
    """One number of one photo by network."""
    return {
        name: {key: evaluated(photos, several, _FOLDER, [sample]).summary[key].mean} for name, several in loaded.items()
    }
