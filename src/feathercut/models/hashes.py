"""Whether a file is the one that its record names, without hashing it at every start."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from feathercut.errors import CacheError, WeightsError
from feathercut.models import cache
from feathercut.models.spec import WeightsFile
from feathercut.settings import Settings

_BLOCK = 1 << 20


def fingerprint(path: Path, settings: Settings) -> str:
    """The sha256 of a file, remembered until its size or time changes.

    Raises WeightsError where the file cannot be read.
    """
    try:
        known = cache.read_json(_note_path(path, settings))
        sha256 = known.pop("sha256", None)
        if isinstance(sha256, str) and known == _state(path):
            return sha256
        sha256 = hash_file(path)[0]
    except OSError as error:
        raise WeightsError(f"{path}: cannot be read: {error.strerror or error}") from error
    remember(path, sha256, settings)
    return sha256


def remember(path: Path, sha256: str, settings: Settings) -> None:
    """Notes the sha256 of a file as it is now."""
    note = _note_path(path, settings)
    with suppress(OSError, CacheError):  # a cache that cannot be written only costs the next start some time
        cache.open_for_writing(settings)
        note.parent.mkdir(exist_ok=True)
        cache.write_json(note, {**_state(path), "sha256": sha256})


def forget(path: Path, settings: Settings) -> None:
    """Makes the next look at a file a full one."""
    with suppress(OSError):
        _note_path(path, settings).unlink(missing_ok=True)


def fits(path: Path, file: WeightsFile, settings: Settings) -> bool:
    """Whether a file is the one a record names: by its sha256, or by its md5 until a sha256 is pinned.

    Raises WeightsError where the file cannot be read.
    """
    expected = expected_sha256(file, settings)
    if expected:
        return fingerprint(path, settings) == expected
    try:
        sha256, md5 = hash_file(path)
    except OSError as error:
        raise WeightsError(f"{path}: cannot be read: {error.strerror or error}") from error
    if md5 != file.md5:
        return False
    with suppress(CacheError):  # the file is good; only a later change of it would go unseen
        pin(file, sha256, settings)
    return True


def misfit(file: WeightsFile, sha256: str, md5: str, settings: Settings) -> str | None:
    """Why bytes of these hashes are not the file that a record names, or None where they are."""
    expected = expected_sha256(file, settings)
    got, wanted, kind = (sha256, expected, "sha256") if expected else (md5, str(file.md5), "md5")
    return None if got == wanted else f"wrong bytes: {kind} is {got[:12]}…, not {wanted[:12]}…"


def expected_sha256(file: WeightsFile, settings: Settings) -> str | None:
    """The sha256 that a file must have: its record's, else the one that was pinned here."""
    if file.sha256:
        return file.sha256
    pinned = cache.read_json(_pin_path(file, settings)).get("sha256")
    return pinned if isinstance(pinned, str) else None


def pin(file: WeightsFile, sha256: str, settings: Settings) -> None:
    """Remembers the sha256 of the first file that fitted an md5; every later one must have it too."""
    cache.open_for_writing(settings)
    path = _pin_path(file, settings)
    with cache.writing(path):
        path.parent.mkdir(exist_ok=True)
        if not path.exists():
            cache.write_json(path, {"version": 1, "md5": file.md5, "sha256": sha256})


def hash_file(path: Path) -> tuple[str, str]:
    """(sha256, md5) of a file."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            sha256.update(block)
            md5.update(block)
    return sha256.hexdigest(), md5.hexdigest()


def _state(path: Path) -> dict[str, object]:
    status = path.stat()
    return {"version": 1, "path": str(path), "bytes": status.st_size, "mtime_ns": status.st_mtime_ns}


def _note_path(path: Path, settings: Settings) -> Path:
    # Notes on files of the user or of rembg must not lie beside them: their folders are not ours.
    return settings.cache / "verified" / f"{hashlib.sha256(str(path).encode()).hexdigest()[:16]}.json"


def _pin_path(file: WeightsFile, settings: Settings) -> Path:
    return settings.cache / "pins" / f"{file.md5}.json"
