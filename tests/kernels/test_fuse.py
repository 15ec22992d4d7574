"""Two networks' mattes of scenes that are drawn so that each network fails in its own way."""

from __future__ import annotations

import numpy as np
import pytest

from factories import floats
from feathercut.kernels import fuse as module
from feathercut.kernels.fuse import fuse, seen_at, step
from feathercut.kernels.resample import resize
from feathercut.pictures import FloatArray, Size

BLUE, ORANGE = (0.15, 0.3, 0.7), (0.85, 0.5, 0.2)
SIDE = 640
"""The first network's; a cell of the grid that bodies are judged on is two of its pixels."""
SECOND: Size = (160, 160)


def _disc(radius: float, centre: tuple[float, float] = (320, 320), side: int = SIDE) -> FloatArray:
    """Alpha of a disc with an edge of one pixel; lengths are in pixels of 640 whatever the side is."""
    y, x = (np.mgrid[:side, :side] + 0.5) * (SIDE / side)
    distance = np.hypot(y - centre[0], x - centre[1])
    return floats(np.clip((radius - distance) * (side / SIDE) + 0.5, 0, 1))


def _photo(subject: FloatArray) -> FloatArray:
    """Blue where the subject is, orange elsewhere, at the size that fusing sees."""
    small = resize(subject, seen_at((SIDE, SIDE)), "box")[..., None]
    return floats(small * floats(BLUE) + (1 - small) * floats(ORANGE))


def _coarse(alpha: FloatArray) -> FloatArray:
    """What a small network makes of it: a quarter of the size."""
    return resize(alpha, SECOND, "bilinear")


def _expected(first: FloatArray) -> FloatArray:
    """The drawing as it is but for the fog that networks leave at either end."""
    return np.clip((first - module._CUT) / (1 - 2 * module._CUT), 0, 1)


def _assert_drawn_as(fused: FloatArray, first: FloatArray) -> None:
    """What the first network was sure of is there to the bit; its edges moved a little, by their colours."""
    expected = _expected(first)
    is_sure = (first == 0) | (first == 1)
    assert np.abs(fused - expected)[is_sure].max() < 1e-6
    assert np.abs(fused - expected).max() < 0.2


BODY = _disc(160)
DEEP = _disc(140) == 1
"""Ten cells inside of the body's edge."""
OUTSIDE = _disc(166) == 0


def test_a_grey_body_is_filled_from_the_second_networks_sure_inside() -> None:
    first = BODY.copy()
    first[_disc(140) == 1] = 0.4
    fused = fuse(first, _coarse(BODY), _photo(BODY))
    assert (fused[DEEP] > 0.99).all()
    assert not fused[OUTSIDE].any()


def test_a_body_that_is_half_out_comes_whole() -> None:
    first = BODY.copy()
    first[320:] *= np.float32(0.1)
    fused = fuse(first, _coarse(BODY), _photo(BODY))
    assert (fused[DEEP] > 0.99).all()


def test_two_networks_that_agree_give_what_both_say() -> None:
    fused = fuse(BODY, _coarse(BODY), _photo(BODY))
    _assert_drawn_as(fused, BODY)


def test_the_edge_is_the_first_networks() -> None:
    """The second one's body reaches two pixels further: nothing of that is seen."""
    fused = fuse(BODY, _coarse(_disc(162)), _photo(BODY))
    _assert_drawn_as(fused, BODY)


MIDDLE, HANDLE = (320, 320), (320, 190)
"""Places for holes: the second is so near the edge that a hole of 14 pixels leaves a rim of 16."""


@pytest.mark.parametrize(("radius", "place"), [(8, HANDLE), (14, HANDLE), (8, MIDDLE), (14, MIDDLE), (24, MIDDLE)])
def test_a_drawn_hole_that_shows_the_background_stays_open(radius: int, place: tuple[int, int]) -> None:
    """The second network closes it: it is too coarse for handles and the gaps between arms."""
    first = BODY - _disc(radius, place)
    fused = fuse(first, _coarse(BODY), _photo(first))
    assert fused[_disc(radius - 4, place) == 1].max() < 0.02
    assert fused[_disc(radius - 2, place) == 1].mean() < 0.01
    assert (fused[(_disc(radius + 2, place) == 0) & DEEP] == 1).all()


def test_a_hole_is_not_believed_where_the_first_network_missed_most_of_the_body() -> None:
    """Not even one that shows the background: so does much of what such a drawing leaves out."""
    hole = _disc(10, (320, 188))
    first = BODY * np.float32(0.1)
    near = (np.hypot(*(np.mgrid[:SIDE, :SIDE] - np.array((320, 188))[:, None, None])) < 24) & (BODY == 1)
    first[near] = 1
    first -= hole * first
    fused = fuse(first, _coarse(BODY), _photo(BODY - hole))
    assert (fused[_disc(100) == 1] > 0.99).all()
    assert fused[_disc(6, (320, 188)) == 1].min() > 0.95


def test_hair_outside_the_second_networks_body_stays_soft() -> None:
    hair = np.zeros_like(BODY)
    hair[138:168, 300:340:4] = 0.7
    hair[138:168, 301:341:4] = 0.35
    first = np.maximum(BODY, hair)
    fused = fuse(first, _coarse(BODY), _photo(first))
    beyond = (hair > 0) & OUTSIDE
    assert beyond.sum() > 300
    assert fused[beyond].min() > 0.05 and fused[beyond].max() < 0.95
    assert np.abs(fused - _expected(first))[beyond].mean() < 0.15
    assert not fused[(hair == 0) & OUTSIDE].any()


def test_a_faint_stray_blob_that_only_the_first_network_sees_goes() -> None:
    blob = _disc(40, (560, 560))
    first = np.maximum(BODY, blob * np.float32(0.25))
    fused = fuse(first, _coarse(BODY), _photo(BODY))
    assert fused[blob > 0].max() < 0.02
    _assert_drawn_as(fused[blob == 0], BODY[blob == 0])


def test_a_lone_pixel_that_the_first_network_is_certain_of_goes_as_well() -> None:
    first = _disc(160, side=960)
    first[60, 840] = 1
    fused = fuse(first, _coarse(BODY), _photo(BODY))
    assert fused[60, 840] == 0
    assert fused.max() == 1


def test_a_clear_piece_that_only_the_first_network_sees_stays() -> None:
    piece = _disc(40, (560, 560))
    first = np.maximum(BODY, piece)
    fused = fuse(first, _coarse(BODY), _photo(first))
    _assert_drawn_as(fused, first)


def test_a_thin_part_that_only_the_second_network_saw_comes() -> None:
    """A leg of 16 pixels: of its inside, two cells from either edge, little is left."""
    both = BODY.copy()
    both[470:630, 300:316] = 1
    fused = fuse(BODY, _coarse(both), _photo(both))
    leg = fused[540:620, 305:311]
    assert leg.min() > 0.95
    assert not fused[540:620, :285].any()


def test_a_part_that_the_second_network_only_suspects_does_not_come() -> None:
    both = BODY.copy()
    both[470:630, 300:316] = 0.4
    fused = fuse(BODY, _coarse(both), _photo(BODY))
    _assert_drawn_as(fused, BODY)


def test_a_suspected_part_comes_where_it_has_colours_that_only_the_subject_has() -> None:
    both = BODY.copy()
    both[470:630, 300:330] = 1
    suspected = BODY + (both - BODY) * np.float32(0.5)
    fused = fuse(BODY, _coarse(suspected), _photo(both))
    assert fused[500:600, 308:322].min() > 0.9
    assert not fused[500:600, :285].any()


def test_a_drawn_hole_that_shows_the_subject_is_filled() -> None:
    """A light patch of a dress: the first network has all the rest, which makes its holes believed."""
    first = BODY - _disc(24)
    fused = fuse(first, _coarse(BODY), _photo(BODY))
    assert (fused[_disc(12) == 1] > 0.95).all()


def test_an_edge_goes_to_the_side_whose_colours_it_shows() -> None:
    ring = (_disc(162) > 0) & (_disc(154) < 1)
    first = np.where(ring, np.float32(0.5), BODY)
    shown = [fuse(first, _coarse(BODY), _photo(_disc(radius)))[ring].mean() for radius in (170, 148)]
    assert shown[0] > 0.6 and shown[1] < 0.45


def test_a_grey_body_that_neither_network_fills_is_no_greyer_for_its_colours() -> None:
    first = BODY * np.float32(0.7)
    first[_disc(60) == 1] = 1
    fused = fuse(first, _coarse(_disc(60)), _photo(_disc(60)))
    far = (_disc(130) == 1) & (_disc(90) == 0)
    assert np.abs(fused - _expected(first))[far].max() < 0.02


@pytest.mark.parametrize("second", [0.0, 0.5, 1.0])
def test_what_the_first_network_is_sure_of_stays_whole(second: float) -> None:
    fused = fuse(BODY, np.full(SECOND, second, np.float32), _photo(BODY))
    assert (fused[DEEP] == 1).all()


def test_fog_of_both_networks_goes() -> None:
    first = np.clip(BODY, 0.04, 0.96)
    fused = fuse(first, np.clip(_coarse(BODY), 0.04, 0.96), _photo(BODY))
    assert not fused[OUTSIDE].any()
    assert (fused[DEEP] == 1).all()


@pytest.mark.parametrize("value", [0, 1])
def test_nothing_stays_nothing_and_all_stays_all(value: int) -> None:
    plane = np.full((50, 70), value, np.float32)
    fused = fuse(plane, plane[:20, :20], np.full((*seen_at((50, 70)), 3), 0.5, np.float32))
    assert fused.shape == (50, 70) and fused.dtype == np.float32
    assert (fused == value).all()


@pytest.mark.parametrize("size_hw", [(1, 1), (1, 5000), (3, 5)])
def test_any_size_will_do(size_hw: Size) -> None:
    random = np.random.default_rng(2)
    fused = fuse(
        random.random((16, 16), np.float32),
        random.random((8, 8), np.float32),
        random.random((*seen_at(size_hw), 3), np.float32),
    )
    assert fused.shape == (16, 16) and np.isfinite(fused).all()
    assert fused.min() >= 0 and fused.max() <= 1


def test_what_it_is_given_is_left_alone() -> None:
    first, second, rgb = BODY * np.float32(0.6), _coarse(BODY), _photo(BODY)
    before = first.copy(), second.copy(), rgb.copy()
    fuse(first, second, rgb)
    assert all(np.array_equal(one, other) for one, other in zip((first, second, rgb), before, strict=True))


def test_a_photo_is_seen_at_320_pixels() -> None:
    assert seen_at((3000, 4000)) == (240, 320)
    assert seen_at((100, 50)) == (320, 160)
    assert seen_at((1, 5000)) == (1, 320)


def test_a_step_is_flat_at_both_ends() -> None:
    values = floats([-1, 0.2, 0.35, 0.5, 0.8, 2])
    assert np.allclose(step(values, 0.2, 0.8), [0, 0, 0.15625, 0.5, 1, 1], atol=1e-6)
