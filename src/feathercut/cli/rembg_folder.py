"""`feathercut rembg p`: a folder of photos, once or for as long as photos arrive."""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Sequence
from pathlib import Path

from feathercut import files
from feathercut.batch.plan import Job, plan
from feathercut.batch.run import Outcome, run
from feathercut.batch.watch import PAUSE_S
from feathercut.cli import console, endings, exit_codes
from feathercut.cli.loading import Loading
from feathercut.cli.progress import Progress
from feathercut.cli.running import default_jobs
from feathercut.errors import FeathercutError
from feathercut.options import Options

_STOP = "stop.txt"


class Folder:
    """Photos of `source` and below, whose cutouts go to the same places in `target`.

    A cutout that is there already stays, and its photo is left alone. Where two photos would have one name, each keeps
    its own ending. A photo is deleted, where that was asked for, once its own cutout is on the disk: never one that
    failed, or that was passed over.
    """

    def __init__(self, source: Path, target: Path, networks: Loading, options: Options, *, deletes: bool) -> None:
        self._source, self._target, self._networks, self._options = source, target, networks, options
        self._deletes = deletes
        self._errors: list[FeathercutError] = []
        self._done = self._passed_over = 0

    def once(self) -> int:
        """Does what is there, says how much was done, and gives the exit code."""
        planned = self._planned()
        open_ones = [job for job in planned if not self._is_done(job)]
        self._passed_over = len(planned) - len(open_ones)
        self._do(open_ones)
        return self._ended()

    def watch(self) -> int:
        """Does what is there and what arrives, until Ctrl-C or a file `stop.txt` in the folder."""
        seen: dict[Path, tuple[int, int]] = {}
        tried: dict[Path, tuple[int, int]] = {}
        console.say("Watching; Ctrl-C ends it.")
        with contextlib.suppress(KeyboardInterrupt):
            while not (self._source / _STOP).exists():
                looks = {job.source: (job, look) for job in self._planned() if job.source and (look := _look(job))}
                still = [
                    job
                    for path, (job, look) in looks.items()
                    if seen.get(path) == look and tried.get(path) != look and not self._is_done(job)
                ]
                tried |= {job.source: looks[job.source][1] for job in still if job.source}
                seen = {path: look for path, (_, look) in looks.items()}
                self._do(still)
                time.sleep(PAUSE_S)
            (self._source / _STOP).unlink(missing_ok=True)
        return self._ended()

    def _planned(self) -> list[Job]:
        return plan([str(self._source)], output=None, output_dir=self._target, format="png")

    def _is_done(self, job: Job) -> bool:
        return job.target is not None and files.is_there(job.target)

    def _do(self, jobs: Sequence[Job]) -> None:
        if not jobs:
            return
        progress = self._networks.photos = Progress("photos")
        at_once = min(default_jobs(), len(jobs))

        def prepare() -> None:
            self._networks.begin(at_once)

        results = run(
            jobs,
            self._networks,
            self._options,
            overwrite=False,
            stdin=io.BytesIO(),
            stdout=io.BytesIO(),
            at_once=at_once,
            prepare=prepare,
        )
        try:
            for number, outcome in enumerate(results, 1):
                progress.clear()
                self._take(outcome)
                progress.show(outcome.job.name, number, len(jobs))
        finally:
            for outcome in results.stop():  # what was finished is there, and counts
                self._take(outcome)
            progress.clear()
            self._networks.end()

    def _take(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            if exit_codes.asks_for_traceback(outcome.error):
                raise outcome.error
            self._errors.append(outcome.error)
            console.say(f"feathercut: {console.plain(endings.as_flags(outcome.error, outcome.message))}")
            return
        self._done += 1
        if outcome.status == "no-subject":
            console.say(f"{console.plain(outcome.job.name)}: no subject found; the matte is empty")
        console.result(str(outcome.job.target))
        if self._deletes and outcome.status == "done" and outcome.job.source is not None:
            outcome.job.source.unlink()

    def _ended(self) -> int:
        text = f"{self._done} of {self._done + len(self._errors)} photos done"
        text += f", {self._passed_over} passed over, whose cutouts are there" if self._passed_over else ""
        console.say(text + (f", {len(self._errors)} failed" if self._errors else ""))
        return exit_codes.exit_code_of_many(self._errors)


def _look(job: Job) -> tuple[int, int] | None:
    """Size and time of a photo; None for what is empty, gone, or cannot be looked at."""
    try:
        found = job.source.stat() if job.source is not None and job.error is None else None
    except OSError:
        return None
    return (found.st_size, found.st_mtime_ns) if found is not None and found.st_size else None
