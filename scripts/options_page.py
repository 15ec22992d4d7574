"""The text of docs/options.md: every option, from its field in `options/`."""

from __future__ import annotations

import types
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from feathercut.options import Compose, Decode, Edit, Encode, Foreground, Method, Network, Refine, Section, Select

SECTIONS: tuple[type[Section], ...] = (Network, Decode, Method, Refine, Select, Edit, Foreground, Compose, Encode)

HEAD = """# Options

Written by `scripts/docs.py` from `src/feathercut/options/`. The keyword is for Python
(`feathercut.remove("photo.jpg", crop=True)`), the flag for the command line (`feathercut remove --crop photo.jpg`).

"""

GRAMMARS = """## How values are written

**Colours** (`background`, `over`): a name (`white`, `rebeccapurple`; `transparent` is one), `#rgb`, `#rgba`, `#rrggbb`,
`#rrggbbaa` (the `#` may be missing), `rgb(255, 128, 0)` or `rgb(100%, 50%, 0%)`, `rgba(255, 128, 0, 0.5)`. Colours are
sRGB and straight; on a photo with another profile they are converted.

**Backgrounds**: a colour, `blur` (a fiftieth of the longer side), `blur:24` (the standard deviation in pixels), or the
path of a picture, which covers the canvas. A path is told by a slash or an ending: write `./beach` for a file without.

**Margins** (with `crop`): one, two or four lengths as in CSS, in px or in % of the subject's height (top and bottom) or
width (left and right): `20`, `20px`, `5%`, `5% 10%`, `10px 20px 30px 20px`.

**Sizes**: `1920x1080` is width by height; one number is a square.

**Scales**: `10%` to `100%` of the canvas that the subject's box may fill.

In Python `background` also takes a path object or `(red, green, blue)` in whole numbers to 255, perhaps with alpha;
`margin` a number of pixels; `size` a whole number or `(width, height)`; `scale` a number from 0.1 to 1.

**Positions**: `original`, `center`, or one or two per cents of the free space: `0%` is left or top, `100%` right or
bottom, as in CSS's `background-position`.
"""


def kind(annotation: Any) -> str:
    """A field's type in words."""
    if get_origin(annotation) in (Union, types.UnionType):
        return " or ".join(kind(part) for part in get_args(annotation) if part is not types.NoneType)
    if get_origin(annotation) is Literal:
        return ", ".join(f"`{choice}`" for choice in get_args(annotation))
    return {bool: "yes or no", int: "whole number", float: "number", str: "text"}[annotation]


def bounds(field: FieldInfo) -> str:
    """A field's range in words."""
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    found = [
        (sign, getattr(rule, name)) for rule in field.metadata for name, sign in signs.items() if hasattr(rule, name)
    ]
    return ", ".join(f"{sign} {value:g}" for sign, value in found if value is not None)


def row(name: str, field: FieldInfo) -> str:
    """A field's row."""
    default = "" if field.default is None else "no" if field.default is False else f"`{field.default}`"
    flag = "–" if name == "order" else f"`--{name.replace('_', '-')}`"
    cells = [f"`{name}`", flag, kind(field.annotation), default, bounds(field), field.description or ""]
    return "| " + " | ".join(cells) + " |\n"


def section(options: type[Section]) -> str:
    """A step's options, nothing where it has none."""
    if not options.model_fields:
        return ""
    table = "| keyword | flag | takes | default | range | what it does |\n|---|---|---|---|---|---|\n"
    rows = "".join(row(name, field) for name, field in options.model_fields.items())
    return f"## {options.__name__}\n\n{options.__doc__}\n\n{table}{rows}\n"


def render() -> str:
    """The page."""
    return HEAD + "".join(map(section, SECTIONS)) + GRAMMARS
