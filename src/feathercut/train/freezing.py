"""What of a network stays as it is while the rest learns."""

from __future__ import annotations

from torch import nn

from feathercut.train.networks.answers import Network

FEW_PHOTOS = 100


def freeze(network: Network, stages: int) -> None:
    """Keeps the weights of the first `stages` contracting stages; what is beyond the last is left out.

    They see edges and textures, which photos of every kind share; few photos would only spoil them.
    """
    for stage in network.encoder[:stages]:
        stage.requires_grad_(False)


def stages_to_freeze(network: Network, asked: int | None, photos: int) -> int:
    """The number asked for, or half of the stages where photos are few."""
    if asked is not None:
        return asked
    return len(network.encoder) // 2 if photos < FEW_PHOTOS else 0


def keeps_means(batch_norm: str, *, is_tuning: bool) -> bool:
    """Whether batch norms keep the means that they have: those of a few photos say little of the next ones."""
    return batch_norm == "frozen" or (batch_norm == "auto" and is_tuning)


def set_learning(network: nn.Module, *, keeps_means: bool) -> None:
    """Puts the network in the state in which it learns; frozen stages' norms never measure anew."""
    network.train()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            is_frozen = not module.weight.requires_grad
            if keeps_means or is_frozen:
                module.eval()
