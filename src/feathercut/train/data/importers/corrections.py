"""What a server's callers sent as not good enough → pairs, once a person has cut it out.

`feathercut serve --store-corrections DIR` keeps the photos of `/improve`: `<day>/<id>.<kind>` with `<day>/<id>.json`.
Where the caller sent what is right beside it, `<day>/<id>.alpha.png`, the two are a pair. The others have no matte:
that is what was wrong. A recipe of such a photo, saved in the editor, gives it one, and comes before what a caller
sent; the photo's hash says which belongs to which. Photos without either are put where a person finds them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feathercut.errors import FeathercutError, InputError
from feathercut.replaying import read_recipe_file
from feathercut.train.data.importers.recipes import recipes_in, sha256, take
from feathercut.train.data.importers.taken import Progress, Taken, begin, copy, put
from feathercut.train.data.index import Files
from feathercut.train.data.pairs import read_pair

_DAYS = "[0-9]*-[0-9]*-[0-9]*/*.json"
WAITING = "waiting"
"""Beside `images` and `alpha`: photos that nobody has cut out yet."""


@dataclass(frozen=True)
class Correction:
    """One photo that was sent, what its record calls it, the tag that the caller gave, and the matte, if one came."""

    id: str
    photo: Path
    tag: str
    matte: Path | None = None


def import_corrections(store: Path, recipes: Path, folder: Path, tag: str | None, progress: Progress) -> Taken:
    """Writes each correction that has a recipe in `recipes` or came with its matte; the others go into `waiting`.

    With `tag` only corrections of that tag are taken. Raises InputError or OutputError.
    """
    all_kept, broken = _kept(store)
    if not all_kept and not broken:
        raise InputError(f"{store} holds no corrections; `feathercut serve --store-corrections DIR` keeps them there")
    kept = [one for one in all_kept if tag is None or one.tag == tag]
    begin(folder, "corrections", "soft")
    taken = Taken(left_out=list(broken))
    by_hash = {}
    for path in recipes_in(recipes):
        try:
            recipe = read_recipe_file(path)
            by_hash[recipe.photo.sha256] = recipe
        except FeathercutError as error:
            taken.left_out.append(str(error))
    for done, one in enumerate(kept):
        waits = folder / WAITING / one.photo.name
        try:
            recipe_of = by_hash.get(sha256(one.photo))
            if recipe_of is None and one.matte is None:
                copy(one.photo, waits)
                taken.waiting += 1
                continue
            if recipe_of is not None:
                take(one.photo, recipe_of, folder, one.id)
            elif one.matte is not None:
                put(folder, one.id, one.photo, read_pair(Files(one.id, one.photo, one.matte)).alpha[0])
            waits.unlink(missing_ok=True)
            taken.pairs += 1
        except FeathercutError as error:
            taken.left_out.append(str(error))
        finally:
            progress(one.id, done + 1, len(kept))
    return taken


def _kept(store: Path) -> tuple[list[Correction], list[str]]:
    """The corrections in a server's folder, by day and name, and what is wrong with the others."""
    if not store.is_dir():
        raise InputError(f"{store} is no folder; name the one that `--store-corrections` named")
    found, broken = [], []
    for path in _records(store):
        try:
            said: dict[str, Any] = json.loads(path.read_text("utf-8"))
            photo = path.with_name(Path(str(said["photo"])).name)
            if not photo.is_file():
                raise InputError(f"its photo, {photo.name}, is not there")
            matte = path.with_name(Path(str(said["alpha"])).name) if "alpha" in said else None
            found.append(Correction(path.stem, photo, str(said.get("tag", "")), matte))
        except (OSError, ValueError, LookupError, TypeError, InputError) as error:
            broken.append(f"{path}: {error}")
    return found, broken


def _records(store: Path) -> Iterator[Path]:
    return (path for path in sorted(store.glob(_DAYS)) if not path.name.endswith(".feathercut.json"))
