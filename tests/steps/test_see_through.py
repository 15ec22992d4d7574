from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from feathercut.options import Options, Refine
from feathercut.pictures import FloatArray, Image, Matte, Prediction
from feathercut.pipeline import cut_out
from feathercut.steps.see_through import see_through
from scenes_of_glass import before, outline, stone, tumbler, wall

GLASS = Image(before(wall(), *tumbler()))
STONE = Image(stone(wall()))


def told(alpha: FloatArray) -> list[Prediction]:
    return [Prediction(alpha, (0, 0, *alpha.shape), "truth")]


def cut(photo: Image, word: str) -> tuple[FloatArray, FloatArray]:
    options = Options.model_validate({"transparency": word, "edges": "network"})
    cutout = cut_out(photo, lambda *_: told(outline()), options)
    return cutout.rgb, cutout.alpha


def test_glass_lets_a_new_background_through() -> None:
    rgb, alpha = cut(GLASS, "auto")
    true_alpha, true_rgb = tumbler()
    assert alpha[(true_alpha > 0) & (true_alpha < 0.2)].mean() < 0.3
    for ground in (0, 1):
        wanted = true_alpha[..., None] * (true_rgb - ground)
        thin, solid = alpha[..., None] * (rgb - ground), outline()[..., None] * (GLASS.rgb - ground)
        assert ((thin - wanted) ** 2).mean() < 0.1 * ((solid - wanted) ** 2).mean()


def test_a_drink_keeps_its_tint() -> None:
    true_alpha, true_rgb = tumbler()
    drink = np.s_[100:140, 100:140]
    true_alpha[drink], true_rgb[drink] = 0.6, (0.6, 0.05, 0.1)
    rgb, alpha = cut(Image(before(wall(), true_alpha, true_rgb)), "strong")
    assert 0.4 < alpha[drink].mean() < 0.75
    red, green, blue = rgb[drink].mean((0, 1))
    assert red > 0.4 > 0.2 > max(green, blue)


def test_off_keeps_it_solid() -> None:
    assert (cut(GLASS, "off")[1][outline() == 1] == 1).all()


@pytest.mark.parametrize("photo", [STONE, Image(GLASS.rgb, np.full((180, 240), 0.9, np.float32))])
def test_opaque_things_and_photos_with_alpha_are_the_very_same(photo: Image) -> None:
    matte = Matte(outline())
    assert see_through(photo, matte, Refine()) is matte


@pytest.mark.parametrize("word", ["auto", "strong"])
@pytest.mark.parametrize("size", [(1, 1), (1, 40), (9, 3), (64, 64)])
@pytest.mark.parametrize("level", [0.0, 0.5, 1.0])
def test_any_size_and_any_flat_matte_goes_through(word: str, size: tuple[int, int], level: float) -> None:
    matte = Matte(np.full(size, level, np.float32))
    found = see_through(Image(np.zeros((*size, 3), np.float32)), matte, Refine.model_validate({"transparency": word}))
    assert found is matte


def test_strong_thins_what_auto_is_not_sure_of() -> None:
    white = np.full((180, 240, 3), 0.8, np.float32)
    photo = Image(before(white, outline(), np.full((180, 240, 3), 0.68, np.float32)))
    assert cut(photo, "auto")[1].sum() == outline().sum()
    assert cut(photo, "strong")[1].sum() < 0.5 * outline().sum()


def test_colours_of_solid_pixels_stay_and_the_photo_too() -> None:
    kept = GLASS.rgb.copy()
    rgb, alpha = cut(GLASS, "auto")
    assert np.array_equal(GLASS.rgb, kept)
    assert np.array_equal(rgb[alpha == 1], kept[alpha == 1])


def test_a_trimap_of_nothing_solid_gives_glass_and_not_nothing(tmp_path: Path) -> None:
    path = tmp_path / "trimap.png"
    Pillow.fromarray(np.where(outline() > 0, 128, 0).astype(np.uint8)).save(path)
    alpha, colour = tumbler()
    errors = {}
    for word in ("off", "auto"):
        options = Options.model_validate({"transparency": word, "trimap": str(path)})
        cutout = cut_out(GLASS, lambda *_: (), options)
        share = cutout.alpha[..., None]
        errors[word] = float(((share * cutout.rgb - alpha[..., None] * colour) ** 2).mean())
    assert errors["auto"] < 0.7 * errors["off"]
