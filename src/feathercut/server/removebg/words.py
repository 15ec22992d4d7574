"""How clients write values: booleans, lengths and places as words, blanks in many spellings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TypeVar

from feathercut import values
from feathercut.server.removebg.refusals import Refusal

_TRUE = {"true", "t", "1", "yes", "y", "on"}
_FALSE = {"false", "f", "0", "no", "n", "off"}
# What programs send for a variable that nobody set.
_BLANK = {"", "undefined", "null", "nil"}

Meaning = TypeVar("Meaning", bound=str)

_LENGTH = re.compile(r"(\d+(?:\.\d+)?|\.\d+)\s*(px|%)?")
_MOST_PERCENT, _MOST_PX = 50, 500


class Words:
    """The text fields of a request, by name; a name that is not there is blank."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields

    def text(self, name: str) -> str:
        """The field without spaces around it; empty where it is blank."""
        text = self._fields.get(name, "").strip()
        return "" if text.lower() in _BLANK else text

    def boolean(self, name: str, *, default: bool) -> bool:
        """Whether a field says yes."""
        word = self.text(name).lower()
        if not word:
            return default
        if word in _TRUE or word in _FALSE:
            return word in _TRUE
        raise Refusal(f"invalid_{name}", f"It takes true or false, got: {word[:40]}")

    def choice(self, name: str, meanings: Mapping[str, Meaning], default: Meaning) -> Meaning:
        """What a field's word means."""
        word = self.text(name).lower()
        if not word:
            return default
        if word not in meanings:
            raise Refusal(f"invalid_{name}", f"It takes {', '.join(meanings)}, got: {word[:40]}")
        return meanings[word]

    def percent(self, name: str) -> float | None:
        """A number from 0 to 100, None where it is blank."""
        word = self.text(name)
        if not word:
            return None
        match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%?", word)
        if not match or float(match[1]) > 100:
            raise Refusal(f"invalid_{name}", f"It takes 0 to 100, got: {word[:40]}")
        return float(match[1])


def _lengths(text: str) -> list[values.Length] | None:
    """Lengths in px or %; None where one has no unit and is not zero, or is no length."""
    found = []
    # `10 px` is one length, `10 20px` are two.
    for part in re.sub(r"\s+(px|%)", r"\1", text.lower()).replace(",", " ").split():
        match = _LENGTH.fullmatch(part)
        if not match or (match[2] is None and float(match[1]) != 0):
            return None
        found.append(values.Length(float(match[1]), "%" if match[2] == "%" else "px"))
    return found


def region(text: str) -> str | None:
    """A region of interest as our option writes it; None where it is the whole picture."""
    lengths = _lengths(text)
    if not lengths or len(lengths) != 4:
        raise Refusal("invalid_roi", f"Write x1 y1 x2 y2 in px or %, as in `0% 0% 50% 100%`, got: {text[:60]}")
    if any(one.unit == "%" and one.value > 100 for one in lengths):
        raise Refusal("roi_exceeds_bounds", "A share of the image is 100% at the most")
    for start, end in ((lengths[0], lengths[2]), (lengths[1], lengths[3])):
        if (start.unit == end.unit and end.value <= start.value) or end.value == 0:
            raise Refusal("roi_region_empty", "x2 and y2 are larger than x1 and y1")
    if [(one.value, one.unit) for one in lengths[2:]] == [(100, "%")] * 2 and not any(one.value for one in lengths[:2]):
        return None
    return _written(lengths)


def margin(text: str) -> str:
    """A crop's margin as our option writes it."""
    lengths = _lengths(text)
    if not lengths or len(lengths) not in (1, 2, 4):
        raise Refusal("invalid_crop_margin", f"Write one, two or four lengths, as in `30px` or `10% 5%`: {text[:60]}")
    if any(one.value > (_MOST_PERCENT if one.unit == "%" else _MOST_PX) for one in lengths):
        raise Refusal("invalid_crop_margin", f"{_MOST_PERCENT}% and {_MOST_PX}px are the most")
    return _written(lengths) if any(one.value for one in lengths) else "0"


def scale(text: str) -> str | None:
    """A scale as our option writes it; None for `original`."""
    if text.lower() == "original":
        return None
    try:
        values.parse_scale(text)
    except ValueError as error:
        raise Refusal("invalid_scale", f"It takes original, or 10% to 100%, got: {text[:40]}") from error
    return text


def position(text: str) -> str:
    """A position as our option writes it."""
    try:
        values.parse_position(text)
    except ValueError as error:
        detail = f"It takes original, center, or one or two shares from 0% to 100%, got: {text[:40]}"
        raise Refusal("invalid_position", detail) from error
    return text.lower()


def colour(text: str, *, on_white: bool = False) -> values.Colour:
    """A background colour; `on_white`, opaque, as formats without transparency show it."""
    try:
        found = values.parse_colour(text)
    except ValueError as error:
        raise Refusal("invalid_bg_color", f"It takes a name or a hex code as in 81d4fa, got: {text[:40]}") from error
    if not on_white:
        return found
    return values.Colour(*(part * found.alpha + 1 - found.alpha for part in found.rgb))


def write_colour(colour: values.Colour) -> str:
    """A colour as our option writes it."""
    if colour.alpha == 0:
        return "transparent"
    return "#" + "".join(f"{round(part * 255):02x}" for part in (*colour.rgb, colour.alpha))


def _written(lengths: list[values.Length]) -> str:
    return " ".join(f"{one.value:.9g}{one.unit}" for one in lengths)
