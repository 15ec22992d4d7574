"""Where a method without a network is suggested, and where not."""

from __future__ import annotations

import numpy as np

from diagnose.rendered import GREEN, RED, disc, photo_of, report_on
from feathercut.diagnose import diagnose
from feathercut.pictures import FloatArray, Image, Matte

SCREEN, GREY = (0.1, 0.7, 0.2), (0.6, 0.6, 0.62)


def doubtful() -> FloatArray:
    """Half of what there is, in grey."""
    return np.asarray(0.5 * disc(radius=250), np.float32)


def test_a_green_screen_is_for_chroma_even_where_the_matte_is_fine() -> None:
    report = report_on(photo_of(disc(), RED, SCREEN), disc())
    assert (report.verdict, report.method) == ("fine", "chroma")
    assert report.as_object()["method"] == "chroma"


def test_a_lawn_of_pale_green_is_no_screen() -> None:
    assert report_on(photo_of(disc(), RED, GREEN), disc()).method is None


def test_a_sky_that_ends_at_a_horizon_is_no_screen() -> None:
    photo = photo_of(disc(), RED, (0.2, 0.4, 0.8))
    photo.rgb[400:] = photo_of(disc(), RED, (0.5, 0.4, 0.3)).rgb[400:]
    assert report_on(photo, disc()).method is None


def test_a_plain_backdrop_is_for_plain_where_the_networks_are_in_doubt() -> None:
    assert report_on(photo_of(disc(), RED, GREY), doubtful()).method == "plain"
    assert report_on(photo_of(disc(), RED, GREY), disc()).method is None


def test_a_busy_background_is_for_networks() -> None:
    photo = photo_of(disc(), RED, GREY)
    photo.rgb[...] += np.random.default_rng(2).normal(0, 0.2, photo.rgb.shape)
    photo.rgb[:, ::40] = 0
    assert report_on(Image(np.clip(photo.rgb, 0, 1)), doubtful()).method is None


def test_nothing_is_suggested_where_no_network_was_asked() -> None:
    assert diagnose(photo_of(disc(), RED, SCREEN), (), Matte(disc())).report.method is None


def test_a_photo_of_a_pixel_or_a_row_is_for_networks() -> None:
    for size in ((1, 1), (1, 40), (40, 1), (2, 2)):
        report = report_on(Image(np.full((*size, 3), 0.5, np.float32)), np.full(size, 0.5, np.float32))
        assert report.method in {None, "plain"}
