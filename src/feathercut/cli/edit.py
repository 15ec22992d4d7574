"""`feathercut edit`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from feathercut.cli import console, exit_codes
from feathercut.cli.endings import told_as_json
from feathercut.cli.flags import flags, given
from feathercut.cli.progress import Progress
from feathercut.errors import OptionError
from feathercut.options import Decode, Encode, Network, Options
from feathercut.pictures import Image, Prediction
from feathercut.pipeline import Predictor
from feathercut.remover import Remover
from feathercut.replaying import read_recipe_file, replay
from feathercut.result import Result
from feathercut.steps.encode import format_of

VERSION = 1
"""Of what `--json` prints; grows when a field changes its meaning."""


@click.command("edit", no_args_is_help=True)
@click.argument("photo", metavar="PHOTO", type=click.Path(path_type=Path, readable=False))
@click.option(
    "--recipe",
    "recipe_path",
    type=click.Path(path_type=Path, readable=False),
    required=True,
    metavar="FILE",
    help="What was done to the photo, as the editor saved it.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, readable=False, allow_dash=True),
    required=True,
    metavar="FILE",
    help="Where the picture goes; `-` is stdout.",
)
@click.option("--overwrite", is_flag=True, help="Replace the picture that is there already.")
@click.option("--any-photo", is_flag=True, help="Use the recipe on a file that is not its photo.")
@click.option(
    "--find",
    is_flag=True,
    help="Have the network look at the photo where the recipe keeps no network's answer; without it all of the photo "
    "is the subject until erased.",
)
@flags(Decode, without=frozenset({"order", "max_frames"}))
@flags(Encode)
@click.option("--json", "as_json", is_flag=True, help="Print a report as JSON on stdout.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
def command(
    photo: Path,
    recipe_path: Path,
    output: Path,
    overwrite: bool,
    any_photo: bool,
    find: bool,
    as_json: bool,
    quiet: bool,
    **values: Any,
) -> int:
    """Replay a recipe: make again what the editor made of a photo.

    PHOTO is the file that the recipe was made for. No network runs: the recipe keeps what it answered.
    """
    start = time.monotonic()
    with told_as_json(as_json):
        options = Options(**given(Decode, values), **given(Encode, values))
        target = None if str(output) == "-" else output
        stdout = console.stdout_bytes() if target is None else None
        if stdout is not None and as_json:
            raise OptionError("`--json` and the picture would both go to stdout; write the picture to a file")
        if target is not None:
            chosen = options.format or format_of(target.name)
            options = options.model_copy(update={"format": chosen})
            _refuse_to_replace(target, photo, recipe_path)
        recipe = read_recipe_file(recipe_path)
        result = replay(
            photo, recipe, options=options, any_photo=any_photo, predictor=_network(quiet) if find else None
        )
        if stdout is not None:
            stdout.write(result.to_bytes())
        elif target is not None:
            result.save(target, overwrite=overwrite)
    if not result.found and not quiet:
        console.say(f"{console.plain(str(photo))}: the matte is empty")
    if as_json:
        console.document(_report(photo, output, result, time.monotonic() - start))
    elif target is not None and not quiet:
        console.result(str(target))
    return exit_codes.DONE


def _refuse_to_replace(target: Path, *sources: Path) -> None:
    """Raises OptionError where the picture would be written over what it is made from."""
    for source in sources:
        if source.absolute() == target.absolute():
            raise OptionError(f"Option `output`: {target} is what the picture is made from; choose another name")


def _network(is_quiet: bool) -> Predictor:
    """The default network, loaded when it is asked."""

    def predict(image: Image, options: Options) -> tuple[Prediction, ...]:
        progress = Progress("MB", is_quiet=is_quiet)
        try:
            remover = Remover.open(Network(), progress.show)
        finally:
            progress.clear()
        with remover:
            return remover.predict(image, options)

    return predict


def _report(photo: Path, output: Path, result: Result, seconds: float) -> dict[str, object]:
    height, width = result.picture.size
    return {
        "version": VERSION,
        "input": str(photo),
        "output": str(output),
        "status": "done" if result.found else "no-subject",
        "width": width,
        "height": height,
        "seconds": round(seconds, 3),
        "error": None,
    }
