"""Jobs where keys are asked for: each sees its own, and is charged for each picture once."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from feathercut.server.context import Key
from feathercut.server.keys.gate import KeyGate
from feathercut.server.keys.store import KeyRow, KeyStore
from feathercut.settings import Settings
from server.jobs.handing import accepted, ended, look, submitted, told
from server.running import CAT, Running, disc, serving, until


@dataclass
class Shop:
    """A server that asks for keys, two of them, and the database that they are in."""

    server: Running
    path: Path
    ann: dict[str, str]
    ben: dict[str, str]

    def row(self, place: int) -> KeyRow:
        with KeyStore(self.path) as store:
            return store.rows()[place]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory, weights_settings: Settings) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("keys")
    path = folder / "keys.sqlite3"
    with KeyStore(path) as store:
        ann, ben = (store.create(name, credit, now)[1] for now, (name, credit) in enumerate((("ann", 20), ("ben", 2))))
    flags = ("--api-keys", "required", "--database", str(path), "--photos-at-once", "1")
    with serving(folder, weights_settings, *flags) as server:
        yield Shop(server, path, {"X-Api-Key": ann}, {"X-Api-Key": ben})


@pytest.mark.weights
def test_a_key_has_its_own_jobs_and_no_others(shop: Shop) -> None:
    server = shop.server
    assert submitted(server).status_code == 403
    job = ended(server, accepted(server, CAT, headers=shop.ann), **shop.ann)
    for path in ("", "/events", "/result", "/results/1"):
        assert look(server, job, path, **shop.ann).status_code == 200
        assert look(server, job, path).status_code == 403
        others = look(server, job, path, **shop.ben)
        assert (others.status_code, others.json()["code"]) == (404, "unknown_job")
    url = f"{server.address}v1/jobs/{job['id']}"
    assert httpx.delete(url, headers=shop.ben).status_code == 404
    assert httpx.delete(url).status_code == 403
    assert httpx.delete(url, headers=shop.ann).status_code == 204


@pytest.mark.weights
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in /proc, as on Linux")
def test_each_picture_is_charged_once_whatever_is_killed(shop: Shop) -> None:
    server, before = shop.server, shop.row(0)
    large = disc(2.5)
    job = accepted(server, large, large, CAT, headers=shop.ann)
    until(lambda: told(server, job, **shop.ann)["progress"]["done"] >= 1)
    for process in [*server.children("inference"), *server.children("HTTP")]:
        os.kill(process, signal.SIGKILL)
    assert ended(server, job, **shop.ann)["progress"]["done"] == 3
    until(lambda: shop.row(0).pictures == before.pictures + 3)
    assert shop.row(0).credits == (before.credits or 0) - 7  # 3 and 3 for what was large, 1 for the cat


@pytest.mark.weights
def test_a_key_without_credits_is_told_at_once_or_at_the_picture(shop: Shop) -> None:
    server = shop.server
    job = ended(server, accepted(server, CAT, CAT, CAT, CAT, CAT, CAT, CAT, headers=shop.ben), **shop.ben)
    assert job["progress"]["failed"] >= 4  # the two that are paid for, and those already under way
    assert {one["problem"]["code"] for one in job["pictures"] if one["problem"]} == {"no_credits_left"}
    assert look(server, job, "/results/7", **shop.ben).status_code == 402
    until(lambda: (shop.row(1).credits or 0) <= 0)
    refused = submitted(server, CAT, headers=shop.ben)
    assert (refused.status_code, refused.json()["code"]) == (402, "no_credits_left")


def test_a_named_charge_counts_once_even_where_several_make_it(tmp_path: Path) -> None:
    with KeyStore(tmp_path / "keys.sqlite3") as store:
        key_id, _ = store.create("shop", 10, 0)

        async def charge() -> None:
            gates = [KeyGate(tmp_path / "keys.sqlite3", 500) for _ in range(3)]
            key = Key(key_id, None)
            await asyncio.gather(*(gate.charge(key, 2, 1.5, once="job/1") for gate in gates for _ in range(4)))
            await gates[0].charge(key, 2, 1.5, once="job/2")
            await gates[0].charge(key, 2, 1.5)
            for gate in gates:
                await gate.aclose()

        asyncio.run(charge())
        (row,) = store.rows()
    assert (row.credits, row.pictures, row.megapixels) == (4, 3, 4.5)


def test_names_of_charges_are_not_kept_for_ever(tmp_path: Path) -> None:
    with KeyStore(tmp_path / "keys.sqlite3") as store:
        key_id, _ = store.create("shop", 10, 0)
        for day, name in (("2026-01-01", "a"), ("2026-02-01", "b"), ("2026-04-01", "c"), ("2026-04-01", "b")):
            store.charge(key_id, day, 1, 1, once=name)
        (row,) = store.rows()
    assert row.credits == 7
    with closing(sqlite3.connect(tmp_path / "keys.sqlite3")) as database:
        assert database.execute("SELECT id FROM charges ORDER BY id").fetchall() == [("b",), ("c",)]
