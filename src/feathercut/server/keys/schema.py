"""The database of keys and usage: its tables by version, and how an older one becomes the newest."""

from __future__ import annotations

from collections.abc import Sequence

from feathercut.errors import FeathercutError
from feathercut.server.errors import KeyStoreError
from feathercut.server.keys.database import Database

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
    (
        """CREATE TABLE charges (
            id TEXT PRIMARY KEY,
            day TEXT NOT NULL
        )""",
    ),
)
"""What makes each version of the one before. Append; never change a step that was released."""


def migrate(database: Database, steps: Sequence[Step] = STEPS, too_new: type[FeathercutError] = KeyStoreError) -> None:
    """Brings a database to the newest version, all or nothing; of several processes one does it and the rest wait.

    Raises `too_new` where a newer Feathercut made it.
    """
    if database.version() == len(steps):
        return
    with database.transaction():
        version = database.version()  # another process may have been quicker
        if version > len(steps):
            raise too_new(
                f"{database.name}: the database is of version {version}; this Feathercut reads up to {len(steps)}. "
                "Install a newer one"
            )
        for step in steps[version:]:
            for statement in step:
                database.run(statement)
        database.set_version(len(steps))
