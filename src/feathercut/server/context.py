"""What every route is given: the one place where the parts of the server meet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from feathercut.server.orders import Inference
from feathercut.server.settings import ServerSettings

if TYPE_CHECKING:  # it stands on what is here
    from feathercut.server.jobs.desk import Desk


@dataclass(frozen=True)
class Key:
    """A caller that was let in: its name (`anonymous` where no keys are asked for) and what is left to it."""

    name: str
    credits_left: float | None
    """None where nothing is counted."""


class Gate(Protocol):
    """Keys, quotas, usage and rate limits. What it raises is in `errors.py`."""

    async def admit(self, secret: str | None) -> Key:
        """The caller behind a key. Raises KeyRefusedError where it is none, or was revoked."""
        ...

    async def reserve(self, key: Key, megapixels: float) -> Mapping[str, str]:
        """Counts work against the rate limit; gives the X-RateLimit headers. Raises RateLimitedError, QuotaError."""
        ...

    async def charge(self, key: Key, credits_charged: float, megapixels: float, once: str | None = None) -> None:
        """Writes down what was done; failed work is never charged, and what `once` names a single time."""
        ...


class Fetcher(Protocol):
    """Pictures from elsewhere: http(s), public addresses only, within limits."""

    async def fetch(self, url: str, most_bytes: int) -> bytes:
        """The bytes at an address. Raises RemoteError, and TooLargeError where there are more than `most_bytes`."""
        ...


@dataclass(frozen=True)
class Context:
    """Handed to each contract's `routes(context)`."""

    inference: Inference
    settings: ServerSettings
    gate: Gate
    fetcher: Fetcher
    jobs: Desk | None = None
    """None where no jobs are offered."""
