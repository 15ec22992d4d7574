from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from feathercut.train.data import Pairs
from feathercut.train.data.check import Checked, check
from feathercut.train.data.faults import KINDS, Fault, Faults
from feathercut.train.data.marks import Mark, Marks
from feathercut.train.data.repeated import alike
from feathercut.train.data.sheet import data_sheet
from feathercut.train.data.split import split
from feathercut.train.data.together import write_held_out

from .sets import add, levels, make_set, matte, pattern, save, scene


def checked(*folders: Path, truth: str | None = None, shown: int = 0) -> Checked:
    return check(folders, truth, workers=2, shown=shown)  # type: ignore[arg-type]


def found(folder: Path, truth: str | None = None) -> list[Fault]:
    return checked(folder, truth=truth).faults.kept


def resaved(folder: Path, name: str, number: int) -> None:
    """A photo again, smaller and as JPEG, with its matte at that size."""
    photo = Image.fromarray(levels(scene(number))).resize((48, 36), Image.Resampling.LANCZOS)
    (folder / "images" / f"{name}.jpg").parent.mkdir(parents=True, exist_ok=True)
    photo.save(folder / "images" / f"{name}.jpg", quality=70)
    small = Image.fromarray(levels(matte(number))).resize((48, 36), Image.Resampling.BILINEAR)
    save(folder / "alpha" / f"{name}.png", np.asarray(small))


def matte_is(array: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Callable[[Path], object]:
    return lambda folder: save(folder / "alpha" / "p1.png", array)


def _lacks(side: str) -> Callable[[Path], object]:
    return lambda folder: (folder / side / "p1.png").unlink()


def _is_leaked(folder: Path) -> None:
    resaved(folder, "again", 1)
    (folder / "held-out.txt").write_text("again\n")


def _is_jpeg(folder: Path) -> None:
    (folder / "alpha" / "p1.png").unlink()
    save(folder / "alpha" / "p1.jpg", levels(matte(1)), quality=95)


def _cut_short(folder: Path) -> None:
    path = save(folder / "images" / "p1.png", levels(scene(1)))
    path.write_bytes(path.read_bytes()[:600])


def _two_truths(folder: Path) -> None:
    add(folder, "again", 1)
    save(folder / "alpha" / "again.png", levels(np.roll(matte(1), 20, 1)))


ALPHA = levels(matte(1))
DISC = levels(matte(0) > 0.5)
# By kind: what is done to a set of four pairs, and words that the person reads.
BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "no-matte": (_lacks("alpha"), "no matte in `alpha`"),
    "no-photo": (_lacks("images"), "no photo in `images`"),
    "twice": (lambda folder: save(folder / "images" / "p1.jpg", levels(scene(9))), "of another ending"),
    "unreadable": (_cut_short, "cut short"),
    "sizes": (matte_is(levels(matte(1, (48, 60)))), "64×48 pixels and the matte 60×48"),
    "colours": (matte_is(levels(pattern(1))), "a picture in colours"),
    "labels": (matte_is((DISC // 255).astype(np.uint8)), "highest value is 1 of 255"),
    "trimap": (matte_is(np.where((ALPHA > 0) & (ALPHA < 255), 128, ALPHA).astype(np.uint8)), "a trimap"),
    "empty": (matte_is(np.zeros_like(ALPHA)), "Nothing is the subject"),
    "full": (matte_is(np.full_like(ALPHA, 255)), "Everything is the subject"),
    "inverted": (matte_is(255 - ALPHA), "show what is not the subject"),
    "mask": (matte_is(DISC), "inside and outside only"),
    "elsewhere": (matte_is(np.roll(ALPHA, (8, -14), (0, 1))), "not where the photo has edges"),
    "grey-ground": (matte_is(np.maximum(ALPHA, 5)), "nearly black"),
    "lossy": (_is_jpeg, "a JPEG file"),
    "same-matte": (matte_is(levels(matte(0))), "the same matte"),
    "duplicate": (lambda folder: add(folder, "again", 1), "the same file"),
    "near-duplicate": (lambda folder: resaved(folder, "again", 1), "saved again"),
    "two-truths": (_two_truths, "two different mattes"),
    "leak": (_is_leaked, "`held-out.txt`"),
}


def test_every_kind_of_fault_is_tried() -> None:
    assert BROKEN.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_broken_is_named_alone_with_a_remedy(tmp_path: Path, kind: str) -> None:
    breaks, words = BROKEN[kind]
    breaks(make_set(tmp_path))
    truth = "mattes" if kind == "mask" else None
    faults = found(tmp_path, truth)
    if kind == "two-truths":  # one of the two is wrong, which is seen as well
        faults = [fault for fault in faults if fault.kind != "elsewhere"]
    assert [fault.kind for fault in faults] == [kind], faults
    assert words in faults[0].sentence, faults[0].sentence
    assert all("p1" in name or "p0" in name or "again" in name for name in faults[0].files)
    assert faults[0].remedy.endswith(".")


def test_a_set_without_a_fault_has_none(tmp_path: Path) -> None:
    result = checked(make_set(tmp_path))
    assert (result.faults.kept, result.faults.worst, result.count, result.masks) == ([], None, 4, [0])


def test_an_orientation_that_the_matte_lacks_is_told_as_that(tmp_path: Path) -> None:
    make_set(tmp_path)
    (tmp_path / "images" / "p1.png").unlink()
    turned = Image.Exif()
    turned[274] = 8
    Image.fromarray(levels(scene(1))).save(tmp_path / "images" / "p1.jpg", exif=turned)
    assert [fault.kind for fault in found(tmp_path)] == ["sizes"]
    assert "turned as its EXIF data says" in found(tmp_path)[0].sentence


def test_a_leak_between_folders_is_told_however_it_was_saved(tmp_path: Path) -> None:
    make_set(tmp_path / "train")
    add(tmp_path / "test", "other", 6)
    resaved(tmp_path / "test", "copied", 2)
    faults = checked(tmp_path / "train", tmp_path / "test").faults.kept
    assert [fault.kind for fault in faults] == ["leak"]
    assert {Path(name).stem for name in faults[0].files} == {"p2", "copied"}
    assert str(tmp_path / "train") in faults[0].sentence and str(tmp_path / "test") in faults[0].sentence


@pytest.mark.parametrize(("said", "kinds"), [("soft", ["mask"]), ("hard", [])])
def test_what_the_set_says_of_its_truth_is_what_masks_are_held_against(
    tmp_path: Path, said: str, kinds: list[str]
) -> None:
    save(make_set(tmp_path) / "alpha" / "p1.png", DISC)
    (tmp_path / "set.json").write_text(f'{{"truth": "{said}"}}')
    result = checked(tmp_path)
    assert [fault.kind for fault in result.faults.kept] == kinds and result.masks == [1 - len(kinds)]


@pytest.mark.parametrize("side", [np.s_[24:, 10:50], np.s_[10:40, 30:], np.s_[:40, 8:50]])
def test_subjects_at_the_border_are_not_taken_for_inverted(tmp_path: Path, side: tuple[slice, slice]) -> None:
    alpha = np.zeros_like(ALPHA)
    alpha[side] = 255
    save(make_set(tmp_path) / "alpha" / "p1.png", alpha)
    assert "inverted" not in checked(tmp_path).faults.counts
    save(tmp_path / "alpha" / "p1.png", 255 - alpha)
    assert [fault.kind for fault in found(tmp_path)] == ["inverted"]


def test_a_close_up_that_fills_the_photo_is_fine(tmp_path: Path) -> None:
    alpha = np.full_like(ALPHA, 255)
    alpha[:20, :12] = 0
    photo = levels(scene(1))
    photo[:20, :12] = 255 - photo[:20, :12]
    save(make_set(tmp_path) / "alpha" / "p1.png", alpha)
    save(tmp_path / "images" / "p1.png", photo)
    assert found(tmp_path) == []


def test_faults_beyond_a_thousand_are_counted() -> None:
    faults = Faults(most=2)
    kept = [faults.add(Fault("empty", ("a",), "It is black.")) for _ in range(5)]
    assert kept == [True, True, False, False, False]
    assert (faults.counts, len(faults.kept), faults.worst) == ({"empty": 5}, 2, "serious")


def test_hints_ask_for_nothing() -> None:
    faults = Faults()
    faults.add(Fault("lossy", ("a",), "It is JPEG."))
    assert faults.worst is None
    faults.add(Fault("duplicate", ("a", "b"), "These are one."))
    assert faults.worst == "warning"


def test_the_sheet_shows_what_is_broken_and_some_of_what_is_not(tmp_path: Path) -> None:
    matte_is(np.zeros_like(ALPHA))(make_set(tmp_path))
    (tmp_path / "alpha" / "p3.png").unlink()
    page = data_sheet(checked(tmp_path, shown=10))
    assert page.count("<h2>") == 3 and "empty</b> (1)" in page and "no-matte</b> (1)" in page
    assert page.count('alt="Its matte"') == 3, "one that is broken, two that are not"
    assert page.count("data:image/") == 9 and "http" not in page
    assert "<code>images</code>" in page


def test_the_sheet_shows_both_of_two_that_are_the_same(tmp_path: Path) -> None:
    resaved(make_set(tmp_path, 24), "zz", 1)  # of many, every second is on the page anyway
    result = checked(tmp_path, shown=20)
    page = data_sheet(result).partition("near-duplicate</b>")[2].partition("<h2>")[0]
    assert page.count('alt="Its matte"') == 2 and "p1.png" in page and "zz.jpg" in page


def test_the_sheet_of_a_name_that_is_html_is_text(tmp_path: Path) -> None:
    add(tmp_path, "a&b", 1)
    save(tmp_path / "alpha" / "a&b.png", np.zeros_like(ALPHA))
    assert "a&amp;b" in data_sheet(checked(tmp_path, shown=3)) and "a&b" not in data_sheet(checked(tmp_path, shown=3))


@pytest.mark.parametrize(("held", "kind"), [("", "near-duplicate"), ("turned\n", "leak")])
def test_a_mirrored_copy_is_seen_for_what_it_is(tmp_path: Path, held: str, kind: str) -> None:
    make_set(tmp_path, 3)
    save(tmp_path / "images" / "turned.jpg", levels(scene(1))[:, ::-1], quality=90)
    save(tmp_path / "alpha" / "turned.png", levels(matte(1))[:, ::-1])
    (tmp_path / "held-out.txt").write_text(held)
    faults = found(tmp_path)
    assert [fault.kind for fault in faults] == [kind] and "mirrored" in faults[0].sentence
    assert {Path(name).stem for name in faults[0].files} == {"p1", "turned"}


def test_of_many_that_look_the_same_each_is_told_once(tmp_path: Path) -> None:
    make_set(tmp_path, 1)
    for number in range(5):
        resaved(tmp_path, f"again{number}", 0)
        path = tmp_path / "images" / f"again{number}.jpg"
        path.write_bytes(path.read_bytes() + bytes(number))  # another file each
    kinds = [fault.kind for fault in found(tmp_path)]
    assert kinds == ["near-duplicate"] * 5


def test_tiny_pictures_of_many_lie_on_the_disk() -> None:
    marks = Marks.of(10_000)
    marks.note(9_999, bytes(range(16)), bytes(16), Mark.of(scene(0)))
    assert isinstance(marks.tiny, np.memmap) and marks.tiny[9_999].any() and not marks.tiny[0].any()
    marks.note(3, bytes(16), bytes(16), Mark.of(scene(0)))
    assert marks.are_alike(3, 9_999) and not marks.are_alike(4, 5)
    assert list(alike(marks)) == [(3, 9_999, False)]


def test_a_split_keeps_what_looks_the_same_together(tmp_path: Path) -> None:
    make_set(tmp_path, 6)
    for number in range(3):
        resaved(tmp_path, f"again{number}", number)
    for seed in range(4):
        assert write_held_out(Pairs.open(tmp_path), 0.3, seed, workers=2, overwrite=True) >= 3
        assert not [fault for fault in found(tmp_path) if fault.kind == "leak"]
        learned, held = split(Pairs.open(tmp_path), 0, 0)
        assert len(learned) + len(held) == 9 and len(held)


def test_the_page_explains_every_kind() -> None:
    page = (Path(__file__).parents[3] / "docs" / "training-data.md").read_text("utf-8")
    assert not [kind for kind in KINDS if f"`{kind}`" not in page]
