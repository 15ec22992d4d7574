"""Where a result cannot be written nothing is half there, and one line says why."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .command import Command, left_over, photo, size_of


def test_output_that_is_a_folder(command: Command, in_folder: Path) -> None:
    (in_folder / "photo-cutout.png").mkdir()
    command.remove("photo.jpg", "--overwrite").is_one_line(3, "photo-cutout.png", "is a folder")
    (in_folder / "out").mkdir()
    command.remove("photo.jpg", "-o", "out").is_one_line(2, "`--output-dir`")


def test_output_below_a_file(command: Command, in_folder: Path) -> None:
    (in_folder / "file").write_text("text")
    command.remove("photo.jpg", "-o", "file/out.png").is_one_line(3, "file/out.png", "no folder")
    command.remove("photo.jpg", "--output-dir", "file").is_one_line(2, "--output-dir", "is a file")
    command.remove("photo.jpg", "--output-dir", "file/out").is_one_line(3, "file", "no folder")


def test_output_folder_is_made_where_it_is_missing(command: Command, in_folder: Path) -> None:
    assert command.remove("photo.jpg", "-o", "new/folder/out.png").code == 0
    assert size_of(in_folder / "new" / "folder" / "out.png") == (48, 32)


def test_read_only_folder(command: Command, in_folder: Path) -> None:
    (in_folder / "out").mkdir()
    (in_folder / "out").chmod(0o555)
    person = command.without_rights()
    person.remove("photo.jpg", "--output-dir", "out").is_one_line(3, "out/photo.png", "may not be written to")
    person.remove("photo.jpg", "-o", "out/new/a.png").is_one_line(3, "out/new/a.png", "may not be written to")
    assert not list((in_folder / "out").iterdir())


def test_photo_itself_is_never_the_output(command: Command, in_folder: Path) -> None:
    done = command.remove("photo.jpg", "-o", "./photo.jpg", "--overwrite", "--background", "white")
    done.is_one_line(3, "photo.jpg is the photo itself")
    assert (in_folder / "photo.jpg").read_bytes() == photo()


@pytest.mark.skipif(sys.platform != "linux", reason="the names of devices")
def test_device_is_not_replaced_by_a_file(command: Command, in_folder: Path) -> None:
    (in_folder / "null.png").symlink_to("/dev/null")  # as root, a rename over the device itself would succeed
    done = command.remove("photo.jpg", "-o", "null.png", "--overwrite")
    done.is_one_line(3, "null.png", "no regular file")
    assert (in_folder / "null.png").is_symlink() and left_over(in_folder) == []


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full")
@pytest.mark.parametrize("words", [["-o", "-"], ["--overwrite"], ["--json"]], ids=str)
def test_full_stdout(command: Command, in_folder: Path, words: list[str]) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command.words("remove", "--model", "tiny", "photo.jpg", *words),
            cwd=in_folder, env=command.environ(), stdout=full, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1 and b"stdout cannot be written" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="no closed streams")
@pytest.mark.parametrize(
    ("closing", "words", "code"),
    [(">&-", "photo.jpg", 0), (">&-", "photo.jpg -o -", 2), ("2>&-", "nowhere.jpg", 3), ("<&-", "-", 2)],
)
def test_closed_streams(command: Command, in_folder: Path, closing: str, words: str, code: int) -> None:
    python = f'"{sys.executable}" -m feathercut remove --model tiny'
    done = subprocess.run(
        ["sh", "-c", f"{python} {words} {closing}"], cwd=in_folder, env=command.environ(), capture_output=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == code, done
    assert b"Traceback" not in done.stderr and len(done.stderr.splitlines()) <= 1
    assert code != 2 or b"closed" in done.stderr


def _limit_files() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))


@pytest.mark.skipif(sys.platform == "win32", reason="no limits on the size of files")
def test_file_that_grows_too_large_is_taken_away(command: Command, in_folder: Path) -> None:
    (in_folder / "photo.jpg").write_bytes(photo(900, 700))
    (in_folder / "out.png").write_bytes(b"mine")
    done = subprocess.run(
        command.words("remove", "--model", "tiny", "photo.jpg", "-o", "out.png", "--overwrite"),
        cwd=in_folder, env=command.environ(PYTHONDONTWRITEBYTECODE="1"), capture_output=True, check=False,
        preexec_fn=_limit_files,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert len(done.stderr.splitlines()) == 1 and b"out.png cannot be written: File too large" in done.stderr
    assert (in_folder / "out.png").read_bytes() == b"mine"
    assert left_over(in_folder) == []


def test_full_disk_leaves_nothing_behind(command: Command, in_folder: Path) -> None:
    small_disk = ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=8k none "$1" && shift && "$@"', "sh"]
    (in_folder / "out").mkdir()
    if (
        not shutil.which("unshare")
        or subprocess.run([*small_disk, "out", "true"], cwd=in_folder, check=False).returncode
    ):
        pytest.skip("no small disk can be mounted here")
    (in_folder / "photo.jpg").write_bytes(photo(900, 700))
    (in_folder / "small.jpg").write_bytes(photo(8, 8))
    script = 'mount -t tmpfs -o size=8k none out || exit 99; "$@"; code=$?; ls -A out; exit $code'  # seen from inside
    done = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh",
         *command.words("remove", "--model", "tiny", "photo.jpg", "small.jpg", "--output-dir", "out")],
        cwd=in_folder, env=command.environ(), capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert done.returncode == 3, done
    problem, summary = done.stderr.splitlines()
    assert "out/photo.png cannot be written: the disk is full" in problem
    assert summary == "1 of 2 photos done, 1 failed"
    assert done.stdout.splitlines() == ["out/small.png", "small.png"]
