"""Rows 1, 2 and 5: the colours that leave are the colours that came."""

import io

import numpy as np
from PIL import Image

from incumbent.photos import bands, flat, png, profile_with_red_and_green_exchanged, rgba, seen_by_network
from incumbent.tools.base import Request, Tool

# Full opacity and none stand beside every half, so that stretching an answer to 0..1 changes nothing.
_HALF_IN_THE_MIDDLE = bands(0.0, 128.4 / 255, 1.0)


def test_row_1_soft_pixel_keeps_the_subjects_own_colour(tool: Tool) -> None:
    pixels = rgba(tool.cut_out(png(flat((200, 100, 50))), _HALF_IN_THE_MIDDLE))
    np.testing.assert_allclose(pixels[32, 48], (200, 100, 50, 128), atol=1.01)


def test_row_2_soft_pixel_over_white_is_the_right_mixture(tool: Tool) -> None:
    photo = png(flat((200, 100, 50)))
    pixels = rgba(tool.cut_out(photo, _HALF_IN_THE_MIDDLE, Request(background="white")))
    np.testing.assert_allclose(pixels[32, 48], (227, 177, 152, 255), atol=1.01)


def test_row_5_resolution_is_kept(tool: Tool) -> None:
    result = tool.cut_out(png(flat((200, 100, 50)), dpi=(300, 300)), bands(0.0, 1.0))
    dpi = Image.open(io.BytesIO(result)).info.get("dpi", (0, 0))
    np.testing.assert_allclose(dpi, (300, 300), atol=0.1)


def test_row_5_colour_profile_is_kept_with_its_numbers(tool: Tool) -> None:
    profile = profile_with_red_and_green_exchanged()
    result = tool.cut_out(png(flat((200, 100, 50)), icc_profile=profile), bands(0.0, 1.0))
    assert Image.open(io.BytesIO(result)).info.get("icc_profile") == profile
    np.testing.assert_allclose(rgba(result)[32, 90], (200, 100, 50, 255), atol=1.01)


def test_row_5_network_sees_the_colours_that_the_profile_means(tool: Tool) -> None:
    photo = png(flat((200, 100, 50)), icc_profile=profile_with_red_and_green_exchanged())
    red, green, _ = seen_by_network(tool, photo)[:, 5, 5]
    assert green > red


def test_row_22_array_in_opencvs_order_is_seen_in_its_own_colours(tool: Tool) -> None:
    red_photo = flat((200, 100, 50))
    as_opencv_reads_it = np.ascontiguousarray(red_photo[..., ::-1])
    seen = seen_by_network(tool, as_opencv_reads_it, Request(order="bgr"))
    np.testing.assert_allclose(seen, seen_by_network(tool, red_photo), atol=1e-6)


def test_row_22_array_in_opencvs_order_is_cut_out_in_its_own_colours(tool: Tool) -> None:
    as_opencv_reads_it = np.ascontiguousarray(flat((200, 100, 50))[..., ::-1])
    pixels = rgba(tool.cut_out(as_opencv_reads_it, bands(0.0, 1.0), Request(order="bgr")))
    np.testing.assert_allclose(pixels[32, 90], (200, 100, 50, 255), atol=1.01)


def test_row_4_what_is_transparent_stays_transparent_when_edges_are_cleaned(tool: Tool) -> None:
    photo = flat((200, 100, 50, 255))
    photo[:, 40:60, 3] = 0
    pixels = rgba(tool.cut_out(png(photo), bands(0.0, 1.0, 1.0, 1.0), Request(cleans_edges=True)))
    assert pixels[32, 50, 3] == 0
    assert pixels[32, 90, 3] == 255


def test_row_4_half_transparent_photo_multiplies_the_matte(tool: Tool) -> None:
    photo = flat((200, 100, 50, 128))
    pixels = rgba(tool.cut_out(png(photo), bands(0.0, 0.5, 1.0), Request(cleans_edges=True)))
    np.testing.assert_allclose(pixels[32, [16, 48, 80], 3], (0, 64, 128), atol=1.01)


def test_row_4_network_is_not_shown_what_transparency_hides(tool: Tool) -> None:
    photos = [flat((200, 100, 50, 255)), flat((200, 100, 50, 255))]
    for photo, hidden in zip(photos, [(255, 0, 255), (0, 255, 0)], strict=True):
        photo[:, 40:60] = (*hidden, 0)
    seen = [seen_by_network(tool, png(photo)) for photo in photos]
    np.testing.assert_allclose(seen[0], seen[1], atol=1e-6)


def test_row_4_hidden_colour_is_not_in_the_result(tool: Tool) -> None:
    photo = flat((200, 100, 50, 255))
    photo[:, 40:60] = (255, 0, 255, 0)
    pixels = rgba(tool.cut_out(png(photo), bands(0.0, 1.0, 1.0, 1.0), Request(cleans_edges=True)))
    np.testing.assert_array_equal(pixels[32, 50], (0, 0, 0, 0))
