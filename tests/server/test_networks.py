"""What a network that cannot be had does to a server."""

from __future__ import annotations

import pytest

from feathercut.errors import CacheError, DeviceError, FeathercutError, OptionError, WeightsError
from feathercut.options import Network
from feathercut.server import networks as module
from feathercut.server.networks import Networks
from feathercut.settings import Settings


@pytest.mark.parametrize("kind", [WeightsError, DeviceError, CacheError])
def test_what_keeps_a_network_from_loading_is_told_and_not_tried_by_every_photo(
    kind: type[FeathercutError], monkeypatch: pytest.MonkeyPatch
) -> None:
    tried: list[Network] = []

    def load(network: Network, *_: object, **__: object) -> None:
        tried.append(network)
        raise kind("no driver")

    monkeypatch.setattr(module, "load", load)
    networks = Networks(Settings.read(), 1)
    for _ in range(3):
        with pytest.raises(kind, match="no driver"):
            networks.get(Network(model="u2netp"))
    assert len(tried) == 1
    assert networks.failures() == {"u2netp": "no driver"}


def test_an_option_that_a_caller_got_wrong_makes_nobody_else_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    def load(*_: object, **__: object) -> None:
        raise OptionError("that size is none")

    monkeypatch.setattr(module, "load", load)
    networks = Networks(Settings.read(), 1)
    with pytest.raises(OptionError):
        networks.get(Network(model="u2netp"))
    assert networks.failures() == {}
