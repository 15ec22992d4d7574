from __future__ import annotations

import random
import struct
import subprocess
import sys
import warnings
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import imagecodecs
import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageFile

from feathercut.errors import DamagedPictureError, FeathercutError, NotAPictureError, TooLargeError
from feathercut.options import Decode
from feathercut.pictures import Animation
from feathercut.steps.decode import decode
from formats.samples import chunk, exif_with, fading, gradient, pillow, png, tiff

HEIC = Path(__file__).parents[1] / "formats" / "files"


def moving(name: str, count: int = 4, **how: Any) -> bytes:
    frames = [Pillow.fromarray(np.roll(fading(), place * 3, axis=1)) for place in range(count)]
    return pillow(frames[0], name, save_all=True, append_images=frames[1:], **how)


def files() -> dict[str, bytes]:
    """A file of every kind, with all the metadata that it can carry."""
    profile = bytes(imagecodecs.cms_profile("adobergb"))
    about: dict[str, Any] = {"exif": exif_with(6, (300, 300)), "icc_profile": profile}
    few = Pillow.fromarray(gradient()).quantize(9)
    return {
        "jpeg": pillow(gradient(), "JPEG", **about),
        "jpeg-progressive": pillow(gradient(), "JPEG", progressive=True),
        "jpeg-cmyk": pillow(Pillow.fromarray(gradient()).convert("CMYK"), "JPEG"),
        "png": pillow(fading(), "PNG", **about, dpi=(300, 300)),
        "png-palette": pillow(few, "PNG", transparency=bytes([0, 50])),
        "png-16": bytes(imagecodecs.png_encode(fading(65535))),
        "apng": moving("PNG", duration=50),
        "webp": pillow(fading(), "WEBP", **about),
        "webp-moving": moving("WEBP", duration=50),
        "avif": pillow(fading(), "AVIF", **about),
        "tiff": pillow(gradient(), "TIFF", **about),
        "tiff-lzw": pillow(fading(), "TIFF", compression="tiff_lzw"),
        "bmp": pillow(gradient(), "BMP"),
        "bmp-palette": pillow(few, "BMP"),
        "gif": pillow(few, "GIF", transparency=3),
        "gif-moving": moving("GIF", duration=50, loop=0),
        **{f"heic-{path.stem}": path.read_bytes() for path in sorted(HEIC.glob("*.heic"))},
    }


def every_frame(animation: Animation) -> Iterator[Any]:
    return iter(animation.frames)


@pytest.mark.parametrize("name", files())
def test_mutated_files_raise_only_our_errors(name: str) -> None:
    data = files()[name]
    chance = random.Random(name)
    for _ in range(400):
        mutant = bytearray(data)
        match chance.randrange(4):
            case 0:
                del mutant[chance.randrange(len(mutant)) :]
            case 1:
                for _ in range(chance.randrange(1, 8)):
                    mutant[chance.randrange(len(mutant))] = chance.randrange(256)
            case 2:
                for _ in range(chance.randrange(1, 5)):
                    mutant[chance.randrange(min(200, len(mutant)))] = chance.choice((0, 127, 128, 255))
            case _:
                start = chance.randrange(len(mutant))
                mutant[start : start + chance.randrange(30)] = chance.randbytes(chance.randrange(30))
        try:
            for _frame in every_frame(decode(bytes(mutant), Decode(max_megapixels=20))):
                pass
        except FeathercutError as error:
            assert len(str(error)) > 20
    assert all(frame.rgb.size for frame in every_frame(decode(data)))


@pytest.mark.parametrize("name", files())
@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
def test_truncated_files_say_that_they_are_cut_short(name: str, share: float) -> None:
    data = files()[name]
    with pytest.raises(DamagedPictureError, match=r"cut short: .*whole file"):
        list(decode(data[: int(len(data) * share)]).frames)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"Dear Sir or Madam,\nplease find attached", "a text"),
        ("Grüße an alle".encode(), "a text"),
        (b"BMW is a car maker", "a text"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG.*PNG first"),
        (b"I wrote <svg> by hand", "a text"),
        (b"\xef\xbb\xbf\n<!-- made by > hand -->\n<SVG\n/>", "SVG"),
        (b'<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C" "x" [<!ENTITY a "b">]>\n<!-- a --> <svg>', "SVG"),
        (b"<!DOCTYPE html><html><body><svg ></svg></body></html>", "web page"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "web page"),
        (b"%PDF-1.7\n", "PDF.*PNG first"),
        (b"PK\x03\x04\x14\0", "ZIP"),
        (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41", "video"),
        (b"\0\0\0\x18ftypcrx \0\0\0\1crx isom", "raw"),
        (b"II*\0\x10\0\0\0CR\2\0", "raw"),
        (b"8BPS\0\1", "Photoshop"),
        (b"\xff\x0a\xfa\x7f", "JPEG XL"),
        (b"\0\0\0\x0cJXL \r\n\x87\n", "JPEG XL"),
        (bytes(range(200, 256)) * 4, "unknown kind"),
    ],
)
def test_what_is_no_picture_is_named(data: bytes, words: str) -> None:
    with pytest.raises(NotAPictureError, match=words):
        decode(data)


def test_animated_avif_is_refused_rather_than_read_in_part() -> None:
    with pytest.raises(NotAPictureError, match="animated AVIF"):
        decode(moving("AVIF", duration=50))


def bomb(side: int) -> bytes:
    """A PNG of 1 bit a pixel that says it has side² pixels, in a few kilobytes."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(10_000_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_limits_name_the_option_and_what_was_found() -> None:
    with pytest.raises(TooLargeError, match=r"60000×60000 pixels \(3600.0 megapixels\).*150 .*`max_megapixels`"):
        decode(bomb(60_000))
    with pytest.raises(TooLargeError, match=r"megabytes.*`max_megabytes`"):
        decode(b"\x89PNG" + bytes(2_000_000), Decode(max_megabytes=1))
    with pytest.raises(TooLargeError, match=r"4 frames.*`max_frames`"):
        decode(moving("GIF"), Decode(max_frames=3))
    with pytest.raises(TooLargeError, match=r"4 frames of 16×12 pixels \(0.0 megapixels\).*`max_megapixels`"):
        decode(moving("WEBP"), Decode(max_megapixels=0.0005))


@pytest.mark.parametrize("name", files())
def test_every_format_minds_the_limit_on_pixels(name: str) -> None:
    with pytest.raises(TooLargeError, match="max_megapixels"):
        decode(files()[name], Decode(max_megapixels=0.0001))


def test_process_wide_settings_of_pillow_neither_count_nor_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pillow, "MAX_IMAGE_PIXELS", 20)
    before = Pillow.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, list(warnings.filters)
    for name, data in files().items():
        if not name.startswith(("gif", "webp")):
            decode(data)
    assert before == (Pillow.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, list(warnings.filters))


@pytest.mark.parametrize("size", [(1, 1), (5000, 1), (1, 5000)])
@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP", "TIFF", "BMP", "GIF", "AVIF"])
def test_thin_and_tiny_pictures(name: str, size: tuple[int, int]) -> None:
    if name == "AVIF" and 1 in size and max(size) > 1:
        pytest.skip("AV1 encoders want more")
    assert decode(pillow(Pillow.new("RGB", size, (9, 90, 200)), name)).frames[0].size == size[::-1]


@pytest.mark.parametrize(("name", "how"), [("PNG", {}), ("WEBP", {"lossless": True})])
def test_animations_have_every_frame_and_their_timing(name: str, how: dict[str, bool]) -> None:
    durations = [40, 120, 1000, 30]
    animation = decode(moving(name, duration=durations, loop=3, **how))
    assert list(animation.durations_ms) == durations and animation.loop == 3
    for place, frame in enumerate(animation.frames):
        expected = np.roll(fading(), place * 3, axis=1)
        assert frame.alpha is not None
        assert np.abs(frame.alpha * 255 - expected[..., 3]).max() < 1.01
        assert np.abs(frame.rgb * 255 - expected[..., :3])[expected[..., 3] > 0].max() < 1.01


@pytest.mark.parametrize(("loop", "plays"), [(3, 4), (0, 0), (None, 1)])
@pytest.mark.parametrize("disposal", [1, 2])
def test_gif_frames_are_disposed_and_counted(loop: int | None, plays: int, disposal: int) -> None:
    """A square wanders to the right over a clear canvas; disposal 1 leaves what was there, 2 clears it."""
    frames = []
    for place in range(4):
        indices = np.zeros((8, 16), np.uint8)
        indices[2:6, 4 * place : 4 * place + 3] = 1 + place
        frames.append(Pillow.fromarray(indices))
        frames[-1].putpalette(bytes([0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0]))
    how = {} if loop is None else {"loop": loop}
    data = pillow(
        frames[0],
        "GIF",
        save_all=True,
        append_images=frames[1:],
        duration=[40, 120, 1000, 30],
        transparency=0,
        disposal=disposal,
        optimize=False,
        **how,
    )
    animation = decode(data)
    assert list(animation.durations_ms) == [40, 120, 1000, 30] and animation.loop == plays
    for place, frame in enumerate(animation.frames):
        shown = {place} if disposal == 2 else set(range(place + 1))
        assert frame.alpha is not None
        assert {column for column in range(4) if frame.alpha[3, 4 * column] == 1} == shown
    assert animation.frames[2].rgb[3, 9].tolist() == [0, 0, 1]


def test_apng_parts_are_blended_disposed_and_put_back() -> None:
    """A red canvas; a half clear green dot over it, put back; a blue dot in its place, cleared; then nothing."""

    def control(number: int, box: tuple[int, int, int, int], disposal: int, blend: int) -> bytes:
        return chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, *box, 1, 4, disposal, blend))

    def pixels(rgba: tuple[int, ...], width: int, height: int) -> bytes:
        return zlib.compress((b"\0" + bytes(rgba) * width) * height)

    red, green, blue, none = (255, 0, 0, 255), (0, 255, 0, 128), (0, 0, 255, 255), (0, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 3, 2, 8, 6, 0, 0, 0))
    data += (
        chunk(b"acTL", struct.pack(">II", 4, 0)) + control(0, (3, 2, 0, 0), 0, 0) + chunk(b"IDAT", pixels(red, 3, 2))
    )
    data += control(1, (1, 1, 1, 1), 2, 1) + chunk(b"fdAT", struct.pack(">I", 2) + pixels(green, 1, 1))
    data += control(3, (1, 1, 1, 1), 1, 0) + chunk(b"fdAT", struct.pack(">I", 4) + pixels(blue, 1, 1))
    data += (
        control(5, (1, 1, 0, 0), 0, 1) + chunk(b"fdAT", struct.pack(">I", 6) + pixels(none, 1, 1)) + chunk(b"IEND", b"")
    )
    animation = decode(data)
    seen = [np.round(frame.rgb[1, 1] * 255).tolist() for frame in animation.frames]
    assert seen == [[255, 0, 0], [127, 128, 0], [0, 0, 255], [0, 0, 0]]
    assert [float(frame.alpha[1, 1]) for frame in animation.frames if frame.alpha is not None] == [1, 1, 1, 0]
    assert list(animation.durations_ms) == [250] * 4
    assert animation.frames[1].rgb[0, 0].tolist() == [1, 0, 0]  # going back starts anew


def test_damage_in_a_late_frame_is_met_when_it_is_asked_for() -> None:
    data = bytearray(moving("PNG"))
    place = data.rindex(b"fdAT") + 20
    content_length = int.from_bytes(data[place - 24 : place - 20], "big")
    data[place] ^= 0xFF
    checksum_at = place - 16 + content_length
    data[checksum_at : checksum_at + 4] = struct.pack(">I", zlib.crc32(data[place - 20 : checksum_at]))
    animation = decode(bytes(data))
    assert animation.frames[0].size == (12, 16)
    with pytest.raises(DamagedPictureError, match="PNG"):
        animation.frames[3]


def test_wrong_checksum_of_pixels_is_damage_and_of_a_comment_is_not() -> None:
    data = png((1, 1), 8, 0, [b"\7"], chunk(b"tEXt", b"Comment\0hello"))
    decode(data.replace(b"hello", b"hullo"))
    place = data.index(b"IDAT") + 6
    with pytest.raises(DamagedPictureError, match="checksum"):
        decode(data[:place] + b"\x55" + data[place + 1 :])


def test_import_is_cheap() -> None:
    script = "import sys, feathercut.steps.decode, feathercut.steps.encode; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert not {"PIL", "imagecodecs", "tifffile", "pi_heif"} & set(found)


def test_samples_writer_agrees_with_pillow() -> None:
    """The hand-written PNG of these tests is one that Pillow reads too."""
    data = png((4, 1), 2, 0, [b"\x1b"])
    assert np.array_equal(
        decode(data).frames[0].rgb[..., 0], decode(tiff(np.array([[0, 85, 170, 255]], "u1"))).frames[0].rgb[..., 0]
    )
