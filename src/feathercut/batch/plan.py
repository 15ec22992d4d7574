"""Which photo becomes which file: nothing is overwritten by surprise, and no two share an output."""

from __future__ import annotations

import contextlib
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from feathercut import files
from feathercut.batch.find import Found, find, identity, is_folder
from feathercut.errors import InputError, OptionError
from feathercut.options import Format

STREAM = "-"
Earlier = Literal["none", "stale", "current"]
_NUMBER = re.compile(r"(?<=.)-[1-9]\d*$")
_ENDINGS: dict[Format, str] = {"jpeg": ".jpg", "tiff": ".tif"}


@dataclass(frozen=True)
class Job:
    """One photo and where its cutout goes; None stands for stdin and stdout.

    `error` says why nothing can be done: a folder that may not be read, a pattern that nothing fits.
    `earlier` says what an earlier run left at `target`: nothing, something that makes way, or this very cutout.
    Where each subject has a file of its own, `is_each`, its number stands before the ending of `target`.
    """

    source: Path | None
    target: Path | None
    error: InputError | None = None
    earlier: Earlier = "none"
    is_each: bool = False

    @property
    def name(self) -> str:
        """The photo's name for messages."""
        return STREAM if self.source is None else str(self.source)

    def numbered(self, number: int) -> Path:
        """Where the cutout of a subject goes: `shoes-2.png` for the second one of `shoes.png`."""
        assert self.target is not None  # several files are no stream
        return self.target.with_name(f"{self.target.stem}-{number}{self.target.suffix}")

    def there(self) -> list[Path]:
        """What is at its place already: one file, or one for each of several subjects."""
        if self.target is None:
            return []
        if not self.is_each:
            return [self.target] if files.is_there(self.target) else []
        numbered = re.compile(rf"{re.escape(self.target.stem)}-[1-9]\d*{re.escape(self.target.suffix)}", re.IGNORECASE)
        with contextlib.suppress(OSError):  # no such folder, or one that may not be looked into
            return sorted(path for path in self.target.parent.iterdir() if numbered.fullmatch(path.name))
        return []


def plan(
    inputs: Sequence[str],
    *,
    output: str | None,
    output_dir: Path | None,
    format: Format | None,  # noqa: A002
    is_each: bool = False,
) -> list[Job]:
    """One job a photo, in the order of the inputs, folders sorted by name.

    `inputs` are files, folders (all pictures below), globs, or `-`. `output` is a file for a single
    photo, or `-`. Without it names are `<stem>-cutout.png` beside the photo, or `<stem>.png` in
    `output_dir`, where the tree below a folder is kept (below its name, where several folders are
    named). Where two would meet, each keeps its own ending: `<stem>.jpg.png`. `is_each` gives each subject
    of a photo a file of its own. Raises OptionError for what contradicts itself.
    """
    jobs = _planned(inputs, output, output_dir, format, is_each=is_each)
    if is_each and any(job.target is None and job.error is None for job in jobs):
        raise OptionError("Option `each`: several files do not go to stdout; name one with `output`")
    return [replace(job, is_each=is_each) for job in jobs]


def _planned(
    inputs: Sequence[str],
    output: str | None,
    output_dir: Path | None,
    format: Format | None,  # noqa: A002
    *,
    is_each: bool,
) -> list[Job]:
    if output is not None and output_dir is not None:
        raise OptionError("Options `output` and `output_dir`: choose one")
    if output not in (None, STREAM):
        _refuse_folder(str(output))
    if STREAM in inputs:
        return _plan_stream(inputs, output, output_dir)
    found = find(inputs, output_dir)
    if output is not None:
        if len(found) != 1:
            raise OptionError(
                f"Option `output`: it names one file, and there are {len(found)} photos; use `output_dir` for several"
            )
        return [Job(found[0].path, None if output == STREAM else Path(output), found[0].error)]
    ending = _ENDINGS.get(format, f".{format}") if format else ".png"
    return _name_all(found, output_dir, ending, is_each=is_each)


def _refuse_folder(output: str) -> None:
    ends_as_folder = output.endswith(tuple(filter(None, (os.sep, os.altsep))))
    if not output or ends_as_folder or is_folder(Path(output)):
        raise OptionError(f"Option `output`: it names a file, got `{output}`; use `output_dir` for a folder")


def _plan_stream(inputs: Sequence[str], output: str | None, output_dir: Path | None) -> list[Job]:
    if len(inputs) > 1:
        raise OptionError("`-` reads one photo from stdin; it cannot be mixed with files")
    if output_dir is not None:
        raise OptionError("Option `output_dir`: a photo from stdin has no name; use `output`")
    return [Job(None, None if output in (None, STREAM) else Path(str(output)))]


def _name_all(found: Sequence[Found], output_dir: Path | None, ending: str, *, is_each: bool) -> list[Job]:
    def named(one: Found, stem: str) -> Path:
        if output_dir is None:
            return one.path.with_name(f"{stem}-cutout{ending}")
        return output_dir / one.below / f"{stem}{ending}"

    photos = {_same(one.path): identity(one.path) for one in found}
    # A photo that has the name of some other one's second subject is in its way.
    numbered = [one.path for one in found if is_each and _NUMBER.search(one.path.stem)]
    in_the_way = {_same(path.with_name(_NUMBER.sub("", path.stem) + path.suffix)) for path in numbered}
    plain = {identity(one.path): named(one, one.path.stem) for one in found if one.error is None}
    meeting = Counter(map(_same, plain.values()))
    taken: set[str] = set()

    def is_free(target: Path, one: Found) -> bool:
        # The photo itself is not evaded but refused, later: its name was asked for.
        is_another_photo = photos.get(_same(target), identity(one.path)) != identity(one.path)
        return _same(target) not in taken and not is_another_photo and _same(target) not in in_the_way

    jobs = []
    for one in found:
        if one.error is not None:
            jobs.append(Job(one.path, None, one.error))
            continue
        target = plain[identity(one.path)]
        if meeting[_same(target)] > 1 or not is_free(target, one):
            target = named(one, one.path.name)
        number = 2
        while not is_free(target, one):
            target = named(one, f"{one.path.name}-{number}")
            number += 1
        taken.add(_same(target))
        jobs.append(Job(one.path, target))
    return jobs


def _same(path: Path) -> str:
    """A form in which paths that meet on some file system are equal."""
    # Case is no difference on Windows and macOS; nor, on the latter, how an accent is composed.
    return unicodedata.normalize("NFC", os.path.abspath(path)).casefold()  # noqa: PTH100 - resolve() follows links
