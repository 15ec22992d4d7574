from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from factories import soft_disc
from feathercut.cli.main import run

from .command import Command


def save(path: Path, pixels: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.asarray(pixels, np.uint8)).save(path)


def make_set(folder: Path, count: int = 4) -> Path:
    """Pairs `p0`, `p1` … of a dark disc before something bright, each of its own pattern and softness."""
    for number in range(count):
        coarse = Image.fromarray(np.random.default_rng(number).integers(0, 256, (6, 8, 3), np.uint8))
        alpha = soft_disc((48, 64), 4 + number)
        pattern = np.asarray(coarse.resize((64, 48), Image.Resampling.BICUBIC))
        share = alpha[..., None]
        photo = share * (10 + pattern * 0.2) + (1 - share) * (160 + pattern * 0.3)
        save(folder / "images" / f"p{number}.png", photo)
        save(folder / "alpha" / f"p{number}.png", np.rint(alpha * 255))
    return folder


@pytest.fixture(name="folder")
def in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a data set `mine` that has no fault."""
    monkeypatch.chdir(tmp_path)
    make_set(tmp_path / "mine")
    return tmp_path


def test_a_set_without_a_fault_ends_with_0(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "check", "mine"]) == 0
    said = capsys.readouterr()
    assert said.out == "" and said.err.splitlines() == ["mine: 4 pairs", "Nothing is the matter"]


def test_what_wants_a_look_ends_with_10_and_what_must_be_repaired_with_11(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for side in ("images", "alpha"):
        (folder / "mine" / side / "copy.png").write_bytes((folder / "mine" / side / "p1.png").read_bytes())
    assert run(["data", "check", "mine"]) == 10
    line = capsys.readouterr().out.split()
    assert line[:2] == ["warning", "duplicate"] and line[2:4] == ["mine/images/copy.png,", "mine/images/p1.png"]
    save(folder / "mine" / "alpha" / "p0.png", np.zeros((48, 64)))
    assert run(["data", "check", "mine"]) == 11
    said = capsys.readouterr()
    assert "serious  empty  mine/alpha/p0.png  Nothing is the subject" in said.out
    assert "1 empty: Draw the matte" in said.err and "1 duplicate: Keep one of them." in said.err


def test_json_and_sheet_say_the_same(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(folder / "mine" / "alpha" / "p0.png", np.full((48, 60), 255))
    assert run(["data", "check", "mine", "--json", "--sheet", "out/sheet.html"]) == 11
    document = json.loads(capsys.readouterr().out)
    assert document["counts"] == {"sizes": 1, "full": 1} and document["left_out"] == 0
    assert document["sets"] == [{"folder": "mine", "pairs": 4, "masks": 0, "truth": "any"}]
    assert [fault["kind"] for fault in document["faults"]] == ["sizes", "full"]
    assert all(fault["severity"] == "serious" and fault["remedy"] for fault in document["faults"])
    page = (folder / "out" / "sheet.html").read_text("utf-8")
    assert "sizes</b> (1)" in page and "full</b> (1)" in page
    assert run(["data", "check", "mine", "--sheet", "out/sheet.html"]) == 2
    assert "`--overwrite` replaces it" in capsys.readouterr().err


@pytest.mark.parametrize("words", [["check", "none"], ["split", "none"], ["show", "none", "--sheet", "a.html"]])
def test_a_folder_that_is_no_data_set_is_one_line(
    folder: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "none").mkdir()
    assert run(["data", *words]) == 3
    assert "none is no data set: it has no folder `images` for the photos" in capsys.readouterr().err


def test_an_empty_set_is_told_and_not_called_fine(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for side in ("images", "alpha"):
        (folder / "none" / side).mkdir(parents=True)
    assert run(["data", "check", "none"]) == 3
    assert "none has no picture in `images`" in capsys.readouterr().err


def test_a_split_is_written_and_kept_until_it_is_asked_for_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["data", "split", "mine", "--held-out", "0.5"]) == 0
    assert capsys.readouterr().out.strip().endswith("2 of 4 pairs are held out")
    listed = (folder / "mine" / "held-out.txt").read_text().split()
    assert len(listed) == 2 and set(listed) < {"p0", "p1", "p2", "p3"}
    assert run(["data", "split", "mine"]) == 3 and "--overwrite" in capsys.readouterr().err
    assert run(["data", "check", "mine"]) == 0


def test_show_writes_pairs_as_training_sees_them(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "show", "mine", "--sheet", "seen.html", "--count", "6", "--size", "32"]) == 0
    page = (folder / "seen.html").read_text("utf-8")
    assert page.count('alt="Its matte"') == 6 and "<h3>p3</h3>" in page
    capsys.readouterr()


def test_an_import_tells_what_it_left_out(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "work").mkdir()
    (folder / "work" / "a.feathercut.json").write_text("{}")
    assert run(["data", "import", "recipes", "work", "--to", "made"]) == 3
    said = capsys.readouterr()
    assert said.out == "made: 0 pairs\n" and "left out: work/a.feathercut.json" in said.err.replace("\\", "/")
    assert run(["data", "import", "dis5k", "--to", "dis"]) == 5
    assert "--accept-licence dis5k" in capsys.readouterr().err
    assert run(["data", "import", "coco", "absent.json", "--photos", "mine", "--to", "made2"]) == 3
    assert "absent.json cannot be read as annotations" in capsys.readouterr().err


def test_the_command_itself_checks_without_torch(command: Command) -> None:
    make_set(command.folder / "mine", 2)
    (command.folder / "torch.py").write_text("raise SystemError('torch was imported')")
    done = command("data", "check", "mine", "--json", PYTHONPATH=str(command.folder))
    assert (done.code, done.said, done.report["sets"][0]["pairs"]) == (0, [], 2)


def test_help_names_every_layout(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["data", "import", "--help"]) == 0
    said = capsys.readouterr().out
    for word in ("am-2k", "coco", "corrections", "dis5k", "duts", "p3m-10k", "recipes", "supervisely"):
        assert f"  {word} " in said
