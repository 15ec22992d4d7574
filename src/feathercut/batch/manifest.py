"""What an earlier run left in an output folder, so that the next one goes on from there."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Self

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from feathercut import __version__, files
from feathercut.batch.plan import Earlier, Job
from feathercut.batch.run import Outcome
from feathercut.errors import OptionError
from feathercut.options import Network, Options

NAME = ".feathercut-manifest.json"
VERSION = 1
"""Grows when a field changes its meaning."""

_LOCK = ".feathercut-manifest.lock"
_PAUSE_S = 1.0
_SHARE = 20
"""Writing the manifest of very many photos takes at most this part of the time."""


class _Entry(BaseModel):
    """One cutout: the photo's size and time when it was read, its hash, and what it was made with.

    `each_bytes` has those of each subject's file by its name, where each has one. `sha256` is None until the cutout is
    whole: what then lies at its place is ours, and is made again.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    source: str
    bytes: int
    mtime_ns: int
    made_with: str
    sha256: str | None = None
    output_bytes: int = 0
    each_bytes: dict[str, int] = {}


class _File(BaseModel):
    """The manifest as it is written; `writer` is the process, whose half-written files the next run takes away."""

    version: int
    writer: int
    cutouts: dict[str, _Entry]


class Manifest:
    """The record of an output folder, for one run with its options."""

    def __init__(self, folder: Path, made_with: str) -> None:
        self._folder = folder
        self._made_with = made_with
        self._cutouts: dict[str, _Entry] = {}
        self._written = 0.0
        self._took_s = 0.0

    @classmethod
    @contextmanager
    def held(cls, folder: Path, network: Network, options: Options, *, is_each: bool = False) -> Iterator[Self]:
        """The manifest of a folder, which no other run has meanwhile; it is written when this ends, too.

        Raises OptionError where another run has it, a newer Feathercut wrote it or it cannot be understood,
        OutputError where the folder cannot be written to.
        """
        files.make_folder(folder)
        lock = FileLock(str(folder / _LOCK), timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise OptionError(
                f"Option `resume`: another run is at work in {folder}; wait for its end, or choose another folder"
            ) from error
        except OSError as error:
            raise OptionError(f"Option `resume`: {folder} cannot be written to: {files.reason(error)}") from error
        try:
            manifest = cls(folder, _made_with(network, options, is_each=is_each))
            manifest._read()
            try:
                yield manifest
            finally:
                manifest.write()  # after Ctrl-C, too
        finally:
            lock.release()
            with contextlib.suppress(OSError):
                (folder / _LOCK).unlink(missing_ok=True)

    def marked(self, jobs: Sequence[Job]) -> list[Job]:
        """The jobs, with what an earlier run did of each; what is to be done is recorded as begun."""
        marked = [job if job.error is not None else replace(job, earlier=self._state(job)) for job in jobs]
        for job in marked:
            if job.error is None and job.earlier != "current":
                self._begin(job)
        self.write()
        return marked

    def is_current(self, job: Job) -> bool:
        """Whether a job's cutout is there, whole, and of the photo as it is now with these options."""
        return self._state(job) == "current"

    def record(self, outcome: Outcome) -> None:
        """Takes down that a cutout is whole; written at most once a second."""
        job, key = outcome.job, self._key(outcome.job)
        begun = self._cutouts.get(key)
        if outcome.status in ("done", "no-subject") and begun and job.source and job.target:
            with contextlib.suppress(OSError):  # then it is made again the next time
                size, mtime_ns = _look(job.source)
                if (size, mtime_ns) == (begun.bytes, begun.mtime_ns):
                    update: dict[str, object] = {"sha256": _sha256(job.source)}
                    if job.is_each:
                        update["each_bytes"] = {path.name: path.stat().st_size for path in outcome.outputs}
                    else:
                        update["output_bytes"] = job.target.stat().st_size
                    self._cutouts[key] = begun.model_copy(update=update)
        if time.monotonic() - self._written > max(_PAUSE_S, _SHARE * self._took_s):
            self.write()

    def write(self) -> None:
        """Writes it whole, or leaves the old one. Raises OutputError."""
        started = time.monotonic()
        text = _File(version=VERSION, writer=os.getpid(), cutouts=self._cutouts).model_dump_json(indent=1)
        files.write(self._folder / NAME, text.encode(), overwrite=True)
        self._written = time.monotonic()
        self._took_s = self._written - started

    def _state(self, job: Job) -> Earlier:
        entry = self._cutouts.get(self._key(job))
        assert job.source is not None and job.target is not None  # a folder has no streams
        # A cutout that someone put in the place of one that failed is not ours.
        if entry is None:
            return "none"
        with contextlib.suppress(OSError):
            is_whole = entry.sha256 is not None and _has(job, job.target, entry)
            if is_whole and entry.made_with == self._made_with and _is_same(job.source, entry):
                return "current"
        return "stale"

    def _begin(self, job: Job) -> None:
        """Takes down that what will be at the job's place is ours, unless something of others is there."""
        assert job.source is not None and job.target is not None  # as above
        if job.earlier == "none" and job.there():
            return
        with contextlib.suppress(OSError):  # a photo that cannot be read says so when its turn comes
            size, mtime_ns = _look(job.source)
            self._cutouts[self._key(job)] = _Entry(
                source=_text(job.source), bytes=size, mtime_ns=mtime_ns, made_with=self._made_with
            )

    def _key(self, job: Job) -> str:
        return _text(Path(os.path.relpath(job.target or "", self._folder)))

    def _read(self) -> None:
        path = self._folder / NAME
        if not files.is_there(path):
            return
        try:
            document = json.loads(path.read_bytes())
            version = document["version"]
            if isinstance(version, int) and version > VERSION:
                raise OptionError(
                    f"Option `resume`: {path} was written by a newer Feathercut (its version is {version}, this one "
                    f"reads {VERSION}); update Feathercut, or choose another output folder"
                )
            read = _File.model_validate(document)
        except (OSError, ValueError, TypeError, KeyError) as error:
            if isinstance(error, OptionError):
                raise
            raise OptionError(
                f"Option `resume`: {path} cannot be understood ({_first_line(error)}); delete it, and `overwrite` "
                "makes the cutouts anew"
            ) from error
        self._cutouts = read.cutouts
        files.remove_parts(self._folder, read.writer)


def _has(job: Job, target: Path, entry: _Entry) -> bool:
    """Whether what an entry says is there, whole. Raises OSError where a file is gone."""
    if job.is_each:
        return all(target.with_name(name).stat().st_size == size for name, size in entry.each_bytes.items())
    return target.stat().st_size == entry.output_bytes


def _is_same(source: Path, entry: _Entry) -> bool:
    """Whether a photo has the bytes that it had: by its size and time, and where the time differs, by its hash."""
    size, mtime_ns = _look(source)
    return size == entry.bytes and (mtime_ns == entry.mtime_ns or _sha256(source) == entry.sha256)


def _look(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _made_with(network: Network, options: Options, *, is_each: bool) -> str:
    """A short word for all that decides how a cutout looks, the files that options name included."""
    chosen = {**network.model_dump(exclude={"licence", "accept_licence"}), **options.model_dump()}
    for name in ("background", "trimap"):
        with contextlib.suppress(OSError, ValueError):  # most backgrounds are no file
            chosen[f"{name} file"] = _sha256(Path(chosen[name] or ""))
    if is_each:
        chosen["each"] = True
    words = json.dumps({"feathercut": __version__, **chosen}, sort_keys=True)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def _text(path: Path) -> str:
    """A path as JSON holds it: names that are no text keep their bytes apart."""
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _first_line(error: BaseException) -> str:
    if isinstance(error, ValidationError):
        return "an entry is not as it should be"
    return f"{type(error).__name__}: {error}".splitlines()[0]
