from __future__ import annotations

import sys
from pathlib import Path

import pytest

# For the tiny network of `incumbent`, which lies beside this folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from .command import Command, make_models, photo


@pytest.fixture(scope="session")
def tiny_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_models(tmp_path_factory.mktemp("tiny") / "models")


@pytest.fixture(scope="session")
def tiny_settings(tiny_models: Path) -> dict[str, str]:
    """The environment of a user with a network of their own, who is offline."""
    return {
        "FEATHERCUT_MODELS": str(tiny_models),
        "FEATHERCUT_CACHE": str(tiny_models.parent / "cache"),
        "FEATHERCUT_OFFLINE": "1",
        "PYTHONWARNINGS": "error",
    }


@pytest.fixture
def command(tiny_settings: dict[str, str], tmp_path: Path) -> Command:
    """The command, in an empty folder."""
    folder = tmp_path / "work"
    folder.mkdir()
    return Command(folder, tiny_settings)


@pytest.fixture
def in_folder(command: Command) -> Path:
    """The command's folder, with `photo.jpg` in it."""
    (command.folder / "photo.jpg").write_bytes(photo())
    return command.folder
