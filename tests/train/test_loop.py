"""What a training promises of the weights that come out of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from feathercut.errors import OptionError, TrainingError
from feathercut.train import processes
from feathercut.train.computing import computing
from feathercut.train.freezing import freeze, set_learning
from feathercut.train.history import Silence
from feathercut.train.loop import Loop
from feathercut.train.losses.total import MASKS, MATTES, Weights
from feathercut.train.networks.build import build
from feathercut.train.options import Finetuning, Training
from train.drawn import job, pair, pairs


def options(**more: Any) -> Training:
    given: dict[str, Any] = {
        "size": 64,
        "epochs": 2,
        "batch": 2,
        "augmentation": "light",
        "device": "cpu",
        "precision": "fp32",
        "save_every": 1e9,
        "patience": 0,
    }
    return Training(**{**given, **more})


def trained(folder: Path, **more: Any) -> dict[str, Tensor]:
    """The weights after a short training on four pairs."""
    return processes.train(job(folder, options(**more), pairs(4)), MASKS, Silence()).weights


def furthest(one: dict[str, Tensor], other: dict[str, Tensor]) -> float:
    """The largest difference of any two weights."""
    return max(float((value.double() - other[name].double()).abs().max()) for name, value in one.items())


def test_the_same_seed_gives_the_same_weights_to_the_bit_and_another_does_not(tmp_path: Path) -> None:
    first = trained(tmp_path / "first", epochs=1)
    assert furthest(first, trained(tmp_path / "again", epochs=1)) == 0
    assert furthest(first, trained(tmp_path / "other", epochs=1, seed=1)) > 0.01


def test_two_batches_of_two_in_one_step_are_a_batch_of_four(tmp_path: Path) -> None:
    # Norms that follow the data see two photos or four; with kept ones the sums are the same.
    alone: dict[str, Any] = {"epochs": 1, "batch_norm": "frozen", "augmentation": "none", "rate": 1e-4}
    whole = trained(tmp_path / "whole", batch=4, **alone)
    parts = trained(tmp_path / "parts", batch=2, accumulate=2, **alone)
    assert furthest(whole, parts) < 3e-5  # a weight whose slope is nearly nothing may be moved either way
    assert furthest(whole, trained(tmp_path / "small", batch=2, **alone)) > 1e-4


def test_two_processes_with_two_photos_each_are_one_with_four(tmp_path: Path) -> None:
    alone: dict[str, Any] = {"epochs": 2, "batch_norm": "frozen", "augmentation": "none", "rate": 1e-4}
    one = trained(tmp_path / "one", batch=4, **alone)
    two = trained(tmp_path / "two", batch=2, processes=2, **alone)
    assert furthest(one, two) < 1e-4


def test_frozen_stages_and_their_norms_stay_as_they_were(tmp_path: Path) -> None:
    torch.manual_seed(0)
    before = build("unet-small").state_dict()
    after = trained(tmp_path, epochs=1, frozen=2)
    moved = {name.split(".")[0] + name.split(".")[1] for name, value in after.items() if not value.equal(before[name])}
    assert not moved & {"down0", "down1"}
    assert {"down2", "down3", "down4", "up0", "up3"} <= moved


def test_norms_that_keep_their_means_do_not_follow_the_data() -> None:
    network = build("unet-small")
    freeze(network, 1)
    photos = torch.rand(2, 3, 64, 64)
    before = {name: value.clone() for name, value in network.named_buffers()}
    set_learning(network, keeps_means=True)
    network(photos)
    assert all(value.equal(before[name]) for name, value in network.named_buffers())
    set_learning(network, keeps_means=False)
    network(photos)
    moved = {name for name, value in network.named_buffers() if not value.equal(before[name])}
    assert moved
    assert not any(name.startswith("down.0.") for name in moved)


def test_bf16_learns_what_float32_does(tmp_path: Path) -> None:
    losses = {}
    for precision in ("fp32", "bf16"):
        outcome = processes.train(
            job(tmp_path / precision, options(precision=precision, augmentation="none"), pairs(4)), MASKS, Silence()
        )
        losses[precision] = [one.loss for one in outcome.history if one.loss is not None]
        assert all(value.dtype in (torch.float32, torch.int64) for value in outcome.weights.values())
    assert losses["bf16"] == pytest.approx(losses["fp32"], rel=0.02)
    assert losses["bf16"] != losses["fp32"]


def test_training_ends_early_where_nothing_becomes_better(tmp_path: Path) -> None:
    # Steps of nothing leave the network as it was: the start stays the best.
    chosen = options(epochs=9, patience=2, rate=1e-12, augmentation="none", batch_norm="frozen", average=0)
    outcome = processes.train(job(tmp_path, chosen, pairs(2), pairs(2)), MASKS, Silence())
    assert [one.number for one in outcome.history] == [0, 1, 2]
    assert outcome.best == 0


def test_a_loss_that_is_no_number_ends_the_training_with_what_to_do(tmp_path: Path) -> None:
    wrong = pairs(2)
    wrong[1].rgb[:] = float("nan")
    with pytest.raises(TrainingError, match="smaller `--rate`"):
        processes.train(job(tmp_path, options(), wrong), MATTES, Silence())


def test_too_little_memory_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def too_little(*_: object) -> None:
        raise RuntimeError("[enforce fail at alloc_cpu.cpp:127] DefaultCPUAllocator: can't allocate memory: you tried")

    monkeypatch.setattr(Loop, "_loss", too_little)
    with pytest.raises(TrainingError, match=r"2 photos of 64×64.*`--batch 1 --accumulate 2`"):
        processes.train(job(tmp_path, options(), pairs(2)), MASKS, Silence())
    with pytest.raises(TrainingError, match=r"smaller `--size`, such as 64"):
        processes.train(job(tmp_path, options(batch=1), pairs(2)), MASKS, Silence())


def test_other_faults_are_told_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise RuntimeError("shapes do not fit")

    monkeypatch.setattr(Loop, "_loss", fails)
    with pytest.raises(RuntimeError, match="shapes do not fit"):
        processes.train(job(tmp_path, options(), pairs(2)), MASKS, Silence())


def test_what_this_machine_cannot_do_is_refused() -> None:
    with pytest.raises(OptionError, match="a processor does not compute in fp16"):
        computing(options(precision="fp16"))
    with pytest.raises(OptionError, match="`size` takes a multiple of 32, got: 100"):
        options(size=100)


def test_answers_to_photos_that_are_to_be_kept_change_less(tmp_path: Path) -> None:
    others = [pair(seed) for seed in range(20, 24)]
    rgb = torch.from_numpy(np.stack([one.rgb for one in others]))
    torch.manual_seed(0)
    network = build("unet-small").eval()
    before = torch.sigmoid(network(rgb).logits[0])
    moved = {}
    for keep in (0.0, 20.0):
        chosen = Finetuning(
            size=64, epochs=20, batch=4, rate=1e-2, augmentation="none", device="cpu", save_every=1e9, patience=0,
            average=0, keep=keep, frozen=0, batch_norm="frozen",
        )  # fmt: skip
        kept = replace(job(tmp_path / f"{keep}", chosen, pairs(4)), keep=others)
        kept = replace(
            kept, record=kept.record.model_copy(update={"input": kept.record.input.model_copy(update=_AS_IT_IS)})
        )
        network.load_state_dict(processes.train(kept, Weights(region=1.0), Silence()).weights)
        moved[keep] = float((torch.sigmoid(network(rgb).logits[0]) - before).abs().mean().detach())
    assert moved[20.0] < 0.5 * moved[0.0]


_AS_IT_IS = {"mean": (0.0, 0.0, 0.0), "std": (1.0, 1.0, 1.0)}
"""The photos as they are, so that a test can show them to a network by itself."""
