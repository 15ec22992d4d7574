"""`feathercut evaluate`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from feathercut import files
from feathercut.cli import console, endings, exit_codes
from feathercut.cli.completion import complete_models
from feathercut.cli.evaluate_tables import kinds_table, summary_table, versus_table
from feathercut.cli.flags import flags, given
from feathercut.cli.progress import Progress
from feathercut.errors import OptionError, OutputError, OutputExistsError
from feathercut.evaluate import extra
from feathercut.evaluate.against import Earlier, Versus, read_earlier, side_by_side
from feathercut.evaluate.cutting import Cut
from feathercut.evaluate.document import document
from feathercut.evaluate.mattes import MatteFolder
from feathercut.evaluate.report_page import page
from feathercut.evaluate.run import Evaluation, compared, cut, measure
from feathercut.evaluate.samples import Sample, check_trimaps, name_of, read_set
from feathercut.evaluate.softness import SOFT_FROM, soft_share
from feathercut.evaluate.trimaps import FromTrimaps
from feathercut.options import Compose, Encode, Network, Options
from feathercut.remover import Remover

# What comes after the cutout, or is about arrays, changes nothing that is measured; a trimap is one photo's.
_WITHOUT = frozenset({"order", "trimap", *Compose.model_fields, *Encode.model_fields})
_FOLDER = click.Path(path_type=Path, file_okay=False, readable=False)
_FILE = click.Path(path_type=Path, dir_okay=False, readable=False)


def _refuse_trimap(_context: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    """Raises OptionError for the flag of `feathercut remove`."""
    if value is not None:
        raise OptionError(
            "Option `--trimap`: it is for one photo, and a set's photos have a trimap each; "
            "`--with-trimaps` takes them from the set"
        )


@click.command("evaluate", no_args_is_help=True)
@click.argument("set_dir", metavar="SET_DIR", type=_FOLDER)
@click.option("--compare", type=_FOLDER, metavar="DIR", help="Score the mattes in DIR, `<id>.png`; run no network.")
@click.option(
    "--mattes", type=_FOLDER, metavar="DIR", help="Keep the cutouts in DIR; a stopped run goes on from there."
)
@click.option(
    "--with-trimaps", is_flag=True, help="Solve for alpha from each photo's trimap in the set; run no network."
)
@click.option(
    "--trimap", is_flag=False, flag_value="", hidden=True, is_eager=True, expose_value=False, callback=_refuse_trimap
)
@click.option(
    "--soft/--no-soft", "is_soft", default=None, help="Whether the truth is soft alpha; seen in it by default."
)
@click.option("--ignore", type=click.IntRange(0, 255), metavar="LEVEL", help="Do not count where the truth is LEVEL.")
@click.option("--json", "json_file", type=_FILE, metavar="FILE", help="Write every number of every photo to FILE.")
@click.option("--html", "html_file", type=_FILE, metavar="FILE", help="Write a report with pictures to FILE.")
@click.option("--against", type=_FILE, metavar="FILE", help="Compare with what `--json` of an earlier run wrote.")
@click.option("--overwrite", is_flag=True, help="Replace reports that are there already.")
@click.option("--quiet", is_flag=True, help="Say nothing but results and errors.")
@flags(Network, complete={"model": complete_models})
@flags(Options, without=_WITHOUT)
def command(
    set_dir: Path,
    compare: Path | None,
    mattes: Path | None,
    with_trimaps: bool,
    is_soft: bool | None,
    ignore: int | None,
    json_file: Path | None,
    html_file: Path | None,
    against: Path | None,
    overwrite: bool,
    quiet: bool,
    **values: Any,
) -> int:
    """Measure mattes and colours against the truth.

    SET_DIR has the photos in `images` and their true alpha in `alpha`, under the same names; perhaps `trimap`,
    `foreground` and `kinds.json`. What each number means is in docs/evaluate.md.
    """
    network, options = Network(**given(Network, values)), Options(**given(Options, values))
    _refuse_contradictions(compare, mattes, network, options, with_trimaps=with_trimaps)
    reports = [path for path in (json_file, html_file) if path is not None]
    _refuse_taken(reports, overwrite=overwrite)
    extra.check()
    samples, set_name = read_set(set_dir), name_of(set_dir)
    if with_trimaps:
        check_trimaps(samples, set_dir)
    earlier = read_earlier(against) if against is not None else None
    if is_soft is None:
        is_soft = _see_softness(samples, ignore, is_quiet=quiet)
    with tempfile.TemporaryDirectory(prefix="feathercut-") as temporary:
        if compare is not None:
            title, cuts = compare.resolve().name, compared(samples, compare)
            settings: Mapping[str, object] = {"compare": str(compare)}
        else:
            runs = None if with_trimaps else network
            folder = MatteFolder.open(mattes or Path(temporary), set_name, runs, options)
            title, cuts = runs.model if runs else "trimaps", _cut(samples, runs, options, folder, is_quiet=quiet)
            settings = _settings(runs, options)
        scoring = Progress("photos scored", is_quiet=quiet)
        try:
            evaluation = measure(
                cuts, set_name=set_name, title=title, is_soft=is_soft, ignore=ignore, heard=scoring.show,
                settings=settings,
            )  # fmt: skip
        finally:
            scoring.clear()
        versus = side_by_side(evaluation.rows, earlier) if earlier else []
        if json_file is not None:
            _write(json_file, json.dumps(document(evaluation, earlier, versus), indent=1, ensure_ascii=False))
        if html_file is not None:  # while the cutouts are there
            _write(html_file, page(evaluation, options, earlier, versus))
    return _tell(evaluation, earlier, versus, reports, is_quiet=quiet)


def _refuse_contradictions(
    compare: Path | None, mattes: Path | None, network: Network, options: Options, *, with_trimaps: bool
) -> None:
    """Raises OptionError for options that have no part where another tool's mattes are scored, or no network runs."""
    if with_trimaps and compare is not None:
        raise OptionError("Option `--with-trimaps`: with `--compare` no photo is cut out; leave one of them out")
    if with_trimaps:
        _refuse_chosen(network.model_dump(exclude_defaults=True), "with `--with-trimaps` no network runs")
    if compare is None:
        return
    if not compare.is_dir():
        raise OptionError(f"Option `--compare`: {compare} is no folder; it holds the mattes, `<id>.png`")
    if mattes is not None:
        raise OptionError("Options `--compare` and `--mattes`: nothing is cut out to be kept; choose one")
    chosen = {**network.model_dump(exclude_defaults=True), **options.model_dump(exclude_defaults=True)}
    limits_apart = {name: value for name, value in chosen.items() if not name.startswith("max_")}
    _refuse_chosen(limits_apart, "with `--compare` no photo is cut out")


def _refuse_chosen(chosen: Mapping[str, object], why: str) -> None:
    """Raises OptionError, which names the first, where options were chosen that change nothing."""
    if chosen:
        flag = "--" + next(iter(chosen)).replace("_", "-")
        raise OptionError(f"Option `{flag}`: {why}; leave one of them out")


def _refuse_taken(reports: Sequence[Path], *, overwrite: bool) -> None:
    """Raises OutputError where a report could not be written: better now than in an hour."""
    for path in reports:
        if files.is_there(path) and not overwrite:
            raise OutputExistsError(f"{path} is there already; `--overwrite` replaces it")
        if not path.absolute().parent.is_dir():
            raise OutputError(f"{path} cannot be written: its folder is not there")


def _see_softness(samples: Sequence[Sample], ignore: int | None, *, is_quiet: bool) -> bool:
    share = soft_share(samples, ignore)
    is_soft = share > SOFT_FROM
    if not is_quiet:
        seen = f"{share:.2%} of its pixels are between inside and outside"
        what = "soft alpha; matting errors are measured" if is_soft else "masks; matting errors are left out"
        console.say(f"The truth is {what} ({seen}; `--{'no-soft' if is_soft else 'soft'}` says otherwise)")
    return is_soft


def _cut(
    samples: Sequence[Sample], network: Network | None, options: Options, folder: MatteFolder, *, is_quiet: bool
) -> list[Cut]:
    """Cuts out what is not there yet: from trimaps where there is no network, which is loaded only if it is needed."""
    done = sum(folder.holds(sample.id) for sample in samples)
    if done and not is_quiet:
        console.say(f"{done} of {len(samples)} cutouts are there already")
    if done == len(samples):
        return [Cut(sample, folder.path(sample.id), folder.cost(sample.id)) for sample in samples]
    weights, photos = Progress("MB", is_quiet=is_quiet), Progress("photos", is_quiet=is_quiet)
    try:
        if network is None:
            return cut(samples, FromTrimaps(samples), options, folder, photos.show)
        with Remover.open(network, weights.show) as remover:
            weights.clear()
            return cut(samples, remover, options, folder, photos.show)
    finally:
        weights.clear()
        photos.clear()


def _settings(network: Network | None, options: Options) -> dict[str, object]:
    chosen = {**(network.model_dump(mode="json") if network else {}), **options.model_dump(mode="json")}
    return {
        "with_trimaps": network is None,
        "options": {name: value for name, value in chosen.items() if name not in _WITHOUT},
    }


def _write(path: Path, text: str) -> None:
    """Writes a report, also of a photo whose name is no text. Raises OutputError."""
    files.write(path, text.encode("utf-8", "backslashreplace"), overwrite=True)


def _tell(
    evaluation: Evaluation,
    earlier: Earlier | None,
    versus: Sequence[Versus],
    reports: Sequence[Path],
    *,
    is_quiet: bool,
) -> int:
    """Prints the tables, names what failed, and gives the exit code."""
    for error in evaluation.failed.values():
        if exit_codes.asks_for_traceback(error):
            raise error
        console.say(f"feathercut: {console.plain(endings.as_flags(error, str(error)))}")
    total = len(evaluation.rows) + len(evaluation.failed)
    if not is_quiet:
        failed = f", {len(evaluation.failed)} failed" if evaluation.failed else ""
        console.say(f"{len(evaluation.rows)} of {total} photos measured{failed}")
        for path in reports:
            console.say(f"Written: {path}")
    if evaluation.rows:
        console.result(f"{evaluation.set_name}: {evaluation.title}, {len(evaluation.rows)} photos")
        console.table(summary_table(evaluation))
        if len(evaluation.kinds) > 1:
            console.result("")
            console.table(kinds_table(evaluation))
        if earlier is not None:
            console.result("")
            console.table(versus_table(versus, earlier))
    return exit_codes.exit_code_of_many(evaluation.failed.values())
