"""A process of the command that is caught at a place of its work, however fast the machine is."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

_WAIT_S = 120.0
# Run by Python itself before anything else; it hears of every module and every file.
_HOLDS = """
import os, sys, time

def hear(event, given, path=os.path, seen={seen!r}, go={go!r}):
    if event == {event!r} and str(given[0]).endswith({what!r}) and not path.exists(go):
        os.close(os.open(seen, os.O_CREAT | os.O_WRONLY))
        while not path.exists(go):
            time.sleep(0.01)

sys.addaudithook(hear)
"""


class Hold:
    """A process stands still where it opens (or imports) what ends so, until it is let go.

    It is one that was started with `home` as its `PYTHONPATH`.
    """

    def __init__(self, folder: Path, what: str, event: str = "open") -> None:
        self.home = folder / "hold"
        self.home.mkdir()
        self._seen, self._go = self.home / "seen", self.home / "go"
        code = _HOLDS.format(event=event, what=what, seen=str(self._seen), go=str(self._go))
        (self.home / "sitecustomize.py").write_text(code)

    def waits(self, process: subprocess.Popen[bytes]) -> None:
        """Until the process stands there."""
        ends = time.monotonic() + _WAIT_S
        while not self._seen.exists():
            assert process.poll() is None, process.communicate()
            assert time.monotonic() < ends, "it never came there"
            time.sleep(0.01)

    def lets_go(self) -> None:
        self._go.touch()
