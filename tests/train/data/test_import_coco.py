from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from feathercut.errors import InputError, OptionError
from feathercut.train.data import Pairs
from feathercut.train.data.importers.coco import import_coco
from feathercut.train.data.importers.json_items import items

from .layouts import MASK, PHOTO, alphas, packed, photo_at, quiet, runs_of
from .sets import levels, scene


def coco_file(folder: Path, **more: Any) -> Path:
    """Three photos: polygons, run lengths as a list, run lengths as a string; and what is asked for."""
    for number in range(3):
        photo_at(folder / "photos" / f"{number}.jpg", number)
    box = [[2, 1, 7, 1, 7, 4, 2, 4]]
    shape = {"size": list(PHOTO)}
    content = {
        "info": {"description": 'a "set" [of] {three}', "year": 2026},
        "images": [{"id": n, "file_name": f"{n}.jpg", "height": 6, "width": 8} for n in range(3)],
        "annotations": [
            {"image_id": 0, "category_id": 1, "segmentation": box},
            {"image_id": 1, "category_id": 1, "segmentation": {**shape, "counts": runs_of(MASK)}, "iscrowd": 1},
            {"image_id": 2, "category_id": 2, "segmentation": {**shape, "counts": packed(runs_of(MASK))}},
            {"image_id": 2, "category_id": 1, "segmentation": [[0, 0, 2, 0, 2, 1, 0, 1]]},
        ],
        "categories": [{"id": 1, "name": "cup"}, {"id": 2, "name": "cat"}],
    }
    content.update(more)
    path = folder / "instances.json"
    path.write_text(json.dumps(content))
    return path


def test_cocos_polygons_and_run_lengths_become_masks(tmp_path: Path) -> None:
    taken = import_coco(coco_file(tmp_path), tmp_path / "photos", tmp_path / "made", (), quiet)
    assert (taken.pairs, taken.left_out) == (3, [])
    found = alphas(tmp_path / "made")
    wanted = np.zeros(PHOTO)
    wanted[1:4, 2:7] = 1
    assert np.array_equal(found["0"], wanted) and np.array_equal(found["1"], MASK)
    both = MASK.copy()
    both[0, :2] = 1
    assert np.array_equal(found["2"], both)
    assert Pairs.open(tmp_path / "made")[0].is_mask
    copied = (tmp_path / "made" / "images" / "1.jpg").read_bytes()
    assert copied == (tmp_path / "photos" / "1.jpg").read_bytes()


def test_cocos_categories_choose_and_unknown_ones_are_refused(tmp_path: Path) -> None:
    path = coco_file(tmp_path)
    assert import_coco(path, tmp_path / "photos", tmp_path / "cats", ["cat"], quiet).pairs == 1
    assert np.array_equal(alphas(tmp_path / "cats")["2"], MASK)
    with pytest.raises(OptionError, match="no category dog; it has cup, cat"):
        import_coco(path, tmp_path / "photos", tmp_path / "dogs", ["dog"], quiet)


def test_what_a_photo_of_coco_lacks_is_told_and_stops_nothing(tmp_path: Path) -> None:
    path = coco_file(tmp_path)
    (tmp_path / "photos" / "0.jpg").unlink()
    photo_at(tmp_path / "photos" / "1.jpg").write_bytes(b"no picture")
    taken = import_coco(path, tmp_path / "photos", tmp_path / "made", (), quiet)
    assert taken.pairs == 1 and len(taken.left_out) == 2
    assert "0.jpg" in taken.left_out[0] and "1.jpg" in taken.left_out[1]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"images": [{"id": 0, "file_name": "0.jpg", "height": 9, "width": 8}]}, "8×6 pixels, and its annotations"),
        ({"images": [{"id": 0, "file_name": "../instances.json", "height": 6, "width": 8}]}, "outside of"),
        ({"images": [{"id": 0, "file_name": "0.jpg"}]}, "lacks 'height'"),
        ({"annotations": [{"image_id": 0, "segmentation": [[1, 2, 3]]}]}, "3 numbers, which are no pairs"),
        ({"annotations": [{"image_id": 0, "segmentation": []}]}, "cover nothing"),
    ],
)
def test_annotations_that_cannot_be_meant_are_told(tmp_path: Path, change: dict[str, Any], words: str) -> None:
    path = coco_file(tmp_path, **change)
    taken = import_coco(path, tmp_path / "photos", tmp_path / "made", (), quiet)
    assert words in taken.left_out[0], taken.left_out


def test_annotations_of_pixels_as_they_lie_are_turned_with_the_photo(tmp_path: Path) -> None:
    path = coco_file(tmp_path)
    turned = Image.Exif()
    turned[274] = 6
    Image.fromarray(levels(scene(0, PHOTO))).save(tmp_path / "photos" / "0.jpg", exif=turned)
    import_coco(path, tmp_path / "photos", tmp_path / "made", (), quiet)
    wanted = np.zeros(PHOTO)
    wanted[1:4, 2:7] = 1
    assert np.array_equal(alphas(tmp_path / "made")["0"], np.rot90(wanted, -1))


def test_a_long_list_is_read_item_by_item_and_a_broken_one_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    many = [{"id": number, "text": '[]{}\\",' * 50} for number in range(9000)]
    path.write_text(json.dumps({"n": 12345, "other": [[1, 2], "x"], "many": many, "last": {"a": 1}}, indent=1))
    assert path.stat().st_size > 3 << 20
    assert [one["id"] for one in items(path, "many")] == list(range(9000))
    assert list(items(path, "absent")) == []
    path.write_text(path.read_text()[:200_000])
    with pytest.raises(InputError, match=r"a\.json cannot be read as annotations"):
        list(items(path, "absent"))
