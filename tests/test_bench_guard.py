"""The guard of the benchmark: what is slower than the committed figures is named, noise is not."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench import guard, plots


@pytest.fixture(autouse=True)
def last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "last.json"
    monkeypatch.setattr(guard, "_LAST", path)
    return path


def test_without_figures_there_is_nothing_to_compare() -> None:
    assert guard.compared("speed", {"12 MP": 0.3}, {}) == ["bench/last.json has no figures of `speed` to compare with."]


def test_what_is_slower_by_more_than_the_noise_is_named() -> None:
    guard.write("speed", {"12 MP": 0.30, "2 MP": 0.40}, {"12 MP": 0.05, "2 MP": 0.05})
    now = {"12 MP": 0.34, "2 MP": 0.43, "50 MP": 9.0}
    said = guard.compared("speed", now, {"12 MP": 0.05, "2 MP": 0.05})
    assert said == ["SLOWER than the committed table: 12 MP: 0.300 then, 0.340 now."]
    assert guard.compared("speed", {"12 MP": 0.2}, {})[0].startswith("Nothing is slower")


def test_one_section_leaves_another_alone(last: Path) -> None:
    guard.write("speed", {"12 MP": 0.3}, {})
    guard.write("folder", {"photos a second": 0.5}, {})
    assert guard.compared("speed", {"12 MP": 0.5}, {})[0].startswith("SLOWER")


def test_plots_are_pictures_with_every_name_in_them() -> None:
    walls = {"ours": [(0.2, 1.0), (12.0, 2.0)], "theirs <slow>": [(0.2, 3.0), (12.0, 9.0)]}
    for text, names in (
        (plots.lines("time", "s", walls, in_proportion=True), walls),
        (plots.stacked("stages", "s", {"12 MP": {"read": 0.1, "write": 0.2}}), ("12 MP", "read", "write")),
    ):
        words = {element.text for element in ElementTree.fromstring(text).iter()}
        assert set(names) <= words
