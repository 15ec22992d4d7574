"""A region: what lies outside of it is neither looked at nor kept."""

from pathlib import Path

import imagecodecs
import numpy as np
import pytest

from factories import alpha_of, flat, floats, red_remover
from feathercut.errors import EmptyRegionError, OptionError, RegionError
from feathercut.options import Options, Select
from feathercut.pictures import Image, Matte, Prediction
from feathercut.pipeline import cut_out
from feathercut.steps.confine import bounds, confine, put_back, region_box


def two_red_squares() -> Image:
    """Red at the left and at the right of a black photo of 40×80."""
    rgb = np.zeros((40, 80, 3), np.float32)
    rgb[10:30, 10:30, 0] = 1
    rgb[10:30, 50:70, 0] = 1
    return Image(rgb)


def test_region_is_left_top_right_bottom_in_px_or_in_percent() -> None:
    assert region_box((100, 200), Select(region="20 10px 50% 100%")) == (10, 20, 100, 100)
    assert region_box((100, 200), Select(region="0,0,200px,100px")) == (0, 0, 100, 200)
    assert region_box((100, 200), Select()) == (0, 0, 100, 200)


@pytest.mark.parametrize("text", ["", "1 2 3", "0 0 50% 50% 50%", "a b c d", "-1 0 50% 50%", "0 0 5em 10"])
def test_what_is_no_region_is_refused(text: str) -> None:
    with pytest.raises(OptionError, match="region"):
        Select(region=text)


def test_region_beyond_the_photo_is_refused_with_the_photos_size() -> None:
    with pytest.raises(RegionError, match="200×100"):
        region_box((100, 200), Select(region="0 0 201px 50%"))
    with pytest.raises(RegionError, match="reaches beyond"):
        region_box((100, 200), Select(region="0 0 101% 50%"))


@pytest.mark.parametrize("text", ["50% 0 50% 100%", "60% 0 50% 100%", "0 0 0.1% 100%"])
def test_region_without_a_pixel_is_refused(text: str) -> None:
    with pytest.raises(EmptyRegionError, match="holds no pixel"):
        region_box((100, 200), Select(region=text))


def test_whole_photo_is_passed_on_untouched() -> None:
    photo = flat((4, 6))
    matte = Matte(np.ones((4, 6), np.float32))
    assert confine(photo, (0, 0, 4, 6)) is photo
    assert put_back(matte, (0, 0, 4, 6), (4, 6)) is matte
    assert bounds(None, (0, 0, 4, 6), (4, 6)) is None


def test_part_keeps_the_photos_alpha_and_comes_back_to_its_place() -> None:
    alpha = floats(np.arange(24).reshape(4, 6) / 24)
    part = confine(flat((4, 6), alpha=alpha), (1, 2, 3, 5))
    assert np.array_equal(alpha_of(part), alpha[1:3, 2:5])
    back = put_back(Matte(alpha_of(part)), (1, 2, 3, 5), (4, 6)).alpha
    assert np.array_equal(back[1:3, 2:5], alpha[1:3, 2:5])
    assert back.sum() == alpha[1:3, 2:5].sum()


def test_only_what_is_in_the_region_is_cut_out() -> None:
    result = red_remover((32, 32)).apply(two_red_squares(), Options(region="50% 0 100% 100%"))
    assert result.alpha[20, 60] == 1
    assert not result.alpha[:, :40].any()


def test_moved_edge_does_not_leave_the_region() -> None:
    result = red_remover((32, 32)).apply(two_red_squares(), Options(region="60px 0 100% 100%", edge_shift=8))
    assert result.alpha[20, 60] > 0.9
    assert not result.alpha[:, :60].any()


def test_network_sees_the_region_alone() -> None:
    seen = []

    def predict(image: Image, _: Options) -> list[Prediction]:
        seen.append(image.size)
        return [Prediction(np.ones((4, 4), np.float32), (0, 0, 4, 4), "tiny")]

    cutout = cut_out(two_red_squares(), predict, Options(region="40px 5px 80px 100%"))
    assert seen == [(35, 40)]
    assert cutout.size == (40, 80)


def test_trimap_is_solved_whole_and_kept_within_the_region(tmp_path: Path) -> None:
    trimap = np.full((40, 80), 255, np.uint8)
    path = tmp_path / "trimap.png"
    path.write_bytes(imagecodecs.png_encode(trimap))
    result = red_remover().apply(two_red_squares(), Options(trimap=str(path), region="0 0 40px 100%"))
    assert result.alpha[:, :40].min() == 1
    assert result.alpha[:, 40:].max() == 0
