"""The curves for TensorBoard, read back by TensorBoard's own reader."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from feathercut.cli.main import run
from feathercut.errors import OptionError
from feathercut.train.curves import Curves
from feathercut.train.history import Epoch, Measured
from train.drawn import data_set

events = pytest.importorskip("tensorboard.backend.event_processing.event_accumulator", reason="no TensorBoard here")
pytestmark = [
    # TensorBoard's own: it reads NumPy's old names and protobuf's old classes.
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


def read(folder: Path) -> dict[str, list[tuple[int, float]]]:
    """(epoch, number) of each curve that lies in a training's folder."""
    found = events.EventAccumulator(str(folder / "tensorboard"))
    found.Reload()
    return {name: [(one.step, one.value) for one in found.Scalars(name)] for name in found.Tags()["scalars"]}


def test_each_epoch_is_a_point_of_every_curve(tmp_path: Path) -> None:
    curves = Curves(tmp_path)
    curves.add(Epoch(0, None, 0.001, 0.0, Measured(0.25, 0.5)))
    curves.add(Epoch(1, 1.5, 0.002, 3.0, Measured(0.125, 0.75)))
    curves.add(Epoch(2, 0.5, 0.001, 3.0, None))
    assert read(tmp_path) == {
        "loss": [(1, 1.5), (2, 0.5)],
        "held out/mae": [(0, 0.25), (1, 0.125)],
        "held out/iou": [(0, 0.5), (1, 0.75)],
        "rate": [(0, pytest.approx(0.001)), (1, pytest.approx(0.002)), (2, pytest.approx(0.001))],
    }


def test_a_training_writes_what_its_report_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data = data_set(tmp_path / "data", 5)
    words = ["--network", "unet-small", "--data", str(data), "--out", "own", "--size", "64", "--epochs", "2"]
    assert run(["train", *words, "--device", "cpu", "--augmentation", "none", "--no-int8", "--tensorboard"]) == 0
    found = read(tmp_path / "feathercut-training" / "own")
    assert [epoch for epoch, _ in found["loss"]] == [1, 2]
    assert [epoch for epoch, _ in found["held out/mae"]] == [0, 1, 2]
    report = (tmp_path / "feathercut-training" / "own" / "report.html").read_text("utf-8")
    assert all(f"<td>{value:.4f}</td>" in report for _, value in (*found["loss"], *found["held out/iou"]))


def test_without_tensorboard_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    with pytest.raises(OptionError, match="pip install tensorboard"):
        Curves(tmp_path)
