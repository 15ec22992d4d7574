"""Whether a set's truth is soft alpha, or masks of inside and outside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from feathercut.errors import InputError
from feathercut.evaluate.arrays import as_values, is_kept
from feathercut.evaluate.reading import read_alpha
from feathercut.evaluate.samples import Sample

SOFT_FROM = 0.001
"""The share of soft pixels from which a set counts as soft: masks have none, the edge of a smooth body 0.002."""

_LOOKED_AT = 20


def soft_share(samples: Sequence[Sample], ignore: int | None) -> float:
    """The mean share of pixels whose truth is between 5 and 250 of 255, over 20 photos spread evenly.

    Those whose truth is `ignore` are not counted; a truth that cannot be read says nothing here.
    """
    count = min(len(samples), _LOOKED_AT)
    shares = []
    for sample in (samples[number * len(samples) // count] for number in range(count)):
        try:
            truth = as_values(read_alpha(sample.alpha))
        except InputError:  # it is named when it is measured
            continue
        kept = truth[is_kept(truth, ignore)]
        if kept.size:
            shares.append(np.count_nonzero((kept > 5 / 255) & (kept < 250 / 255)) / kept.size)
    return float(np.mean(shares)) if shares else 0.0
