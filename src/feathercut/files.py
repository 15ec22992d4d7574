"""Writing files so that nothing is ever half there."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path

from feathercut.errors import OutputError, OutputExistsError


def write(path: Path, data: bytes, *, overwrite: bool) -> None:
    """Writes beside the target, then renames: what is at `path` is the old file or the whole new one.

    Raises OutputExistsError where something is there and `overwrite` is false, OutputError where it
    cannot be written; what was written so far is then taken away.
    """
    if path.is_dir():
        raise OutputError(f"{path} is a folder, where a file is to be written")
    if not overwrite and path.exists():
        raise OutputExistsError(f"{path} is there already; ask for overwriting (`--overwrite`) or choose another name")
    # Short, whatever the name's length: names may fill what the file system allows.
    part = path.with_name(f".{os.getpid():x}-{abs(hash(path)) % 0xFFFFFF:x}.part")
    try:
        with part.open("wb") as file:
            file.write(data)
        part.replace(path)
    except BaseException as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise OutputError(f"{path} cannot be written: {_reason(error)}") from error
        raise


def make_folder(path: Path) -> None:
    """Makes a folder and those above it. Raises OutputError."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"The folder {path} cannot be made: {_reason(error)}") from error


def _reason(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "the disk is full"
    if error.errno == errno.ENOENT:
        return "its folder is not there"
    return error.strerror or str(error)
