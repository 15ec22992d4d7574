"""Scenes: their promise, their determinism, and strands against a slow reference."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest

from feathercut.errors import OptionError
from feathercut.evaluate.synthetic import hair, raster, strands
from feathercut.evaluate.synthetic.layers import Layer, extended, over
from feathercut.evaluate.synthetic.motion import moved
from feathercut.evaluate.synthetic.scenes import Scene, render
from feathercut.evaluate.synthetic.seeds import HELD_OUT, KINDS, TUNING, Kind

SMALL = (96, 128)


def _digest(scene: Scene) -> str:
    return hashlib.sha256(b"".join(part.tobytes() for part in vars(scene).values())).hexdigest()


@pytest.mark.parametrize("kind", KINDS)
def test_a_scene_is_what_it_says(kind: Kind) -> None:
    scene = render(3, kind, SMALL)
    for part in (scene.rgb, scene.alpha, scene.foreground, scene.background):
        assert part.dtype == np.float32 and part.shape[:2] == SMALL
        assert part.min() >= 0 and part.max() <= 1
    share = scene.alpha[..., None]
    assert np.abs(scene.rgb - (share * scene.foreground + (1 - share) * scene.background)).max() < 1e-6
    assert 0.02 < scene.alpha.mean() < 0.7
    assert np.mean((scene.alpha > 0) & (scene.alpha < 1)) > 0.01, "nothing soft to measure"


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_is_a_scene(kind: Kind) -> None:
    assert _digest(render(1, kind, SMALL)) == _digest(render(1, kind, SMALL))
    assert _digest(render(1, kind, SMALL)) != _digest(render(2, kind, SMALL))


MEANS: dict[Kind, tuple[float, float, float]] = {
    "hair": (0.3107, 0.3757, 0.2072),
    "fur": (0.2205, 0.4795, 0.0918),
    "holes": (0.1776, 0.3708, 0.0250),
    "motion": (0.1520, 0.3776, 0.0661),
    "glass": (0.1215, 0.6737, 0.2314),
    "smoke": (0.1685, 0.7863, 0.4067),
}
"""Of alpha, of foreground where alpha is above 0, and of soft pixels' share: of seed 0 at 128×96, version 1."""


@pytest.mark.parametrize("kind", KINDS)
def test_scenes_of_this_version_stay_what_they_are(kind: Kind) -> None:
    """Where this fails on purpose, `VERSION` goes up: figures of other scenes are not comparable."""
    scene = render(0, kind, SMALL)
    soft = np.mean((scene.alpha > 0) & (scene.alpha < 1))
    found = (scene.alpha.mean(), scene.foreground[scene.alpha > 0].mean(), soft)
    assert found == pytest.approx(MEANS[kind], abs=5e-4)


def test_the_same_seed_is_the_same_scene_in_the_large() -> None:
    small, large = render(2, "holes", SMALL), render(2, "holes", (192, 256))
    means = large.alpha.reshape(96, 2, 128, 2).mean((1, 3))
    assert np.abs(means - small.alpha).mean() < 0.01


def test_hair_has_two_thousand_strands_of_less_than_a_pixel(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[np.ndarray] = []
    ribbons = strands.ribbons

    def watched(lines: np.ndarray, root_px: np.ndarray, tip_px: np.ndarray, colours: np.ndarray) -> raster.Shapes:
        seen.append(np.stack([root_px, tip_px]))
        return ribbons(lines, root_px, tip_px, colours)

    monkeypatch.setattr(strands, "ribbons", watched)
    render(0, "hair", SMALL)
    widths = np.concatenate(seen, axis=1)
    assert widths.shape[1] == hair.count(SMALL) >= hair.LEAST_STRANDS
    assert widths.max() < 1 and (widths[1] < 0.4 * widths[0]).all()
    assert hair.count((768, 1024)) >= 2000 and hair.count((3000, 4000)) > hair.count((768, 1024))


def _slow_coverage(corners: np.ndarray, size_hw: tuple[int, int], points: int) -> np.ndarray:
    """The share of each pixel in any of the convex shapes, from points × points tests of every side."""
    height, width = size_hw
    result = np.zeros(size_hw)
    for y in range(height):
        for x in range(width):
            offsets = (np.arange(points) + 0.5) / points
            where = np.stack(np.meshgrid(x + offsets, y + offsets), -1)
            inside = np.zeros(where.shape[:2], bool)
            for shape in corners:
                sides = np.roll(shape, -1, 0) - shape
                away = where[:, :, None, :] - shape
                cross = sides[:, 0] * away[..., 1] - sides[:, 1] * away[..., 0]
                inside |= (cross > 0).all(-1) | (cross < 0).all(-1)
            result[y, x] = inside.mean()
    return result


def _one_strand() -> raster.Shapes:
    one = np.ones(1)
    growth = strands.Growth(
        roots=np.array([[2.3, 1.7]]), angles=0.4 * one, lengths=13 * one, turns=0.9 * one, waves=0.3 * one,
        frequencies=1.5 * one, phases=0.2 * one, weights=0.3 * one,
    )  # fmt: skip
    colours = np.linspace(0, 1, 24, dtype=np.float32).reshape(1, 8, 3)
    return strands.ribbons(strands.grown(growth, 8), 0.8 * one, 0.2 * one, colours)


def test_a_strands_coverage_is_that_of_a_slow_reference() -> None:
    shapes = _one_strand()
    layer = raster.paint(shapes, [], (14, 18))
    assert np.abs(layer.alpha - _slow_coverage(shapes.corners, (14, 18), 16)).max() <= 1 / 256
    assert np.abs(layer.alpha - _slow_coverage(shapes.corners, (14, 18), 48)).max() < 0.02
    # A trapezium's area: its length times its mean width.
    assert layer.alpha.sum() == pytest.approx(13 * (0.8 + 0.2) / 2, rel=0.01)


def test_a_strands_edge_is_exact_where_it_is_known() -> None:
    """A level strip of 0.5 pixel covers half of its row, and what it does not touch not at all."""
    lines = np.array([[[1.0, 2.5], [5.0, 2.5]]])
    half = np.array([0.5])
    layer = raster.paint(strands.ribbons(lines, half, half, np.ones((1, 1, 3), np.float32)), [], (5, 6))
    expected = np.zeros((5, 6))
    expected[2, 1:5] = 0.5
    assert (layer.alpha == expected).all()


def test_the_later_shape_hides_the_earlier() -> None:
    square = np.array([[0, 0], [2, 0], [2, 2], [0, 2]], np.float64)
    colours = np.array([[1, 0, 0], [0, 0, 1]], np.float32)
    shapes = raster.Shapes(np.stack([square, square + np.array([0.5, 0])]), colours, np.array([-1, -1]))
    layer = raster.paint(shapes, [], (2, 3))
    assert layer.alpha.tolist() == [[1, 1, 0.5]] * 2
    assert layer.colour[0].tolist() == [[0.5, 0, 0.5], [0, 0, 1], [0, 0, 1]]


def test_bands_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = raster.paint(_one_strand(), [], (14, 18))
    monkeypatch.setattr(raster, "_BAND_POINTS", 1)
    by_rows = raster.paint(_one_strand(), [], (14, 18))
    assert (whole.alpha == by_rows.alpha).all() and (whole.colour == by_rows.colour).all()


def test_layers_mix_as_light_does() -> None:
    front = Layer(np.full((1, 1), 0.25, np.float32), np.full((1, 1, 3), 1.0, np.float32))
    back = Layer(np.full((1, 1), 0.5, np.float32), np.zeros((1, 1, 3), np.float32))
    mixed = over(front, back)
    assert mixed.alpha.item() == pytest.approx(0.625)
    assert mixed.colour[0, 0, 0] == pytest.approx(0.25 / 0.625)


def test_a_moving_edge_is_a_ramp() -> None:
    alpha = np.zeros((1, 12), np.float32)
    alpha[0, 5:8] = 1
    layer = moved(Layer(alpha, np.full((1, 12, 3), 0.5, np.float32)), [(-1, 0), (0, 0), (1, 0), (2, 0)])
    assert layer.alpha[0].tolist() == [0, 0, 0, 0, 0.25, 0.5, 0.75, 0.75, 0.5, 0.25, 0, 0]
    assert layer.colour[0, 4:10].min() == layer.colour.max() == 0.5


def test_colours_are_continued_outwards() -> None:
    alpha = np.zeros((16, 16), np.float32)
    alpha[4, 4] = 1
    result = extended(Layer(alpha, np.where(alpha[..., None] > 0, np.float32(0.75), np.float32(0))))
    assert np.abs(result - 0.75).max() < 1e-6


def test_held_out_seeds_are_no_tuning_seeds() -> None:
    assert not set(HELD_OUT) & set(TUNING)
    assert len(HELD_OUT) == 4


@pytest.mark.parametrize(
    ("seed", "kind", "size", "words"),
    [
        (-1, "hair", SMALL, "-1 is no seed"),
        (0, "hay", SMALL, "`hay` is no kind"),
        (0, "hair", (8, 128), "128×8 is too small"),
    ],
)
def test_what_cannot_be_rendered_is_refused(seed: int, kind: Kind, size: tuple[int, int], words: str) -> None:
    with pytest.raises(OptionError, match=words):
        render(seed, kind, size)
