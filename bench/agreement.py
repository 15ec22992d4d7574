"""How far two cutouts' mattes differ: `python -m bench.agreement OURS THEIRS FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from PIL import Image


def mean_difference(first: Path, second: Path) -> float:
    """The mean absolute difference of alpha, of 255."""
    mattes = []
    for path in (first, second):
        with Image.open(path) as image:
            mattes.append(np.asarray(image.getchannel("A"), np.float32))
    return float(np.abs(mattes[0] - mattes[1]).mean())


if __name__ == "__main__":
    ours, theirs, folder = map(Path, sys.argv[1:4])
    (folder / "agreement.txt").write_text(f"a mean of {mean_difference(ours, theirs):.2f} of 255", "utf-8")
