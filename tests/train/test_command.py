"""From photos to a network of one's own, and what is said where that cannot be."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from feathercut import system
from feathercut.cli.main import run
from feathercut.models.catalogue import find, is_own
from feathercut.models.quantisation import read_quantisation
from feathercut.settings import Settings
from train.drawn import data_set

_QUICK = ("--size", "64", "--epochs", "1", "--batch", "4", "--device", "cpu", "--augmentation", "none")


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weights_settings: Settings) -> None:
    """The shared weights, and networks of one's own where they lie by default: in the test's own home."""
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
    monkeypatch.setenv("OMP_WAIT_POLICY", "PASSIVE")
    monkeypatch.chdir(tmp_path)


def finetune(data: Path, *more: str) -> int:
    return run(["finetune", "--data", str(data), "--from", "u2netp", "--out", "my-products", *_QUICK, *more])


@pytest.mark.weights
def test_a_tuned_network_is_installed_and_removes_backgrounds_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = data_set(tmp_path / "data", 8, 96)
    assert finetune(data, "--epochs", "2", "--install-anyway") == 0
    said = capsys.readouterr()
    assert re.search(r"my-products, after +2 +0\.\d{4} +\d\.\d{4}", said.out)
    assert "`feathercut remove PHOTO --model my-products` uses it" in said.out
    assert "epoch 2/2: loss" in said.err

    settings = Settings.read()
    record = find("my-products", settings.models)
    assert is_own(record)
    assert record.input.size == (64, 64)
    assert record.title == "my-products: `u2netp` tuned to 6 photos of your own"
    assert record.licence.weights == find("u2netp").licence.weights
    if system.multiplies_bytes():
        assert len(read_quantisation("my-products", settings.models).layers) == 119
        assert record.int8["own"].photos == 2

    assert run(["remove", str(data / "images" / "003.png"), "--model", "my-products", "-o", "cutout.png"]) == 0
    alpha = np.asarray(Pillow.open("cutout.png"))[..., 3] / 255
    truth = np.asarray(Pillow.open(data / "alpha" / "003.png")) / 255
    assert alpha.shape == truth.shape
    capsys.readouterr()
    assert run(["models", "list", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)["models"]}
    assert rows["my-products"]["own"]
    assert rows["my-products"]["path"]
    assert run(["models", "check", "my-products"]) == 0

    page = Path("feathercut-training/my-products/report.html").read_text("utf-8")
    assert "Before and after" in page
    assert page.count("<img ") == 2 * 4
    assert "http" not in page.replace("http://www.w3.org", "")


@pytest.mark.weights
def test_what_is_no_better_is_not_installed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = data_set(tmp_path / "data", 6, 96)
    # At the size that it was published for: the same weights at another may well be better on drawn discs.
    assert finetune(data, "--size", "320", "--rate", "1e-12", "--no-int8", "--frozen", "6") == 13
    said = capsys.readouterr().err.splitlines()[-1]
    assert re.match(
        r"feathercut: `my-products` was not installed: on 1 held-out photos? its MAE is .*anyway` inst", said
    )
    assert Settings.read().models is None


@pytest.mark.weights
def test_a_network_of_ones_own_can_be_tuned_again(tmp_path: Path) -> None:
    data = data_set(tmp_path / "data", 6)
    assert run(
        ["train", "--network", "unet-small", "--data", str(data), "--out", "first", *_QUICK, "--no-int8"]
    ) == 0  # fmt: skip
    again = ["--from", "first", "--out", "second", "--data", str(data), *_QUICK, "--no-int8", "--install-anyway"]
    assert run(["finetune", *again]) == 0
    assert find("second", Settings.read().models).title == "second: `first` tuned to 5 photos of your own"


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--from", "isnet-generall"], 4, r"no model `isnet-generall`. Did you mean `isnet-general`"),
        (["--from", "rmbg-1.4"], 5, "restricted licence"),
        (["--out", "u2netp"], 2, "a network of that name comes with Feathercut"),
        (["--out", "My Products"], 2, "takes small letters, digits"),
        (["--size", "100"], 2, "multiple of 32"),
        (["--precision", "fp16"], 2, "does not compute in fp16"),
        (["--device", "cuda"], 6, "`cuda` is not there"),
        (["--keep-photos", "nowhere"], 3, "nowhere"),
        (["--data", "nowhere"], 3, "nowhere"),
        (["--held-out", "1"], 2, "`--held-out` takes less than 1, got: 1"),
    ],
)
@pytest.mark.weights
def test_what_cannot_be_is_one_line_and_an_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: list[str], code: int, said: str
) -> None:
    assert finetune(data_set(tmp_path / "data", 4), *words) == code
    line = capsys.readouterr().err.splitlines()[-1]
    assert re.search(said, line), line
    assert not list(tmp_path.glob("feathercut-training/*/state.pt"))


def test_a_set_of_three_is_too_small(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert finetune(data_set(tmp_path / "data", 3)) == 12
    assert "has 3 photos with a matte of the same name, where 4 are the least" in capsys.readouterr().err


def test_a_network_that_is_not_built_here_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = data_set(tmp_path / "data", 4)
    assert run(["train", "--network", "resnet", "--data", str(data), "--out", "own", *_QUICK]) == 4
    assert "`resnet`" in capsys.readouterr().err


@pytest.mark.weights
@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda folder: (folder / "images" / "002.png").write_bytes(b"no picture"), r"002\.png"),
        (lambda folder: (folder / "alpha" / "002.png").write_bytes(b""), r"002\.png"),
        (lambda folder: Pillow.new("L", (9, 9), 255).save(folder / "alpha" / "002.png"), r"002\.png has 9×9 pixels"),
        (lambda folder: Pillow.new("L", (64, 64)).save(folder / "alpha" / "002.png"), r"002\.png is empty"),
    ],
)
def test_a_broken_pair_is_named_before_anything_is_learned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], spoil: object, said: str
) -> None:
    data = data_set(tmp_path / "data", 5)
    assert callable(spoil)
    spoil(data)
    assert finetune(data) == 3
    lines = capsys.readouterr().err.splitlines()
    assert re.search(said, lines[-1]), lines
    assert len(lines) == 1
