"""Weights of one size, the same answers."""

from __future__ import annotations

import copy

import pytest
import torch
from torch import Tensor, nn

from feathercut.train.networks.answers import Network
from feathercut.train.networks.balance import balance, convolutions, scale, sizes
from feathercut.train.networks.build import build
from feathercut.train.networks.channels import channels_of
from feathercut.train.networks.norms import blocks, make_idle


def photos(seed: int) -> Tensor:
    return torch.rand(2, 3, 64, 64, generator=torch.Generator().manual_seed(seed)) * 4 - 2


def folded_unevenly(name: str) -> Network:
    """A network as published files hold them: norms idle, and channels of very different sizes."""
    torch.manual_seed(0)
    network = build(name).eval()
    for block in blocks(network):
        make_idle(block)
    balance(network, [photos(0)])
    found = channels_of(network)
    random = torch.Generator().manual_seed(1)
    uneven = 10.0 ** torch.randint(-3, 4, (found.count,), generator=random).double()
    uneven[list(found.outer)] = 1
    scale(network, uneven)
    return network


def answers(network: nn.Module) -> list[Tensor]:
    with torch.no_grad():
        said = network.eval()(photos(2))
    return [*said.logits, *said.features]


@pytest.mark.parametrize("name", ["unet-small", "u2netp", "student"])
def test_a_balanced_network_answers_the_same_to_the_bit(name: str) -> None:
    network = folded_unevenly(name)
    found, before = channels_of(network), answers(network)
    inner = [number for number in range(found.count) if number not in found.outer]
    spread = sizes(network, found, [photos(0)])[inner]
    assert spread.max() / spread[spread > 0].min() > 1e4
    balance(network, [photos(0)])
    assert all(torch.equal(one, other) for one, other in zip(answers(network), before, strict=True))
    after = sizes(network, found, [photos(0)])[inner]
    after = after[after > 0]
    assert after.min() > 0.7 and after.max() < 1.42


def test_the_way_back_gives_every_weight_as_it_was() -> None:
    network = folded_unevenly("u2netp")
    before = copy.deepcopy(network.state_dict())
    factors = balance(network, [photos(0)])
    assert any(not torch.equal(value, before[name]) for name, value in network.state_dict().items())
    scale(network, factors, back=True)
    assert all(torch.equal(value, before[name]) for name, value in network.state_dict().items())


def test_what_was_learned_meanwhile_stays_on_the_way_back() -> None:
    network = folded_unevenly("unet-small")
    factors = balance(network, [photos(0)])
    random = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for value in network.parameters():
            value.add_(0.1 * torch.randn(value.shape, generator=random))
        for block in blocks(network):
            assert block.norm.running_mean is not None
            block.norm.running_mean.add_(0.2)
    learned = answers(network)
    scale(network, factors, back=True)
    assert all(torch.equal(one, other) for one, other in zip(answers(network), learned, strict=True))


def test_channels_that_are_added_or_joined_are_known_again() -> None:
    network = build("u2netp")
    found = channels_of(network)
    assert list(found.reads) == list(found.writes) and set(found.reads) == set(convolutions(network))
    first = found.writes["stages.down.0.enter.conv"]
    assert found.writes["stages.down.0.up.5.conv"] == first, "a block's way up is added to what came in"
    assert found.reads["stages.down.1.enter.conv"] == first
    assert found.reads["stages.up.4.enter.conv"][64:] == first, "the bridge comes second"
    assert found.reads["stages.down.0.enter.conv"] == (0, 1, 2)
    assert set(found.writes["fuse"]) <= found.outer
