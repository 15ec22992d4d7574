"""Whatever is handed over: one line that names it, the right exit code, nothing written, nothing changed."""

from __future__ import annotations

import os
import struct
import sys
import zlib
from pathlib import Path

import pytest
from PIL import Image

from .command import Command, photo, size_of


def _header_of_a_bomb() -> bytes:
    """A PNG that claims 60000×60000 pixels, with none of them."""
    chunk = b"IHDR" + struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(bytes(1000))
    end = b"IEND"
    parts = [
        struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in (chunk, data, end)
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


_BAD = {
    "empty": (b"", "empty"),
    "short.jpg": (photo(200, 200)[:-300], "cut short"),
    "short.png": (photo(kind="PNG")[:-30], "cut short"),
    "header.jpg": (photo()[:20], "cut short"),
    "text.jpg": (b"Dear diary, this is no picture.\n", "text"),
    "drawing.svg": (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
    "paper.pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "PDF"),
    "bomb.png": (_header_of_a_bomb(), "60000×60000"),
    "noise.jpg": (bytes(range(256)) * 8, ""),
}


@pytest.mark.parametrize("name", _BAD)
def test_bad_file_is_named_in_one_line(command: Command, name: str) -> None:
    data, word = _BAD[name]
    (command.folder / name).write_bytes(data)
    done = command.remove(name)
    done.is_one_line(3, f"feathercut: {name}: ", word)
    assert done.out == b""
    assert [path.name for path in command.folder.iterdir()] == [name]
    assert (command.folder / name).read_bytes() == data


def test_all_the_bad_files_among_good_ones(command: Command) -> None:
    for name, (data, _) in _BAD.items():
        (command.folder / name).write_bytes(data)
    for name in ("good1.jpg", "good2.jpg"):
        (command.folder / name).write_bytes(photo())
    names = [*_BAD, "good1.jpg", "nowhere.jpg", "good2.jpg"]
    done = command.remove(*names, "--json", "--output-dir", "out")
    assert done.code == 3
    assert done.said[-1] == f"2 of {len(names)} photos done, {len(names) - 2} failed"
    assert len(done.said) == len(names) - 2 + 1
    report = done.report
    assert (report["done"], report["failed"], report["error"]) == (2, len(names) - 2, None)
    assert [one["input"] for one in report["photos"]] == names
    for one in report["photos"]:
        assert (one["status"] == "failed") == (one["error"] is not None) == (one["output"] is None)
        if one["error"]:
            assert one["error"]["message"].startswith(f"{one['input']}: ")
    assert sorted(path.name for path in (command.folder / "out").iterdir()) == ["good1.png", "good2.png"]


def test_bad_stdin_is_called_stdin(command: Command) -> None:
    command.remove("-", stdin=b"").is_one_line(3, "feathercut: stdin: ", "empty")
    command.remove("-", stdin=photo()[:200]).is_one_line(3, "feathercut: stdin: ", "cut short")


@pytest.mark.parametrize(("width", "height"), [(1, 1), (1, 5000), (5000, 1)])
def test_thin_photo_is_cut_out_at_its_size(command: Command, width: int, height: int) -> None:
    (command.folder / "thin.png").write_bytes(photo(width, height, "PNG"))
    assert command.remove("thin.png").code == 0
    assert size_of(command.folder / "thin-cutout.png") == (width, height)


def test_photo_of_50_megapixels_is_cut_out(command: Command) -> None:
    Image.new("RGB", (8192, 6144), "orange").save(command.folder / "large.jpg")
    done = command.remove("large.jpg", "-o", "out.jpg", "--only-matte", "--decontaminate", "0")
    assert (done.code, done.said) == (0, [])
    assert size_of(command.folder / "out.jpg") == (8192, 6144)


def test_limits_name_the_flag_that_raises_them(command: Command, in_folder: Path) -> None:
    command.remove("photo.jpg", "--max-megapixels", "0.001").is_one_line(3, "photo.jpg: ", "`--max-megapixels`")
    command.remove("photo.jpg", "--max-megabytes", "0.0001").is_one_line(3, "photo.jpg: ", "`--max-megabytes`")
    command.remove("-", "--max-megabytes", "0.0001", stdin=photo()).is_one_line(3, "stdin: ", "`--max-megabytes`")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_pipe_with_a_name_is_refused_at_once(command: Command, in_folder: Path) -> None:
    os.mkfifo(in_folder / "pipe.jpg")
    command.remove("pipe.jpg").is_one_line(3, "pipe.jpg: ", "no regular file")
    command.remove("photo.jpg", "--background", "./pipe.jpg").is_one_line(2, "pipe.jpg", "no file")
    assert command.remove(".", "--output-dir", "out").said[-1] == "1 of 2 photos done, 1 failed"


@pytest.mark.skipif(sys.platform != "linux", reason="the names of devices")
def test_devices_are_refused(command: Command) -> None:
    for name in ("/dev/zero", "/dev/null", "/proc/self/mem"):
        command.remove(name, "-o", "out.png").is_one_line(3, name)


def test_folder_below_a_file_is_not_there(command: Command, in_folder: Path) -> None:
    command.remove("photo.jpg/a.jpg").is_one_line(3, "photo.jpg/a.jpg: ")


def test_folder_without_rights_is_named_and_the_rest_are_done(command: Command, in_folder: Path) -> None:
    closed = in_folder / "closed"
    closed.mkdir()
    (closed / "a.jpg").write_bytes(photo())
    other = in_folder / "unreadable.jpg"
    other.write_bytes(photo())
    closed.chmod(0)
    other.chmod(0)
    try:
        person = command.without_rights()
        done = person.remove(".", "--json")
        person.remove("closed").is_one_line(3, "closed: ", "Permission denied")
        person.remove("closed/a.jpg").is_one_line(3, "closed/a.jpg: ", "Permission denied")
        person.remove("closed/a.jpg", "-o", "a.png").is_one_line(3, "closed/a.jpg: ", "Permission denied")
    finally:
        closed.chmod(0o700)
    assert (done.code, done.report["done"], done.report["failed"]) == (3, 1, 2)
    assert {"closed", "unreadable.jpg"} == {one["input"] for one in done.report["photos"] if one["error"]}


def test_folder_without_pictures_says_so(command: Command) -> None:
    (command.folder / "notes.txt").write_text("text")
    command.remove(".").is_one_line(2, "No pictures in .")


def test_animation_that_a_format_cannot_hold_fails_alone(command: Command, in_folder: Path) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("white", "red")]
    frames[0].save(in_folder / "moving.gif", save_all=True, append_images=frames[1:], duration=50)
    done = command.remove("moving.gif", "photo.jpg", "--format", "avif")
    assert done.code == 3
    assert done.said[0].startswith("feathercut: moving.gif: Option `--format`: AVIF holds one picture")
    assert done.said[1] == "1 of 2 photos done, 1 failed"


def test_empty_name_is_not_the_current_folder(command: Command, in_folder: Path) -> None:
    command.remove("").is_one_line(2, "INPUT is empty")
    assert [path.name for path in in_folder.iterdir()] == ["photo.jpg"]


def test_missing_photo_says_what_to_do(command: Command) -> None:
    command.remove("nowhere.jpg").is_one_line(3, "nowhere.jpg: is not there; check the path")
