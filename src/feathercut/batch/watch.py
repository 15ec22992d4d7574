"""Photos that arrive in a folder, told by looking again and again: the same on every system and every disk."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from feathercut.batch.plan import Job

if TYPE_CHECKING:
    from feathercut.batch.manifest import Manifest

PAUSE_S = 1.0
"""How long to wait between two looks; a file that was the same in both is taken to be whole."""

_Look = tuple[int, int]


class Watcher:
    """Tells which photos are new or changed, each once it has stayed the same from one look to the next.

    A file that is still being copied is left alone; one whose copying paused fails once, and is tried again when it
    has grown.
    """

    def __init__(self, jobs: Callable[[], Sequence[Job]], manifest: Manifest) -> None:
        self._jobs = jobs
        self._manifest = manifest
        self._seen: dict[Path, _Look] = {}
        self._tried: dict[Path, _Look] = {}

    def arrived(self) -> list[Job]:
        """The photos that are to be cut out now. Each is named once, until its file changes."""
        seen: dict[Path, _Look] = {}
        arrived = []
        for job in self._jobs():
            look = _look(job.source)
            if job.error is not None or job.source is None or look is None:
                continue
            seen[job.source] = look
            is_still = self._seen.get(job.source) == look
            if not is_still or self._tried.get(job.source) == look:
                continue
            self._tried[job.source] = look
            if not self._manifest.is_current(job):
                arrived.append(job)
        self._seen = seen
        return self._manifest.marked(arrived) if arrived else []


def _look(path: Path | None) -> _Look | None:
    """Size and time; None for what is empty or gone."""
    try:
        found = path.stat() if path is not None else None
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns) if found is not None and found.st_size else None
