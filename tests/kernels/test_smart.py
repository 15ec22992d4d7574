"""The smart brush: hair comes back as hair."""

from pathlib import Path

import imagecodecs
import numpy as np
import pytest
from numpy.typing import NDArray

from feathercut.evaluate.synthetic.scenes import render
from feathercut.evaluate.synthetic.seeds import Kind
from feathercut.kernels.box_sums import box_mean
from feathercut.kernels.resample import resize
from feathercut.kernels.smart import Drawn, smart_alpha, smart_box
from feathercut.kernels.strokes import Mode, blend, brush
from feathercut.pictures import FloatArray

BENCH = Path(__file__).parents[3] / "shared" / "bench"
Points = list[tuple[float, float, float]]


def through_hair(truth: FloatArray) -> tuple[float, Points]:
    """A brush a tenth of the photo wide, and a stroke of it through the softest three places next to each other."""
    radius = round(max(truth.shape) * 0.05)
    soft = box_mean(truth * (1 - truth), radius)
    for edge in (np.s_[:radius], np.s_[-radius:], np.s_[:, :radius], np.s_[:, -radius:]):
        soft[edge] = 0
    y, x = np.mgrid[: truth.shape[0], : truth.shape[1]]
    points: Points = []
    allowed = np.ones(truth.shape, np.bool_)
    for _ in range(3):
        row, column = np.unravel_index(np.where(allowed, soft, 0).argmax(), truth.shape)
        points.append((float(column) + 0.5, float(row) + 0.5, 1.0))
        away: NDArray[np.float64] = np.hypot(y - row, x - column)
        allowed = (away > 1.2 * radius) & (away < 1.8 * radius) & (allowed if len(points) == 1 else away > 0)
        for px, py, _ in points[:-1]:
            allowed &= np.hypot(y - py, x - px) > 1.8 * radius
    return 2.0 * radius, points


def left(rgb: FloatArray, truth: FloatArray, mode: Mode = "restore") -> float:
    """The SAD that a smart stroke leaves of a spoilt place, as a share of what the hard brush leaves."""
    diameter, points = through_hair(truth)
    covered = brush(truth.shape, diameter, 1, points)
    assert covered is not None
    (top, start, bottom, end), coverage = covered
    part = np.s_[top:bottom, start:end]
    spoilt, hard = truth.copy(), truth.copy()
    spoilt[part] = blend(truth[part], coverage, "erase" if mode == "restore" else "restore", 1)
    hard[part] = blend(spoilt[part], coverage, mode, 1)
    stroke = Drawn(mode, diameter, 1, 1, points)
    box = smart_box(truth.shape, stroke)
    assert box is not None
    seen = np.s_[box[0] : box[2], box[1] : box[3]]
    smart = spoilt.copy()
    smart[seen] = smart_alpha(rgb[seen], spoilt[seen], box, stroke)
    return float(np.abs(smart - truth)[part].sum() / np.abs(hard - truth)[part].sum())


@pytest.mark.parametrize("seed", [7001, 7002, 7003])
@pytest.mark.parametrize("kind", ["hair", "fur"])
def test_rendered_hair_comes_back_as_hair(seed: int, kind: Kind) -> None:
    scene = render(seed, kind)
    assert left(scene.rgb, scene.alpha) <= 0.4
    assert left(scene.rgb, scene.alpha, "erase") <= 0.45


PHOTOS = [
    *(("alphamatting", f"GT{number:02}") for number in (1, 3, 5, 7, 9, 11, 13, 15)),
    ("hairfur-pseudo", "am2k_sample1"),
    *(("hairfur-pseudo", name) for name in ("am2k_sample13", "p3m_p_0865636e", "p3m_p_51c916fc")),
]
BEYOND_IT = [("alphamatting", name) for name in ("GT21", "GT25")]
"""All that miss the line, of the 34 photos of these two sets: 0.45 and 0.91 are left there. In GT25 the subject is a
wire mesh, 3 px a wire, whose truth is solid where the photo shows through it; in GT21 red petals lie over red ones that
are out of focus and of the background."""


@pytest.mark.parametrize(
    ("folder", "name"),
    [*PHOTOS, *(pytest.param(*one, marks=pytest.mark.xfail(reason="more than 0.4 is left", strict=True))
                for one in BEYOND_IT)],
)  # fmt: skip
def test_photographed_hair_comes_back_as_hair(folder: str, name: str) -> None:
    files = [next((BENCH / folder / part).glob(f"{name}.*"), None) for part in ("images", "alpha")]
    if files[0] is None or files[1] is None:
        pytest.skip(f"needs ../shared/bench/{folder}")
    photo, alpha = (np.asarray(imagecodecs.imread(str(file)), np.float32) / np.float32(255) for file in files)
    alpha = alpha if alpha.ndim == 2 else alpha[..., 0]
    height, width = alpha.shape
    ratio = min(1.0, 1200 / max(height, width))
    size = round(height * ratio), round(width * ratio)
    rgb = resize(np.ascontiguousarray(photo[..., :3]), size, "box")
    assert left(rgb, resize(np.ascontiguousarray(alpha), size, "box")) <= 0.4


def test_restoring_never_lowers_and_erasing_never_raises() -> None:
    scene = render(7001, "hair", (192, 256))
    for mode in ("restore", "erase"):
        stroke = Drawn(mode, 50, 0.5, 0.75, [(100, 60, 1), (140, 90, 0.5)])
        box = smart_box((192, 256), stroke)
        assert box is not None
        part = np.s_[box[0] : box[2], box[1] : box[3]]
        before = scene.alpha[part]
        change = smart_alpha(scene.rgb[part], before, box, stroke) - before
        assert (change >= 0).all() if mode == "restore" else (change <= 0).all()


def test_a_lone_thing_in_the_background_is_found_by_the_strokes_core() -> None:
    rgb = np.full((80, 120, 3), 0.8, np.float32)
    rgb[30:50, 40:80] = (0.8, 0.1, 0.1)
    stroke = Drawn("restore", 36, 1, 1, [(50, 40, 1), (70, 40, 1)])
    box = smart_box((80, 120), stroke)
    assert box is not None
    part = np.s_[box[0] : box[2], box[1] : box[3]]
    found = np.zeros((80, 120), np.float32)
    found[part] = smart_alpha(rgb[part], found[part], box, stroke)
    assert found[32:48, 44:76].min() > 0.9
    assert found[:28].max() < 0.1
