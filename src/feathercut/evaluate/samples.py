"""A set on the disk: photos, their truth, and what else is known of them.

<set>/images/<id>.jpg     the photos, in any format that is read
<set>/alpha/<id>.png      the true alpha of each
<set>/trimap/<id>.png     perhaps: 0 outside, 255 inside, between them unknown
<set>/foreground/<id>.png perhaps: the subject's true colours
<set>/background/<id>.png perhaps: what is behind it
<set>/kinds.json          perhaps: {"<id>": "<kind of subject>"}
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from feathercut.errors import InputError

_READ = re.compile(r"\.(jpe?g|jpe|jfif|mpo|a?png|webp|avif|hei[cf]|hif|tiff?|bmp|dib|gif)", re.IGNORECASE)
_NAMED = 3  # ids that a message names; the others are counted
_UNNAMED = "other"


@dataclass(frozen=True)
class Sample:
    """One photo of a set, by its paths; what the set does not have is None."""

    id: str
    image: Path
    alpha: Path
    trimap: Path | None
    foreground: Path | None
    background: Path | None
    kind: str


def read_set(folder: Path) -> list[Sample]:
    """The photos of a set, sorted by id; nothing but names is looked at.

    Raises InputError where the folder is no set, or where a photo has no truth or a truth no photo.
    """
    if not folder.is_dir():
        raise InputError(f"{folder} is no folder; a set is a folder with `images` and `alpha` in it")
    for name, what in (("images", "the photos"), ("alpha", "their true alpha, PNG")):
        if not (folder / name).is_dir():
            raise InputError(f"{folder} is no set: it has no folder `{name}` for {what}")
    images, alphas = _by_id(folder / "images"), _by_id(folder / "alpha")
    if not images:
        raise InputError(f"There are no photos in {folder / 'images'}")
    _refuse(sorted(images.keys() - alphas.keys()), "a photo has no truth", f"{folder / 'alpha'} needs `<id>.png` of")
    _refuse(sorted(alphas.keys() - images.keys()), "a truth has no photo", f"{folder / 'images'} needs the photo of")
    trimaps, foregrounds, backgrounds = (_by_id(folder / name) for name in ("trimap", "foreground", "background"))
    kinds = _kinds(folder, sorted(images))
    return [
        Sample(id, images[id], alphas[id], trimaps.get(id), foregrounds.get(id), backgrounds.get(id), kinds[id])
        for id in sorted(images)  # noqa: A001
    ]


def check_trimaps(samples: Sequence[Sample], folder: Path) -> None:
    """Raises InputError, which names them, where photos of the set in `folder` have no trimap."""
    lacking = [sample.id for sample in samples if sample.trimap is None]
    _refuse(lacking, "a photo has no trimap", f"{folder / 'trimap'} needs `<id>.png` of")


def name_of(folder: Path) -> str:
    """The name of a set: its folder's."""
    return folder.resolve().name or "set"


def _by_id(folder: Path) -> dict[str, Path]:
    """The pictures of a folder by their names without the ending. Raises InputError where two have one id."""
    found: dict[str, Path] = {}
    if not folder.is_dir():
        return found
    for path in sorted(folder.iterdir()):
        if not _READ.fullmatch(path.suffix) or path.name.startswith("."):
            continue
        if path.stem in found:
            raise InputError(f"{folder}: {found[path.stem].name} and {path.name} have one id; keep one of them")
        found[path.stem] = path
    return found


def _refuse(ids: Sequence[str], what: str, wanted: str) -> None:
    if ids:
        named = ", ".join(ids[:_NAMED]) + (f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else "")
        raise InputError(f"The set is not whole, {what}: {wanted} {named}")


def _kinds(folder: Path, ids: Sequence[str]) -> dict[str, str]:
    """The kind of subject of each photo: from `kinds.json`, else from the ids, else the set's name."""
    path = folder / "kinds.json"
    if path.is_file():
        written = _read_kinds(path)
        return {id: written.get(id, _UNNAMED) for id in ids}  # noqa: A001
    prefixes = {id: re.split(r"[-_\d]", id, maxsplit=1)[0] for id in ids}  # noqa: A001
    different = set(prefixes.values())
    # Names that are all different, or all alike, or begin with a number tell no kinds.
    if "" in different or not 1 < len(different) <= len(ids) / 2:
        return dict.fromkeys(ids, name_of(folder))
    return prefixes


def _read_kinds(path: Path) -> dict[str, str]:
    try:
        written = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}") from error
    if not isinstance(written, dict) or not all(isinstance(kind, str) for kind in written.values()):
        raise InputError(f'{path} must be an object of words, as in {{"photo-1": "hair"}}')
    return written
