"""Ctrl-C in the middle, and readers that leave."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .command import Command, left_over, photo, size_of
from .hold import Hold

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals")


def _many(folder: Path) -> None:
    data = photo(1500, 1000)
    (folder / "in").mkdir()
    for number in range(16):
        (folder / "in" / f"{number:02}.jpg").write_bytes(data)


@pytest.mark.parametrize("as_json", [False, True])
def test_ctrl_c_keeps_what_was_finished(command: Command, tmp_path: Path, as_json: bool) -> None:
    folder = command.folder
    _many(folder)
    words = ["remove", "--model", "tiny", "in", "--output-dir", "out", *(["--json"] if as_json else [])]
    late = Hold(tmp_path, "06.jpg")
    running = subprocess.Popen(
        command.words(*words), cwd=folder, env=command.environ(PYTHONPATH=str(late.home)),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    late.waits(running)
    ends = time.monotonic() + 120
    while not list(folder.glob("out/*.png")):
        assert time.monotonic() < ends, "nothing was ever finished"
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    late.lets_go()
    out, err = running.communicate(timeout=120)
    assert running.returncode == 130
    assert err.decode().splitlines() == ["feathercut: Stopped. What was finished is there."]
    finished = sorted(path.name for path in (folder / "out").iterdir())
    assert 1 <= len(finished) < 16 and left_over(folder) == []
    assert {size_of(folder / "out" / name) for name in finished} == {(1500, 1000)}
    assert all(path.read_bytes() == photo(1500, 1000) for path in sorted((folder / "in").iterdir())[:3])
    if as_json:
        report = json.loads(out)
        assert report["error"] == {
            "kind": "KeyboardInterrupt", "message": "Stopped. What was finished is there.", "exit_code": 130
        }  # fmt: skip
        assert len(finished) - report["done"] in (0, 1)  # stopped between writing and telling


@pytest.mark.parametrize("moment_s", [0, 0.1, 0.3])
def test_ctrl_c_while_everything_is_being_loaded(command: Command, tmp_path: Path, moment_s: float) -> None:
    (command.folder / "photo.jpg").write_bytes(photo())
    numpy = Hold(tmp_path, "numpy", "import")
    running = subprocess.Popen(
        command.words("remove", "--model", "tiny", "photo.jpg"), cwd=command.folder,
        env=command.environ(PYTHONPATH=str(numpy.home)), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    numpy.waits(running)
    numpy.lets_go()
    time.sleep(moment_s)
    running.send_signal(signal.SIGINT)
    _, err = running.communicate(timeout=120)
    # At the very end, when all is done, Python itself has let go of Ctrl-C and dies of it without a word.
    assert running.returncode in (0, 130, -signal.SIGINT)
    assert err == (b"feathercut: Stopped. What was finished is there.\n" if running.returncode == 130 else b"")
    assert left_over(command.folder) == []


@pytest.mark.parametrize("words", ["remove -o - photo.jpg", "remove *.jpg --overwrite", "models list"])
def test_reader_that_leaves_is_no_problem(command: Command, in_folder: Path, words: str) -> None:
    for number in range(5):
        (in_folder / f"{number}.jpg").write_bytes(photo())
    (in_folder / "photo.jpg").write_bytes(photo(1000, 700))
    model = "--model tiny" if words.startswith("remove") else ""
    script = f'"{sys.executable}" -m feathercut {words} {model} | head -c 1 >/dev/null'
    done = subprocess.run(["sh", "-c", script], cwd=in_folder, env=command.environ(), capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


_IN_AN_IMPORT = """
import io, os, signal, sys
import feathercut.cli.main as main

main._CtrlC().prepare()

def read(stops):
    file = io.FileIO(sys.executable)  # as the import of a module has its file open
    if stops:
        os.kill(os.getpid(), signal.SIGINT)
        for _ in range(1000): pass

try:
    read(sys.argv[1] == "stops")
except KeyboardInterrupt:
    pass
"""


@pytest.mark.parametrize(("word", "is_silent"), [("stops", True), ("goes on", False)])
def test_file_that_ctrl_c_left_open_is_no_complaint(word: str, is_silent: bool) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", _IN_AN_IMPORT, word], capture_output=True, check=False, timeout=60
    )
    assert done.returncode == 0
    assert (b"ResourceWarning" not in done.stderr) == is_silent and (not done.stderr) == is_silent
