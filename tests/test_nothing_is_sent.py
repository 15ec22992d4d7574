"""No telemetry, of ours or of a dependency: the commands run with every line refused, and none is tried."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from feathercut.settings import Settings

# Python itself reports every name that is looked up, every connection, and every program that is started:
# npm and pip would go out on our behalf.
_WATCH = """
import os, sys

REFUSED = ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "socket.sendmsg",
           "socket.bind", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.fork", "webbrowser.open")

def watch(event, arguments):
    if event in REFUSED:
        with open(os.environ["WATCHED"], "a") as log:
            log.write(f"{event} {arguments!r}\\n")
        raise PermissionError(f"refused: {event}")

sys.addaudithook(watch)
"""

_COMMANDS = {
    "help": ["--help"],
    "help of remove": ["remove", "--help"],
    "version": ["--version"],
    "models list": ["models", "list"],
    "models path": ["models", "path", "u2netp"],
    "models check": ["models", "check", "u2netp"],
    "doctor": ["doctor"],
    "completion": ["completion", "zsh"],
    "remove": ["remove", "--model", "u2netp", "photo.png", "--background", "blur", "--json"],
}


@pytest.fixture
def environ(tmp_path: Path, weights_settings: Settings, u2netp_path: Path) -> dict[str, str]:
    """The environment of an online user with weights, in which every attempt is refused and noted."""
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(_WATCH)
    Image.new("RGB", (40, 30), "orange").save(tmp_path / "photo.png")
    watched = {"PYTHONPATH": str(tmp_path / "watch"), "WATCHED": str(tmp_path / "watched.log")}
    return {**os.environ, **watched, "FEATHERCUT_CACHE": str(weights_settings.cache)}


def _run(folder: Path, environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "feathercut", *words], cwd=folder, env=environ, capture_output=True, check=False
    )


def _attempts(folder: Path) -> str:
    log = folder / "watched.log"
    return log.read_text() if log.exists() else ""


@pytest.mark.weights
@pytest.mark.parametrize("name", _COMMANDS)
def test_command_sends_nothing(tmp_path: Path, environ: dict[str, str], name: str) -> None:
    done = _run(tmp_path, environ, *_COMMANDS[name])
    assert (done.returncode, _attempts(tmp_path)) == (0, ""), done.stderr


@pytest.mark.weights
def test_library_sends_nothing(tmp_path: Path, environ: dict[str, str]) -> None:
    code = "import feathercut; feathercut.remove('photo.png', model='u2netp').save('out.png'); print('done')"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environ, capture_output=True, check=False)
    assert (done.stdout.strip(), _attempts(tmp_path)) == (b"done", ""), done.stderr


@pytest.mark.weights
@pytest.mark.parametrize("first", ["remover", "doctor", "models.trial", "server.inference"])
def test_the_runtime_is_told_to_send_nothing_before_it_is_loaded(
    tmp_path: Path, environ: dict[str, str], first: str
) -> None:
    """It would be compiled code's doing, and leaves an identifier of the device and a queue behind where it does."""
    code = (
        f"import feathercut.{first}, feathercut, os; feathercut.remove('photo.png', model='u2netp');"
        "print(os.environ['ORT_DISABLE_TELEMETRY'])"
    )
    home = tmp_path / "home"
    home.mkdir()
    own = {name: str(home) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME")}
    # Where it sees that it is being tested it is silent anyway.
    left = {name: value for name, value in environ.items() if name not in ("CI", "ORT_DISABLE_TELEMETRY")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env={**left, **own}, capture_output=True, check=False
    )
    assert done.stdout.strip() == b"1", done.stderr
    assert not [path.name for path in home.rglob("*")]


@pytest.mark.weights
def test_a_machine_without_any_network_is_enough(tmp_path: Path, environ: dict[str, str]) -> None:
    """What compiled code would send does not show above; here there is no interface to send it by."""
    alone = ["unshare", "-rn"]
    if not shutil.which("unshare") or subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network namespace can be made here")
    words = [*alone, sys.executable, "-m", "feathercut", "remove", "--model", "u2netp", "photo.png", "-o", "-"]
    done = subprocess.run(words, cwd=tmp_path, env=environ, capture_output=True, check=False)
    assert (done.returncode, done.stderr) in ((0, b""), (0, b"photo.png: no subject found; the matte is empty\n"))
    assert Image.open(io.BytesIO(done.stdout)).size == (40, 30)


def test_the_watch_notices_what_goes_out(tmp_path: Path, environ: dict[str, str]) -> None:
    done = _run(tmp_path, {**environ, "FEATHERCUT_CACHE": str(tmp_path / "empty")}, "models", "get", "u2netp")
    assert done.returncode == 4
    assert "socket.getaddrinfo" in _attempts(tmp_path) and "subprocess.Popen" in _attempts(tmp_path)
    text = done.stderr.decode()
    assert text.count("refused") >= 2 and "pip" in text and "https://" in text, text


def test_offline_nothing_is_even_tried(tmp_path: Path, environ: dict[str, str]) -> None:
    offline = {**environ, "FEATHERCUT_CACHE": str(tmp_path / "empty"), "FEATHERCUT_OFFLINE": "1"}
    done = _run(tmp_path, offline, "remove", "photo.png")
    assert (done.returncode, _attempts(tmp_path)) == (4, "")
    assert b"the network is off" in done.stderr and b"feathercut models get isnet-general" in done.stderr
