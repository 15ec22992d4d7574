"""A client of a Feathercut server, typed: options go as the library takes them, errors come as it raises them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from feathercut import errors, files
from feathercut.errors import FeathercutError, OptionError
from feathercut.options import Options
from feathercut.server.client_answers import (
    Cutout,
    Job,
    ServedModel,
    read_cutout,
    read_error,
    read_events,
    read_job,
    read_number,
)
from feathercut.server.errors import UnknownJobError

_LONGEST_WAIT_S = 60.0
_RECONNECT_S = 1.0

Photo = str | os.PathLike[str] | bytes


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
        form = _form((photo,), {"matte": matte, "background_picture": background_picture}, options)
        form["data"] |= _said({"model": model, "quality": quality, "recipe": recipe})
        answer = self._asked("POST", "v1/cutouts", **form)
        return read_cutout(answer.content, answer.headers)

    def submit(
        self,
        *photos: Photo,
        model: str | None = None,
        quality: str | None = None,
        matte: Photo | None = None,
        background_picture: Photo | None = None,
        recipe: str | None = None,
        **options: object,
    ) -> Job:
        """A job for photos that are too large, or too many, to wait for; all get the same options, those of `cut`.

        `wait` tells of its progress, `result` and `archive` have what came of it. A matte and a recipe belong to one
        photo. Raises what `cut` raises, and StorageFullError of `feathercut.server.errors`.
        """
        form = _form(photos, {"matte": matte, "background_picture": background_picture}, options)
        form["data"] |= _said({"model": model, "quality": quality, "recipe": recipe})
        return read_job(self._asked("POST", "v1/jobs", **form).json())

    def job(self, job: Job | str) -> Job:
        """A job, or the one of an id, as it is now. Raises UnknownJobError of `feathercut.server.errors`."""
        return read_job(self._asked("GET", _address(job)).json())

    def wait(self, job: Job | str, progress: Callable[[Job], object] | None = None) -> Job:
        """The job once it has ended; `progress` is called with each change on the way, and with the end.

        A connection that breaks is made anew. Raises UnknownJobError where the job is gone, FeathercutError where the
        server is.
        """
        seen, left = "", self._retries
        while True:
            headers = {"Last-Event-ID": seen} if seen else {}
            try:
                with self._http.stream("GET", f"{_address(job)}/events", headers=headers) as answer:
                    if answer.status_code == 204:  # the end was seen before the connection broke
                        return self.job(job)
                    if answer.is_error:
                        answer.read()
                        self._await_turn(answer, left)
                    for event in read_events(answer.iter_lines()) if answer.is_success else ():
                        if event.name == "removed":
                            raise UnknownJobError("The job was removed before it had ended")
                        seen, left, now = event.id, self._retries + 1, read_job(json.loads(event.data))
                        if progress is not None:
                            progress(now)
                        if now.has_ended:
                            return now
            except self._gone as error:
                if left <= 0:
                    raise self._unreachable(error) from error
            if left < 0:
                raise FeathercutError(f"The server at {self._address} does not tell of its jobs")
            left -= 1
            self._pause(_RECONNECT_S)

    def result(self, job: Job | str, number: int = 1) -> Cutout:
        """The cutout of a job's picture, by its number from 1, as soon as that is done.

        Raises UnfinishedError before, and what `cut` would have raised where it failed.
        """
        answer = self._asked("GET", f"{_address(job)}/results/{number}")
        return read_cutout(answer.content, answer.headers)

    def archive(self, job: Job | str, path: str | os.PathLike[str]) -> Path:
        """Writes what came of a job to a file, and gives back its path: a ZIP, where the job has several photos.

        Raises UnfinishedError, what `cut` would have raised where all photos failed, OutputError.
        """
        target = Path(path)
        try:
            with self._http.stream("GET", f"{_address(job)}/result") as answer:
                if answer.is_error:
                    answer.read()
                    raise read_error(answer)
                files.write(target, answer.iter_bytes(), overwrite=True)
        except self._gone as error:
            raise self._unreachable(error) from error
        return target

    def cancel(self, job: Job | str) -> None:
        """Gives up a job, or removes one that has ended, with all its files. Raises UnknownJobError."""
        self._asked("DELETE", _address(job))

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
                raise self._unreachable(error) from error
            if answer.is_success:
                return answer
            self._await_turn(answer, left)
        raise AssertionError  # the last turn of the loop ends it

    def _await_turn(self, answer: Any, left: int) -> None:
        """Pauses for as long as a busy server says. Raises what any other answer means."""
        wait_s = read_number(answer.headers.get("retry-after"))
        if left <= 0 or answer.status_code not in (429, 503) or wait_s is None or wait_s > _LONGEST_WAIT_S:
            raise read_error(answer)
        self._pause(wait_s)

    def _unreachable(self, error: Exception) -> FeathercutError:
        return FeathercutError(f"The server at {self._address} cannot be reached: {error}")


def _address(job: Job | str) -> str:
    return f"v1/jobs/{quote(job if isinstance(job, str) else job.id, safe='')}"


def _form(photos: Sequence[Photo], others: Mapping[str, Photo | None], options: Mapping[str, Any]) -> dict[str, Any]:
    """A form as httpx sends it. Raises InputError for a file that cannot be read, OptionError."""
    uploads = [("picture", ("picture", _bytes("picture", photo))) for photo in photos]
    uploads += [(name, ("picture", _bytes(name, one))) for name, one in others.items() if one is not None]
    return {"files": uploads, "data": _words(options)}


def _said(words: Mapping[str, str | None]) -> dict[str, str]:
    return {name: word for name, word in words.items() if word is not None}


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
