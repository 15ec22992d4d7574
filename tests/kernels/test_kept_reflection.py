"""The reflection of a photo, on rendered scenes where it is known."""

from __future__ import annotations

import numpy as np
import pytest

from feathercut.evaluate.synthetic.reflections import render
from feathercut.kernels.kept_reflection import kept_reflection
from feathercut.pictures import FloatArray


@pytest.mark.parametrize(("seed", "floor"), [(200, "plain"), (201, "plain"), (204, "wood")])
def test_a_reflection_is_kept_in_its_own_colours_without_what_mirrors_it(seed: int, floor: str) -> None:
    scene = render(seed, floor)
    kept = kept_reflection(scene.rgb, scene.alpha)
    assert kept is not None
    seen = (scene.share > 0.03) & (scene.alpha < 0.5)

    def on_white(colours: FloatArray, share: FloatArray) -> FloatArray:
        return 1 + share[seen, None] * (colours[seen] - 1)

    wanted = on_white(scene.mirrored, scene.share)
    error = np.abs(on_white(*kept) - wanted).mean()
    assert error < 0.4 * np.abs(1 - wanted).mean()
    assert not kept[1][(scene.alpha > 0.99)].any()
    assert kept[0].min() >= 0 and kept[0].max() <= 1 and kept[1].max() < 1


@pytest.mark.parametrize(("seed", "floor"), [(200, "plain"), (202, "tiles")])
def test_a_shadow_is_no_reflection(seed: int, floor: str) -> None:
    scene = render(seed, floor, has_reflection=False)
    assert kept_reflection(scene.rgb, scene.alpha) is None


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 2), (60, 80)])
@pytest.mark.parametrize("level", [0.0, 0.4, 1.0])
def test_nothing_is_kept_of_flat_mattes_of_any_size(size: tuple[int, int], level: float) -> None:
    photo = np.random.default_rng(0).random((*size, 3)).astype(np.float32)
    assert kept_reflection(photo, np.full(size, level, np.float32)) is None


def test_a_subject_that_the_frame_cuts_off_has_none() -> None:
    scene = render(200, "plain")
    foot = int(np.flatnonzero((scene.alpha > 0.5).any(axis=1))[-1]) - 20
    assert kept_reflection(scene.rgb[:foot], scene.alpha[:foot]) is None
