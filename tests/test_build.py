"""What is built is whole: the wheel has every module and record, and the command."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import urllib.request
import zipfile
from pathlib import Path

import pytest

from feathercut.settings import Settings

REPOSITORY = Path(__file__).parents[1]
PACKAGE = REPOSITORY / "src" / "feathercut"


def test_wheel_has_every_file_of_the_package_and_runs(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=REPOSITORY, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as built:
        names = set(built.namelist())
        entry_points = next(built.read(name).decode() for name in names if name.endswith("entry_points.txt"))
        built.extractall(tmp_path / "installed")
    ours = [path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    assert not {f"feathercut/{path.relative_to(PACKAGE).as_posix()}" for path in ours} - names
    assert not [name for name in names if not name.startswith("feathercut")]
    assert "feathercut = feathercut.cli.main:main" in entry_points

    code = (
        "import json, feathercut; from feathercut.models.catalogue import records;"
        "print(json.dumps([feathercut.__file__, sorted(records())]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path / "installed", check=True, capture_output=True, text=True
    )
    where, known = json.loads(done.stdout)
    assert Path(where).is_relative_to((tmp_path / "installed").resolve())
    assert len(known) == len(list((PACKAGE / "models" / "records").glob("*.json")))


@pytest.mark.weights
def test_wheel_serves_the_page_where_there_is_no_node(
    tmp_path: Path, u2netp_path: Path, weights_settings: Settings
) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=REPOSITORY, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as built:
        built.extractall(tmp_path / "installed")
    environ = {
        "FEATHERCUT_CACHE": str(weights_settings.cache),
        "HOME": str(tmp_path),
        "PATH": str(tmp_path),  # nothing is on it
        "PYTHONPATH": str(tmp_path / "installed"),
    }
    words = [sys.executable, "-m", "feathercut", "app", "--small", "--no-open", "--port", "0"]
    with subprocess.Popen(words, cwd=tmp_path, env=environ, stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout is not None  # it is a pipe
            address = running.stdout.readline().strip()
            with urllib.request.urlopen(address, timeout=120) as answer:
                page = answer.read().decode()
            with urllib.request.urlopen(f"{address}weights/manifest.json", timeout=120) as answer:
                manifest = answer.read().decode()
        finally:
            running.send_signal(signal.SIGINT)
            code = running.wait(120)
    assert "<title>Feathercut" in page
    assert "u2netp" in manifest
    assert code == 130
