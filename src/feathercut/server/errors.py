"""What the server raises beside the library's errors: callers that are not let in, pictures that cannot be fetched.

FeathercutError
├── KeyRefusedError         no key, or none that is known, or one that was revoked
├── RateLimitedError        more work a minute than a key may ask for
├── QuotaError              a key has no credits left
├── KeyStoreError           the database of keys cannot be used
├── RemoteError             a picture that cannot be fetched from its address
├── UnknownJobError         there is no such job, or it is another caller's
├── UnfinishedError         a result is asked for before it is there
├── JobStoreError           the folder of jobs cannot be used
└── StorageFullError        there is no room for a job
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from feathercut.errors import FeathercutError


class KeyRefusedError(FeathercutError):
    """No key was given, or none that is known, or one that was revoked; which of these is not told apart."""


class RateLimitedError(FeathercutError):
    """A key asked for more megapixels a minute than it may; `headers` are the X-RateLimit ones of the answer."""

    def __init__(self, message: str, retry_after_s: float, headers: Mapping[str, str]) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
        self.headers = headers


class QuotaError(FeathercutError):
    """A key has no credits left."""


class KeyStoreError(FeathercutError):
    """The database of keys and usage cannot be read or written, or a newer Feathercut made it."""


RemoteKind = Literal[
    "scheme",
    "invalid",
    "no-host",
    "unresolvable",
    "private",
    "unreachable",
    "timeout",
    "status",
    "too-many-redirects",
    "no-location",
    "broken",
]
"""Why a picture cannot be fetched: its address is not http(s), is no address, names no host, names one that is not
there or is not public; it does not answer, or in time, or with the wrong status, or leads in circles or nowhere; or
what it sends breaks off or is no HTTP."""


class RemoteError(FeathercutError):
    """A picture cannot be fetched from its address; `status` is the HTTP status where `kind` is `status`."""

    def __init__(self, kind: RemoteKind, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.kind: RemoteKind = kind
        self.status = status


class UnknownJobError(FeathercutError):
    """There is no such job: it was removed, or never was, or is another caller's; which of these is not told apart."""


class UnfinishedError(FeathercutError):
    """A result is asked for before it is there; `retry_after_s` says when to look again."""

    def __init__(self, message: str, retry_after_s: float = 2) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class JobStoreError(FeathercutError):
    """The folder of jobs cannot be read or written, or a newer Feathercut made it."""


class StorageFullError(FeathercutError):
    """The disk, or what all jobs may have of it, is full; `retry_after_s` says when to try again."""

    def __init__(self, message: str, retry_after_s: float = 60) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
