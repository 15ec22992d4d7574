"""Where PyTorch is missing, one line says what to install; the library and `--help` never ask for it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from feathercut.errors import OptionError
from feathercut.train import extra

IMPORTS = "import sys, feathercut.cli.main, feathercut.train.extra; print('torch' in sys.modules)"


def test_a_missing_torch_gives_one_line_that_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(OptionError, match=r"pip install 'feathercut\[train\]'") as raised:
        extra.check()
    assert "\n" not in str(raised.value)


def test_the_library_and_the_command_do_not_load_torch() -> None:
    run = subprocess.run([sys.executable, "-c", IMPORTS], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "False"
