"""What is in the archives that a person fetched: ZIP, TAR, or a folder, read member by member.

Members are read, never extracted: a name says what a member is, never where it is written.
"""

from __future__ import annotations

import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from feathercut.errors import InputError

MOST_MEMBERS = 200_000
MOST_BYTES = 1 << 28
"""A member; no photo of any set comes near."""
_BLOCK = 1 << 20


@dataclass(frozen=True)
class Member:
    """A regular file of an archive: its folder's parts, its name, its size as the archive states it."""

    folder: tuple[str, ...]
    name: str
    bytes: int


def members(path: Path) -> Iterator[tuple[Member, IO[bytes]]]:
    """Every regular file of an archive or folder; each stream is to be read before the next is asked for.

    Links, devices and names that lead out of the archive are passed by. Raises InputError where it is neither
    an archive nor a folder, is damaged, or holds more than `MOST_MEMBERS`.
    """
    if path.is_dir():
        found = _in_folder(path)
    elif not path.is_file():
        raise InputError(f"{path} is not there; name the archive that you downloaded, or the folder it became")
    elif zipfile.is_zipfile(path):
        found = _in_zip(path)
    elif tarfile.is_tarfile(path):
        found = _in_tar(path)
    else:
        raise InputError(f"{path} is no ZIP, no TAR and no folder; a download that needs a form saves a page instead")
    with _damage_named(path):
        for number, one in enumerate(found):
            if number >= MOST_MEMBERS:
                raise InputError(f"{path} has more than {MOST_MEMBERS} files; no set has")
            yield one


def blocks(path: Path, member: Member, stream: IO[bytes]) -> Iterator[bytes]:
    """What a member of the archive at `path` holds, in parts.

    Raises InputError where it is damaged or not as long as stated.
    """
    given = 0
    while block := _read(path, stream):
        given += len(block)
        if given > member.bytes:
            break
        yield block
    if given != member.bytes:
        raise InputError(f"{path}: {member.name} is not as long as its archive says; download it again")


def _read(path: Path, stream: IO[bytes]) -> bytes:
    with _damage_named(path):
        return stream.read(_BLOCK)


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    """Turns what the readers of archives raise into our error, with the archive's name."""
    try:
        yield
    except (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise InputError(f"{path} cannot be read as an archive: {error}; download it again") from error


def _member(name: str, size: int) -> Member | None:
    """The member of that name, or None where the name leads out or hides something."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or any("\\" in part or ":" in part for part in parts):
        return None
    if parts[-1].startswith(".") or "__MACOSX" in parts or not name.isprintable():
        return None
    return Member(tuple(parts[:-1]), parts[-1], size)


def _in_zip(path: Path) -> Iterator[tuple[Member, IO[bytes]]]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            is_link = (info.external_attr >> 16) & 0o170000 == 0o120000
            member = None if info.is_dir() or is_link else _member(info.filename, info.file_size)
            if member:
                with archive.open(info) as stream:
                    yield member, stream


def _in_tar(path: Path) -> Iterator[tuple[Member, IO[bytes]]]:
    with tarfile.open(path, "r|*") as archive:
        for info in archive:
            member = _member(info.name, info.size) if info.isreg() else None
            stream = archive.extractfile(info) if member else None
            if member and stream:
                yield member, stream


def _in_folder(folder: Path) -> Iterator[tuple[Member, IO[bytes]]]:
    whole = folder.resolve()
    for path in sorted(whole.rglob("*")):
        if path.is_symlink() or not path.is_file():
            continue
        # The folder's own name counts: someone may name `DIS-VD` itself.
        member = _member(path.relative_to(whole.parent).as_posix(), path.stat().st_size)
        if member:
            with path.open("rb") as stream:
                yield member, stream
