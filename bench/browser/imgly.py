"""`@imgly/background-removal`, installed below `.bench` by npm and used as its own instructions say; never read."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from bench.places import BENCH, ROOT
from bench.processes import BenchError, NotRunError, say

VERSION = "1.4.5"
_PACKAGES = ("@imgly/background-removal", "@imgly/background-removal-data")
_FOLDER = BENCH / "imgly"
_SITE = _FOLDER / "site"
_PATIENCE_S = 300
_SOURCE = Path(__file__).with_name("imgly.html")


def files() -> dict[str, Path]:
    """A page that runs it, and its model, by their path below an address; made where it is not there yet."""
    if not (_SITE / "index.html").is_file():
        _install()
        _build()
    data = _FOLDER / "node_modules" / _PACKAGES[1] / "dist"
    found = {path.relative_to(_SITE).as_posix(): path for path in _SITE.rglob("*") if path.is_file()}
    return found | {f"data/{path.name}": path for path in data.iterdir() if path.is_file()}


def _install() -> None:
    if shutil.which("npm") is None:
        raise NotRunError(f"{_PACKAGES[0]} {VERSION} is installed by npm, and there is none; install Node.js")
    _FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = {"private": True, "dependencies": dict.fromkeys(_PACKAGES, VERSION)}
    (_FOLDER / "package.json").write_text(json.dumps(wanted), "utf-8")
    say(f"installing {_PACKAGES[0]} {VERSION} below {_FOLDER.relative_to(ROOT)}")
    _run(["npm", "install", "--silent", "--no-audit", "--no-fund"], _FOLDER)


def _build() -> None:
    """Bundles it as people do, with what the page itself is bundled with."""
    application = _FOLDER / "app"
    application.mkdir(exist_ok=True)
    shutil.copyfile(_SOURCE, application / "index.html")
    vite = ROOT / "web" / "node_modules" / ".bin" / "vite"
    options = ["--base", "./", "--outDir", str(_SITE), "--emptyOutDir", "--logLevel", "error", "--target", "es2022"]
    _run([str(vite), "build", str(application), *options], _FOLDER)


def _run(words: Sequence[str], folder: Path) -> None:
    try:
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=_PATIENCE_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise BenchError(f"{words[0]} could not be run: {error}") from error
    if done.returncode:
        raise BenchError(f"`{' '.join(words)}` failed: {(done.stdout + done.stderr).strip()[-1000:]}")
