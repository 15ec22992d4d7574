"""Writing files so that nothing is ever half there."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterable
from pathlib import Path
from threading import get_ident

from feathercut.errors import OutputError, OutputExistsError


def write(path: Path, data: bytes | Iterable[bytes], *, overwrite: bool) -> None:
    """Writes beside the target, then renames: what is at `path` is the old file or the whole new one.

    `data` may come in parts, of which one is held at a time. Raises OutputExistsError where something is there and
    `overwrite` is false, OutputError where it cannot be written; what was written so far is then taken away.
    """
    if is_there(path):
        if path.is_dir():
            raise OutputError(f"{path} is a folder, where a file is to be written")
        if not overwrite:
            raise OutputExistsError(f"{path} is there already; ask for `overwrite`, or choose another name")
        if path.exists() and not path.is_file():  # a rename would put a file where a device was
            raise OutputError(f"{path} is no regular file, and is never replaced; write to `-` for a stream")
    # Short, whatever the name's length: names may fill what the file system allows.
    # One a thread: two that write the same file do not write into one another.
    mark = f"{os.getpid():x}-{get_ident():x}-{abs(hash(path)) % 0xFFFFFF:x}"
    part = path.parent / f".{mark}.part"
    try:
        with part.open("wb") as file:
            file.writelines((data,) if isinstance(data, bytes) else data)
        part.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OutputError(f"{path} cannot be written: {reason(error)}") from error
        if isinstance(error, ValueError):  # a null byte in the path
            raise OutputError(f"{str(path)!r} is no path: {error}") from error
        raise


def remove_parts(folder: Path, process: int) -> None:
    """Takes away what a process that was killed left half written in a folder and below."""
    for part in folder.rglob(f".{process:x}-*.part"):
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def is_there(path: Path) -> bool:
    """Whether something has this name, were it a link that leads nowhere; false where that cannot be told."""
    try:
        path.lstat()
    except (OSError, ValueError):
        return False
    return True


def make_folder(path: Path) -> None:
    """Makes a folder and those above it. Raises OutputError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"The folder {path} cannot be made: {reason(error)}") from error


def reason(error: OSError) -> str:
    """What a failed write means, in words."""
    if error.errno == errno.ENOSPC:
        return "the disk is full; make room or choose another one"
    if error.errno == errno.ENOENT:
        return "its folder is not there"
    if error.errno == errno.ENAMETOOLONG:
        return "its name is too long for this disk; choose a shorter one"
    return error.strerror or str(error)
