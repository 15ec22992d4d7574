"""Keys, their credits and their usage in SQLite: several processes may use the same file at once."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from feathercut.errors import OptionError
from feathercut.server.errors import KeyStoreError
from feathercut.server.keys.rate import Minute, Verdict, judge
from feathercut.server.keys.schema import migrate
from feathercut.server.keys.secret import fits, hash_of, id_of, make_secret

_WAIT_S = 10.0
"""How long one process waits for another that is writing."""


@dataclass(frozen=True)
class KeyRow:
    """What is known of a key; times are seconds of the wall clock, `credits` None where nothing is counted."""

    id: str
    name: str
    created_at: float
    revoked_at: float | None
    credits: float | None
    pictures: int = 0
    megapixels: float = 0.0
    credits_charged: float = 0.0


class KeyStore:
    """The database at a path, made where there is none: readable by its owner only.

    One thread at a time. Raises KeyStoreError where the file cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._telling():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite gives its side files the same rights
            # No transactions but those that are begun here; a thread of the gate's own calls.
            self._connection = sqlite3.connect(path, _WAIT_S, isolation_level=None, check_same_thread=False)
            # Readers do not wait for a writer, and a crash loses at most what was last written.
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA synchronous = NORMAL")
            self._connection.execute("PRAGMA foreign_keys = ON")
            migrate(self._connection)

    def create(self, name: str, credits: float | None, now: float) -> tuple[str, str]:  # noqa: A002
        """A new key's id and the key itself, which is kept nowhere."""
        secret = make_secret()
        with self._writing() as database:
            database.execute(
                "INSERT INTO keys (id, name, hash, created_at, credits) VALUES (?, ?, ?, ?, ?)",
                (secret.id, name, hash_of(secret.text), now, credits),
            )
        return secret.id, secret.text

    def rows(self) -> list[KeyRow]:
        """Every key with its usage, the oldest first."""
        with self._telling():
            found = self._connection.execute(
                """SELECT id, name, created_at, revoked_at, keys.credits, coalesce(sum(pictures), 0),
                          coalesce(sum(megapixels), 0), coalesce(sum(usage.credits), 0)
                   FROM keys LEFT JOIN usage ON key_id = id GROUP BY id ORDER BY created_at, id"""
            )
            return [KeyRow(*row) for row in found]

    def revoke(self, key_id: str, now: float) -> None:
        """Lets a key in no more. Raises OptionError where there is none of that id."""
        with self._writing() as database:
            done = database.execute("UPDATE keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?", (now, key_id))
            self._refuse_none(done.rowcount, key_id)

    def add_credits(self, key_id: str, more: float) -> None:
        """Gives a key credits, or takes some where `more` is negative; one that counted none begins at 0."""
        with self._writing() as database:
            done = database.execute("UPDATE keys SET credits = coalesce(credits, 0) + ? WHERE id = ?", (more, key_id))
            self._refuse_none(done.rowcount, key_id)

    def admitted(self, text: str) -> KeyRow | None:
        """The row of a key that is let in."""
        key_id = id_of(text)
        with self._telling():
            row = self._connection.execute(
                "SELECT hash, id, name, created_at, revoked_at, credits FROM keys WHERE id = ?", (key_id,)
            ).fetchone()
        # Compared also where there is no such row, so that both take the same time.
        if not fits(text, row[0] if row else None) or row[4] is not None:
            return None
        return KeyRow(*row[1:])

    def use_minute(self, key_id: str, now: float, cost: int, limit: int) -> tuple[Verdict, float | None]:
        """Whether a picture fits into the key's minute, which is written down, and the credits that are left."""
        with self._writing() as database:
            row = database.execute("SELECT started_at, used FROM minutes WHERE key_id = ?", (key_id,)).fetchone()
            verdict = judge(Minute(*row) if row else None, now, cost, limit)
            left = database.execute("SELECT credits FROM keys WHERE id = ?", (key_id,)).fetchone()
            is_spent = left is not None and left[0] is not None and left[0] <= 0
            if verdict.is_let_in and not is_spent:
                database.execute(
                    "INSERT OR REPLACE INTO minutes (key_id, started_at, used) VALUES (?, ?, ?)",
                    (key_id, verdict.minute.started_at, verdict.minute.used),
                )
        return verdict, left[0] if left else None

    def charge(self, key_id: str, day: str, charged: float, megapixels: float) -> None:
        """Writes down a finished picture, and takes its credits where they are counted."""
        with self._writing() as database:
            database.execute("UPDATE keys SET credits = credits - ? WHERE id = ?", (charged, key_id))
            database.execute(
                """INSERT INTO usage (key_id, day, pictures, megapixels, credits) VALUES (?, ?, 1, ?, ?)
                   ON CONFLICT (key_id, day) DO UPDATE SET pictures = pictures + 1,
                   megapixels = megapixels + excluded.megapixels, credits = credits + excluded.credits""",
                (key_id, day, megapixels, charged),
            )

    def close(self) -> None:
        """Lets the file go."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A transaction that holds off other writers from its first word: what it reads stays true."""
        with self._telling():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            finally:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turns what SQLite and the system say into KeyStoreError, with the file's name."""
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise KeyStoreError(
                f"{self._path}: the database of keys cannot be used: {error}. "
                "Make room or give rights there, or name another with `--database`"
            ) from error
        except KeyStoreError as error:
            raise KeyStoreError(f"{self._path}: {error}") from error

    @staticmethod
    def _refuse_none(changed: int, key_id: str) -> None:
        if changed == 0:
            raise OptionError(f"There is no key `{key_id}`; `feathercut keys list` shows their ids")
