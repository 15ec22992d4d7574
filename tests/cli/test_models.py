from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from feathercut.settings import Settings

from .command import RECORD, Command


def test_list_shows_licence_size_and_whether_it_was_run(command: Command) -> None:
    done = command("models", "list")
    assert (done.code, done.said) == (0, [])
    head, *rows = done.out.decode().splitlines()
    assert [word for word in ("id", "licence", "commercial use", "MB", "here", "verified") if word not in head] == []
    assert any(row.startswith("tiny ") and " claimed " in row for row in rows)
    assert any(row.startswith("rmbg-1.4 ") and " no " in row for row in rows)


def test_list_as_json(command: Command) -> None:
    report = command("models", "list", "--json").report
    ids = {model["id"]: model for model in report["models"]}
    assert report["version"] == 1
    assert ids["tiny"]["own"] and ids["tiny"]["path"] and ids["tiny"]["commercial"]
    assert ids["rmbg-1.4"]["accept"] and not ids["rmbg-1.4"]["commercial"]


def test_list_goes_on_where_one_file_is_wrong(command: Command, tiny_models: Path) -> None:
    models = command.folder / "models"
    shutil.copytree(tiny_models, models)
    (models / "u2netp.onnx").write_bytes(b"something else")
    done = command("models", "list", FEATHERCUT_MODELS=str(models))
    assert done.code == 0 and len(done.said) == 1 and "u2netp.onnx" in done.said[0]
    assert any("u2netp " in row and "wrong" in row for row in done.out.decode().splitlines())


def test_wrong_record_is_named_with_the_path_of_its_word(command: Command, tiny_models: Path) -> None:
    models = command.folder / "models"
    shutil.copytree(tiny_models, models)
    (models / "bad.json").write_text(json.dumps({**RECORD, "id": "bad", "input": {**RECORD["input"], "fit": "zoom"}}))  # type: ignore[dict-item]
    done = command("models", "list", "--json", FEATHERCUT_MODELS=str(models))
    done.is_one_line(0, "bad.json", "input.fit")
    assert "bad.json" in done.report["wrong_records"][0]
    assert {"tiny", "u2netp"} < {model["id"] for model in done.report["models"]}
    done = command("models", "list", FEATHERCUT_MODELS=str(models))
    done.is_one_line(0, "bad.json")
    assert b"\ntiny " in done.out
    command("models", "path", "bad", FEATHERCUT_MODELS=str(models)).is_one_line(4, "input.fit")
    command("models", "check", "models/bad.json").is_one_line(4, "input.fit")


def test_path_tells_whether_weights_are_here(command: Command, tiny_models: Path) -> None:
    assert command("models", "path", "tiny").out.decode().strip() == str(tiny_models / "tiny.onnx")
    command("models", "path", "u2net").is_one_line(4, "feathercut models get u2net")
    command("models", "path", "u2nett").is_one_line(4, "`u2net`")


def test_check_runs_the_network(command: Command) -> None:
    done = command("models", "check", "tiny")
    assert done.code == 0 and b"tiny" in done.out
    command("models", "check", "nowhere.json").is_one_line(4, "feathercut: nowhere.json: is not there; check the path")


def test_get_offline_names_every_source(command: Command) -> None:
    done = command("models", "get", "u2net", FEATHERCUT_CACHE=str(command.folder / "cache"))
    assert done.code == 4 and "the network is off" in done.said[0] and len(done.said) > 3


def test_get_of_a_restricted_network_asks_first(command: Command) -> None:
    command("models", "get", "rmbg-1.4").is_one_line(5, "--accept-licence")


def test_remove_leaves_the_users_own_files(command: Command, tiny_models: Path) -> None:
    assert command("models", "remove", "tiny").code == 0
    assert (tiny_models / "tiny.onnx").exists()


@pytest.mark.weights
def test_remove_frees_the_cache_only(command: Command, u2netp_path: Path, weights_settings: Settings) -> None:
    cache = command.folder / "cache"
    (cache / "weights").mkdir(parents=True)
    shutil.copy(u2netp_path, cache / "weights" / u2netp_path.name)
    there = command("models", "path", "u2netp", FEATHERCUT_CACHE=str(cache))
    assert there.code == 0
    done = command("models", "remove", "u2netp", FEATHERCUT_CACHE=str(cache))
    assert done.code == 0 and b"MB freed" in done.out
    assert command("models", "path", "u2netp", FEATHERCUT_CACHE=str(cache)).code == 4
    assert u2netp_path.exists()


def test_cache_of_a_newer_feathercut_is_refused(command: Command) -> None:
    cache = command.folder / "cache"
    cache.mkdir()
    (cache / "version.json").write_text('{"version": 99}')
    command("models", "list", FEATHERCUT_CACHE=str(cache)).is_one_line(7, "99", "FEATHERCUT_CACHE")


def test_wrong_setting_is_an_error_of_usage(command: Command) -> None:
    command("models", "list", FEATHERCUT_OFFLINE="perhaps").is_one_line(2, "FEATHERCUT_OFFLINE")
    command("models", "list", FEATHERCUT_MODELS="nowhere").is_one_line(2, "FEATHERCUT_MODELS")
