"""Fewer channels, nearly the same answers."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from feathercut.train.networks import narrow as narrowing
from feathercut.train.networks.answers import Network
from feathercut.train.networks.balance import convolutions
from feathercut.train.networks.build import build
from feathercut.train.networks.narrow import narrow
from feathercut.train.networks.norms import blocks, make_idle
from feathercut.train.networks.unet import UNet


def photo(seed: int) -> Tensor:
    """Something smooth, as photos are."""
    small = torch.rand(1, 3, 6, 6, generator=torch.Generator().manual_seed(seed)) * 4 - 2
    return torch.nn.functional.interpolate(small, size=(64, 64), mode="bicubic")


def unet(*channels: int) -> Network:
    torch.manual_seed(0)
    network = UNet(channels).eval()
    for block in blocks(network):
        make_idle(block)
    return network


def apart(one: Network, other: Network) -> float:
    """How far answers to photos that were not fitted on are apart, as a share of their spread."""
    seen = torch.cat([photo(seed) for seed in range(50, 54)])
    with torch.no_grad():
        first, second = one(seen).logits[0], other(seen).logits[0]
    return float((first - second).square().mean().sqrt() / first.std())


def test_channels_that_nothing_reads_are_the_ones_that_go() -> None:
    wide, thin = unet(8, 12, 16), unet(4, 12, 16)
    with torch.no_grad():
        layers, idle = convolutions(wide), [0, 2, 5, 7]
        for name in ("down.0.1.conv", "down.1.0.conv", "up.1.1.conv", "answer"):
            layers[name].weight[:, idle] = 0
        layers["up.1.0.conv"].weight[:, [12 + one for one in idle]] = 0  # the bridge comes after 12 from below
    narrow(wide, thin, [photo(seed) for seed in range(4)])
    assert apart(wide, thin) < 0.02


def test_fitting_makes_up_for_channels_that_were_read(monkeypatch: pytest.MonkeyPatch) -> None:
    wide, fitted, copied = unet(16, 24, 32), unet(10, 24, 32), unet(10, 24, 32)
    narrow(wide, fitted, [photo(seed) for seed in range(6)])
    monkeypatch.setattr(narrowing, "_fit", lambda *_: None)
    narrow(wide, copied, [photo(seed) for seed in range(6)])
    assert apart(wide, fitted) < 0.75 * apart(wide, copied)


def test_a_network_of_another_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="other layers"):
        narrow(build("unet-small"), build("u2netp"), [photo(0)])
