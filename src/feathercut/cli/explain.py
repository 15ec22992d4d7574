"""`feathercut explain`: what happens to a photo, stage by stage."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from feathercut.cli import console, exit_codes
from feathercut.cli.endings import told_as_json
from feathercut.cli.flags import flags, given
from feathercut.cli.progress import Progress
from feathercut.explain.page import write
from feathercut.explain.stages import stages
from feathercut.options import Network, Options
from feathercut.sources import load

_PARTS = frozenset({*Network.model_fields, "edges", "presence", "specks", "decontaminate"})
_LEFT_OUT = frozenset({*Network.model_fields, *Options.model_fields}) - _PARTS


@click.command("explain")
@click.argument("photo", type=click.Path(path_type=Path), metavar="PHOTO")
@click.option(
    "--output-dir",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Folder for the pictures and the page; `PHOTO-explained` beside the photo by default.",
)
@click.option("--overwrite", is_flag=True, help="Write into a folder that is not empty.")
@flags(Network)
@flags(Options, without=_LEFT_OUT)
@click.option("--json", "as_json", is_flag=True, help="Print what was written as JSON.")
def command(photo: Path, output_dir: Path | None, overwrite: bool, as_json: bool, **values: Any) -> int:
    """Show what happens to a photo: what the networks see, what they answer at each depth, the matte, its colours.

    Writes a folder of pictures and a page, `index.html`, that shows them in order with a sentence each.
    """
    with told_as_json(as_json):
        network, options = Network(**given(Network, values)), Options(**given(Options, values))
        picture = load(photo, options).frames[0]
        folder = output_dir or photo.with_name(f"{photo.stem}-explained")
        progress = Progress("MB")
        try:
            written = write(folder, photo.name, stages(picture, network, options, progress.show), overwrites=overwrite)
        finally:
            progress.clear()
    if as_json:
        console.document({"version": 1, "page": str(written[-1]), "pictures": [str(path) for path in written[:-1]]})
    else:
        console.result(str(written[-1]))
    return exit_codes.DONE
