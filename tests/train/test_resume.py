"""A training that is killed, at any moment, goes on as if nothing had been."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch

from feathercut.errors import OptionError, OutputError
from feathercut.train import state
from train.drawn import data_set

_TRAIN = (
    "train", "--network", "unet-small", "--size", "64", "--epochs", "3", "--batch", "2", "--accumulate", "2",
    "--held-out", "0.25", "--device", "cpu", "--no-int8", "--install-anyway", "--overwrite", "--save-every", "0",
)  # fmt: skip

# The command, in a process that is killed at a moment: while the so-manieth state is being written, or in a step.
_KILLED = """
import os, signal, sys
from feathercut.cli.main import run
from feathercut.train import loop, state
moment, count = sys.argv[1], int(sys.argv[2])
calls = 0
def counted(real):
    def call(*given):
        global calls
        calls += 1
        if calls == count:
            os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
        return real(*given)
    return call
if moment == "write":
    state.os.fsync = counted(os.fsync)
elif moment == "step":
    loop.Loop._loss = counted(loop.Loop._loss)
sys.exit(run(sys.argv[3:]))
"""


def words(data: Path, work: Path) -> list[str]:
    return [*_TRAIN, "--data", str(data), "--out", "own", "--work", str(work)]


def environment(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "models").mkdir(exist_ok=True)
    more = {"FEATHERCUT_MODELS": str(tmp_path / "models"), "FEATHERCUT_CACHE": str(tmp_path / "cache")}
    return {**os.environ, **more, "OMP_WAIT_POLICY": "PASSIVE"}


def weights_in(work: Path) -> dict[str, Any]:
    found: dict[str, Any] = torch.load(state.path_of(work), weights_only=True)
    return found


def run_until(
    moment: str, count: int, command: list[str], settings: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    whole = [sys.executable, "-c", _KILLED, moment, str(count), *command]
    return subprocess.run(whole, env=settings, capture_output=True, text=True, check=False)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signal that cannot be caught")
def test_a_training_that_is_killed_in_mid_epoch_ends_with_the_same_weights_to_the_bit(tmp_path: Path) -> None:
    # Sixteen photos, four of them held out: three steps an epoch, the last one of two batches like the others.
    data, settings = data_set(tmp_path / "data", 16), environment(tmp_path)
    whole_run = run_until("never", 0, words(data, tmp_path / "whole"), settings)
    assert whole_run.returncode == 0, whole_run.stderr
    command, work = words(data, tmp_path / "cut"), tmp_path / "cut"
    # While the second state was written: the first one is there, of one step.
    assert run_until("write", 2, command, settings).returncode == -signal.SIGKILL
    assert weights_in(work)["position"] == [0, 2, 1]
    # Of the rest of the first epoch and of the next, five steps, the second half of the fourth.
    assert run_until("step", 8, command, settings).returncode == -signal.SIGKILL
    assert weights_in(work)["position"] == [1, 2, 4]
    ended = run_until("never", 0, command, settings)
    assert ended.returncode == 0, ended.stderr
    assert "epoch 3/3" in ended.stderr
    assert "epoch 1/3" not in ended.stderr
    whole, cut = weights_in(tmp_path / "whole"), weights_in(work)
    assert cut["position"] == whole["position"] == [3, 0, 9]
    for part in ("network", "best"):
        assert whole[part].keys() == cut[part].keys()
        assert all(value.equal(cut[part][name]) for name, value in whole[part].items()), part
    assert all(v.equal(cut["average"]["weights"][name]) for name, v in whole["average"]["weights"].items())
    rows = [[(one["number"], one["loss"], one["held_out"]) for one in found["history"]] for found in (whole, cut)]
    assert rows[0] == rows[1]
    exported = [(tmp_path / name / "network" / "own.onnx").read_bytes() for name in ("whole", "cut")]
    assert exported[0] == exported[1]


PLAN: dict[str, object] = {"network": "unet-small", "--rate": 0.1}


def test_a_state_is_that_of_the_same_options(tmp_path: Path) -> None:
    state.save(tmp_path, PLAN, {"position": [1, 2, 3]})
    found = state.load(tmp_path, PLAN)
    assert found is not None
    assert found["position"] == [1, 2, 3]
    with pytest.raises(OptionError, match=r"`--rate` 0.1 instead of 0.2.*`--restart`"):
        state.load(tmp_path, {**PLAN, "--rate": 0.2})
    assert state.load(tmp_path / "other", PLAN) is None


@pytest.mark.parametrize("keeps", [0, 7, 400])
def test_a_state_that_was_cut_short_by_something_else_is_refused(tmp_path: Path, keeps: int) -> None:
    state.save(tmp_path, PLAN, {"position": [1, 2, 3], "weights": torch.zeros(1000)})
    whole = state.path_of(tmp_path).read_bytes()
    state.path_of(tmp_path).write_bytes(whole[:keeps])
    with pytest.raises(OptionError, match=r"state.pt is no state to go on from: .*`--restart` begins anew"):
        state.load(tmp_path, PLAN)


def test_what_a_killed_process_left_half_written_is_taken_away(tmp_path: Path) -> None:
    state.save(tmp_path, PLAN, {"position": [1, 2, 3]})
    (tmp_path / ".1f.part").write_bytes(b"half")
    assert state.load(tmp_path, PLAN) is not None
    assert [path.name for path in tmp_path.iterdir()] == ["state.pt"]


_FULL = """
import resource, sys, torch
from pathlib import Path
from feathercut.errors import OutputError
from feathercut.train import state
folder = Path(sys.argv[1])
state.save(folder, {}, {"number": 1})
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    state.save(folder, {}, {"number": 2, "weights": torch.zeros(1_000_000)})
except OutputError as error:
    print(error, "|", state.load(folder, {})["number"], sorted(path.name for path in folder.iterdir()))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on the size of files")
def test_a_state_that_does_not_fit_leaves_the_one_before(tmp_path: Path) -> None:
    run = subprocess.run([sys.executable, "-c", _FULL, str(tmp_path)], capture_output=True, text=True, check=True)
    assert "state.pt cannot be written: " in run.stdout, run.stderr
    assert run.stdout.strip().endswith("What was saved before is there | 1 ['state.pt']")


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise RuntimeError("unexpected pos 64 vs 0") from OSError(28, "No space left on device")

    monkeypatch.setattr(torch, "save", full)
    with pytest.raises(OutputError, match="the disk is full; make room or choose another one"):
        state.save(tmp_path, PLAN, {})
