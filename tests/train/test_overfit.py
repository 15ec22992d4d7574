"""A network that can learn learns four photos by heart."""

from __future__ import annotations

from pathlib import Path

from feathercut.train import processes
from feathercut.train.history import Silence
from feathercut.train.losses.total import Weights
from feathercut.train.options import Training
from train.drawn import job, pairs


def test_u2netp_learns_four_pairs_at_128_px_to_a_mae_under_a_hundredth(tmp_path: Path) -> None:
    chosen = Training(
        size=128,
        precision="fp32",
        epochs=50,
        batch=4,
        rate=3e-3,
        augmentation="none",
        patience=0,
        average=0,
        device="cpu",
        save_every=1e9,
    )
    four = pairs(4, 128)
    outcome = processes.train(job(tmp_path, chosen, four, four, "u2netp"), Weights(region=1.0), Silence())
    first, best = outcome.history[0].held_out, outcome.history[outcome.best].held_out
    assert first is not None
    assert best is not None
    assert first.mae > 0.3
    assert best.mae < 0.01
    assert best.iou > 0.94
