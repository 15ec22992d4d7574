"""The networks by name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from feathercut.errors import UnknownModelError
from feathercut.train.networks.answers import Network
from feathercut.train.networks.isnet import ISNet
from feathercut.train.networks.student import PLAN as THIN
from feathercut.train.networks.u2net import FULL, SMALL, U2Net
from feathercut.train.networks.unet import UNet

NETWORKS: dict[str, Callable[[], Network]] = {
    "unet-small": UNet,
    "u2net": partial(U2Net, FULL),
    "u2netp": partial(U2Net, SMALL),
    "isnet": ISNet,
    "student": partial(U2Net, THIN),
}

ARCHITECTURES = {
    "u2net": "u2net",
    "u2net-human": "u2net",
    "u2netp": "u2netp",
    "isnet-general": "isnet",
    "isnet-anime": "isnet",
}
"""Which of them each record's published weights are for. Other records' networks are not built here."""


def build(name: str) -> Network:
    """A network with random weights, in training mode. `torch.manual_seed` decides which. Raises UnknownModelError."""
    if name not in NETWORKS:
        raise UnknownModelError(f"No network to train is called `{name}`; there are {', '.join(NETWORKS)}")
    return NETWORKS[name]()
