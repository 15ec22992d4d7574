"""The files of jobs: private, under names that nobody can guess, each written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Self

from feathercut.errors import FeathercutError
from feathercut.files import reason
from feathercut.server.errors import JobStoreError, StorageFullError, UnknownJobError

DATABASE, LOCK = "jobs.sqlite3", "runner.lock"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_PREFIX = "job-"
_NAME_BYTES = 24


def unusable(name: str, error: Exception) -> FeathercutError:
    """What the system, or SQLite, says of a file or the database of jobs, as one of our errors."""
    is_full = error.errno in _FULL if isinstance(error, OSError) else "SQLITE_FULL" in _code(error)
    if is_full:
        return StorageFullError("The disk of this server is full, and a job needs room there; come again later")
    told = reason(error) if isinstance(error, OSError) else str(error)
    return JobStoreError(
        f"{name}: the folder of jobs cannot be used: {told}. Give rights there, or name another with `--jobs-folder`"
    )


def _code(error: Exception) -> str:
    return str(getattr(error, "sqlite_errorname", ""))


class Folder:
    """Where jobs keep their files, each job in a folder of its own. Raises JobStoreError or StorageFullError."""

    def __init__(self, root: Path) -> None:
        self.root = root
        with self._telling():
            root.mkdir(parents=True, exist_ok=True, mode=0o700)

    @staticmethod
    def new_name() -> str:
        """A name for a job's folder."""
        return _PREFIX + secrets.token_hex(_NAME_BYTES)

    def make(self, name: str) -> None:
        """Makes a job's folder."""
        with self._telling():
            (self.root / name).mkdir(mode=0o700)

    def create(self, name: str, file: str) -> PrivateFile:
        """A new file, to be written from its beginning."""
        path = self.root / name / file
        with self._telling():
            return PrivateFile(path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600))

    def write(self, name: str, file: str, data: bytes) -> None:
        """Writes a file, in place of an older one."""
        part = f"{file}.part"
        self.drop(name, part)  # of a process that was killed
        try:
            with self.create(name, part) as out:
                out.write(data)
            with self._telling():
                (self.root / name / part).replace(self.root / name / file)
        except FeathercutError:
            self.drop(name, part)
            raise

    def open(self, name: str, file: str) -> BinaryIO:
        """A file, to be read. Raises UnknownJobError where it is gone."""
        try:
            with self._telling():
                return (self.root / name / file).open("rb")
        except JobStoreError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                raise UnknownJobError("There is no such job: it was removed") from error
            raise

    def read(self, name: str, file: str) -> bytes:
        """What a file has. Raises UnknownJobError where it is gone."""
        with self.open(name, file) as opened, self._telling():
            return opened.read()

    def size(self, name: str, file: str) -> int:
        """Bytes of a file; 0 where there is none."""
        with contextlib.suppress(OSError):
            return (self.root / name / file).stat().st_size
        return 0

    def drop(self, name: str, file: str) -> None:
        """Takes a file away, if it is there."""
        with contextlib.suppress(OSError):
            (self.root / name / file).unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Takes a job's folder away with all that is in it."""
        shutil.rmtree(self.root / name, ignore_errors=True)

    def names(self) -> set[str]:
        """The folders that are there."""
        with self._telling():
            return {path.name for path in self.root.glob(f"{_PREFIX}*")}

    @contextlib.contextmanager
    def _telling(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise unusable(str(self.root), error) from error


_BINARY = getattr(os, "O_BINARY", 0)
"""Windows would write its own ends of lines."""


class PrivateFile:
    """A file that only this user may read, while it is written. Raises JobStoreError or StorageFullError."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self._path = path
        self._file = os.fdopen(descriptor, "wb", buffering=0)
        self.bytes = 0

    def write(self, data: bytes | memoryview, /) -> int:
        """Writes all of it."""
        left = memoryview(data)
        try:
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            raise unusable(str(self._path.parent.parent), error) from error
        self.bytes += len(data)
        return len(data)

    def close(self) -> None:
        """Ends it. Some systems say only now that there was no room."""
        try:
            self._file.close()
        except OSError as error:
            raise unusable(str(self._path.parent.parent), error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
