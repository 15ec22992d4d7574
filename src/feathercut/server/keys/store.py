"""Keys, their credits and their usage: several processes, or machines, may use the same database at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import Self

from feathercut.errors import OptionError
from feathercut.server.keys.database import Database, SqliteDatabase
from feathercut.server.keys.rate import Minute, Verdict, judge
from feathercut.server.keys.schema import migrate
from feathercut.server.keys.secret import fits, hash_of, id_of, make_secret

_NAMED_FOR_DAYS = 60


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
    """Keys and usage in the database at a place: a path of SQLite, made where there is none, or an address.

    One thread at a time. Raises KeyStoreError where the database cannot be used.
    """

    def __init__(self, place: Path | str) -> None:
        self._database = _opened(place)
        try:
            migrate(self._database)
        except BaseException:
            self._database.close()
            raise

    def create(self, name: str, credits: float | None, now: float) -> tuple[str, str]:  # noqa: A002
        """A new key's id and the key itself, which is kept nowhere."""
        secret = make_secret()
        with self._database.transaction():
            self._database.run(
                "INSERT INTO keys (id, name, hash, created_at, credits) VALUES (?, ?, ?, ?, ?)",
                (secret.id, name, hash_of(secret.text), now, credits),
            )
        return secret.id, secret.text

    def rows(self) -> list[KeyRow]:
        """Every key with its usage, the oldest first."""
        found = self._database.run(
            """SELECT id, name, created_at, revoked_at, keys.credits, coalesce(sum(pictures), 0),
                      coalesce(sum(megapixels), 0), coalesce(sum(usage.credits), 0)
               FROM keys LEFT JOIN usage ON key_id = id GROUP BY id ORDER BY created_at, id"""
        )
        return [KeyRow(*row) for row in found]

    def revoke(self, key_id: str, now: float) -> None:
        """Lets a key in no more. Raises OptionError where there is none of that id."""
        with self._database.transaction():
            self._refuse_none(key_id)
            self._database.run("UPDATE keys SET revoked_at = coalesce(revoked_at, ?) WHERE id = ?", (now, key_id))

    def add_credits(self, key_id: str, more: float) -> None:
        """Gives a key credits, or takes some where `more` is negative; one that counted none begins at 0."""
        with self._database.transaction():
            self._refuse_none(key_id)
            self._database.run("UPDATE keys SET credits = coalesce(credits, 0) + ? WHERE id = ?", (more, key_id))

    def admitted(self, text: str) -> KeyRow | None:
        """The row of a key that is let in."""
        rows = self._database.run(
            "SELECT hash, id, name, created_at, revoked_at, credits FROM keys WHERE id = ?", (id_of(text) or "",)
        )
        row = rows[0] if rows else None
        # Compared also where there is no such row, so that both take the same time.
        if not fits(text, row[0] if row else None) or row is None or row[4] is not None:
            return None
        return KeyRow(*row[1:])

    def use_minute(self, key_id: str, now: float, cost: int, limit: int) -> tuple[Verdict, float | None]:
        """Whether a picture fits into the key's minute, which is written down, and the credits that are left."""
        with self._database.transaction():
            rows = self._database.run("SELECT started_at, used FROM minutes WHERE key_id = ?", (key_id,))
            verdict = judge(Minute(*rows[0]) if rows else None, now, cost, limit)
            found = self._database.run("SELECT credits FROM keys WHERE id = ?", (key_id,))
            left = found[0][0] if found else None
            if verdict.is_let_in and (left is None or left > 0):
                self._database.run(
                    """INSERT INTO minutes (key_id, started_at, used) VALUES (?, ?, ?)
                       ON CONFLICT (key_id) DO UPDATE SET started_at = excluded.started_at, used = excluded.used""",
                    (key_id, verdict.minute.started_at, verdict.minute.used),
                )
        return verdict, left

    def charge(self, key_id: str, day: str, charged: float, megapixels: float, once: str | None = None) -> None:
        """Writes down a finished picture, and takes its credits where they are counted.

        A charge that is named by `once` counts the first time only, however often it is made in two months.
        """
        with self._database.transaction():
            if once is not None:
                if self._database.run("SELECT 1 FROM charges WHERE id = ?", (once,)):
                    return
                self._database.run("INSERT INTO charges (id, day) VALUES (?, ?)", (once, day))
                oldest = (date.fromisoformat(day) - timedelta(days=_NAMED_FOR_DAYS)).isoformat()
                self._database.run("DELETE FROM charges WHERE day < ?", (oldest,))
            self._database.run("UPDATE keys SET credits = credits - ? WHERE id = ?", (charged, key_id))
            self._database.run(
                """INSERT INTO usage (key_id, day, pictures, megapixels, credits) VALUES (?, ?, 1, ?, ?)
                   ON CONFLICT (key_id, day) DO UPDATE SET pictures = usage.pictures + 1,
                   megapixels = usage.megapixels + excluded.megapixels, credits = usage.credits + excluded.credits""",
                (key_id, day, megapixels, charged),
            )

    def close(self) -> None:
        """Lets the database go."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _refuse_none(self, key_id: str) -> None:
        if not self._database.run("SELECT 1 FROM keys WHERE id = ?", (key_id,)):
            raise OptionError(f"There is no key `{key_id}`; `feathercut keys list` shows their ids")


def _opened(place: Path | str) -> Database:
    if isinstance(place, Path):
        return SqliteDatabase(place)
    if find_spec("pg8000") is None:
        raise OptionError(
            "A `postgresql://` database needs pg8000, which is not installed here; "
            "`pip install 'feathercut[postgresql]'` adds it"
        )
    from feathercut.server.keys.postgres import PostgresDatabase  # deferred: it is an extra

    return PostgresDatabase(place)
