"""The published networks, on photos with a subject and on photos without one."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageOps

import feathercut
from factories import flat, floats
from feathercut.errors import OptionError
from feathercut.pictures import FloatArray, Image
from feathercut.settings import Settings

pytestmark = [pytest.mark.weights, pytest.mark.timeout(600)]

PHOTOS = Path(__file__).parents[1] / "examples" / "photos"
MODELS = ("u2netp", "isnet-general")


@pytest.fixture(scope="module")
def removers(
    u2netp_path: Path, isnet_path: Path, weights_settings: Settings
) -> Iterator[dict[str, feathercut.Remover]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
        loaded = {model: feathercut.Remover(model=model) for model in MODELS}
        yield loaded
        for remover in loaded.values():
            remover.close()


@pytest.fixture(name="remover", params=MODELS)
def each_remover(request: pytest.FixtureRequest, removers: dict[str, feathercut.Remover]) -> feathercut.Remover:
    return removers[request.param]


@pytest.mark.parametrize(
    ("photo", "subject_yx", "empty_yx"),
    [
        ("astronaut.jpg", (0.5, 0.45), (0.45, 0.05)),
        ("cat.jpg", (0.6, 0.5), (0.03, 0.03)),
        ("cup.jpg", (0.5, 0.5), (0.03, 0.97)),
    ],
)
def test_the_subject_is_in_and_the_background_is_out(
    photo: str, subject_yx: tuple[float, float], empty_yx: tuple[float, float], remover: feathercut.Remover
) -> None:
    result = remover.remove(PHOTOS / photo)
    height, width = result.alpha.shape
    with Pillow.open(PHOTOS / photo) as opened:
        assert (width, height) == ImageOps.exif_transpose(opened).size

    def around(place: tuple[float, float]) -> FloatArray:
        y, x = int(place[0] * height), int(place[1] * width)
        return result.alpha[max(0, y - 3) : y + 4, max(0, x - 3) : x + 4]

    assert result.found
    assert around(subject_yx).mean() > 0.95
    assert around(empty_yx).mean() < 0.05
    assert 0.05 < result.alpha.mean() < 0.9


def noise(seed: int, spread: float) -> Image:
    random = np.random.default_rng(seed)
    return Image(np.clip(random.normal(0.5, spread, (480, 640, 3)), 0, 1).astype(np.float32))


def slope() -> Image:
    ramp = np.linspace(0.2, 0.9, 480, dtype=np.float32)[:, None, None]
    return Image(np.ascontiguousarray(np.broadcast_to(ramp * floats([0.8, 0.9, 1]), (480, 640, 3))))


EMPTY = {
    "grey": flat((480, 640), (0.5, 0.5, 0.5)),
    "black": flat((480, 640), (0, 0, 0)),
    "white": flat((480, 640)),
    "slope": slope(),
    "faint noise": noise(1, 0.02),
    "strong noise": noise(2, 0.25),
}


@pytest.mark.parametrize("name", EMPTY)
def test_a_photo_with_nothing_in_it_has_no_subject(name: str, remover: feathercut.Remover) -> None:
    result = remover.remove(EMPTY[name])
    assert not result.found
    assert not result.alpha.any() and not result.rgb.any()
    assert result.cutout.is_empty


def turned(photo: Path) -> bytes:
    """The same pixels stored lying on their side, with the EXIF tag that stands them up."""
    with Pillow.open(photo) as opened:
        upright = opened.convert("RGB")
    exif = Pillow.Exif()
    exif[0x0112] = 6
    buffer = io.BytesIO()
    upright.transpose(Pillow.Transpose.ROTATE_90).save(buffer, "PNG", exif=exif)
    return buffer.getvalue()


def test_a_photo_turned_by_exif_gives_the_same_cutout(removers: dict[str, feathercut.Remover]) -> None:
    buffer = io.BytesIO()
    with Pillow.open(PHOTOS / "cup.jpg") as opened:
        opened.convert("RGB").save(buffer, "PNG")
    upright, other = (removers["u2netp"].remove(data) for data in (buffer.getvalue(), turned(PHOTOS / "cup.jpg")))
    assert other.alpha.shape == upright.alpha.shape
    assert np.array_equal(other.alpha, upright.alpha) and np.array_equal(other.rgb, upright.rgb)


def test_another_network_size_runs_and_finds_the_same_subject(
    removers: dict[str, feathercut.Remover], weights_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
    photo = PHOTOS / "cup.jpg"
    with feathercut.Remover(model="isnet-general", network_size=512) as other:
        at_512 = other.remove(photo).alpha
    usual = removers["isnet-general"].remove(photo).alpha
    sure = at_512 > 0.9
    assert sure.mean() > 0.1 and usual[sure].mean() > 0.95, "in the same place"
    assert np.abs(at_512 - usual).mean() > 1e-4, "and it is another look"


def test_a_network_size_that_the_network_cannot_is_refused_before_anything_is_loaded() -> None:
    with pytest.raises(OptionError, match="Option `network_size`: `u2netp` works at 320, not at 1024"):
        feathercut.Remover(model="u2netp", network_size=1024)


@pytest.mark.parametrize("size_hw", [(1, 1), (1, 5000), (3000, 1)])
def test_photos_of_strange_shapes_go_through(size_hw: tuple[int, int], removers: dict[str, feathercut.Remover]) -> None:
    y, x = np.mgrid[: size_hw[0], : size_hw[1]]
    photo = Image(np.stack([(x % 255) / 255, (y % 255) / 255, (x + y) % 2], axis=2).astype(np.float32))
    for options in ({}, {"crop": True, "background": "white"}):
        result = removers["u2netp"].remove(photo, **options)  # type: ignore[arg-type]
        assert np.isfinite(result.alpha).all()
        assert options or result.picture.size == size_hw


def test_remove_keeps_the_network_for_the_next_photo(
    u2netp_path: Path, weights_settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
    monkeypatch.setenv("FEATHERCUT_OFFLINE", "1")
    feathercut.unload()
    path = feathercut.remove(PHOTOS / "cat.jpg", model="u2netp").save(tmp_path / "cat.png")
    with Pillow.open(path) as picture:
        assert picture.mode == "RGBA" and picture.getchannel("A").getextrema() == (0, 255)
    assert feathercut.remove(str(PHOTOS / "cup.jpg"), model="u2netp", background="white").picture.alpha is None
    feathercut.unload()
