"""Without PyTorch training is one line that says what to install; nothing else asks for it."""

from __future__ import annotations

import importlib.util

import pytest

from feathercut.cli.main import run


@pytest.mark.parametrize("command", ["train", "finetune"])
def test_a_missing_torch_is_one_line(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert run([command, "--data", "nowhere", "--out", "own"]) == 2
    assert capsys.readouterr().err == (
        "feathercut: Training needs PyTorch, which is not installed here; run `pip install 'feathercut[train]'`\n"
    )
