"""What a file is, by its first bytes; its name is never believed."""

from __future__ import annotations

import re

from feathercut.errors import NotAPictureError

READ = "JPEG, PNG, WebP, AVIF, HEIC, TIFF, BMP and GIF"

_STILL_AVIF = {b"avif"}
_HEIC = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_STARTS = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
    (b"BM", "bmp"),
)
_STRANGERS = (
    (b"%PDF", "a PDF"),
    (b"%!PS", "a PostScript file"),
    (b"PK\x03\x04", "a ZIP archive (or an Office document)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"8BPS", "a Photoshop file"),
    (b"8BPB", "a Photoshop file"),
    (b"gimp xcf", "a GIMP file"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"II\xbc", "a JPEG XR picture"),
    (b"FUJIFILMCCD-RAW", "a camera's raw file"),
    (b"IIU\0", "a camera's raw file"),
    (b"IIRO", "a camera's raw file"),
    (b"II\x1a\0\0\0HEAPCCDR", "a camera's raw file"),
    (b"\0\0\x01\0", "an icon"),
    (b"\x1aE\xdf\xa3", "a video"),
    (b"OggS", "sound or video"),
    (b"ID3", "sound"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"qoif", "a QOI picture"),
    (b"v/1\x01", "an OpenEXR picture"),
    (b"#?RADIANCE", "a Radiance picture"),
    (b"{\\rtf", "an RTF document"),
)
_INSTEAD = {
    "an SVG drawing": "Draw it as a PNG first",
    "a PDF": "Save its page as a PNG first",
    "a camera's raw file": "Develop it to TIFF or JPEG first",
    "a Photoshop file": "Save it as TIFF or PNG first",
    "a JPEG XL picture": "Save it as PNG first",
    "a video": "Save its frames as pictures first",
}

# What may stand before a drawing: white space, the prolog and other instructions, comments, a doctype.
_SVG = re.compile(
    r"(?:\s+|<\?.*?\?>|<!--.*?-->|<!doctype\s+svg(?:\[.*?\]|[^\[>])*>)*+<svg[\s>]", re.IGNORECASE | re.DOTALL
)


def sniff(data: bytes) -> str:
    """The format: `jpeg`, `png`, `gif`, `tiff`, `bmp`, `webp`, `avif` or `heic`.

    Raises NotAPictureError, which names what the bytes seem to be.

    >>> sniff(b"GIF89a...")
    'gif'
    """
    if not data:
        raise NotAPictureError(f"The file is empty. Read are {READ}")
    for start, name in _STARTS:
        if data.startswith(start) and not (name == "bmp" and not _is_bmp(data)):
            return name
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp" and (brand := _by_brand(data)):
        return brand
    raise refusal(_stranger(data))


def refusal(what: str) -> NotAPictureError:
    """The error for a file that is something else: `what` with its article."""
    instead = _INSTEAD.get(what)
    return NotAPictureError(f"The file is {what}, no picture that is read here. {instead or f'Read are {READ}'}")


def _is_bmp(data: bytes) -> bool:
    """`BM` begins many a text; a BMP's third number, the size of its second header, is one of a few."""
    return len(data) < 18 or int.from_bytes(data[14:18], "little") in (12, 40, 52, 56, 64, 108, 124)


def _by_brand(data: bytes) -> str | None:
    """The format that an ISO media file's brands tell; the first that we know counts."""
    end = min(int.from_bytes(data[:4], "big"), 4096, len(data))
    brands = [data[place : place + 4] for place in (8, *range(16, end - 3, 4))]
    for brand in brands:
        if brand in _STILL_AVIF or brand == b"avis":
            return "avif"
        if brand in _HEIC:
            return "heic"
    return "heic" if brands[0] in (b"mif1", b"msf1") else None


def _stranger(data: bytes) -> str:
    """What bytes that are no picture seem to be, with an article."""
    for start, name in _STRANGERS:
        if data.startswith(start):
            return name
    if data[4:8] == b"ftyp":
        return "a camera's raw file" if data[8:11] == b"crx" else "a video"
    if data[:4] == b"RIFF":
        return "a video" if data[8:12] == b"AVI " else "sound"
    if data[257:262] == b"ustar":
        return "a tar archive"
    return _text_kind(data[:4096])


def _text_kind(head: bytes) -> str:
    # A text cut inside its last letter is still a text, hence the three spare bytes.
    for spare in range(4):
        try:
            text = head[: len(head) - spare].decode("utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
            break
        except UnicodeDecodeError:
            continue
    else:
        return "of an unknown kind"
    if re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]", text):
        return "of an unknown kind"
    if _SVG.match(text):
        return "an SVG drawing"
    if re.match(r"\s*(<!doctype html|<html)", text, re.IGNORECASE):
        return "a web page (HTML)"
    return "a text"
