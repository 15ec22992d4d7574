"""`feathercut data import`: one command a layout."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from feathercut.cli import console, exit_codes
from feathercut.cli.progress import Progress
from feathercut.errors import OptionError
from feathercut.train.data.importers.coco import import_coco
from feathercut.train.data.importers.corrections import WAITING, import_corrections
from feathercut.train.data.importers.published import import_published, training_sets
from feathercut.train.data.importers.recipes import import_recipes
from feathercut.train.data.importers.supervisely import import_supervisely
from feathercut.train.data.importers.taken import Progress as Told
from feathercut.train.data.importers.taken import Taken

_FOLDER = click.Path(path_type=Path, file_okay=False)
_TO = click.option(
    "--to", "folder", type=_FOLDER, required=True, metavar="DIR", help="The folder that becomes the set."
)
_CLASSES = click.option("--classes", metavar="NAME,...", help="Take objects of these classes; all without this.")
_NAMED = 5


@click.group("import")
def command() -> None:
    """Make a data set from another layout. What an earlier run took is kept."""


def _published(name: str) -> click.Command:
    about = training_sets()[name]

    @click.option(
        "--archive", "archives", type=click.Path(path_type=Path), multiple=True, metavar="FILE",
        help="What you downloaded: ZIP, TAR or a folder; may be repeated.",
    )  # fmt: skip
    @_TO
    @click.option("--accept-licence", metavar="LICENCE", help="Say that you read the set's terms and accept them.")
    def take(archives: tuple[Path, ...], folder: Path, accept_licence: str | None) -> None:
        progress = Progress("files")
        try:
            wanted, done = import_published(name, archives, folder, accept_licence, progress.show)
        finally:
            progress.clear()
        if done.photos != wanted.photos:
            console.say(f"`{name}` has {wanted.photos} photos, and {done.photos} were found")
        console.result(f"{folder}: {done.photos} pairs; {wanted.licence.name}")

    take.__doc__ = f"{about.title}: {about.photos} photos, {about.licence.name}."
    return click.command(name)(take)


for _name in training_sets():
    command.add_command(_published(_name))


@command.command("coco")
@click.argument("annotations", type=click.Path(path_type=Path, dir_okay=False), metavar="JSON")
@click.option("--photos", type=_FOLDER, required=True, metavar="DIR", help="Where the photos lie that it names.")
@_TO
@_CLASSES
def coco(annotations: Path, photos: Path, folder: Path, classes: str | None) -> int:
    """Take COCO's masks: polygons and run lengths. The objects of a photo together are its subject."""
    return _told(folder, lambda progress: import_coco(annotations, photos, folder, _names(classes), progress))


@command.command("supervisely")
@click.argument("project", type=_FOLDER, metavar="PROJECT")
@_TO
@_CLASSES
def supervisely(project: Path, folder: Path, classes: str | None) -> int:
    """Take `img` and `ann` of a project: bitmaps and polygons. The objects of a photo together are its subject."""
    return _told(folder, lambda progress: import_supervisely(project, folder, _names(classes), progress))


@command.command("recipes")
@click.argument("source", type=_FOLDER, metavar="FOLDER")
@_TO
def recipes(source: Path, folder: Path) -> int:
    """Take photos with what was done to them in the editor: `photo.feathercut.json` beside each, or below FOLDER."""
    return _told(folder, lambda progress: import_recipes(source, folder, progress))


@command.command("corrections")
@click.argument("store", type=_FOLDER, metavar="STORE")
@click.option(
    "--recipes", "drawn", type=_FOLDER, metavar="DIR",
    help="Where the recipes lie that were saved in the editor; in STORE without this.",
)  # fmt: skip
@_TO
@click.option("--tag", metavar="TAG", help="Take those only that were sent with this tag.")
def corrections(store: Path, drawn: Path | None, folder: Path, tag: str | None) -> int:
    """Take what a server's `--store-corrections` kept in STORE, once it was cut out in the editor.

    Photos without a recipe go into `waiting`: open them in `feathercut app`, save what you did, and run this again.
    """
    return _told(folder, lambda progress: import_corrections(store, drawn or store, folder, tag, progress))


def _told(folder: Path, work: Callable[[Told], Taken]) -> int:
    """Does an import, says what came of it, and gives its exit code."""
    progress = Progress("photos")
    try:
        taken = work(progress.show)
    finally:
        progress.clear()
    for sentence in taken.left_out[:_NAMED]:
        console.say(f"feathercut: left out: {sentence}")
    if len(taken.left_out) > _NAMED:
        console.say(f"feathercut: and {len(taken.left_out) - _NAMED} more were left out")
    waiting = f", {taken.waiting} photos wait in {folder / WAITING} to be cut out" if taken.waiting else ""
    console.result(f"{folder}: {taken.pairs} pairs{waiting}")
    return exit_codes.SOME_FAILED if taken.left_out else exit_codes.DONE


def _names(text: str | None) -> list[str]:
    names = [name.strip() for name in (text or "").split(",") if name.strip()]
    if text is not None and not names:
        raise OptionError("`--classes` names no class; leave it out to take all")
    return names
