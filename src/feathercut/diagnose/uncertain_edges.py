"""The outline is grey over a wide band: where it runs is not known."""

from __future__ import annotations

import numpy as np

from feathercut.diagnose.evidence import Evidence
from feathercut.diagnose.sign import Shown, Sign
from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.pieces import spread

_AROUND, _MOSTLY = 2, 0.6


def _look(evidence: Evidence) -> Shown:
    grey = 4 * evidence.matte * (1 - evidence.matte)
    wide = box_mean(np.asarray(grey, np.float32), _AROUND) > _MOSTLY
    return float(wide.sum() / max(np.count_nonzero(evidence.edge), 1)), spread(wide, _AROUND)


SIGN = Sign(
    "uncertain-edges",
    _look,
    0.45,
    "The outline is uncertain over a wide band.",
    'Try `quality="best"`, raise `edge_contrast`, or repair the outline in the editor.',
)
