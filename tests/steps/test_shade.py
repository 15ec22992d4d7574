"""The shadow's step: what is kept, what is drawn, and the room that a crop leaves for it."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from factories import alpha_of, composed, half_white, red_remover, red_square
from feathercut.evaluate.synthetic.shadows import ShadowScene, render
from feathercut.options import Options
from feathercut.options.steps import Shadow
from feathercut.pictures import Cutout, Image, Matte, Prediction
from feathercut.pipeline import cut_out, finish
from feathercut.steps.compose import compose
from feathercut.steps.shade import room, shade

_KINDS: tuple[Shadow, ...] = ("keep", "drop", "contact", "cast")


@pytest.fixture(scope="module")
def scene() -> ShadowScene:
    return render(302, "plain", (240, 320))  # a bottle


def _cutout(scene: ShadowScene, options: Options) -> Cutout:
    matte = Prediction(scene.alpha, (0, 0, *scene.alpha.shape), "true")
    return cut_out(Image(scene.rgb), lambda *_: (matte,), options)


def test_only_keep_makes_a_layer(scene: ShadowScene) -> None:
    assert _cutout(scene, Options(shadow="keep")).shadow is not None
    for kind in ("none", "drop", "contact", "cast"):
        assert _cutout(scene, Options(shadow=kind)).shadow is None


def test_a_kept_shadow_is_as_in_the_photo_and_as_dark_as_it_is_asked_for(scene: ShadowScene) -> None:
    whole, half = (shade(Image(scene.rgb), Matte(scene.alpha), Options(shadow="keep", **said))  # type: ignore[arg-type]
                   for said in ({}, {"shadow_opacity": 50}))  # fmt: skip
    assert whole is not None and half is not None
    assert whole.max() > 0.2
    assert np.allclose(half, whole / 2, atol=1e-6)
    soft = shade(Image(scene.rgb), Matte(scene.alpha), Options(shadow="keep", shadow_softness=12))
    assert soft is not None and soft.max() < whole.max()


def test_what_the_photo_brought_transparent_has_no_shadow_on_it(scene: ShadowScene) -> None:
    own = np.ones_like(scene.alpha)
    own[scene.alpha < 0.5] = 0
    kept = shade(Image(scene.rgb, own), Matte(scene.alpha), Options(shadow="keep"))
    assert kept is not None and not kept[own == 0].any()


@pytest.mark.parametrize("kind", _KINDS)
def test_a_crop_leaves_room_for_the_shadow(scene: ShadowScene, kind: Shadow) -> None:
    options = Options(shadow=kind, crop=True, shadow_distance=30, shadow_angle=120, shadow_softness=4)
    cutout = _cutout(scene, options)
    picture = compose(cutout, Image(scene.rgb), options)
    bare = compose(dataclasses.replace(cutout, shadow=None), Image(scene.rgb), Options(crop=True))
    assert picture.size[0] >= bare.size[0] and picture.size[1] >= bare.size[1] and picture.size != bare.size
    assert picture.alpha is not None
    assert picture.alpha[-1].max() < 0.06  # nothing is cut off where it falls


def test_a_kept_shadow_lies_where_it_lay_after_a_crop(scene: ShadowScene) -> None:
    options = Options(shadow="keep", crop=True)
    cutout = _cutout(scene, options)
    assert cutout.shadow is not None
    above, _, _, before = room(cutout, options)
    top, left = (int(np.flatnonzero((cutout.alpha > 0.002).any(axis=axis))[0]) for axis in (1, 0))
    whole = compose(cutout, Image(scene.rgb), Options(shadow="keep"))
    cropped = compose(cutout, Image(scene.rgb), options)
    assert whole.alpha is not None and cropped.alpha is not None
    y, x = top - above, left - before
    height, width = cropped.size
    assert np.abs(whole.alpha[y : y + height, x : x + width] - cropped.alpha).max() < 1e-5


def test_a_subject_that_is_placed_is_measured_without_its_shadow(scene: ShadowScene) -> None:
    placed = {"crop": True, "size": "200x200", "scale": "60%"}
    without, kept = (_cutout(scene, Options(shadow=kind, **placed)) for kind in ("none", "keep"))  # type: ignore[arg-type]
    assert room(kept, Options(shadow="keep", **placed)) == (0, 0, 0, 0)  # type: ignore[arg-type]
    plain = compose(without, Image(scene.rgb), Options(**placed))  # type: ignore[arg-type]
    shaded = compose(kept, Image(scene.rgb), Options(shadow="keep", **placed))  # type: ignore[arg-type]
    assert plain.alpha is not None and shaded.alpha is not None
    assert (shaded.alpha >= plain.alpha - 1e-6).all()
    assert shaded.alpha.sum() > plain.alpha.sum() + 50


@pytest.mark.parametrize("kind", _KINDS)
@pytest.mark.parametrize("level", [0.0, 1.0])
def test_nothing_and_everything_pass_with_a_shadow(kind: Shadow, level: float) -> None:
    photo = Image(np.full((6, 9, 3), 0.5, np.float32))
    prediction = Prediction(np.full((6, 9), level, np.float32), (0, 0, 6, 9), "flat")
    options = Options(shadow=kind, crop=True, background="white")
    picture = finish(cut_out(photo, lambda *_: (prediction,), options), photo, options)
    assert np.isfinite(picture.rgb).all()


def test_a_crop_leaves_room_for_a_reflection() -> None:
    cutout = red_square((60, 60), (10, 20, 30, 40))
    plain = composed(cutout, crop=True)
    mirrored = composed(cutout, crop=True, reflection=50)
    assert plain.size == (20, 20) and mirrored.size == (30, 20)
    assert np.array_equal(mirrored.rgb[:20], plain.rgb)
    # Half of it at the ground, a quarter of that half way down, nothing at the end; its colours are the subject's.
    shown = alpha_of(mirrored)[20:, 10]
    assert shown[0] == pytest.approx(0.5 * 0.95**2, abs=1e-4) and shown[5] == pytest.approx(0.5 * 0.45**2, abs=1e-4)
    assert (mirrored.rgb[20:30, 10] == mirrored.rgb[19, 10]).all()
    # A subject that is placed is measured by its own box, as shops do.
    placed = composed(cutout, crop=True, reflection=50, size="100x100", scale="50%")
    assert placed.size == (100, 100)


def test_a_reflection_lies_over_the_shadow_and_under_the_subject() -> None:
    cutout = red_square((60, 60), (10, 20, 30, 40))
    both = composed(cutout, reflection=100, shadow="drop", background="white", shadow_softness=0, shadow_distance=10)
    only = composed(cutout, shadow="drop", background="white", shadow_softness=0, shadow_distance=10)
    assert np.array_equal(both.rgb[10:30], only.rgb[10:30])
    assert both.rgb[31, 30, 0] > only.rgb[31, 30, 0] and both.rgb[31, 30, 1] < only.rgb[31, 30, 1]


def test_the_matte_alone_has_no_reflection() -> None:
    with red_remover() as remover:
        matte = remover.remove(half_white(), only_matte=True, reflection=80)
        plain = remover.remove(half_white(), only_matte=True)
    assert np.array_equal(matte.alpha, plain.alpha)
