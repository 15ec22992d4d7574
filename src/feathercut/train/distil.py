"""A small network learns to answer as a larger one does, from photos that nobody has to cut out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from feathercut.train.networks.answers import Network
from feathercut.train.networks.blocks import ConvNormRelu


@dataclass(frozen=True)
class Lesson:
    """What both networks say of the same views, and how far apart they are inside.

    `said`, `taught`: the logits of the student, and those of the teacher, which bear no gradients; each B×1×H×W.
    `maps`: the mean square by which the stages' maps differ, as a share of the teacher's own; 0 is alike.
    """

    said: tuple[Tensor, ...]
    taught: tuple[Tensor, ...]
    maps: Tensor


class Distillation:
    """A teacher and its student, which see the same views (Beyer et al.: Knowledge distillation: a good teacher is
    patient and consistent, CVPR 2022): however a view was cropped or mixed, what is asked for is what the teacher says
    of it. Maps inside are compared as well (Romero et al.: FitNets, ICLR 2015), where the student has fewer channels
    with those of the teacher that it kept.
    """

    def __init__(self, teacher: Network, student: Network, kept: Mapping[str, Sequence[int]]) -> None:
        """`kept`: what `narrow` gave. The teacher is put in evaluation and never learns."""
        self._teacher, self._student = teacher.eval().requires_grad_(False), student
        self._kept = {name: torch.tensor(kept[f"{name}.enter.conv"]) for name in stages(student)}

    def __call__(self, views: Tensor) -> Lesson:
        """What there is to learn on views B×3×H×W, normalised as the networks are to see them."""
        with torch.no_grad(), _listening(self._teacher, self._kept) as wanted:
            taught = self._teacher(views).logits
        with _listening(self._student, self._kept) as found:
            said = self._student(views).logits
        apart = [_apart(found[name], wanted[name][:, kept]) for name, kept in self._kept.items()]
        return Lesson(_exact(said), _exact(taught), torch.stack(apart).mean())


def stages(network: Network) -> list[str]:
    """The names of the U-shaped blocks, whose maps are what one stage tells the next."""
    return [name for name, part in network.named_modules() if isinstance(getattr(part, "enter", None), ConvNormRelu)]


def answers_apart(said: Sequence[Tensor], wanted: Sequence[Tensor]) -> Tensor:
    """How much the mattes of logits B×1×H×W lack of those wanted, B×1×H×W in [0, 1]; 0 is alike.

    Binary cross-entropy less the least that it can be, the entropy of what is wanted (Hinton et al.: Distilling the
    knowledge in a neural network, 2015): summed over the answers, a mean over the pixels.
    """
    return torch.stack([_divergence(one, other) for one, other in zip(said, wanted, strict=True)]).sum()


def _divergence(logits: Tensor, wanted: Tensor) -> Tensor:
    cross = functional.binary_cross_entropy_with_logits(logits, wanted)
    return cross - functional.binary_cross_entropy(wanted, wanted)


def _apart(maps: Tensor, wanted: Tensor) -> Tensor:
    exact = wanted.float()
    return (maps.float() - exact).square().mean() / exact.square().mean().clamp(min=1e-6)


def _exact(logits: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """Numbers that were computed in halves are summed and compared in float32."""
    return tuple(one.float() for one in logits)


@contextmanager
def _listening(network: Network, names: Mapping[str, object]) -> Iterator[dict[str, Tensor]]:
    """Within it the dictionary has, of the last photos that the network saw, what the blocks of those names made."""
    heard: dict[str, Tensor] = {}

    def listen(name: str, block: nn.Module) -> torch.utils.hooks.RemovableHandle:
        return block.register_forward_hook(lambda _, given, maps: heard.update({name: maps}))  # noqa: ARG005

    handles = [listen(name, network.get_submodule(name)) for name in names]
    try:
        yield heard
    finally:
        for handle in handles:
            handle.remove()
