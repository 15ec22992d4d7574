"""The numbers are those of `../shared/tools/score.py`, on the same files."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from scipy.ndimage import gaussian_filter  # type: ignore[import-untyped]

from feathercut.evaluate.run import Evaluation, compared, measure
from feathercut.evaluate.samples import read_set

SHARED = Path(__file__).resolve().parents[3] / "shared"
SCORE = SHARED / "tools" / "score.py"
# The set, what is ignored, and whether its truth is soft.
SETS = [("alphamatting", None, True), ("portraits", None, True), ("pets", 128, False), ("people", None, False)]
PHOTOS = 3
AS_OURS = {
    **{key: key for key in ("mae", "iou", "sad", "mse", "grad", "conn", "band_sad", "band_mse")},
    "maxF": "max_f",
    "wF": "weighted_f",
    "S": "s",
    "E": "e",
}

pytestmark = pytest.mark.skipif(not SCORE.is_file(), reason="needs ../shared/tools/score.py and ../shared/bench")


def copy_some(source: Path, target: Path) -> list[str]:
    """A few photos of a set, with truth and trimap."""
    ids = sorted(path.stem for path in (source / "alpha").glob("*.png"))[:PHOTOS]
    for name in ("images", "alpha", "trimap"):
        if (source / name).is_dir():
            (target / name).mkdir(parents=True)
            for path in (source / name).iterdir():
                if path.stem in ids:
                    shutil.copy(path, target / name)
    return ids


def predict(alpha: Path, target: Path, kind: int) -> None:
    """A matte with the faults of one: moved, blurred, with a hole, specks and grey interior; in one of three kinds."""
    with Image.open(alpha) as picture:
        truth = np.asarray(picture.convert("L")) / 255
    matte = gaussian_filter(np.roll(truth, (2, 3), (0, 1)), 2) * 0.93
    matte[: truth.shape[0] // 3, truth.shape[1] // 2 :] *= 0.4
    matte[np.random.default_rng(kind).random(truth.shape) > 0.999] = 0.7
    if kind == 1:
        pixels = np.full((*truth.shape, 4), 77, np.uint8)
        pixels[..., 3] = np.rint(matte * 255)
        Image.fromarray(pixels).save(target)
    elif kind == 2:
        Image.fromarray(np.rint(matte * 65535).astype(np.uint16)).save(target)
    else:
        Image.fromarray(np.rint(matte * 255).astype(np.uint8)).save(target)


def ours(folder: Path, predictions: Path, ignore: int | None, is_soft: bool) -> Evaluation:
    cuts = compared(read_set(folder), predictions)
    return measure(
        cuts, set_name=folder.name, title="x", is_soft=is_soft, ignore=ignore, heard=lambda *_: None, workers=1
    )


@pytest.mark.parametrize(("name", "ignore", "is_soft"), SETS, ids=lambda value: str(value))
def test_every_number_is_that_of_the_reference(tmp_path: Path, name: str, ignore: int | None, is_soft: bool) -> None:
    folder, predictions = tmp_path / name, tmp_path / "mattes"
    predictions.mkdir()
    for kind, photo in enumerate(copy_some(SHARED / "bench" / name, folder)):
        predict(folder / "alpha" / f"{photo}.png", predictions / f"{photo}.png", kind)
    words = [sys.executable, "-W", "ignore", str(SCORE), str(folder), str(predictions), "--json"]
    done = subprocess.run(words, capture_output=True, check=False, timeout=200)
    assert done.returncode == 0, done.stderr.decode()
    theirs: dict[str, Any] = json.loads(done.stdout)
    found = ours(folder, predictions, ignore, is_soft)
    assert not found.failed
    for key, our_key in AS_OURS.items():
        if key in theirs:
            assert math.isclose(found.summary[our_key].mean, theirs[key], rel_tol=1e-6, abs_tol=1e-6), key
        if f"{key}_median" in theirs:
            assert math.isclose(found.summary[our_key].median, theirs[f"{key}_median"], rel_tol=1e-6, abs_tol=1e-6)
    for row in found.rows:
        for key, value in theirs["rows"][row.id].items():
            assert math.isclose(row.values[AS_OURS[key]], value, rel_tol=1e-6, abs_tol=1e-6), (row.id, key)
    assert ("sad" in found.summary) == is_soft == ("sad" in theirs)
