"""Steps that are as long as what they change in the maps."""

from __future__ import annotations

from copy import deepcopy

import pytest
import torch
from torch import Tensor, nn

from feathercut.train.measured_steps import MeasuredSteps


def correlated(seed: int) -> Tensor:
    """Maps of channels that rise and fall together, and far from 0, as after a ReLU."""
    random = torch.Generator().manual_seed(seed)
    alone, together = torch.randn(2, 6, 12, 12, generator=random), torch.randn(2, 1, 12, 12, generator=random)
    return 4 + together + 0.1 * alone


def layer() -> nn.Conv2d:
    """A network of one layer, whose name is empty."""
    torch.manual_seed(0)
    return nn.Conv2d(6, 4, 3, padding=1)


def interior(network: nn.Module, photos: Tensor) -> Tensor:
    """What it makes where it reads no padding."""
    made: Tensor = network(photos)
    return made[..., 1:-1, 1:-1]


def test_a_step_changes_a_map_by_the_rate_as_a_share_of_its_spread() -> None:
    network, photos = layer(), torch.cat([correlated(seed) for seed in range(20)])
    steps = MeasuredSteps(network, [photos])
    before = network(photos).detach()
    wanted = before + torch.randn(before.shape, generator=torch.Generator().manual_seed(3))
    (network(photos) - wanted).square().mean().backward()
    steps.step(0.01, {})
    changed = (network(photos).detach() - before).square().mean().sqrt()
    assert float(changed / before.std((0, 2, 3)).mean()) == pytest.approx(0.01, rel=0.2)


def test_what_differs_between_channels_that_rise_together_is_learned() -> None:
    """Along plain slopes it hardly is: they are nearly all of what the channels share."""
    target, network, unseen = layer(), layer(), correlated(70)
    with torch.no_grad():
        network.weight += 0.05 * torch.randn(network.weight.shape)

    def lacks(photos: Tensor) -> Tensor:
        return (interior(network, photos) - interior(target, photos)).square().mean()

    before, steps = lacks(unseen).item(), MeasuredSteps(network, [correlated(seed) for seed in range(20)])
    for step in range(60):
        network.zero_grad()
        lacks(correlated(100 + step)).backward()  # type: ignore[no-untyped-call]
        steps.step(0.1 * (1 - step / 60), {})
    assert lacks(unseen).item() < 0.01 * before


def learned(seeds: range, network: nn.Conv2d, steps: MeasuredSteps, share: float = 1.0) -> Tensor:
    """The weights after a step on photos of each seed."""
    for seed in seeds:
        network.zero_grad()
        interior(network, correlated(seed)).square().mean().backward()  # type: ignore[no-untyped-call]
        steps.step(0.01, {"": share})
    return network.weight.detach().clone()


def test_a_share_of_nothing_leaves_a_layer_as_it_is() -> None:
    network = layer()
    assert torch.equal(learned(range(2), network, MeasuredSteps(network, [correlated(1)]), 0.0), layer().weight)


def test_a_training_that_is_taken_up_goes_on_to_the_same_weights() -> None:
    network, again = layer(), layer()
    steps, others = (MeasuredSteps(one, [correlated(1)]) for one in (network, again))
    learned(range(3), network, steps)
    again.load_state_dict(network.state_dict())
    others.restore(**deepcopy(steps.state()))
    assert torch.equal(learned(range(3, 5), network, steps), learned(range(3, 5), again, others))
