"""Files that are two things at once: what comes out is a picture of pixels, and nothing else of what came in."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from PIL import Image

from server.attacks.asking import CONTRACTS, ask
from server.attacks.bombs import chunk, png, riff, small
from server.running import Running

_MARK = b"FOREIGN-BYTES"
_HTML = b"<!doctype html><script>" + _MARK + b"</script>"
_PHP = b"<?php system('" + _MARK + b"'); ?>"
_PDF = b"%PDF-1.7\n1 0 obj <<" + _MARK + b">> endobj\n%%EOF"
_SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='" + _MARK + b"'/>"


def archive() -> bytes:
    """A ZIP, which is read from its end."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr("run.class", _MARK)
    return file.getvalue()


def jpeg_with(marker: int, content: bytes) -> bytes:
    """A JPEG with a part of its own before its pixels."""
    data = small("JPEG")
    return data[:2] + bytes([0xFF, marker]) + struct.pack(">H", 2 + len(content)) + content + data[2:]


def webp_with(name: bytes, content: bytes) -> bytes:
    data = small("WEBP", lossless=True)
    return riff((b"VP8L", data[20 : 20 + int.from_bytes(data[16:20], "little")]), (name, content))


PICTURES: dict[str, Callable[[], bytes]] = {
    "png-then-html": lambda: small("PNG") + _HTML,
    "png-then-zip": lambda: small("PNG") + archive(),
    "png-with-html-in-its-text": lambda: png(chunk(b"tEXt", b"Comment\0" + _HTML)),
    "png-with-php-packed-in-its-text": lambda: png(chunk(b"zTXt", b"Comment\0\0" + zlib.compress(_PHP))),
    "png-with-a-part-nobody-knows": lambda: png(chunk(b"eVIl", _SVG)),
    "jpeg-then-zip": lambda: small("JPEG") + archive(),
    "jpeg-then-pdf": lambda: small("JPEG") + _PDF,
    "jpeg-with-php-as-comment": lambda: jpeg_with(0xFE, _PHP),
    "jpeg-with-javascript-in-an-application's-part": lambda: jpeg_with(0xE9, b"*/=1;" + _MARK + b"/*"),
    "jpeg-with-php-in-exif": lambda: small("JPEG", exif=exif_of(_PHP)),
    "gif-then-javascript": lambda: small("GIF") + b"=1;" + _MARK,
    "gif-with-php-as-comment": lambda: small("GIF", comment=_PHP),
    "webp-with-html": lambda: webp_with(b"XMP ", _HTML),
    "bmp-then-program": lambda: small("BMP") + b"MZ" + _MARK,
    "tiff-then-html": lambda: small("TIFF") + _HTML,
}
STRANGERS: dict[str, Callable[[], bytes]] = {
    "svg": lambda: _SVG,
    "svg-behind-a-prolog": lambda: b"<?xml version='1.0'?>\n<!-- -->\n" + _SVG,
    "html-then-png": lambda: _HTML + small("PNG"),
    "pdf-then-jpeg": lambda: _PDF + small("JPEG"),
    "zip-then-png": lambda: archive() + small("PNG"),
    "javascript-called-gif": lambda: b"GIF89a=1;/*" + _MARK + b"*/",
    "text-called-bmp": lambda: b"BM=1;" + _MARK * 20,
    "program": lambda: b"\x7fELF" + _MARK,
    "postscript": lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n" + _MARK,
    "video": lambda: b"\0\0\0\x18ftypmp42" + bytes(12) + _MARK,
}


def exif_of(text: bytes) -> bytes:
    """EXIF whose description is some text."""
    exif = Image.Exif()
    exif[270] = text.decode()
    return exif.tobytes()


@pytest.mark.parametrize("path", CONTRACTS)
@pytest.mark.parametrize("name", PICTURES)
def test_of_a_picture_that_is_more_only_the_picture_comes_out(server: Running, name: str, path: str) -> None:
    data = PICTURES[name]()
    assert _MARK in data or name == "png-with-php-packed-in-its-text"
    answer = ask(server, path, data, "photo.html")
    if path == "v1.0/removebg" and not name.startswith(("png", "jpeg", "webp")):
        assert answer.status_code == 400  # the contract takes these three
    elif answer.status_code == 400:
        assert answer.json()["errors"][0]["code"] == "unknown_foreground"  # the small network saw nothing
    else:
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png"), answer.text[:200]
        assert answer.content.startswith(b"\x89PNG") and answer.content.endswith(b"IEND\xaeB`\x82")
        with Image.open(io.BytesIO(answer.content)) as picture:
            assert set(picture.info) <= {"dpi", "srgb"}
    assert _MARK not in answer.content
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", CONTRACTS)
@pytest.mark.parametrize("name", STRANGERS)
def test_what_only_looks_like_a_picture_is_refused(server: Running, name: str, path: str) -> None:
    answer = ask(server, path, STRANGERS[name](), "photo.png")
    assert answer.status_code in (400, 415, 422), answer.text[:200]
    assert "json" in answer.headers["content-type"]
    assert _MARK not in answer.content
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "name", ["../../../etc/passwd", "..\\..\\x.png", "/etc/cron.d/x", "a\0b.png", "x.png\r\nSet-Cookie: a=b", "C:\\x"]
)
def test_a_files_name_is_never_a_path(server: Running, name: str) -> None:
    for path in CONTRACTS:
        answer = ask(server, path, small("PNG"), name)
        assert answer.status_code in (200, 400)
        assert "set-cookie" not in answer.headers
        assert name.encode() not in answer.content


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "..%2f..%2fetc/passwd", "%2e%2e/%2e%2e/etc/passwd", "//etc/passwd", "docs/..%5c..%5cx"]
)
def test_a_path_of_the_address_leads_out_of_nothing(server: Running, path: str) -> None:
    answer = server.get(path)
    assert answer.status_code == 404
    assert b"root:" not in answer.content
