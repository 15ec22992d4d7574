"""IS-Net's intermediate supervision: masks are learned from inside first, then IS-Net's maps are drawn towards them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from feathercut.train import processes
from feathercut.train.computing import Computing
from feathercut.train.data import Pair, Pairs, batches
from feathercut.train.feeding import normalised, tensors
from feathercut.train.history import Epoch, Silence
from feathercut.train.job import Job
from feathercut.train.loop import Loop
from feathercut.train.losses.total import MASKS, from_inside, total
from feathercut.train.mask_lessons import mask_encoder
from feathercut.train.networks.answers import Answers
from feathercut.train.options import FromNothing
from feathercut.train.record import template
from train.drawn import data_set

_ON_CPU = Computing(torch.device("cpu"))


class _StopsError(Exception):
    """A stand-in for whoever kills a training."""


class _Hears(Silence):
    def __init__(self, stops_after: int = 0) -> None:
        self.losses: list[float] = []
        self.history: Sequence[Epoch] = ()
        self._stops_after = stops_after

    def masks(self, epoch: int, epochs: int, loss: float) -> None:
        self.losses.append(loss)
        if epoch == self._stops_after:
            raise _StopsError

    def epoch(self, history: Sequence[Epoch], best: int) -> None:
        self.history = history


def job(folder: Path, pairs: Sequence[Pair], **more: object) -> Job:
    options = FromNothing.model_validate(
        {"size": 64, "epochs": 1, "batch": 4, "rate": 1e-3, "augmentation": "none", "device": "cpu", "save_every": 60,
         "precision": "fp32", "patience": 0, **more}
    )  # fmt: skip
    return Job("isnet", template("isnet"), pairs, (), options, folder)


@pytest.fixture(name="pairs", scope="module")
def four_pairs(tmp_path_factory: pytest.TempPathFactory) -> Sequence[Pair]:
    return Pairs.open(data_set(tmp_path_factory.mktemp("pairs"), 4, 64))


def test_the_distance_of_maps_is_that_of_a_slow_reference() -> None:
    random = torch.Generator().manual_seed(0)
    own, other = (
        tuple(torch.randn(2, channels, side, side, generator=random) for channels, side in ((3, 8), (5, 4)))
        for _ in range(2)
    )
    slow = sum(float(np.mean((one.numpy() - two.numpy()) ** 2)) for one, two in zip(own, other, strict=True))
    assert float(from_inside(Answers((), own), Answers((), other))) == pytest.approx(slow, rel=1e-5)


def test_masks_are_given_back_and_a_stopped_lesson_goes_on_to_the_same_weights(
    tmp_path: Path, pairs: Sequence[Pair]
) -> None:
    heard = _Hears()
    whole = mask_encoder(job(tmp_path / "whole", pairs, mask_epochs=3), _ON_CPU, heard)
    assert len(heard.losses) == 3 and heard.losses[-1] < 0.9 * heard.losses[0]
    assert not any(one.requires_grad for one in whole.parameters()) and not whole.training
    with pytest.raises(_StopsError):
        mask_encoder(job(tmp_path / "killed", pairs, mask_epochs=3), _ON_CPU, _Hears(stops_after=2))
    goes_on = _Hears()
    resumed = mask_encoder(job(tmp_path / "killed", pairs, mask_epochs=3), _ON_CPU, goes_on)
    assert len(goes_on.losses) == 2, "the second epoch was not saved when it was killed, the first was"
    same = zip(whole.state_dict().values(), resumed.state_dict().values(), strict=True)
    assert all(torch.equal(one, other) for one, other in same)


def test_isnet_learns_from_the_maps_too(tmp_path: Path, pairs: Sequence[Pair]) -> None:
    own = job(tmp_path, pairs, mask_epochs=0)
    masks = mask_encoder(own, _ON_CPU, Silence())
    loop = Loop(own, MASKS, _ON_CPU, Silence(), masks)
    batch = next(batches(pairs, 64, 4, 0, 0))
    rgb, truth = tensors(batch, _ON_CPU.device)
    with torch.no_grad():
        answers = loop.network(normalised(rgb, own.record.input))
        expected = float(total(answers, truth, MASKS)) + float(from_inside(answers, masks(truth)))
        assert float(loop._loss(batch)) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("network", "epochs", "is_taught"), [("isnet", 1, True), ("isnet", 0, False), ("u2netp", 1, False)]
)
def test_it_is_part_of_every_training_of_isnet_from_nothing(
    tmp_path: Path, pairs: Sequence[Pair], monkeypatch: pytest.MonkeyPatch, network: str, epochs: int, is_taught: bool
) -> None:
    given: list[object] = []

    def loop(*parts: object) -> object:
        given.extend(parts)
        raise _StopsError

    monkeypatch.setattr(processes, "Loop", loop)
    own = replace(job(tmp_path, pairs, mask_epochs=epochs), network=network)
    with pytest.raises(_StopsError):
        processes.train(own, MASKS, Silence())
    assert (given[-1] is not None) == is_taught
    assert (tmp_path / "masks.pt").is_file() == is_taught
