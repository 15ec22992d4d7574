"""Rows 9, 9b, 10 and 11: the matte is what the network said, at the photo's size."""

import numpy as np

from incumbent.photos import bands, everywhere, faint_noise, flat, png, rgba, seen_by_network
from incumbent.tools.base import Answer, Floats, Request, Tool


def test_row_9_photo_without_a_subject_gives_an_empty_matte(tool: Tool) -> None:
    photo = png(flat((120, 130, 140)))
    alpha = rgba(tool.cut_out(photo, faint_noise(0.0239), Request(network="u2netp")))[..., 3]
    assert alpha.max() == 0


def test_row_9_answer_of_nothing_everywhere_gives_an_empty_matte(tool: Tool) -> None:
    alpha = rgba(tool.cut_out(png(flat((120, 130, 140))), everywhere(0.0)))[..., 3]
    assert alpha.max() == 0


def test_row_9_answer_of_subject_everywhere_gives_the_whole_photo(tool: Tool) -> None:
    alpha = rgba(tool.cut_out(png(flat((120, 130, 140))), everywhere(1.0)))[..., 3]
    assert alpha.min() == 255


def test_row_9b_subject_that_is_half_transparent_stays_half(tool: Tool) -> None:
    alpha = rgba(tool.cut_out(png(flat((120, 130, 140))), bands(0.0, 0.5)))[..., 3]
    np.testing.assert_allclose(alpha[32, [10, 86]], (0, 127.5), atol=1.01)


def test_row_10_dark_photo_is_seen_dark(tool: Tool) -> None:
    seen = seen_by_network(tool, png(flat((30, 30, 30))))
    np.testing.assert_allclose(seen, 30 / 255 - 0.5, atol=1e-3)


def test_row_11_enlarged_matte_does_not_overshoot_beside_an_edge(tool: Tool) -> None:
    alpha = _enlarged(tool, bands(0.0, 200 / 255, 200 / 255, 1.0))
    edge = alpha[300, 200:800]  # the edge from 0 to 200 lies at 312
    assert edge.max() <= 201


def test_row_11_enlarged_matte_does_not_ring_beside_an_edge(tool: Tool) -> None:
    alpha = _enlarged(tool, bands(0.0, 200 / 255, 200 / 255, 1.0))
    assert np.diff(alpha[300, 200:800]).min() >= 0


def test_row_11_matte_is_not_cut_to_8_bits_before_it_is_enlarged(tool: Tool) -> None:
    def shallow_ramp(photo: Floats) -> Floats:
        height, width = photo.shape[-2:]
        matte = np.broadcast_to(np.linspace(100, 104, width, dtype=np.float32) / 255, (height, width)).copy()
        matte[: height // 4], matte[-height // 4 :] = 0, 1
        return matte.astype(np.float32)

    alpha = _enlarged(tool, shallow_ramp)
    expected = np.interp((np.arange(1250) + 0.5) * 320 / 1250 - 0.5, [0, 319], [100, 104])
    assert abs(float((alpha[300] - expected).mean())) < 0.1


def _enlarged(tool: Tool, answer: Answer) -> Floats:
    """Alpha (0 to 255) at 3.9 times the size of the network's answer."""
    photo = png(flat((120, 130, 140), 1250, 600))
    return rgba(tool.cut_out(photo, answer, Request(network="u2netp")))[..., 3]
