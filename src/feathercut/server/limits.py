"""Bounds on what callers send, before any of it is looked at: bytes, time, and the bytes of all callers together.

And who hangs up is noticed: the work for them is cancelled.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from feathercut.errors import TooLargeError
from feathercut.server import metrics
from feathercut.server.orders import BusyError, ServerError
from feathercut.server.settings import ServerSettings

_FORM_BYTES = 1_000_000
"""What a form may have around its pictures."""

_UNREAD_TIMES, _UNREAD_S = 4, 10.0
"""What is thrown away of an upload that was refused, so that its caller comes to read why: in bytes and in time."""


JOBS_PATH = "/v1/jobs"
"""Where uploads go to the disk as they come in, within bounds of their own."""


def most_bytes(settings: ServerSettings) -> int:
    """How many bytes a request may have: a picture, as base64 in a form at worst."""
    return int(settings.most_megabytes * 1e6 * 4 / 3) + _FORM_BYTES


def most_job_bytes(settings: ServerSettings) -> int:
    """How many bytes a job's request may have."""
    return int(settings.job_megabytes * 1e6) + _FORM_BYTES


def upload_s(settings: ServerSettings, *, of_job: bool) -> float:
    """Seconds in which an upload has to be there; a job's may be no slower than another, and is larger."""
    return settings.body_s * (max(1.0, most_job_bytes(settings) / most_bytes(settings)) if of_job else 1.0)


class BodyTooLargeError(TooLargeError):
    """An upload has more bytes than the server takes."""


def body_too_large(settings: ServerSettings, *, of_job: bool) -> BodyTooLargeError:
    """What is said of an upload that is."""
    most, whose = (
        (settings.job_megabytes, "a job may have here") if of_job else (settings.most_megabytes, "this server takes")
    )
    return BodyTooLargeError(f"The upload has more than the {most:g} megabytes that {whose}")


class SlowBodyError(ServerError):
    """An upload did not come to its end in time."""


class HungUpError(Exception):
    """Nobody waits for the answer any more."""


@dataclass
class Held:
    """Bytes of uploads that this process holds."""

    bytes: int = 0

    def add(self, count: int) -> None:
        """Holds so many more."""
        self.bytes += count
        metrics.UPLOAD_BYTES.set(self.bytes)


class Limits:
    """The application behind bounds on its callers' uploads, as ASGI middleware."""

    def __init__(self, app: ASGIApp, settings: ServerSettings, held: Held) -> None:
        self._app, self._settings, self._held = app, settings, held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        upload = _Upload(scope, receive, self._settings, self._held)
        try:
            await self._answer(scope, upload, send)
        finally:
            upload.release()

    async def _answer(self, scope: Scope, upload: _Upload, send: Send) -> None:
        """The application's answer, which is cancelled where the caller hangs up first."""

        is_answered = False

        async def told(message: Message) -> None:
            nonlocal is_answered
            is_answered = message["type"] == "http.response.body" and not message.get("more_body", False)
            if message["type"] == "http.response.start" and not upload.is_read:
                await upload.throw_away()
                message["headers"] = [*message.get("headers", []), (b"connection", b"close")]
            await send(message)

        work = asyncio.ensure_future(self._app(scope, upload.receive, told))
        gone = asyncio.create_task(upload.gone())
        try:
            await asyncio.wait((work, gone), return_when=asyncio.FIRST_COMPLETED)
            if not work.done() and not is_answered:
                work.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await work
                raise HungUpError
            await work
        finally:
            for task in (work, gone):
                task.cancel()
            await asyncio.gather(gone, return_exceptions=True)


class _Upload:
    """A request's body as it comes in, counted."""

    def __init__(self, scope: Scope, receive: Receive, settings: ServerSettings, held: Held) -> None:
        headers = dict(scope["headers"])
        self._receive, self._settings, self._shared = receive, settings, held
        self._is_kept = scope["path"] != JOBS_PATH
        self._most = most_bytes(settings) if self._is_kept else most_job_bytes(settings)
        self._body_s = upload_s(settings, of_job=not self._is_kept)
        self._announced = _number(headers.get(b"content-length"))
        self._is_awaited = b"expect" in headers  # its caller sends nothing until we ask for it
        self._began = asyncio.get_running_loop().time()
        self._count = self._held = 0
        self._end = asyncio.Event()
        self._hung_up = asyncio.Event()
        self.is_read = not self._announced and b"transfer-encoding" not in headers
        self._has_begun = self._is_slow = False
        if self.is_read:
            self._end.set()

    async def receive(self) -> Message:
        """The next part. Raises BodyTooLargeError, SlowBodyError or BusyError."""
        if self._has_begun and self.is_read:
            await self._hung_up.wait()
            return {"type": "http.disconnect"}
        self._has_begun = True
        if self.is_read:
            return {"type": "http.request", "body": b"", "more_body": False}
        if self._announced > self._most:
            raise self._too_large()
        message = await self._in_time()
        if message["type"] == "http.disconnect":
            self.is_read = True
            self._end.set()
            self._hung_up.set()
            raise HungUpError
        self._count_in(len(message.get("body", b"")))
        if not message.get("more_body", False):
            self.is_read = True
            self._end.set()
        return message

    async def gone(self) -> None:
        """Comes back once the caller has hung up, after its request was read."""
        await self._end.wait()
        while not self._hung_up.is_set():
            if (await self._receive())["type"] == "http.disconnect":
                self._hung_up.set()

    def release(self) -> None:
        """Gives back what was held for this upload."""
        self._shared.add(-self._held)
        self._held = 0

    async def throw_away(self) -> None:
        """Reads on, within bounds, so that the caller comes to read the answer: else its connection is reset."""
        if self._is_awaited or self._is_slow:
            return
        left = self._most * _UNREAD_TIMES
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_UNREAD_S):
                while left > 0:
                    message = await self._receive()
                    left -= len(message.get("body", b""))
                    if not message.get("more_body", False):  # nor is there where it hung up
                        return

    async def _in_time(self) -> Message:
        left_s = self._body_s - (asyncio.get_running_loop().time() - self._began)
        # A task, and no `asyncio.timeout`: that would lose what comes in the very moment in which the time is up, as
        # everything does that came while this process itself stood still.
        coming = asyncio.ensure_future(self._receive())
        try:
            if left_s > 0:
                await asyncio.wait((coming,), timeout=min(self._settings.silence_s, left_s))
            if coming.done():
                return coming.result()
        finally:
            coming.cancel()
        self._is_slow = True
        raise SlowBodyError(
            f"The upload was not there after {self._body_s:g} seconds, or stood still for {self._settings.silence_s:g}"
        )

    def _count_in(self, length: int) -> None:
        self._count += length
        if self._count > self._most:
            raise self._too_large()
        if not self._is_kept:
            return
        # What was announced is held from the beginning: what one has begun others cannot make fail.
        wanted = max(self._count, self._announced) - self._held
        most = int(self._settings.uploads_megabytes * 1e6)
        if wanted > 0 and self._shared.bytes and self._shared.bytes + wanted > most:
            raise BusyError("Too many uploads are under way; come again in a while", retry_after_s=2)
        self._shared.add(max(0, wanted))
        self._held += max(0, wanted)

    def _too_large(self) -> BodyTooLargeError:
        return body_too_large(self._settings, of_job=not self._is_kept)


def _number(text: bytes | None) -> int:
    return int(text) if text and text.isdigit() else 0
