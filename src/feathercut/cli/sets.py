"""`feathercut sets`: list, get, render."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import click

from feathercut.cli import console
from feathercut.cli.endings import told_as_json
from feathercut.cli.progress import Progress
from feathercut.errors import OptionError
from feathercut.evaluate.sets.arrange import arrange
from feathercut.evaluate.sets.record import PublicSet, check_licence, find, public_sets
from feathercut.evaluate.synthetic.seeds import HELD_OUT, KINDS, TUNING, Kind

_FOLDER = click.Path(path_type=Path, file_okay=False)
_ARCHIVE = click.Path(path_type=Path)
_MOST_SEEDS = 10_000


@click.group("sets")
def command() -> None:
    """Fetch, render and list sets to measure with."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_sets(as_json: bool) -> None:
    """List the public sets: what they show, how many photos, their licence and where they are published."""
    with told_as_json(as_json):
        rows = [_row(one) for one in public_sets().values()]
    if as_json:
        console.document({"version": 1, "sets": rows})
        return
    head = ("set", "photos", "truth", "commercial use", "licence", "page", "what it shows")
    columns = ("id", "photos", "truth", "commercial", "licence", "page", "title")
    console.table([head, *([str(row[column]) for column in columns] for row in rows)])


def _row(one: PublicSet) -> dict[str, object]:
    return {
        "id": one.id,
        "title": one.title,
        "photos": one.photos,
        "truth": one.truth,
        "licence": one.licence.name,
        "commercial": one.licence.commercial,
        "accept": one.licence.accept,
        "licence_source": one.licence.source,
        "note": one.licence.note,
        "page": one.page,
        "where": one.where,
    }


@command.command("get")
@click.argument("name", metavar="NAME")
@click.option("--to", "folder", type=_FOLDER, required=True, metavar="DIR", help="The folder that becomes the set.")
@click.option(
    "--archive", "archives", type=_ARCHIVE, multiple=True, metavar="FILE",
    help="What you downloaded: ZIP, TAR or a folder; may be repeated.",
)  # fmt: skip
@click.option("--accept-licence", metavar="LICENCE", help="Say that you read the set's terms and accept them.")
def get(name: str, folder: Path, archives: tuple[Path, ...], accept_licence: str | None) -> None:
    """Arrange a public set for `feathercut evaluate`, from the archive that you downloaded.

    The authors publish these sets behind pages that a program cannot pass: without `--archive` this says where.
    """
    wanted = find(name)
    check_licence(wanted, accept_licence)
    progress = Progress("files")
    try:
        done = arrange(wanted, archives, folder, progress.show)
    finally:
        progress.clear()
    for archive, sha256 in done.archives.items():
        console.say(f"{archive}: sha256 {sha256} (no published hash to compare with)")
    if done.photos != wanted.photos:
        console.say(f"`{wanted.id}` has {wanted.photos} photos, and {done.photos} were found: figures do not compare")
    console.result(f"{folder}: {done.photos} photos, {done.trimaps} trimaps; {wanted.licence.name}")


@command.command("render")
@click.argument("folder", type=_FOLDER, metavar="DIR")
@click.option("--seeds", metavar="N-M", help="The seeds, such as `0-23` or `0-3,7`; 0-3 without this.")
@click.option("--held-out", is_flag=True, help="The seeds that nothing may be tuned on; for one look, at the end.")
@click.option("--kinds", metavar="KIND,...", help=f"Of {', '.join(KINDS)}; all without this.")
@click.option("--size", default="1024x768", show_default=True, metavar="WxH", help="Pixels of each photo.")
@click.option(
    "--backgrounds", type=_FOLDER, metavar="DIR", help="Photos to put behind; a clone's example photos without this."
)
def render(
    folder: Path, seeds: str | None, held_out: bool, kinds: str | None, size: str, backgrounds: Path | None
) -> None:
    """Render photos whose alpha and foreground colours are known exactly: every kind for every seed.

    A run that was stopped goes on where it was.
    """
    from feathercut.evaluate.synthetic.backgrounds import photographs
    from feathercut.evaluate.synthetic.write import write_set

    chosen = _seeds(seeds, held_out)
    subjects, size_hw = _kinds(kinds), _size_hw(size)
    photos = photographs(backgrounds)
    if held_out:
        console.say("These seeds are held out: look once, at the end, and tune nothing on what you see")
    progress = Progress("photos")
    try:
        names = write_set(folder, chosen, subjects, size_hw, photos, progress.show)
    finally:
        progress.clear()
    which = f"held-out seeds {chosen[0]} to {chosen[-1]}" if held_out else f"{len(chosen)} seeds"
    console.result(f"{folder}: {len(names)} photos, {which}")


def _seeds(text: str | None, is_held_out: bool) -> Sequence[int]:
    """The seeds that are meant. Held-out ones are never among those that a person may name."""
    if is_held_out:
        if text:
            raise OptionError("`--held-out` has seeds of its own; give it without `--seeds`")
        return HELD_OUT
    seeds: list[int] = []
    for part in (text or "0-3").split(","):
        match = re.fullmatch(r"\s*(\d{1,9})(?:-(\d{1,9}))?\s*", part)
        if match is None:
            raise OptionError(f"`--seeds` takes numbers and ranges, such as `0-23` or `0-3,7`, not: {text}")
        first, last = int(match[1]), int(match[2] or match[1])
        if last < first or last not in TUNING or last - first >= _MOST_SEEDS:
            raise OptionError(
                f"`--seeds {part.strip()}`: seeds go from {TUNING[0]} to {TUNING[-1]}, the smaller first, "
                f"at most {_MOST_SEEDS} at a time; `--held-out` has the others"
            )
        seeds += range(first, last + 1)
    return list(dict.fromkeys(seeds))


def _kinds(text: str | None) -> Sequence[Kind]:
    if text is None:
        return KINDS
    named = [word.strip() for word in text.split(",")]
    for word in named:
        if word not in KINDS:
            raise OptionError(f"`--kinds`: `{word}` is no kind of subject; {', '.join(KINDS)} are")
    return [kind for kind in KINDS if kind in named]


def _size_hw(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,5})[x×](\d{1,5})", text.strip())
    if match is None:
        raise OptionError(f"`--size` takes width and height in pixels, such as `1024x768`, not: {text}")
    return int(match[2]), int(match[1])
