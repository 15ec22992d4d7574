"""Where the benchmark keeps its things, and where it finds the project's."""

from __future__ import annotations

import compileall
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT / ".bench"
"""Ignored by git; may be deleted at any time."""

REMBG_ENVIRONMENT = BENCH / "rembg"
REMBG_HOME = BENCH / "weights"
PHOTO = BENCH / "12-megapixels.jpg"
LOG = BENCH / "log.txt"
"""What the measured commands wrote to the terminal."""

_SCRIPTS = "Scripts" if os.name == "nt" else "bin"


def own_command(name: str) -> str:
    """A command of the environment that runs this, Feathercut's."""
    # Not resolved: a virtual environment's Python is a link to another one, beside other commands.
    return str(Path(sys.executable).parent / name)


def compile_own() -> None:
    """Compiles Feathercut's modules, as pip does with every package that it installs, rembg among them.

    In a checkout Python does so by itself, but not where PYTHONDONTWRITEBYTECODE is set: each start would then be
    timed with 150 ms of compiling that nobody has who installed it.
    """
    compileall.compile_dir(ROOT / "src" / "feathercut", quiet=1)


def rembg_command(name: str) -> str:
    """A command of rembg's environment."""
    return str(REMBG_ENVIRONMENT / _SCRIPTS / name)


def rembg_settings() -> dict[str, str]:
    """The environment variables by which rembg takes the weights that lie in `REMBG_HOME` as they are."""
    return {"U2NET_HOME": str(REMBG_HOME), "MODEL_CHECKSUM_DISABLED": "1"}
