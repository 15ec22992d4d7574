"""Names that people and disks come up with."""

from __future__ import annotations

import os
import sys

import pytest

from .command import Command, left_over, photo, size_of

_NAMES = [
    "with space.jpg",
    "naïve-猫-🐈.jpg",
    "-o.jpg",
    "--overwrite.jpg",
    "a[1]*.jpg",
    "semi;colon'\".jpg",
    ".hidden.jpg",
]


@pytest.mark.parametrize("name", _NAMES)
def test_any_name_is_taken_as_it_is(command: Command, name: str) -> None:
    (command.folder / name).write_bytes(photo())
    done = command.remove("--", name)
    assert (done.code, done.said) == (0, [])
    assert done.out.decode() == name.removesuffix(".jpg") + "-cutout.png\n"
    assert size_of(command.folder / done.out.decode().rstrip("\n")) == (48, 32)


def test_all_of_them_together_in_a_folder(command: Command) -> None:
    for name in _NAMES:
        (command.folder / name).write_bytes(photo())
    done = command.remove(".", "--output-dir", "out", "--json")
    assert (done.code, done.report["done"]) == (0, len(_NAMES) - 1)  # the hidden one is left out


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="its disks keep names as text")
def test_name_that_is_no_text_is_read_and_printed_byte_for_byte(command: Command) -> None:
    name = b"caf\xe9.jpg"
    (command.folder / os.fsdecode(name)).write_bytes(photo())
    done = command.remove(name)
    assert (done.code, done.out) == (0, b"caf\xe9-cutout.png\n")
    assert (command.folder / os.fsdecode(b"caf\xe9-cutout.png")).exists()
    again = command.remove(name)
    again.is_one_line(3, "caf\\udce9-cutout.png")
    listed = command.remove(".", "--json")
    assert os.fsencode(listed.report["photos"][0]["input"]) == name


@pytest.mark.skipif(sys.platform == "win32", reason="its disks take no such names")
def test_name_with_a_new_line_stays_on_one_line(command: Command) -> None:
    (command.folder / "two\nlines\x1b[2J.jpg").write_bytes(b"no picture")
    done = command.remove("two\nlines\x1b[2J.jpg")
    done.is_one_line(3, "two\\nlines\\x1b[2J.jpg: ")


def test_long_name_gives_its_cutout_in_an_output_folder(command: Command) -> None:
    name = "n" * 246 + ".jpg"
    (command.folder / name).write_bytes(photo())
    assert command.remove(name, "--output-dir", "out").code == 0
    command.remove(name).is_one_line(3, "its name is too long")
    assert left_over(command.folder) == []


@pytest.mark.parametrize("words", [["n" * 300], ["n" * 5000], ["photo.jpg", "-o", "n" * 300 + ".png"]])
def test_name_that_no_disk_takes(command: Command, words: list[str]) -> None:
    (command.folder / "photo.jpg").write_bytes(photo())
    command.remove(*words).is_one_line(3, "too long")


def test_terminal_of_another_encoding_gets_what_it_can_show(command: Command) -> None:
    (command.folder / "猫.jpg").write_bytes(photo())
    done = command.remove("猫.jpg", PYTHONIOENCODING="ascii", PYTHONUTF8="1")
    assert (done.code, done.out) == (0, b"\\u732b-cutout.png\n")
