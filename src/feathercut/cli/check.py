"""`feathercut check`: photos sorted by how far their cutouts can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from feathercut import files
from feathercut.batch.find import Found, find
from feathercut.batch.sheet import contact_sheet
from feathercut.batch.sort import VERDICTS, Checked, checked, copy, earlier_in
from feathercut.cli import console, endings, exit_codes
from feathercut.cli.completion import complete_models
from feathercut.cli.flags import flags, given
from feathercut.cli.loading import Loading
from feathercut.cli.progress import Progress
from feathercut.cli.running import default_jobs
from feathercut.errors import FeathercutError, OptionError, OutputError
from feathercut.loading import check_network, recipe
from feathercut.options import Decode, Method, Network, Options, Select
from feathercut.report import Report
from feathercut.settings import Settings

VERSION = 1
"""Grows when a field changes its meaning."""

_PARTS = frozenset({*Decode.model_fields, *Method.model_fields, *Select.model_fields, "edges"}) - {"order"}
_LEFT_OUT = frozenset(Options.model_fields) - _PARTS
_COLUMN = 4


@click.command("check", no_args_is_help=True)
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...", type=click.Path(readable=False))
@click.option(
    "--sheet",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write a contact sheet there: an HTML page of every photo, its cutout, and the findings drawn on.",
)
@click.option(
    "--copy-to",
    type=click.Path(path_type=Path, file_okay=False, readable=False),
    metavar="DIR",
    help="Copy each photo into DIR/fine, DIR/look or DIR/redo; the photos themselves stay where they are.",
)
@click.option("--resume", is_flag=True, help="Take what an earlier run copied to be checked; needs --copy-to.")
@click.option("--overwrite", is_flag=True, help="Replace copies and a sheet that are there already.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    metavar="NUMBER",
    help="How many photos are looked at at once, as in `remove`.",
)
@flags(Network, complete={"model": complete_models})
@flags(Options, without=_LEFT_OUT)
@click.option("--json", "as_json", is_flag=True, help="Print the reports as JSON on stdout.")
@click.option("--quiet", is_flag=True, help="Say nothing but errors.")
def command(
    inputs: tuple[str, ...],
    sheet: Path | None,
    copy_to: Path | None,
    resume: bool,
    overwrite: bool,
    jobs: int | None,
    as_json: bool,
    quiet: bool,
    **values: Any,
) -> int:
    """Sort photos by how far their cutouts can be trusted: `fine`, `look` at it, `redo` it another way.

    INPUT is a file, a folder (all pictures in it and below) or a pattern like `*.jpg`. Each photo is cut out, nothing
    is kept of the cutout, and a line says the verdict, the confidence from 0 to 1, the photo, and what is the matter.
    Ends with 0 where all are fine, 10 where some want a look, 11 where some are to be made another way.
    """
    with endings.told_as_json(as_json):
        network, options = Network(**given(Network, values)), Options(**given(Options, values), decontaminate=0)
        photos = _photos(inputs, copy_to, sheet, resume=resume, overwrite=overwrite)
        for one in recipe(network, Settings.read()) if options.needs_network else ():
            check_network(one, Settings.read())
        answers = _all(photos, network, options, copy_to, jobs, resume, overwrite, quiet=quiet, as_json=as_json)
        if sheet is not None:
            files.make_folder(sheet.parent)
            files.write(sheet, contact_sheet(answers).encode(), overwrite=overwrite)
    if as_json:
        console.document({"version": VERSION, **_counts(answers), "photos": [_object(one) for one in answers]})
    elif not quiet:
        console.say(", ".join(f"{count} {name}" for name, count in _counts(answers).items() if count))
    return _code(answers)


def _photos(
    inputs: tuple[str, ...], copy_to: Path | None, sheet: Path | None, *, resume: bool, overwrite: bool
) -> list[Found]:
    """The photos to look at. Raises OptionError where there are none, or options contradict each other."""
    if resume and copy_to is None:
        raise OptionError("Option `--resume`: what was checked is told by the copies; name their folder: `--copy-to`")
    if sheet is not None and sheet.exists() and not overwrite:
        raise OptionError(f"Option `--sheet`: {sheet} is there already; `--overwrite` replaces it")
    if photos := find(inputs, copy_to):
        return photos
    raise OptionError(f"No pictures in {', '.join(inputs)}")


def _all(
    photos: list[Found],
    network: Network,
    options: Options,
    copy_to: Path | None,
    jobs: int | None,
    resume: bool,
    overwrite: bool,
    *,
    quiet: bool,
    as_json: bool,
) -> list[Checked]:
    """Looks at all photos, tells of each as it is there, and copies it where that was asked for."""
    at_once = max(1, min(jobs or default_jobs(), len(photos)))
    networks = Loading(network, is_quiet=quiet)
    progress = networks.photos = Progress("photos", is_quiet=quiet or len(photos) == 1)
    prepare = (lambda: networks.begin(at_once)) if options.needs_network else (lambda: None)
    earlier = {"earlier": earlier_in(copy_to)} if resume and copy_to else {}
    results = checked(photos, networks, options, at_once=at_once, prepare=prepare, **earlier)
    answers: list[Checked] = []
    try:
        for one in results:
            answers.append(_copied(one, copy_to, overwrite=overwrite))
            progress.clear()
            _tell(answers[-1], quiet=quiet, as_json=as_json)
            progress.show(str(one.found.path), len(answers), len(photos))
    finally:
        results.stop()
        progress.clear()
        networks.end()
    return answers


def _copied(one: Checked, folder: Path | None, *, overwrite: bool) -> Checked:
    if folder is None or one.verdict is None or one.kept:
        return one
    try:
        copy(one, folder, overwrite=overwrite)
    except OutputError as error:
        return Checked(one.found, error=error)
    return one


def _tell(one: Checked, *, quiet: bool, as_json: bool) -> None:
    name = str(one.found.path)
    if one.error is not None:
        if exit_codes.asks_for_traceback(one.error):
            raise one.error
        console.say(f"feathercut: {console.plain(_message(one.error, name))}")
    elif not (quiet or as_json):
        kinds = ", ".join(_words(one.report)) if one.report else "as an earlier run said"
        confidence = f"{one.report.confidence:.2f}" if one.report else "    "
        console.result(f"{one.verdict:{_COLUMN}}  {confidence}  {name}{'  ' + kinds if kinds else ''}")


def _words(report: Report) -> list[str]:
    """What is the matter with a cutout, and what to try in place of the networks."""
    kinds: list[str] = [finding.kind for finding in report.findings]
    return [*kinds, f"try --method {report.method}"] if report.method else kinds


def _message(error: FeathercutError, name: str) -> str:
    text = str(error)
    return text if name in text else f"{name}: {text}"


def _counts(answers: list[Checked]) -> dict[str, int]:
    counts = {str(verdict): sum(one.verdict == verdict for one in answers) for verdict in VERDICTS}
    return {**counts, "failed": sum(one.error is not None for one in answers)}


def _object(one: Checked) -> dict[str, object]:
    name = str(one.found.path)
    return {
        "input": name,
        "verdict": one.verdict,
        "kept": one.kept is not None,
        "report": one.report.as_object(with_masks=True) if one.report else None,
        "error": None
        if one.error is None
        else {
            "kind": type(one.error).__name__,
            "message": _message(one.error, name),
            "exit_code": exit_codes.exit_code(one.error),
        },
    }


def _code(answers: list[Checked]) -> int:
    failed = exit_codes.exit_code_of_many(one.error for one in answers if one.error)
    if failed != exit_codes.DONE:
        return failed
    verdicts = {one.verdict for one in answers}
    return exit_codes.REDO if "redo" in verdicts else exit_codes.LOOK if "look" in verdicts else exit_codes.DONE
