"""Public sets: small archives of the layouts that are known of them become sets that can be read."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from feathercut.errors import InputError, LicenceError, OptionError, OutputError
from feathercut.evaluate.samples import read_set
from feathercut.evaluate.sets import archive as archives
from feathercut.evaluate.sets.arrange import Arranged, arrange
from feathercut.evaluate.sets.record import check_licence, find, public_sets

# One photo of each set as its archive has it, besides what must be passed by.
LAYOUTS: dict[str, list[str]] = {
    "dis5k-vd": [
        "DIS5K/DIS-VD/im/12#Furniture#3#Chair#8.jpg", "DIS5K/DIS-VD/gt/12#Furniture#3#Chair#8.png",
        "DIS5K/DIS-TR/im/1#Accessories#1#Bag#2.jpg", "DIS5K/DIS-TR/gt/1#Accessories#1#Bag#2.png",
    ],
    "dis5k-te": [
        "DIS5K/DIS-TE1/im/1#Aircraft#1#Drone#1.jpg", "DIS5K/DIS-TE1/gt/1#Aircraft#1#Drone#1.png",
        "DIS5K/DIS-TE4/im/9#Insect#2#Bee#4.jpg", "DIS5K/DIS-TE4/gt/9#Insect#2#Bee#4.png",
    ],
    "p3m-500-p": [
        "P3M-10k/validation/P3M-500-P/blurred_image/p_01.jpg", "P3M-10k/validation/P3M-500-P/mask/p_01.png",
        "P3M-10k/validation/P3M-500-P/trimap/p_01.png", "P3M-10k/train/blurred_image/p_02.jpg",
        "P3M-10k/train/mask/p_02.png", "P3M-10k/validation/P3M-500-NP/original_image/n_01.jpg",
    ],
    "p3m-500-np": [
        "P3M-10k/validation/P3M-500-NP/original_image/n_01.jpg", "P3M-10k/validation/P3M-500-NP/mask/n_01.png",
        "P3M-10k/validation/P3M-500-NP/trimap/n_01.png", "P3M-10k/validation/P3M-500-P/mask/p_01.png",
    ],
    "aim-500": ["original/o_01.jpg", "mask/o_01.png", "trimap/o_01.png", "usr/o_01.png", "readme.txt"],
    "am-2k": [
        "AM-2k/validation/original/m_01.jpg", "AM-2k/validation/mask/m_01.png", "AM-2k/validation/trimap/m_01.png",
        "AM-2k/train/original/m_02.jpg", "AM-2k/train/mask/m_02.png",
    ],
    "ppm-100": ["PPM-100/image/1_o.jpg", "PPM-100/matte/1_o.jpg"],
    "hrsod": [
        "HRSOD_release/HRSOD_test/1.jpg", "HRSOD_release/HRSOD_test_mask/1.png",
        "HRSOD_release/HRSOD_train/2.jpg", "HRSOD_release/HRSOD_train_mask/2.png",
    ],
}  # fmt: skip
EXPECTED = {
    "dis5k-vd": [("12#Furniture#3#Chair#8", "furniture", False)],
    "dis5k-te": [("1#Aircraft#1#Drone#1", "aircraft", False), ("9#Insect#2#Bee#4", "insect", False)],
    "p3m-500-p": [("p_01", "p-set", True)],
    "p3m-500-np": [("n_01", "p-set", True)],
    "aim-500": [("o_01", "p-set", True)],
    "am-2k": [("m_01", "p-set", True)],
    "ppm-100": [("1_o", "p-set", False)],
    "hrsod": [("1", "p-set", False)],
}


def _picture(name: str) -> bytes:
    """Another one for each name."""
    level = hashlib.sha256(name.encode()).digest()[0]
    stream = io.BytesIO()
    Image.new("L", (5, 4), level).save(stream, "JPEG" if name.endswith(".jpg") else "PNG")
    return stream.getvalue()


def _zip(path: Path, names: list[str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, _picture(name))
    return path


def _tar(path: Path, names: list[str]) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = len(_picture(name))
            archive.addfile(info, io.BytesIO(_picture(name)))
    return path


def _folder(path: Path, names: list[str]) -> Path:
    for name in names:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(_picture(name))
    return path


def _arrange(name: str, given: list[Path], folder: Path) -> Arranged:
    return arrange(find(name), given, folder, lambda *_: None)


def _all_files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_every_set_has_a_layout_to_be_tested_on() -> None:
    assert public_sets().keys() == LAYOUTS.keys() == EXPECTED.keys()


@pytest.mark.parametrize("pack", [_zip, _tar, _folder])
@pytest.mark.parametrize("name", LAYOUTS)
def test_an_archive_becomes_a_set(name: str, pack: object, tmp_path: Path) -> None:
    assert callable(pack)
    done = _arrange(name, [pack(tmp_path / "got", LAYOUTS[name])], tmp_path / "p-set")
    samples = read_set(tmp_path / "p-set")
    assert [(one.id, one.kind, one.trimap is not None) for one in samples] == EXPECTED[name]
    assert (done.photos, done.trimaps) == (len(samples), sum(one.trimap is not None for one in samples))
    for one in samples:
        source = next(path for path in LAYOUTS[name] if Path(path).stem == one.id)
        assert one.image.read_bytes() == _picture(source), "byte for byte as it came"
        truths = [path for path in LAYOUTS[name] if Path(path).stem == one.id][1]
        assert one.alpha.read_bytes() == _picture(truths)


def test_the_archives_hash_is_written_down(tmp_path: Path) -> None:
    path = _zip(tmp_path / "PPM-100.zip", LAYOUTS["ppm-100"])
    done = _arrange("ppm-100", [path], tmp_path / "set")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    assert done.archives == {"PPM-100.zip": sha256}
    note = json.loads((tmp_path / "set" / "set.json").read_text())
    assert note["archives"] == {"PPM-100.zip": sha256} and "BY-NC-SA" in note["licence"]


def test_parts_of_a_set_in_several_archives_come_together(tmp_path: Path) -> None:
    first, second = LAYOUTS["aim-500"][:1], LAYOUTS["aim-500"][1:]
    done = _arrange("aim-500", [_zip(tmp_path / "a.zip", first), _tar(tmp_path / "b.tgz", second)], tmp_path / "set")
    assert (done.photos, done.trimaps) == (1, 1)
    with pytest.raises(InputError, match="photo or truth is missing of o_01"):
        _arrange("aim-500", [tmp_path / "a.zip"], tmp_path / "other")
    assert not (tmp_path / "other").exists()


def test_a_second_run_keeps_what_is_there(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", LAYOUTS["am-2k"])
    _arrange("am-2k", [path], tmp_path / "set")
    kept = tmp_path / "set" / "images" / "m_01.jpg"
    before = kept.stat().st_mtime_ns
    (tmp_path / "set" / "alpha" / "m_01.png").unlink()
    _arrange("am-2k", [path], tmp_path / "set")
    assert kept.stat().st_mtime_ns == before
    assert len(read_set(tmp_path / "set")) == 1


def test_names_that_lead_out_write_nothing_outside(tmp_path: Path) -> None:
    bad = [
        "../image/1_o.jpg",
        "/image/2_o.jpg",
        "PPM-100/../../matte/1_o.png",
        "C:/image/3_o.jpg",
        "a\\..\\image/4.jpg",
    ]
    for pack, name in ((_zip, "bad.zip"), (_tar, "bad.tar")):
        folder = tmp_path / pack.__name__
        folder.mkdir()
        _arrange("ppm-100", [pack(folder / name, [*bad, *LAYOUTS["ppm-100"]])], folder / "set")
        assert _all_files(folder) == {name, "set/set.json", "set/images/1_o.jpg", "set/alpha/1_o.jpg"}


def test_links_are_passed_by(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(_picture("secret.png"))
    zipped = _zip(tmp_path / "a.zip", LAYOUTS["ppm-100"])
    with zipfile.ZipFile(zipped, "a") as archive:
        info = zipfile.ZipInfo("PPM-100/image/link.jpg")
        info.external_attr = 0o120777 << 16
        archive.writestr(info, str(tmp_path / "secret.png"))
    tarred = _tar(tmp_path / "a.tar", LAYOUTS["ppm-100"])
    with tarfile.open(tmp_path / "b.tar", "w") as archive_:
        link = tarfile.TarInfo("PPM-100/image/link.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, str(tmp_path / "secret.png")
        archive_.addfile(link)
    unpacked = _folder(tmp_path / "folder", LAYOUTS["ppm-100"])
    (unpacked / "PPM-100" / "image" / "link.jpg").symlink_to(tmp_path / "secret.png")
    for given in ([zipped], [tarred, tmp_path / "b.tar"], [unpacked]):
        done = _arrange("ppm-100", given, tmp_path / f"set-{given[0].name}")
        assert done.photos == 1


def test_what_is_no_archive_is_named(tmp_path: Path) -> None:
    page = tmp_path / "DIS5K.zip"
    page.write_text("<html>Sign in</html>")
    with pytest.raises(InputError, match=r"DIS5K\.zip is no ZIP, no TAR and no folder"):
        _arrange("dis5k-vd", [page], tmp_path / "set")
    with pytest.raises(InputError, match=r"gone\.zip is not there"):
        _arrange("dis5k-vd", [tmp_path / "gone.zip"], tmp_path / "set")
    with pytest.raises(InputError, match=r"other\.zip: no photos of `dis5k-vd`, which lie in `DIS-VD/im`"):
        _arrange("dis5k-vd", [_zip(tmp_path / "other.zip", LAYOUTS["ppm-100"])], tmp_path / "set")


def test_a_damaged_archive_is_named_and_leaves_no_half_file(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", LAYOUTS["ppm-100"])
    data = bytearray(path.read_bytes())
    at = data.index(b"PPM-100/image/1_o.jpg") + len("PPM-100/image/1_o.jpg") + 20
    data[at : at + 40] = bytes(40)
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"a\.zip cannot be read as an archive"):
        _arrange("ppm-100", [path], tmp_path / "set")
    assert not _all_files(tmp_path / "set") - {"set.json"}


def test_a_name_as_long_as_disks_allow_is_taken(tmp_path: Path) -> None:
    long = "p" * 251
    names = [f"PPM-100/image/{long}.jpg", f"PPM-100/matte/{long}.png"]
    done = _arrange("ppm-100", [_zip(tmp_path / "a.zip", names)], tmp_path / "set")
    assert done.photos == 1
    assert _all_files(tmp_path / "set") == {"set.json", f"images/{long}.jpg", f"alpha/{long}.png"}


def test_limits_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _zip(tmp_path / "a.zip", LAYOUTS["ppm-100"])
    monkeypatch.setattr("feathercut.evaluate.sets.arrange.MOST_BYTES", 10)
    with pytest.raises(InputError, match=r"1_o\.jpg has 0 MB; no photo of a set has"):
        _arrange("ppm-100", [path], tmp_path / "set")
    monkeypatch.undo()
    monkeypatch.setattr(archives, "MOST_MEMBERS", 1)
    with pytest.raises(InputError, match="more than 1 files"):
        _arrange("ppm-100", [path], tmp_path / "set")


def test_two_photos_of_one_name_are_refused(tmp_path: Path) -> None:
    names = [*LAYOUTS["ppm-100"], "copy/PPM-100/image/1_o.jpg"]
    with pytest.raises(InputError, match=r"1_o\.jpg is there twice"):
        _arrange("ppm-100", [_zip(tmp_path / "a.zip", names)], tmp_path / "set")


def test_a_folder_with_something_else_is_left_alone(tmp_path: Path) -> None:
    path = _zip(tmp_path / "a.zip", LAYOUTS["ppm-100"])
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "letter.txt").write_text("dear")
    with pytest.raises(OutputError, match="holds something else already"):
        _arrange("ppm-100", [path], tmp_path / "home")
    _arrange("ppm-100", [path], tmp_path / "set")
    with pytest.raises(OutputError, match="holds another set"):
        _arrange("hrsod", [_zip(tmp_path / "h.zip", LAYOUTS["hrsod"])], tmp_path / "set")


def test_without_an_archive_it_says_where_to_get_it(tmp_path: Path) -> None:
    with pytest.raises(OptionError, match=r"`DIS5K\.zip` on Google Drive.*github\.com/xuebinqin/DIS.*`--archive FILE`"):
        _arrange("dis5k-vd", [], tmp_path / "set")


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_licence_is_accepted_by_its_name(name: str) -> None:
    wanted = find(name)
    for word in (None, "yes", ""):
        with pytest.raises(LicenceError, match=f"--accept-licence {wanted.licence.accept}"):
            check_licence(wanted, word)
    check_licence(wanted, wanted.licence.accept)


def test_an_unknown_set_is_answered_with_the_nearest() -> None:
    with pytest.raises(OptionError, match="did you mean `aim-500`"):
        find("aim500")
