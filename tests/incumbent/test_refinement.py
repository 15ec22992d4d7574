"""Rows 7, 12, 21 and 23: edges after the photo, clean-up, and what both of them cost."""

from pathlib import Path

import numpy as np
import pytest

from incumbent.photos import bands, blue_on_orange, blueness, flat, png, rgba
from incumbent.tools.base import Bytes8, Floats, Request, Tool, UnsupportedError, peak_bytes

SMALL, LARGE = 900, 1500


def test_row_7_grey_photo_with_alpha_can_be_refined(tool: Tool) -> None:
    pixels = np.full((64, 96, 2), (180, 255), np.uint8)
    pixels[:16, :, 1] = 128
    cutout = rgba(tool.cut_out(png(pixels), bands(0.0, 1.0), Request(refined=True)))
    assert cutout.shape == (64, 96, 4)
    np.testing.assert_allclose(cutout[40, 90], (180, 180, 180, 255), atol=2.01)
    assert cutout[40, 5, 3] == 0


def test_row_7_grey_photos_own_alpha_is_kept_when_it_is_refined(tool: Tool) -> None:
    pixels = np.full((64, 96, 2), (180, 255), np.uint8)
    pixels[:16, :, 1] = 128
    cutout = rgba(tool.cut_out(png(pixels), bands(0.0, 1.0), Request(refined=True)))
    np.testing.assert_allclose(cutout[5, [5, 90], 3], (0, 128), atol=2.01)


def _body_hair_and_a_speck(photo: Floats) -> Floats:
    alpha = np.zeros(photo.shape[-2:], np.float32)
    alpha[500:900, 300:700] = 1
    alpha[300:500, 300:700:8] = 0.6  # strands, with a soft side each
    alpha[300:500, 301:701:8] = 0.3
    alpha[100:102, 100:102] = 1
    return alpha


def test_row_12_hair_stays_soft_when_the_matte_is_cleaned(tool: Tool) -> None:
    alpha = _cleaned(tool)
    expected = _body_hair_and_a_speck(np.empty((1, 3, 1024, 1024), np.float32)) * 255
    hair = slice(320, 480), slice(310, 690)
    assert np.abs(alpha - expected)[hair].mean() < 5
    assert {153, 76, 77} & {int(value) for value in np.unique(alpha[hair])}, "neither 0 nor 255"


def test_row_12_cleaning_takes_a_lone_speck_away(tool: Tool) -> None:
    alpha = _cleaned(tool)
    assert alpha[90:112, 90:112].max() == 0
    assert alpha[520:880, 320:680].min() == 255


def _cleaned(tool: Tool) -> Floats:
    photo = png(flat((120, 130, 140), 1024, 1024))
    return rgba(tool.cut_out(photo, _body_hair_and_a_speck, Request(cleaned=True)))[..., 3]


def test_row_21_memory_of_refining_does_not_grow_with_the_photo(tool: Tool, tmp_path: Path) -> None:
    """One subject in two photos: what the larger one adds is for its pixels alone, far from any edge."""
    small, large = (_added_by_refining(tool, _disc_in(side), tmp_path) for side in (SMALL, LARGE))
    assert (large - small) / (LARGE**2 - SMALL**2) < 100, "bytes for each pixel that needs no refining"


def test_row_21_refining_a_photo_of_1500_pixels_fits_in_200_megabytes(tool: Tool, tmp_path: Path) -> None:
    assert _added_by_refining(tool, _disc_in(LARGE), tmp_path) < 200e6


def _disc_in(side: int) -> Bytes8:
    """A disc of 400 pixels with an edge of 40, in a square photo."""
    y, x = np.indices((side, side), np.float32)
    return blue_on_orange(np.clip((200 - np.hypot(y - side / 2, x - side / 2)) / 40 + 0.5, 0, 1))


def _added_by_refining(tool: Tool, photo: Bytes8, folder: Path) -> int:
    """How much higher the peak of memory is with refinement, in bytes."""
    path = folder / "photo.png"
    path.write_bytes(png(photo))
    plain, refined = (_peak(tool, path, is_refined) for is_refined in (False, True))
    return refined - plain


def _peak(tool: Tool, photo: Path, is_refined: bool) -> int:
    code = f"""
import importlib
from pathlib import Path
from incumbent.photos import blueness
from incumbent.tools.base import Request
tool = importlib.import_module({type(tool).__module__!r}).TOOL
tool.cut_out(Path({str(photo)!r}).read_bytes(), blueness, Request(refined={is_refined}))
"""
    return peak_bytes(code, {})


STRANDS = slice(240, 600), slice(1476, 1524)
"""Twelve strands of two pixels, two apart: less than one pixel of a network of 1024, each."""


def _strands() -> Floats:
    alpha = np.zeros((1200, 3000), np.float32)
    alpha[660:, 1000:2000] = 1
    for left in range(STRANDS[1].start, STRANDS[1].stop, 4):
        alpha[200:660, left : left + 2] = 1
    return alpha


def _likeness(alpha: Floats) -> float:
    return float(np.corrcoef(alpha[STRANDS].ravel(), _strands()[STRANDS].ravel())[0, 1])


def test_row_23_strands_finer_than_a_networks_pixels_follow_the_photos_colours(tool: Tool) -> None:
    photo = png(blue_on_orange(_strands()))
    assert _likeness(rgba(tool.cut_out(photo, blueness, Request(refined=True)))[..., 3]) > 0.9


def test_row_23_network_for_edges_is_no_limit_to_their_detail(tool: Tool) -> None:
    photo = png(blue_on_orange(_strands()))
    assert _likeness(rgba(tool.cut_out(photo, blueness, Request(refiner=blueness)))[..., 3]) > 0.9


def test_row_23_strands_are_found_by_a_trimap_at_the_photos_own_size(tool: Tool) -> None:
    truth = _strands()
    trimap = (truth * 255).astype(np.uint8)
    trimap[180:680, 1456:1544] = 128
    try:
        cutout = tool.cut_out(png(blue_on_orange(truth)), blueness, Request(trimap=png(trimap)))
    except UnsupportedError as error:
        pytest.fail(str(error))
    assert _likeness(rgba(cutout)[..., 3]) > 0.9
