from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from feathercut.settings import Settings

from .command import Command, left_over, photo
from .hold import Hold


@pytest.fixture
def set_folder(command: Command) -> Path:
    """Four photos that the tiny network cuts out, with a truth that is a little smaller."""
    folder = command.folder / "set"
    for name in ("images", "alpha"):
        (folder / name).mkdir(parents=True)
    y, x = np.mgrid[:32, :48]
    disc = np.clip(9 - np.hypot(x - 24, y - 16), 0, 1) * 255
    for number in ("cat-1", "cat-2", "dog-1", "dog-2"):
        (folder / "images" / f"{number}.jpg").write_bytes(photo())
        Image.fromarray(disc.astype(np.uint8)).save(folder / "alpha" / f"{number}.png")
    return folder


def evaluate(command: Command, *words: str) -> tuple[int, list[str], list[str]]:
    """(exit code, lines of stdout, lines of stderr) with the tiny network."""
    done = command("evaluate", "set", *words)
    return done.code, done.out.decode().splitlines(), done.said


def test_set_is_measured_and_tables_are_printed(command: Command, set_folder: Path) -> None:
    code, out, said = evaluate(command, "--model", "tiny")
    assert code == 0
    assert out[0] == "set: tiny, 4 photos"
    assert out[1].split() == ["metric", "mean", "median", "worst"]
    names = [line[:15].strip() for line in out[2:]]
    assert names[:4] == ["SAD /1000", "MSE ×1000", "Grad /1000", "Conn /1000"]
    assert "time s" in names and "E-measure" in names
    assert [line.split()[0] for line in out if line.startswith(("cat", "dog"))] == ["cat", "dog"]
    assert "The truth is soft alpha; matting errors are measured" in said[0] and "`--no-soft`" in said[0]
    assert said[1:] == ["4 of 4 photos measured"]
    assert evaluate(command, "--model", "tiny", "--no-soft", "--quiet")[2] == []


def test_reports_are_written_and_not_overwritten_unless_asked(command: Command, set_folder: Path) -> None:
    words = ("--model", "tiny", "--json", "a.json", "--html", "a.html", "--presence", "0.1")
    assert evaluate(command, *words)[0] == 0
    document = json.loads((command.folder / "a.json").read_text("utf-8"))
    assert (document["set"], document["title"], document["soft"], document["measured"]) == ("set", "tiny", True, 4)
    assert document["options"]["presence"] == 0.1 and document["options"]["model"] == "tiny"
    assert [one["id"] for one in document["photos"]] == ["cat-1", "cat-2", "dog-1", "dog-2"]
    assert document["photos"][0]["scores"]["sad"] == document["summary"]["sad"]["median"]
    assert (command.folder / "a.html").read_text("utf-8").startswith("<!doctype html>")
    assert evaluate(command, *words)[0] == 3
    code, out, _ = evaluate(command, *words, "--overwrite", "--against", "a.json")
    versus = [line.split() for line in out[out.index("") :]]
    line = next(words for words in versus if words[:2] == ["SAD", "/1000"] and len(words) == 8)
    assert code == 0 and line[-4:] == ["1.000", "0", "0", "4"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has file names that are no text")
def test_names_that_are_no_text_are_written_into_both_reports(command: Command, set_folder: Path) -> None:
    for folder, ending in (("images", "jpg"), ("alpha", "png")):
        odd = os.fsdecode(b"odd-\xff." + ending.encode())
        (set_folder / folder / f"dog-2.{ending}").rename(set_folder / folder / odd)
    code, _, said = evaluate(command, "--compare", "set/alpha", "--json", "a.json", "--html", "a.html")
    assert code == 0, said
    for name in ("a.json", "a.html"):
        assert "odd-\\udcff" in (command.folder / name).read_text("utf-8")


def test_another_tools_mattes_are_scored_without_a_network(command: Command, set_folder: Path) -> None:
    code, out, said = evaluate(command, "--compare", str(set_folder / "alpha"), "--quiet")
    assert (code, said, out[0]) == (0, [], "set: alpha, 4 photos")
    assert out[2].split() == ["SAD", "/1000", "0.00", "0.00", "0.00"]
    assert not any("time" in line for line in out)


def test_one_broken_photo_is_named_and_ends_as_remove_does(command: Command, set_folder: Path) -> None:
    (set_folder / "images" / "cat-2.jpg").write_bytes(b"no picture")
    code, out, said = evaluate(command, "--model", "tiny", "--json", "a.json")
    assert code == 3 and out[0] == "set: tiny, 3 photos"
    assert "cat-2.jpg" in said[1] and said[2] == "3 of 4 photos measured, 1 failed"
    document = json.loads((command.folder / "a.json").read_text("utf-8"))
    assert "cat-2.jpg" in next(one["error"] for one in document["photos"] if one["id"] == "cat-2")


def test_kept_mattes_are_taken_up_again(command: Command, set_folder: Path) -> None:
    words = ("--model", "tiny", "--mattes", "m")
    first = evaluate(command, *words)
    assert {path.name for path in (command.folder / "m").iterdir()} >= {"cat-1.png", "run.json"}
    second = evaluate(command, *words)
    assert second[1] == first[1] and "4 of 4 cutouts are there already" in second[2]
    code, _, said = evaluate(command, *words, "--presence", "0.2")
    assert code == 2 and "`--presence` 0.4, not 0.2" in said[-1]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["nowhere"], 3, "nowhere is no folder"),
        (["set", "--compare", "nowhere"], 2, "nowhere is no folder"),
        (["set", "--compare", "set/alpha", "--mattes", "m"], 2, "choose one"),
        (["set", "--compare", "set/alpha", "--model", "u2netp"], 2, "`--model`: with `--compare`"),
        (["set", "--ignore", "300"], 2, "--ignore"),
        (["set", "--json", "no/a.json"], 3, "its folder is not there"),
        (["set", "--against", "set/kinds.json"], 3, "is not there"),
        (["set", "--model", "nothing"], 4, "nothing"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_makes_no_sense_is_one_line(
    command: Command, set_folder: Path, words: list[str], code: int, said: str
) -> None:
    done = command("evaluate", *words)
    assert done.code == code and said in done.said[-1], done
    assert not any("Traceback" in line for line in done.said)


@pytest.mark.skipif(os.name == "nt", reason="there is no Ctrl-C for one process only")
def test_ctrl_c_keeps_what_was_finished(command: Command, set_folder: Path, tmp_path: Path) -> None:
    for number in range(20):
        for folder, ending in (("images", "jpg"), ("alpha", "png")):
            source = set_folder / folder / f"cat-1.{ending}"
            (set_folder / folder / f"more-{number:03}.{ending}").write_bytes(source.read_bytes())
    words = command.words("evaluate", "set", "--model", "tiny", "--mattes", "m")
    late = Hold(tmp_path, "more-005.jpg")
    process = subprocess.Popen(
        words, cwd=command.folder, env=command.environ(PYTHONPATH=str(late.home)),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    late.waits(process)
    assert (command.folder / "m" / "cat-1.png").is_file()
    process.send_signal(signal.SIGINT)
    late.lets_go()
    _, said = process.communicate(timeout=120)
    assert process.returncode == 130 and said.decode().splitlines()[-1].startswith("feathercut: Stopped.")
    assert not left_over(command.folder)
    code, out, said_then = evaluate(command, "--model", "tiny", "--mattes", "m")
    assert (code, out[0]) == (0, "set: tiny, 24 photos")
    assert any("cutouts are there already" in line for line in said_then)


def test_command_costs_nothing_until_it_is_used() -> None:
    code = (
        "import sys, feathercut, feathercut.cli.main as main; main.run(['--help']); "
        "assert not {one for one in sys.modules if one.startswith('feathercut.evaluate')}; "
        "main.run(['evaluate', '--help']); "
        "costly = {'scipy', 'py_sod_metrics', 'cv2', 'sklearn', 'PIL', 'onnxruntime'} & set(sys.modules); "
        "assert not costly, costly"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr.decode()


@pytest.mark.weights
def test_real_network_is_better_than_nothing(command: Command, weights_settings: Settings) -> None:
    folder = command.folder / "set"
    examples = Path(__file__).parents[2] / "examples" / "photos"
    for name in ("images", "alpha"):
        (folder / name).mkdir(parents=True)
    (folder / "images" / "cat.jpg").write_bytes((examples / "cat.jpg").read_bytes())
    command = Command(command.folder, {"FEATHERCUT_CACHE": str(weights_settings.cache)})
    cutout = command("remove", "set/images/cat.jpg", "--model", "u2netp", "-o", "set/alpha/cat.png")
    assert cutout.code == 0
    done = command("evaluate", "set", "--model", "u2netp", "--soft", "--json", "a.json")
    assert done.code == 0
    document = json.loads((command.folder / "a.json").read_text("utf-8"))
    assert document["photos"][0]["scores"]["sad"] == 0  # its own matte is the truth here
    assert document["photos"][0]["scores"]["seconds"] > 0
