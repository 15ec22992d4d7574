from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from feathercut import doctor
from feathercut.doctor import Finding, examine
from feathercut.settings import Settings


def _doctor(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "feathercut", "doctor", *words], env={**os.environ, **settings}, capture_output=True,
        text=True, check=False,
    )  # fmt: skip


def _install(folder: Path, name: str, version: str) -> Path:
    """What pip leaves of a distribution, as far as it is asked for its version."""
    info = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
    return folder


def _named(findings: list[Finding], name: str) -> Finding:
    (finding,) = [finding for finding in findings if finding.name == name]
    return finding


def test_healthy_machine_is_well() -> None:
    done = _doctor()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "all is well"
    for word in ("feathercut", "python", "onnxruntime", "cores", "cpu", "cuda", "folder", "disk", "GB free"):
        assert word in done.stdout, word


def test_each_device_says_why_it_is_not_usable() -> None:
    findings = {one["name"]: one for one in json.loads(_doctor("--json").stdout)["findings"]}
    assert findings["cpu"]["state"] == "usable"
    cuda = findings["cuda"]
    assert cuda["state"] == "usable" or "onnxruntime-gpu" in cuda["state"] + (cuda["repair"] or "")
    assert cuda["is_fine"]  # a GPU is no must


def test_two_runtimes_at_once_are_found_and_the_repair_is_printed(tmp_path: Path) -> None:
    done = _doctor(PYTHONPATH=str(_install(tmp_path / "site", "onnxruntime-gpu", "1.99.0")))
    assert done.returncode == 1
    assert "2 at once" in done.stdout and "onnxruntime-gpu 1.99.0" in done.stdout
    (repair,) = [line for line in done.stdout.splitlines() if line.startswith("repair runtime")]
    assert "`pip uninstall -y onnxruntime onnxruntime-gpu`, then `pip install onnxruntime-gpu`" in repair


def test_no_runtime_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "_RUNTIME_BUILDS", ("no-such-runtime",))
    runtime = _named(examine(Settings(cache=tmp_path)), "runtime")
    assert not runtime.is_fine and "pip install onnxruntime" in str(runtime.repair)


def test_missing_package_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "_SHOWN", ("no-such-package",))
    missing = _named(examine(Settings(cache=tmp_path)), "no-such-package")
    assert (missing.state, missing.repair) == ("not installed", "`pip install no-such-package`")


def test_cache_that_is_not_there_yet_is_fine(tmp_path: Path) -> None:
    findings = examine(Settings(cache=tmp_path / "not" / "yet"))
    assert all(finding.is_fine for finding in findings if finding.topic == "cache" and finding.name != "disk")


def test_cache_of_a_newer_feathercut_is_found(tmp_path: Path) -> None:
    (tmp_path / "version.json").write_text('{"version": 99}')
    folder = _named(examine(Settings(cache=tmp_path)), "folder")
    assert not folder.is_fine and "99" in folder.state and "FEATHERCUT_CACHE" in str(folder.repair)


def test_cache_below_a_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("text")
    findings = examine(Settings(cache=tmp_path / "file" / "cache"))
    assert any(not finding.is_fine for finding in findings if finding.topic == "cache")


def test_own_models_are_named(tmp_path: Path) -> None:
    settings = replace(Settings(cache=tmp_path), models=tmp_path)
    assert _named(examine(settings), "own models").state == str(tmp_path)


def test_wrong_setting_is_told_as_json_too() -> None:
    done = _doctor("--json", FEATHERCUT_OFFLINE="perhaps")
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert json.loads(done.stdout)["error"]["kind"] == "OptionError"
