"""Which photos a person means by files, folders and patterns."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from feathercut.errors import InputError, OptionError

_READ_IN_FOLDERS = re.compile(r"\.(jpe?g|jpe|jfif|mpo|a?png|webp|avif|hei[cf]|hif|tiff?|bmp|dib|gif)", re.IGNORECASE)

_NOTHING_FITS = "nothing fits this pattern, and there is no file of that name; check the path"


@dataclass(frozen=True)
class Found:
    """A photo, and its folder below the one that was named; `error` says why it cannot be looked at."""

    path: Path
    below: Path = Path()
    error: InputError | None = None


def find(inputs: Sequence[str], output_dir: Path | None) -> list[Found]:
    """The photos that the inputs name, each once, in the order of the inputs, folders sorted by name.

    Left out are hidden files in folders, everything in `output_dir` where that lies inside an input,
    and what an earlier run wrote beside a photo that is found here. Links to folders are not followed
    inside a folder. Raises OptionError where an input is empty or `output_dir` is an input itself.
    """
    if "" in inputs:  # to pathlib that is the current folder
        raise OptionError("An INPUT is empty; name a file, a folder or a pattern, or `.` for the current folder")
    folders = [Path(one) for one in inputs if is_folder(Path(one))]
    if output_dir and any(one.resolve() == output_dir.resolve() for one in folders):
        raise OptionError(
            f"Option `output_dir`: {output_dir} is an input as well, and the next run would take the cutouts for "
            "photos; choose another folder, or leave the option out to have them beside the photos"
        )
    seen: dict[str, Found] = {}
    for one in inputs:
        for found in _expand(one, output_dir, names_folder=len(folders) > 1):
            seen.setdefault(identity(found.path), found)
    return _without_results(list(seen.values()))


def is_folder(path: Path) -> bool:
    """Whether a path leads to a folder; false where that cannot be told."""
    try:
        return path.is_dir()
    except OSError:  # its name is too long, or a folder above it may not be entered
        return False


def identity(path: Path) -> str:
    """A form in which two ways to write one path are equal; links are not followed.

    a.jpg and A.jpg are two photos here, as they are on most disks.
    """
    return os.path.normcase(os.path.abspath(path))  # noqa: PTH100 - resolve() follows links


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return True  # reading it will say what is wrong


def _expand(one: str, output_dir: Path | None, *, names_folder: bool) -> Iterator[Found]:
    path = Path(one)
    if is_folder(path):
        yield from _walk(path, output_dir, Path(path.resolve().name) if names_folder else Path())
    elif glob.has_magic(one) and not _is_there(path):
        yield from _match(one, output_dir)
    else:
        yield Found(path)  # a file that is not there fails later, alone


def _match(pattern: str, output_dir: Path | None) -> Iterator[Found]:
    matches = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute patterns
    if not matches:
        yield Found(Path(pattern), error=InputError(_NOTHING_FITS))
    skipped = output_dir.resolve() if output_dir else None
    start = _start(pattern).resolve()
    if skipped and (skipped == start or not skipped.is_relative_to(start)):
        skipped = None  # cutouts go where the pattern's photos are, or elsewhere altogether
    for path in map(Path, matches):
        if skipped and path.resolve().is_relative_to(skipped):
            continue
        if is_folder(path):
            yield from _walk(path, output_dir, Path())
        else:
            yield Found(path)


def _start(pattern: str) -> Path:
    """The folder that a pattern searches."""
    parts = []
    for part in Path(pattern).parts[:-1]:
        if glob.has_magic(part):
            break
        parts.append(part)
    return Path(*parts)


def _walk(folder: Path, output_dir: Path | None, prefix: Path) -> Iterator[Found]:
    """The pictures in a folder and below, told by their endings."""
    skipped = output_dir.resolve() if output_dir else None
    closed: list[OSError] = []
    for parent, folders, names in os.walk(folder, onerror=closed.append):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and (Path(parent) / name).resolve() != skipped
        )
        for name in sorted(names):
            path = Path(parent) / name
            if _READ_IN_FOLDERS.fullmatch(path.suffix) and not name.startswith("."):
                yield Found(path, prefix / Path(parent).relative_to(folder))
    for error in closed:
        reason = f"the folder cannot be looked into: {error.strerror or error}. Get the right to read it, or move it"
        yield Found(Path(error.filename), error=InputError(reason))


def _without_results(found: list[Found]) -> list[Found]:
    """All but the cutouts that an earlier run wrote beside photos that are found themselves."""
    names = {identity(one.path) for one in found}
    stems = {identity(one.path.with_name(one.path.stem)) for one in found if one.path.name}

    def is_result(path: Path) -> bool:
        named = re.fullmatch(r"(.+)-cutout(?:-[1-9]\d*)?", path.stem)  # with the number of a subject
        if named is None:
            return False
        made_of = named[1]
        # Where two names met: `<stem>.jpg-cutout`, and with a number where those met as well.
        full = {identity(path.with_name(one)) for one in (made_of, re.sub(r"-\d+$", "", made_of)) if one}
        return identity(path.with_name(made_of)) in stems or bool(full & names)

    return [one for one in found if not is_result(one.path)]
