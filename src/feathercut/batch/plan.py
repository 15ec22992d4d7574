"""Which photo becomes which file: nothing is overwritten by surprise, and no two share an output."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from feathercut.errors import OptionError
from feathercut.options import Format

STREAM = "-"
_ENDINGS: dict[Format, str] = {"jpeg": ".jpg", "tiff": ".tif"}
_READ_IN_FOLDERS = frozenset(
    (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".avif", ".heic", ".heif", ".hif")
    + (".tif", ".tiff", ".bmp", ".dib", ".gif")
)


@dataclass(frozen=True)
class Job:
    """One photo and where its cutout goes; None stands for stdin and stdout."""

    source: Path | None
    target: Path | None

    @property
    def name(self) -> str:
        """The photo's name for messages."""
        return STREAM if self.source is None else str(self.source)


@dataclass(frozen=True)
class _Found:
    """A photo, and its folder below the one that was named."""

    path: Path
    below: Path


def plan(
    inputs: Sequence[str],
    *,
    output: str | None,
    output_dir: Path | None,
    format: Format | None,  # noqa: A002
) -> list[Job]:
    """One job a photo, in the order of the inputs, folders sorted by name.

    `inputs` are files, folders (all pictures below), globs, or `-`. `output` is a file for a single
    photo, or `-`. Without it names are `<stem>-cutout.png` beside the photo, or `<stem>.png` in
    `output_dir`, where the tree below a folder is kept. Where two would meet, each keeps its own
    ending: `<stem>.jpg.png`. Raises OptionError for what contradicts itself.
    """
    if output is not None and output_dir is not None:
        raise OptionError("Options `output` and `output_dir`: choose one")
    if STREAM in inputs:
        return _plan_stream(inputs, output, output_dir)
    found = list(_find(inputs, output_dir))
    if output is not None:
        if len(found) != 1:
            raise OptionError(
                f"Option `output`: it names one file, and there are {len(found)} photos; use `output_dir` for several"
            )
        return [Job(found[0].path, None if output == STREAM else Path(output))]
    ending = _ENDINGS.get(format, f".{format}") if format else ".png"
    return _name_all(found, output_dir, ending)


def _plan_stream(inputs: Sequence[str], output: str | None, output_dir: Path | None) -> list[Job]:
    if len(inputs) > 1:
        raise OptionError("`-` reads one photo from stdin; it cannot be mixed with files")
    if output_dir is not None:
        raise OptionError("Option `output_dir`: a photo from stdin has no name; use `output`")
    return [Job(None, None if output in (None, STREAM) else Path(str(output)))]


def _find(inputs: Sequence[str], output_dir: Path | None) -> Iterator[_Found]:
    """The photos that the inputs name, each once."""
    seen: set[str] = set()
    for one in inputs:
        for found in _expand(one, output_dir):
            identity = _same(found.path)
            if identity not in seen:
                seen.add(identity)
                yield found


def _expand(one: str, output_dir: Path | None) -> Iterator[_Found]:
    path = Path(one)
    if path.is_dir():
        yield from _walk(path, output_dir)
    elif not path.exists() and glob.has_magic(one):
        matches = sorted(glob.glob(one, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute patterns
        if not matches:
            raise OptionError(f"Nothing fits the pattern `{one}`")
        for match in matches:
            if Path(match).is_dir():
                yield from _walk(Path(match), output_dir)
            else:
                yield _Found(Path(match), Path())
    else:
        yield _Found(path, Path())  # a file that is not there fails later, alone


def _walk(folder: Path, output_dir: Path | None) -> Iterator[_Found]:
    """The pictures below a folder by their endings; hidden files, results and the output folder are left out."""
    skipped = output_dir.resolve() if output_dir else None
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and (Path(parent) / name).resolve() != skipped
        )
        stems = {Path(name).stem for name in names}
        for name in sorted(names):
            path = Path(parent) / name
            is_result = path.stem.endswith("-cutout") and path.stem.removesuffix("-cutout") in stems
            if path.suffix.lower() in _READ_IN_FOLDERS and not name.startswith(".") and not is_result:
                yield _Found(path, Path(parent).relative_to(folder))


def _name_all(found: Sequence[_Found], output_dir: Path | None, ending: str) -> list[Job]:
    def named(one: _Found, stem: str) -> Path:
        if output_dir is None:
            return one.path.with_name(f"{stem}-cutout{ending}")
        return output_dir / one.below / f"{stem}{ending}"

    plain = [named(one, one.path.stem) for one in found]
    meeting = Counter(map(_same, plain))
    targets: list[Path] = []
    taken: set[str] = set()
    for one, target in zip(found, plain, strict=True):
        chosen = target if meeting[_same(target)] == 1 else named(one, one.path.name)
        number = 2
        while _same(chosen) in taken:
            chosen = named(one, f"{one.path.name}-{number}")
            number += 1
        taken.add(_same(chosen))
        targets.append(chosen)
    return [Job(one.path, target) for one, target in zip(found, targets, strict=True)]


def _same(path: Path) -> str:
    """A form in which paths that meet on some file system are equal."""
    return str(path.absolute()).casefold()
