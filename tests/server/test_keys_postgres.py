"""The same keys in a real PostgreSQL, which this test starts where its programs are installed."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from feathercut.errors import OptionError
from feathercut.server.errors import KeyRefusedError, KeyStoreError, QuotaError, RateLimitedError
from feathercut.server.keys import open_gate
from feathercut.server.keys.gate import KeyGate
from feathercut.server.keys.postgres import PostgresDatabase
from feathercut.server.keys.schema import STEPS, migrate
from feathercut.server.keys.store import KeyStore
from feathercut.server.settings import ServerSettings

pytest.importorskip("pg8000", reason="the extra `postgresql` is not installed")
PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
pytestmark = pytest.mark.skipif(not PROGRAMS or os.name == "nt", reason="no PostgreSQL is installed")


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL of this test's own."""

    folder: Path
    port: int
    as_whom: tuple[str, ...]

    def run(self, program: str, *words: str) -> None:
        path = PROGRAMS[-1].with_name(program)
        subprocess.run([*self.as_whom, str(path), *words], check=True, capture_output=True, cwd=self.folder)

    def control(self, *words: str) -> None:
        said = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder}"
        self.run("pg_ctl", "-D", str(self.folder / "data"), "-l", str(self.folder / "log"), "-o", said, "-w", *words)

    def address(self, name: str) -> str:
        self.run("createdb", "-h", str(self.folder), "-p", str(self.port), "-U", "postgres", name)
        return f"postgresql://postgres:a%20word@127.0.0.1:{self.port}/{name}"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="postgres-", dir="/tmp"))
    as_whom: tuple[str, ...] = ()
    if os.geteuid() == 0:  # which PostgreSQL refuses to run as
        import pwd  # not on Windows

        try:
            owner = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("root may not run PostgreSQL, and there is no user `postgres`")
        shutil.chown(folder, owner.pw_uid, owner.pw_gid)
        as_whom = ("setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups")
    one = Cluster(folder, port, as_whom)
    one.run("initdb", "-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "--no-sync")
    one.control("start")
    try:
        yield one
    finally:
        one.control("-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def test_keys_rates_credits_and_usage_are_kept(cluster: Cluster) -> None:
    address = cluster.address("whole")
    with KeyStore(address) as store:
        key_id, key = store.create("shop", 2, 1.0)

    async def work() -> None:
        gate = open_gate(ServerSettings(api_keys="required", database=address, megapixels_a_minute=3))
        assert isinstance(gate, KeyGate)
        with pytest.raises(KeyRefusedError):
            await gate.admit(key[:-1] + "!")
        caller = await gate.admit(key)
        assert caller.credits_left == 2
        assert (await gate.reserve(caller, 1.5))["X-RateLimit-Remaining"] == "1"
        await gate.charge(caller, 1, 1.5)
        with pytest.raises(RateLimitedError):
            await gate.reserve(caller, 1.5)
        await gate.charge(caller, 1, 0.5)
        with pytest.raises(QuotaError):
            await gate.reserve(caller, 0.5)
        with KeyStore(address) as elsewhere:
            elsewhere.add_credits(key_id, 4)
            elsewhere.revoke(key_id, 2.0)
        with pytest.raises(KeyRefusedError):
            await gate.admit(key)
        await gate.aclose()

    asyncio.run(work())
    with KeyStore(address) as store:
        (row,) = store.rows()
        with pytest.raises(OptionError, match="There is no key `abc`"):
            store.revoke("abc", 1.0)
    assert (row.id, row.name, row.pictures, row.megapixels, row.credits_charged) == (key_id, "shop", 2, 2.0, 2.0)
    assert (row.credits, row.created_at, row.revoked_at) == (4, 1.0, 2.0)


_CHARGE = """
import sys
from feathercut.server.keys.store import KeyStore
with KeyStore(sys.argv[1]) as store:
    for _ in range(40):
        verdict, left = store.use_minute(sys.argv[2], 1000.0, 1, 100)
        if verdict.is_let_in:
            store.charge(sys.argv[2], "2026-01-01", 0.5, 1.0)
"""


def test_machines_that_charge_one_key_lose_nothing_and_give_nothing_twice(cluster: Cluster) -> None:
    address = cluster.address("together")
    with KeyStore(address) as store:
        key_id, _ = store.create("shop", 1000, 0.0)
        running = [subprocess.Popen([sys.executable, "-c", _CHARGE, address, key_id]) for _ in range(4)]
        assert [process.wait(100) for process in running] == [0] * 4
        (row,) = store.rows()
    assert (row.pictures, row.credits) == (100, 950)  # of 160 that were asked for


def test_four_make_the_tables_at_once(cluster: Cluster) -> None:
    address = cluster.address("fresh")
    make = "import sys; from feathercut.server.keys.store import KeyStore as S; S(sys.argv[1]).create('a', None, 1.0)"
    running = [subprocess.Popen([sys.executable, "-c", make, address]) for _ in range(4)]
    assert [process.wait(100) for process in running] == [0] * 4
    with KeyStore(address) as store:
        assert len(store.rows()) == 4


def test_newer_database_is_refused_and_a_migration_that_fails_changes_nothing(cluster: Cluster) -> None:
    address = cluster.address("newer")
    KeyStore(address).close()
    database = PostgresDatabase(address)
    with pytest.raises(KeyStoreError, match="syntax error"):
        migrate(database, [*STEPS, ("ALTER TABLE keys ADD COLUMN note TEXT", "no SQL at all")])
    assert database.version() == len(STEPS)
    migrate(database, [*STEPS, ("ALTER TABLE keys ADD COLUMN note TEXT",)])
    database.close()
    with pytest.raises(KeyStoreError, match=f"of version {len(STEPS) + 1}; .* newer"):
        KeyStore(address)


def test_database_that_was_started_anew_is_connected_to_again(cluster: Cluster) -> None:
    address = cluster.address("restarted")
    with KeyStore(address) as store:
        key_id, key = store.create("shop", 9, 1.0)
        cluster.control("-m", "fast", "stop")
        with pytest.raises(KeyStoreError, match="cannot be used") as caught:
            store.admitted(key)
        assert "a%20word" not in str(caught.value) and "a word" not in str(caught.value)
        cluster.control("start")
        assert store.admitted(key) is not None
        cluster.control("-m", "fast", "restart")
        store.charge(key_id, "2026-01-01", 1, 1.0)  # the connection broke unseen
        assert store.rows()[0].credits == 8


@pytest.mark.parametrize(
    ("ending", "sentence"),
    [
        ("/x?sslmode=maybe", "`sslmode` takes disable, require or verify-full"),
        (":port/x", "no `postgresql://` address"),
    ],
)
def test_address_that_makes_no_sense_is_told(ending: str, sentence: str) -> None:
    with pytest.raises(OptionError, match=sentence):
        KeyStore(f"postgresql://127.0.0.1{ending}")


def test_encryption_that_is_asked_for_is_not_done_without(cluster: Cluster) -> None:
    with pytest.raises(KeyStoreError, match="SSL"):
        KeyStore(f"{cluster.address('plain')}?sslmode=require")
