"""What never varies is no channel."""

from __future__ import annotations

import torch

from feathercut.train.networks.constant import free_of_constants


def test_a_channel_that_never_varies_goes_into_the_bias() -> None:
    torch.manual_seed(2)
    seen = torch.rand(2, 3, 16, 16)
    first, second = torch.nn.Conv2d(3, 4, 1), torch.nn.Conv2d(4, 2, 3)
    with torch.no_grad():
        first.weight[1] = 0
        first.bias[1] = 0.9  # type: ignore[index]
        second.weight[:, 1] *= 700
    network = torch.nn.Sequential(first, second)
    before = network(seen).detach()
    assert free_of_constants(network, [torch.rand(2, 3, 16, 16)]) == [("1", 1)]
    assert not bool(second.weight[:, 1].any())
    torch.testing.assert_close(network(seen).detach(), before, atol=1e-2, rtol=1e-4)
