from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from psd_tools import PSDImage

from feathercut.settings import Settings

from .command import Command, photo, size_of


def test_cutout_lies_beside_the_photo_and_its_path_is_printed(command: Command, in_folder: Path) -> None:
    done = command.remove("photo.jpg")
    assert (done.code, done.out.decode().strip(), done.said) == (0, "photo-cutout.png", [])
    with Image.open(in_folder / "photo-cutout.png") as image:
        alpha = np.asarray(image)[..., 3]
    assert alpha[16, 24] > 200 and alpha[2, 2] == 0


def test_stdin_goes_to_stdout(command: Command) -> None:
    done = command.remove("-", stdin=photo())
    assert (done.code, done.said) == (0, [])
    assert Image.open(io.BytesIO(done.out)).size == (48, 32)


def test_stdin_goes_to_a_file_by_its_ending(command: Command) -> None:
    done = command.remove("-", "-o", "out.webp", stdin=photo())
    assert (done.code, done.out) == (0, b"out.webp\n")
    with Image.open(command.folder / "out.webp") as image:
        assert image.format == "WEBP"


def test_the_ending_of_a_layered_file_is_enough_for_its_layers(command: Command) -> None:
    done = command.remove("-", "-o", "out.psd", "--shadow", "drop", "--background", "white", stdin=photo())
    assert (done.code, done.out) == (0, b"out.psd\n")
    psd = PSDImage.open(command.folder / "out.psd")
    assert [layer.name for layer in psd] == ["Background", "Shadow", "Subject"]


def test_folder_is_done_recursively_and_says_how_many(command: Command, in_folder: Path) -> None:
    (in_folder / "sub").mkdir()
    (in_folder / "sub" / "b.png").write_bytes(photo(kind="PNG"))
    done = command.remove(".", "--output-dir", "out")
    assert (done.code, done.said) == (0, ["2 of 2 photos done"])
    assert {path.relative_to(in_folder).as_posix() for path in in_folder.rglob("out/**/*.png")} == {
        "out/photo.png",
        "out/sub/b.png",
    }
    again = command.remove(".", "--output-dir", "out", "--overwrite")
    assert again.said == ["2 of 2 photos done"]


def test_quoted_pattern_is_searched(command: Command, in_folder: Path) -> None:
    (in_folder / "other.jpg").write_bytes(photo())
    assert command.remove("*.jpg", "--quiet").said == []
    assert len(list(in_folder.glob("*-cutout.png"))) == 2


def test_result_is_not_overwritten_unless_asked(command: Command, in_folder: Path) -> None:
    result = in_folder / "photo-cutout.png"
    result.write_bytes(b"mine")
    command.remove("photo.jpg").is_one_line(3, "photo-cutout.png", "--overwrite")
    assert result.read_bytes() == b"mine"
    assert command.remove("photo.jpg", "--overwrite").code == 0
    assert size_of(result) == (48, 32)


@pytest.mark.parametrize(
    ("words", "kind", "mode", "size"),
    [
        (["--format", "webp"], "WEBP", "RGBA", (48, 32)),
        (["--format", "avif"], "AVIF", "RGBA", (48, 32)),
        (["--format", "tiff"], "TIFF", "RGBA", (48, 32)),
        (["--format", "jpeg", "--background", "#fff"], "JPEG", "RGB", (48, 32)),
        (["--background", "white"], "PNG", "RGB", (48, 32)),
        (["--background", "blur:3"], "PNG", "RGB", (48, 32)),
        (["--background", "./photo.jpg"], "PNG", "RGB", (48, 32)),
        (["--only-matte"], "PNG", "L", (48, 32)),
        (["--only-matte", "--depth", "16"], "PNG", "I;16", (48, 32)),
        (["--size", "100x50"], "PNG", "RGBA", (100, 50)),
        (["--size", "100", "--scale", "50%", "--position", "0% 100%"], "PNG", "RGBA", (100, 100)),
        (["--network-size", "96", "--decontaminate", "0", "--licence", "commercial"], "PNG", "RGBA", (48, 32)),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_flags_reach_the_result(
    command: Command, in_folder: Path, words: list[str], kind: str, mode: str, size: tuple[int, int]
) -> None:
    done = command.remove("photo.jpg", *words)
    assert (done.code, done.said) == (0, [])
    with Image.open(in_folder / done.out.decode().strip()) as image:
        assert (image.format, image.mode, image.size) == (kind, mode, size)


def test_json_lists_the_subjects_and_roi_is_the_region(command: Command, in_folder: Path) -> None:
    photo = command.remove("photo.jpg", "--json", "--roi", "0 0 100% 100%").report["photos"][0]
    (subject,) = photo["subjects"]
    assert subject["number"] == 1 and subject["kept"]
    assert 0 <= subject["box"]["left"] < subject["centre"]["x"] < subject["box"]["right"] <= 48
    refused = command.remove("photo.jpg", "--json", "--overwrite", "--subject", "2")
    assert refused.code == 3
    assert "there is 1 subject; 2 is not it" in refused.report["photos"][0]["error"]["message"]


def test_crop_and_margin_set_the_size(command: Command, in_folder: Path) -> None:
    for words, name in (((), "a.png"), (("--margin", "5px"), "b.png")):
        assert command.remove("photo.jpg", "--crop", *words, "-o", name).code == 0
    cropped, wider = size_of(in_folder / "a.png"), size_of(in_folder / "b.png")
    assert cropped < (48, 32)
    assert wider == (cropped[0] + 10, cropped[1] + 10)


def test_exif_is_kept_where_asked(command: Command) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera"
    Image.new("RGB", (8, 8), "white").save(command.folder / "a.jpg", exif=exif)
    for name, words in (("with.png", ["--keep-exif"]), ("without.png", [])):
        assert command.remove("a.jpg", "-o", name, *words).code == 0
        with Image.open(command.folder / name) as image:
            assert (image.getexif().get(0x010F) == "Camera") == (name == "with.png")


def test_16_bit_colours_leave_as_16_bit(command: Command, in_folder: Path) -> None:
    assert command.remove("photo.jpg", "--depth", "16").code == 0
    assert (in_folder / "photo-cutout.png").read_bytes()[24] == 16


def test_photo_without_a_subject_is_done_and_says_so(command: Command) -> None:
    Image.new("RGB", (20, 20)).save(command.folder / "black.png")
    done = command.remove("black.png")
    assert (done.code, done.said) == (0, ["black.png: no subject found; the matte is empty"])
    assert command.remove("black.png", "--overwrite", "--quiet").said == []


@pytest.mark.weights
def test_real_network_cuts_out_a_real_photo(command: Command, weights_settings: Settings) -> None:
    astronaut = Path(__file__).parents[2] / "examples" / "photos" / "astronaut.jpg"
    words = ["remove", str(astronaut), "--model", "u2netp", "-o", "out.png", "--device", "cpu", "--licence", "any"]
    done = command(*words, FEATHERCUT_CACHE=str(weights_settings.cache), FEATHERCUT_MODELS=None)
    assert (done.code, done.said) == (0, [])
    with Image.open(command.folder / "out.png") as image:
        alpha = np.asarray(image)[..., 3] / 255
    assert 0.3 < alpha.mean() < 0.8
    assert alpha[300, 230] > 0.9 and alpha[20, 20] < 0.1
