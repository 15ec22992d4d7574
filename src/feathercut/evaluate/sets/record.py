"""What is known of a public set: a JSON file beside this one, one a set.

What we could not read ourselves says `unverified` in its note: a licence is never guessed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Literal

from feathercut.errors import LicenceError, OptionError

_RECORDS = Path(__file__).parent / "records"


@dataclass(frozen=True)
class Licence:
    """Under what a set is published. `accept` is the word that `--accept-licence` must name."""

    name: str
    commercial: Literal["yes", "no", "unclear"]
    accept: str
    source: str
    note: str


@dataclass(frozen=True)
class Layout:
    """The folders of a set's archive, by the end of their path: where its photos, mattes and trimaps are."""

    images: tuple[str, ...]
    alpha: tuple[str, ...]
    trimap: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublicSet:
    """One public set. `where` says how a person gets its files; `kind_from` finds a kind in a file's name."""

    id: str
    title: str
    photos: int
    truth: Literal["soft", "hard"]
    licence: Licence
    page: str
    where: str
    layout: Layout
    layout_source: str
    kind_from: str | None = None


def public_sets() -> dict[str, PublicSet]:
    """Every public set by its id, in order of the ids."""
    return {path.stem: read_record(path) for path in sorted(_RECORDS.glob("*.json"))}


def find(name: str) -> PublicSet:
    """The set of that name. Raises OptionError, with the nearest name."""
    known = public_sets()
    if name not in known:
        near = get_close_matches(name, known, 1)
        raise OptionError(f"No set is called `{name}`; {f'did you mean `{near[0]}`' if near else ', '.join(known)}?")
    return known[name]


def check_licence(wanted: PublicSet, accepted: str | None) -> None:
    """Raises LicenceError unless the person accepted the set's licence by its name."""
    terms = wanted.licence
    if accepted != terms.accept:
        raise LicenceError(
            f"`{wanted.id}` has terms of its own: {terms.name}, commercial use: {terms.commercial}. {terms.note} "
            f"Read them at {terms.source}; where you accept them, say so with `--accept-licence {terms.accept}`"
        )


def read_record(path: Path) -> PublicSet:
    """The set that a record describes."""
    written = json.loads(path.read_text("utf-8"))
    del written["version"]
    layout = {name: tuple(folders) for name, folders in written.pop("layout").items()}
    return PublicSet(**{**written, "licence": Licence(**written["licence"]), "layout": Layout(**layout)})
