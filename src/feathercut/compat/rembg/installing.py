"""Makes `import rembg` mean Feathercut in an environment that has no rembg, and takes that back.

What is written is a distribution as any other: a package of one file, and a `.dist-info` with the hash of every file.
It says that it is rembg, so that packages which ask for rembg are content and no installer puts the real one on top.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import sys
import sysconfig
from collections.abc import Mapping
from importlib import metadata
from importlib.machinery import PathFinder
from pathlib import Path

from feathercut import __version__ as our_version
from feathercut.compat.rembg import __version__ as version
from feathercut.errors import OutputError, OutputExistsError

_MARK = "feathercut"
_PACKAGE = Path("rembg")
_INFO = Path(f"rembg-{version}.dist-info")

_CODE = '''"""Feathercut in rembg's shape; `python -m feathercut.compat.rembg uninstall` removes it."""

import sys

import feathercut.compat.rembg
import feathercut.compat.rembg.bg
import feathercut.compat.rembg.session_factory
import feathercut.compat.rembg.sessions

# The same modules under both names: a class of one is a class of the other.
for _name in [name for name in sys.modules if name.startswith("feathercut.compat.rembg")]:
    sys.modules["rembg" + _name.removeprefix("feathercut.compat.rembg")] = sys.modules[_name]
'''

_METADATA = f"""Metadata-Version: 2.1
Name: rembg
Version: {version}
Summary: Feathercut in rembg's shape, written by `python -m feathercut.compat.rembg install`; not rembg itself
License: Apache-2.0
Requires-Dist: feathercut
"""

_WHEEL = f"""Wheel-Version: 1.0
Generator: feathercut {our_version}
Root-Is-Purelib: true
Tag: py3-none-any
"""


def install(folder: Path | None = None) -> Path:
    """Writes the package into this environment, or a `folder` of modules, and gives back where.

    Raises OutputExistsError where there is a rembg already, ours or another, and OutputError where nothing may be
    written.
    """
    folder = folder or Path(sysconfig.get_path("purelib"))
    _refuse_installed(folder)
    files = {
        _PACKAGE / "__init__.py": _CODE,
        _INFO / "METADATA": _METADATA,
        _INFO / "INSTALLER": f"{_MARK}\n",
        _INFO / "WHEEL": _WHEEL,
        _INFO / "top_level.txt": "rembg\n",
    }
    record = _INFO / "RECORD"
    files[record] = "".join(_row(name, text) for name, text in files.items()) + f"{record.as_posix()},,\n"
    try:
        _write(folder, files)
    except OSError as error:
        for top in (_PACKAGE, _INFO):
            shutil.rmtree(folder / top, ignore_errors=True)
        raise OutputError(
            f"{folder} cannot be written to: {error.strerror or error}. Give rights there, or use another environment"
        ) from error
    return folder


def uninstall(folder: Path | None = None) -> Path:
    """Removes what `install` wrote, and nothing else; gives back where it was.

    Raises OutputError where it is not there, or where a file is not as it was written.
    """
    folder = folder or Path(sysconfig.get_path("purelib"))
    if not _is_ours(folder):
        raise OutputError(f"There is nothing of Feathercut's to remove in {folder}: no `rembg` there was written by it")
    rows = [line.rsplit(",", 2) for line in (folder / _INFO / "RECORD").read_text("utf-8").splitlines()]
    changed = [name for name, digest, _ in rows if digest and not _is_as_written(folder / name, digest)]
    if changed:
        raise OutputError(
            f"{folder / changed[0]} is not as Feathercut wrote it: another `rembg` was put on top. "
            "`pip uninstall rembg` removes that one"
        )
    for name, _, _ in rows:
        (folder / name).unlink(missing_ok=True)
    for top in (_PACKAGE, _INFO):
        shutil.rmtree(folder / top / "__pycache__", ignore_errors=True)
        if not any((folder / top).iterdir()):
            (folder / top).rmdir()
    return folder


def _refuse_installed(folder: Path) -> None:
    """Raises OutputExistsError where `import rembg` means something already."""
    if _is_ours(folder):
        raise OutputExistsError(f"`import rembg` means Feathercut already, in {folder}")
    try:
        found = metadata.distribution("rembg")
    except metadata.PackageNotFoundError:
        pass
    else:
        raise OutputExistsError(
            f"rembg {found.version} is installed here, and stays as it is. `pip uninstall rembg` first, "
            "or write `from feathercut.compat.rembg import remove`"
        )
    # Not where the command was called: a folder of that name there is nobody's package.
    elsewhere = [place for place in sys.path if place and Path(place).resolve() != Path.cwd()]
    spec = PathFinder.find_spec("rembg", [*elsewhere, str(folder)])
    if spec is not None and spec.origin is not None:
        raise OutputExistsError(f"`import rembg` means {spec.origin} here, which stays as it is; remove it first")
    if (folder / _PACKAGE).exists():
        raise OutputExistsError(f"{folder / _PACKAGE} is there already, and stays as it is; remove it first")


def _is_ours(folder: Path) -> bool:
    try:
        return (folder / _INFO / "INSTALLER").read_text("utf-8").strip() == _MARK
    except OSError:
        return False


def _write(folder: Path, files: Mapping[Path, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())


def _row(name: Path, text: str) -> str:
    data = text.encode()
    return f"{name.as_posix()},{_digest(data)},{len(data)}\n"


def _digest(data: bytes) -> str:
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def _is_as_written(path: Path, digest: str) -> bool:
    try:
        return _digest(path.read_bytes()) == digest
    except OSError:
        return False
