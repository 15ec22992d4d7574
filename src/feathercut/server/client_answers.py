"""What a server answers its client: results, jobs, and errors as the library raises them."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from feathercut import errors, files
from feathercut.errors import FeathercutError
from feathercut.server import errors as server_errors
from feathercut.server.orders import BusyError, LateError, LostError

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
    "unknown_job": server_errors.UnknownJobError,
    "unfinished": server_errors.UnfinishedError,
    "storage_full": server_errors.StorageFullError,
}


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


@dataclass(frozen=True)
class JobProblem:
    """Why a picture of a job cannot be had: a word for programs, and a sentence."""

    code: str
    detail: str


@dataclass(frozen=True)
class JobPicture:
    """One picture of a job, by its number from 1."""

    number: int
    state: Literal["waiting", "running", "done", "failed"]
    problem: JobProblem | None


@dataclass(frozen=True)
class Job:
    """A job at a server. It has ended where it is `done`, with one result at least, or `failed`, with none."""

    id: str
    state: Literal["waiting", "running", "done", "failed"]
    created: datetime
    expires: datetime
    pictures: tuple[JobPicture, ...]

    @property
    def has_ended(self) -> bool:
        """Whether nothing will change any more."""
        return self.state in ("done", "failed")

    @property
    def done(self) -> int:
        """How many pictures are done."""
        return sum(picture.state == "done" for picture in self.pictures)

    @property
    def failed(self) -> int:
        """How many pictures cannot be had."""
        return sum(picture.state == "failed" for picture in self.pictures)


@dataclass(frozen=True)
class Event:
    """A server-sent event."""

    id: str
    name: str
    data: str


def read_cutout(body: bytes, headers: Mapping[str, str]) -> Cutout:
    """A result, by its bytes and its headers."""

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


def read_job(told: Mapping[str, Any]) -> Job:
    """A job as the server tells of it."""
    pictures = []
    for one in told["pictures"]:
        wrong = one["problem"]
        problem = JobProblem(wrong["code"], wrong["detail"]) if wrong else None
        pictures.append(JobPicture(one["number"], one["state"], problem))
    created, expires = (datetime.fromisoformat(told[name]) for name in ("created", "expires"))
    return Job(told["id"], told["state"], created, expires, tuple(pictures))


def read_events(lines: Iterable[str]) -> Iterator[Event]:
    """The events of a stream; comments are passed over.

    >>> list(read_events([": here", "", "id: 3", "event: done", "data: {}", ""]))
    [Event(id='3', name='done', data='{}')]
    """
    said: dict[str, str] = {}
    for line in lines:
        if not line:
            if "data" in said:
                yield Event(said.get("id", ""), said.get("event", "message"), said["data"])
            said = {}
        elif not line.startswith(":"):
            name, _, value = line.partition(":")
            said[name] = value.removeprefix(" ")


def read_error(answer: Any) -> FeathercutError:
    """What the server said, as the library would raise it; of an answer that was read."""
    try:
        told = answer.json()
        code, detail = str(told["code"]), str(told["detail"])
    except (ValueError, KeyError, TypeError):
        return FeathercutError(f"The server answered with {answer.status_code}, and not as Feathercut does")
    wait_s = read_number(answer.headers.get("retry-after")) or 0
    if code in ("busy", "lost"):
        return (BusyError if code == "busy" else LostError)(detail, wait_s)
    if code == "rate_limited":
        limits = {name: value for name, value in answer.headers.items() if name.startswith("x-ratelimit")}
        return server_errors.RateLimitedError(detail, wait_s, limits)
    return _ERRORS.get(code, FeathercutError)(detail)


def read_number(text: str | None) -> float | None:
    """A number in a header; None where there is none."""
    return float(text) if text and text.isdigit() else None
