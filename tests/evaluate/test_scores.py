from __future__ import annotations

import numpy as np
import pytest

from feathercut.errors import OptionError, ShapeError
from feathercut.evaluate import extra
from feathercut.evaluate.scores import METRICS, score

from .sets import photo_of, truth


def test_perfect_matte_scores_zero_errors_and_full_marks() -> None:
    found = score(truth(), truth(), rgb=photo_of(truth()), foreground=photo_of(truth())).values
    for key in ("sad", "mse", "grad", "conn", "band_sad", "band_mse", "band_grad", "band_conn", "mae", "colour"):
        assert found[key] == 0, key
    assert found["iou"] == 1
    assert found["max_f"] > 0.99 and found["s"] > 0.9


def test_a_known_error_gives_known_numbers() -> None:
    true = np.zeros((20, 50), np.uint8)
    true[:, :25] = 255
    matte = true.copy()
    matte[:10, :25] = 204  # 0.2 too little on a quarter of 1000 pixels
    found = score(matte, true).values
    assert found["sad"] == pytest.approx(250 * 0.2 / 1000)
    assert found["mse"] == pytest.approx(250 * 0.04 / 1000 * 1000)
    assert found["mae"] == pytest.approx(0.05)
    assert found["iou"] == 1
    assert "band_sad" not in found  # a mask without a trimap has no unknown band


def test_floats_are_measured_as_the_bytes_that_would_be_written() -> None:
    exact = truth() / 255
    moved = np.clip(exact + 0.4 / 255, 0, 1).astype(np.float32)
    assert score(moved, truth()).values["sad"] == 0
    assert score((truth().astype(np.uint16) * 257), truth()).values["sad"] == 0


def test_masks_are_measured_without_matting_errors() -> None:
    found = score(truth(), truth(), is_soft=False).values
    assert set(found) == {"mae", "iou", "max_f", "weighted_f", "s", "e"}
    assert set(found) < set(METRICS)


def test_ignored_pixels_change_nothing() -> None:
    true = np.where(truth() > 127, 255, 0).astype(np.uint8)
    true[:, 30:34] = 128
    matte, other = truth(), truth()
    other[:, 30:34] = 7
    for is_soft in (False, True):
        first, second = (score(one, true, ignore=128, is_soft=is_soft).values for one in (matte, other))
        same = [key for key in first if key not in ("grad", "conn", "band_grad", "band_conn")]
        assert {key: first[key] for key in same} == {key: second[key] for key in same}
    assert score(matte, true, is_soft=False).values["mae"] != first["mae"]
    true[:] = 129
    with pytest.raises(ShapeError, match="ignored"):
        score(matte, true, ignore=128)


def test_colours_are_measured_where_the_truth_is_soft() -> None:
    rgb, foreground = np.zeros((48, 64, 3), np.uint8), np.zeros((48, 64, 3), np.uint8)
    soft = (truth() > 0) & (truth() < 255)
    foreground[...] = 200  # outside the soft pixels nobody looks
    foreground[soft] = (51, 0, 0)
    assert score(truth(), truth(), rgb=rgb, foreground=foreground).values["colour"] == pytest.approx(0.2 / 3)


def test_empty_truth_and_empty_matte_give_numbers() -> None:
    empty, full = np.zeros((20, 30), np.uint8), np.full((20, 30), 255, np.uint8)
    for matte, true in ((empty, empty), (full, full), (empty, full), (full, empty)):
        found = score(matte, true).values
        assert found["mae"] == float(matte is not true)
        assert all(np.isfinite(value) for value in found.values())


def test_sizes_must_agree() -> None:
    with pytest.raises(ShapeError, match="matte must have the truth's size"):
        score(truth()[1:], truth())
    with pytest.raises(ShapeError, match="H×W"):
        score(photo_of(truth()), truth())
    with pytest.raises(ShapeError, match=r"\[0, 1\]"):
        score(truth().astype(np.float32), truth())


def test_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "py_sod_metrics", None)
    with pytest.raises(OptionError, match=r"PySODMetrics.*pip install 'feathercut\[evaluate\]'"):
        extra.check()
