"""The parameters of `POST /v1.0/removebg`: raw fields in, a typed request or the contract's error out."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from feathercut.options import Format, Options
from feathercut.options.steps import Shadow
from feathercut.server.removebg import words
from feathercut.server.removebg.refusals import Refusal
from feathercut.server.removebg.sizes import TIERS, FileFormat, Tier
from feathercut.server.removebg.words import Words

_SOURCES = ("image_file", "image_file_b64", "image_url")
_BACKGROUNDS = ("bg_color", "bg_image_url", "bg_image_file")
_FORMATS: dict[str, FileFormat | Literal["auto"]] = {
    "auto": "auto",
    "png": "png",
    "jpg": "jpg",
    "jpeg": "jpg",
    "webp": "webp",
    "zip": "zip",
}
_CHANNELS = {"rgba": "rgba", "alpha": "alpha"}
_SHADOWS: dict[str, Shadow] = {"none": "none", "auto": "contact", "car": "contact", "drop": "drop", "3d": "cast"}
"""What each word draws: one that is made for the subject is dark where it stands."""
_OURS: dict[FileFormat, Format] = {"png": "png", "jpg": "jpeg", "webp": "webp", "zip": "png"}
_MISSING = "Please provide the source image in the image_url, image_file or image_file_b64 parameter."


@dataclass(frozen=True)
class Source:
    """A picture as it was given: its bytes, or the address where they are. `parameter` brought it."""

    parameter: str
    data: bytes | None = field(default=None, repr=False)
    url: str | None = None


@dataclass(frozen=True)
class Request:
    """What a caller wants. `unheeded` names parameters that were understood and have no effect here yet."""

    source: Source
    background: Source | None
    size: Tier
    kind: str
    kind_level: str
    file_format: FileFormat
    options: Options
    unheeded: tuple[str, ...] = ()


def parse(fields: Mapping[str, str], files: Mapping[str, bytes]) -> Request:
    """The request in text fields and files by name. Raises Refusal with one of the contract's codes."""
    given = Words(fields)
    source = parse_source(given, files)
    background = _background(given, files)
    is_matte = given.choice("channels", _CHANNELS, "rgba") == "alpha"
    file_format = _file_format(given, is_matte=is_matte, has_picture=background is not None)
    shadow = _shadow(given)
    unheeded: tuple[str, ...] = ()
    if file_format == "zip" or is_matte:  # layers and mattes have nothing behind them
        unheeded += tuple(name for name in _BACKGROUNDS if given.text(name) or files.get(name))
        background = None
    crop = given.boolean("crop", default=False)
    margin = words.margin(given.text("crop_margin")) if given.text("crop_margin") else "0"
    scale = words.scale(given.text("scale")) if given.text("scale") else None
    position = words.position(given.text("position")) if given.text("position") else None
    options = Options(
        format=_OURS[file_format],
        only_matte=is_matte and file_format != "zip",
        region=words.region(given.text("roi")) if given.text("roi") else None,
        crop=crop,
        margin=margin if crop else "0",
        scale=scale,
        position=position if scale or position != "original" else None,
        background="transparent" if file_format == "zip" or is_matte else _behind(given, file_format),
        shadow="none" if is_matte else shadow,
        shadow_opacity=given.percent("shadow_opacity"),
        transparency="auto" if given.boolean("semitransparency", default=True) else "off",
    )
    kind, level = given.text("type").lower() or "auto", given.text("type_level").lower() or "1"
    return Request(
        source,
        background,
        given.choice("size", TIERS, "preview"),
        kind,
        level,
        file_format,
        options,
        unheeded,
    )


def parse_source(given: Words, files: Mapping[str, bytes]) -> Source:
    """The one picture that was given. Raises Refusal where there is none, or more than one."""
    named = [name for name in _SOURCES if files.get(name) or given.text(name)]
    if not named:
        raise Refusal("missing_source", _MISSING)
    if len(named) > 1:
        raise Refusal("multiple_sources", f"Please provide only one of {', '.join(named)}.")
    name = named[0]
    if name == "image_url":
        return _at(name, given.text(name))
    if name == "image_file_b64":
        return Source(name, _from_base64(files.get(name) or given.text(name).encode()))
    if name not in files:
        raise Refusal("missing_source", "image_file is a file of a multipart form; send text as image_file_b64.")
    return Source(name, files[name])


def _background(given: Words, files: Mapping[str, bytes]) -> Source | None:
    """The background picture, if one was given."""
    named = [name for name in _BACKGROUNDS if files.get(name) or given.text(name)]
    if len(named) > 1:
        raise Refusal("multiple_bg_sources", f"Please provide only one of {', '.join(named)}.")
    if not named or named[0] == "bg_color":
        return None
    name = named[0]
    return Source(name, files[name]) if name in files else _at(name, given.text(name))


def _at(name: str, url: str) -> Source:
    if not re.match(r"https?://[^/\s]", url, re.IGNORECASE):
        raise Refusal(f"invalid_{name}", f"It takes an address that begins with http:// or https://, got: {url[:80]}")
    return Source(name, url=url)


def _from_base64(text: bytes) -> bytes:
    """Bytes from base64 as clients write it: as a data address, in lines, for URLs, without its end."""
    if text[:5].lower() == b"data:":
        text = text.partition(b",")[2]
    # A form that was not encoded turns each + into a space; lines end in what is no space.
    letters = re.sub(rb"[\r\n\t]", b"", text).strip().replace(b" ", b"+").translate(bytes.maketrans(b"-_", b"+/"))
    letters = letters.rstrip(b"=")
    try:
        data = base64.b64decode(letters + b"=" * (-len(letters) % 4), validate=True)
    except binascii.Error as error:
        raise Refusal("failed_to_read_image", f"image_file_b64 is no base64: {error}") from error
    if not data:
        raise Refusal("missing_source", _MISSING)
    return data


def _file_format(given: Words, *, is_matte: bool, has_picture: bool) -> FileFormat:
    """The format; `auto` is JPEG as soon as nothing is transparent. A matte stays exact."""
    wanted = given.choice("format", _FORMATS, "auto")
    if wanted != "auto":
        return wanted
    colour = given.text("bg_color")
    is_opaque = has_picture or (colour != "" and words.colour(colour).alpha == 1)
    return "jpg" if is_opaque and not is_matte else "png"


def _behind(given: Words, file_format: FileFormat) -> str:
    """The background as our option writes it; a picture comes with the order. JPEG shows white where nothing is."""
    named = given.text("bg_color") or ("white" if file_format == "jpg" else "transparent")
    return words.write_colour(words.colour(named, on_white=file_format == "jpg"))


def _shadow(given: Words) -> Shadow:
    """The shadow that is drawn; the word counts before the older `add_shadow`, which says only that one is wanted."""
    wants_any: Shadow = "contact" if given.boolean("add_shadow", default=False) else "none"
    return given.choice("shadow_type", _SHADOWS, wants_any)
