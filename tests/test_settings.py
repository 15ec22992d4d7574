from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from feathercut.errors import OptionError
from feathercut.settings import Settings, usual_models_folder


def test_defaults_stay_below_the_home_folder(own_home: Path) -> None:
    settings = Settings.read({})
    assert settings.models is None
    assert not settings.is_offline
    assert settings.cache_bytes == 2 * 1024**3
    assert settings.rembg_folders == (own_home / ".rembg", own_home / ".u2net")


def test_the_environment_is_read(tmp_path: Path) -> None:
    settings = Settings.read(
        {
            "FEATHERCUT_CACHE": str(tmp_path / "c"),
            "FEATHERCUT_MODELS": str(tmp_path),
            "FEATHERCUT_OFFLINE": "yes",
            "FEATHERCUT_CACHE_BYTES": "1000",
            "FEATHERCUT_TIMEOUT": "2.5",
            "REMBG_HOME": str(tmp_path / "r"),
            "U2NET_HOME": str(tmp_path / "u"),
        }
    )
    assert (settings.cache, settings.models, settings.is_offline) == (tmp_path / "c", tmp_path, True)
    assert (settings.cache_bytes, settings.timeout_s) == (1000, 2.5)
    assert settings.rembg_folders[:2] == (tmp_path / "u", tmp_path / "r")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FEATHERCUT_MODELS", "/there/is/no/such/folder"),
        ("FEATHERCUT_OFFLINE", "perhaps"),
        ("FEATHERCUT_CACHE_BYTES", "much"),
        ("FEATHERCUT_CACHE_BYTES", "-1"),
        ("FEATHERCUT_CACHE_BYTES", "1.5"),
        ("FEATHERCUT_TIMEOUT", "nan"),
    ],
)
def test_a_bad_value_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(OptionError, match=f"`{name}`"):
        Settings.read({name: value})


def test_every_field_has_its_variable_and_its_sentence() -> None:
    for one in fields(Settings):
        assert one.metadata["variable"].isupper() or "," in one.metadata["variable"]
        assert one.metadata["sentence"].endswith(".")


def test_a_user_without_a_home_has_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", none)
    assert Settings.read({"FEATHERCUT_CACHE": "/cache"}).rembg_folders == ()
    assert Settings.read({"FEATHERCUT_CACHE": "/cache", "U2NET_HOME": "/nets"}).rembg_folders == (Path("/nets"),)


def test_networks_of_ones_own_have_a_usual_folder_that_is_taken_where_it_exists(own_home: Path) -> None:
    usual = usual_models_folder()
    assert usual is not None
    assert usual.is_relative_to(own_home)
    assert Settings.read({}).models is None
    usual.mkdir(parents=True)
    assert Settings.read({}).models == usual
    assert Settings.read({"FEATHERCUT_MODELS": str(own_home)}).models == own_home
