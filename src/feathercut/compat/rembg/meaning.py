"""What rembg's options mean here.

| rembg | here |
|---|---|
| `alpha_matting` (`a`), `vitmatte` (`vm`) | always so: soft edges follow the photo, at its own size |
| `alpha_matting_*` (`af`, `ab`, `ae`), `vitmatte_model` | no effect: how wide an edge is, is seen in the photo |
| `decontaminate` (`dc`) | always so: soft pixels have the subject's own colours |
| `putalpha` | `decontaminate` 0: soft pixels keep the photo's colours |
| `only_mask` (`om`) | `only_matte` |
| `post_process_mask` (`ppm`) | `specks` 5: lone pieces below 5 % of the largest go; hair and soft edges stay |
| `bgcolor` (`bgc`) | `background` |
| what else is given by name | the option of that name, where Feathercut has one |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from feathercut.errors import OptionError
from feathercut.options import Options

Number = int | float

_POST_PROCESSED = 5.0


@dataclass(frozen=True)
class Asked:
    """What a caller of rembg asks of one photo; `more` are options of ours by name."""

    only_mask: bool = False
    post_process_mask: bool = False
    putalpha: bool = False
    bgcolor: Sequence[Number] | None = None
    more: Mapping[str, object] = field(default_factory=dict)


def options(asked: Asked) -> Options:
    """The same in our words. Raises OptionError where a value makes no sense."""
    wanted: dict[str, Any] = {}
    if asked.only_mask:
        wanted["only_matte"] = True
    elif asked.bgcolor is not None:
        wanted["background"] = background(asked.bgcolor)
    if asked.post_process_mask:
        wanted["specks"] = _POST_PROCESSED
    if asked.putalpha:
        wanted["decontaminate"] = 0
    return Options(**wanted | dict(asked.more))


def background(colour: Sequence[Number]) -> str:
    """A colour of three or four numbers from 0 to 255 as an option has it; one that does not show is no background.

    >>> background((255, 128, 0, 255)), background((1, 2, 3, 0))
    ('#ff8000ff', 'transparent')
    """
    numbers = [int(one) for one in colour if 0 <= one <= 255]
    if len(colour) not in (3, 4) or len(numbers) != len(colour):
        shown = ",".join(map(str, colour))
        raise OptionError(f"`bgcolor` takes red, green, blue and alpha from 0 to 255, got: {shown}")
    *rgb, alpha = numbers if len(numbers) == 4 else (*numbers, 255)
    return "#" + bytes((*rgb, alpha)).hex() if alpha else "transparent"


def split(given: Mapping[str, object]) -> tuple[Asked, dict[str, Any]]:
    """What is asked for by name beside rembg's own parameters, and what is none of ours."""
    ours = {name: value for name, value in given.items() if name in Options.model_fields}
    rest = {name: value for name, value in given.items() if name not in ours and name != "putalpha"}
    return Asked(putalpha=bool(given.get("putalpha", False)), more=ours), rest
