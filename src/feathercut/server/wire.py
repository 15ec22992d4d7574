"""What HTTP workers and inference say to each other: a line of JSON and the files that belong to it, no pickles."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from feathercut import errors
from feathercut.errors import FeathercutError
from feathercut.options import Network, Options
from feathercut.server import orders
from feathercut.server.orders import Answer, BusyError, Caller, Order

BUFFER_BYTES = 1 << 22
_LENGTH = struct.Struct("!I")
_MOST_HEAD_BYTES = 1 << 20
_FILES = ("picture", "background_picture", "matte")

KINDS: dict[str, type[FeathercutError]] = {
    name: kind
    for module in (errors, orders)
    for name, kind in vars(module).items()
    if isinstance(kind, type) and issubclass(kind, FeathercutError)
}


class WireError(Exception):
    """The other side went away, or said what is no message."""


@dataclass(frozen=True)
class Message:
    """`head` says what it is; `files` are the bytes that belong to it."""

    head: Mapping[str, Any]
    files: Sequence[bytes] = ()


async def send(writer: asyncio.StreamWriter, message: Message) -> None:
    """Sends a message. Raises WireError where the other side has gone."""
    head = json.dumps({**message.head, "files": [len(one) for one in message.files]}).encode()
    try:
        writer.write(_LENGTH.pack(len(head)) + head)
        for one in message.files:
            writer.write(one)
        await writer.drain()
    except OSError as error:
        raise WireError(f"nobody listens: {error}") from error


async def receive(reader: asyncio.StreamReader) -> Message:
    """The next message. Raises WireError where none comes any more."""
    try:
        (length,) = _LENGTH.unpack(await reader.readexactly(_LENGTH.size))
        if length > _MOST_HEAD_BYTES:
            raise WireError(f"a message cannot begin with {length} bytes")
        head = json.loads(await reader.readexactly(length))
        files = [await reader.readexactly(size) if size else b"" for size in head.pop("files")]
    except (OSError, asyncio.IncompleteReadError, ValueError) as error:
        raise WireError(f"the connection ended: {error}") from error
    return Message(head, files)


def order_message(order: Order, caller: Caller) -> Message:
    """An order as a message."""
    named = {name: getattr(order, name) for name in _FILES}
    recipe = None if order.recipe is None else order.recipe.encode()
    head = {
        "kind": "order",
        "caller": caller.name,
        "deadline_s": caller.deadline_s,
        "weight": caller.weight,
        "network": order.network.model_dump(mode="json"),
        "options": order.options.model_dump(mode="json"),
        "most_pixels": order.most_pixels,
        "gives": order.gives,
        "names": [name for name, one in [*named.items(), ("recipe", recipe)] if one is not None],
    }
    return Message(head, [one for one in [*named.values(), recipe] if one is not None])


def read_order(message: Message) -> tuple[Order, Caller]:
    """The order in a message. Raises OptionError where an option has a value that it does not take."""
    head = message.head
    files: dict[str, Any] = dict(zip(head["names"], message.files, strict=True))
    recipe = files.pop("recipe", None)
    order = Order(
        network=Network(**head["network"]),
        options=Options(**head["options"]),
        recipe=None if recipe is None else recipe.decode(),
        most_pixels=head["most_pixels"],
        gives=head["gives"],
        **files,  # bytes, all of them
    )
    return order, Caller(head["caller"], head["deadline_s"], head["weight"])


def answer_message(answer: Answer) -> Message:
    """An answer as a message."""
    known = {name: value for name, value in vars(answer).items() if name != "body"}
    return Message({"kind": "answer", **known}, [answer.body])


def read_answer(message: Message) -> Answer:
    """The answer in a message; raises the error that it tells of."""
    head = dict(message.head)
    if head.pop("kind") == "error":
        raise _error(head)
    head |= {name: tuple(head[name]) for name in ("size", "photo_size", "foreground")}
    return Answer(body=message.files[0], **head)


def error_message(error: FeathercutError) -> Message:
    """An error as a message."""
    kind = next(one.__name__ for one in type(error).__mro__ if one.__name__ in KINDS)
    return Message(
        {"kind": "error", "error": kind, "message": str(error), "wait_s": getattr(error, "retry_after_s", 0)}
    )


def _error(head: Mapping[str, Any]) -> FeathercutError:
    kind = KINDS[head["error"]]
    return BusyError(head["message"], head["wait_s"]) if issubclass(kind, BusyError) else kind(head["message"])
