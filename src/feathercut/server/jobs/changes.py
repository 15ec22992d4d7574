"""That something changed in the database of jobs, whichever process did it."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from pathlib import Path

_LOOKS_EACH_S = 0.2


class Changes:
    """Wakes who waits for a change. `path` is the database, which need not be there yet."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None
        self._next = asyncio.Event()

    def coming(self) -> asyncio.Event:
        """What is set at the next change; to be had before one looks at what may change."""
        return self._next

    async def run(self) -> None:
        """Looks, until it is cancelled."""
        seen = None
        try:
            while True:
                now = self._version()
                if now != seen:
                    seen = now
                    self.tell()
                await asyncio.sleep(_LOOKS_EACH_S)
        finally:
            if self._connection is not None:
                self._connection.close()

    def tell(self) -> None:
        """Wakes everybody."""
        self._next.set()
        self._next = asyncio.Event()

    def _version(self) -> int | None:
        """A number that other connections' changes change; SQLite has it in shared memory, where nobody waits."""
        with contextlib.suppress(sqlite3.Error):
            if self._connection is None:
                if not self._path.exists():
                    return None
                self._connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=rw", uri=True, timeout=0)
            version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
            return version
        return None
