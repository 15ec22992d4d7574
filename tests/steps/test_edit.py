from __future__ import annotations

import numpy as np
import pytest

from factories import flat, floats, red_remover, soft_disc
from feathercut.errors import OptionError
from feathercut.options import Edit, Options
from feathercut.pictures import FloatArray, Image, Matte
from feathercut.steps.edit import edit


def edited(alpha: FloatArray, **options: float) -> FloatArray:
    return edit(Matte(alpha), Edit(**options)).alpha


def step_at(column: int, width: int = 60) -> FloatArray:
    """Nothing on the left, the subject from `column` on."""
    return floats(np.tile(np.arange(width) >= column, (40, 1)))


def width_of(alpha: FloatArray) -> int:
    """Soft pixels on the middle row."""
    row = alpha[len(alpha) // 2]
    return int(((row > 0.02) & (row < 0.98)).sum())


def test_nothing_asked_for_changes_nothing() -> None:
    matte = Matte(soft_disc((50, 70)))
    assert edit(matte, Options()) is matte
    assert edit(matte, Options(edge_shift=0, edge_softness=0.0, edge_contrast=-0.0)) is matte


@pytest.mark.parametrize("shift", [-15, -4, -0.5, 0.5, 2.5, 15])
def test_shift_moves_the_edge_by_as_many_pixels(shift: float) -> None:
    """The mass of each row says where its edge is, to a part of a pixel."""
    before, after = step_at(30), edited(step_at(30), edge_shift=shift)
    assert np.allclose(after.sum(axis=1) - before.sum(axis=1), shift, atol=1e-4)
    disc = soft_disc((300, 300), 8)
    grown = edited(disc, edge_shift=shift)
    radii = [np.sqrt(float(alpha.sum()) / np.pi) for alpha in (disc, grown)]
    assert radii[1] - radii[0] == pytest.approx(shift, abs=0.1 + 0.02 * abs(shift))


def test_shift_keeps_the_profile_of_the_edge() -> None:
    disc = soft_disc((200, 200), 10)
    assert width_of(edited(disc, edge_shift=6)) == pytest.approx(width_of(disc), abs=2)
    assert width_of(edited(disc, edge_shift=-6)) == pytest.approx(width_of(disc), abs=2)


def test_shift_leaves_no_staircase_on_a_slanted_edge() -> None:
    """Each row's edge lies on a line, as before it was moved."""
    y, x = np.mgrid[:80, :80]
    slanted = floats(np.clip((x - 30 - 0.3 * y) / 1.5 + 0.5, 0, 1))
    for shift in (0.7, 1.3, 3.5, -2.2):
        edges = 80 - edited(slanted, edge_shift=shift)[15:65].sum(axis=1)
        off = edges - np.polyval(np.polyfit(np.arange(50), edges, 1), np.arange(50))
        assert np.abs(off).max() < 0.08


def test_a_hair_grows_with_its_subject_and_stays_soft() -> None:
    hair = np.zeros((60, 60), np.float32)
    hair[:, 30] = 0.4
    grown = edited(hair, edge_shift=0.5)
    assert grown[30, 30] == np.float32(0.4) and grown[30, 29] == pytest.approx(0.2)
    assert grown.max() == np.float32(0.4), "no pixel becomes more than its strongest neighbour"


@pytest.mark.parametrize("radius", [1, 3, 4, 6, 12])
def test_softness_blurs_by_that_radius(radius: float) -> None:
    """A Gaussian's standard deviation, read off the slope of an edge."""
    row = edited(step_at(100, 200), edge_softness=radius)[20].astype(float)
    slopes = np.diff(row)
    place = np.arange(199) + 0.5
    middle = (slopes * place).sum()
    assert middle == pytest.approx(99.5, abs=0.05), "the edge stays where it was"
    assert np.sqrt((slopes * (place - middle) ** 2).sum()) == pytest.approx(radius, rel=0.04)


def test_contrast_hardens_and_softens_the_edge() -> None:
    disc = soft_disc((200, 200), 20)
    hard = edited(disc, edge_contrast=100)
    assert set(np.unique(hard)) == {0, 1} and np.array_equal(hard == 1, disc >= 0.5)
    assert width_of(edited(disc, edge_contrast=80)) < width_of(disc)
    assert width_of(edited(disc, edge_contrast=-80)) >= width_of(disc)


def test_contrast_100_is_hard_after_shift_and_softness() -> None:
    both = edited(soft_disc((90, 120)), edge_shift=1.5, edge_softness=3, edge_contrast=100)
    assert set(np.unique(both)) == {0, 1}


def test_softness_and_contrast_together_smooth_a_ragged_outline() -> None:
    ragged = step_at(30)
    ragged[::2, 30:33] = 0
    smooth = edited(ragged, edge_softness=4, edge_contrast=95)
    assert np.ptp(ragged.sum(axis=1)) == 3 and np.ptp(smooth[10:30].sum(axis=1)) < 0.1


def test_a_subject_that_the_frame_cuts_off_stays_there() -> None:
    alpha = soft_disc((200, 200), 5)[80:]
    alpha = alpha[:, 100:]  # cut at its left, and through its upper part
    for options in ({"edge_shift": -6}, {"edge_softness": 3}, {"edge_softness": 9}):
        changed = edited(alpha, **options)
        assert changed[20, 0] == 1 and changed[0, 0] == 1


def test_an_empty_and_a_full_matte_stay_so() -> None:
    for value in (0, 0.5, 1):
        alpha = np.full((70, 50), value, np.float32)
        assert np.array_equal(edited(alpha, edge_shift=7.3, edge_softness=11), alpha)
        assert np.array_equal(edited(alpha, edge_contrast=60), alpha)


@pytest.mark.parametrize("size", [(1, 1), (1, 90), (90, 1), (3, 5)])
def test_small_pictures_take_every_amount(size: tuple[int, int]) -> None:
    alpha = np.random.default_rng(3).random(size).astype(np.float32)
    for amount in (0.01, 1, 99.9, 100):
        for options in ({"edge_shift": amount}, {"edge_shift": -amount}, {"edge_softness": amount}):
            assert edited(alpha, **options).shape == size
    assert np.allclose(edited(alpha, edge_shift=100), alpha.max())
    assert np.allclose(edited(alpha, edge_shift=-100), alpha.min())


def test_nothing_grows_to_where_the_photo_shows_nothing() -> None:
    own = soft_disc((60, 60))
    grown = edit(Matte(own), Edit(edge_shift=5, edge_softness=2), own).alpha
    assert (grown <= own).all() and grown[30, 30] == 1


def test_the_photo_is_cut_out_with_the_edited_matte() -> None:
    photo = flat((40, 40), (0, 0, 0))
    photo.rgb[:, 20:, 0] = 1
    remover = red_remover((40, 40))
    plain, grown, shrunk = (remover.remove(photo, edge_shift=shift).alpha for shift in (0, 3, -3))
    assert (grown.sum(axis=1) - plain.sum(axis=1)).mean() == pytest.approx(3, abs=0.1)
    assert (shrunk.sum(axis=1) - plain.sum(axis=1)).mean() == pytest.approx(-3, abs=0.1)
    transparent = Image(photo.rgb, np.where(np.arange(40) < 20, 0, 1)[None].repeat(40, 0).astype(np.float32))
    assert (remover.remove(transparent, edge_shift=3).alpha[:, :20] == 0).all()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"edge_shift": 101}, "Option `edge_shift` takes 100 or less, got: 101"),
        ({"edge_softness": -1}, "Option `edge_softness` takes 0 or more, got: -1"),
        ({"edge_contrast": -100.5}, "Option `edge_contrast` takes -100 or more, got: -100.5"),
        ({"edge_shfit": 1}, "There is no option `edge_shfit`; did you mean `edge_shift`?"),
    ],
)
def test_amounts_out_of_range_are_refused(wrong: dict[str, float], message: str) -> None:
    with pytest.raises(OptionError) as caught:
        Edit(**wrong)
    assert str(caught.value) == message
