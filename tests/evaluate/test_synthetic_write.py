"""Rendered sets on disk."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from feathercut.errors import OptionError, OutputError
from feathercut.evaluate.samples import read_set
from feathercut.evaluate.synthetic import write
from feathercut.evaluate.synthetic.backgrounds import photographs
from feathercut.evaluate.synthetic.scenes import render

SMALL = (64, 96)


def _files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_set_can_be_read_and_holds_the_truth(tmp_path: Path) -> None:
    names = write.write_set(tmp_path, [7], ["glass", "smoke"], SMALL)
    assert names == ["glass-000007", "smoke-000007"]
    samples = read_set(tmp_path)
    assert [(one.id, one.kind) for one in samples] == [("glass-000007", "glass"), ("smoke-000007", "smoke")]
    scene = render(7, "glass", SMALL)
    one = samples[0]
    assert one.trimap and one.foreground and one.background
    alpha = np.asarray(Image.open(one.alpha))
    assert alpha.dtype == np.uint16 and np.abs(alpha / 65535 - scene.alpha).max() <= 0.51 / 65535
    for path, truth in ((one.image, scene.rgb), (one.foreground, scene.foreground), (one.background, scene.background)):
        assert np.abs(np.asarray(Image.open(path)) / 255 - truth).max() <= 0.51 / 255
    trimap = np.asarray(Image.open(one.trimap))
    assert set(np.unique(trimap)) <= {0, 128, 255}
    assert (trimap[(scene.alpha > 0) & (scene.alpha < 1)] == 128).all()
    assert (scene.alpha[trimap == 255] == 1).all() and (scene.alpha[trimap == 0] == 0).all()


def test_the_same_seeds_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "other"):
        write.write_set(tmp_path / name, [0], ["holes"], SMALL)
    assert _files(tmp_path / "one") == _files(tmp_path / "other")


def test_what_is_whole_is_kept_and_what_is_not_is_rendered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write.write_set(tmp_path, [0, 1], ["smoke"], SMALL)
    whole = _files(tmp_path)
    (tmp_path / "images" / "smoke-000001.png").unlink()
    rendered = []

    def watched(seed: int, *rest: object) -> object:
        rendered.append(seed)
        return render(seed, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(write, "render", watched)
    told: list[tuple[str, int, int]] = []
    write.write_set(tmp_path, [0, 1], ["smoke"], SMALL, progress=lambda *words: told.append(words))
    assert rendered == [1]
    assert _files(tmp_path) == whole
    assert told[-1] == ("smoke-000001", 2, 2)


def test_a_folder_of_another_set_is_refused(tmp_path: Path) -> None:
    write.write_set(tmp_path, [0], ["smoke"], SMALL)
    with pytest.raises(OutputError, match="whose size is"):
        write.write_set(tmp_path, [0], ["smoke"], (64, 64))
    (tmp_path / "set.json").write_text(json.dumps({**json.loads((tmp_path / "set.json").read_text()), "version": 0}))
    with pytest.raises(OutputError, match="whose version is 0, not 1"):
        write.write_set(tmp_path, [0], ["smoke"], SMALL)


def test_own_photos_stand_behind(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    Image.new("RGB", (50, 40), (0, 255, 0)).save(tmp_path / "photos" / "green.png")
    photos = photographs(tmp_path / "photos")
    assert [path.name for path in photos] == ["green.png"]
    scene = render(0, "smoke", SMALL, photos)
    assert scene.background[..., 0].max() == 0 and scene.background[..., 1].min() > 0.7
    with pytest.raises(OptionError, match="No photo"):
        photographs(tmp_path)
