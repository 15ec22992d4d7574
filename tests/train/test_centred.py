"""Steps that leave the level of maps alone."""

from __future__ import annotations

import torch

from feathercut.train.centred import Centred


def test_a_centred_step_does_not_move_what_a_layer_makes_of_the_mean() -> None:
    torch.manual_seed(1)
    layer = torch.nn.Conv2d(4, 3, 3, bias=True)
    read = 5 + 0.1 * torch.randn(2, 4, 8, 8)
    network = torch.nn.Sequential(layer)
    wanted = layer(read).detach() + torch.randn(2, 3, 1, 1) * 0.1
    mean = read.mean((0, 2, 3)).view(1, 4, 1, 1).expand(1, 4, 3, 3)

    def moved(steps: Centred | None) -> float:
        torch.nn.init.constant_(layer.weight, 0.1)
        torch.nn.init.zeros_(layer.bias)  # type: ignore[arg-type]
        optimizer = torch.optim.SGD([layer.weight], 1e-2)
        before = layer(mean).detach()
        layer.zero_grad()
        (layer(read) - wanted).square().mean().backward()
        if steps is None:
            optimizer.step()
        else:
            steps.step(optimizer)
        return float((layer(mean).detach() - before).abs().max())

    assert moved(None) > 0.01
    assert moved(Centred(network, [read])) < 1e-5
