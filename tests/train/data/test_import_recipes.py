from __future__ import annotations

import base64
import hashlib
import io
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from feathercut.errors import InputError
from feathercut.train.data.importers.corrections import import_corrections
from feathercut.train.data.importers.recipes import import_recipes

from .layouts import PHOTO, alphas, photo_at, quiet


def recipe(photo: Path, **more: Any) -> str:
    """All of a photo but its left half, which was erased with a rectangle."""
    erased = {"kind": "rectangle", "mode": "erase", "box": [0, 0, 4, 6]}
    about = {"name": photo.name, "size": list(PHOTO), "sha256": hashlib.sha256(photo.read_bytes()).hexdigest()}
    return json.dumps({"feathercut": "recipe", "version": 1, "photo": about, "acts": [erased], **more})


RIGHT_HALF = np.zeros(PHOTO, np.float32)
RIGHT_HALF[:, 4:] = 1


def test_a_recipe_beside_its_photo_becomes_the_pair_that_it_makes(tmp_path: Path) -> None:
    photo = photo_at(tmp_path / "work" / "day 1" / "cup.jpg")
    composed = {"background": {"kind": "colour", "colour": "red"}, "canvas": {"crop": True, "size": "90"}}
    (photo.parent / "cup.feathercut.json").write_text(recipe(photo, **composed))
    taken = import_recipes(tmp_path / "work", tmp_path / "made", quiet)
    assert (taken.pairs, taken.left_out) == (1, [])
    found = alphas(tmp_path / "made")
    assert list(found) == ["day 1-cup"] and np.array_equal(found["day 1-cup"], RIGHT_HALF)
    assert (tmp_path / "made" / "images" / "day 1-cup.jpg").read_bytes() == photo.read_bytes()


def test_what_a_network_answered_is_kept_in_the_recipe_and_counts(tmp_path: Path) -> None:
    photo = photo_at(tmp_path / "work" / "cup.jpg")
    grey = np.zeros(PHOTO, np.uint16)
    grey[3:] = 65535
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "PNG")
    answer = {"model": "any", "size": list(PHOTO), "inside": [0, 0, *PHOTO]}
    kept_one = {**answer, "png": base64.b64encode(file.getvalue()).decode()}
    (photo.parent / "cup.feathercut.json").write_text(recipe(photo, predictions=[kept_one], edges="network"))
    import_recipes(tmp_path / "work", tmp_path / "made", quiet)
    lower = RIGHT_HALF.copy()
    lower[:3] = 0
    assert float(np.abs(alphas(tmp_path / "made")["cup"] - lower).mean()) < 0.02


def test_a_recipe_finds_a_photo_that_was_renamed_and_tells_one_that_is_gone(tmp_path: Path) -> None:
    photo = photo_at(tmp_path / "work" / "cup.jpg")
    (tmp_path / "work" / "a.feathercut.json").write_text(recipe(photo))
    (tmp_path / "work" / "photos").mkdir()
    shutil.move(photo, tmp_path / "work" / "photos" / "IMG_1.JPG")
    gone = photo_at(tmp_path / "gone.jpg", 5)
    (tmp_path / "work" / "b.feathercut.json").write_text(recipe(gone))
    (tmp_path / "work" / "c.feathercut.json").write_text("{}")
    taken = import_recipes(tmp_path / "work", tmp_path / "made", quiet)
    assert taken.pairs == 1 and np.array_equal(alphas(tmp_path / "made")["a"], RIGHT_HALF)
    assert "its photo, gone.jpg, is not in" in taken.left_out[0] and "c.feathercut.json" in taken.left_out[1]
    with pytest.raises(InputError, match=r"no `\*\.feathercut\.json`"):
        import_recipes(tmp_path / "made", tmp_path / "none", quiet)


def kept(store: Path, photo: Path, tag: str, matte: bytes | None = None) -> str:
    """A correction as the server keeps it."""
    corrections = pytest.importorskip("feathercut.server.removebg.corrections")
    about = {"image_filename": photo.name, "tag": tag, "caller": "0123"}
    return str(corrections._keep(store, photo.read_bytes(), "jpeg", about, datetime(2026, 1, 2, tzinfo=UTC), matte))


def test_corrections_with_a_recipe_become_pairs_and_the_others_wait(tmp_path: Path) -> None:
    photos = [photo_at(tmp_path / "sent" / f"{number}.jpg", number) for number in range(2)]
    names = [kept(tmp_path / "store", photo, tag) for photo, tag in zip(photos, ("shoes", "bags"), strict=True)]
    (tmp_path / "drawn").mkdir()
    (tmp_path / "drawn" / "0.feathercut.json").write_text(recipe(photos[0]))
    made = tmp_path / "made"
    taken = import_corrections(tmp_path / "store", tmp_path / "drawn", made, None, quiet)
    assert (taken.pairs, taken.waiting, taken.left_out) == (1, 1, [])
    assert np.array_equal(alphas(made)[names[0]], RIGHT_HALF)
    assert [path.name for path in (made / "waiting").iterdir()] == [f"{names[1]}.jpeg"]
    # The person cuts out what waits, and saves the recipe beside it.
    waiting = made / "waiting" / f"{names[1]}.jpeg"
    (tmp_path / "drawn" / "1.feathercut.json").write_text(recipe(waiting))
    taken = import_corrections(tmp_path / "store", tmp_path / "drawn", made, None, quiet)
    assert (taken.pairs, taken.waiting) == (2, 0) and not list((made / "waiting").iterdir())
    assert sorted(alphas(made)) == sorted(names)
    only = import_corrections(tmp_path / "store", tmp_path / "drawn", tmp_path / "bags", "bags", quiet)
    assert only.pairs == 1 and list(alphas(tmp_path / "bags")) == [names[1]]


def test_a_correction_that_came_with_its_matte_is_a_pair_and_a_recipe_comes_first(tmp_path: Path) -> None:
    photos = [photo_at(tmp_path / "sent" / f"{number}.jpg", number) for number in range(2)]
    grey = np.linspace(0, 255, PHOTO[0] * PHOTO[1]).reshape(PHOTO).astype(np.uint8)
    file = io.BytesIO()
    Image.fromarray(grey).save(file, "PNG")
    names = [kept(tmp_path / "store", photo, "", file.getvalue()) for photo in photos]
    (tmp_path / "drawn").mkdir()
    (tmp_path / "drawn" / "0.feathercut.json").write_text(recipe(photos[0]))
    taken = import_corrections(tmp_path / "store", tmp_path / "drawn", tmp_path / "made", None, quiet)
    assert (taken.pairs, taken.waiting, taken.left_out) == (2, 0, [])
    found = alphas(tmp_path / "made")
    assert np.array_equal(found[names[0]], RIGHT_HALF)
    assert np.array_equal(np.rint(found[names[1]] * 255), grey)
    small = io.BytesIO()
    Image.new("L", (3, 2)).save(small, "PNG")
    kept(tmp_path / "other", photos[0], "", small.getvalue())
    told = import_corrections(tmp_path / "other", tmp_path / "drawn", tmp_path / "none", None, quiet)
    assert told.pairs == 1, "what the caller sent is not looked at where a recipe is"
    told = import_corrections(tmp_path / "other", tmp_path / "other", tmp_path / "wrong", None, quiet)
    assert told.pairs == 0 and "has 3×2 pixels and its photo" in told.left_out[0]


def test_a_record_without_its_photo_is_told_and_a_folder_without_records_refused(tmp_path: Path) -> None:
    name = kept(tmp_path / "store", photo_at(tmp_path / "a.jpg"), "")
    (tmp_path / "store" / "2026-01-02" / f"{name}.jpeg").unlink()
    taken = import_corrections(tmp_path / "store", tmp_path / "store", tmp_path / "made", None, quiet)
    assert taken.pairs == 0 and f"its photo, {name}.jpeg, is not there" in taken.left_out[0]
    with pytest.raises(InputError, match="--store-corrections"):
        import_corrections(tmp_path, tmp_path, tmp_path / "none", None, quiet)
