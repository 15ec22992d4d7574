from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from feathercut.errors import InputError, OptionError
from feathercut.train.data.importers.supervisely import import_supervisely

from .layouts import MASK, PHOTO, alphas, packed_png, photo_at, quiet


def supervisely_project(folder: Path) -> Path:
    """A photo with a bitmap, one with a polygon that has a hole."""
    photo_at(folder / "people" / "img" / "a.jpg", 0)
    photo_at(folder / "people" / "img" / "b.png", 1)
    small = packed_png(Image.fromarray(MASK[1:4, 2:7] * 255))
    outline = {"exterior": [[1, 1], [5, 1], [5, 4], [1, 4]], "interior": [[[2, 2], [4, 2], [4, 3], [2, 3]]]}
    size = {"height": 6, "width": 8}
    objects = {
        "a.jpg": [{"classTitle": "person", "bitmap": {"data": small, "origin": [2, 1]}}],
        "b.png": [
            {"classTitle": "person", "geometryType": "polygon", "points": outline},
            {"classTitle": "bag", "geometryType": "bitmap", "bitmap": {"data": small, "origin": [0, 3]}},
        ],
    }
    for name, drawn in objects.items():
        note = folder / "people" / "ann" / f"{name}.json"
        note.parent.mkdir(exist_ok=True)
        note.write_text(json.dumps({"size": size, "objects": drawn}))
    (folder / "meta.json").write_text("{}")
    return folder


def test_superviselys_bitmaps_and_polygons_become_masks(tmp_path: Path) -> None:
    taken = import_supervisely(supervisely_project(tmp_path / "in"), tmp_path / "made", ["person"], quiet)
    assert (taken.pairs, taken.left_out) == (2, [])
    found = alphas(tmp_path / "made")
    wanted = np.zeros(PHOTO)
    wanted[1:4, 2:7] = 1
    assert np.array_equal(found["people-a"], wanted)
    # Points name pixels, so that the line runs through their middles: half of a pixel of the border is covered.
    assert np.allclose(found["people-b"][1, 1:6], [0.25, 0.5, 0.5, 0.5, 0.25], atol=0.003)
    assert found["people-b"][2, 3] == pytest.approx(0.5, abs=0.003), "the hole"
    everything = import_supervisely(tmp_path / "in", tmp_path / "all", (), quiet)
    assert everything.pairs == 2 and alphas(tmp_path / "all")["people-b"][3:6, :5].min() == 1


def test_what_a_photo_of_supervisely_lacks_is_told(tmp_path: Path) -> None:
    project = supervisely_project(tmp_path / "in")
    (project / "people" / "img" / "a.jpg").unlink()
    (project / "people" / "ann" / "b.png.json").write_text('{"size": {"height": 6, "width": 8}}')
    taken = import_supervisely(project, tmp_path / "made", (), quiet)
    assert taken.pairs == 0
    assert "a.jpg cannot be read" in taken.left_out[0] and "lack 'objects'" in taken.left_out[1]
    with pytest.raises(OptionError, match="no object of class dog; it has bag, person"):
        import_supervisely(supervisely_project(tmp_path / "again"), tmp_path / "dogs", ["dog"], quiet)
    with pytest.raises(InputError, match="no `ann"):
        import_supervisely(tmp_path / "made", tmp_path / "none", (), quiet)
