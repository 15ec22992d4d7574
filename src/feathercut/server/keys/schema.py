"""The database of keys and usage: its tables by version, and how an older one becomes the newest."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from feathercut.server.errors import KeyStoreError

Step = Sequence[str]

STEPS: Sequence[Step] = (
    (
        """CREATE TABLE keys (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            hash BLOB NOT NULL,
            created_at REAL NOT NULL,
            revoked_at REAL,
            credits REAL
        )""",
        """CREATE TABLE usage (
            key_id TEXT NOT NULL REFERENCES keys (id),
            day TEXT NOT NULL,
            pictures INTEGER NOT NULL,
            megapixels REAL NOT NULL,
            credits REAL NOT NULL,
            PRIMARY KEY (key_id, day)
        )""",
        """CREATE TABLE minutes (
            key_id TEXT PRIMARY KEY REFERENCES keys (id),
            started_at REAL NOT NULL,
            used INTEGER NOT NULL
        )""",
    ),
)
"""What makes each version of the one before. Append; never change a step that was released."""


def migrate(connection: sqlite3.Connection, steps: Sequence[Step] = STEPS) -> None:
    """Brings a database to the newest version, all or nothing; of several processes one does it and the rest wait.

    Raises KeyStoreError where a newer Feathercut made it.
    """
    if _version(connection) == len(steps):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = _version(connection)  # another process may have been quicker
        if version > len(steps):
            raise KeyStoreError(
                f"the database is of version {version}; this Feathercut reads up to {len(steps)}. Install a newer one"
            )
        for step in steps[version:]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(steps)}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
