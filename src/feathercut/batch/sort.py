"""Photos sorted by how far their cutouts can be trusted: fine, look, redo. Nothing of the photos is changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from feathercut import files
from feathercut.batch.find import Found
from feathercut.batch.run import PIXELS_AT_ONCE, Applies
from feathercut.errors import FeathercutError, InputError, OutputError, ShapeError, TooLargeError, fault
from feathercut.in_order import InOrder, Turn
from feathercut.kernels.quantise import quantise
from feathercut.kernels.resample import resize, shrink
from feathercut.kernels.side_by_side import at_work
from feathercut.options import Options
from feathercut.pictures import FloatArray, Size
from feathercut.report import Report, Verdict
from feathercut.result import Result
from feathercut.sources import load

VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
_AHEAD = 4
_THUMB = 480
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, eq=False)
class Checked:
    """One photo: its report, or why there is none.

    `size` is the photo's, (height, width); `thumb` h×w×4 shows its cutout and `photo` h×w×3 the photo, both small.
    `kept` is the verdict of an earlier run, which lies there as a copy already.
    """

    found: Found
    report: Report | None = None
    size: Size | None = None
    photo: Bytes | None = None
    thumb: Bytes | None = None
    kept: Verdict | None = None
    error: FeathercutError | None = None

    @property
    def verdict(self) -> Verdict | None:
        """Where the photo belongs; None where it could not be looked at."""
        return self.report.verdict if self.report else self.kept


def checked(
    photos: Iterable[Found],
    remover: Applies,
    options: Options,
    *,
    at_once: int,
    earlier: Callable[[Found], Verdict | None] = lambda _: None,
    prepare: Callable[[], None] = lambda: None,
) -> InOrder[Found, Checked]:
    """One answer a photo, in order, as each is there; `earlier` says what an earlier run found of it.

    What is wrong with one photo is its own answer; an error of the network concerns all of them and is raised.
    """

    def work(found: Found, turn: Turn) -> Checked:
        try:
            if found.error is not None:
                raise found.error
            if (verdict := earlier(found)) is not None:
                return Checked(found, kept=verdict)
            with at_work() if at_once > 1 else nullcontext():
                return _look(found, turn)
        except (InputError, ShapeError) as error:
            return Checked(found, error=error)
        except MemoryError:
            return Checked(found, error=TooLargeError("There is not enough memory for this photo. Make it smaller"))
        except FeathercutError:
            raise
        except Exception as error:  # a fault of ours that one photo lays bare is no reason to drop the others
            ours = fault(error)
            ours.__cause__ = error
            return Checked(found, error=ours)

    def _look(found: Found, turn: Turn) -> Checked:
        def take_room(pixels: float) -> None:
            turn.take_room(pixels)
            prepare()

        photo = load(found.path, options, take_room)
        turn.take_room(0)
        small = _small(photo.frames[0].rgb)
        turn.go_on()
        result = remover.apply(photo, options, is_spent=True)
        return _answer(found, result, small)

    workers = 0 if at_once == 1 else at_once
    return InOrder(work, photos, workers=workers, ahead=_AHEAD * workers, most=PIXELS_AT_ONCE)


def copy(one: Checked, folder: Path, *, overwrite: bool) -> Path:
    """Copies a photo into the folder of its verdict, and gives its new path; the photo itself stays where it is.

    Nothing is taken away, nor is a copy that an earlier run put elsewhere. Raises OutputError where it cannot be
    written, or something else of that name is there.
    """
    assert one.verdict is not None  # only what was looked at is copied
    target = _place(one.found, folder, one.verdict)
    if files.is_there(target) and not overwrite and not _is_copy(one.found.path, target):
        raise OutputError(f"{target} is there already; `--overwrite` replaces it")
    files.make_folder(target.parent)
    try:
        if not _is_copy(one.found.path, target):
            shutil.copy2(one.found.path, target)
    except OSError as error:
        raise OutputError(f"{target} cannot be written: {files.reason(error)}") from error
    return target


def earlier_in(folder: Path) -> Callable[[Found], Verdict | None]:
    """Says in which of the three folders a photo lies as a copy: of the same size, and as old to the second."""

    def verdict_of(found: Found) -> Verdict | None:
        return next((one for one in VERDICTS if _is_copy(found.path, _place(found, folder, one))), None)

    return verdict_of


def _place(found: Found, folder: Path, verdict: Verdict) -> Path:
    return folder / verdict / found.below / found.path.name


def _is_copy(source: Path, target: Path) -> bool:
    try:
        ours, theirs = source.stat(), target.stat()
    except OSError:
        return False
    return ours.st_size == theirs.st_size and int(ours.st_mtime) == int(theirs.st_mtime) and not source.samefile(target)


def _answer(found: Found, result: Result, small: FloatArray) -> Checked:
    alpha = resize(result.cutout.alpha, (small.shape[0], small.shape[1]), "box")
    return Checked(
        found,
        result.report,
        result.cutout.size,
        quantise(small, None, 8).astype(np.uint8),
        quantise(small, np.clip(alpha, 0, 1), 8).astype(np.uint8),
    )


def _small(rgb: FloatArray) -> FloatArray:
    height, width = rgb.shape[:2]
    ratio = min(1.0, _THUMB / max(height, width))
    return np.clip(shrink(rgb, (max(1, round(height * ratio)), max(1, round(width * ratio))), "box"), 0, 1)
