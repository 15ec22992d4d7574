"""The photos of `feathercut remove`, one after the other as a person sees it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from feathercut.batch.ahead import Ahead
from feathercut.batch.plan import Job
from feathercut.batch.run import Outcome, run
from feathercut.batch.watch import PAUSE_S, Watcher
from feathercut.cli import console, endings, exit_codes
from feathercut.cli.loading import Loading
from feathercut.cli.progress import Progress
from feathercut.options import Options
from feathercut.sources import load
from feathercut.system import usable_cores

if TYPE_CHECKING:
    from feathercut.batch.manifest import Manifest

_MOST_AT_ONCE = 4
"""Without `--jobs`: more photos at once would take more memory, and the networks use the other processors anyway."""


def default_jobs() -> int:
    """How many photos are worked on at once where nobody said it."""
    return min(_MOST_AT_ONCE, usable_cores())


@dataclass
class Running:
    """How photos are done, and what became of them; `ahead` may hold the first one already."""

    networks: Loading
    options: Options
    at_once: int
    overwrite: bool
    is_quiet: bool
    as_json: bool
    streams: dict[str, BinaryIO]
    outcomes: list[Outcome] = field(default_factory=list)
    ahead: Ahead | None = None

    def __post_init__(self) -> None:
        self.networks.is_quiet = self.is_quiet

    def all(self, jobs: Sequence[Job], manifest: Manifest | None) -> None:
        """Does the jobs, but for those that an earlier run did, and says how many were done."""
        if manifest is not None:
            jobs = manifest.marked(jobs)
        self._do(jobs, manifest)
        if len(jobs) > 1 and not self.is_quiet:
            console.say(self._summary())

    def arriving(self, jobs: Callable[[], Sequence[Job]], manifest: Manifest) -> None:
        """Does what is there and what arrives, until Ctrl-C."""
        watcher = Watcher(jobs, manifest)
        if not self.is_quiet:
            console.say("Watching; Ctrl-C ends it.")
        try:
            while True:
                if arrived := watcher.arrived():
                    self._do(arrived, manifest)
                else:
                    time.sleep(PAUSE_S)
        except KeyboardInterrupt:
            if not self.is_quiet:
                console.say(self._summary())

    def _do(self, jobs: Sequence[Job], manifest: Manifest | None) -> None:
        """Adds each outcome to `outcomes` as soon as it is there."""
        progress = self.networks.photos = Progress("photos", is_quiet=self.is_quiet or len(jobs) == 1)
        progress.show(jobs[0].name, 0, len(jobs))
        at_once = min(self.at_once, len(jobs))
        done = 0
        results = run(
            jobs,
            self.networks,
            self.options,
            overwrite=self.overwrite,
            at_once=at_once,
            prepare=self._prepare,
            load=load if self.ahead is None else self.ahead.load,
            tells=self.as_json,
            **self.streams,
        )
        try:
            for outcome in results:
                done += 1
                self._take(outcome, manifest)
                progress.clear()
                self._tell(outcome)
                if done < len(jobs):
                    progress.show(jobs[done].name, done, len(jobs))
        finally:
            for outcome in results.stop():  # what was finished is there, and counts
                self._take(outcome, manifest)
            progress.clear()
            self.networks.end()

    def _prepare(self) -> None:
        if self.options.needs_network:
            self.networks.begin(self.at_once)

    def _take(self, outcome: Outcome, manifest: Manifest | None) -> None:
        try:
            self._note(outcome, manifest)
        except KeyboardInterrupt:
            self._note(outcome, manifest)  # it is done, whatever Ctrl-C came in between
            raise

    def _note(self, outcome: Outcome, manifest: Manifest | None) -> None:
        if manifest is not None:
            manifest.record(outcome)
        if self.outcomes[-1:] != [outcome]:
            self.outcomes.append(outcome)

    def _tell(self, outcome: Outcome) -> None:
        if outcome.error is not None:
            if exit_codes.asks_for_traceback(outcome.error):
                raise outcome.error
            console.say(f"feathercut: {console.plain(endings.as_flags(outcome.error, outcome.message))}")
            return
        if outcome.status == "no-subject" and not self.is_quiet:
            empty = "nothing is written" if outcome.job.is_each else "the matte is empty"
            console.say(f"{console.plain(outcome.job.name)}: no subject found; {empty}")
        if not (self.as_json or self.is_quiet):
            for path in outcome.outputs:
                console.result(str(path))

    def _summary(self) -> str:
        failed = sum(outcome.error is not None for outcome in self.outcomes)
        kept = sum(outcome.status == "kept" for outcome in self.outcomes)
        text = f"{len(self.outcomes) - failed} of {len(self.outcomes)} photos done"
        text += f", {kept} of them by an earlier run" if kept else ""
        return text + (f", {failed} failed" if failed else "")
