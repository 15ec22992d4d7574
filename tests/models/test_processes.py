from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from feathercut.models.spec import Record
from feathercut.settings import Settings

if TYPE_CHECKING:
    from models.conftest import Server

    Make = Callable[..., Record]

LOCATE = """
import sys
from pathlib import Path
from feathercut.models import weights
from feathercut.models.spec import parse_record
from feathercut.settings import Settings
record = parse_record(Path(sys.argv[1]).read_text("utf-8"), "small")
try:
    print(weights.locate(record, Settings(cache=Path(sys.argv[2])), progress=lambda *_: print("told", flush=True)))
except KeyboardInterrupt:
    sys.exit(130)
"""


def _left_over(settings: Settings) -> list[str]:
    folders = [settings.cache / name for name in ("weights", "work")]
    return sorted(path.name for folder in folders for path in folder.iterdir() if path.suffix != ".onnx")


def _start(record: Record, settings: Settings, tmp_path: Path, **environ: str) -> subprocess.Popen[str]:
    (tmp_path / "small.json").write_text(record.model_dump_json(exclude_none=True), "utf-8")
    return subprocess.Popen(
        [sys.executable, "-c", LOCATE, str(tmp_path / "small.json"), str(settings.cache)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environ},
    )


def test_two_processes_download_once(server: Server, settings: Settings, make_record: Make, tmp_path: Path) -> None:
    record = make_record({"url": server.url("slow")})
    both = [_start(record, settings, tmp_path) for _ in range(2)]
    said = [process.communicate(timeout=60)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert len({one.splitlines()[-1] for one in said}) == 1
    assert len(server.seen) == 1


@pytest.mark.skipif(os.name == "nt", reason="a test cannot press Ctrl-C there without stopping itself")
def test_ctrl_c_leaves_only_a_part_to_continue(
    server: Server, settings: Settings, make_record: Make, tmp_path: Path
) -> None:
    process = _start(make_record({"url": server.url("stalled")}), settings, tmp_path)
    assert process.stdout is not None
    assert process.stdout.readline() == "told\n"
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    assert [name.partition(".")[2] for name in _left_over(settings)] == ["part", "part.json"]


@pytest.mark.skipif(os.name == "nt", reason="a test cannot press Ctrl-C there without stopping itself")
def test_ctrl_c_ends_the_package_client_too(settings: Settings, make_record: Make, tmp_path: Path) -> None:
    client = tmp_path / "bin" / "npm"
    client.parent.mkdir()
    note = tmp_path / "pid"
    lines = ["import os, pathlib, time", f"pathlib.Path({str(note)!r}).write_text(str(os.getpid()))", "time.sleep(60)"]
    script = tmp_path / "npm.py"
    script.write_text("\n".join(lines))
    client.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}"\n')
    client.chmod(0o755)
    record = make_record({"npm": "anything@1", "assemble": "/x"})
    process = _start(record, settings, tmp_path, PATH=str(client.parent))
    until = time.monotonic() + 60
    while not (note.exists() and note.read_text()):
        assert time.monotonic() < until
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)
    assert _left_over(settings) == []
