"""One server for all tests of the contract, one network in it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from feathercut.options import Network
from feathercut.remover import Remover
from feathercut.settings import Settings
from server.removebg.serving import ASTRONAUT, RECORDED, Served, served


@pytest.fixture(scope="session")
def u2netp(u2netp_path: Path, weights_settings: Settings) -> Iterator[Remover]:
    """The published U²-Net-p, ready."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
        remover = Remover.open(Network(model="u2netp"), at_once=2)
    yield remover
    remover.close()


@pytest.fixture(scope="session")
def server(u2netp: Remover) -> Iterator[Served]:
    """A server that lets everybody in."""
    with served(lambda network: u2netp) as running:
        yield running


@pytest.fixture(scope="session")
def astronaut() -> bytes:
    """512×512 pixels, a person before a flag."""
    return ASTRONAUT.read_bytes()


@pytest.fixture(scope="session")
def person() -> bytes:
    """The photo of the recorded exchanges, 500×333 pixels."""
    path = RECORDED / "person-in-field.jpg"
    if not path.exists():
        pytest.skip("needs ../shared/contracts/removebg, which a clone does not have")
    return path.read_bytes()
