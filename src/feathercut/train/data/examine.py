"""One pair, looked at closely: what is the matter with it, and what tells it from others."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from feathercut.errors import InputError
from feathercut.evaluate.reading import read_alpha, read_colours
from feathercut.kernels.resample import shrink
from feathercut.pictures import FloatArray, Size
from feathercut.train.data.faults import Fault
from feathercut.train.data.fits import fits
from feathercut.train.data.index import Files
from feathercut.train.data.marks import Mark
from feathercut.train.data.pairs import read_photo, soft_share

Truth = Literal["mattes", "masks", "any"]
Bytes = NDArray[np.uint8]
Note = Callable[..., None]

_SOFT_FROM = 0.0002
_LABELS = 16 / 255
"""A matte that is nowhere higher holds numbers of labels, not how much of a pixel is the subject."""
_COLOURED = 12
"""Of 255, between the channels of a pixel; JPEG colours grey by less."""
_BORDER_WHITE, _LESS_INSIDE = 0.75, 0.3
_GROUND, _OF_GROUND = 0.06, 0.2
"""What counts as nearly black, and the share of it that may be other than black: soft smoke is not meant."""
_TRIMAP_FROM = 0.005
_THUMB = 320


@dataclass(frozen=True, eq=False)
class Examined:
    """What was seen of one pair; pictures are there where it is shown.

    `digest` is of the photo's bytes, `matte_digest` of the matte's; `mark` says how the photo looks, None where it
    cannot be read.
    """

    faults: tuple[Fault, ...]
    digest: bytes
    matte_digest: bytes
    mark: Mark | None
    is_mask: bool
    size: Size | None = None
    photo: Bytes | None = None
    alpha: Bytes | None = None


def examine(files: Files, number: int, folder: int, truth: Truth, *, with_pictures: bool = False) -> Examined:
    """Looks at one pair; nothing that is wrong with it is raised."""
    names = (str(files.image), str(files.alpha))
    faults: list[Fault] = []

    def note(kind: str, sentence: str, which: int | None = None) -> None:
        faults.append(Fault(kind, names if which is None else names[which : which + 1], sentence, folder, number))

    photo = _photo(files, note)
    alpha = _alpha(files, note)
    digests = _digest(files.image), _digest(files.alpha)
    if alpha is None or photo is None:
        mark = None if photo is None else Mark.of(photo)
        return Examined(tuple(faults), *digests, mark, is_mask=False, size=None if photo is None else photo.shape[:2])
    if photo.shape[:2] != alpha.shape:
        note("sizes", _sizes(photo.shape[:2], alpha.shape))
    is_mask = soft_share(alpha) < _SOFT_FROM
    _look_at(alpha, files, note)
    if not faults and not fits(photo, alpha):
        note("elsewhere", "The matte's edges are not where the photo has edges: it may be of another photo, or moved.")
    if is_mask and truth == "mattes" and not faults:
        note("mask", "It knows inside and outside only, and mattes were said.", 1)
    pictures = (_thumb(photo), _thumb(alpha)) if with_pictures or faults else (None, None)
    return Examined(tuple(faults), *digests, Mark.of(photo), is_mask, photo.shape[:2], *pictures)


def _photo(files: Files, note: Note) -> FloatArray | None:
    try:
        return read_photo(files.image)
    except InputError as error:
        note("unreadable", _without(str(error), str(files.image)), 0)
    return None


def _alpha(files: Files, note: Note) -> FloatArray | None:
    try:
        integers = read_alpha(files.alpha)
        coloured = _colours(files)
    except InputError as error:
        note("unreadable", _without(str(error), str(files.alpha)), 1)
        return None
    if coloured > 0.01:
        note("colours", f"It is a picture in colours, in {coloured:.0%} of its pixels, and no matte.", 1)
    return integers.astype(np.float32) / np.float32(np.iinfo(integers.dtype).max)


def _colours(files: Files) -> float:
    """The share of pixels with colours of a matte without an alpha channel."""
    from PIL import Image as Pillow  # deferred: a costly start

    with Pillow.open(files.alpha) as picture:
        if picture.mode not in ("RGB", "P", "CMYK", "YCbCr") or "transparency" in picture.info:
            return 0.0
    colours = read_colours(files.alpha)
    if colours is None:
        return 0.0
    spread = colours.max(2).astype(np.int16) - colours.min(2)
    return float(np.mean(spread > _COLOURED))


def _sizes(photo: Size, alpha: tuple[int, ...]) -> str:
    said = f"The photo has {photo[1]}×{photo[0]} pixels and the matte {alpha[1]}×{alpha[0]}"
    if photo == alpha[::-1]:
        return f"{said}: the photo is turned as its EXIF data says, and the matte is not."
    return f"{said}."


def _look_at(alpha: FloatArray, files: Files, note: Note) -> None:
    """What a matte alone tells."""
    high = float(alpha.max())
    if high == 0:
        note("empty", "Nothing is the subject: the matte is black.", 1)
    elif high < _LABELS:
        note("labels", f"Its highest value is {high * 255:.0f} of 255: numbers of labels, not a matte.", 1)
    elif float(alpha.min()) > 1 - _LABELS:
        note("full", "Everything is the subject: the matte is white.", 1)
    elif _is_trimap(alpha):
        note("trimap", "It has one value between black and white: a trimap, which says where to look, not a matte.", 1)
    elif _is_inverted(alpha):
        note("inverted", "White at the photo's border and black within: it seems to show what is not the subject.", 1)
    else:
        dark = alpha[alpha < _GROUND]
        if dark.size and np.count_nonzero(dark) > _OF_GROUND * dark.size and dark.size > 0.2 * alpha.size:
            note("grey-ground", f"{np.count_nonzero(dark) / dark.size:.0%} of what should be black is nearly black.", 1)
    if files.alpha.suffix.lower() in (".jpg", ".jpeg"):
        note("lossy", "The matte is a JPEG file.", 1)


def _is_trimap(alpha: FloatArray) -> bool:
    """Whether all that is soft has one value."""
    soft = alpha[(alpha > _LABELS) & (alpha < 1 - _LABELS)]
    return soft.size > _TRIMAP_FROM * alpha.size and float(np.ptp(np.percentile(soft, (2, 98)))) == 0


def _is_inverted(alpha: FloatArray) -> bool:
    """Whether a matte is bright at most of its border and darker within, which subjects are not."""
    height, width = alpha.shape
    rows, columns = max(1, height // 32), max(1, width // 32)
    edges = (alpha[:rows], alpha[-rows:], alpha[:, :columns], alpha[:, -columns:])
    border = sorted(float(edge.mean()) for edge in edges)
    inside = float(alpha[height // 4 : height - height // 4, width // 4 : width - width // 4].mean())
    # The second of four: a subject that is cut off at one side leaves that side black once it is inverted.
    return border[1] > _BORDER_WHITE and inside < border[1] - _LESS_INSIDE


def _thumb(picture: FloatArray) -> Bytes:
    planes = picture if picture.ndim == 3 else picture[..., None]
    ratio = min(1.0, _THUMB / max(picture.shape[:2]))
    size = max(1, round(picture.shape[0] * ratio)), max(1, round(picture.shape[1] * ratio))
    small = np.rint(np.clip(shrink(planes, size, "box"), 0, 1) * 255).astype(np.uint8)
    return small if picture.ndim == 3 else small[..., 0]


def _digest(path: Path) -> bytes:
    """16 bytes that only the same bytes give; zeros where the file cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).digest()
    except OSError:
        return bytes(16)


def _without(text: str, name: str) -> str:
    """A message without the name of the file that stands before it anyway."""
    rest = text.removeprefix(f"{name}: ")
    return rest[:1].upper() + rest[1:].rstrip(".") + "."
