from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from factories import floats, soft_disc
from feathercut.errors import OptionError
from feathercut.pictures import FloatArray, Size
from feathercut.train.data import Augmentation, Pair, augment, augmentation_of
from feathercut.train.data.behind import around_subject, made_up
from feathercut.train.data.scene import Layer, layer_of, like, placed

from .sets import matte, pairs_of, scene

SIZE: Size = (96, 128)
GREEN = floats([0.1, 0.9, 0.2])


def generator(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def subject() -> FloatArray:
    """A subject's own colours: warm, changing slowly."""
    y, x = np.mgrid[0 : 1 : SIZE[0] * 1j, 0 : 1 : SIZE[1] * 1j]
    return floats(np.stack([0.8 - 0.1 * x, 0.35 + 0.1 * y, 0.2 + 0.05 * x], axis=2))


def before_green(alpha: FloatArray) -> Pair:
    """The subject as photographed before a green backdrop."""
    return Pair.of(subject() * alpha[..., None] + GREEN * (1 - alpha[..., None]), alpha)


def white(random: np.random.Generator, size_hw: Size) -> FloatArray:
    return np.ones((*size_hw, 3), np.float32)


def only(**chances: float) -> Augmentation:
    return Augmentation(**chances)


def test_nothing_is_changed_where_nothing_was_asked_for() -> None:
    pair = before_green(soft_disc(SIZE))
    same = augment(pair, generator(), Augmentation.none())
    assert np.array_equal(same.rgb, pair.rgb) and np.array_equal(same.alpha, pair.alpha)


def test_the_same_numbers_give_the_same_pair_and_leave_the_given_one_alone() -> None:
    pair = before_green(soft_disc(SIZE))
    before = pair.rgb.copy(), pair.alpha.copy()
    first, again, other = (augment(pair, generator(seed), Augmentation.full()) for seed in (3, 3, 4))
    assert np.array_equal(first.rgb, again.rgb) and np.array_equal(first.alpha, again.alpha)
    assert first.size != other.size or not np.array_equal(first.rgb, other.rgb)
    assert np.array_equal(pair.rgb, before[0]) and np.array_equal(pair.alpha, before[1])


@pytest.mark.parametrize("seed", range(12))
def test_whatever_happens_it_is_a_pair(seed: int) -> None:
    pairs = pairs_of(3, SIZE)
    made = augment(pairs[0], generator(seed), Augmentation.full(), other=lambda random: pairs[int(random.integers(3))])
    assert made.rgb.shape[1:] == made.alpha.shape[1:]
    for plane in (made.rgb, made.alpha):
        assert np.isfinite(plane).all() and plane.min() >= 0 and plane.max() <= 1


def test_before_a_new_background_no_rim_of_the_old_one_is_left() -> None:
    alpha = soft_disc(SIZE, 14)
    made = augment(before_green(alpha), generator(), only(new_background=1), behind=white)
    wanted = subject() * alpha[..., None] + (1 - alpha[..., None])
    soft = (alpha > 0.02) & (alpha < 0.98)
    error = np.abs(made.pixels - wanted)[soft]
    kept = before_green(alpha).pixels
    naive = kept * alpha[..., None] + (1 - alpha[..., None])
    assert np.array_equal(made.alpha[0], alpha)
    assert float(error.mean()) < 0.01, float(error.mean())
    assert float(np.abs(naive - wanted)[soft].mean()) > 0.05
    # No dark rim and no green one: nothing at the edge is darker, or greener against red, than the subject is.
    assert float((made.pixels[soft] - subject()[soft]).min()) > -0.06
    greener = (made.pixels[..., 1] - made.pixels[..., 0]) - np.maximum(0, (wanted[..., 1] - wanted[..., 0]))
    assert float(greener[soft].max()) < 0.06


def test_a_mask_is_never_put_before_another_background() -> None:
    pair = Pair.of(scene(0, SIZE), (matte(0, SIZE) > 0.5).astype(np.float32), is_mask=True)
    same = augment(pair, generator(), only(new_background=1), behind=white)
    assert np.array_equal(same.rgb, pair.rgb) and same.is_mask


def test_a_flip_turns_both() -> None:
    pair = before_green(np.roll(soft_disc(SIZE), 20, 1))
    flipped = augment(pair, generator(), only(flip=1))
    assert np.array_equal(flipped.rgb, pair.rgb[..., ::-1]) and np.array_equal(flipped.alpha, pair.alpha[..., ::-1])


@pytest.mark.parametrize("seed", range(8))
def test_a_close_up_is_a_part_of_the_photo_with_a_part_of_the_subject(seed: int) -> None:
    pair = before_green(soft_disc(SIZE))
    near = augment(pair, generator(seed), only(close_up=1))
    height, width = near.size
    assert 0.3 < height / SIZE[0] <= 1 and 0.3 < width / SIZE[1] <= 1 and near.size != SIZE
    assert near.alpha.max() > 0.02
    windows = np.lib.stride_tricks.sliding_window_view(pair.alpha[0], near.size)
    assert any(np.array_equal(window, near.alpha[0]) for row in windows for window in row)


@pytest.mark.parametrize("change", ["exposure", "noise", "jpeg"])
def test_the_sensor_and_the_file_change_the_photo_and_never_the_matte(change: str) -> None:
    pair = before_green(soft_disc(SIZE))
    made = augment(pair, generator(1), only(**{change: 1}))
    difference = float(np.abs(made.rgb - pair.rgb).mean())
    assert np.array_equal(made.alpha, pair.alpha)
    assert 0.001 < difference < 0.4, difference


def test_out_of_focus_the_matte_is_as_soft_as_the_photo() -> None:
    alpha = (soft_disc((512, 512)) > 0.5).astype(np.float32)
    pair = Pair.of(np.repeat(alpha[..., None], 3, 2), alpha)
    made = augment(pair, generator(), only(blur=1))
    assert 0 < np.count_nonzero((made.alpha > 0.1) & (made.alpha < 0.9)) < 0.02 * alpha.size
    assert float(np.abs(made.rgb[0] - made.alpha[0]).max()) < 1e-5


def test_another_subject_joins_in_photo_and_matte() -> None:
    alpha = soft_disc(SIZE)
    other = before_green(np.roll(alpha, 30, 1))
    pair = before_green(np.roll(alpha, -30, 1))
    chances = only(new_background=1, several=1)
    # Somewhere in the frame: where it lies behind the first it is hardly seen.
    all_made = [augment(pair, generator(seed), chances, behind=white, other=lambda _: other) for seed in range(6)]
    made = max(all_made, key=lambda one: float(one.alpha.sum()))
    assert float(made.alpha.sum()) > 1.3 * float(pair.alpha.sum())
    assert float(np.abs(made.pixels[made.alpha[0] == 0] - 1).max()) < 1e-6
    inside = made.pixels[made.alpha[0] > 0.99]
    assert float(inside[:, 1].max()) < 0.6, "green came along with it"


def test_similar_colours_bring_the_background_to_the_subject() -> None:
    pair = before_green(soft_disc(SIZE))
    plain, alike = (
        augment(pair, generator(5), only(new_background=1, similar=chance), behind=white) for chance in (0.0, 1.0)
    )
    own = subject()[pair.alpha[0] > 0.99].mean(0)
    outside = pair.alpha[0] == 0
    far, near = (float(np.abs(one.pixels[outside].mean(0) - own).max()) for one in (plain, alike))
    assert near < 0.5 * far


def cut_off(side: str) -> FloatArray:
    alpha = np.zeros(SIZE, np.float32)
    rows = SIZE[0]
    alpha[{"top": np.s_[: rows // 2, 30:80], "bottom": np.s_[rows // 2 :, 30:80], "left": np.s_[20:60, :50],
           "right": np.s_[20:60, -50:]}[side]] = 1  # fmt: skip
    return alpha


@pytest.mark.parametrize("side", ["top", "bottom", "left", "right"])
def test_what_the_frame_cut_off_stays_at_the_frame(side: str) -> None:
    layer = layer_of(subject(), cut_off(side))
    edges = {"top": np.s_[:1, :], "bottom": np.s_[-1:, :], "left": np.s_[:, :1], "right": np.s_[:, -1:]}
    for seed in range(10):
        alpha = placed(generator(seed), layer, SIZE).alpha
        assert alpha[edges[side]].max() > 0.9, seed


def test_what_is_cut_off_on_both_sides_does_not_become_smaller() -> None:
    alpha = np.zeros(SIZE, np.float32)
    alpha[:, 40:90] = 1
    for seed in range(10):
        moved = placed(generator(seed), layer_of(subject(), alpha), SIZE).alpha
        assert moved[0].max() > 0.9 and moved[-1].max() > 0.9, seed


def test_a_subject_without_a_solid_part_leaves_the_background_as_it_is() -> None:
    background = scene(1, SIZE)
    faint = Layer(subject(), np.full(SIZE, 0.3, np.float32))
    assert like(generator(), background, faint) is background


@pytest.mark.parametrize("seed", range(6))
def test_backgrounds_that_are_made_up_are_pictures(seed: int) -> None:
    rgb = made_up(generator(seed), SIZE)
    assert rgb.shape == (*SIZE, 3) and rgb.dtype == np.float32
    assert rgb.min() >= 0 and rgb.max() <= 1 and float(rgb.std()) > 0


def test_the_surroundings_of_another_pair_come_without_its_subject() -> None:
    alpha = soft_disc(SIZE)
    red = Pair.of(floats([1, 0, 0]) * alpha[..., None] + floats([0, 0, 1]) * (1 - alpha[..., None]), alpha)
    behind = around_subject(generator(), red, (64, 64))
    assert behind.shape == (64, 64, 3)
    assert float(behind[..., 0].max()) < 0.1 and float(behind[..., 2].min()) > 0.9


@pytest.mark.parametrize(("word", "changes"), [("none", False), ("light", True), ("full", True)])
def test_a_word_stands_for_how_far(word: str, changes: bool) -> None:
    assert augmentation_of(word).changes_nothing is not changes


@pytest.mark.parametrize("wrong", [{"flip": 1.5}, {"flips": 0.5}])
def test_a_chance_that_is_none_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(OptionError, match="flip"):
        Augmentation(**wrong)
    with pytest.raises(OptionError, match="none, light, full"):
        augmentation_of("strong")
