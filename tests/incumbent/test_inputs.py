"""Rows 6 and 8: files of more than 8 bits and of more than one frame."""

import io

import numpy as np
import pytest
from PIL import Image

from incumbent.photos import bands, flat, gif, png, rgba, seen_by_network
from incumbent.tools.base import Request, Tool, UnsupportedError


def _deep_grey() -> bytes:
    """16-bit grey: 30000 left, 60000 right."""
    pixels = np.full((64, 96), 30000, np.uint16)
    pixels[:, 48:] = 60000
    return png(pixels)


def test_row_6_network_sees_16_bit_greys_apart(tool: Tool) -> None:
    # U²-Net divides by the photo's own maximum: 30000 of 60000 is one half.
    left, right = seen_by_network(tool, _deep_grey(), Request(network="u2netp"))[0, 160, [40, 280]]
    np.testing.assert_allclose((left, right), ((0.5 - 0.485) / 0.229, (1 - 0.485) / 0.229), atol=0.01)


def test_row_6_result_keeps_16_bit_greys(tool: Tool) -> None:
    pixels = rgba(tool.cut_out(_deep_grey(), bands(1.0, 1.0, 0.0)))
    np.testing.assert_allclose(pixels[32, 16, :3], 30000 / 257, atol=1.01)


def test_row_6_result_can_have_16_bits(tool: Tool) -> None:
    try:
        result = tool.cut_out(_deep_grey(), bands(1.0, 1.0, 0.0), Request(depth=16))
    except UnsupportedError as error:
        pytest.fail(str(error))
    assert result[24] == 16  # the bit depth in a PNG file's header


def test_row_8_every_frame_of_an_animation_comes_back(tool: Tool) -> None:
    frames = [flat(colour) for colour in [(250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 0)]]
    result = tool.cut_out(gif(frames, duration_ms=120), bands(0.0, 1.0))
    with Image.open(io.BytesIO(result)) as image:
        assert getattr(image, "n_frames", 1) == 4
        assert image.info["duration"] == 120


def test_row_8_each_frame_has_its_own_colours(tool: Tool) -> None:
    colours = [(250, 0, 0), (0, 250, 0), (0, 0, 250), (250, 250, 0)]
    result = tool.cut_out(gif([flat(colour) for colour in colours], duration_ms=120), bands(0.0, 1.0))
    with Image.open(io.BytesIO(result)) as image:
        for index, colour in enumerate(colours):
            image.seek(index)
            np.testing.assert_allclose(np.asarray(image.convert("RGB"))[32, 90], colour, atol=2)


def test_still_photo_comes_back_as_one_frame(tool: Tool) -> None:
    assert rgba(tool.cut_out(png(flat((9, 9, 9))), bands(0.0, 1.0))).shape == (64, 96, 4)
