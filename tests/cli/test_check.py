"""`feathercut check`: photos sorted into fine, look and redo."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from .command import Command

CHECK = ("check", "--model", "tiny", "photos")


def ring(path: Path, level: int) -> None:
    """A photo of a disc as bright as `level` on black: the tiny network is as sure of it as it is bright."""
    rows, columns = np.mgrid[:500, :500]
    inside = np.hypot(rows - 250, columns - 250) < 150
    Image.fromarray(np.where(inside[..., None], level, 0).astype(np.uint8).repeat(3, axis=2)).save(path)


@pytest.fixture(name="photos")
def three_photos(command: Command) -> Path:
    folder = command.folder / "photos"
    (folder / "below").mkdir(parents=True)
    ring(folder / "sure.png", 255)
    ring(folder / "half.png", 128)
    ring(folder / "below" / "nothing.png", 20)
    return folder


def test_each_photo_is_sorted_and_the_exit_code_says_the_worst(command: Command, photos: Path) -> None:
    done = command(*CHECK)
    lines = [line.split() for line in done.out.decode().splitlines()]
    assert [(words[0], Path(words[2]).name) for words in lines] == [
        ("redo", "half.png"),
        ("fine", "sure.png"),
        ("redo", "nothing.png"),
    ]
    assert lines[2][1:2] + lines[2][3:] == ["0.00", "no-subject,", "try", "--method", "plain"]
    assert (done.code, done.said[-1]) == (11, "1 fine, 2 redo")
    assert command("check", "--model", "tiny", "photos/sure.png", "--quiet").code == 0


def test_a_method_without_a_network_is_checked_too_and_none_is_loaded(command: Command, photos: Path) -> None:
    done = command("check", "--model", "not-there", "photos/sure.png", "--method", "plain", "--json")
    assert done.code == 0
    assert done.report["photos"][0]["report"]["method"] is None


def test_copies_go_to_three_folders_and_the_photos_stay(command: Command, photos: Path) -> None:
    before = {path: path.read_bytes() for path in photos.rglob("*.png")}
    assert command(*CHECK, "--copy-to", "sorted", "--quiet").code == 11
    copies = {path.relative_to(command.folder / "sorted").as_posix() for path in command.folder.glob("sorted/**/*.png")}
    assert copies == {"fine/sure.png", "redo/half.png", "redo/below/nothing.png"}
    assert {path: path.read_bytes() for path in photos.rglob("*.png")} == before
    ring(photos / "half.png", 255)
    os.utime(photos / "half.png", (1, 1))
    again = command(*CHECK, "--copy-to", "sorted", "--resume", "--json").report["photos"]
    assert [(Path(one["input"]).name, one["verdict"], one["kept"]) for one in again] == [
        ("half.png", "fine", False),
        ("sure.png", "fine", True),
        ("nothing.png", "redo", True),
    ]


def test_json_has_reports_with_places_and_a_broken_photo_is_named(command: Command, photos: Path) -> None:
    (photos / "broken.png").write_bytes(b"no picture")
    done = command(*CHECK, "--json")
    assert done.code == 3
    assert {name: done.report[name] for name in ("fine", "look", "redo", "failed")} == {
        "fine": 1, "look": 0, "redo": 2, "failed": 1,
    }  # fmt: skip
    reports = {Path(one["input"]).name: one for one in done.report["photos"]}
    assert reports["broken.png"]["error"]["kind"] == "NotAPictureError"
    (grey, *_) = [one for one in reports["half.png"]["report"]["findings"] if one["kind"] == "uncertain-edges"]
    runs = [int(run) for run in grey["mask"]["runs"].split()]
    assert sum(runs) == grey["mask"]["width"] * grey["mask"]["height"]
    assert 80 < grey["box"]["left"] < 120 and 380 < grey["box"]["right"] < 420


def test_a_sheet_is_one_file_that_loads_nothing(command: Command, photos: Path) -> None:
    assert command(*CHECK, "--sheet", "out/sheet.html", "--quiet").code == 11
    page = (command.folder / "out" / "sheet.html").read_text("utf-8")
    assert page.count("<img") == 6
    assert page.count('src="data:image/') == 6
    assert "no-subject" in page and '<rect class="hint"' in page
    command(*CHECK, "--sheet", "out/sheet.html").is_one_line(2, "sheet.html", "--overwrite")


def test_resume_without_copies_makes_no_sense(command: Command, photos: Path) -> None:
    command(*CHECK, "--resume").is_one_line(2, "--copy-to")
