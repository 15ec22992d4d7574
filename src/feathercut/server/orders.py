"""What an HTTP route asks of inference, and what it gets back: plain values that travel between processes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from feathercut.errors import FeathercutError
from feathercut.options import Network, Options
from feathercut.pictures import Size


@dataclass(frozen=True)
class Order:
    """One photo and what is wanted of it.

    `picture`, `background_picture` and `matte` are files as they came, undecoded: only inference decodes. `most_pixels`
    reduces the photo before anything looks at it. `recipe` is the JSON of a recipe to replay. `gives` says what the
    answer's body is: the picture in `options.format`, a stored ZIP of `color.jpg` and `alpha.png`, or one of `1.png`,
    `2.png` and so on, `each` subject alone.
    """

    picture: bytes = field(repr=False)
    network: Network
    options: Options
    background_picture: bytes | None = field(default=None, repr=False)
    matte: bytes | None = field(default=None, repr=False)
    recipe: str | None = field(default=None, repr=False)
    most_pixels: int | None = None
    gives: Literal["picture", "layers", "each"] = "picture"


@dataclass(frozen=True)
class Answer:
    """A finished file and what is known of it.

    `size` is the result's and `photo_size` the upright photo's before it was reduced. `foreground` is the subject's box
    in the result, (top, left, height, width), all zero where nothing was found. `stages_s` are seconds by name of
    stage. `report` is `Report.as_object` with masks: its places are those of the photo as it was looked at.
    """

    body: bytes = field(repr=False)
    media_type: str
    size: Size
    photo_size: Size
    foreground: tuple[int, int, int, int]
    found: bool
    model: str
    stages_s: dict[str, float]
    report: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Caller:
    """Who asks: turns are fair between `name`s, one of `weight` 0.5 gets half of what others get.

    `deadline_s` is how long the answer is waited for.
    """

    name: str
    deadline_s: float
    weight: float = 1.0


class Inference(Protocol):
    """Whoever carries out orders: a thread of this process in tests, a supervised process in `feathercut serve`."""

    async def cut(self, order: Order, caller: Caller) -> Answer:
        """The answer. Raises what the library raises, BusyError or LateError; cancelling it frees its place."""
        ...


class ServerError(FeathercutError):
    """A request that the server cannot serve now; nothing is wrong with the photo."""


class BusyError(ServerError):
    """The queue is full, or the server is stopping; `retry_after_s` says when to come again."""

    def __init__(self, message: str, retry_after_s: float) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class LostError(BusyError):
    """The process that cuts photos out died at this order, and at its second try as well."""


class LateError(ServerError):
    """The deadline went by before the answer was there."""
