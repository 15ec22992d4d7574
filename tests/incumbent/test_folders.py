"""Rows 13 and 19: many photos, many calls."""

from pathlib import Path

import numpy as np

from incumbent.photos import jpeg
from incumbent.tools.base import Bytes8, Tool


def _photo(level: int) -> bytes:
    """A bright disc on dark ground, which the tiny network takes for a subject."""
    y, x = np.mgrid[:60, :80]
    disc = (x - 40) ** 2 + (y - 30) ** 2 < 400
    pixels: Bytes8 = np.where(disc, level, 20).astype(np.uint8)[..., None].repeat(3, axis=2)
    return jpeg(pixels)


def _tree(root: Path) -> Path:
    """Two photos of one name in two folders."""
    for folder, level in (("a", 240), ("b", 200)):
        (root / folder).mkdir(parents=True)
        (root / folder / "img.jpg").write_bytes(_photo(level))
    return root


def _home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


def test_row_13_two_photos_of_one_name_give_two_results(tool: Tool, tmp_path: Path) -> None:
    inputs, outputs = _tree(tmp_path / "in"), tmp_path / "out"
    run = tool.cut_out_folder(inputs, outputs, _home(tmp_path))
    written = sorted(path.relative_to(outputs).as_posix() for path in outputs.rglob("*.png"))
    assert written == ["a/img.png", "b/img.png"], run.said


def test_row_13_no_photo_is_lost_without_its_result(tool: Tool, tmp_path: Path) -> None:
    inputs, outputs = _tree(tmp_path / "in"), tmp_path / "out"
    run = tool.cut_out_folder(inputs, outputs, _home(tmp_path))
    remaining = list(inputs.rglob("*.jpg"))
    written = list(outputs.rglob("*.png"))
    assert len(remaining) + len(written) >= 2, run.said
    assert len(written) == 2 or len(remaining) == 2, run.said


def test_row_13_broken_photo_is_named_and_the_exit_code_tells(tool: Tool, tmp_path: Path) -> None:
    inputs, outputs = _tree(tmp_path / "in"), tmp_path / "out"
    (inputs / "a" / "broken.jpg").write_bytes(_photo(240)[:300])
    run = tool.cut_out_folder(inputs, outputs, _home(tmp_path))
    assert len(list(outputs.rglob("*.png"))) >= 1, run.said
    assert run.exit_code != 0
    assert "broken.jpg" in run.said


def test_row_13_broken_photo_is_not_touched(tool: Tool, tmp_path: Path) -> None:
    inputs, outputs = _tree(tmp_path / "in"), tmp_path / "out"
    (inputs / "a" / "broken.jpg").write_bytes(_photo(240)[:300])
    tool.cut_out_folder(inputs, outputs, _home(tmp_path))
    assert (inputs / "a" / "broken.jpg").exists()
    assert not list(outputs.rglob("broken*"))


def test_row_19_two_calls_load_the_network_once(tool: Tool, tmp_path: Path) -> None:
    assert tool.networks_loaded(_photo(240), calls=2, home=_home(tmp_path)) == 1
