"""Several processes on one database of keys: nothing is lost, nothing is given twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from feathercut.server.keys.store import KeyRow, KeyStore

_CHARGE = """
import sys
from pathlib import Path
from feathercut.server.keys.store import KeyStore
with KeyStore(Path(sys.argv[1])) as store:
    for _ in range(int(sys.argv[3])):
        verdict, left = store.use_minute(sys.argv[2], 1000.0, 1, int(sys.argv[4]))
        if verdict.is_let_in:
            store.charge(sys.argv[2], "2026-01-01", 0.5, 1.0)
"""


def begin(path: Path, key_id: str, times: int, limit: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", _CHARGE, str(path), key_id, str(times), str(limit)])


def test_four_processes_charge_one_key_and_none_goes_over_its_minute(tmp_path: Path) -> None:
    path = tmp_path / "keys.sqlite3"
    with KeyStore(path) as store:
        key_id, _ = store.create("shop", 1000, 0)
        running = [begin(path, key_id, 60, limit=100) for _ in range(4)]
        assert [process.wait(60) for process in running] == [0] * 4
        (row,) = store.rows()
    assert (row.pictures, row.credits, row.megapixels) == (100, 950, 100)  # of 240 that were asked for


def test_four_processes_make_one_database_at_once(tmp_path: Path) -> None:
    path = tmp_path / "keys.sqlite3"
    make = "import sys, pathlib; from feathercut.server.keys.store import KeyStore as S; "
    make += "S(pathlib.Path(sys.argv[1])).create('shop', None, 1.0)"
    running = [subprocess.Popen([sys.executable, "-c", make, str(path)]) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0] * 4
    with KeyStore(path) as store:
        assert len(store.rows()) == 4


def test_process_that_is_killed_while_it_writes_leaves_a_whole_database(tmp_path: Path) -> None:
    path = tmp_path / "keys.sqlite3"
    with KeyStore(path) as store:
        key_id, _ = store.create("shop", 100_000, 0)
    for _ in range(3):
        before = charged(path).pictures
        process = begin(path, key_id, 1_000_000, limit=10_000_000)
        until = time.monotonic() + 60
        while charged(path).pictures == before:
            assert time.monotonic() < until, "it never charged anything"
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        row = charged(path)
        assert row.credits == 100_000 - row.credits_charged  # both or neither
        assert row.pictures * 0.5 == row.credits_charged


def charged(path: Path) -> KeyRow:
    with KeyStore(path) as store:
        return store.rows()[0]
