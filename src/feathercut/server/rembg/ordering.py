"""From rembg's fields to an order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from feathercut.compat.rembg.meaning import Asked, options
from feathercut.compat.rembg.names import record_of
from feathercut.errors import OptionError
from feathercut.models.catalogue import find
from feathercut.options import Network
from feathercut.server.orders import Order
from feathercut.server.rembg.fields import Fields
from feathercut.server.settings import ServerSettings
from feathercut.settings import Settings

EXTRAS = ("edges", "presence", "specks", "edge_shift", "edge_softness", "edge_contrast", "decontaminate", "keep_exif")
"""Options of ours that `extras` may hold. Nothing that names a file, a network's address or a limit is among them."""
_OTHERS = ("putalpha", "accept_licence")
_MOST_CHARACTERS = 4096


class ColourError(OptionError):
    """A background colour that is none."""


class ExtrasError(OptionError):
    """Extras that are no JSON object, or hold what no caller may say."""


class NotOfferedError(OptionError):
    """A network that rembg has and this server does not offer."""


def order_of(picture: bytes, fields: Fields, settings: ServerSettings) -> Order:
    """What is asked for, in our words. Raises OptionError or UnknownModelError."""
    extras = read_extras(fields.extras)
    more: dict[str, Any] = {name: value for name, value in extras.items() if name in EXTRAS}
    asked = Asked(
        only_mask=fields.om,
        post_process_mask=fields.ppm,
        putalpha=bool(extras.get("putalpha", False)),
        bgcolor=read_colour(fields.bgc),
        more={**more, **settings.limits(), "format": "png"},
    )
    return Order(picture, _network(fields.model, extras, settings), options(asked))


def read_colour(text: str | None) -> list[int] | None:
    """`R,G,B` or `R,G,B,A` as numbers. Raises ColourError.

    >>> read_colour("255, 0, 0, 128")
    [255, 0, 0, 128]
    """
    if text is None:
        return None
    parts = [part.strip() for part in text.strip().strip("()[]").split(",")]
    numbers = [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) <= 3]
    if len(parts) not in (3, 4) or len(numbers) != len(parts) or max(numbers) > 255:
        raise ColourError(f"`bgc` takes a colour as `R,G,B` or `R,G,B,A`, each from 0 to 255, got: {text[:80]}")
    return numbers


def read_extras(text: str | None) -> Mapping[str, object]:
    """The extras of a request. Raises ExtrasError where one of them is not for callers to say."""
    if text is None:
        return {}
    if len(text) > _MOST_CHARACTERS:
        raise ExtrasError(f"`extras` has more than {_MOST_CHARACTERS} characters")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ExtrasError('`extras` takes a JSON object, such as {"putalpha": true}') from error
    if not isinstance(found, dict):
        raise ExtrasError('`extras` takes a JSON object, such as {"putalpha": true}')
    known = (*_OTHERS, *EXTRAS)
    if unknown := [name for name in found if name not in known]:
        raise ExtrasError(f"`extras` may hold {', '.join(known)}, and not: {unknown[0][:80]}")
    return found


def _network(name: str | None, extras: Mapping[str, object], settings: ServerSettings) -> Network:
    """The network, where it is one of those that the server offers."""
    record = settings.models[0] if name is None else record_of(name)
    if record not in settings.models:
        raise NotOfferedError(
            f"This server offers {', '.join(settings.models)}, and `{name}` is not among them; "
            f"`feathercut serve --models` names what it offers (`{record}` is its name there)"
        )
    return settings.network(record, accept_licence=_accepted(record, extras, settings))


def _accepted(record: str, extras: Mapping[str, object], settings: ServerSettings) -> str | None:
    """The licence that counts as accepted: the caller's word where the network asks for it, else the operator's.

    A word that no licence has changes nothing: it must not make another network of one that is loaded.
    """
    given = extras.get("accept_licence")
    if given is None:
        return settings.accept_licence
    if not isinstance(given, str):
        raise ExtrasError("`extras`: `accept_licence` takes the name of a licence")
    asked_for = find(record, Settings.read().models).licence.accept
    return given if given == asked_for else settings.accept_licence
