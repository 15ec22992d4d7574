"""Keys in a real database: who is let in, how much, and what is written down."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
import sys
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from feathercut.errors import OptionError
from feathercut.server.context import Key
from feathercut.server.errors import KeyRefusedError, KeyStoreError, QuotaError, RateLimitedError
from feathercut.server.keys import database_place, open_gate
from feathercut.server.keys.database import SqliteDatabase
from feathercut.server.keys.gate import KeyGate
from feathercut.server.keys.schema import STEPS, migrate
from feathercut.server.keys.secret import make_secret
from feathercut.server.keys.store import KeyStore
from feathercut.server.settings import ServerSettings

Found = TypeVar("Found")
NOON = 1_800_000_000.0


class Clock:
    """A wall clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "keys.sqlite3"


def made(path: Path, allowed: float | None = None) -> str:
    with KeyStore(path) as store:
        return store.create("shop", allowed, NOON)[1]


def with_gate(
    path: Path, work: Callable[[KeyGate], Coroutine[Any, Any, Found]], limit: int = 500, clock: Clock | None = None
) -> Found:
    async def run() -> Found:
        gate = KeyGate(path, limit, clock or Clock())
        try:
            return await work(gate)
        finally:
            await gate.aclose()

    return asyncio.run(run())


def test_key_is_let_in_and_others_are_not(path: Path) -> None:
    key = made(path)

    async def work(gate: KeyGate) -> None:
        assert (await gate.admit(key)).credits_left is None
        wrong = [None, "", "x", key[:-1], key + "x", key[:-1] + ("A" if key[-1] != "A" else "B"), make_secret().text,
                 key.upper(), f" {key}", "fc_", "\udcff", "fc_" + "0" * 12 + "_" + "A" * 43, "x" * 100_000]  # fmt: skip
        for text in wrong:
            with pytest.raises(KeyRefusedError, match="No valid API key"):
                await gate.admit(text)

    with_gate(path, work)


def test_nothing_of_a_key_can_be_read_in_the_database(path: Path) -> None:
    keys = [made(path) for _ in range(3)]
    files = [file for file in path.parent.iterdir() if file.is_file()]
    held = b"".join(file.read_bytes() for file in files)
    assert not any(key.encode() in held or key.rpartition("_")[2].encode() in held for key in keys)
    assert len({key.rpartition("_")[2] for key in keys}) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="its files have no such rights")
def test_database_is_its_owners_alone(path: Path) -> None:
    made(path)
    with KeyStore(path):
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert modes and set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_revoked_key_is_refused_from_the_next_request_on_by_every_process(path: Path) -> None:
    key = made(path)

    async def work(gate: KeyGate) -> None:
        caller = await gate.admit(key)
        with KeyStore(path) as elsewhere:
            elsewhere.revoke(caller.name, NOON)
        with pytest.raises(KeyRefusedError):
            await gate.admit(key)

    with_gate(path, work)


def test_revoking_what_is_not_there_is_an_error(path: Path) -> None:
    with KeyStore(path) as store, pytest.raises(OptionError, match="There is no key `abc`; `feathercut keys list`"):
        store.revoke("abc", NOON)


def test_credits_are_taken_by_finished_work_and_then_there_are_none(path: Path) -> None:
    key = made(path, allowed=1.25)

    async def work(gate: KeyGate) -> None:
        for left in (1.25, 0.25):
            caller = await gate.admit(key)
            assert caller.credits_left == left
            await gate.reserve(caller, 0.2)
            await gate.charge(caller, 1, 0.2)
        with pytest.raises(QuotaError, match="has no credits left"):
            await gate.reserve(await gate.admit(key), 0.2)
        with KeyStore(path) as store:
            store.add_credits(caller.name, 5)
        assert (await gate.admit(key)).credits_left == 4.25
        await gate.reserve(caller, 0.2)

    with_gate(path, work)


def test_usage_is_written_down_by_day(path: Path) -> None:
    key, clock = made(path), Clock()

    async def work(gate: KeyGate) -> None:
        caller = await gate.admit(key)
        for day in (0, 0, 1):
            clock.now = NOON + day * 86_400
            await gate.charge(caller, 0.25, 2.5)

    with_gate(path, work, clock=clock)
    with KeyStore(path) as store:
        (row,) = store.rows()
    assert (row.pictures, row.megapixels, row.credits_charged, row.credits) == (3, 7.5, 0.75, None)
    kept = sqlite3.connect(path)
    assert kept.execute("SELECT day, pictures FROM usage ORDER BY day").fetchall() == [
        ("2027-01-15", 2),
        ("2027-01-16", 1),
    ]
    kept.close()


def test_megapixels_are_limited_a_minute_and_the_headers_say_so(path: Path) -> None:
    key, clock = made(path), Clock()

    async def work(gate: KeyGate) -> None:
        caller = await gate.admit(key)
        said = [await gate.reserve(caller, megapixels) for megapixels in (0.2, 1.0, 1.01, 6)]
        assert [headers["X-RateLimit-Remaining"] for headers in said] == ["9", "8", "6", "0"]
        assert said[0] == {
            "X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "9", "X-RateLimit-Reset": f"{NOON + 60:.0f}"
        }  # fmt: skip
        clock.now += 20
        with pytest.raises(RateLimitedError) as caught:
            await gate.reserve(caller, 0.1)
        assert caught.value.retry_after_s == 40
        assert caught.value.headers["Retry-After"] == "40"
        assert caught.value.headers["X-RateLimit-Remaining"] == "0"
        clock.now += 40
        assert (await gate.reserve(caller, 3))["X-RateLimit-Remaining"] == "7"

    with_gate(path, work, limit=10, clock=clock)


def test_one_key_does_not_use_up_anothers_minute(path: Path) -> None:
    first, second = made(path), made(path)

    async def work(gate: KeyGate) -> None:
        await gate.reserve(await gate.admit(first), 10)
        with pytest.raises(RateLimitedError):
            await gate.reserve(await gate.admit(first), 1)
        await gate.reserve(await gate.admit(second), 10)

    with_gate(path, work, limit=10)


def test_picture_that_is_larger_than_the_limit_has_a_minute_of_its_own(path: Path) -> None:
    key = made(path)

    async def work(gate: KeyGate) -> None:
        assert (await gate.reserve(await gate.admit(key), 50))["X-RateLimit-Remaining"] == "0"
        with pytest.raises(RateLimitedError):
            await gate.reserve(await gate.admit(key), 1)

    with_gate(path, work, limit=10)


@pytest.mark.parametrize("hours", [-24 * 365, -1, -0.01, 0.5, 24 * 365])
def test_clock_that_is_set_locks_nobody_out(path: Path, hours: float) -> None:
    key, clock = made(path, allowed=100), Clock()

    async def work(gate: KeyGate) -> None:
        caller = await gate.admit(key)
        await gate.reserve(caller, 10)
        with pytest.raises(RateLimitedError):
            await gate.reserve(caller, 10)
        clock.now += hours * 3600
        for _ in range(3):  # and it goes on by the new time
            headers = await gate.reserve(await gate.admit(key), 10)
            assert clock.now < int(headers["X-RateLimit-Reset"]) <= clock.now + 61
            await gate.charge(caller, 1, 10)
            with pytest.raises(RateLimitedError) as caught:
                await gate.reserve(caller, 1)
            assert 1 <= caught.value.retry_after_s <= 60
            clock.now += 60

    with_gate(path, work, limit=10, clock=clock)


def test_open_gate_lets_everybody_in_and_counts_nothing(tmp_path: Path) -> None:
    async def run() -> None:
        gate = open_gate(ServerSettings(database=str(tmp_path / "never-made")))
        for secret in (None, "whatever"):
            caller = await gate.admit(secret)
            assert caller == Key("anonymous", None)
            for _ in range(100):
                headers = await gate.reserve(caller, 50)
            assert (headers["X-RateLimit-Limit"], headers["X-RateLimit-Remaining"]) == ("500", "500")
            await gate.charge(caller, 1, 50)
        await gate.aclose()

    asyncio.run(run())
    assert list(tmp_path.iterdir()) == []


def test_caller_who_hangs_up_is_charged_for_what_was_done(path: Path) -> None:
    key = made(path, allowed=5)

    async def work(gate: KeyGate) -> None:
        caller = await gate.admit(key)
        with KeyStore(path) as elsewhere, elsewhere._database.transaction():  # holds the charge up
            charging = asyncio.create_task(gate.charge(caller, 1, 1))
            await asyncio.sleep(0.05)
            charging.cancel()
        with pytest.raises(asyncio.CancelledError):
            await charging
        assert (await gate.admit(key)).credits_left == 4

    with_gate(path, work)


def test_newer_database_is_refused_and_left_alone(path: Path) -> None:
    made(path)
    newer = sqlite3.connect(path)
    newer.execute(f"PRAGMA user_version = {len(STEPS) + 1}")
    newer.close()
    with pytest.raises(KeyStoreError, match=rf"keys\.sqlite3: the database is of version {len(STEPS) + 1}; .* newer"):
        KeyStore(path)


def test_older_database_is_brought_up_with_all_that_it_holds(path: Path) -> None:
    key = made(path, allowed=3)
    database = SqliteDatabase(path)
    migrate(database, [*STEPS, ("ALTER TABLE keys ADD COLUMN note TEXT NOT NULL DEFAULT 'none'",)])
    assert database.run("SELECT note, credits FROM keys") == [("none", 3.0)]
    assert database.version() == len(STEPS) + 1
    database.close()
    assert key


def test_migration_that_fails_changes_nothing(path: Path) -> None:
    made(path)
    database = SqliteDatabase(path)
    with pytest.raises(KeyStoreError, match="syntax"):
        migrate(database, [*STEPS, ("ALTER TABLE keys ADD COLUMN note TEXT", "no SQL at all")])
    assert database.version() == len(STEPS)
    assert "note" not in [row[1] for row in database.run("PRAGMA table_info(keys)")]
    database.close()


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\0" + bytes(200)])
def test_file_that_is_no_database_is_told_by_name(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    with pytest.raises(KeyStoreError, match=r"keys\.sqlite3: the database of keys cannot be used: .* `--database`"):
        KeyStore(path)
    assert path.read_bytes() == content


def test_folder_in_the_way_is_told(path: Path) -> None:
    path.mkdir(parents=True)
    with pytest.raises(KeyStoreError, match="cannot be used"):
        KeyStore(path)


def test_database_lies_in_the_users_data_folder_unless_it_is_named(own_home: Path) -> None:
    assert str(database_place(None)).startswith(str(own_home))
    assert database_place("~/k.db") == own_home / "k.db"
    with pytest.raises(OptionError, match="`--database` takes the path of an SQLite file"):
        database_place("mysql://host/keys")
