"""Where keys and usage are kept: a file of SQLite on this machine, or a PostgreSQL that several machines ask."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Protocol

from feathercut.errors import FeathercutError
from feathercut.server.errors import KeyStoreError

_WAIT_S = 10.0
"""How long one process waits for another that is writing."""

Rows = list[tuple[Any, ...]]


class Database(Protocol):
    """Runs statements whose values are written as `?`. Raises KeyStoreError, which names the database."""

    name: str

    def transaction(self) -> AbstractContextManager[None]:
        """A block that counts whole or not at all, and during which nobody else writes."""
        ...

    def run(self, statement: str, values: Sequence[object] = ()) -> Rows:
        """The rows that a statement gives."""
        ...

    def version(self) -> int:
        """The version that the tables were brought to; 0 where there are none."""
        ...

    def set_version(self, version: int) -> None:
        """Notes the version, within a transaction."""
        ...

    def close(self) -> None:
        """Lets the database go."""
        ...


def _keys_unusable(name: str, error: Exception) -> FeathercutError:
    return KeyStoreError(
        f"{name}: the database of keys cannot be used: {error}. "
        "Make room or give rights there, or name another with `--database`"
    )


class SqliteDatabase:
    """A file, made where there is none and readable by its owner only; one thread at a time.

    `unusable` makes of what SQLite and the system say the error that is raised.
    """

    def __init__(self, path: Path, unusable: Callable[[str, Exception], FeathercutError] = _keys_unusable) -> None:
        self.name = str(path)
        self._unusable = unusable
        with self._telling():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite gives its side files the same rights
            # No transactions but those that are begun here; a thread of the gate's own calls.
            self._connection = sqlite3.connect(path, _WAIT_S, isolation_level=None, check_same_thread=False)
            # Readers do not wait for a writer, and a crash loses at most what was last written.
            self.run("PRAGMA journal_mode = WAL")
            self.run("PRAGMA synchronous = NORMAL")
            self.run("PRAGMA foreign_keys = ON")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Holds off other writers from its first word: what is read stays true."""
        self.run("BEGIN IMMEDIATE")
        try:
            yield
            self.run("COMMIT")
        finally:
            if self._connection.in_transaction:
                self.run("ROLLBACK")

    def run(self, statement: str, values: Sequence[object] = ()) -> Rows:
        """The rows that a statement gives."""
        with self._telling():
            return self._connection.execute(statement, values).fetchall()

    def version(self) -> int:
        """The version in the file's head."""
        return int(self.run("PRAGMA user_version")[0][0])

    def set_version(self, version: int) -> None:
        """Notes the version in the file's head."""
        self.run(f"PRAGMA user_version = {version:d}")

    def close(self) -> None:
        """Lets the file go."""
        self._connection.close()

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turns what SQLite and the system say into one of our errors, with the file's name."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise self._unusable(self.name, error) from error
