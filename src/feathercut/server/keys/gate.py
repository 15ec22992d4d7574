"""Who is let in, how much they may ask for, and what they are charged."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import ParamSpec, TypeVar

from feathercut.server.context import Key
from feathercut.server.errors import KeyRefusedError, QuotaError, RateLimitedError
from feathercut.server.keys.rate import WINDOW_S, cost_of
from feathercut.server.keys.store import KeyStore

Given = ParamSpec("Given")
Found = TypeVar("Found")
Clock = Callable[[], float]
"""Seconds of the wall clock."""


class OpenGate:
    """Lets everybody in and counts nothing: the answers say so, with a whole minute's work left."""

    def __init__(self, limit: int, clock: Clock = time.time) -> None:
        self._limit, self._clock = limit, clock

    async def admit(self, secret: str | None) -> Key:
        """Whoever it is."""
        return Key("anonymous", None)

    async def reserve(self, key: Key, megapixels: float) -> Mapping[str, str]:
        """The headers of a minute that nobody used."""
        return _headers(self._limit, self._limit, self._clock())

    async def charge(self, key: Key, credits_charged: float, megapixels: float, once: str | None = None) -> None:
        """Nothing."""

    async def aclose(self) -> None:
        """Nothing is open."""


class KeyGate:
    """Lets in whoever has a key of the database.

    A revoked key is refused from the next request on, by every process: nothing of the database is remembered. A call
    is let in while a credit is left, and charged when its work is done: calls under way at the same time may together
    take more than there was, and the next is refused.
    """

    def __init__(self, place: Path | str, limit: int, clock: Clock = time.time) -> None:
        # SQLite blocks while another process writes: a thread of its own waits, and the loop goes on.
        self._thread = ThreadPoolExecutor(1, "keys")
        self._store = KeyStore(place)
        self._limit, self._clock = limit, clock

    async def admit(self, secret: str | None) -> Key:
        """The caller behind a key. Raises KeyRefusedError."""
        row = await self._in_thread(self._store.admitted, secret) if secret else None
        if row is None:
            raise KeyRefusedError(
                "No valid API key. Send one in the header `X-Api-Key`; `feathercut keys create` makes one"
            )
        return Key(row.id, row.credits)

    async def reserve(self, key: Key, megapixels: float) -> Mapping[str, str]:
        """Counts a picture against the key's minute. Raises RateLimitedError or QuotaError."""
        now = self._clock()
        verdict, left = await self._in_thread(self._store.use_minute, key.name, now, cost_of(megapixels), self._limit)
        if left is not None and left <= 0:
            raise QuotaError(f"Key {key.name} has no credits left")
        headers = _headers(self._limit, verdict.remaining, verdict.minute.ends_at)
        if not verdict.is_let_in:
            wait_s = min(WINDOW_S, max(1.0, verdict.minute.ends_at - now))
            raise RateLimitedError(
                f"More than {self._limit} megapixel-images in a minute; come again in {math.ceil(wait_s)} s",
                wait_s,
                {**headers, "Retry-After": str(math.ceil(wait_s))},
            )
        return headers

    async def charge(self, key: Key, credits_charged: float, megapixels: float, once: str | None = None) -> None:
        """Writes down a finished picture; one that `once` names, a single time."""
        day = datetime.fromtimestamp(self._clock(), UTC).date().isoformat()
        await self._in_thread(self._store.charge, key.name, day, credits_charged, megapixels, once)

    async def aclose(self) -> None:
        """Lets the database go."""
        await self._in_thread(self._store.close)
        self._thread.shutdown(wait=False)

    async def _in_thread(self, call: Callable[Given, Found], *args: Given.args, **more: Given.kwargs) -> Found:
        # Shielded: work that was done is charged, whether or not the caller has hung up meanwhile.
        task = asyncio.get_running_loop().run_in_executor(self._thread, lambda: call(*args, **more))
        return await asyncio.shield(task)


def _headers(limit: int, remaining: int, resets_at: float) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(math.ceil(resets_at)),
    }
