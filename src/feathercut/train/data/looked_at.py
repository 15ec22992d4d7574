"""What a check has seen of each pair, kept beside the index: a check that was stopped goes on where it was."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from feathercut.train.data.examine import Examined, Truth
from feathercut.train.data.faults import Fault
from feathercut.train.data.index import Files
from feathercut.train.data.likeness import TINY
from feathercut.train.data.marks import Mark

NAME = ".feathercut-check"
_VERSION = 1
"""Grows when pairs are looked at otherwise: what was seen before is then forgotten."""
_EVERY_S = 2.0
_TABLE = """
CREATE TABLE IF NOT EXISTS pairs (id TEXT PRIMARY KEY, files TEXT, faults TEXT, facts TEXT, digests BLOB, mark BLOB);
"""


class LookedAt:
    """The pairs of one set that were looked at, by id; of files that changed since nothing is known."""

    def __init__(self, base: sqlite3.Connection) -> None:
        self._base = base
        self._lock = threading.Lock()
        self._saved = time.monotonic()

    def find(self, files: Files, number: int, folder: int) -> Examined | None:
        """What was seen of a pair, without pictures; None where it is to be looked at."""
        asked = "SELECT faults, facts, digests, mark FROM pairs WHERE id = ? AND files = ?"
        with self._lock:
            row = self._base.execute(asked, (files.id, _state(files))).fetchone()
        if row is None:
            return None
        faults, facts, digests, mark = row
        is_mask, size = json.loads(facts)
        found = tuple(
            Fault(one["kind"], tuple(one["files"]), one["sentence"], folder, number) for one in json.loads(faults)
        )
        return Examined(found, digests[:16], digests[16:], _mark(mark), is_mask, size and tuple(size))

    def note(self, files: Files, one: Examined) -> None:
        """Keeps what was seen; on the disk every two seconds."""
        faults = json.dumps([asdict(replace(fault, other=None)) for fault in one.faults])
        facts = json.dumps([bool(one.is_mask), one.size])
        row = (files.id, _state(files), faults, facts, one.digest + one.matte_digest, _bytes(one.mark))
        with self._lock:
            self._base.execute("INSERT OR REPLACE INTO pairs VALUES (?, ?, ?, ?, ?, ?)", row)
        if time.monotonic() - self._saved > _EVERY_S:
            self.save()

    def save(self) -> None:
        """Brings all to the disk."""
        with self._lock:
            self._base.commit()
        self._saved = time.monotonic()


@contextmanager
def looked_at(folder: Path, truth: Truth, *, anew: bool) -> Iterator[LookedAt]:
    """What was seen of a set with that truth; in memory alone where its folder cannot be written to.

    `anew` forgets all. However it is left, what was seen is kept.
    """
    path = folder / NAME
    base = _opened(path, f"{_VERSION} {truth} {folder}", anew=anew) or _opened(None, "", anew=False)
    if base is None:
        raise RuntimeError("SQLite has no room for a table in memory")
    known = LookedAt(base)
    try:
        yield known
    finally:
        with suppress(sqlite3.Error):
            known.save()
        base.close()


def _opened(path: Path | None, of: str, *, anew: bool) -> sqlite3.Connection | None:
    """The table in a file, empty where it is of something else; None where the file cannot be had."""
    try:
        if path is not None and anew:
            path.unlink(missing_ok=True)
        base = sqlite3.connect(":memory:" if path is None else path, check_same_thread=False)
        # A check that is killed loses two seconds of work at most, and a spoilt file is only looked at anew.
        base.executescript(f"PRAGMA synchronous = OFF; {_TABLE}")
        base.execute("CREATE TABLE IF NOT EXISTS said (of TEXT)")
        if base.execute("SELECT of FROM said").fetchall() != [(of,)]:
            base.execute("DELETE FROM pairs")
            base.execute("DELETE FROM said")
            base.execute("INSERT INTO said VALUES (?)", (of,))
            base.commit()
    except (sqlite3.Error, OSError):
        return None
    return base


def _state(files: Files) -> str:
    """What changes where one of the files does."""
    found = []
    for path in (files.image, files.alpha):
        try:
            about = path.stat()
        except OSError:
            return ""
        found += [path.name, about.st_size, about.st_mtime_ns]
    return json.dumps(found)


def _bytes(mark: Mark | None) -> bytes:
    if mark is None:
        return b""
    return mark.fingerprint.to_bytes(8, "little") + mark.mirrored.to_bytes(8, "little") + mark.tiny.tobytes()


def _mark(data: bytes) -> Mark | None:
    if not data:
        return None
    tiny = np.frombuffer(data[16:], np.uint8).reshape(TINY, TINY, 3)
    return Mark(int.from_bytes(data[:8], "little"), int.from_bytes(data[8:16], "little"), tiny)
