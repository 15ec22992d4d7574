from __future__ import annotations

import errno
import io
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from feathercut import files
from feathercut.errors import OutputError, OutputExistsError


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class Disk:
    """A disk that takes half of what is written and then fails, with an error of the system or another."""

    def __init__(self, error: BaseException) -> None:
        self.error = error
        self.halves: list[bytes] = []

    def open(self, path: Path, mode: str) -> io.BufferedWriter:
        disk = self

        class Failing(io.BufferedWriter):
            def write(self, data: Any, /) -> int:
                super().write(data[: len(data) // 2])
                self.flush()
                disk.halves.append(os.pread(self.fileno(), 100, 0))
                raise disk.error

        return Failing(io.FileIO(path, "w+"))


def test_writes_all_of_it_and_nothing_else(tmp_path: Path) -> None:
    files.write(tmp_path / "a.png", b"new", overwrite=False)
    assert (tmp_path / "a.png").read_bytes() == b"new" and names(tmp_path) == ["a.png"]


def test_overwrites_only_where_that_is_asked(tmp_path: Path) -> None:
    target = tmp_path / "a.png"
    target.write_bytes(b"old")
    with pytest.raises(OutputExistsError, match=r"a.png is there already; ask for `overwrite`, or"):
        files.write(target, b"new", overwrite=False)
    assert target.read_bytes() == b"old"
    files.write(target, b"new", overwrite=True)
    assert target.read_bytes() == b"new" and names(tmp_path) == ["a.png"]


@pytest.mark.parametrize(
    ("failure", "raised", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), OutputError, "the disk is full"),
        (OSError(errno.EIO, "Input/output error"), OutputError, "Input/output error"),
        (KeyboardInterrupt(), KeyboardInterrupt, ""),
    ],
)
@pytest.mark.parametrize("was_there", [True, False])
def test_a_write_that_fails_leaves_the_old_file_and_no_half(
    failure: BaseException, raised: type[BaseException], words: str, was_there: bool,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    target = tmp_path / "a.png"
    if was_there:
        target.write_bytes(b"old")
    disk = Disk(failure)
    monkeypatch.setattr(Path, "open", lambda path, mode: disk.open(path, mode))
    with pytest.raises(raised) as caught:
        files.write(target, b"new and whole", overwrite=True)
    monkeypatch.undo()
    assert disk.halves == [b"new an"], "it did fail half way"
    assert words in str(caught.value)
    assert names(tmp_path) == (["a.png"] if was_there else [])
    assert not was_there or target.read_bytes() == b"old"


def test_while_it_is_written_the_old_file_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "a.png"
    target.write_bytes(b"old")
    seen: list[bytes] = []
    replace = Path.replace

    def look_then_replace(path: Path, other: Path) -> Path:
        seen.append(target.read_bytes())
        return replace(path, other)

    monkeypatch.setattr(Path, "replace", look_then_replace)
    files.write(target, b"new", overwrite=True)
    assert seen == [b"old"] and target.read_bytes() == b"new"


def test_threads_that_write_one_file_leave_one_whole_file(tmp_path: Path) -> None:
    target = tmp_path / "a.bin"
    contents = [bytes([letter]) * 200_000 for letter in range(8)]
    failures: list[BaseException] = []

    def write(data: bytes) -> None:
        try:
            for _ in range(10):
                files.write(target, data, overwrite=True)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(data,)) for data in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures and target.read_bytes() in contents and names(tmp_path) == ["a.bin"]


def test_places_that_take_no_file_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for path, words in (
        (tmp_path, "is a folder, where a file is to be written"),
        (tmp_path / "gone" / "a.png", "cannot be written: its folder is not there"),
        (tmp_path / ("x" * 300), "cannot be written: its name is too long"),
        (tmp_path / "file" / "a.png", "cannot be written: "),
    ):
        with pytest.raises(OutputError) as caught:
            files.write(path, b"new", overwrite=True)
        assert str(caught.value).startswith(f"{path} {words}")


def test_a_null_byte_makes_no_path() -> None:
    with pytest.raises(OutputError, match="is no path"):
        files.write(Path("a\0.png"), b"", overwrite=True)


def test_a_name_as_long_as_the_disk_takes_is_written(tmp_path: Path) -> None:
    target = tmp_path / ("y" * 251 + ".png")
    files.write(target, b"new", overwrite=False)
    assert target.read_bytes() == b"new"


@pytest.mark.skipif(os.name != "posix", reason="rights as POSIX has them")
def test_a_folder_without_rights_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    if os.geteuid() == 0:  # rights do not bind root: the system's answer is given for it

        def refuse(path: Path, *how: Any, **more: Any) -> None:
            raise PermissionError(errno.EACCES, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(OutputError, match="cannot be written: Permission denied"):
        files.write(folder / "a.png", b"new", overwrite=True)


def test_a_folder_is_made_with_those_above_it(tmp_path: Path) -> None:
    files.make_folder(tmp_path / "a" / "b")
    files.make_folder(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").is_dir()
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OutputError, match=r"The folder .*file cannot be made: "):
        files.make_folder(tmp_path / "file")
