"""Numbers of photos that are kept below `.bench`, so that what takes long goes on where it was stopped."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from typing import TypeVar

from bench.places import BENCH, ROOT
from bench.processes import BenchError

Found = TypeVar("Found")
Numbers = dict[str, dict[str, float]]
"""What was measured, by row and metric."""

_MADE_BY = ("src/feathercut/kernels", "src/feathercut/steps", "src/feathercut/models")
"""Where the code lies that the numbers come from: when it changes, they are measured anew."""


class Kept:
    """Measures each photo once. Raises BenchError when `minutes` are over, between two photos."""

    def __init__(self, name: str, minutes: float | None) -> None:
        self._folder = BENCH / name / _code()
        self._folder.mkdir(parents=True, exist_ok=True)
        self._ends = None if minutes is None else time.monotonic() + minutes * 60

    def numbers(self, photo: str, measure: Callable[[], Numbers]) -> Numbers:
        """What `measure` gives of a photo of this name, now or when it was last asked for."""
        return self._once(photo, measure)

    def said(self, name: str, find: Callable[[], str]) -> str:
        """What `find` says, now or when it was last asked for."""
        return self._once(name, find)

    def _once(self, name: str, find: Callable[[], Found]) -> Found:
        path = self._folder / f"{name}.json"
        if path.is_file():
            known: Found = json.loads(path.read_text("utf-8"))
            return known
        if self._ends is not None and time.monotonic() > self._ends:
            raise BenchError(f"the time is over before {name}; the same command goes on from there")
        found = find()
        part = path.with_suffix(".part")
        part.write_text(json.dumps(found), "utf-8")
        part.replace(path)
        return found

    def forget(self) -> None:
        """Has everything be measured anew the next time."""
        shutil.rmtree(self._folder, ignore_errors=True)


def _code() -> str:
    digest = hashlib.sha256()
    for folder in _MADE_BY:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".json"):
                digest.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]
