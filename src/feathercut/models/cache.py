"""The cache folder: its layout, its version, its locks, and what was verified before.

version.json        which layout this is; a newer one is refused
weights/            verified files, `<id>-<precision>-<hash>.onnx`, and `.part` files under way
graphs/             prepared networks
compiled/           prepared networks as this runtime on this processor runs them, or as a device compiled them
page/               networks as a browser runs them, and their manifests
verified/           one note a file that was hashed (`hashes.py`): its size, its time, its sha256
pins/               sha256 by md5, for records that know only an md5
locks/  work/       locks between processes; folders for `npm` and `pip`
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from threading import get_ident

from feathercut.errors import CacheError
from feathercut.settings import Settings

CACHE_VERSION = 1
"""Raise it with a migration in `check_version` when the layout changes."""


def check_version(settings: Settings) -> None:
    """Raises CacheError where a newer Feathercut wrote the cache, or where it cannot be read."""
    path = settings.cache / "version.json"
    try:
        version = json.loads(path.read_text("utf-8"))["version"]
    except FileNotFoundError:
        return
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CacheError(f"{path}: cannot be read: {error!r}. Remove the folder or set `FEATHERCUT_CACHE`") from error
    if not isinstance(version, int) or version > CACHE_VERSION:
        raise CacheError(
            f"{path}: a cache of version {version}; this Feathercut reads up to {CACHE_VERSION}. "
            "Install a newer one, or set `FEATHERCUT_CACHE` to another folder"
        )


def open_for_writing(settings: Settings) -> None:
    """Makes the cache folder where there is none, and marks its version.

    Raises CacheError where it cannot be written, or where a newer Feathercut wrote it.
    """
    check_version(settings)
    # Version 0 never left this repository: there is nothing to migrate yet, only the mark to set.
    with writing(settings.cache):
        for name in ("weights", "locks", "work"):
            (settings.cache / name).mkdir(parents=True, exist_ok=True)
        if read_json(settings.cache / "version.json") != {"version": CACHE_VERSION}:
            write_json(settings.cache / "version.json", {"version": CACHE_VERSION})


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns the system's errors about `path` into CacheError."""
    try:
        yield
    except OSError as error:
        raise CacheError(
            f"{path}: cannot be written: {error.strerror or error}. "
            "Make room or give rights there, or set `FEATHERCUT_CACHE` to another folder"
        ) from error


@contextmanager
def lock(settings: Settings, name: str) -> Iterator[None]:
    """Holds off other processes and threads that would make the same file; waits for them."""
    from filelock import FileLock  # deferred: nothing is locked where nothing is made

    open_for_writing(settings)
    held = FileLock(settings.cache / "locks" / f"{name}.lock")
    with writing(settings.cache / "locks"):
        held.acquire()
    try:
        yield
    finally:
        held.release()


@contextmanager
def workplace(settings: Settings, name: str) -> Iterator[Path]:
    """An empty folder for work under the lock `name`, gone afterwards; what a killed run left is removed first."""
    folder = settings.cache / "work" / name
    rmtree(folder, ignore_errors=True)
    with writing(folder):
        folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        rmtree(folder, ignore_errors=True)


def is_file(path: Path) -> bool:
    """Whether a file is there that may be looked at."""
    try:
        return path.is_file()
    except OSError:
        return False


def read_json(path: Path) -> dict[str, object]:
    """What a note says; nothing where it is missing or damaged."""
    try:
        data = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}


def write_json(path: Path, data: dict[str, object]) -> None:
    """Writes a note beside its place, then renames it. Raises OSError."""
    part = path.with_name(f"{path.name}.{os.getpid()}-{get_ident()}.part")  # each writer its own
    part.write_text(json.dumps(data), "utf-8")
    part.replace(path)
