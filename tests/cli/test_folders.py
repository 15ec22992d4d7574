"""Folders that are gone on with, and folders that are watched."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from .command import Command, photo
from .hold import Hold

RESUME = ("remove", "--model", "tiny", "in", "--output-dir", "out", "--resume")


def _many(folder: Path, count: int) -> None:
    (folder / "in").mkdir()
    for number in range(count):
        (folder / "in" / f"{number:02}.jpg").write_bytes(photo(300 + number, 200))


def _wait(until: Callable[[], bool], running: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 60
    while not until() and running.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    assert until(), running.communicate()


def _started(command: Command, *words: str, **settings: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command.words(*words), cwd=command.folder, env=command.environ(**settings),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def _pictures(folder: Path) -> dict[str, bytes]:
    """All files but the record of when and by whom."""
    manifest = ".feathercut-manifest.json"
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != manifest}


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("finished", [1, 12])
def test_folder_that_was_killed_and_gone_on_with_is_as_one_that_was_not(
    command: Command, tmp_path: Path, finished: int
) -> None:
    folder = command.folder
    _many(folder, 20)
    assert command.remove("in", "--output-dir", "undisturbed", "--resume").code == 0
    late = Hold(tmp_path, "15.jpg")
    running = _started(command, *RESUME, "--jobs", "3", PYTHONPATH=str(late.home))
    _wait(lambda: len(list(folder.glob("out/*.png"))) >= finished, running)
    running.kill()
    running.communicate()
    there = {path.name: path.stat().st_mtime_ns for path in folder.glob("out/*.png")}
    assert finished <= len(there) < 20
    done = command(*RESUME, "--json")
    assert done.code == 0 and len(done.report["photos"]) == 20
    assert _pictures(folder / "out") == _pictures(folder / "undisturbed")
    again = command(*RESUME)
    assert again.said == ["20 of 20 photos done, 20 of them by an earlier run"]
    assert again.out.decode().splitlines() == [str(Path("out") / f"{number:02}.png") for number in range(20)]


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_what_was_finished_when_ctrl_c_came_is_not_made_again(command: Command, tmp_path: Path) -> None:
    _many(command.folder, 20)
    late = Hold(tmp_path, "08.jpg")
    running = _started(command, *RESUME, "--jobs", "3", "--json", PYTHONPATH=str(late.home))
    _wait(lambda: len(list(command.folder.glob("out/*.png"))) >= 3, running)
    late.waits(running)
    running.send_signal(signal.SIGINT)
    late.lets_go()
    out, err = running.communicate(timeout=120)
    assert (running.returncode, err) == (130, b"feathercut: Stopped. What was finished is there.\n")
    finished = len(list(command.folder.glob("out/*.png")))
    assert 3 <= finished < 20 and finished - json.loads(out)["done"] in (0, 1)
    statuses = [one["status"] for one in command(*RESUME, "--json").report["photos"]]
    assert statuses.count("kept") - json.loads(out)["done"] in (0, 1) and statuses.count("done") == 20 - finished


def test_only_what_changed_is_made_again(command: Command) -> None:
    folder = command.folder
    _many(folder, 4)
    assert command(*RESUME).code == 0
    (folder / "in" / "01.jpg").write_bytes(photo(90, 60))
    (folder / "in" / "02.jpg").write_bytes(b"text")
    (folder / "out" / "03.png").unlink()
    statuses = [one["status"] for one in command(*RESUME, "--json").report["photos"]]
    assert statuses == ["kept", "done", "failed", "done"]
    statuses = [one["status"] for one in command(*RESUME, "--json", "--crop").report["photos"]]
    assert statuses == ["done", "done", "failed", "done"]


def test_what_others_put_there_stays(command: Command) -> None:
    _many(command.folder, 2)
    (command.folder / "out").mkdir()
    (command.folder / "out" / "00.png").write_bytes(b"mine")
    done = command(*RESUME)
    assert done.code == 3 and "`--overwrite` replaces it" in done.said[0]
    assert (command.folder / "out" / "00.png").read_bytes() == b"mine"
    assert command(*RESUME, "--overwrite").said == ["2 of 2 photos done, 1 of them by an earlier run"]


@pytest.mark.parametrize(
    ("text", "words"),
    [('{"version": 9}', "was written by a newer Feathercut"), ("{", "cannot be understood")],
)
def test_manifest_that_cannot_be_used_is_one_line(command: Command, text: str, words: str) -> None:
    _many(command.folder, 2)
    (command.folder / "out").mkdir()
    (command.folder / "out" / ".feathercut-manifest.json").write_text(text)
    command(*RESUME).is_one_line(2, "feathercut: Option `--resume`: ", words)
    assert json.loads(command(*RESUME, "--json").out)["error"]["kind"] == "OptionError"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["in", "--resume"], "Option `--resume`: what was done is taken down in the output folder"),
        (["in", "--watch"], "Option `--watch`: what was done is taken down in the output folder"),
        (["in/00.jpg", "--watch", "--output-dir", "out"], "Option `--watch`: it watches folders"),
        (["in", "--jobs", "0"], "--jobs"),
    ],
)
def test_what_makes_no_sense_is_one_line(command: Command, words: list[str], said: str) -> None:
    _many(command.folder, 1)
    command.remove(*words).is_one_line(2, said)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_watching_does_what_is_there_and_what_arrives_until_ctrl_c(command: Command) -> None:
    folder = command.folder
    _many(folder, 2)
    running = _started(command, "remove", "--model", "tiny", "in", "--output-dir", "in/out", "--watch", "--json")
    _wait(lambda: len(list(folder.glob("in/out/*.png"))) == 2, running)
    (folder / "in" / "later.jpg").write_bytes(photo())
    (folder / "in" / "text.jpg").write_bytes(b"text")
    _wait(lambda: (folder / "in" / "out" / "later.png").exists(), running)
    time.sleep(2.5)  # would take its own outputs for photos
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=120)
    said = err.decode().splitlines()
    assert running.returncode == 3 and said[0] == "Watching; Ctrl-C ends it."
    assert said[-1] == "3 of 4 photos done, 1 failed" and len(said) == 3
    assert {Path(one["input"]).name for one in json.loads(out)["photos"]} == {
        "00.jpg", "01.jpg", "later.jpg", "text.jpg"
    }  # fmt: skip
    assert sorted(path.name for path in (folder / "in" / "out").iterdir()) == [
        ".feathercut-manifest.json", "00.png", "01.png", "later.png"
    ]  # fmt: skip
