"""What is kept of jobs: one database for all processes, in which each change counts whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from feathercut.server.errors import JobStoreError, RateLimitedError, StorageFullError
from feathercut.server.jobs.folder import unusable
from feathercut.server.jobs.job import Bounds, Job, Picture, Work
from feathercut.server.jobs.schema import STEPS
from feathercut.server.keys.database import SqliteDatabase
from feathercut.server.keys.schema import migrate

_JOB = ("id", "owner", "folder", "state", "created_at", "expires_at", "revision")
_WORK = "job_id, number, owner, caller, folder, asked, megapixels, tries"
_RETRY_AFTER_S = 60.0
_MOST_OF_ALL = 0.5


class JobStore:
    """The database in a file. One thread at a time. Raises JobStoreError, StorageFullError."""

    def __init__(self, path: Path) -> None:
        self._database = SqliteDatabase(path, unusable)
        migrate(self._database, STEPS, JobStoreError)

    def begin(self, job: Job, caller: str, most_bytes: int, bounds: Bounds) -> None:
        """Notes a job whose upload begins, and holds room for it.

        Raises StorageFullError where there is none, RateLimitedError where the caller has too many jobs.
        """
        with self._database.transaction():
            ((own,),) = self._database.run("SELECT count(*) FROM jobs WHERE caller = ?", (caller,))
            if own >= bounds.jobs_a_caller:
                raise RateLimitedError(
                    f"You have {own} jobs here, and more are not taken; remove one, or come again later",
                    _RETRY_AFTER_S,
                    {},
                )
            self._check_room(caller, most_bytes, bounds)
            self._database.run(
                "INSERT INTO jobs VALUES (?, ?, ?, ?, 'uploading', '', ?, ?, ?, 0)",
                (job.id, job.owner, caller, job.folder, most_bytes, job.created_at, job.expires_at),
            )

    def accept(self, job_id: str, asked: str, pictures: Sequence[tuple[float, int]], others: int, end: float) -> None:
        """Lets a job wait whose upload is there: its pictures' megapixels and bytes, the bytes of its other files."""
        total = others + sum(size for _, size in pictures)
        with self._database.transaction():
            self._database.run(
                "UPDATE jobs SET state = 'waiting', asked = ?, bytes = ?, expires_at = ?, revision = 1 WHERE id = ?",
                (asked, total, end, job_id),
            )
            for number, (megapixels, size) in enumerate(pictures, 1):
                self._database.run(
                    "INSERT INTO pictures VALUES (?, ?, 'waiting', ?, ?, 0, '{}', 0)",
                    (job_id, number, megapixels, size),
                )

    def find(self, job_id: str, owner: str) -> Job | None:
        """A job, where it is the owner's and its upload is there."""
        rows = self._database.run(
            f"SELECT {', '.join(_JOB)} FROM jobs WHERE id = ? AND owner = ? AND state != 'uploading'",  # noqa: S608  # our own words
            (job_id, owner),
        )
        if not rows:
            return None
        pictures = self._database.run(
            "SELECT number, state, megapixels, told FROM pictures WHERE job_id = ? ORDER BY number", (job_id,)
        )
        kept = tuple(Picture(number, state, size, json.loads(told)) for number, state, size, told in pictures)
        return Job(**dict(zip(_JOB, rows[0], strict=True)), pictures=kept)

    def forget(self, job_id: str) -> None:
        """Strikes a job out."""
        self._database.run("DELETE FROM jobs WHERE id = ?", (job_id,))

    def expired(self, now: float) -> list[tuple[str, str, str]]:
        """Jobs whose time is over: (id, folder, state)."""
        rows = self._database.run("SELECT id, folder, state FROM jobs WHERE expires_at <= ?", (now,))
        return [(job_id, folder, state) for job_id, folder, state in rows]

    def folders(self) -> set[str]:
        """The folders of all jobs."""
        return {folder for (folder,) in self._database.run("SELECT folder FROM jobs")}

    def living(self, job_ids: Sequence[str]) -> set[str]:
        """Those of some jobs that are still there."""
        marks = ", ".join("?" for _ in job_ids)
        return {job_id for (job_id,) in self._database.run(f"SELECT id FROM jobs WHERE id IN ({marks})", job_ids)}  # noqa: S608

    def heads(self) -> list[Work]:
        """The picture of each caller that has waited longest."""
        rows = self._database.run(
            f"""SELECT {_WORK} FROM (
                   SELECT *, row_number() OVER (PARTITION BY caller ORDER BY created_at, job_id, number) AS place
                   FROM pictures JOIN jobs ON id = job_id WHERE pictures.state = 'waiting'
               ) WHERE place = 1"""  # noqa: S608
        )
        return [Work(*row) for row in rows]

    def start(self, work: Work) -> None:
        """A picture's turn has come."""
        self._change(work, "state = 'running', tries = tries + 1", ())

    def put_back(self, work: Work) -> None:
        """A picture waits again, as if its turn had not come."""
        self._change(work, "state = 'waiting', tries = tries - 1", ())

    def check_room(self, work: Work, size: int, bounds: Bounds) -> None:
        """Raises StorageFullError where there is no room for a result of so many bytes."""
        self._check_room(work.caller, size - self._bytes(work), bounds)

    def _check_room(self, caller: str, more: int, bounds: Bounds) -> None:
        """Raises StorageFullError. One caller gets half at the most: nobody takes from the others what they need."""
        rows = self._database.run(
            "SELECT coalesce(sum(bytes), 0), coalesce(sum(bytes * (caller = ?)), 0) FROM jobs", (caller,)
        )
        held, own = rows[0]
        if own + more > bounds.bytes * _MOST_OF_ALL:
            raise StorageFullError(
                "Your jobs have all that one caller's may have here; remove some, or come again later"
            )
        if held + more > bounds.bytes:
            raise StorageFullError("All that jobs may have of this server's disk is in use; come again later")

    def finish(self, work: Work, told: Mapping[str, Any], size: int, end: float) -> bool:
        """A picture is done, and not yet paid; its result has so many bytes, and takes the place of its upload.

        Says whether its job has ended.
        """
        return self._change(work, "state = 'done', told = ?, bytes = ?, is_owed = 1", (json.dumps(told), size), end)

    def fail(self, work: Work, told: Mapping[str, Any], end: float) -> bool:
        """A picture cannot be had; nothing of it is kept. Says whether its job has ended."""
        return self._change(work, "state = 'failed', told = ?, bytes = 0", (json.dumps(told),), end)

    def _bytes(self, work: Work) -> int:
        rows = self._database.run(
            "SELECT bytes FROM pictures WHERE job_id = ? AND number = ?", (work.job_id, work.number)
        )
        return int(rows[0][0]) if rows else 0

    def _change(self, work: Work, words: str, values: Sequence[object], end: float | None = None) -> bool:
        """Changes a picture, and its job with it; says whether that has ended. Nothing where the job was removed."""
        picture = (work.job_id, work.number)
        with self._database.transaction():
            before = self._bytes(work)
            self._database.run(
                f"UPDATE pictures SET {words} WHERE job_id = ? AND number = ?",  # noqa: S608  # our own words
                (*values, *picture),
            )
            state = _state(self._counted("WHERE job_id = ?", work.job_id))
            has_ended = state in ("done", "failed")
            self._database.run(
                """UPDATE jobs SET state = ?, revision = revision + 1, expires_at = coalesce(?, expires_at),
                   bytes = CASE WHEN ? THEN (SELECT sum(bytes) FROM pictures WHERE job_id = id) ELSE bytes + ? END
                   WHERE id = ?""",
                (state, end, has_ended, self._bytes(work) - before, work.job_id),
            )
        return has_ended

    def _counted(self, where: str, *values: object) -> dict[str, int]:
        """How many pictures are in each state."""
        return dict(self._database.run(f"SELECT state, count(*) FROM pictures {where} GROUP BY state", values))  # noqa: S608

    def recover(self) -> list[Work]:
        """Lets wait again what was at work in a process that is gone, and gives it."""
        rows = self._database.run(
            f"SELECT {_WORK} FROM pictures JOIN jobs ON id = job_id WHERE pictures.state = 'running'"  # noqa: S608
        )
        self._database.run("UPDATE pictures SET state = 'waiting' WHERE state = 'running'")
        return [Work(*row) for row in rows]

    def owed(self) -> list[Work]:
        """Pictures that are done and not paid."""
        rows = self._database.run(
            f"SELECT {_WORK} FROM pictures JOIN jobs ON id = job_id WHERE is_owed"  # noqa: S608
        )
        return [Work(*row) for row in rows]

    def paid(self, work: Work) -> None:
        """A picture was paid."""
        self._database.run(
            "UPDATE pictures SET is_owed = 0 WHERE job_id = ? AND number = ?", (work.job_id, work.number)
        )

    def figures(self) -> dict[str, float]:
        """Pictures by state, and the bytes that jobs hold."""
        ((held,),) = self._database.run("SELECT coalesce(sum(bytes), 0) FROM jobs")
        counted = self._counted("")
        return {"bytes": held, **{state: counted.get(state, 0) for state in ("waiting", "running", "done", "failed")}}

    def close(self) -> None:
        """Lets the database go."""
        self._database.close()


def _state(counted: Mapping[str, int]) -> str:
    """A job's state by those of its pictures."""
    if not counted.keys() & {"waiting", "running"}:
        return "done" if "done" in counted else "failed"
    return "waiting" if counted.keys() == {"waiting"} else "running"
