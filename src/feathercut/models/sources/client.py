"""Running the user's own package clients, so that a company's mirror works here too."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from feathercut.errors import WeightsError

TIMEOUT_S = 1800.0
"""A client that takes longer is given up; a slow line needs some minutes for 140 MB."""


def run(command: Sequence[str], folder: Path, beat: Callable[[], None]) -> None:
    """Runs a client in `folder` to its end; `beat` is called a few times a second meanwhile.

    Raises WeightsError with what the client said where it fails. No process outlives this call,
    whatever interrupts it.
    """
    log = folder / "client.log"
    with log.open("wb") as output:
        try:
            # A file takes what it says: a full pipe would stop it.
            process = subprocess.Popen(
                command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
            )
        except OSError as error:
            raise WeightsError(f"`{command[0]}` cannot be started: {error.strerror or error}") from error
        try:
            code = _wait(process, beat)
        finally:
            _stop(process)
    if code != 0:
        raise WeightsError(_last_words(log) or f"`{Path(command[0]).name}` ended with code {code}")


def _wait(process: subprocess.Popen[bytes], beat: Callable[[], None]) -> int:
    until = time.monotonic() + TIMEOUT_S
    while True:
        try:
            return process.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            if time.monotonic() > until:
                raise WeightsError(f"not done after {TIMEOUT_S / 60:.0f} minutes") from None
            beat()


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is not None:
        return
    if os.name == "nt":  # npm is a batch file there: its child is what downloads
        subprocess.run(["taskkill", "/T", "/F", "/PID", str(process.pid)], capture_output=True, check=False)
    process.terminate()
    try:
        process.wait(timeout=5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _last_words(log: Path) -> str:
    """The lines of a client's output that say what went wrong."""
    lines = [line.strip() for line in log.read_text("utf-8", errors="replace").splitlines() if line.strip()]
    telling = [line for line in lines if "error" in line.lower() and "complete log" not in line.lower()]
    return "; ".join((telling or lines)[:2])[:300]
