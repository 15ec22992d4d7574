from __future__ import annotations

from pathlib import Path

import pytest

from feathercut.batch.plan import Job, plan
from feathercut.errors import OptionError
from feathercut.options import Format


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def touch(*names: str) -> None:
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()


def planned(*inputs: str, to: str | None = None, kind: Format | None = None) -> dict[str, str]:
    """Input → output, with forward slashes."""
    jobs = plan(inputs, output=None, output_dir=Path(to) if to else None, format=kind)
    assert all(job.error is None and job.source and job.target for job in jobs), jobs
    return {_text(job.source): _text(job.target) for job in jobs}


def _text(path: Path | None) -> str:
    return "-" if path is None else path.as_posix()


def test_cutout_lies_beside_its_photo() -> None:
    touch("in/a.jpg")
    assert planned("in/a.jpg") == {"in/a.jpg": "in/a-cutout.png"}


def test_cutout_has_the_photos_stem_in_an_output_folder() -> None:
    touch("in/a.jpg")
    assert planned("in/a.jpg", to="out") == {"in/a.jpg": "out/a.png"}


@pytest.mark.parametrize(("kind", "name"), [("jpeg", "a.jpg"), ("tiff", "a.tif"), ("webp", "a.webp")])
def test_ending_follows_the_format(kind: Format, name: str) -> None:
    assert planned("in/a.bmp", to="out", kind=kind) == {"in/a.bmp": f"out/{name}"}


def test_tree_is_mirrored() -> None:
    touch("in/a.jpg", "in/x/a.jpg", "in/x/y/b.webp")
    expected = {"in/a.jpg": "out/a.png", "in/x/a.jpg": "out/x/a.png", "in/x/y/b.webp": "out/x/y/b.png"}
    assert planned("in", to="out") == expected


def test_two_folders_are_mirrored_below_their_names() -> None:
    touch("one/a.jpg", "two/a.jpg")
    assert planned("one", "two", to="out") == {"one/a.jpg": "out/one/a.png", "two/a.jpg": "out/two/a.png"}


def test_where_two_would_meet_each_keeps_its_ending() -> None:
    touch("in/a.jpg", "in/a.webp", "in/b.jpg")
    expected = {"in/a.jpg": "out/a.jpg.png", "in/a.webp": "out/a.webp.png", "in/b.jpg": "out/b.png"}
    assert planned("in", to="out") == expected


def test_same_name_from_two_places_gets_a_number() -> None:
    touch("one/a.jpg", "two/a.jpg")
    targets = planned("one/a.jpg", "two/a.jpg", to="out").values()
    assert sorted(targets) == ["out/a.jpg-2.png", "out/a.jpg.png"]


def test_names_that_differ_in_case_alone_do_not_meet_on_any_disk() -> None:
    touch("in/a.jpg", "in/A.jpg", "in/Straße.jpg", "in/STRASSE.jpg")
    targets = list(planned("in", to="out").values())
    assert len({target.casefold() for target in targets}) == len(list(Path("in").iterdir()))


def test_names_that_differ_in_how_an_accent_is_composed_do_not_meet() -> None:
    touch("one/caf\u00e9.jpg", "two/cafe\u0301.jpg")
    targets = planned("one/caf\u00e9.jpg", "two/cafe\u0301.jpg", to="out").values()
    assert {"out/café.jpg.png"} < {target.replace("e\u0301", "é") for target in targets}


def test_one_photo_named_twice_is_cut_out_once() -> None:
    touch("in/a.jpg")
    assert planned("in/a.jpg", "in", "./in/../in/a.jpg") == {"in/a.jpg": "in/a-cutout.png"}


def test_no_cutout_takes_the_place_of_another_photo() -> None:
    touch("in/a.jpg", "in/b/a.png")
    targets = planned("in/a.jpg", "in/b/a.png", to="in/b")
    assert "in/b/a.png" not in targets.values()


def test_folder_run_twice_does_not_take_its_results_for_photos() -> None:
    touch("in/a.jpg", "in/a.webp", "in/A.jpg", "in/b.jpg", "in/sub/c.png")
    first = planned("in")
    touch(*first.values())
    assert planned("in") == first


def test_pattern_run_twice_does_not_take_its_results_for_photos() -> None:
    touch("in/a.png", "in/b.png")
    first = planned("in/*.png")
    touch(*first.values())
    assert planned("in/*.png") == first
    assert planned(*map(str, sorted(Path("in").glob("*.png")))) == first  # as a shell hands it over


def test_photo_called_cutout_without_an_original_is_a_photo() -> None:
    touch("in/a-cutout.png", "in/-cutout.png", "in/b.png")
    assert set(planned("in")) == {"in/a-cutout.png", "in/-cutout.png", "in/b.png"}
    assert set(planned("in/a-cutout.png")) == {"in/a-cutout.png"}


def test_output_folder_inside_the_input_is_not_searched() -> None:
    touch("in/a.jpg", "in/out/a.png")
    assert planned("in", to="in/out") == {"in/a.jpg": "in/out/a.png"}
    assert planned("in/**/*.*", to="in/out") == {"in/a.jpg": "in/out/a.png"}


def test_output_folder_that_is_the_input_is_refused() -> None:
    touch("in/a.jpg")
    with pytest.raises(OptionError, match="is an input as well"):
        planned("in", to="./in/../in")


def test_pattern_may_have_its_results_beside_its_photos() -> None:
    touch("in/a.jpg")
    assert planned("in/*.jpg", to="in") == {"in/a.jpg": "in/a.png"}


def test_hidden_files_and_other_files_in_a_folder_are_left_out() -> None:
    touch("in/a.jpg", "in/.b.jpg", "in/.git/c.jpg", "in/notes.txt", "in/noending")
    assert planned("in") == {"in/a.jpg": "in/a-cutout.png"}


def test_links_that_lead_in_a_circle_are_not_followed() -> None:
    touch("in/a.jpg")
    Path("in/back").symlink_to("..")
    Path("in/self.jpg").symlink_to("self.jpg")
    assert set(planned("in")) == {"in/a.jpg", "in/self.jpg"}  # the latter cannot be read, and says so


def test_name_with_a_patterns_characters_is_a_file_where_there_is_one() -> None:
    touch("in/a[1].jpg", "in/a1.jpg")
    assert planned("in/a[1].jpg") == {"in/a[1].jpg": "in/a[1]-cutout.png"}


def test_pattern_that_nothing_fits_is_one_failed_input() -> None:
    touch("in/a.jpg")
    nothing, fine = plan(["in/*.gif", "in/a.jpg"], output=None, output_dir=None, format=None)
    assert "nothing fits" in str(nothing.error) and "check the path" in str(nothing.error)
    assert fine == Job(Path("in/a.jpg"), Path("in/a-cutout.png"))


@pytest.mark.parametrize(
    ("inputs", "output", "output_dir"),
    [
        (["a.jpg"], "b.png", "out"),
        (["a.jpg", "b.jpg"], "b.png", None),
        (["-", "b.jpg"], None, None),
        (["-"], None, "out"),
        (["a.jpg"], "out/", None),
        (["a.jpg"], ".", None),
        (["a.jpg"], "", None),
    ],
)
def test_what_contradicts_itself_is_refused(inputs: list[str], output: str | None, output_dir: str | None) -> None:
    with pytest.raises(OptionError, match=r"`output|stdin"):
        plan(inputs, output=output, output_dir=Path(output_dir) if output_dir else None, format=None)
