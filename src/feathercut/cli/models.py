"""`feathercut models`: list, get, path, check, remove."""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np

from feathercut.cli import console, exit_codes
from feathercut.cli.completion import complete_models
from feathercut.cli.endings import told_as_json
from feathercut.cli.progress import Progress
from feathercut.errors import RecordError, WeightsError
from feathercut.models import compiled, inventory, precision
from feathercut.models.catalogue import check_licence, find, is_own, records
from feathercut.models.spec import Record, read_record
from feathercut.models.weights import locate
from feathercut.options import Network
from feathercut.pictures import Image
from feathercut.remover import Remover
from feathercut.settings import Settings


@click.group("models")
def command() -> None:
    """List, fetch and check networks."""


_accept = click.option("--accept-licence", metavar="NAME", help=Network.model_fields["accept_licence"].description)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print the list as JSON.")
def list_models(as_json: bool) -> None:
    """List every network: its licence, its size, whether it is here, whether it was ever run, and its precision.

    \b
    That is what `--precision auto` takes on this CPU; `--json` says why it is not int8.
    """
    with told_as_json(as_json):
        settings = Settings.read()
        wrong: list[RecordError] = []
        rows = [_row(record, settings) for record in records(settings.models, wrong).values()]
    for error in wrong:
        console.say(f"feathercut: {error}")
    if as_json:
        console.document({"version": 1, "models": rows, "wrong_records": list(map(str, wrong))})
        return
    head = ("id", "licence of the weights", "commercial use", "MB", "here", "verified", "runs in", "what it is")
    lines = [
        (
            str(row["id"]),
            str(row["licence"]),
            "claimed" if row["commercial"] else "no",
            "?" if row["bytes"] is None else f"{int(str(row['bytes'])) / 1e6:.0f}",
            "wrong" if row["problem"] else "yes" if row["path"] else "no",
            "yes" if row["verified"] else "no",
            str(row["precision"]),
            str(row["title"]),
        )
        for row in rows
    ]
    console.table([head, *lines])
    for row in rows:
        if row["problem"]:
            console.say(f"feathercut: {row['problem']}")


def _row(record: Record, settings: Settings) -> dict[str, object]:
    here, problem = None, None
    why_not = precision.why_auto_is_not_int8("cpu", record, record.input.size, settings.models)
    try:
        here = inventory.installed(record, settings)
    except WeightsError as error:  # of one network: the others are listed all the same
        problem = str(error)
    if here is not None and why_not is None:
        why_not = compiled.refused(here.path, record, record.input.size, settings)
    return {
        "id": record.id,
        "title": record.title,
        "licence": record.licence.weights,
        "commercial": record.licence.commercial,
        "accept": record.licence.accept,
        "verified": record.verified,
        "precision": "int8" if why_not is None else "fp32",
        "why_not_int8": why_not,
        "own": is_own(record),
        "bytes": here.bytes if here else record.files[0].bytes if record.files else None,
        "path": str(here.path) if here else None,
        "problem": problem,
    }


@command.command("get")
@click.argument("ids", nargs=-1, required=True, metavar="ID...", shell_complete=complete_models)
@_accept
def get(ids: tuple[str, ...], accept_licence: str | None) -> None:
    """Fetch the weights of networks, for use without a connection later."""
    settings = Settings.read()
    for model_id in ids:
        record = find(model_id, settings.models)
        check_licence(record, "any", accept_licence)
        progress = Progress("MB")
        try:
            path = locate(record, settings, progress=progress.show)
        finally:
            progress.clear()
        console.result(str(path))


@command.command("path")
@click.argument("model_id", metavar="ID", shell_complete=complete_models)
def path(model_id: str) -> int:
    """Print where the weights of a network lie; ends with 4 where they are not here."""
    settings = Settings.read()
    here = inventory.installed(find(model_id, settings.models), settings)
    if here is None:
        console.say(f"The weights of `{model_id}` are not here. `feathercut models get {model_id}` fetches them")
        return exit_codes.NO_NETWORK
    console.result(str(here.path))
    return exit_codes.DONE


@command.command("check")
@click.argument("ids", nargs=-1, required=True, metavar="ID|RECORD.json...", shell_complete=complete_models)
@_accept
def check(ids: tuple[str, ...], accept_licence: str | None) -> None:
    """Check networks: every word of the record, the hash of the weights, and one run on a drawn photo."""
    settings = Settings.read()
    for one in ids:
        if one.endswith(".json"):
            record = read_record(Path(one))
            console.result(f"{record.id}: the record is well formed")
            continue
        record = find(one, settings.models)
        check_licence(record, "any", accept_licence)
        here = inventory.verify(record, settings)
        with Remover.open(Network(model=one, quality="fast", accept_licence=accept_licence)) as remover:
            alpha = remover.predict(_drawn_photo())[0].alpha
        console.result(
            f"{one}: {here.bytes / 1e6:.1f} MB at {here.path} fit their hash; a disc on grey gives "
            f"{alpha.shape[1]}×{alpha.shape[0]}, alpha {alpha.min():.2f} to {alpha.max():.2f}"
        )


def _drawn_photo() -> Image:
    """An orange disc on grey, 256×256."""
    y, x = np.mgrid[:256, :256]
    is_disc = (np.hypot(y - 128, x - 128) < 80)[..., None]
    orange, grey = np.array([0.9, 0.5, 0.1], np.float32), np.array([0.6, 0.6, 0.6], np.float32)
    return Image(np.where(is_disc, orange, grey))


@command.command("remove")
@click.argument("ids", nargs=-1, required=True, metavar="ID...", shell_complete=complete_models)
def remove(ids: tuple[str, ...]) -> None:
    """Delete downloaded weights from the cache; your own folder and rembg's are never touched."""
    settings = Settings.read()
    for model_id in ids:
        freed = inventory.remove(find(model_id, settings.models), settings)
        console.result(f"{model_id}: {freed / 1e6:.1f} MB freed")
