"""What a person at a terminal sees while it lasts."""

from __future__ import annotations

import hashlib
import http.server
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from incumbent.tiny_network import tiny_network

from .command import RECORD, Command, photo

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals")


def at_terminal(command: Command, *words: str, **settings: str) -> tuple[int, str, str]:
    """Exit code, stdout (piped) and stderr (a terminal of 100 columns)."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    environ = command.environ(TERM="xterm", COLUMNS="100", **settings)
    running = subprocess.Popen(
        command.words(*words), cwd=command.folder, env=environ, stdout=subprocess.PIPE, stderr=theirs
    )
    os.close(theirs)
    seen = bytearray()

    def read() -> None:
        try:
            while block := os.read(ours, 4096):
                seen.extend(block)
        except OSError:
            pass  # the other end is closed

    reader = threading.Thread(target=read)
    reader.start()
    out, _ = running.communicate(timeout=60)
    reader.join(timeout=60)
    os.close(ours)
    return running.returncode, out.decode(), seen.decode()


def test_many_photos_show_names_rate_and_time_left(command: Command) -> None:
    for name in ("a.jpg", "b.jpg", "猫.jpg", "two\nlines.jpg"):
        (command.folder / name).write_bytes(photo())
    (command.folder / "b.jpg").write_bytes(b"text")
    code, out, seen = at_terminal(command, "remove", "--model", "tiny", ".", "--json")
    assert code == 3 and json.loads(out)["done"] == 3
    drawn = seen.split("\r")
    assert any(re.fullmatch(r"0/4 photos  a\.jpg *", line) for line in drawn), drawn
    assert any(re.search(r"3/4 photos  [\d.]+ photos/(s|min), \d+:\d\d left  \S", line) for line in drawn), drawn
    assert any("two\\nlines.jpg" in line for line in drawn)
    assert "feathercut: b.jpg: " in seen
    assert seen.rstrip().endswith("3 of 4 photos done, 1 failed")


def test_line_is_taken_away_before_anything_is_said(command: Command) -> None:
    (command.folder / "a.jpg").write_bytes(b"text")
    (command.folder / "b.jpg").write_bytes(photo())
    _, out, seen = at_terminal(command, "remove", "--model", "tiny", ".")
    assert out == "b-cutout.png\n"
    said = seen[: seen.index("feathercut: a.jpg")].split("\r")
    assert said[-1] == "" and said[-2].isspace()


def test_long_name_does_not_break_the_line(command: Command) -> None:
    for name in ("a.jpg", "猫" * 60 + ".jpg"):
        (command.folder / name).write_bytes(photo())
    _, _, seen = at_terminal(command, "remove", "--model", "tiny", ".", "--json")
    lines = [line for line in seen.split("\r") if "猫" in line and "\n" not in line]
    assert lines and all(len(line) + line.count("猫") <= 100 for line in lines)


@pytest.mark.parametrize("words", [["a.jpg"], [".", "--quiet"]], ids=str)
def test_nothing_is_drawn_for_one_photo_or_in_quiet(command: Command, words: list[str]) -> None:
    (command.folder / "a.jpg").write_bytes(photo())
    (command.folder / "b.jpg").write_bytes(photo())
    assert at_terminal(command, "remove", "--model", "tiny", *words)[2] == ""


def test_nothing_is_drawn_where_nobody_watches(command: Command) -> None:
    (command.folder / "a.jpg").write_bytes(photo())
    (command.folder / "b.jpg").write_bytes(photo())
    assert command.remove(".").said == ["2 of 2 photos done"]


@pytest.fixture
def weights_url(tmp_path: Path) -> Iterator[str]:
    """The tiny network on a web server of this machine, made longer by what no reader looks at."""
    folder = tmp_path / "web"
    folder.mkdir()
    (folder / "net.onnx").write_bytes(_padded())

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object, **keywords: object) -> None:
            super().__init__(*arguments, directory=str(folder), **keywords)  # type: ignore[arg-type]

        def log_message(self, *arguments: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/net.onnx"
        server.shutdown()


def _padded() -> bytes:
    """The tiny network with a description of 2 MB."""
    text = b"." * 2_000_000
    length = len(text)
    varint = bytes([length & 127 | 128, length >> 7 & 127 | 128, length >> 14])
    return tiny_network() + b"\x32" + varint + text  # field 6 of a model: doc_string


@pytest.mark.parametrize("words", [["models", "get", "far"], ["remove", "--model", "far", "a.jpg", "b.jpg"]], ids=str)
def test_download_shows_megabytes_and_speed(command: Command, weights_url: str, words: list[str]) -> None:
    data = _padded()
    models = command.folder / "models"
    models.mkdir()
    file = {
        "precision": "fp32",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "sources": [{"url": weights_url}],
    }
    (models / "far.json").write_text(json.dumps({**RECORD, "id": "far", "files": [file]}))
    for name in ("a.jpg", "b.jpg"):
        (command.folder / name).write_bytes(photo())
    settings = {
        "FEATHERCUT_MODELS": str(models),
        "FEATHERCUT_CACHE": str(command.folder / "c"),
        "FEATHERCUT_OFFLINE": "",
    }
    code, out, seen = at_terminal(command, *words, **settings)
    assert code == 0, seen
    assert re.search(r"2\.0/2\.0 MB  [\d.]+ MB/s  far", seen), seen
    assert "MB" not in out
    assert seen.endswith("\r") or seen.rstrip().endswith("2 of 2 photos done")
