"""Two networks beside each other on the same photos, at the photos' own size, as `feathercut remove` cuts them out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean

import numpy as np

from feathercut.loading import Loaded, load_engine
from feathercut.models.spec import Record
from feathercut.options import Network, Options, Precision
from feathercut.pictures import FloatArray, Image
from feathercut.settings import Settings
from feathercut.steps.predict import predict
from feathercut.steps.refine import refine
from feathercut.train.data import Pair

_LEAST_GAIN = 0.005
_MOST_IOU_LOST = 0.002
_PLAIN = Options()


@dataclass(frozen=True)
class Scores:
    """Means over photos: `mae` of alpha, `iou` of where alpha and truth are over one half, `sad` / 1000."""

    photos: int
    mae: float
    iou: float
    sad: float

    def is_better_than(self, other: Scores) -> bool:
        """Whether alpha is nearer to the truth by half a percent or more, and regions fit no less than by chance."""
        return self.mae <= other.mae * (1 - _LEAST_GAIN) and self.iou >= other.iou - _MOST_IOU_LOST


def scores(
    record: Record,
    weights: Path,
    pairs: Sequence[Pair],
    settings: Settings,
    precision: Precision = "fp32",
    heard: Callable[[int, int], None] = lambda *_: None,
) -> Scores:
    """How good a network is on photos, alone, on the processor. Raises NetworkError, WeightsError or InputError."""
    asked = Network(model=record.id, quality="fast", precision=precision)
    loaded = load_engine(asked, record, record.input.size, weights, settings)
    rows = []
    try:
        for number in range(len(pairs)):
            heard(number, len(pairs))
            rows.append(_row(loaded, pairs[number]))
    finally:
        loaded.engine.close()
    return Scores(len(rows), *(fmean(row[column] for row in rows) for column in range(3)))


def _row(loaded: Loaded, pair: Pair) -> tuple[float, float, float]:
    photo = Image(pair.pixels)
    matte = refine(photo, (predict(photo, loaded.record, loaded.engine),), _PLAIN).alpha
    truth = pair.alpha[0]
    apart = np.abs(matte - truth, dtype=np.float64)
    return float(apart.mean()), overlap(matte, truth), float(apart.sum()) / 1000


def overlap(matte: FloatArray, truth: FloatArray) -> float:
    """Intersection over union of where both are over one half; 1 where neither is anywhere."""
    ours, theirs = matte > 0.5, truth > 0.5
    either = int(np.count_nonzero(ours | theirs))
    return int(np.count_nonzero(ours & theirs)) / either if either else 1.0
