"""A client of a Feathercut server, typed: options go as the library takes them, errors come as it raises them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from feathercut import errors, files
from feathercut.errors import FeathercutError, OptionError
from feathercut.options import Options
from feathercut.server import errors as server_errors
from feathercut.server.orders import BusyError, LateError

_ERRORS: dict[str, type[FeathercutError]] = {
    "too_large": errors.TooLargeError,
    "not_a_picture": errors.NotAPictureError,
    "damaged_picture": errors.DamagedPictureError,
    "unusable_picture": errors.InputError,
    "unusable_recipe": errors.RecipeError,
    "wrong_option": errors.OptionError,
    "licence": errors.LicenceError,
    "key_refused": server_errors.KeyRefusedError,
    "no_credits_left": server_errors.QuotaError,
    "model_unavailable": errors.ModelError,
    "late": LateError,
}
_LONGEST_WAIT_S = 60.0

Photo = str | os.PathLike[str] | bytes


@dataclass(frozen=True)
class Cutout:
    """A finished picture's file and what the server said of it.

    Sizes are (height, width); `foreground` is the subject's box in the picture: (top, left, height, width).
    `report` has `confidence`, `verdict` and `findings`; it is empty where an older server says nothing of it.
    """

    body: bytes = field(repr=False)
    media_type: str
    size: tuple[int, int]
    photo_size: tuple[int, int]
    foreground: tuple[int, int, int, int]
    found: bool
    model: str
    request_id: str
    report: Mapping[str, Any] = field(default_factory=dict)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Writes the file and gives back its path. Raises OutputError."""
        target = Path(path)
        files.write(target, self.body, overwrite=True)
        return target


@dataclass(frozen=True)
class ServedModel:
    """A network that a server has."""

    id: str
    title: str
    licence: str
    commercial: bool
    default: bool


class Client:
    """A server at an address: `Client("http://127.0.0.1:7000").cut("photo.jpg", crop=True).save("cutout.png")`.

    It may be used by several threads at once. Where the server has too much to do it comes again when it is told to,
    `retries` times. `transport` is one of httpx's, for tests and for connections of one's own.
    """

    def __init__(
        self,
        address: str = "http://127.0.0.1:7000",
        *,
        key: str | None = None,
        timeout_s: float = 150,
        retries: int = 3,
        transport: Any = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        try:
            import httpx  # deferred: an extra
        except ImportError as error:
            raise OptionError("The client needs httpx; `pip install 'feathercut[server]'` adds it") from error
        headers = {} if key is None else {"X-Api-Key": key}
        self._http = httpx.Client(base_url=address, headers=headers, timeout=timeout_s, transport=transport)
        self._gone: tuple[type[Exception], ...] = (httpx.TransportError, httpx.InvalidURL)
        self._address, self._retries, self._pause = address, retries, pause

    def cut(
        self,
        photo: Photo,
        *,
        model: str | None = None,
        quality: str | None = None,
        matte: Photo | None = None,
        background_picture: Photo | None = None,
        recipe: str | None = None,
        **options: object,
    ) -> Cutout:
        """The cutout of a photo: a path, or a file's bytes. Takes the options of `Options`, checked before they go.

        Raises OptionError, InputError and its kinds, RecipeError, LicenceError, ModelError; KeyRefusedError,
        QuotaError, RateLimitedError, BusyError or LateError of `feathercut.server`; FeathercutError for what is left.
        """
        given = {"picture": photo, "matte": matte, "background_picture": background_picture}
        uploads = {name: ("picture", _bytes(name, one)) for name, one in given.items() if one is not None}
        words = {"model": model, "quality": quality, "recipe": recipe, **_words(options)}
        data = {name: word for name, word in words.items() if word is not None}
        answer = self._asked("POST", "v1/cutouts", files=uploads, data=data)
        return _cutout(answer.content, answer.headers)

    def models(self) -> list[ServedModel]:
        """The networks that may be asked for, the default one among them."""
        return [ServedModel(**row) for row in self._asked("GET", "v1/models").json()["models"]]

    def close(self) -> None:
        """Ends the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _asked(self, method: str, path: str, **given: Any) -> Any:
        """The answer to a request, once the server has time for it."""
        for left in reversed(range(self._retries + 1)):
            try:
                answer = self._http.request(method, path, **given)
            except self._gone as error:
                raise FeathercutError(f"The server at {self._address} cannot be reached: {error}") from error
            if answer.is_success:
                return answer
            wait_s = _number(answer.headers.get("retry-after"))
            if not left or answer.status_code not in (429, 503) or wait_s is None or wait_s > _LONGEST_WAIT_S:
                raise _error(answer)
            self._pause(wait_s)
        raise AssertionError  # the last turn of the loop ends it


def _bytes(name: str, photo: Photo) -> bytes:
    if isinstance(photo, bytes):
        return photo
    try:
        return Path(photo).read_bytes()
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise errors.InputError(f"The {name.replace('_', ' ')} {photo} cannot be read: {reason}") from error


def _words(options: Mapping[str, Any]) -> dict[str, str]:
    """Options as a form has them. Raises OptionError for a name or a value that there is not."""
    kept = Options(**options).model_dump()
    return {name: str(kept[name]) for name in options if kept[name] is not None}


def _cutout(body: bytes, headers: Mapping[str, str]) -> Cutout:
    def size(name: str) -> tuple[int, int]:
        width, height = headers[name].split("x")
        return int(height), int(width)

    left, top, width, height = map(int, headers["x-feathercut-foreground"].split())
    return Cutout(
        body,
        headers["content-type"],
        size("x-feathercut-size"),
        size("x-feathercut-photo-size"),
        (top, left, height, width),
        headers["x-feathercut-found"] == "true",
        headers["x-feathercut-model"],
        headers["x-request-id"],
        json.loads(headers.get("x-feathercut-report", "{}")),
    )


def _error(answer: Any) -> FeathercutError:
    """What the server said, as the library would raise it."""
    try:
        told = answer.json()
        code, detail = str(told["code"]), str(told["detail"])
    except (ValueError, KeyError, TypeError):
        return FeathercutError(f"The server answered with {answer.status_code}, and not as Feathercut does")
    wait_s = _number(answer.headers.get("retry-after")) or 0
    if code == "busy":
        return BusyError(detail, wait_s)
    if code == "rate_limited":
        limits = {name: value for name, value in answer.headers.items() if name.startswith("x-ratelimit")}
        return server_errors.RateLimitedError(detail, wait_s, limits)
    return _ERRORS.get(code, FeathercutError)(detail)


def _number(text: str | None) -> float | None:
    return float(text) if text and text.isdigit() else None
