"""`feathercut data`: check, split, show and import."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import click
import numpy as np

from feathercut import files
from feathercut.cli import console, data_import, exit_codes
from feathercut.cli.endings import told_as_json
from feathercut.cli.progress import Progress
from feathercut.cli.running import default_jobs
from feathercut.errors import OptionError
from feathercut.train.data.augmentation import augmentation_of
from feathercut.train.data.batches import sample
from feathercut.train.data.behind import any_of, from_folder, from_pairs
from feathercut.train.data.check import Checked, check
from feathercut.train.data.faults import Fault
from feathercut.train.data.pairs import Pairs
from feathercut.train.data.sheet import augmented_sheet, data_sheet
from feathercut.train.data.split import HELD_OUT
from feathercut.train.data.together import write_held_out

VERSION = 1
"""Grows when a field changes its meaning."""

_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)
_SHOWN = 200
_COLUMN = 7


@click.group("data")
def command() -> None:
    """Check, split, show and import photos with mattes to train on."""


@command.command("check", no_args_is_help=True)
@click.argument("folders", nargs=-1, required=True, metavar="FOLDER...", type=_FOLDER)
@click.option(
    "--truth",
    type=click.Choice(["mattes", "masks", "any"]),
    help="What the mattes are meant to be: soft, or inside and outside only. Without this what `set.json` says.",
)
@click.option("--sheet", type=_FILE, metavar="FILE", help="Write a page there: what is the matter, with pictures.")
@click.option("--overwrite", is_flag=True, help="Replace a sheet that is there already.")
@click.option("--again", is_flag=True, help="Look at pairs again that were looked at before and have not changed.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Pairs that are looked at at once.")
@click.option("--json", "as_json", is_flag=True, help="Print what was found as JSON.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but what goes wrong.")
def check_data(
    folders: tuple[Path, ...],
    truth: Literal["mattes", "masks", "any"] | None,
    sheet: Path | None,
    overwrite: bool,
    again: bool,
    jobs: int | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Look at every pair of FOLDER, which holds `images` and `alpha`, and say what is the matter.

    Several folders are the parts of a split, and so are those in and not in `held-out.txt`: what is in two of them is
    told as a leak. Ends with 0 where nothing is the matter, 10 where something wants a look, 11 where something must be
    repaired before it is learned from. What was seen is kept in FOLDER, so that a check that was stopped goes on where
    it was.
    """
    with told_as_json(as_json):
        if sheet is not None and sheet.exists() and not overwrite:
            raise OptionError(f"Option `--sheet`: {sheet} is there already; `--overwrite` replaces it")
        progress = Progress("pairs", is_quiet=quiet or as_json)

        def tell(fault: Fault) -> None:
            progress.clear()
            if not (quiet or as_json):
                names = ", ".join(fault.files)
                console.result(f"{fault.severity:{_COLUMN}}  {fault.kind}  {names}  {fault.sentence}")

        try:
            found = check(
                folders, truth, workers=jobs or default_jobs(), shown=_SHOWN if sheet else 0, anew=again, tell=tell,
                progress=progress.show,
            )  # fmt: skip
        except KeyboardInterrupt:
            progress.clear()
            console.say("Stopped; what was seen is kept: the same command goes on from here")
            raise
        finally:
            progress.clear()
        if sheet is not None:
            files.make_folder(sheet.parent)
            files.write(sheet, data_sheet(found).encode(), overwrite=overwrite)
    if as_json:
        console.document(_document(found))
    elif not quiet:
        _sum_up(found)
    return {"serious": exit_codes.REDO, "warning": exit_codes.LOOK}.get(found.faults.worst or "", exit_codes.DONE)


def _document(found: Checked) -> dict[str, object]:
    sets = [
        {"folder": str(one.folder), "pairs": len(one), "masks": masks, "truth": truth}
        for one, masks, truth in zip(found.sets, found.masks, found.truths, strict=True)
    ]
    faults = found.faults
    left_out = sum(faults.counts.values()) - len(faults.kept)
    return {
        "version": VERSION,
        "sets": sets,
        "counts": faults.counts,
        "faults": [fault.as_object() for fault in faults.kept],
        "left_out": left_out,
    }


def _sum_up(found: Checked) -> None:
    if found.known:
        console.say(f"{found.known} of {found.count} pairs were looked at before; `--again` looks at them anew")
    for one, masks in zip(found.sets, found.masks, strict=True):
        kinds = f", {masks} of them masks" if masks else ""
        console.say(f"{one.folder}: {len(one)} pairs{kinds}")
    if not found.count:
        console.say("There is no pair: photos and mattes find each other by their names, without the endings")
    seen = dict.fromkeys(fault.kind for fault in found.faults.kept)
    for kind in seen:
        remedy = next(fault.remedy for fault in found.faults.kept if fault.kind == kind)
        console.say(f"{found.faults.counts[kind]} {kind}: {remedy}")
    if not seen:
        console.say("Nothing is the matter")


@command.command("split")
@click.argument("folder", metavar="FOLDER", type=_FOLDER)
@click.option(
    "--held-out", type=click.FloatRange(0, 0.9), default=0.1, show_default=True, help="The share that is held out."
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Which pairs those are.")
@click.option("--overwrite", is_flag=True, help="Replace a `held-out.txt` that is there already.")
@click.option("--jobs", type=click.IntRange(1, 64), help="Photos that are looked at at once.")
def split_data(folder: Path, held_out: float, seed: int, overwrite: bool, jobs: int | None) -> None:
    """Write `held-out.txt`: the pairs that are not learned from. Photos that look the same stay on one side."""
    pairs = Pairs.open(folder)
    progress = Progress("photos")
    try:
        held = write_held_out(
            pairs, held_out, seed, workers=jobs or default_jobs(), overwrite=overwrite, progress=progress.show
        )
    finally:
        progress.clear()
    console.result(f"{folder / HELD_OUT}: {held} of {len(pairs)} pairs are held out")


@command.command("show")
@click.argument("folder", metavar="FOLDER", type=_FOLDER)
@click.option("--sheet", type=_FILE, required=True, metavar="FILE", help="Write the page there.")
@click.option(
    "--augmentation", type=click.Choice(["none", "light", "full"]), default="full", show_default=True,
    help="How far pairs are varied.",
)  # fmt: skip
@click.option("--backgrounds", type=_FOLDER, metavar="DIR", help="Photos to put behind; made up without this.")
@click.option("--count", type=click.IntRange(1, 500), default=24, show_default=True, help="Pairs on the page.")
@click.option("--size", type=click.IntRange(16, 2048), default=320, show_default=True, help="Their side in pixels.")
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Which changes are made.")
@click.option("--overwrite", is_flag=True, help="Replace a sheet that is there already.")
def show_data(
    folder: Path,
    sheet: Path,
    augmentation: str,
    backgrounds: Path | None,
    count: int,
    size: int,
    seed: int,
    overwrite: bool,
) -> None:
    """Write a page of pairs as training sees them: varied, and at the network's size."""
    pairs = Pairs.open(folder)
    if not len(pairs):
        raise OptionError(f"{folder} has no pair; `feathercut data check {folder}` says why")
    behind = from_folder(backgrounds) if backgrounds else from_pairs(pairs)
    chosen = augmentation_of(augmentation)
    shown = []
    for number in range(count):
        place = int(np.linspace(0, len(pairs) - 1, count)[number]) if count <= len(pairs) else number % len(pairs)
        pair = sample(pairs, place, size, seed, number // len(pairs), chosen, behind, any_of(pairs))
        shown.append((pairs.files(place).id, pair))
    files.make_folder(sheet.parent)
    files.write(sheet, augmented_sheet(shown).encode(), overwrite=overwrite)
    console.result(f"{sheet}: {len(shown)} pairs")


command.add_command(data_import.command)
