"""The flags that `feathercut rembg i`, `p` and `b` have in common, and what they ask for in our words."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

import click

from feathercut.compat.rembg.meaning import Asked, options, split
from feathercut.compat.rembg.names import DEFAULT, record_of
from feathercut.errors import OptionError
from feathercut.options import Network, Options

Command = TypeVar("Command", bound=Callable[..., Any])

_ALWAYS = "Taken and without effect: edges always follow the photo."
_DECORATIONS = (
    click.option("-m", "--model", default=DEFAULT, show_default=True, metavar="NAME",
                 help="Network, by rembg's name for it or by ours."),
    click.option("-a", "--alpha-matting", is_flag=True, help=_ALWAYS),
    click.option("-af", "--alpha-matting-foreground-threshold", type=int, default=240, help=_ALWAYS),
    click.option("-ab", "--alpha-matting-background-threshold", type=int, default=10, help=_ALWAYS),
    click.option("-ae", "--alpha-matting-erode-size", type=int, default=10, help=_ALWAYS),
    click.option("-om", "--only-mask", is_flag=True, help="Write the matte as a grey picture."),
    click.option("-ppm", "--post-process-mask", is_flag=True, help="Drop lone pieces below 5 % of the largest."),
    click.option("-dc", "--decontaminate", is_flag=True,
                 help="Taken and without effect: the background's colours are always bled out of soft edges."),
    click.option("-vm", "--vitmatte", is_flag=True, help=_ALWAYS),
    click.option("-bgc", "--bgcolor", type=(int, int, int, int), default=None, metavar="R G B A",
                 help="Colour behind the subject, each number from 0 to 255."),
    click.option("-x", "--extras", metavar="JSON", help='More options by name, such as \'{"edge_shift": -1}\'.'),
)  # fmt: skip


def rembgs(command: Command) -> Command:
    """Gives a command the flags that `i`, `p` and `b` have in common."""
    for decorate in reversed(_DECORATIONS):
        command = decorate(command)
    return command


def read(values: dict[str, Any]) -> tuple[Network, Options]:
    """What the common flags ask for, in our words. Raises OptionError or UnknownModelError."""
    asked, rest = split(_extras(values["extras"]))
    network = {name: rest.pop(name) for name in Network.model_fields if name in rest}
    if rest:
        raise OptionError(f"`--extras`: there is no option `{next(iter(rest))}`; `feathercut remove --help` names them")
    more = {"format": "png", **asked.more}
    asked = Asked(values["only_mask"], values["post_process_mask"], asked.putalpha, values["bgcolor"], more)
    return Network(**{"model": record_of(values["model"]), **network}), options(asked)


def _extras(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text) if text and text.strip() else {}
    except ValueError as error:
        raise OptionError('`--extras` takes a JSON object, such as {"edge_shift": -1}') from error
    if not isinstance(found, dict):
        raise OptionError('`--extras` takes a JSON object, such as {"edge_shift": -1}')
    return found
