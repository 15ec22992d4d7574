from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from factories import flat, floats, half_engine, half_prediction, half_white, soft_disc, tiny_record
from feathercut.errors import InputError
from feathercut.kernels.resample import resize
from feathercut.options import Refine
from feathercut.pictures import FloatArray, Image, Prediction, Size
from feathercut.remover import Remover
from feathercut.steps.refine import refine

REFINE = Refine()


@pytest.mark.parametrize("size_hw", [(40, 80), (8, 8), (3, 5), (1, 1), (1, 5000)])
def test_a_matte_has_the_size_of_its_photo(size_hw: Size) -> None:
    assert refine(flat(size_hw), [half_prediction()], REFINE).alpha.shape == size_hw


def test_blocks_of_0_and_200_do_not_ring_when_they_are_enlarged() -> None:
    """Incumbents overshoot here: a dark rim around the subject and alpha above the network's."""
    blocks = np.kron(np.indices((8, 8)).sum(axis=0) % 2, np.ones((10, 10))).astype(np.float32) * np.float32(200 / 255)
    alpha = refine(flat((312, 312)), [Prediction(blocks, (0, 0, 80, 80), "tiny")], REFINE).alpha
    assert alpha.min() == 0
    assert alpha.max() == np.float32(200 / 255)


def test_only_what_shows_the_photo_counts() -> None:
    canvas = np.ones((8, 8), np.float32)
    canvas[2:6] = 0.25
    alpha = refine(flat((20, 40)), [Prediction(canvas, (2, 0, 6, 8), "tiny")], REFINE).alpha
    assert np.allclose(alpha, 0.25), "nothing of the padding leaks in"


def test_the_edge_lies_where_the_network_put_it() -> None:
    alpha = refine(flat((40, 80)), [half_prediction()], Refine(low_resolution="off")).alpha
    assert np.allclose(alpha[:, 39:41].mean(axis=1), 0.5, atol=1e-6)
    assert not alpha[:, :34].any() and (alpha[:, 46:] == 1).all()


def test_the_photos_own_alpha_multiplies() -> None:
    own = np.linspace(0, 1, 80, dtype=np.float32) * np.ones((40, 1), np.float32)
    prediction = Prediction(np.full((8, 8), 0.5, np.float32), (0, 0, 8, 8), "tiny")
    alpha = refine(flat((40, 80), alpha=own), [prediction], REFINE).alpha
    assert np.allclose(alpha, 0.5 * own, atol=1e-6)


def test_a_recipe_that_overshoots_is_clipped() -> None:
    lanczos = Prediction(half_prediction().alpha, (0, 0, 8, 8), "tiny", resample="lanczos")
    alpha = refine(flat((40, 80)), [lanczos], REFINE).alpha
    assert alpha.min() == 0 and alpha.max() == 1


# Two predictions


def _shown_in_the_middle(alpha: FloatArray, canvas: int, model: str, beyond: float) -> Prediction:
    """A letterboxed prediction of a photo twice as wide as high, with `beyond` around what shows the photo."""
    whole = np.full((canvas, canvas), beyond, np.float32)
    top = canvas // 4
    inside = (top, 0, top + canvas // 2, canvas)
    whole[inside[0] : inside[2]] = resize(alpha, (canvas // 2, canvas), "box")
    return Prediction(whole, inside, model)


def _subject(size_hw: Size) -> FloatArray:
    """The right third of the photo."""
    alpha = np.zeros(size_hw, np.float32)
    alpha[:, size_hw[1] * 2 // 3 :] = 1
    return alpha


@pytest.mark.parametrize("beyond", [0.0, 1.0])
def test_a_second_prediction_of_another_size_and_place_fills_the_body(beyond: float) -> None:
    """Both show the photo; only the second is letterboxed, and what lies beside the photo counts for nothing."""
    body = _subject((120, 240))
    grey = np.maximum(body * np.float32(0.4), _edge_of(body))
    first = Prediction(resize(grey, (96, 96), "box"), (0, 0, 96, 96), "first")
    second = _shown_in_the_middle(body, 80, "second", beyond)
    alpha = refine(_coloured(body), [first, second], REFINE).alpha
    assert alpha.shape == (120, 240)
    assert alpha[:, 170:].min() > 0.95
    assert alpha[:, :150].max() < 0.01


def _edge_of(body: FloatArray) -> FloatArray:
    """A stripe of 6 pixels inside the body's edge."""
    return body - np.roll(body, 6, axis=1) * body


def _coloured(body: FloatArray) -> Image:
    """Blue where the body is, orange elsewhere."""
    return Image(np.where(body[..., None] > 0.5, floats((0.1, 0.3, 0.8)), floats((0.9, 0.5, 0.1))))


def test_the_first_of_two_predictions_draws() -> None:
    body = _subject((120, 240))
    first = Prediction(resize(body, (60, 120), "box"), (0, 0, 60, 120), "first")
    second = Prediction(resize(np.roll(body, -4, axis=1), (40, 40), "box"), (0, 0, 40, 40), "second")
    alone, both = (refine(_coloured(body), some, REFINE).alpha for some in ([first], [first, second]))
    assert np.abs(both - alone)[:, :158].max() < 1e-6


def test_the_firsts_filter_brings_both_to_the_photos_size() -> None:
    half = half_prediction((64, 64)).alpha
    first = Prediction(half, (0, 0, 64, 64), "first", resample="bicubic")
    second = Prediction(np.zeros((4, 4), np.float32), (0, 0, 4, 4), "second")
    alpha = refine(half_white((400, 600)), [first, second], Refine(edges="network")).alpha
    bicubic, bilinear = (np.clip(resize(half, (400, 600), filtered), 0, 1) for filtered in ("bicubic", "bilinear"))
    assert np.abs(alpha - bicubic).max() < 1e-6
    assert np.abs(alpha - bilinear).max() > 0.02


# Edges


def _hazy() -> tuple[Image, Prediction]:
    """A photo of 1200 pixels with a wide, uneven edge, and a prediction that misses the unevenness."""
    uneven = np.random.default_rng(12).random((900, 1200), np.float32) * np.float32(0.1)
    disc = soft_disc((900, 1200), softness_px=40)
    alpha = np.clip(disc + uneven * (disc > 0) * (disc < 1), 0, 1)[..., None]
    rgb = alpha * floats((0.1, 0.3, 0.8)) + (1 - alpha) * floats((0.9, 0.5, 0.1))
    return Image(floats(rgb)), Prediction(resize(disc, (256, 256), "box"), (0, 0, 256, 256), "tiny")


def test_the_networks_edges_are_left_as_they_are_where_that_is_asked_for() -> None:
    photo, prediction = _hazy()
    plain = resize(prediction.alpha, (900, 1200), "bilinear")
    assert np.array_equal(refine(photo, [prediction], Refine(edges="network")).alpha, np.clip(plain, 0, 1))
    assert np.abs(refine(photo, [prediction], Refine(edges="photo")).alpha - plain).max() > 0.02


def test_edges_do_not_follow_what_the_photo_hides() -> None:
    """Where the photo is transparent, its colours are nothing to follow."""
    photo, prediction = _hazy()
    own = np.ones((900, 1200), np.float32)
    own[:450] = 0
    rgb = photo.rgb.copy()
    rgb[:450] = np.random.default_rng(3).random((450, 1200, 3), np.float32)
    one, other = (refine(Image(colours, own), [prediction], REFINE).alpha for colours in (photo.rgb, rgb))
    assert np.array_equal(one, other)
    assert not one[:450].any()


# A trimap


def _trimap_file(path: Path, values: NDArray[np.uint8]) -> Path:
    Pillow.fromarray(values).save(path)
    return path


def _two_colours() -> tuple[Image, FloatArray, NDArray[np.uint8]]:
    """A disc with a soft edge before another colour: the photo, its alpha, and a trimap as it is painted."""
    alpha = soft_disc((120, 160), 12)
    rgb = alpha[..., None] * floats((0.1, 0.3, 0.8)) + (1 - alpha[..., None]) * floats((0.9, 0.5, 0.1))
    known = np.where((soft_disc((120, 160), 24) % 1) > 0, 128, np.round(alpha) * 255)
    return Image(floats(rgb)), alpha, known.astype(np.uint8)


def test_with_a_trimap_alpha_is_the_photos_and_no_prediction_is_looked_at(tmp_path: Path) -> None:
    photo, alpha, trimap = _two_colours()
    path = _trimap_file(tmp_path / "trimap.png", trimap)
    found = refine(photo, [], Refine(trimap=path)).alpha
    assert np.abs(found - alpha).mean() < 0.005 and np.abs(found - alpha).max() < 0.1
    known = trimap != 128
    assert np.array_equal(found[known], np.float32(trimap[known] / 255))


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "1"])
def test_a_trimap_may_be_of_any_kind_of_picture(tmp_path: Path, mode: str) -> None:
    photo, _, trimap = _two_colours()
    values = np.where(trimap == 128, 0, trimap).astype(np.uint8)  # "1" knows two values only
    Pillow.fromarray(values).convert(mode).save(tmp_path / "trimap.png")
    found = refine(photo, [], Refine(trimap=tmp_path / "trimap.png")).alpha
    assert np.array_equal(found, np.float32(values / 255))


def test_with_a_trimap_the_photos_own_alpha_multiplies(tmp_path: Path) -> None:
    photo, _, trimap = _two_colours()
    own = np.linspace(0.5, 1, 160, dtype=np.float32) * np.ones((120, 1), np.float32)
    path = _trimap_file(tmp_path / "trimap.png", trimap)
    found = refine(Image(photo.rgb, own), [], Refine(trimap=path)).alpha
    sure = trimap == 255
    assert np.array_equal(found[sure], own[sure])
    assert not found[trimap == 0].any()


def test_a_trimap_of_another_size_is_refused(tmp_path: Path) -> None:
    path = _trimap_file(tmp_path / "small.png", np.zeros((60, 80), np.uint8))
    said = _refusal(path)
    assert said == (
        f"The trimap {path} has 80×60 pixels and the photo 160×120; make it of the photo's size"
    )  # fmt: skip


def test_a_trimap_that_is_not_there_is_refused(tmp_path: Path) -> None:
    said = _refusal(tmp_path / "none.png")
    assert said == f"The trimap {tmp_path / 'none.png'} cannot be read: No such file or directory"


@pytest.mark.parametrize("data", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n broken"])
def test_a_trimap_that_is_no_picture_is_refused_in_one_line(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "broken.png"
    path.write_bytes(data)
    said = _refusal(path)
    assert said.startswith(f"The trimap {path} cannot be used: ")
    assert "\n" not in said


def _refusal(path: Path) -> str:
    photo, _, _ = _two_colours()
    with pytest.raises(InputError) as caught:
        refine(photo, [], Refine(trimap=path))
    return str(caught.value)


def test_with_a_trimap_no_network_runs(tmp_path: Path) -> None:
    photo, alpha, trimap = _two_colours()
    path = _trimap_file(tmp_path / "trimap.png", trimap)
    first, second = half_engine(), half_engine()
    with Remover.from_engine(first, tiny_record(), second=(second, tiny_record())) as remover:
        result = remover.remove(photo, trimap=path)
    assert first.seen == [] and second.seen == []
    assert np.abs(result.alpha - alpha).mean() < 0.005
