from __future__ import annotations

import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from feathercut import files
from feathercut.errors import InputError, OutputError
from feathercut.pictures import FloatArray
from feathercut.train.data import Pairs, index, listing
from feathercut.train.data.batches import order_of
from feathercut.train.data.pairs import read_photo

from .sets import add, levels, make_set, matte, save, scene

MANY = 500_000


def ids(pairs: Pairs) -> list[str]:
    return [pairs.files(number).id for number in range(len(pairs))]


def settled(folder: Path) -> Path:
    """As after some time: folders that changed a moment ago are looked at again."""
    for name in ("images", "alpha"):
        os.utime(folder / name, ns=(10**18, 10**18))
    return folder


def test_a_pair_is_the_numbers_of_its_files(tmp_path: Path) -> None:
    pairs = Pairs.open(make_set(tmp_path, 3))
    pair = pairs[1]
    assert len(pairs) == 3 and pair.rgb.dtype == pair.alpha.dtype == np.float32
    assert np.array_equal(pair.rgb, levels(scene(1)).astype(np.float32).transpose(2, 0, 1) / np.float32(255))
    assert np.array_equal(pair.alpha[0], levels(matte(1)).astype(np.float32) / np.float32(255))
    assert not pair.is_mask
    assert np.array_equal(pairs[-1].alpha, pairs[2].alpha) and len(pairs[:2]) == 2
    with pytest.raises(IndexError):
        pairs[3]


def test_photos_and_mattes_find_each_other_whatever_their_endings_and_folders(tmp_path: Path) -> None:
    save(tmp_path / "images" / "b" / "ä.JPG", levels(scene(0)))
    save(tmp_path / "alpha" / "b" / "ä.png", levels(matte()))
    save(tmp_path / "images" / "a.of.me.webp", levels(scene(1)))
    save(tmp_path / "alpha" / "a.of.me.tif", levels(matte()))
    save(tmp_path / "images" / ".hidden.png", levels(scene(2)))
    (tmp_path / "images" / "notes.txt").write_text("no picture")
    pairs = Pairs.open(tmp_path)
    assert ids(pairs) == ["a.of.me", "b/ä"]
    assert pairs.files(1).image == tmp_path / "images" / "b" / "ä.JPG" and pairs[1].size == (48, 64)


def test_a_photo_is_upright_and_16_bits_of_matte_are_kept(tmp_path: Path) -> None:
    turned = Image.Exif()
    turned[274] = 6
    Path(tmp_path / "images").mkdir()
    Image.fromarray(levels(scene(0))).save(tmp_path / "images" / "a.jpg", exif=turned, quality=95)
    alpha = np.linspace(0, 65535, 64 * 48).astype(np.uint16).reshape(64, 48)
    save(tmp_path / "alpha" / "a.png", alpha)
    pair = Pairs.open(tmp_path)[0]
    assert pair.size == (64, 48)
    assert np.array_equal(pair.alpha[0], alpha.astype(np.float32) / np.float32(65535))
    assert float(np.abs(read_photo(tmp_path / "images" / "a.jpg") - scene(0)[::-1].swapaxes(0, 1)).mean()) < 0.02


def test_masks_are_known_by_their_pixels_or_by_what_the_set_says(tmp_path: Path) -> None:
    make_set(tmp_path, 2)
    save(tmp_path / "alpha" / "p0.png", levels(matte() > 0.5))
    assert [pair.is_mask for pair in Pairs.open(tmp_path)] == [True, False]
    (tmp_path / "set.json").write_text('{"truth": "hard"}')
    assert Pairs.open(tmp_path)[1].is_mask


@pytest.mark.parametrize("broken", ["images", "alpha"])
def test_a_pair_that_cannot_be_read_names_its_file(tmp_path: Path, broken: str) -> None:
    (make_set(tmp_path, 1) / broken / "p0.png").write_bytes(b"no picture at all")
    with pytest.raises(InputError, match=f"{broken}.p0.png"):
        Pairs.open(tmp_path)[0]


def test_a_pair_of_two_sizes_is_refused_with_both(tmp_path: Path) -> None:
    save(make_set(tmp_path, 1) / "alpha" / "p0.png", levels(matte(0, (48, 60))))
    with pytest.raises(InputError, match=r"60×48 pixels and its photo 64×48.*data check"):
        Pairs.open(tmp_path)[0]


def test_a_folder_that_is_no_data_set_says_what_it_lacks(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    with pytest.raises(InputError, match="no folder `alpha`"):
        Pairs.open(tmp_path)


def test_the_second_look_reads_no_folder_until_one_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settled(make_set(tmp_path))
    assert len(Pairs.open(tmp_path)) == 4
    with monkeypatch.context() as patch:
        patch.setattr(index, "listed", lambda *_: pytest.fail("the folders were read again"))
        assert ids(Pairs.open(tmp_path)) == ["p0", "p1", "p2", "p3"]
    add(tmp_path, "p9", 9)
    assert ids(Pairs.open(tmp_path))[-1] == "p9"


def test_an_index_that_is_cut_short_or_another_file_is_written_anew(tmp_path: Path) -> None:
    settled(make_set(tmp_path))
    Pairs.open(tmp_path)
    whole = (tmp_path / index.NAME).read_bytes()
    for broken in (whole[:-3], b"", b"feathercut pairs 1\n9999999\n{}", b"something else\n"):
        (tmp_path / index.NAME).write_bytes(broken)
        assert len(Pairs.open(tmp_path)) == 4
        assert (tmp_path / index.NAME).read_bytes() == whole


def test_a_disk_that_takes_no_index_is_read_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_set(tmp_path)
    write = files.write

    def refuse(path: Path, *rest: object, **more: object) -> None:
        if path.parent == tmp_path:
            raise OutputError("read only")
        write(path, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "write", refuse)
    assert ids(Pairs.open(tmp_path)) == ["p0", "p1", "p2", "p3"]
    assert not (tmp_path / index.NAME).exists()


def test_files_without_a_partner_and_two_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    make_set(tmp_path, 2)
    save(tmp_path / "images" / "lonely.png", levels(scene(5)))
    save(tmp_path / "alpha" / "alone.png", levels(matte()))
    save(tmp_path / "images" / "p1.jpg", levels(scene(6)))
    found = Pairs.open(tmp_path).listing
    assert len(found) == 2
    assert found.left_out("images") == (1, ["images/lonely.png"])
    assert found.left_out("alpha") == (1, ["alpha/alone.png"])
    assert found.left_out("twice")[0] == 1


def test_half_a_million_pairs_take_no_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The index is a real one; only the million files that it names are not there."""

    def names(folder: Path, name: str, folders: dict[str, int]) -> Iterator[tuple[str, str]]:
        folders[name] = (folder / name).stat().st_mtime_ns
        ending = ".jpg" if name == "images" else ".png"
        return ((f"{number % 100:02}/photo-{number:06}", ending) for number in reversed(range(MANY)))

    for name in ("images", "alpha"):
        (tmp_path / name).mkdir()
    settled(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(listing, "_pictures", names)
        Pairs.open(tmp_path)
    tracemalloc.start()
    try:
        pairs = Pairs.open(tmp_path)
        opened = tracemalloc.get_traced_memory()[1]
        order = order_of(len(pairs), 0, 0)
        for number in order[:2000]:
            pairs.files(int(number))
        used = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert len(pairs) == MANY
    assert pairs.files(0).id == "00/photo-000000" and pairs.files(MANY - 1).id == "99/photo-499999"
    assert pairs.files(7).alpha == tmp_path / "alpha" / "00" / "photo-000700.png"
    assert opened < 2e6, f"{opened / 1e6:.2f} MB, where the names alone would be 100"
    assert used < MANY * 8 + 6e6, f"{used / 1e6:.2f} MB: the order of an epoch is 4 MB"


def test_transparent_photos_show_grey_not_what_they_hide(tmp_path: Path) -> None:
    hidden = np.dstack((levels(scene(0)), np.zeros((48, 64), np.uint8)))
    photo: FloatArray = read_photo(save(tmp_path / "a.png", hidden))
    assert np.allclose(photo, 0.5)
