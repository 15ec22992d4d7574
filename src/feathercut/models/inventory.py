"""What is in the cache: for listing, checking and removing."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from feathercut.errors import WeightsError
from feathercut.models import cache, hashes
from feathercut.models.sources import local
from feathercut.models.spec import Record
from feathercut.settings import Settings


@dataclass(frozen=True)
class Installed:
    """A file of weights on this machine, and whose it is."""

    path: Path
    place: Literal["models", "rembg", "cache"]
    bytes: int


def installed(record: Record, settings: Settings) -> Installed | None:
    """The file that a run would use now without fetching anything, or None.

    Raises WeightsError where the user's folder holds a wrong one, CacheError where a newer Feathercut
    wrote the cache.
    """
    cache.check_version(settings)
    path = local.find(record, record.files, settings, [])
    if path is None:
        return None
    place: Literal["models", "rembg", "cache"] = "rembg"
    if path.is_relative_to(settings.cache):
        place = "cache"
    elif settings.models is not None and path.is_relative_to(settings.models):
        place = "models"
    return Installed(path, place, path.stat().st_size)


def verify(record: Record, settings: Settings) -> Installed:
    """The installed file, hashed anew whatever was noted before.

    Raises WeightsError where there is none, or where its hash does not fit.
    """
    cache.check_version(settings)
    for noted in local.paths(record, settings):
        hashes.forget(noted, settings)
    tried: list[str] = []
    found = installed(record, settings) if local.find(record, record.files, settings, tried) else None
    if found is None:
        reasons = "".join(f"\n  - {reason}" for reason in tried)
        raise WeightsError(
            f"No fitting weights for `{record.id}` on this machine:{reasons}\nRun `feathercut models get {record.id}`."
        )
    return found


def remove(record: Record, settings: Settings) -> int:
    """The bytes that removing a record's weights and graphs from our cache made free.

    Files in the user's folder and in rembg's are never touched. Raises CacheError where a file cannot
    be removed.
    """
    cache.check_version(settings)
    if not settings.cache.is_dir():
        return 0
    freed = 0
    with cache.lock(settings, f"weights-{record.id}"):
        doomed = [local.cached_path(record, file, settings) for file in record.files]
        doomed += [path.with_suffix(ending) for path in doomed for ending in (".part", ".part.json")]
        # The fingerprint in a prepared graph's name has no dash: `isnet-general-2` is not of `isnet-general`.
        doomed += [
            path
            for path in (settings.cache / "graphs").glob(f"{record.id}-*")
            if path.stem.removeprefix(f"{record.id}-").count("-") == 1
        ]
        compiled = [
            folder
            for folder in (settings.cache / "compiled").glob(f"{record.id}-*")
            if folder.name.removeprefix(f"{record.id}-").count("-") == 2
        ]
        doomed += [path for folder in compiled for path in folder.iterdir()]
        for path in filter(cache.is_file, doomed):
            freed += path.stat().st_size
            with cache.writing(path):
                path.unlink()
            hashes.forget(path, settings)
        for folder in compiled:
            with suppress(OSError):  # something else lies in it
                folder.rmdir()
    return freed
