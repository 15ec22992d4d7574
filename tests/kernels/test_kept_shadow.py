"""The photo's own shadow as a layer, against rendered scenes where it is known."""

from __future__ import annotations

import numpy as np
import pytest

from feathercut.evaluate.synthetic.floors import KEPT_BACK, PLAIN, TEXTURED
from feathercut.evaluate.synthetic.shadows import ShadowScene, render
from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.kept_shadow import kept_shadow
from feathercut.pictures import FloatArray

_SIZE = (288, 384)


def _error(scene: ShadowScene, kept: FloatArray) -> float:
    """Mean error where either shadow shows, beside the subject."""
    seen = (scene.alpha <= 0.5) & (np.maximum(kept, scene.shadow) > 0.05)
    return float(np.abs(kept - scene.shadow)[seen].mean())


@pytest.mark.parametrize(("floors", "most"), [(PLAIN, 0.05), ({**TEXTURED, **KEPT_BACK}, 0.10)])
def test_the_kept_shadow_is_near_the_true_one(floors: dict[str, object], most: float) -> None:
    scenes = [render(seed, floor, _SIZE) for floor in floors for seed in range(300, 302 if len(floors) > 1 else 306)]
    errors = [_error(scene, kept_shadow(scene.rgb, scene.alpha)) for scene in scenes]
    empty = [_error(scene, np.zeros_like(scene.alpha)) for scene in scenes]
    assert np.mean(errors) <= most
    assert np.mean(errors) <= 0.7 * np.mean(empty)


def test_tiles_and_boards_leave_no_trace_in_the_shadow() -> None:
    for floor in ("tiles", "wood"):
        scene = render(301, floor, _SIZE)
        kept = kept_shadow(scene.rgb, scene.alpha)
        texture, off = (plane - box_mean(plane, 5) for plane in (np.log(scene.floor.mean(axis=2)), kept - scene.shadow))
        inside = (scene.shadow > 0.05) & (scene.alpha < 0.01)
        assert abs((texture * off)[inside].mean()) < 0.15 * (texture**2)[inside].mean()


def test_what_hovers_has_no_shadow() -> None:
    for floor in (*PLAIN, *TEXTURED):
        scene = render(302, floor, _SIZE, has_shadow=False)
        assert kept_shadow(scene.rgb, scene.alpha).mean() < 0.003


def test_a_subject_cut_off_by_the_frame_stands_nowhere() -> None:
    scene = render(302, "plain", _SIZE)  # a bottle
    foot = int(np.flatnonzero((scene.alpha > 0.5).any(axis=1))[-1])
    assert kept_shadow(scene.rgb, scene.alpha).any()
    assert not kept_shadow(scene.rgb[: foot - 8], scene.alpha[: foot - 8]).any()


def test_black_bars_around_a_picture_are_no_shadow() -> None:
    scene = render(302, "plain", _SIZE)
    foot = int(np.flatnonzero((scene.alpha > 0.5).any(axis=1))[-1])
    rgb = scene.rgb.copy()
    rgb[foot + 25 :] = 0
    kept = kept_shadow(rgb, scene.alpha)
    assert kept[foot + 40 :].max() < 0.1
    assert kept[:foot].max() > 0.1


def test_a_shadow_goes_on_under_its_subject() -> None:
    scene = render(301, "plain", _SIZE)  # a ball
    kept = kept_shadow(scene.rgb, scene.alpha)
    foot = int(np.flatnonzero((scene.alpha > 0.5).any(axis=1))[-1])
    columns = np.flatnonzero(scene.alpha[foot] > 0.5)
    below, under = kept[foot + 3, columns].mean(), kept[foot - 2, columns].mean()
    assert below > 0.1
    assert under > 0.5 * below


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (3, 5), (40, 40)])
def test_rubbish_gives_an_empty_layer_of_its_size(size: tuple[int, int]) -> None:
    random = np.random.default_rng(5)
    for rgb in (np.zeros((*size, 3), np.float32), random.random((*size, 3)).astype(np.float32)):
        for alpha in (np.zeros(size, np.float32), np.ones(size, np.float32), np.full(size, 0.3, np.float32)):
            kept = kept_shadow(rgb, alpha)
            assert kept.shape == size
            assert not kept.any()
