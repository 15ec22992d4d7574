"""`scripts/licences.py`: no package under copyleft or of unknown terms comes in, by an extra either."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "licences.py"


@pytest.fixture(name="licences")
def script_as_a_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("licences", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Package:
    """Stands for an installed package."""

    def __init__(self, *requires: str, **about: Any) -> None:
        self.version = "1.0"
        self.requires = list(requires)
        self.metadata = self
        self.json = about


@pytest.fixture(name="packages")
def packages_of_a_project(licences: ModuleType, monkeypatch: pytest.MonkeyPatch) -> dict[str, Package]:
    """What is installed of a project with the dependency `main` and the extras `measure` and `gpu`."""
    found = {"main": Package(license_expression="MIT"), "measured": Package("below", license_expression="MIT")}
    found["below"] = Package(license_expression="BSD-3-Clause AND (MIT OR ISC)")

    def distribution(name: str) -> Package:
        if name not in found:
            raise metadata.PackageNotFoundError(name)
        return found[name]

    project = {
        "dependencies": ["main>=1"],
        "optional-dependencies": {"measure": ["measured"], "gpu": ["plug-in>=2", "other"]},
    }
    monkeypatch.setattr(licences, "project", lambda: project)
    monkeypatch.setattr(licences.metadata, "distribution", distribution)
    monkeypatch.setattr(licences, "REVIEWED", {"main": ("MIT", "all", ""), "measured": ("MIT", "numbers", "")})
    return found


def test_extra_under_permissive_licences_is_fine(licences: ModuleType, packages: dict[str, Package]) -> None:
    assert licences.complaints() == []
    assert list(licences.installed(["measured"])) == ["below", "measured"]


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"license_expression": "MIT AND GPL-3.0-or-later"}, "below 1.0 is under GPL-3.0-or-later"),
        ({"license_expression": "AGPL-3.0-only"}, "below 1.0 is under AGPL-3.0-only"),
        ({"classifier": ["License :: OSI Approved :: GNU General Public License (GPL)"]}, "General Public License"),
        ({"license": "Terms of our own\n\n" + "All rights reserved. " * 20}, "below 1.0 is under Terms of our own"),
        ({}, "below 1.0 is under unknown"),
    ],
    ids=["one of two", "agpl", "classifier", "text", "nothing"],
)  # fmt: skip
def test_what_an_extra_brings_under_other_terms_is_told(
    licences: ModuleType, packages: dict[str, Package], about: dict[str, Any], said: str
) -> None:
    packages["below"] = Package(**about)
    (complaint,) = licences.complaints()
    assert said in complaint and complaint.endswith("which is not on the list")


def test_licence_that_is_told_by_its_whole_text_is_known_by_its_first_line(
    licences: ModuleType, packages: dict[str, Package]
) -> None:
    packages["below"] = Package(license="MIT License\n\nCopyright (c) somebody\n\n" + "Permission is granted. " * 30)
    assert licences.complaints() == []


def test_packages_of_an_installed_extra_need_a_row(licences: ModuleType, packages: dict[str, Package]) -> None:
    packages["other"] = Package(license_expression="MIT")
    assert licences.complaints() == ["other has no row in REVIEWED; read its licence first"]


def test_extras_that_are_not_installed_are_named(licences: ModuleType, packages: dict[str, Package]) -> None:
    assert licences.not_looked_at() == {"gpu": ["plug-in", "other"]}
    packages["other"] = Package(license_expression="MIT")
    assert licences.not_looked_at() == {"gpu": ["plug-in"]}


def test_script_looks_at_this_environment_and_says_what_it_left_out(licences: ModuleType) -> None:
    done = subprocess.run([sys.executable, str(SCRIPT)], capture_output=True, text=True, check=False, timeout=60)
    lines = done.stdout.splitlines()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "licences: all are on the list" in lines
    for extra, names in licences.not_looked_at().items():
        assert f"extra `{extra}`: not looked at, not installed here: {', '.join(names)}" in lines
    told = {line.partition(" ")[0] for line in lines}
    assert {"click", "numpy"} <= told
    if "evaluate" not in licences.not_looked_at():
        assert {"pysodmetrics", "scipy", "opencv-python-headless", "scikit-image"} <= told
