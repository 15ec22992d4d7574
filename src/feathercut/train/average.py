"""Weights that follow those that learn, slowly: steadier than the last step's."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Average:
    """The exponential moving average of a network's weights (Polyak and Juditsky, 1992; Tarvainen and Valpola, 2017).

    After step n the average moves by 1 - min(decay, (1 + n) / (10 + n)) towards the weights: at first quickly, so that
    it does not remember how it began. What is counted or measured, as by batch norms, is copied.
    """

    def __init__(self, network: nn.Module, decay: float) -> None:
        self.decay, self.steps = decay, 0
        self.weights = {name: value.detach().clone() for name, value in network.state_dict().items()}

    @torch.no_grad()
    def follow(self, network: nn.Module) -> None:
        """One step towards the network's weights as they are now."""
        share = 1 - min(self.decay, (1 + self.steps) / (10 + self.steps))
        learned = {name for name, _ in network.named_parameters()}
        for name, value in network.state_dict().items():
            if self.decay and name in learned:
                self.weights[name].lerp_(value, share)
            else:
                self.weights[name].copy_(value)
        self.steps += 1

    def state(self) -> dict[str, object]:
        """What `restore` takes."""
        return {"steps": self.steps, "weights": self.weights}

    def restore(self, steps: int, weights: dict[str, Tensor]) -> None:
        """Goes on from a state."""
        self.steps = steps
        for name, value in weights.items():
            self.weights[name].copy_(value)


def blended(start: dict[str, Tensor], tuned: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """`share` of the tuned weights and the rest of those that they began as (Wortsman et al., WiSE-FT, CVPR 2022)."""
    return {
        name: torch.lerp(start[name], value, share) if value.is_floating_point() else value
        for name, value in tuned.items()
    }
