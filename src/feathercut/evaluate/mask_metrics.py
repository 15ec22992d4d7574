"""The errors of a mask, by PySODMetrics, which the papers on salient objects compute them with."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from feathercut.evaluate.arrays import Mask, Values
from feathercut.evaluate.extra import sod_metrics

_BETA_SQUARED = 0.3


@dataclass(frozen=True, eq=False)
class MaskScores:
    """F and E at each of 256 thresholds, and the two measures that need none; all in [0, 1], higher is better."""

    f_curve: Values
    e_curve: Values
    weighted_f: float
    s: float


def mask_scores(alpha: Values, truth: Values, keep: Mask) -> MaskScores:
    """The scores of one photo: alpha against where the truth is above one half.

    What is not kept counts as outside in both. F-measure (Achanta et al., CVPR 2009; beta² = 0.3),
    weighted F (Margolin et al., CVPR 2014), S-measure (Fan et al., ICCV 2017), E-measure (Fan et al.,
    IJCAI 2018). Raises OptionError where PySODMetrics is not installed.
    """
    metrics = sod_metrics()
    handler = metrics.FmeasureHandler(with_dynamic=True, with_adaptive=False, beta=_BETA_SQUARED)
    f = metrics.FmeasureV2({"f": handler})
    weighted_f, s, e = metrics.WeightedFmeasure(), metrics.Smeasure(), metrics.Emeasure()
    matte, mask = np.where(keep, alpha, 0.0), (truth > 0.5) & keep
    with warnings.catch_warnings():
        # It divides by zero for an empty quadrant or mask; what comes out is left out as no number.
        warnings.simplefilter("ignore")
        for one in (f, weighted_f, s, e):
            one.step(pred=matte, gt=mask, normalize=False)
        return MaskScores(
            np.asarray(f.get_results()["f"]["dynamic"], np.float64),
            np.asarray(e.get_results()["em"]["curve"], np.float64),
            float(weighted_f.get_results()["wfm"]),
            float(s.get_results()["sm"]),
        )
