"""A trimap needs no network: nothing is fetched or loaded for it."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from .command import Command, photo


def trimap(radius: float = 10.7) -> NDArray[np.uint8]:
    """Of the photo's disc: its inside, and a ring of unknown pixels around its edge."""
    y, x = np.mgrid[:32, :48]
    away = np.hypot(x - 24, y - 16)
    return np.where(away < radius - 3, 255, np.where(away < radius + 3, 128, 0)).astype(np.uint8)


def alpha_of(path: Path) -> NDArray[np.uint8]:
    with Image.open(path) as picture:
        return np.asarray(picture.getchannel("A"))


@pytest.fixture
def without_weights(command: Command, in_folder: Path) -> Command:
    """The command of somebody who is offline and has never fetched anything, with a trimap of the photo."""
    Image.fromarray(trimap()).save(in_folder / "t.png")
    return Command(in_folder, {**command.settings, "FEATHERCUT_CACHE": str(in_folder / "cache")})


def test_cutout_from_a_trimap_needs_no_weights(without_weights: Command) -> None:
    done = without_weights("remove", "photo.jpg", "--trimap", "t.png")
    assert (done.code, done.said) == (0, []), done
    alpha = alpha_of(without_weights.folder / "photo-cutout.png")
    assert (alpha[trimap() == 255] == 255).all() and not alpha[trimap() == 0].any()
    assert not (without_weights.folder / "cache").exists()


@pytest.mark.parametrize(
    "words",
    [["--quality", "best"], ["--device", "cuda"], ["--model", "rmbg-1.4"], ["--licence", "commercial"]],
    ids=" ".join,
)
def test_network_that_does_not_run_is_not_looked_at(without_weights: Command, words: list[str]) -> None:
    done = without_weights("remove", "photo.jpg", "--trimap", "t.png", "--json", *words)
    assert (done.code, done.report["done"]) == (0, 1), done


def test_cutout_from_stdin_to_stdout_needs_no_weights(without_weights: Command) -> None:
    done = without_weights("remove", "-", "--trimap", "t.png", stdin=photo())
    assert done.code == 0
    with Image.open(io.BytesIO(done.out)) as picture:
        assert np.asarray(picture)[16, 24, 3] == 255


def test_trimap_of_another_size_is_the_photos_failure(without_weights: Command) -> None:
    (without_weights.folder / "large.jpg").write_bytes(photo(96, 64))
    done = without_weights("remove", "large.jpg", "photo.jpg", "--trimap", "t.png", "--json")
    assert (done.code, done.report["done"], done.report["failed"]) == (3, 1, 1)
    assert "has 48×32 pixels and the photo 96×64" in done.report["photos"][0]["error"]["message"]


def test_wrong_options_of_the_cutout_come_first_with_a_trimap_too(without_weights: Command) -> None:
    done = without_weights("remove", "photo.jpg", "--trimap", "t.png", "--background", "nowhere.jpg")
    done.is_one_line(2, "nowhere.jpg")


def test_trimap_that_cannot_be_read_is_told_before_any_photo(without_weights: Command) -> None:
    (without_weights.folder / "broken.jpg").write_bytes(photo()[:200])  # never looked at
    for name, data in (("nowhere.png", None), ("text.png", b"no picture")):
        if data is not None:
            (without_weights.folder / name).write_bytes(data)
        done = without_weights("remove", "broken.jpg", "photo.jpg", "--trimap", name)
        done.is_one_line(2, f"Option `--trimap`: The trimap {name} cannot be")


# A set with trimaps


@pytest.fixture
def set_folder(without_weights: Command) -> Path:
    """Two photos with a truth and a trimap each; the second's unknown ring is further in."""
    folder = without_weights.folder / "set"
    for name in ("images", "alpha", "trimap"):
        (folder / name).mkdir(parents=True)
    for number, radius in (("a-1", 10.7), ("b-1", 8.7)):
        (folder / "images" / f"{number}.jpg").write_bytes(photo())
        Image.fromarray((trimap() > 0).astype(np.uint8) * 255).save(folder / "alpha" / f"{number}.png")
        Image.fromarray(trimap(radius)).save(folder / "trimap" / f"{number}.png")
    return folder


def test_each_photo_of_a_set_is_cut_out_by_its_own_trimap(without_weights: Command, set_folder: Path) -> None:
    words = ("--with-trimaps", "--mattes", "m", "--json", "a.json", "--html", "a.html")
    done = without_weights("evaluate", "set", *words)
    assert done.code == 0 and done.out.decode().splitlines()[0] == "set: trimaps, 2 photos", done
    for number, radius in (("a-1", 10.7), ("b-1", 8.7)):
        alpha, known = alpha_of(without_weights.folder / "m" / f"{number}.png"), trimap(radius)
        assert (alpha[known == 255] == 255).all() and not alpha[known == 0].any()
    document = json.loads((without_weights.folder / "a.json").read_text("utf-8"))
    assert (document["title"], document["with_trimaps"], document["measured"]) == ("trimaps", True, 2)
    assert document["options"]["presence"] == 0.4
    assert not {"model", "quality", "device", "trimap"} & document["options"].keys(), "no network ran"
    assert not (without_weights.folder / "cache").exists()


def test_kept_mattes_from_trimaps_are_taken_up_again_and_not_by_a_network(
    without_weights: Command, set_folder: Path
) -> None:
    assert without_weights("evaluate", "set", "--with-trimaps", "--mattes", "m").code == 0
    again = without_weights("evaluate", "set", "--with-trimaps", "--mattes", "m")
    assert again.code == 0 and "2 of 2 cutouts are there already" in again.said
    without_weights("evaluate", "set", "--mattes", "m", "--quiet").is_one_line(
        2, "those in m were made from trimaps, not by a network"
    )
    assert without_weights("evaluate", "set", "--model", "tiny", "--mattes", "n").code == 0
    without_weights("evaluate", "set", "--with-trimaps", "--mattes", "n", "--quiet").is_one_line(
        2, "those in n were made by a network, not from trimaps"
    )


def test_photo_without_a_trimap_is_named_before_anything_is_cut_out(without_weights: Command, set_folder: Path) -> None:
    (set_folder / "trimap" / "b-1.png").unlink()
    done = without_weights("evaluate", "set", "--with-trimaps", "--mattes", "m")
    done.is_one_line(3, "a photo has no trimap", "set/trimap needs `<id>.png` of b-1")
    assert not (without_weights.folder / "m").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--trimap", "t.png"], "a set's photos have a trimap each; `--with-trimaps` takes"),
        (["--trimap"], "`--with-trimaps` takes them from the set"),
        (["--with-trimaps", "--model", "u2netp"], "Option `--model`: with `--with-trimaps` no network runs"),
        (["--with-trimaps", "--compare", "set/alpha"], "Option `--with-trimaps`: with `--compare` no photo is cut out"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_goes_ill_with_trimaps_is_one_line(
    without_weights: Command, set_folder: Path, words: list[str], said: str
) -> None:
    without_weights("evaluate", "set", *words).is_one_line(2, said)


def test_help_of_evaluate_names_the_option_that_it_takes() -> None:
    from click.testing import CliRunner

    from feathercut.cli.main import feathercut

    said = CliRunner().invoke(feathercut, ["evaluate", "--help"]).output
    assert "--with-trimaps" in said and "--trimap " not in said
