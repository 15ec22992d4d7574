"""A public set's files in our layout: `images`, `alpha`, perhaps `trimap`, byte for byte as they came."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from feathercut import files
from feathercut.errors import InputError, OptionError, OutputError
from feathercut.evaluate.sets.archive import MOST_BYTES, Member, blocks, members
from feathercut.evaluate.sets.record import Layout, PublicSet

Progress = Callable[[str, int, int | None], None]
"""Told (name, files done, files in all)."""
_PICTURES = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff"}
_NAMED = 3


@dataclass(frozen=True)
class Arranged:
    """What came of it: photos, trimaps among them, and the sha256 of each archive by its name."""

    photos: int
    trimaps: int
    archives: dict[str, str]


def arrange(wanted: PublicSet, archives: Sequence[Path], folder: Path, progress: Progress) -> Arranged:
    """Writes the set's photos and truths into `folder`; files that are there with their size are kept.

    No hash of these archives was published, so that of each is given back and written into `set.json`.
    Raises OptionError without archives, InputError where they are not this set, OutputError.
    """
    if not archives:
        raise OptionError(
            f"`{wanted.id}` cannot be fetched by a program. Download {wanted.where} ({wanted.page}), "
            "then name what you got with `--archive FILE`"
        )
    plan = _plan(wanted, archives)
    _claim(folder, wanted)
    _check_room(folder, plan)
    done, total = 0, sum(len(of) for of in plan.values())
    for archive in archives:
        for member, stream in members(archive):
            role = _role(member, wanted.layout)
            if role is None or plan[role].get(Path(member.name).stem) != (archive, member):
                continue
            _write(folder / role / member.name, archive, member, stream)
            done += 1
            progress(member.name, done, total)
    hashes = {archive.name: _sha256(archive) for archive in archives if archive.is_file()}
    _write_notes(folder, wanted, sorted(plan["images"]), hashes)
    return Arranged(len(plan["images"]), len(plan["trimap"]), hashes)


Plan = dict[str, dict[str, tuple[Path, Member]]]
"""By folder of ours, by id: the archive and the member that goes there."""


def _plan(wanted: PublicSet, archives: Sequence[Path]) -> Plan:
    plan: Plan = {"images": {}, "alpha": {}, "trimap": {}}
    for archive in archives:
        for member, _ in members(archive):
            role = _role(member, wanted.layout)
            if role is None:
                continue
            name = Path(member.name).stem
            if name in plan[role]:
                raise InputError(f"{archive}: {member.name} is there twice; name the archives of one version only")
            if member.bytes > MOST_BYTES:
                raise InputError(f"{archive}: {member.name} has {member.bytes / 1e6:.0f} MB; no photo of a set has")
            plan[role][name] = (archive, member)
    images, alpha = plan["images"], plan["alpha"]
    if not images:
        raise InputError(
            f"{', '.join(path.name for path in archives)}: no photos of `{wanted.id}`, which lie in "
            f"`{'`, `'.join(wanted.layout.images)}`; if there is an archive in it, name that one"
        )
    if lonely := sorted(images.keys() ^ alpha.keys()):
        named = ", ".join(lonely[:_NAMED]) + (f" and {len(lonely) - _NAMED} more" if len(lonely) > _NAMED else "")
        raise InputError(f"`{wanted.id}` is not whole: photo or truth is missing of {named}; name every archive of it")
    return {**plan, "trimap": {name: one for name, one in plan["trimap"].items() if name in images}}


def _check_room(folder: Path, plan: Plan) -> None:
    needed = sum(member.bytes for of in plan.values() for _, member in of.values())
    if shutil.disk_usage(folder).free < needed:
        raise OutputError(f"{folder}: too little room, the set takes {needed / 1e6:.0f} MB; choose another disk")


def _role(member: Member, layout: Layout) -> str | None:
    """The folder of ours that a member belongs in, or None."""
    if Path(member.name).suffix.lower() not in _PICTURES:
        return None
    for role, ends in (("images", layout.images), ("alpha", layout.alpha), ("trimap", layout.trimap)):
        for end in ends:
            parts = tuple(end.lower().split("/"))
            if tuple(part.lower() for part in member.folder[-len(parts) :]) == parts:
                return role
    return None


def _write(path: Path, archive: Path, member: Member, stream: IO[bytes]) -> None:
    """Streams a member to its place, unless it is there."""
    if path.is_file() and path.stat().st_size == member.bytes:
        return
    files.make_folder(path.parent)
    files.write(path, blocks(archive, member, stream), overwrite=True)


def _claim(folder: Path, wanted: PublicSet) -> None:
    """Says in the folder whose it is. Raises OutputError where it holds something else."""
    note = folder / "set.json"
    if not note.is_file():
        if folder.is_dir() and any(folder.iterdir()):
            raise OutputError(f"{folder} holds something else already; choose a folder of its own for `{wanted.id}`")
        files.make_folder(folder)
        _write_json(note, {"set": wanted.id})
        return
    try:
        name = json.loads(note.read_text("utf-8")).get("set")
    except (OSError, ValueError, AttributeError) as error:
        raise OutputError(f"{note} cannot be read: {error}; choose another folder") from error
    if name != wanted.id:
        raise OutputError(f"{folder} holds another set; choose another folder for `{wanted.id}`")


def _write_notes(folder: Path, wanted: PublicSet, names: Sequence[str], hashes: dict[str, str]) -> None:
    if wanted.kind_from:
        found = {name: re.match(wanted.kind_from, name) for name in names}
        kinds = {name: match[1].lower() for name, match in found.items() if match}
        _write_json(folder / "kinds.json", kinds)
    note = {
        "set": wanted.id,
        "truth": wanted.truth,
        "licence": wanted.licence.name,
        "page": wanted.page,
        "archives": hashes,
    }
    _write_json(folder / "set.json", note)


def _write_json(path: Path, value: object) -> None:
    files.write(path, (json.dumps(value, indent=1) + "\n").encode(), overwrite=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
