"""`make release`: checks that version and changelog agree, builds into dist/, and looks at what was built."""

from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import feathercut

REPOSITORY = Path(__file__).parents[1]
DIST = REPOSITORY / "dist"
PACKAGE = REPOSITORY / "src" / "feathercut"


def version() -> tuple[str, str]:
    """The version, and what the changelog says beside it. Raises SystemExit where they differ."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    first = re.search(r"^## (\S+)(.*)$", (REPOSITORY / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    named = {
        "pyproject.toml": project["version"],
        "feathercut.__version__": feathercut.__version__,
        "CHANGELOG.md": first[1] if first else "none",
    }
    if len(set(named.values())) != 1:
        raise SystemExit("The versions differ: " + ", ".join(f"{where} says {what}" for where, what in named.items()))
    return feathercut.__version__, first[2].strip() if first else ""


def missing(wheel: Path, sdist: Path) -> list[str]:
    """Files of the package that were not built in."""
    wanted = [path for path in PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    with zipfile.ZipFile(wheel) as built:
        in_wheel = set(built.namelist())
    with tarfile.open(sdist) as built_source:
        in_sdist = {name.partition("/")[2] for name in built_source.getnames()}
    lost = [
        f"{path.name} is not in the wheel"
        for path in wanted
        if f"feathercut/{path.relative_to(PACKAGE).as_posix()}" not in in_wheel
    ]
    needed = [path.relative_to(REPOSITORY).as_posix() for path in wanted] + ["README.md", "LICENSE", "Makefile"]
    return lost + [f"{name} is not in the sdist" for name in needed if name not in in_sdist]


def main() -> int:
    """The exit code."""
    number, said = version()
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-d", str(DIST)], cwd=REPOSITORY, check=True)
    wheel, sdist = DIST / f"feathercut-{number}-py3-none-any.whl", DIST / f"feathercut-{number}.tar.gz"
    if lost := missing(wheel, sdist):
        print("\n".join(lost), file=sys.stderr)
        return 1
    for built in (sdist, wheel):
        print(f"{built.relative_to(REPOSITORY)}: {built.stat().st_size / 1000:.0f} kB")
    if "unreleased" in said:
        print(f"CHANGELOG.md still calls {number} unreleased; write its date before you publish it")
    return 0


if __name__ == "__main__":
    sys.exit(main())
