"""`feathercut rembg`: rembg's letters and flags, as its users type them."""

from __future__ import annotations

import io
import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from .command import Command, Finished, left_over, photo, size_of

TINY = ("-m", "tiny")


def opened(data: bytes | Path) -> Image.Image:
    image = Image.open(io.BytesIO(data) if isinstance(data, bytes) else data)
    image.load()
    return image


def rembg(command: Command, letter: str, *words: str, stdin: bytes = b"") -> Finished:
    return command("rembg", letter, *TINY, *words, stdin=stdin)


def test_i_cuts_out_a_file_into_another(command: Command, in_folder: Path) -> None:
    done = rembg(command, "i", "photo.jpg", "out/cutout.png")
    assert (done.code, done.out, done.said) == (0, b"", [])
    cutout = opened(in_folder / "out/cutout.png")
    assert (cutout.mode, cutout.size, cutout.getpixel((0, 0))) == ("RGBA", (48, 32), (0, 0, 0, 0))
    assert np.asarray(cutout)[16, 24, 3] > 200


@pytest.mark.parametrize("words", [(), ("-",), ("-", "-")])
def test_i_takes_stdin_and_writes_stdout(command: Command, words: tuple[str, ...]) -> None:
    done = rembg(command, "i", *words, stdin=photo())
    assert (done.code, opened(done.out).size) == (0, (48, 32))


def test_i_writes_png_whatever_the_file_is_called(command: Command, in_folder: Path) -> None:
    assert rembg(command, "i", "photo.jpg", "cutout.jpg").code == 0
    assert opened(in_folder / "cutout.jpg").format == "PNG"


def test_every_flag_that_rembg_has_is_taken(command: Command, in_folder: Path) -> None:
    plain = rembg(command, "i", "photo.jpg", "-").out
    idle = ("-a", "-af", "240", "-ab", "10", "-ae", "15", "-dc", "-vm")
    assert rembg(command, "i", *idle, "photo.jpg", "-").out == plain
    spelt = ("--alpha-matting", "--alpha-matting-foreground-threshold", "270", "--alpha-matting-erode-size", "11")
    assert rembg(command, "i", *spelt, "--decontaminate", "--vitmatte", "photo.jpg", "-").out == plain
    assert opened(rembg(command, "i", "-om", "photo.jpg", "-").out).mode == "L"
    blue = opened(rembg(command, "i", "-bgc", "0", "0", "255", "255", "photo.jpg", "-").out)
    assert (blue.mode, blue.getpixel((0, 0))) == ("RGB", (0, 0, 255))
    assert rembg(command, "i", "-bgc", "0", "0", "0", "0", "photo.jpg", "-").out == plain
    assert rembg(command, "i", "-ppm", "photo.jpg", "-").code == 0
    shrunk = opened(rembg(command, "i", "-x", '{"edge_shift": -4}', "photo.jpg", "-").out)
    assert np.asarray(shrunk)[..., 3].sum() < 0.8 * np.asarray(opened(plain))[..., 3].sum()


def test_what_makes_no_sense_is_one_line(command: Command, in_folder: Path) -> None:
    rembg(command, "i", "-x", "{", "photo.jpg", "-").is_one_line(2, "`--extras` takes a JSON object")
    rembg(command, "i", "-x", '{"nose": 1}', "photo.jpg", "-").is_one_line(2, "there is no option `nose`")
    rembg(command, "i", "-bgc", "1", "2", "3", "999", "photo.jpg", "-").is_one_line(2, "`bgcolor` takes red")
    rembg(command, "i", "gone.jpg", "-").is_one_line(3, "gone.jpg", "is not there")
    command("rembg", "i", "-m", "sam", "photo.jpg", "-").is_one_line(4, "`sam` is not run by Feathercut")
    command("rembg", "i", "-m", "bria-rmbg", "photo.jpg", "-").is_one_line(5, "--accept-licence")
    command("rembg", "i", "-m", "xx-u2net-yy", "photo.jpg", "-").is_one_line(4, "There is no model `xx-u2net-yy`")


def folder_with_two_of_a_name(folder: Path) -> Path:
    """What rembg makes one file of, and loses a photo (row 13)."""
    for name in ("a/img.jpg", "b/img.jpg", "img.jpg", "img.png"):
        path = folder / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(photo(kind="PNG" if name.endswith("png") else "JPEG"))
    (folder / "in/notes.txt").write_text("no picture")
    (folder / "in/broken.jpg").write_bytes(photo()[:200])
    return folder / "in"


def files_of(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_p_keeps_the_tree_and_deletes_only_what_it_has_cut_out(command: Command) -> None:
    """Row 13: rembg writes one `img.png` for all of them, deletes every input, and ends with 0."""
    source = folder_with_two_of_a_name(command.folder)
    done = rembg(command, "p", "-d", "in", "out")
    assert done.code == 3
    assert done.said[-1] == "4 of 5 photos done, 1 failed"
    assert "broken.jpg" in done.said[0]
    assert files_of(command.folder / "out") == ["a/img.png", "b/img.png", "img.jpg.png", "img.png.png"]
    assert files_of(source) == ["broken.jpg", "notes.txt"]
    assert len(done.out.splitlines()) == 4


def test_p_leaves_what_is_there_already_and_its_photo(command: Command) -> None:
    source = folder_with_two_of_a_name(command.folder)
    (command.folder / "out/a").mkdir(parents=True)
    (command.folder / "out/a/img.png").write_bytes(b"somebody's own")
    done = rembg(command, "p", "-d", "in", "out")
    assert done.said[-1] == "3 of 4 photos done, 1 passed over, whose cutouts are there, 1 failed"
    assert (command.folder / "out/a/img.png").read_bytes() == b"somebody's own"
    assert "a/img.jpg" in files_of(source)


def test_p_without_d_deletes_nothing(command: Command) -> None:
    source = folder_with_two_of_a_name(command.folder)
    before = files_of(source)
    rembg(command, "p", "in", "out")
    assert files_of(source) == before
    assert left_over(command.folder) == []


def test_p_watches_until_it_is_told_to_stop(command: Command) -> None:
    (command.folder / "in").mkdir()
    (command.folder / "in/first.jpg").write_bytes(photo())
    words = command.words("rembg", "p", "-w", "-d", *TINY, "in", "out")
    pipe = subprocess.PIPE
    with subprocess.Popen(words, cwd=command.folder, env=command.environ(), stderr=pipe, stdout=pipe) as running:
        try:
            wait_for(command.folder / "out/first.png")
            (command.folder / "in/second.jpg").write_bytes(photo(60, 40))
            wait_for(command.folder / "out/second.png")
            (command.folder / "in/stop.txt").write_text("")
            out, said = running.communicate(timeout=120)
        finally:
            running.kill()
    assert (running.returncode, said.decode().splitlines()) == (0, ["Watching; Ctrl-C ends it.", "2 of 2 photos done"])
    assert len(out.splitlines()) == 2
    assert files_of(command.folder / "in") == []
    assert size_of(command.folder / "out/second.png") == (60, 40)


def wait_for(path: Path) -> None:
    until = time.monotonic() + 120
    while not path.exists():
        assert time.monotonic() < until, f"{path.name} was never made"
        time.sleep(0.05)


def test_b_cuts_out_raw_frames(command: Command) -> None:
    frames = [np.asarray(opened(photo(48, 32))), np.asarray(opened(photo(48, 32)))[::-1]]
    stream = b"".join(np.ascontiguousarray(frame).tobytes() for frame in frames)
    done = rembg(command, "b", "48", "32", "-o", "frames/out-%03d.png", stdin=stream)
    assert (done.code, done.said) == (0, [])
    assert files_of(command.folder / "frames") == ["out-000.png", "out-001.png"]
    assert size_of(command.folder / "frames/out-001.png") == (48, 32)
    one_after_the_other = rembg(command, "b", "48", "32", stdin=stream).out
    assert one_after_the_other.count(b"\x89PNG\r\n\x1a\n") == 2
    assert one_after_the_other.startswith((command.folder / "frames/out-000.png").read_bytes())


def test_b_tells_of_a_stream_that_is_no_whole_number_of_frames(command: Command) -> None:
    rembg(command, "b", "48", "32", "-o", "%d.png", stdin=bytes(5000)).is_one_line(2, "392 of 4608 bytes")
    rembg(command, "b", "48", "32", "-o", "same.png", stdin=bytes(4608)).is_one_line(2, "with one `%d` in it")


def test_d_fetches_by_rembgs_names(command: Command) -> None:
    command("rembg", "d", "bria-rmbg").is_one_line(5, "`rmbg-2.0` has a restricted licence")
    command("rembg", "d", "atlascloud").is_one_line(4, "sends photos to a service on the internet")
    offline = command("rembg", "d", "u2netp")
    assert (offline.code, "No weights for `u2netp`, and the network is off" in offline.said[0]) == (4, True)


def test_the_five_letters_are_there(command: Command) -> None:
    told = command("rembg", "--help").out.decode()
    assert [line.split()[0] for line in told.split("Commands:")[1].strip().splitlines()] == ["b", "d", "i", "p", "s"]
