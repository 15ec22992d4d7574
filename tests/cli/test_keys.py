from __future__ import annotations

import json

from .command import Command

DATABASE = ("--database", "keys.sqlite3")


def test_key_is_made_listed_credited_and_revoked(command: Command) -> None:
    made = command("keys", "create", "shop", "--credits", "2.5", *DATABASE)
    key = made.out.decode().strip()
    assert (made.code, key[:3], len(key)) == (0, "fc_", 59)
    assert made.said == ["Keep it: it is not shown again. Clients send it in the header `X-Api-Key`"]
    key_id = key.split("_")[1]
    listed = command("keys", "list", *DATABASE).out.decode().splitlines()
    assert listed[0].split("  ")[0] == "id"
    assert listed[1].startswith(f"{key_id}  shop")
    assert key not in "\n".join(listed)
    assert command("keys", "credit", key_id, "10", *DATABASE).out.decode() == f"{key_id} has 12.5 credits\n"
    assert command("keys", "credit", key_id, "-2", *DATABASE).out.decode() == f"{key_id} has 10.5 credits\n"
    assert command("keys", "revoke", key_id, *DATABASE).out.decode() == f"{key_id} is revoked\n"
    (row,) = command("keys", "list", "--json", *DATABASE).report["keys"]
    assert (row["id"], row["name"], row["credits"]) == (key_id, "shop", 10.5)
    assert row["revoked_at"] >= row["created_at"]


def test_database_is_the_one_that_the_environment_names(command: Command) -> None:
    made = command("keys", "create", "a", "--json", FEATHERCUT_SERVER_DATABASE="own.db")
    assert set(json.loads(made.out)) == {"version", "id", "name", "key", "credits"}
    assert (command.folder / "own.db").is_file()


def test_what_makes_no_sense_is_one_line(command: Command) -> None:
    command("keys", "revoke", "nobody", *DATABASE).is_one_line(2, "There is no key `nobody`", "feathercut keys list")
    command("keys", "create", "a", "--credits", "-1", *DATABASE).is_one_line(2, "`--credits` takes a number from 0 up")
    command("keys", "list", "--database", "mysql://host/x").is_one_line(2, "`--database` takes the path of an SQLite")
    (command.folder / "broken.db").write_bytes(b"no database" * 100)
    command("keys", "list", "--database", "broken.db").is_one_line(9, "broken.db", "cannot be used")
