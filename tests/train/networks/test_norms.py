"""Norms go into convolutions and come out again without a change of what the network answers."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from feathercut.train.networks.build import build
from feathercut.train.networks.norms import blocks, folded, make_idle, measure


def photos(seed: int, batch: int = 4) -> Tensor:
    return torch.rand(batch, 3, 48, 48, generator=torch.Generator().manual_seed(seed)) * 2 - 1


@pytest.fixture(name="seasoned")
def a_network_whose_norms_have_seen_photos() -> nn.Module:
    torch.manual_seed(0)
    network = build("u2netp")
    with torch.no_grad():
        for part in network.modules():
            if isinstance(part, nn.BatchNorm2d):
                part.weight.uniform_(0.5, 1.5)
                part.bias.uniform_(-0.2, 0.2)
        network(photos(1))
    return network.eval()


def test_a_folded_network_answers_alike_without_a_norm(seasoned: nn.Module) -> None:
    plain = folded(seasoned)
    assert not any(isinstance(part, nn.BatchNorm2d) for part in plain.modules())
    with torch.no_grad():
        for one, other in zip(seasoned(photos(2)).logits, plain(photos(2)).logits, strict=True):
            assert torch.allclose(one, other, atol=1e-5)
    assert any(isinstance(part, nn.BatchNorm2d) for part in seasoned.modules()), "the network itself keeps its norms"


def test_an_idle_norm_changes_no_bit(seasoned: nn.Module) -> None:
    block = blocks(seasoned)[0]
    make_idle(block)
    maps = torch.randn(1, block.conv.out_channels, 32, 32) * 100
    with torch.no_grad():
        assert torch.equal(block.norm(maps), maps)


def test_measured_norms_leave_the_answers_and_make_training_agree_with_them(seasoned: nn.Module) -> None:
    loaded = build("u2netp")
    for block, source in zip(blocks(loaded), blocks(folded(seasoned)), strict=True):
        block.conv = source.conv
        make_idle(block)
    seen = photos(3)

    def in_training() -> Tensor:
        with torch.no_grad():
            answer: Tensor = loaded.train()(seen).logits[0]
        return answer

    def as_used() -> Tensor:
        with torch.no_grad():
            answer: Tensor = loaded.eval()(seen).logits[0]
        return answer

    before = as_used()
    assert not torch.allclose(in_training(), before, atol=0.05), "idle norms: the first step of training would hurt"
    for block in blocks(loaded):
        make_idle(block)  # the step in training mode has moved their statistics
    measure(loaded, [seen[:2], seen[2:]])
    assert torch.allclose(as_used(), before, atol=1e-4)
    assert torch.allclose(in_training(), before, atol=1e-3)


def test_measuring_keeps_the_mode(seasoned: nn.Module) -> None:
    measure(seasoned.train(), [photos(4)])
    assert seasoned.training
