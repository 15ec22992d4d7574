"""The supervisor: it starts the processes, starts anew what died, and ends them in order."""

from __future__ import annotations

import contextlib
import signal
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from multiprocessing import Pipe
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

from feathercut.errors import FeathercutError
from feathercut.server import inference, worker
from feathercut.server.listen import Inside, Listener, address_of, listen
from feathercut.server.process import Child
from feathercut.server.service import tell_manager
from feathercut.server.settings import ServerSettings
from feathercut.system import signals_to_end

_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.25, 10.0
_YOUNG_S = 5.0
_TRIES = 4
_LAST_WORDS_S = 5.0
_TICK_S = 1.0


class StartError(FeathercutError):
    """A process of the server ends as soon as it is started."""


class _Post:
    """A place for a process, filled anew whenever its process dies: at once, then after ever longer pauses."""

    def __init__(self, start: Callable[[], Child]) -> None:
        self._start = start
        self.child = start()
        self._began = time.monotonic()
        self._early = 0
        self._again_at: float | None = None
        self.was_ready = False

    def look(self) -> int | None:
        """Fills the place where it is empty and it is time; gives the id of a process that has died."""
        now = time.monotonic()
        self.child.hear()
        self.was_ready = self.was_ready or self.child.is_ready
        if self._again_at is not None:
            if now >= self._again_at:
                self.child, self._began, self._again_at = self._start(), now, None
            return None
        if self.child.is_alive:
            return None
        dead = self.child.process.pid
        self.child.end(0)
        self._early = self._early + 1 if now - self._began < _YOUNG_S else 0
        pause = min(_FIRST_PAUSE_S * 2 ** (self._early - 1), _LONGEST_PAUSE_S) if self._early else 0
        self._again_at = now + pause
        if self._early >= _TRIES and not self.was_ready:
            raise StartError(f"The {self.child.name} process ends as soon as it is started; its last words are above")
        return dead

    @property
    def due_s(self) -> float:
        """Seconds until there is something to do here without anything being heard."""
        return _TICK_S if self._again_at is None else max(0.0, self._again_at - time.monotonic())


class Supervisor:
    """The server as a whole, from the first process to the last."""

    def __init__(self, settings: ServerSettings, page: Mapping[str, Path]) -> None:
        self._settings, self._page = settings, page
        self._has_to_stop = False
        self._wakes, self._wake = Pipe(duplex=False)

    def stop(self, *_: object) -> None:
        """Ends `run`, in order; to be called from anywhere, also as a signal's handler."""
        self._has_to_stop = True
        with contextlib.suppress(OSError):
            self._wake.send_bytes(b"!")

    def run(self, says: Callable[[str], None]) -> None:
        """Serves until it is stopped; `says` is called with the address once it answers.

        Raises OptionError where the address cannot be had, StartError.
        """
        with (
            _private_folder() as folder,
            listen(self._settings.host, self._settings.port) as listener,
            self._stopped_by_signals(),
        ):
            self._serve(folder, listener, says)

    def _serve(self, folder: Path, listener: Listener, says: Callable[[str], None]) -> None:
        settings, inside, figures = self._settings, Inside.below(folder), folder / "figures"
        figures.mkdir()
        jobs = _jobs_folder(settings, folder)

        def start_worker() -> Child:
            return Child("HTTP", worker.main, settings, self._page, listener, inside, figures, jobs)

        posts = [_Post(lambda: Child("inference", inference.main, settings, inside))]
        posts += [_Post(start_worker) for _ in range(settings.workers)]
        try:
            has_said = False
            while not self._has_to_stop:
                self._wait(posts)
                for dead in filter(None, [post.look() for post in posts]):
                    worker.forget_process(dead, figures)
                if not has_said and all(post.child.is_ready for post in posts):
                    has_said = True
                    says(address_of(listener))
                    tell_manager("READY=1", f"STATUS=Serving at {address_of(listener)}")
        finally:
            tell_manager("STOPPING=1")
            # What is not accepted by a worker any more is refused by the system, once the last one ends.
            listener.close()
            self._end(posts[0].child, [post.child for post in posts[1:]])

    def _wait(self, posts: list[_Post]) -> None:
        """Until a process dies or says something, a place is to be filled, or `stop` is called."""
        living = [post.child for post in posts if post.child.is_alive]
        heard: list[Any] = [*(one.process.sentinel for one in living), *(one.connection for one in living)]
        for one in wait([*heard, self._wakes], min(post.due_s for post in posts)):
            if one is self._wakes:
                self._wakes.recv_bytes()

    def _end(self, cutting: Child, workers: list[Child]) -> None:
        """Workers finish what they accepted, within a time; then inference has nothing to do any more."""
        for one in workers:
            one.tell("stop")
        ends_at = time.monotonic() + self._settings.stop_s
        while (left := [one for one in workers if one.is_alive]) and time.monotonic() < ends_at:
            wait([one.process.sentinel for one in left], max(0.0, ends_at - time.monotonic()))
        cutting.tell("drop")  # what is still there is answered, if not with a picture
        last = time.monotonic() + _LAST_WORDS_S
        for one in workers:
            one.end(max(0.0, last - time.monotonic()))
        cutting.tell("stop")
        cutting.end(_LAST_WORDS_S)

    @contextlib.contextmanager
    def _stopped_by_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self.stop) for number in signals_to_end()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _jobs_folder(settings: ServerSettings, private: Path) -> Path:
    """Where jobs are kept: as it was said, or in the user's data, apart for each port that servers listen at.

    A server that listens at whatever port is free cannot be found again, and neither could its jobs.
    """
    if settings.jobs_folder is not None:
        return settings.jobs_folder.expanduser().absolute()
    if settings.port == 0:
        return private / "jobs"
    from platformdirs import user_data_path  # deferred: a folder that was named needs none

    return user_data_path("feathercut", appauthor=False) / f"jobs-{settings.port}"


@contextlib.contextmanager
def _private_folder() -> Iterator[Path]:
    """A folder that only this user may look into."""
    with tempfile.TemporaryDirectory(prefix="feathercut-", ignore_cleanup_errors=True) as name:
        yield Path(name)
