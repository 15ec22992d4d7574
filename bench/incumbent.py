"""rembg in an environment of its own, with the same networks in full precision."""

from __future__ import annotations

import subprocess
import sys

from bench.places import BENCH, REMBG_ENVIRONMENT, REMBG_HOME, own_command, rembg_command
from bench.processes import BenchError, Command, run, say

VERSION = "2.0.86"
NETWORKS = {"isnet-general": "isnet-general-use", "u2netp": "u2netp"}
"""Our names and rembg's."""

_INSTALL_LOG = BENCH / "install.log"


def install() -> None:
    """Makes rembg's environment, where there is none yet. Raises BenchError where it cannot be had."""
    if _installed_version() == VERSION:
        return
    say(f"installing rembg {VERSION} into {REMBG_ENVIRONMENT}, log in {_INSTALL_LOG}")
    BENCH.mkdir(exist_ok=True)
    steps = [
        [sys.executable, "-m", "venv", "--clear", str(REMBG_ENVIRONMENT)],
        [rembg_command("python"), "-m", "pip", "install", f"rembg[cpu,cli]=={VERSION}", "pytest"],
    ]
    with _INSTALL_LOG.open("wb") as log:
        for step in steps:
            if subprocess.run(step, stdout=log, stderr=subprocess.STDOUT, check=False).returncode:
                last = _INSTALL_LOG.read_text("utf-8", errors="replace").strip().splitlines()[-1:]
                raise BenchError(f"rembg {VERSION} cannot be installed; {_INSTALL_LOG} ends: {' '.join(last)}")
    say("importing rembg for the first time, which compiles for about a minute")
    first = run(Command("first import of rembg", [rembg_command("python"), "-c", "import rembg"]))
    (REMBG_ENVIRONMENT / "first-import-s.txt").write_text(f"{first.wall_s:.1f}", "utf-8")


def first_import_s() -> float | None:
    """Seconds that rembg's first import after installation took, one run; None where nobody measured."""
    path = REMBG_ENVIRONMENT / "first-import-s.txt"
    return float(path.read_text("utf-8")) if path.is_file() else None


def _installed_version() -> str:
    code = "import importlib.metadata as m; m.version('pytest'); print(m.version('rembg'))"
    try:
        done = subprocess.run([rembg_command("python"), "-c", code], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip()


def give_weights() -> None:
    """Puts the networks where rembg looks for them, so that both tools run the same and nothing is fetched."""
    for ours, theirs in NETWORKS.items():
        target = REMBG_HOME / f"{theirs}.onnx"
        if not target.is_file():
            say(f"making {target.name} in full precision with all its outputs")
            run(Command(f"weights of {ours}", [own_command("python"), "-m", "bench.weights", ours, str(target)]))
