from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from factories import display_p3, floats, soft_disc
from feathercut.errors import OptionError
from feathercut.options import Foreground
from feathercut.pictures import Image, Matte, Metadata
from feathercut.steps.foreground import foreground

ALPHA = soft_disc((80, 90), 10.0)
SOFT = (ALPHA > 0) & (ALPHA < 1)
FRONT, BACK = floats([0.9, 0.2, 0.1]), floats([0.1, 0.3, 0.8])
PHOTO = (ALPHA[..., None] * FRONT + (1 - ALPHA[..., None]) * BACK).astype(np.float32)


def test_estimated_colours_lose_the_background() -> None:
    cutout = foreground(Image(PHOTO), Matte(ALPHA), Foreground())
    assert np.abs(cutout.rgb - FRONT)[SOFT].max() < 1e-3
    assert np.array_equal(cutout.alpha, ALPHA)


def test_the_photos_colours_stay_where_that_is_asked() -> None:
    cutout = foreground(Image(PHOTO), Matte(ALPHA), Foreground(decontaminate=0))
    assert np.array_equal(cutout.rgb[ALPHA > 0], PHOTO[ALPHA > 0])
    assert np.abs(cutout.rgb - FRONT)[SOFT].max() > 0.3


@pytest.mark.parametrize("strength", [12.5, 50, 99])
def test_between_the_two_colours_are_mixed_evenly(strength: float) -> None:
    photo, full, some = (
        foreground(Image(PHOTO), Matte(ALPHA), Foreground(decontaminate=one)).rgb for one in (0, 100, strength)
    )
    assert np.abs(some - (photo + np.float32(strength / 100) * (full - photo)))[SOFT].max() < 1e-6
    assert np.array_equal(some[ALPHA == 1], PHOTO[ALPHA == 1])


@pytest.mark.parametrize("strength", [-1, 100.5, "full", None])
def test_strengths_that_are_none_are_refused(strength: Any) -> None:
    with pytest.raises(OptionError, match="`decontaminate`"):
        Foreground(decontaminate=strength)


@pytest.mark.parametrize("ground", [0.0, 0.5, 1.0])
def test_edges_have_no_rims_on_any_ground(ground: float) -> None:
    """Over a plain ground an edge goes from the subject to it without passing either."""
    rgb = foreground(Image(PHOTO), Matte(ALPHA), Foreground()).rgb
    seen = ALPHA[..., None] * rgb + (1 - ALPHA[..., None]) * ground
    low, high = np.minimum(FRONT, ground), np.maximum(FRONT, ground)
    assert (seen > low - 1e-3).all() and (seen < high + 1e-3).all()
    assert np.abs(seen - (ALPHA[..., None] * FRONT + (1 - ALPHA[..., None]) * ground)).max() < 1e-3


def test_colours_are_zero_where_alpha_is() -> None:
    for strength in (0, 40, 100):
        cutout = foreground(Image(PHOTO), Matte(ALPHA), Foreground(decontaminate=strength))
        assert (ALPHA == 0).any() and not cutout.rgb[ALPHA == 0].any()


def test_opaque_pixels_are_the_photos_to_the_bit() -> None:
    cutout = foreground(Image(PHOTO), Matte(ALPHA), Foreground())
    assert np.array_equal(cutout.rgb[ALPHA == 1], PHOTO[ALPHA == 1])


def test_an_empty_matte_gives_nothing() -> None:
    cutout = foreground(Image(PHOTO), Matte(np.zeros_like(ALPHA)), Foreground())
    assert cutout.is_empty and not cutout.rgb.any()


def test_a_photo_that_was_cut_out_already_keeps_its_colours() -> None:
    """Its alpha is no mixture with a background: there is nothing to take out."""
    own = soft_disc((80, 90), 10.0)
    rgb = np.random.default_rng(1).random((80, 90, 3)).astype(np.float32)
    cutout = foreground(Image(rgb, own), Matte(own), Foreground())
    assert np.array_equal(cutout.rgb[own > 0], rgb[own > 0])
    assert np.array_equal(cutout.alpha, own)


def test_what_is_hidden_in_a_transparent_photo_stays_hidden() -> None:
    own = np.zeros((80, 90), np.float32)
    own[:, 45:] = 1
    rgb = PHOTO.copy()
    rgb[:, :45] = (0, 1, 0)
    matte = ALPHA * own
    cutout = foreground(Image(rgb, own), Matte(matte), Foreground())
    soft = (matte > 0) & (matte < 1)
    assert np.abs(cutout.rgb - FRONT)[soft].max() < 0.01
    assert not cutout.rgb[:, :45].any()


def test_profile_and_resolution_travel_on() -> None:
    metadata = Metadata(profile=display_p3(), dpi=(300, 300), depth=16)
    assert foreground(Image(PHOTO, metadata=metadata), Matte(ALPHA), Foreground()).metadata is metadata


def test_only_a_photo_that_is_spent_becomes_the_cutout() -> None:
    photo = PHOTO.copy()
    kept = foreground(Image(photo), Matte(ALPHA), Foreground())
    assert np.array_equal(photo, PHOTO)
    spent = foreground(Image(photo), Matte(ALPHA), Foreground(), is_spent=True)
    assert spent.rgb is photo and np.array_equal(spent.rgb, kept.rgb)


def test_a_spent_photo_that_may_not_be_written_to_stays() -> None:
    photo = PHOTO.copy()
    photo.flags.writeable = False
    cutout = foreground(Image(photo), Matte(ALPHA), Foreground(), is_spent=True)
    assert np.array_equal(photo, PHOTO) and np.abs(cutout.rgb - FRONT)[SOFT].max() < 1e-3
