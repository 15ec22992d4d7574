from __future__ import annotations

import numpy as np

from factories import display_p3, floats, soft_disc
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
    cutout = foreground(Image(PHOTO), Matte(ALPHA), Foreground(foreground="photo"))
    assert np.array_equal(cutout.rgb[ALPHA > 0], PHOTO[ALPHA > 0])
    assert np.abs(cutout.rgb - FRONT)[SOFT].max() > 0.3


def test_colours_are_zero_where_alpha_is() -> None:
    for way in ("estimated", "photo"):
        cutout = foreground(Image(PHOTO), Matte(ALPHA), Foreground(foreground=way))
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
