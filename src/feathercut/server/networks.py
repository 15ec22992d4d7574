"""The networks that inference holds: each once, the least recently used freed where they are over the budget."""

from __future__ import annotations

import time

from feathercut.engines.batching import Batches
from feathercut.errors import CacheError, DeviceError, FeathercutError, ModelError
from feathercut.loading import agreed, load, runs_at_once
from feathercut.options import Network
from feathercut.remover import Remover, remover_of
from feathercut.server.settings import ServerSettings
from feathercut.settings import Settings
from feathercut.shared import Shared

_TRIED_AGAIN_S = 10.0
_BATCH_ON_CUDA = 8
"""Almost twice as many photos a second as one by one; more add little (docs/gpu.md)."""


def batches_of(settings: ServerSettings) -> Batches | None:
    """How photos that come at the same time are put together for one run; None where each has its own."""
    most = settings.batch_photos or (_BATCH_ON_CUDA if settings.device == "cuda" else 1)
    return Batches(most, settings.batch_wait_ms / 1000) if most > 1 else None


class Networks:
    """Removers by what was asked for, within `FEATHERCUT_CACHE_BYTES`; they look at `at_once` photos at a time.

    With `batches` photos that come to a network at the same time are one run of it.

    Nothing is fetched here: what is to be had was fetched before the server listened. A network that cannot be loaded
    is tried again after ten seconds, and not by every photo in between.
    """

    def __init__(self, settings: Settings, at_once: int, batches: Batches | None = None) -> None:
        self._settings = settings
        self._failed: dict[Network, tuple[float, FeathercutError]] = {}
        self._shared: Shared[Network, Remover] = Shared(
            lambda network: _opened(network, at_once, batches), lambda remover: remover.bytes
        )

    def get(self, network: Network) -> Remover:
        """The remover, loaded where it is not. Raises what loading raises."""
        key = agreed(network, self._settings)
        if (failure := self._failed.get(key)) and time.monotonic() - failure[0] < _TRIED_AGAIN_S:
            raise type(failure[1])(str(failure[1])) from failure[1]
        try:
            remover = self._shared.get(key, self._settings.cache_bytes)
        except (ModelError, DeviceError, CacheError) as error:
            self._failed[key] = time.monotonic(), error
            raise
        self._failed.pop(key, None)
        return remover

    def failures(self) -> dict[str, str]:
        """What could not be loaded at the last try, and why."""
        return {network.model: str(error) for network, (_, error) in self._failed.items()}

    def load(self, network: Network) -> str | None:
        """Loads a network ahead of the first photo, and gives what is wrong where it cannot be."""
        try:
            self.get(network)
        except FeathercutError as error:
            return str(error)
        return None

    def state(self) -> dict[str, int]:
        """How many are held, in how many bytes of how many, and how often one was loaded or freed for another."""
        return {
            "networks": self._shared.count(),
            "networks_bytes": self._shared.held_bytes(),
            "networks_limit_bytes": self._settings.cache_bytes,
            "network_loads": self._shared.made,
            "network_evictions": self._shared.dropped,
        }


def _opened(network: Network, at_once: int, batches: Batches | None) -> Remover:
    if batches is not None:
        # One run at a time, with all processors or all of the device; many threads bring it their photos.
        return remover_of(load(network, fetches=False, batches=batches), at_once)
    runs = runs_at_once(network, at_once)
    return remover_of(load(network, runs=runs, fetches=False), runs)
