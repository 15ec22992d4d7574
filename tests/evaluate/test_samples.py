from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from feathercut.errors import InputError
from feathercut.evaluate.reading import read_alpha, read_colours
from feathercut.evaluate.samples import read_set
from feathercut.evaluate.softness import SOFT_FROM, soft_share

from .sets import make_set, photo_of, save, truth


def test_everything_that_a_set_has_is_found(tmp_path: Path) -> None:
    make_set(tmp_path)
    for name in ("trimap", "foreground", "background"):
        save(tmp_path / name / "a-1.png", truth())
    (tmp_path / "images" / "notes.txt").write_text("no photo", "utf-8")
    first, second, *_ = samples = read_set(tmp_path)
    assert [one.id for one in samples] == ["a-1", "a-2", "b-1", "b-2"]
    assert (first.trimap, first.foreground) == (tmp_path / "trimap/a-1.png", tmp_path / "foreground/a-1.png")
    assert (first.background, second.trimap) == (tmp_path / "background/a-1.png", None)


def test_kinds_come_from_the_file_or_the_names_or_the_set(tmp_path: Path) -> None:
    folder = make_set(tmp_path / "mine")
    assert [one.kind for one in read_set(folder)] == ["a", "a", "b", "b"]
    (folder / "kinds.json").write_text(json.dumps({"a-1": "hair", "b-1": "glass"}), "utf-8")
    assert [one.kind for one in read_set(folder)] == ["hair", "other", "glass", "other"]
    for ids in (("001", "002"), ("GT1", "GT2"), ("cat", "dog")):
        assert {one.kind for one in read_set(make_set(tmp_path / ids[0], ids))} == {ids[0]}
    (folder / "kinds.json").write_text("[1]", "utf-8")
    with pytest.raises(InputError, match=r"kinds\.json must be an object"):
        read_set(folder)


def test_what_is_no_set_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is no folder"):
        read_set(tmp_path / "nothing")
    with pytest.raises(InputError, match="no folder `images`"):
        read_set(tmp_path)
    (tmp_path / "images").mkdir()
    with pytest.raises(InputError, match="no folder `alpha`"):
        read_set(tmp_path)
    (tmp_path / "alpha").mkdir()
    with pytest.raises(InputError, match="no photos in"):
        read_set(tmp_path)


def test_photos_and_truths_must_be_pairs(tmp_path: Path) -> None:
    make_set(tmp_path)
    for number in range(5):
        save(tmp_path / "images" / f"c{number}.png", photo_of(truth()))
    with pytest.raises(InputError, match=r"a photo has no truth.*c0, c1, c2 and 2 more"):
        read_set(tmp_path)
    for number in range(5):
        (tmp_path / "images" / f"c{number}.png").unlink()
    (tmp_path / "images" / "a-1.png").unlink()
    with pytest.raises(InputError, match=r"a truth has no photo.*a-1"):
        read_set(tmp_path)
    save(tmp_path / "images" / "a-1.png", photo_of(truth()))
    save(tmp_path / "images" / "a-1.bmp", photo_of(truth()))
    with pytest.raises(InputError, match=r"a-1\.bmp and a-1\.png have one id"):
        read_set(tmp_path)


def test_alpha_is_read_from_every_kind_of_file(tmp_path: Path) -> None:
    alpha = truth()
    rgba = np.dstack([photo_of(alpha)[..., ::-1], alpha])
    kinds = {"grey": alpha, "rgb": photo_of(alpha), "rgba": rgba, "la": rgba[..., 2:]}
    for name, pixels in kinds.items():
        assert (read_alpha(save(tmp_path / f"{name}.png", pixels)) == alpha).all(), name
    deep = read_alpha(save(tmp_path / "deep.png", alpha.astype(np.uint16) * 257))
    assert deep.dtype == np.uint16 and (deep == alpha.astype(np.uint16) * 257).all()
    assert (read_alpha(save(tmp_path / "one.png", alpha > 127)) == (alpha > 127) * 255).all()
    assert read_colours(tmp_path / "grey.png") is None
    colours = read_colours(tmp_path / "rgba.png")
    assert colours is not None and (colours == rgba[..., :3]).all()


def test_files_that_cannot_be_used_are_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.png: is not there"):
        read_alpha(tmp_path / "a.png")
    path = save(tmp_path / "b.png", truth())
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(InputError, match=r"b\.png: The PNG is (cut short|damaged)"):
        read_alpha(path)
    with pytest.raises(InputError, match=r"64×48 pixels, the photo has 10×10"):
        read_alpha(save(tmp_path / "c.png", truth()), (10, 10))


def test_softness_is_seen_in_the_truth(tmp_path: Path) -> None:
    samples = read_set(make_set(tmp_path / "soft"))
    assert soft_share(samples, None) > SOFT_FROM
    for sample in samples:
        mask = np.where(truth() > 127, 255, 0).astype(np.uint8)
        mask[:, :3] = 128
        save(sample.alpha, mask)
    assert soft_share(samples, 128) == 0
    assert soft_share(samples, None) > SOFT_FROM
    samples[0].alpha.write_bytes(b"broken")
    assert soft_share(samples, 128) == 0


def test_softness_is_looked_for_in_photos_of_the_whole_set(tmp_path: Path) -> None:
    ids = tuple(f"{number:02}" for number in range(39))
    folder = make_set(tmp_path / "set", ids)
    for name in ids[:20]:
        save(folder / "alpha" / f"{name}.png", np.zeros_like(truth()))
    shares = [soft_share([sample], None) for sample in read_set(folder)]
    assert max(shares[:20]) == 0 < min(shares[20:])
    seen = soft_share(read_set(folder), None)
    assert abs(seen - np.mean(shares)) < 0.2 * np.mean(shares)


@pytest.mark.parametrize("ending", ["jpg", "JPEG", "mpo", "apng", "webp", "avif", "heic", "hif", "tif", "dib", "gif"])
def test_photos_may_have_any_ending_that_remove_finds_in_a_folder(tmp_path: Path, ending: str) -> None:
    folder = make_set(tmp_path / "set", ("a-1",))
    (folder / "images" / "a-1.png").rename(folder / "images" / f"a-1.{ending}")
    assert [one.image.name for one in read_set(folder)] == [f"a-1.{ending}"]
