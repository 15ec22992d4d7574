from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image as Pillow

from factories import display_p3, half_engine, red_remover, soft_disc, tiny_record
from feathercut.errors import OptionError, OutputExistsError
from feathercut.pictures import Image, Metadata
from feathercut.remover import Remover
from feathercut.result import Result

SIZE = (48, 64)


def red_disc(profile: bytes | None = None) -> Image:
    """A soft red disc on black: the red remover finds it."""
    disc = soft_disc(SIZE)
    return Image(np.stack([disc, 0 * disc, 0 * disc], axis=2), metadata=Metadata(profile=profile, dpi=(300, 300)))


def result(photo: Image | None = None, **options: Any) -> Result:
    return red_remover(SIZE).remove(photo or red_disc(), **options)


def opened(data: bytes) -> Pillow.Image:
    return Pillow.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("ending", "kind", "mode"),
    [
        ("png", "PNG", "RGBA"),
        ("webp", "WEBP", "RGBA"),
        ("avif", "AVIF", "RGBA"),
        ("tiff", "TIFF", "RGBA"),
        ("tif", "TIFF", "RGBA"),
        ("gif", "GIF", "P"),
    ],
)
def test_the_ending_decides_the_format(ending: str, kind: str, mode: str, tmp_path: Path) -> None:
    path = result().save(str(tmp_path / f"cutout.{ending}"))
    assert path == tmp_path / f"cutout.{ending}"
    with Pillow.open(path) as picture:
        assert (picture.format, picture.mode, picture.size) == (kind, mode, (64, 48))
        alpha = np.asarray(picture.convert("RGBA"))[..., 3]
    assert alpha[0, 0] == 0 and alpha[24, 32] == 255


def test_what_is_saved_is_the_picture_rounded(tmp_path: Path) -> None:
    cutout = result()
    pixels = np.asarray(Pillow.open(cutout.save(tmp_path / "a.png")))
    assert np.abs(pixels[..., 3] - cutout.alpha * 255).max() <= 0.5
    assert np.abs(pixels[..., :3] - cutout.rgb * 255)[pixels[..., 3] > 0].max() <= 0.5
    assert not pixels[pixels[..., 3] == 0].any()


def test_jpeg_of_a_transparent_result_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"JPEG has no transparency; choose a background, as in `background white`"):
        result().save(tmp_path / "a.jpg")
    assert not (tmp_path / "a.jpg").exists()
    with Pillow.open(result().over("white").save(tmp_path / "a.jpg")) as picture:
        assert picture.format == "JPEG" and np.asarray(picture)[0, 0].min() > 250


def test_an_unknown_ending_is_refused_and_a_format_that_was_asked_for_counts_more(tmp_path: Path) -> None:
    for name in ("a.bmp", "a"):
        with pytest.raises(OptionError, match=r"name it \.png"):
            result().save(tmp_path / name)
    with Pillow.open(result(format="webp").save(tmp_path / "a.bin")) as picture:
        assert picture.format == "WEBP"


def test_saving_overwrites_unless_it_is_told_not_to(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    with pytest.raises(OutputExistsError):
        result().save(path, overwrite=False)
    assert path.read_bytes() == b"old"
    assert opened(result().save(path).read_bytes()).size == (64, 48)


def test_bytes_are_png_unless_another_format_is_asked_for() -> None:
    assert opened(result().to_bytes()).format == "PNG"
    assert opened(result().to_bytes("webp")).format == "WEBP"
    assert opened(result(format="webp").to_bytes()).format == "WEBP"
    assert opened(result(format="webp").to_bytes("tiff")).format == "TIFF", "what is asked last counts"
    unknown: Any = "bmp"
    with pytest.raises(OptionError, match="Option `format`: `bmp` is none of png"):
        result().to_bytes(unknown)


def test_sixteen_bits_keep_what_eight_would_round(tmp_path: Path) -> None:
    from feathercut.options import Decode
    from feathercut.sources import load  # Pillow reads 16-bit colour as 8-bit

    cutout = result(depth=16)
    again = load(cutout.to_bytes("png"), Decode()).frames[0]
    assert again.alpha is not None and again.metadata.depth == 16
    assert np.abs(again.alpha - cutout.alpha).max() < 1e-5
    with pytest.raises(OptionError, match="Option `depth`: WebP has no 16 bits"):
        cutout.to_bytes("webp")


def test_over_a_colour_in_numbers() -> None:
    half = Remover.from_engine(half_engine(), tiny_record()).remove(np.full((4, 4, 3), 100, np.uint8), decontaminate=0)
    on_white = half.over("rgb(200, 0, 255)")
    assert on_white.picture.alpha is None and (on_white.alpha == 1).all()
    assert np.allclose(on_white.rgb[1, 1] * 255, (150, 50, 177.5), atol=1e-3)
    assert half.picture.alpha is not None, "the first one is as it was"
    with pytest.raises(OptionError, match="`whyte` is no colour"):
        half.over("whyte")


def test_over_a_translucent_colour_stays_translucent() -> None:
    translucent = result().over("#0000ff80")
    assert np.allclose(translucent.alpha[0, 0], 128 / 255) and np.allclose(translucent.rgb[0, 0], (0, 0, 1))


def test_a_pillow_image_has_the_pixels_the_profile_and_the_resolution() -> None:
    profile = display_p3()
    picture = result(red_disc(profile)).to_pil()
    assert picture.mode == "RGBA" and picture.size == (64, 48)
    assert picture.info["icc_profile"] == profile and picture.info["dpi"] == (300, 300)
    pixels = np.asarray(picture)
    assert pixels[24, 32].tolist()[1:] == [0, 0, 255] and pixels[24, 32, 0] > 250 and not pixels[0, 0].any()
    assert result().over("white").to_pil().mode == "RGB"


def test_only_the_matte_is_grey(tmp_path: Path) -> None:
    cutout = result()
    for path in (cutout.save(tmp_path / "a.png", only_matte=True), result(only_matte=True).save(tmp_path / "b.png")):
        with Pillow.open(path) as picture:
            assert picture.mode == "L"
            assert np.abs(np.asarray(picture) - cutout.alpha * 255).max() <= 0.5
    with Pillow.open(result(only_matte=True).save(tmp_path / "c.png", only_matte=False)) as picture:
        assert picture.mode == "RGBA"


def test_a_matte_asked_for_with_a_background_is_the_subjects_not_all_white(tmp_path: Path) -> None:
    matte = np.asarray(opened(result(background="white", only_matte=True).to_bytes()))
    assert matte[0, 0] == 0 and matte[24, 32] == 255
    with pytest.raises(OptionError, match="Option `only_matte`: this result is on an opaque background"):
        result(background="white").save(tmp_path / "a.png", only_matte=True)


def test_a_result_tells_what_was_found() -> None:
    assert result().found and result().model == "tiny"
    nothing = result(Image(np.zeros((*SIZE, 3), np.float32)))
    assert not nothing.found and not nothing.alpha.any() and nothing.cutout.is_empty


def test_the_cutout_is_whole_where_the_picture_is_cropped() -> None:
    cropped = result(crop=True)
    assert cropped.cutout.size == SIZE and cropped.picture.size != SIZE
    assert cropped.rgb.shape[:2] == cropped.alpha.shape == cropped.picture.size


def test_over_what_is_no_text_is_our_error() -> None:
    over: Any = result().over
    for wrong in (None, (1, 2, 3)):
        with pytest.raises(OptionError, match="A colour is text"):
            over(wrong)
