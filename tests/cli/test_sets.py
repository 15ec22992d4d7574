from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from feathercut.evaluate.synthetic.seeds import HELD_OUT

from .command import Command, photo


def test_list_names_every_licence(command: Command) -> None:
    done = command("sets", "list")
    assert (done.code, done.said) == (0, [])
    head, *rows = done.out.decode().splitlines()
    assert head.split()[:3] == ["set", "photos", "truth"]
    assert [row.split()[0] for row in rows] == [
        "aim-500", "am-2k", "dis5k-te", "dis5k-vd", "hrsod", "p3m-500-np", "p3m-500-p", "ppm-100",
    ]  # fmt: skip
    report = command("sets", "list", "--json").report
    assert report["version"] == 1
    assert all(one["licence"] and one["page"].startswith("https://") and one["accept"] for one in report["sets"])


def test_get_asks_for_the_licence_then_for_the_archive(command: Command) -> None:
    command("sets", "get", "ppm-100", "--to", "set").is_one_line(5, "CC BY-NC-SA", "--accept-licence cc-by-nc-sa-4.0")
    accepted = ("sets", "get", "ppm-100", "--to", "set", "--accept-licence", "cc-by-nc-sa-4.0")
    command(*accepted).is_one_line(2, "https://github.com/ZHKKKe/PPM", "--archive FILE")
    command("sets", "get", "pmm-100", "--to", "set").is_one_line(2, "did you mean `ppm-100`")
    assert not (command.folder / "set").exists()


def test_get_arranges_what_was_downloaded(command: Command) -> None:
    with zipfile.ZipFile(command.folder / "PPM-100.zip", "w") as archive:
        archive.writestr("PPM-100/image/1_o.jpg", photo())
        archive.writestr("PPM-100/matte/1_o.jpg", photo())
    accepted = ("sets", "get", "ppm-100", "--to", "set", "--accept-licence", "cc-by-nc-sa-4.0")
    done = command(*accepted, "--archive", "PPM-100.zip")
    assert done.code == 0 and done.out.decode().startswith("set: 1 photos, 0 trimaps; CC BY-NC-SA 4.0")
    assert "sha256 " in done.said[0] and "`ppm-100` has 100 photos, and 1 were found" in done.said[1]
    assert (command.folder / "set" / "images" / "1_o.jpg").read_bytes() == photo()


def _rendered(folder: Path) -> list[str]:
    return sorted(path.stem for path in (folder / "set" / "images").iterdir())


def test_render_writes_the_seeds_and_kinds_that_were_asked_for(command: Command) -> None:
    done = command("sets", "render", "set", "--seeds", "0-1,5", "--kinds", "smoke,glass", "--size", "96x64")
    assert (done.code, done.said) == (0, [])
    assert done.out.decode().strip() == "set: 6 photos, 3 seeds"
    assert _rendered(command.folder) == [f"{kind}-{seed:06}" for kind in ("glass", "smoke") for seed in (0, 1, 5)]
    assert json.loads((command.folder / "set" / "set.json").read_text())["size"] == [96, 64]
    command("sets", "render", "set", "--seeds", "0", "--size", "64x64").is_one_line(3, "choose another folder")


def test_render_says_that_held_out_seeds_are_for_the_end(command: Command) -> None:
    done = command("sets", "render", "set", "--held-out", "--kinds", "smoke", "--size", "96x64")
    done.is_one_line(0, "look once, at the end")
    assert f"held-out seeds {HELD_OUT[0]} to {HELD_OUT[-1]}" in done.out.decode()
    assert _rendered(command.folder) == [f"smoke-{seed}" for seed in HELD_OUT]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--seeds", "1000000"], "`--held-out` has the others"),
        (["--seeds", "999999-1000001"], "`--held-out` has the others"),
        (["--seeds", "5-2"], "the smaller first"),
        (["--seeds", "some"], "not: some"),
        (["--seeds", "1", "--held-out"], "without `--seeds`"),
        (["--kinds", "hair,hay"], "`hay` is no kind"),
        (["--size", "big"], "not: big"),
        (["--size", "10x10"], "too small"),
        (["--backgrounds", "."], "No photo"),
    ],
)
def test_render_refuses_what_makes_no_sense(command: Command, words: list[str], said: str) -> None:
    command("sets", "render", "set", *words).is_one_line(2, said)
