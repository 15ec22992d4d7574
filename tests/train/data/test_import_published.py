from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from feathercut.errors import LicenceError, OptionError
from feathercut.train.data import Pairs
from feathercut.train.data.importers.published import import_published, training_sets

from .layouts import PHOTO, alphas, photo_at, quiet
from .sets import levels, matte, save


@pytest.mark.parametrize(
    ("name", "image", "alpha", "licence"),
    [
        ("dis5k", "DIS5K/DIS-TR/im/1#Bag#2.jpg", "DIS5K/DIS-TR/gt/1#Bag#2.png", "dis5k"),
        ("duts", "DUTS-TR/DUTS-TR-Image/ILSVRC_1.jpg", "DUTS-TR/DUTS-TR-Mask/ILSVRC_1.png", "duts"),
        ("p3m-10k", "P3M-10k/train/blurred_image/p_1.jpg", "P3M-10k/train/mask/p_1.png", "p3m-10k"),
        ("am-2k", "AM-2k/train/original/m_1.jpg", "AM-2k/train/mask/m_1.png", "am-2k"),
    ],
)
def test_a_public_set_is_arranged_from_its_archive_once_its_terms_are_accepted(
    tmp_path: Path, name: str, image: str, alpha: str, licence: str
) -> None:
    photo = photo_at(tmp_path / "a.jpg", quality=95).read_bytes()
    truth = save(tmp_path / "a.png", levels(matte(0, PHOTO))).read_bytes()
    with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
        archive.writestr(image, photo)
        archive.writestr(alpha, truth)
        archive.writestr(image.replace("TR", "TE1").replace("train/", "validation/"), photo)
    folder = tmp_path / "made"
    with pytest.raises(LicenceError, match=f"--accept-licence {licence}"):
        import_published(name, [tmp_path / "set.zip"], folder, None, quiet)
    wanted, done = import_published(name, [tmp_path / "set.zip"], folder, licence, quiet)
    assert done.photos == 1 and list(alphas(folder)) == [Path(image).stem]
    assert (folder / "images" / Path(image).name).read_bytes() == photo
    assert json.loads((folder / "set.json").read_text())["truth"] == wanted.truth
    assert Pairs.open(folder)[0].is_mask is (wanted.truth == "hard")


def test_the_public_sets_are_these_and_each_says_what_it_is_for() -> None:
    known = training_sets()
    assert sorted(known) == ["am-2k", "dis5k", "duts", "p3m-10k"]
    assert all(one.id == name and "training part" in one.title and one.licence.note for name, one in known.items())
    with pytest.raises(OptionError, match="am-2k, dis5k, duts, p3m-10k"):
        import_published("coco2k", [], Path("x"), None, quiet)
