from __future__ import annotations

import io
from typing import Any, get_args

import imagecodecs
import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray
from PIL import Image as Pillow

from feathercut.errors import OptionError, OutputError
from feathercut.options import Encode, Format
from feathercut.pictures import Animation, Image, Metadata
from feathercut.steps.decode import decode
from feathercut.steps.encode import FORMATS, encode, format_of
from formats.samples import exif_with, gradient, pillow

PROFILE = bytes(imagecodecs.cms_profile("adobergb"))
SOFT = [name for name in FORMATS if FORMATS[name].has_alpha and FORMATS[name].still and name != "gif"]


def disc(size: tuple[int, int] = (60, 80), **about: Any) -> Image:
    """A gradient inside a soft disc, black where there is nothing."""
    y, x = np.mgrid[: size[0], : size[1]].astype(np.float32)
    alpha = np.clip((size[0] / 2 - 4 - np.hypot(x - size[1] / 2, y - size[0] / 2)) / 8 + 0.5, 0, 1)
    rgb = np.dstack([x / (size[1] - 1), y / (size[0] - 1), np.full_like(x, 0.25)])
    return Image(np.where(alpha[..., None] > 0, rgb, 0).astype(np.float32), alpha.astype(np.float32), Metadata(**about))


def opaque(**about: Any) -> Image:
    return Image(gradient().astype(np.float32) / np.float32(255), None, Metadata(**about))


def write(image: Image, format: Format, **options: Any) -> bytes:  # noqa: A002
    return encode(Animation((image,)), Encode(**options), format)


def by_pillow(data: bytes) -> Pillow.Image:
    picture = Pillow.open(io.BytesIO(data))
    picture.load()
    return picture


def test_every_format_of_the_option_has_a_row() -> None:
    assert set(FORMATS) == set(get_args(Format))


@pytest.mark.parametrize(
    ("name", "expected"), [("a.PNG", "png"), ("b.c.jpeg", "jpeg"), ("x/y.tif", "tiff"), ("z.apng", "png")]
)
def test_format_is_told_by_the_ending(name: str, expected: str) -> None:
    assert format_of(name) == expected


@pytest.mark.parametrize("name", ["a.xcf", "noending", "folder.png/file"])
def test_unknown_endings_are_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(OptionError, match=r"\.png, \.webp, \.avif, \.jpg, \.tif, \.gif, \.psd, \.ora"):
        format_of(name)


@pytest.mark.parametrize("format", SOFT)
def test_other_programs_read_what_was_written(format: Format) -> None:  # noqa: A002
    image = disc()
    assert image.alpha is not None
    rgba = np.asarray(by_pillow(write(image, format)).convert("RGBA"), np.float64) / 255
    assert np.abs(rgba[..., 3] - image.alpha).max() < 0.03
    visible = np.abs(rgba[..., :3] - image.rgb) * image.alpha[..., None]
    assert visible.max() < (0.15 if format in ("webp", "avif") else 0.002)
    assert visible.mean() < 0.01


@pytest.mark.parametrize("format", ["png", "tiff", "webp"])
def test_untouched_8_bit_pixels_leave_as_they_came(format: Format) -> None:  # noqa: A002
    came = decode(pillow(gradient(), "PNG", icc_profile=PROFILE)).frames[0]
    data = write(came, format, file_quality=100)
    assert np.array_equal(np.asarray(by_pillow(data).convert("RGB")), gradient())
    assert by_pillow(data).info["icc_profile"] == PROFILE


@pytest.mark.parametrize("format", ["png", "tiff"])
def test_16_bits_leave_as_they_came(format: Format) -> None:  # noqa: A002
    samples = gradient(65535)
    came = decode(bytes(imagecodecs.png_encode(samples))).frames[0]
    data = write(came, format, depth=16)
    got = imagecodecs.png_decode(data) if format == "png" else tifffile.imread(io.BytesIO(data))
    assert got.dtype == np.uint16 and np.array_equal(got, samples)


def test_16_bits_elsewhere_are_refused_with_where_they_are() -> None:
    for name in ("webp", "avif", "jpeg", "gif"):
        with pytest.raises(OptionError, match=r"depth.*PNG and TIFF have"):
            write(disc(), name, depth=16)


@pytest.mark.parametrize("format", ["png", "tiff"])
@pytest.mark.parametrize("depth", [8, 16])
def test_colours_are_zero_where_alpha_is(format: Format, depth: int) -> None:  # noqa: A002
    image = disc()
    leaking = Image(np.ones_like(image.rgb), image.alpha)
    data = write(leaking, format, depth=depth)
    rgba = imagecodecs.png_decode(data) if format == "png" else tifffile.imread(io.BytesIO(data))
    assert (rgba[..., 3] == 0).any() and not rgba[rgba[..., 3] == 0].any()
    assert (rgba[rgba[..., 3] > 0][:, :3] == np.iinfo(rgba.dtype).max).all()


def test_halves_are_rounded_up() -> None:
    values = np.array([[0.0, 0.5 / 255 + 1e-6, 0.5 / 255 - 1e-6, 127.5 / 255 + 1e-6, 1.0]], np.float32)
    image = Image(np.repeat(values[..., None], 3, axis=2))
    assert imagecodecs.png_decode(write(image, "png"))[0, :, 0].tolist() == [0, 1, 0, 128, 255]


def test_jpeg_asks_for_a_background() -> None:
    with pytest.raises(OptionError, match=r"no transparency.*background white.*PNG"):
        write(disc(), "jpeg")
    alpha = np.ones((12, 16), np.float32)
    assert by_pillow(write(Image(opaque().rgb, alpha), "jpeg")).mode == "RGB"


def test_alpha_is_written_where_there_is_one_even_if_opaque() -> None:
    assert by_pillow(write(opaque(), "png")).mode == "RGB"
    assert by_pillow(write(Image(opaque().rgb, np.ones((12, 16), np.float32)), "png")).mode == "RGBA"


@pytest.mark.parametrize("format", ["png", "webp", "avif", "jpeg", "tiff", "gif"])
def test_only_matte_is_grey_without_a_colour_profile(format: Format) -> None:  # noqa: A002
    image = disc(profile=PROFILE)
    assert image.alpha is not None
    picture = by_pillow(write(image, format, only_matte=True, file_quality=100))
    assert "icc_profile" not in picture.info
    assert np.abs(np.asarray(picture.convert("L")) / 255 - image.alpha).max() < 0.03
    if format == "png":
        sixteen = imagecodecs.png_decode(write(image, "png", only_matte=True, depth=16))
        assert sixteen.ndim == 2 and np.abs(sixteen / 65535 - image.alpha).max() < 1e-5


@pytest.mark.parametrize("format", ["png", "webp", "avif", "jpeg", "tiff"])
def test_resolution_is_kept(format: Format) -> None:  # noqa: A002
    data = write(opaque(dpi=(300.0, 150.0)), format)
    got = decode(data).frames[0].metadata.dpi
    assert got is not None and np.abs(np.subtract(got, (300, 150))).max() < 0.02
    told = by_pillow(data)
    exif = told.getexif()
    dpi: Any = told.info.get("dpi") or (exif.get(0x11A), exif.get(0x11B))
    assert np.abs(np.subtract([float(side) for side in dpi], (300, 150))).max() < 0.02


@pytest.mark.parametrize("format", ["png", "webp", "avif", "jpeg", "tiff"])
def test_exif_leaves_by_policy(format: Format) -> None:  # noqa: A002
    came = decode(pillow(gradient(), "JPEG", exif=exif_with(6))).frames[0]
    for how, has_maker, has_place in (
        ({}, False, False),
        ({"keep_exif": True}, True, False),
        ({"keep_exif": True, "keep_gps": True}, True, True),
    ):
        exif = by_pillow(write(came, format, **how)).getexif()
        assert (exif.get(0x010F) == "Maker") == has_maker
        assert bool(exif.get_ifd(0x8825)) == has_place
        assert (exif.get_ifd(0x8769).get(0x9003) == "2026:11:23 10:00:00") == has_maker
        assert exif.get(0x0112, 1) == 1


def test_gif_gets_srgb_because_it_has_no_profiles() -> None:
    green = Image(np.full((4, 4, 3), (0.5, 0.6, 0.4), np.float32), None, Metadata(PROFILE))
    written = decode(write(green, "gif")).frames[0]
    from feathercut.kernels.colour import to_srgb

    assert np.abs(written.rgb - to_srgb(green.rgb, PROFILE)).max() < 0.02


def moving(count: int = 4) -> Animation:
    image = disc()
    assert image.alpha is not None
    frames = [Image(np.roll(image.rgb, 9 * k, 1), np.roll(image.alpha, 9 * k, 1)) for k in range(count - 1)]
    # Two frames alike: encoders that compare frames would drop one.
    return Animation([*frames, frames[-1]], (40, 120, 1000, 30)[:count], 3)


@pytest.mark.parametrize("format", ["png", "webp"])
def test_animations_keep_frames_timing_and_loop(format: Format) -> None:  # noqa: A002
    animation = moving()
    data = encode(animation, Encode(file_quality=100), format)
    assert by_pillow(data).n_frames == 4  # type: ignore[attr-defined]
    got = decode(data)
    assert list(got.durations_ms) == [40, 120, 1000, 30] and got.loop == 3
    for frame, expected in zip(got.frames, animation.frames, strict=True):
        assert frame.alpha is not None and expected.alpha is not None
        assert np.abs(frame.alpha - expected.alpha).max() < 0.002
        assert np.abs(frame.rgb - expected.rgb)[expected.alpha > 0.01].max() < 0.002


def test_16_bit_animation() -> None:
    got = decode(encode(moving(), Encode(depth=16), "png"))
    expected = moving().frames[2]
    assert got.frames[2].metadata.depth == 16
    assert np.abs(got.frames[2].alpha - expected.alpha).max() < 1e-5  # type: ignore[operator]


@pytest.mark.parametrize(("loop", "told"), [(0, 0), (1, None), (4, 3)])
def test_gif_animation(loop: int, told: int | None) -> None:
    animation = Animation(moving(4).frames[:3], (40, 120, 1000), loop)
    data = encode(animation, Encode(), "gif")
    assert by_pillow(data).info.get("loop") == told
    got = decode(data)
    assert got.loop == loop and list(got.durations_ms) == [40, 120, 1000]
    for frame, expected in zip(got.frames, animation.frames, strict=True):
        assert expected.alpha is not None and frame.alpha is not None
        assert np.array_equal(frame.alpha == 1, np.floor(expected.alpha * 255 + 0.5) >= 128)
        assert np.abs(frame.rgb - expected.rgb)[expected.alpha == 1].mean() < 0.05


def test_several_frames_do_not_fit_into_a_still_format() -> None:
    with pytest.raises(OptionError, match=r"JPEG holds one picture, not 4; Animations are written as PNG, WebP or GIF"):
        encode(moving(), Encode(), "jpeg")


def test_option_counts_before_the_ending() -> None:
    assert encode(Animation((opaque(),)), Encode(format="jpeg"), "png").startswith(b"\xff\xd8")
    assert encode(Animation((opaque(),))).startswith(b"\x89PNG")


def test_too_large_for_the_format_is_our_error() -> None:
    with pytest.raises(OutputError, match="17000×1 pixels cannot be written as WEBP"):
        write(Image(np.zeros((1, 17000, 3), np.float32)), "webp")


def noisy(size: tuple[int, int]) -> NDArray[np.uint8]:
    chance = np.random.default_rng(3)
    y, x = np.mgrid[: size[0], : size[1]]
    picture = np.dstack([128 + 100 * np.sin(x / 40), 128 + 100 * np.cos(y / 30), (x + y) % 256, np.full(size, 255)])
    return np.clip(picture + chance.normal(0, 2, picture.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("kind", ["noisy", "smooth"])
def test_png_is_about_as_small_as_at_level_6(kind: str) -> None:
    rgba = noisy((512, 512)) if kind == "noisy" else np.ascontiguousarray(noisy((64, 64)).repeat(8, 0).repeat(8, 1))
    image = Image((rgba[..., :3] / 255).astype(np.float32), (rgba[..., 3] / 255).astype(np.float32))
    assert len(write(image, "png")) < 1.06 * len(imagecodecs.png_encode(rgba, level=6, filter=0xF8))
