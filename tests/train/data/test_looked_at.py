"""A check that was stopped goes on where it was, and says what one says that was not."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from feathercut.train.data import check as checking
from feathercut.train.data.check import Checked, check
from feathercut.train.data.looked_at import NAME

from .sets import levels, make_set, matte, save, scene


def checked(folder: Path, *, anew: bool = False, shown: int = 0) -> Checked:
    return check([folder], None, workers=2, anew=anew, shown=shown)


def faulty(folder: Path, count: int) -> Path:
    """A set of which a matte is black, another of another size, a third shown twice, and a photo is no picture."""
    make_set(folder, count)
    save(folder / "alpha" / "p1.png", np.zeros_like(levels(matte(1))))
    save(folder / "alpha" / "p2.png", levels(matte(2))[:-3])
    shutil.copy(folder / "images" / "p0.png", folder / "images" / "p3.png")
    (folder / "images" / "p4.png").write_bytes(b"no picture")
    return folder


def said(found: Checked) -> list[dict[str, object]]:
    return [fault.as_object() for fault in found.faults.kept]


def test_what_was_seen_is_not_looked_at_again_and_said_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = faulty(tmp_path / "set", 8)
    first = checked(folder)
    assert first.known == 0 and {"empty", "sizes", "unreadable", "two-truths"} <= set(first.faults.counts)
    with monkeypatch.context() as patched:
        patched.setattr(checking, "examine", lambda *_, **__: pytest.fail("it was looked at before"))
        again = checked(folder)
    assert (again.known, said(again), again.masks) == (8, said(first), first.masks)
    assert again.faults.counts == first.faults.counts
    assert checked(folder, anew=True).known == 0


def test_pairs_that_changed_or_came_are_looked_at(tmp_path: Path) -> None:
    folder = faulty(tmp_path / "set", 8)
    checked(folder)
    save(folder / "alpha" / "p1.png", levels(matte(1)))
    for side, picture in (("images", scene(60)), ("alpha", matte(60))):
        save(folder / side / "p60.png", levels(picture))
    (folder / "images" / "p7.png").unlink()
    found = checked(folder)
    assert found.count == 8 and found.known == 6
    assert "empty" not in found.faults.counts and found.faults.counts["no-photo"] == 1
    assert said(found) == said(checked(folder, anew=True))


def test_another_truth_and_a_sheet_look_at_what_they_need(tmp_path: Path) -> None:
    folder = faulty(tmp_path / "set", 8)
    checked(folder)
    assert check([folder], "mattes", workers=2).known == 0
    with_sheet = check([folder], "mattes", workers=2, shown=50)
    assert {place for _, place in with_sheet.shown} >= {1, 2}
    assert all(one.photo is not None for one in with_sheet.shown.values())


def test_a_spoilt_file_and_a_folder_that_is_not_to_be_written_to_only_cost_time(tmp_path: Path) -> None:
    folder = faulty(tmp_path / "set", 6)
    expected = said(checked(folder))
    (folder / NAME).write_bytes(b"no table" * 1000)
    found = checked(folder)
    assert (found.known, said(found)) == (0, expected)
    (folder / NAME).unlink()
    (folder / NAME).mkdir()
    found = checked(folder)
    assert (found.known, said(found)) == (0, expected)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="processes are killed as on POSIX")
def test_a_check_that_is_killed_goes_on(tmp_path: Path) -> None:
    folder = faulty(tmp_path / "set", 40)
    slow = (
        "import time\n"
        "from pathlib import Path\n"
        "from feathercut.train.data import check, looked_at\n"
        "looked_at._EVERY_S = 0.0\n"
        "look = check.examine\n"
        "check.examine = lambda *words, **more: (time.sleep(0.05), look(*words, **more))[1]\n"
        f"check.check([Path({str(folder)!r})], None, workers=2)\n"
    )
    running = subprocess.Popen([sys.executable, "-c", slow])
    until = time.monotonic() + 60
    while _rows(folder) < 10 and running.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    assert running.poll() is None
    os.kill(running.pid, signal.SIGKILL)
    running.wait()
    found = checked(folder)
    assert 10 <= found.known < 40
    assert said(found) == said(checked(folder, anew=True))


def _rows(folder: Path) -> int:
    try:
        base = sqlite3.connect(f"file:{folder / NAME}?mode=ro", uri=True)
        try:
            return int(base.execute("SELECT count(*) FROM pairs").fetchone()[0])
        finally:
            base.close()
    except sqlite3.Error:
        return 0
