"""The photos of `feathercut remove`, one after the other as a person sees it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from feathercut.batch.manifest import Manifest
from feathercut.batch.plan import Job
from feathercut.batch.run import Outcome, run
from feathercut.batch.watch import PAUSE_S, Watcher
from feathercut.cli import console, endings, exit_codes
from feathercut.cli.progress import Progress
from feathercut.errors import FeathercutError
from feathercut.options import Network, Options
from feathercut.remover import Remover, apply_trimap
from feathercut.result import Result
from feathercut.sources import Source
from feathercut.system import usable_cores

_MOST_AT_ONCE = 4
"""Without `--jobs`: more photos at once would take more memory, and the networks use the other processors anyway."""


def default_jobs() -> int:
    """How many photos are worked on at once where nobody said it."""
    return min(_MOST_AT_ONCE, usable_cores())


def _nothing() -> None:
    """What is to be prepared where no network runs."""


class Loading:
    """A remover that is loaded for the first photo that needs a network, with a progress bar for its weights."""

    def __init__(self, network: Network, at_once: int, *, is_quiet: bool) -> None:
        self._network = network
        self._at_once = at_once
        self._is_quiet = is_quiet
        self._lock = threading.Lock()
        self._remover: Remover | None = None
        self._error: FeathercutError | None = None
        self._beside: threading.Thread | None = None
        self.photos: Progress | None = None

    def begin(self) -> None:
        """Loads the networks in a thread beside the reading of a photo, where their weights are at hand."""
        if self._beside is None:
            self._beside = threading.Thread(target=self._load_beside)
            self._beside.start()

    def end(self) -> None:
        """Waits for what `begin` began."""
        if self._beside is not None:
            self._beside.join()

    def _load_beside(self) -> None:
        # Nothing is fetched for a photo that may turn out to be broken, and what is wrong is said when it is needed.
        with self._lock, contextlib.suppress(FeathercutError):
            if self._remover is None:
                self._remover = Remover.open(self._network, at_once=self._at_once, fetches=False)

    def apply(self, source: Source, options: Options, *, is_spent: bool = False) -> Result:
        """The cutout of one photo."""
        if options.trimap is not None:
            return apply_trimap(source, options, is_spent=is_spent)
        with self._lock:  # the first photo loads it, and those beside it wait
            if self._error is not None:
                raise self._error
            if self._remover is None:
                try:
                    self._remover = self._load()
                except FeathercutError as error:
                    self._error = error
                    raise
        return self._remover.apply(source, options, is_spent=is_spent)

    def _load(self) -> Remover:
        progress = Progress("MB", is_quiet=self._is_quiet)

        def show(name: str, done: int, total: int | None) -> None:
            if self.photos is not None:
                self.photos.clear()  # one line at a time
            progress.show(name, done, total)

        try:
            return Remover.open(self._network, show, self._at_once)
        finally:
            progress.clear()


@dataclass
class Running:
    """How photos are done, and what became of them."""

    network: Network
    options: Options
    at_once: int
    overwrite: bool
    is_quiet: bool
    as_json: bool
    streams: dict[str, BinaryIO]
    outcomes: list[Outcome] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._remover = Loading(self.network, self.at_once, is_quiet=self.is_quiet)

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
        progress = self._remover.photos = Progress("photos", is_quiet=self.is_quiet or len(jobs) == 1)
        progress.show(jobs[0].name, 0, len(jobs))
        at_once = min(self.at_once, len(jobs))
        done = 0
        prepare = self._remover.begin if self.options.trimap is None else _nothing
        results = run(
            jobs,
            self._remover,
            self.options,
            overwrite=self.overwrite,
            at_once=at_once,
            prepare=prepare,
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
            self._remover.end()

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
            console.say(f"{console.plain(outcome.job.name)}: no subject found; the matte is empty")
        if outcome.job.target is not None and not (self.as_json or self.is_quiet):
            console.result(str(outcome.job.target))

    def _summary(self) -> str:
        failed = sum(outcome.error is not None for outcome in self.outcomes)
        kept = sum(outcome.status == "kept" for outcome in self.outcomes)
        text = f"{len(self.outcomes) - failed} of {len(self.outcomes)} photos done"
        text += f", {kept} of them by an earlier run" if kept else ""
        return text + (f", {failed} failed" if failed else "")
