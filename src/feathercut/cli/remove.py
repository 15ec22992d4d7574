"""`feathercut remove`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from feathercut.cli import console, start
from feathercut.cli.completion import complete_models
from feathercut.cli.flags import flags, given
from feathercut.errors import OptionError
from feathercut.options import Network, Options

if TYPE_CHECKING:  # deferred: a photo is read, and networks are loaded, while the rest is
    from feathercut.batch.ahead import Ahead
    from feathercut.cli.loading import Loading


@dataclass(frozen=True)
class Begun:
    """What goes on already in threads of its own: a photo is read, networks are loaded."""

    ahead: Ahead | None = None
    networks: Loading | None = None


@click.command("remove", no_args_is_help=True)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path(readable=False, allow_dash=True))
@click.option(
    "-o",
    "--output",
    type=click.Path(readable=False, allow_dash=True),
    metavar="FILE",
    help="Where one photo's cutout goes; `-` is stdout.",
)
@click.option(
    "--output-dir",
    type=click.Path(path_type=Path, file_okay=False, readable=False),
    metavar="DIR",
    help="Folder for the cutouts; the tree below a folder is kept.",
)
@click.option(
    "--each",
    is_flag=True,
    help="A file for each subject alone, or for each that `--subject` chooses: `photo-cutout-1.png`, the largest, "
    "`photo-cutout-2.png` and so on.",
)
@click.option("--overwrite", is_flag=True, help="Replace results that are there already.")
@click.option(
    "--resume",
    is_flag=True,
    help="Go on where a run with this flag was stopped: what is in the output folder, made from the same photo with "
    "the same options, is kept.",
)
@click.option(
    "--watch", is_flag=True, help="As --resume, and then go on with photos that arrive or change, until Ctrl-C."
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="NUMBER",
    help="How many photos are worked on at once, sharing the processor's cores; 1 is one after the other.  "
    "[default: one a core, at most 4]",
)
@flags(Network, complete={"model": complete_models})
@flags(Options, without=frozenset({"order"}))
@click.option("--json", "as_json", is_flag=True, help="Print a report as JSON on stdout.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
def command(
    inputs: tuple[str, ...],
    output: str | None,
    output_dir: Path | None,
    each: bool,
    overwrite: bool,
    resume: bool,
    watch: bool,
    jobs: int | None,
    as_json: bool,
    quiet: bool,
    **values: Any,
) -> int:
    """Remove the background from photos.

    INPUT is a file, a folder (all pictures in it and below), a pattern like `*.jpg`, or `-` for stdin. The cutout of
    `photo.jpg` is `photo-cutout.png` beside it, unless `-o` or `--output-dir` says otherwise; the cutouts of an
    earlier run are not cut out again with their photos. Write `--` before a name that begins with `-`.
    """
    try:
        network, options = Network(**given(Network, values)), Options(**given(Options, values))
    except OptionError as error:
        if as_json:
            from feathercut.cli.report import report  # deferred, as all that follows

            console.document(report([], error))
        raise
    with start.loading_modules():
        begun = Begun() if resume or watch else _begin(inputs, network, options)
        from feathercut.cli.removing import Wanted, remove

    wanted = Wanted(inputs, output, output_dir, each, overwrite, resume, watch, jobs, as_json, quiet, network, options)
    return remove(wanted, begun)


def _begin(inputs: Sequence[str], network: Network, options: Options) -> Begun:
    """Reads the photo, where it is a single file, and loads networks for it, while other modules are loaded."""
    # `Path.is_file` raises where a folder may not be looked into; the run itself says so in its own words.
    if len(inputs) != 1 or not os.path.isfile(inputs[0]):  # noqa: PTH113
        return Begun()
    from feathercut.batch.ahead import Ahead

    ahead = Ahead(Path(inputs[0]), options)
    if not options.needs_network:
        return Begun(ahead)
    from feathercut.cli.loading import Loading

    networks = Loading(network)
    networks.begin(at_once=1)
    return Begun(ahead, networks)
