"""The database of jobs: its tables by version."""

from __future__ import annotations

from collections.abc import Sequence

from feathercut.server.keys.schema import Step

STEPS: Sequence[Step] = (
    (
        """CREATE TABLE jobs (
            id TEXT PRIMARY KEY,
            owner TEXT NOT NULL,
            caller TEXT NOT NULL,
            folder TEXT NOT NULL UNIQUE,
            state TEXT NOT NULL,
            asked TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            created_at REAL NOT NULL,
            expires_at REAL NOT NULL,
            revision INTEGER NOT NULL
        )""",
        """CREATE TABLE pictures (
            job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
            number INTEGER NOT NULL,
            state TEXT NOT NULL,
            megapixels REAL NOT NULL,
            bytes INTEGER NOT NULL,
            tries INTEGER NOT NULL,
            told TEXT NOT NULL,
            is_owed INTEGER NOT NULL,
            PRIMARY KEY (job_id, number)
        )""",
        "CREATE INDEX pictures_by_state ON pictures (state)",
        "CREATE INDEX jobs_by_end ON jobs (expires_at)",
    ),
)
"""What makes each version of the one before. Append; never change a step that was released."""
