"""The small grammars that options are written in: colours, lengths, sizes, positions.

Options stay plain strings, so that they travel unchanged through JSON, forms and command lines;
each grammar is read by one `parse_` function here, which raises ValueError with what it takes. What
else people pass in Python, numbers and paths, a `write_` function turns into such a string.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from numbers import Integral, Real
from pathlib import PurePath
from typing import Literal

_NUMBER = r"(\d+(?:\.\d+)?)"


@dataclass(frozen=True)
class Colour:
    """A colour: red, green, blue and alpha in [0, 1], sRGB-encoded, straight."""

    red: float
    green: float
    blue: float
    alpha: float = 1.0

    @property
    def rgb(self) -> tuple[float, float, float]:
        """Red, green and blue."""
        return self.red, self.green, self.blue


@dataclass(frozen=True)
class Blur:
    """The photo itself, blurred; `radius_px` is a standard deviation, None a fiftieth of the longer side."""

    radius_px: float | None = None


@dataclass(frozen=True)
class Gradient:
    """From one colour to another; angle 0 runs to the right, 90 down."""

    start: Colour
    end: Colour
    angle_deg: float = 90.0


@dataclass(frozen=True)
class PictureFile:
    """A picture that covers the canvas: a path, or the bytes themselves as `data:;base64,...`."""

    path: str


Background = Colour | Gradient | Blur | PictureFile


@dataclass(frozen=True)
class Length:
    """A length in pixels, or in per cent of what it is a margin of."""

    value: float
    unit: Literal["px", "%"]

    def of(self, whole_px: float) -> float:
        """The length in pixels, where 100 % is `whole_px`."""
        return self.value if self.unit == "px" else self.value * whole_px / 100


def parse_colour(text: str) -> Colour:
    """The colour that a CSS-like word names.

    Takes names (`white`, `transparent`), `#rgb`, `#rgba`, `#rrggbb`, `#rrggbbaa` (the `#` may be
    missing), `rgb(r, g, b)` with 0..255 or per cent, `rgba(r, g, b, a)` with a in 0..1 or per cent.

    >>> parse_colour("f80")
    Colour(red=1.0, green=0.5333333333333333, blue=0.0, alpha=1.0)
    """
    word = text.strip().lower()
    if word == "transparent":
        return Colour(0.0, 0.0, 0.0, 0.0)
    if digits := re.fullmatch(r"#?([0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})", word):
        return _from_hex(digits[1])
    if call := re.fullmatch(r"rgba?\(([^()]*)\)", word):
        return _from_call(call[1], text)
    from PIL import ImageColor  # deferred: `--help` needs no Pillow

    if word in ImageColor.colormap:
        named = ImageColor.getrgb(word)
        return Colour(named[0] / 255, named[1] / 255, named[2] / 255)
    raise ValueError(f"`{text}` is no colour; write a name, `#rrggbb`, `#rrggbbaa` or `rgb(r, g, b)`")


def _from_hex(digits: str) -> Colour:
    pairs = [c * 2 for c in digits] if len(digits) < 6 else re.findall("..", digits)
    return Colour(*(int(pair, 16) / 255 for pair in pairs))


def _from_call(arguments: str, text: str) -> Colour:
    parts = re.split(r"\s*[,/]\s*|\s+", arguments.strip())
    if len(parts) not in (3, 4):
        raise ValueError(f"`{text}` needs three or four numbers, as in `rgb(255, 128, 0)`")
    values = []
    for place, part in enumerate(parts):
        match = re.fullmatch(_NUMBER + "(%?)", part)
        if not match:
            raise ValueError(f"`{text}` has a part that is no number: {part}")
        whole = 100.0 if match[2] else 255.0 if place < 3 else 1.0
        values.append(float(match[1]) / whole)
    if max(values) > 1.0:
        raise ValueError(f"`{text}` has a number that is too large; red, green and blue end at 255, alpha at 1")
    return Colour(*values)


def parse_background(text: str) -> Background:
    """What goes behind the subject: a colour, `blur`, `blur:RADIUS` in pixels, or a picture's path.

    `gradient:FROM,TO` and `gradient:FROM,TO,ANGLE` go from one colour to another.
    """
    word = text.strip()
    if word.lower().startswith("gradient:"):
        return _parse_gradient(word)
    if word.startswith("data:"):
        return PictureFile(word)
    if blur := re.fullmatch(rf"blur(?::{_NUMBER})?", word.lower()):
        return Blur(float(blur[1]) if blur[1] else None)
    try:
        return parse_colour(word)
    except ValueError as error:
        # A path is told by its looks, not by what lies on the disk: the same words mean the same everywhere.
        if re.search(r"[\\/]", word) or re.search(r"\.[a-z]\w{1,4}$", word.lower()):
            return PictureFile(text)
        raise ValueError(f"{error}; or `blur`, `gradient:FROM,TO`, or the path of a picture") from None


def _parse_gradient(text: str) -> Gradient:
    # Colours such as `rgb(255, 128, 0)` have commas of their own.
    start, end, angle, *more = [*re.split(r",(?![^(]*\))", text.partition(":")[2]), "", "", ""][:4]
    number = re.fullmatch(r"-?\d+(?:\.\d+)?", angle.strip() or "90")
    if not (start.strip() and end.strip() and number) or any(more):
        raise ValueError(f"`{text}` is no gradient; write `gradient:FROM,TO` or `gradient:FROM,TO,ANGLE`")
    return Gradient(parse_colour(start), parse_colour(end), float(number[0]))


def parse_margin(text: str) -> tuple[Length, Length, Length, Length]:
    """The space around a cropped subject: top, right, bottom, left.

    Takes one, two or four lengths as in CSS, each in px or in % of the subject's height (top and
    bottom) or width (left and right): `20`, `20px`, `5%`, `5% 10%`, `10px 20px 30px 20px`.
    """
    lengths = parse_lengths(text)
    if len(lengths) not in (1, 2, 4):
        raise ValueError(f"`{text}` is no margin; write one, two or four lengths, as in `20px` or `5% 10%`")
    top, right, bottom, left = {1: lengths * 4, 2: lengths * 2, 4: lengths}[len(lengths)]
    return top, right, bottom, left


def parse_region(text: str) -> tuple[Length, Length, Length, Length]:
    """Left, top, right and bottom of a rectangle, each in px or in % of the whole: `10% 0 90% 100%`."""
    lengths = parse_lengths(text)
    if len(lengths) != 4:
        raise ValueError(f"`{text}` is no region; write left, top, right and bottom, as in `0 0 50% 100%`")
    left, top, right, bottom = lengths
    return left, top, right, bottom


def parse_lengths(text: str) -> list[Length]:
    """Lengths in px or %; none where one of them is no length."""
    matches = [re.fullmatch(_NUMBER + "(px|%)?", part) for part in text.replace(",", " ").split()]
    return [Length(float(m[1]), "%" if m[2] == "%" else "px") for m in matches if m] if all(matches) else []


def parse_size(text: str) -> tuple[int, int]:
    """(height, width) of the canvas from `WIDTHxHEIGHT`, or from one number for a square.

    >>> parse_size("1920x1080")
    (1080, 1920)
    """
    match = re.fullmatch(r"(\d{1,6})(?:\s*[x×]\s*(\d{1,6}))?", text.strip().lower())
    if not match:
        raise ValueError(f"`{text}` is no size; write `WIDTHxHEIGHT` in pixels, as in `2000x2000`")
    width, height = int(match[1]), int(match[2] or match[1])
    if min(width, height) < 1 or max(width, height) > 65_535:
        raise ValueError(f"`{text}` is out of range; each side has 1 to 65535 pixels")
    return height, width


def parse_scale(text: str) -> float:
    """How much of the canvas the subject may fill, in (0, 1], from `10%` to `100%`."""
    match = re.fullmatch(_NUMBER + "%?", text.strip())
    if not match or not 10 <= float(match[1]) <= 100:
        raise ValueError(f"`{text}` is no scale; write `10%` to `100%`")
    return float(match[1]) / 100


def parse_position(text: str) -> Literal["original"] | tuple[float, float]:
    """Where the subject stands: `original`, `center`, or one or two per cents of the free space (x, y).

    `0%` is left or top, `100%` right or bottom, as in CSS `background-position`.
    """
    word = text.strip().lower()
    if word == "original":
        return "original"
    if word in ("center", "centre"):
        return 0.5, 0.5
    parts = word.replace(",", " ").split()
    matches = [re.fullmatch(_NUMBER + "%?", part) for part in parts]
    if len(parts) in (1, 2) and all(matches):
        x, *rest = (float(match[1]) / 100 for match in matches if match)
        y = rest[0] if rest else x
        if max(x, y) <= 1:
            return x, y
    raise ValueError(f"`{text}` is no position; write `original`, `center`, or `X% Y%` from 0 to 100")


def write_background(value: object) -> object:
    """A background in words, from a path or from whole numbers up to 255: red, green, blue, perhaps alpha.

    >>> write_background((255, 0, 0)), write_background((255, 0, 0, 128)), write_background(PurePath("white"))
    ('rgb(255, 0, 0)', '#ff000080', './white')
    """
    if isinstance(value, PurePath):
        return str(value) if re.search(r"[\\/]|\.[A-Za-z]\w{1,4}$", str(value)) else f"./{value}"
    if isinstance(value, tuple | list) and len(value) in (3, 4) and all(isinstance(part, Integral) for part in value):
        numbers = [int(part) for part in value]
        if min(numbers) < 0 or max(numbers) > 255:
            raise ValueError(f"the numbers of a colour are 0 to 255, got: {value}")
        return f"rgb({', '.join(map(str, numbers))})" if len(numbers) == 3 else f"#{bytes(numbers).hex()}"
    return _words(value, "text such as `white` or `blur`, the path of a picture, or whole numbers as (255, 128, 0)")


def write_margin(value: object) -> object:
    """A margin in words, from a number of pixels.

    >>> write_margin(20), write_margin(0)
    ('20px', '0')
    """
    if (length := _number(value)) is not None:
        return f"{length:.15g}px" if length else "0"
    return _words(value, "a number of pixels, or text such as `20px` or `5% 10%`")


def write_size(value: object) -> object:
    """A size in words, from the side of a square or from (width, height).

    >>> write_size(100), write_size((1920, 1080))
    ('100', '1920x1080')
    """
    sides = value if isinstance(value, tuple | list) and len(value) == 2 else [value]
    if all(isinstance(side, Integral) and not isinstance(side, bool) for side in sides):
        return "x".join(map(str, sides))
    return _words(value, "a whole number, (width, height), or text such as `1920x1080`")


def write_scale(value: object) -> object:
    """A scale in words, from a share of the canvas.

    >>> write_scale(0.5)
    '50%'
    """
    share = _number(value)
    if share is not None and 0 < share <= 1:
        return f"{share * 100:.13g}%"
    return _words(value, "a number from 0.1 to 1, or text such as `80%`")


def write_position(value: object) -> object:
    """A position in words, which is the only way to write one."""
    return _words(value, "text such as `original`, `center` or `50% 100%`")


def _number(value: object) -> float | None:
    return float(value) if not isinstance(value, bool) and isinstance(value, Real) else None


def _words(value: object, wanted: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"it takes {wanted}, got: {value!r}")


def write_path(value: object) -> object:
    """A path in words.

    >>> write_path(PurePath("masks") / "cup.png")
    'masks/cup.png'
    """
    return str(value) if isinstance(value, PurePath) else value


def parse_path(text: str) -> PurePath:
    """A path that names something."""
    if not text.strip() or "\0" in text:
        raise ValueError(f"a path is wanted, got: {text!r}")
    return PurePath(text)
