"""What concerns every photo is said before the first one is read, or any weights are fetched."""

from __future__ import annotations

from pathlib import Path

import pytest

from .command import Command, photo

_CASES = {
    "jpeg has no transparency": (["--format", "jpeg"], 2, "--background"),
    "ending jpg has no transparency": (["-o", "out.jpg"], 2, "--background"),
    "jpeg on glass": (["--format", "jpeg", "--background", "#ffffff80"], 2, "transparency"),
    "unknown ending": (["-o", "out.xyz"], 2, ".xyz"),
    "no ending": (["-o", "out"], 2, "no ending"),
    "16 bits of webp": (["--format", "webp", "--depth", "16"], 2, "`--depth`"),
    "network size": (["--network-size", "333"], 2, "64, 96"),
    "background is not there": (["--background", "nowhere.jpg"], 2, "nowhere.jpg"),
    "background is text": (["--background", "notes.txt"], 2, "notes.txt"),
    "background is no colour": (["--background", "whitish"], 2, "whitish"),
    "margin without crop": (["--margin", "5"], 2, "`--crop`"),
    "gps without exif": (["--keep-gps"], 2, "`--keep-exif`"),
    "size": (["--size", "0x5"], 2, "0x5"),
    "scale": (["--scale", "5%"], 2, "10%"),
    "position": (["--position", "left"], 2, "left"),
    "unknown flag": (["--transparent"], 2, "--transparent"),
    "unknown choice": (["--depth", "12"], 2, "8, 16"),
    "device": (["--device", "cuda"], 6, "onnxruntime-gpu"),
    "unknown model": (["--model", "isnet-genral"], 4, "`isnet-general`"),
    "licence to accept": (["--model", "rmbg-1.4"], 5, "--accept-licence"),
    "licence excluded": (["--model", "rmbg-1.4", "--licence", "commercial"], 5, "commercially"),
    "two outputs": (["-o", "a.png", "--output-dir", "b"], 2, "`--output-dir`"),
    "json and picture": (["-o", "-", "--json"], 2, "--json"),
}


@pytest.mark.parametrize("case", _CASES)
def test_error_of_an_option_comes_first(command: Command, case: str) -> None:
    words, code, said = _CASES[case]
    (command.folder / "broken.jpg").write_bytes(photo()[:200])  # never looked at
    (command.folder / "notes.txt").write_text("text")
    done = command.remove("broken.jpg", *words)
    done.is_one_line(code, said)
    assert b"Traceback" not in done.out
    assert sorted(path.name for path in command.folder.iterdir()) == ["broken.jpg", "notes.txt"]


def test_unreadable_photo_is_told_without_weights(command: Command) -> None:
    (command.folder / "broken.jpg").write_bytes(photo()[:200])
    done = command("remove", "broken.jpg", FEATHERCUT_CACHE=str(command.folder / "cache"))
    done.is_one_line(3, "broken.jpg", "cut short")


def test_readable_photo_without_weights_names_every_source(command: Command, in_folder: Path) -> None:
    done = command("remove", "photo.jpg", FEATHERCUT_CACHE=str(in_folder / "cache"))
    assert done.code == 4
    text = "\n".join(done.said)
    assert "the network is off" in text and "feathercut models get isnet-general" in text
    assert "https://github.com" in text and "npm" in text and "FEATHERCUT_MODELS" in text and "rembg" in text


def test_no_words_show_the_help(command: Command) -> None:
    done = command()
    assert done.code == 2 and "Usage: feathercut" in done.said[0]
    done = command("remove")
    assert done.code == 2 and "Usage: feathercut remove" in done.said[0]


@pytest.mark.parametrize("word", ["-h", "--help"])
def test_help_goes_to_stdout(command: Command, word: str) -> None:
    done = command(word)
    assert (done.code, done.said) == (0, []) and b"remove" in done.out
    assert b"--only-matte" in command("remove", word).out


def test_version(command: Command) -> None:
    assert command("--version").out.startswith(b"feathercut ")


def test_every_flag_of_the_issue_is_there(command: Command) -> None:
    said = command("remove", "--help").out.decode()
    wanted = (
        "--model --licence --accept-licence --device --network-size --format --only-matte --depth --background "
        "--crop --margin --size --scale --position --keep-exif --json --quiet --overwrite --output --output-dir"
    )
    assert [flag for flag in wanted.split() if f"{flag} " not in said] == []


@pytest.mark.parametrize("words", [["--badflag"], ["--quality", "abc"], ["--crop=5"], ["--modle", "x"]])
def test_words_that_make_no_sense_are_told_as_json_too(command: Command, words: list[str]) -> None:
    done = command.remove("photo.jpg", "--json", *words)
    done.is_one_line(2, words[0].partition("=")[0])
    assert (done.report["photos"], done.report["error"]["exit_code"]) == ([], 2)
    assert done.report["error"]["message"] in done.said[0]
    assert "?." not in done.said[0]


def test_json_of_other_commands_is_told_too(command: Command) -> None:
    for words in (("models", "list", "--json", "--bad"), ("doctor", "--json", "extra")):
        assert command(*words).report["error"]["kind"] in ("NoSuchOption", "UsageError")
    assert command("doctor", "--bad", "--", "--json").out == b""


def test_messages_and_help_name_flags(command: Command, in_folder: Path) -> None:
    command.remove("photo.jpg", "--network-size", "3").is_one_line(
        2, "Option `--network-size` takes 64 or more, got: 3"
    )
    said = " ".join(command("remove", "--help").out.decode().split())
    assert "needs `--keep-exif`" in said and "`keep_exif`" not in said
