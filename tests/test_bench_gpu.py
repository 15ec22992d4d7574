"""`python -m bench gpu`: what it says where there is no GPU, and how it counts where there is one."""

from __future__ import annotations

import sys
from pathlib import Path

import onnxruntime
import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import __main__ as bench
from bench import gpu
from bench.cards import Card
from bench.gpu_runs import Measured, measured, multiply_adds, precisions, reference
from bench.processes import NotRunError

HAS_CUDA = "CUDAExecutionProvider" in onnxruntime.get_available_providers()


@pytest.mark.skipif(HAS_CUDA, reason="this runtime has CUDA")
def test_without_a_gpu_it_says_that_it_was_not_run_and_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "gpu"])
    monkeypatch.setattr(bench, "BENCH", tmp_path)
    monkeypatch.setattr(bench, "write", lambda tables: None)
    assert bench.main() == 3
    assert "`gpu` was not run: device `cuda` is not there: " in capsys.readouterr().err


@pytest.mark.parametrize("device", ["cpu", "abacus"])
def test_what_is_no_gpu_is_not_run(device: str) -> None:
    with pytest.raises(NotRunError, match=f"there is no GPU called `{device}`"):
        gpu.table(1, device)


def test_a_row_counts_photos_and_the_share_of_the_cards_peak() -> None:
    run = Measured("fp16", 8, 0.005, 1.12, 0.040, 0.020, 3261.0, 1.0)
    row = gpu._row("isnet-general", run, 160.0, Card("NVIDIA H100 80GB HBM3", "580"))
    assert row[7] == "200.0"
    assert row[9] == "128.0 (13 % of 989)"
    assert gpu._row("isnet-general", run, 160.0, Card("Another", "1"))[9] == "128.0"


def test_half_precision_is_tried_where_the_loader_would_use_it() -> None:
    assert "fp16" in precisions("isnet-general") and "fp16" not in precisions("u2netp")


@pytest.mark.weights
def test_differences_are_of_answers_to_the_same_photos(
    tmp_path: Path, u2netp_path: Path, weights_settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEATHERCUT_CACHE", str(u2netp_path.parents[1]))
    kept = tmp_path / "kept.npz"
    reference("u2netp", 2, 1, kept)
    (run,) = measured("u2netp", "cpu", "fp32", (2,), 1, kept)
    assert run.mean < 1e-3 and run.largest < 0.1
    assert multiply_adds("u2netp") == pytest.approx(19.756e9, rel=1e-3)
