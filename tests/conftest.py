"""What every test gets: a home folder of its own, and the weights that all tests share."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from feathercut.models import catalogue, weights
from feathercut.settings import Settings

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home folder: no test reads or writes the real one."""
    home = tmp_path_factory.mktemp("home")
    for name in list(os.environ):
        if name.startswith("FEATHERCUT_") and name != "FEATHERCUT_TEST_WEIGHTS":
            monkeypatch.delenv(name)
    for name in ("REMBG_HOME", "U2NET_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "APPDATA"):
        monkeypatch.setenv(name, str(home / "cache"))
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1,localhost")
    return home


@pytest.fixture(scope="session")
def weights_settings() -> Settings:
    """Settings whose cache is shared by all tests, so that weights are downloaded once a clone."""
    folder = os.environ.get("FEATHERCUT_TEST_WEIGHTS") or str(REPOSITORY / ".cache" / "weights")
    return Settings(cache=Path(folder).absolute())


@pytest.fixture(scope="session")
def u2netp_path(weights_settings: Settings) -> Path:
    """The published U²-Net-p."""
    return weights.locate(catalogue.find("u2netp"), weights_settings)


@pytest.fixture(scope="session")
def isnet_path(weights_settings: Settings) -> Path:
    """The published IS-Net, in whichever precision is to be had."""
    return weights.locate(catalogue.find("isnet-general"), weights_settings)
