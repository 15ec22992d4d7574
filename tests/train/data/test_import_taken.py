from __future__ import annotations

from pathlib import Path

import pytest

from feathercut.errors import InputError, OutputError
from feathercut.train.data.importers.taken import begin, copy, name_of


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "letter.txt").write_text("dear")
    with pytest.raises(OutputError, match="something else already"):
        begin(tmp_path / "mine", "coco", "hard")
    begin(tmp_path / "made", "coco", "hard")
    begin(tmp_path / "made", "coco", "hard")
    with pytest.raises(OutputError, match="holds another set"):
        begin(tmp_path / "made", "recipes", "soft")


@pytest.mark.parametrize("path", ["../../etc/passwd.jpg", "C:\\x\\y.jpg", "a/b/c.d.png", "..", "\x00.png"])
def test_a_name_never_leads_out_of_the_set(path: str) -> None:
    name = name_of(path)
    assert name and not set(name) & set("/\\:\x00") and name not in (".", "..")


def test_a_photo_is_copied_whatever_its_names_length_or_is_what_cannot_be_read(tmp_path: Path) -> None:
    source = tmp_path / "photo.jpg"
    source.write_bytes(b"photo")
    longest = tmp_path / "set" / f"{'n' * 251}.jpg"  # all that a file system allows
    copy(source, longest)
    assert longest.read_bytes() == b"photo"
    with pytest.raises(InputError, match=r"gone\.jpg cannot be read"):
        copy(tmp_path / "gone.jpg", tmp_path / "set" / "gone.jpg")
    assert [path.name for path in longest.parent.iterdir()] == [longest.name]
