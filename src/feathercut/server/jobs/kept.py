"""An order as a job keeps it: its words in the database, its files on disk."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence

from feathercut.errors import FeathercutError, OptionError
from feathercut.server import wire
from feathercut.server.jobs.folder import Folder
from feathercut.server.jobs.upload import picture_file
from feathercut.server.orders import Caller, Order
from feathercut.server.settings import ServerSettings


def words_of(order: Order) -> str:
    """An order without its files."""
    return json.dumps(dict(wire.order_message(order, Caller("", 0)).head))


def read_kept(folder: Folder, name: str, number: int, asked: str, settings: ServerSettings) -> Order:
    """The order for a picture of a job, by the settings of today.

    Raises OptionError where they, or this release, no longer allow it, and UnknownJobError where its files are gone.
    """
    head = json.loads(asked)
    files: Sequence[bytes] = [
        folder.read(name, picture_file(number) if one == "picture" else one) for one in head["names"]
    ]
    try:
        order, _ = wire.read_order(wire.Message(head, files))
    except FeathercutError as error:
        raise OptionError(f"What this job asked for is not to be had any more: {error}") from error
    model = order.network.model
    if model not in settings.models:
        raise OptionError(f"Option `model`: this server has {', '.join(settings.models)}, not: {model}")
    network = settings.network(model, quality=order.network.quality)
    return dataclasses.replace(order, network=network, options=order.options.model_copy(update=settings.limits()))
