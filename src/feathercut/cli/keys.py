"""`feathercut keys`: create, list, revoke, credit."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import click

from feathercut.cli import console
from feathercut.cli.endings import told_as_json
from feathercut.errors import OptionError
from feathercut.server.keys import database_place
from feathercut.server.keys.store import KeyRow, KeyStore

_HEAD = ("id", "name", "made", "credits left", "pictures", "megapixels", "revoked")


@click.group("keys")
def command() -> None:
    """Make, list and revoke the API keys of a server.

    `feathercut serve --api-keys required` lets in nobody else.
    """


_database = click.option(
    "--database",
    envvar="FEATHERCUT_SERVER_DATABASE",
    metavar="PLACE",
    help="Where keys and usage are kept, as for `feathercut serve`: a file, or a `postgresql://` address.  "
    "[default: a file in your data folder]",
)
_json = click.option("--json", "as_json", is_flag=True, help="Print the answer as JSON.")


@command.command("create")
@click.argument("name")
@click.option(
    "--credits", "credit", type=float, metavar="NUMBER", help="Pictures that it may ask for; any number without."
)
@_database
@_json
def create(name: str, credit: float | None, database: str | None, as_json: bool) -> None:
    """Make a key for NAME and print it: this once, since only its hash is kept."""
    with told_as_json(as_json):
        if credit is not None and not 0 <= credit < float("inf"):
            raise OptionError(f"`--credits` takes a number from 0 up, got: {credit:g}")
        with KeyStore(database_place(database)) as store:
            key_id, key = store.create(name, credit, time.time())
    if as_json:
        console.document({"version": 1, "id": key_id, "name": name, "key": key, "credits": credit})
        return
    console.result(key)
    console.say("Keep it: it is not shown again. Clients send it in the header `X-Api-Key`")


@command.command("list")
@_database
@_json
def list_keys(database: str | None, as_json: bool) -> None:
    """List every key with what it was used for; the keys themselves are kept nowhere."""
    with told_as_json(as_json), KeyStore(database_place(database)) as store:
        rows = store.rows()
    if as_json:
        console.document({"version": 1, "keys": [_as_object(row) for row in rows]})
        return
    console.table([_HEAD, *map(_line, rows)])


@command.command("revoke")
@click.argument("key_id", metavar="ID")
@_database
def revoke(key_id: str, database: str | None) -> None:
    """Let a key in no more, from its next request on."""
    with KeyStore(database_place(database)) as store:
        store.revoke(key_id, time.time())
    console.result(f"{key_id} is revoked")


@command.command("credit", context_settings={"ignore_unknown_options": True})
@click.argument("key_id", metavar="ID")
@click.argument("number", type=float)
@_database
def credit(key_id: str, number: float, database: str | None) -> None:
    """Give a key NUMBER credits more, or fewer where it is negative."""
    if not abs(number) < float("inf"):
        raise OptionError(f"NUMBER must be a number, got: {number}")
    with KeyStore(database_place(database)) as store:
        store.add_credits(key_id, number)
        left = next(row.credits for row in store.rows() if row.id == key_id)
    console.result(f"{key_id} has {left:g} credits")


def _line(row: KeyRow) -> tuple[str, ...]:
    left = "not counted" if row.credits is None else f"{row.credits:g}"
    return (
        row.id, row.name, _day(row.created_at), left, str(row.pictures), f"{row.megapixels:.1f}",
        "" if row.revoked_at is None else _day(row.revoked_at),
    )  # fmt: skip


def _as_object(row: KeyRow) -> dict[str, object]:
    return {
        "id": row.id,
        "name": row.name,
        "created_at": _moment(row.created_at).isoformat(),
        "revoked_at": None if row.revoked_at is None else _moment(row.revoked_at).isoformat(),
        "credits": row.credits,
        "pictures": row.pictures,
        "megapixels": row.megapixels,
        "credits_charged": row.credits_charged,
    }


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=0)


def _day(seconds: float) -> str:
    return _moment(seconds).date().isoformat()
