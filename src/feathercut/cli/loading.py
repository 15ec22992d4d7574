"""The networks of `feathercut remove`: loaded beside the photo, fetched once it was read."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from feathercut.cli.progress import Progress
from feathercut.errors import FeathercutError
from feathercut.loading import Loaded, arriving_networks, load, runs_at_once
from feathercut.options import Network, Options
from feathercut.sources import Source

if TYPE_CHECKING:  # deferred: networks are loaded while this is
    from feathercut.arriving import Arriving
    from feathercut.remover import Remover
    from feathercut.result import Result


class Loading:
    """A remover that is loaded for the first photo that needs a network; unless `is_quiet`, a bar shows its weights."""

    def __init__(self, network: Network, *, is_quiet: bool = False) -> None:
        self.is_quiet = is_quiet
        self._network = network
        self._at_once = 1
        self._lock = threading.Lock()
        self._coming: Arriving[Loaded] | None = None
        self._remover: Remover | None = None
        self._error: FeathercutError | None = None
        self._beside: threading.Thread | None = None
        self.photos: Progress | None = None

    def begin(self, at_once: int) -> None:
        """Loads the networks in a thread beside other work, where their weights are at hand.

        They will look at `at_once` photos at a time. The first call counts.
        """
        if self._beside is None:
            self._at_once = at_once
            self._beside = threading.Thread(target=self._load_beside, daemon=True)
            self._beside.start()

    def end(self) -> None:
        """Waits for what `begin` began."""
        if self._beside is not None:
            self._beside.join()

    def _load_beside(self) -> None:
        # Nothing is fetched for a photo that may turn out to be broken, and what is wrong is said when it is needed.
        with self._lock, contextlib.suppress(FeathercutError):
            if self._remover is None:
                self._coming = arriving_networks(self._network, None, self._runs(), fetches=False)
        if self._coming is not None:
            self._coming.make()

    def apply(self, source: Source, options: Options, *, is_spent: bool = False, is_diagnosed: bool = True) -> Result:
        """The cutout of one photo."""
        from feathercut.applying import apply_without_network

        if not options.needs_network:
            return apply_without_network(source, options, is_spent=is_spent, is_diagnosed=is_diagnosed)
        return self._loaded().apply(source, options, is_spent=is_spent, is_diagnosed=is_diagnosed)

    def apply_each(self, source: Source, options: Options) -> Iterator[Result]:
        """A cutout for each subject of one photo."""
        from feathercut.applying import each_without_network

        if not options.needs_network:
            return each_without_network(source, options)
        return self._loaded().apply_each(source, options)

    def _loaded(self) -> Remover:
        with self._lock:  # the first photo loads it, and those beside it wait
            if self._error is not None:
                raise self._error
            if self._remover is None:
                try:
                    self._remover = self._load()
                except FeathercutError as error:
                    self._error = error
                    raise
            return self._remover

    def _load(self) -> Remover:
        from feathercut.remover import remover_of

        networks = self._coming if self._coming is not None else self._fetched()
        return remover_of(networks, self._runs(), self._network)

    def _fetched(self) -> list[Loaded]:
        progress = Progress("MB", is_quiet=self.is_quiet)

        def show(name: str, done: int, total: int | None) -> None:
            if self.photos is not None:
                self.photos.clear()  # one line at a time
            progress.show(name, done, total)

        try:
            return load(self._network, show, self._runs())
        finally:
            progress.clear()

    def _runs(self) -> int:
        return runs_at_once(self._network, self._at_once)
