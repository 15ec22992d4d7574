"""What a machine lets a process have."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from feathercut.system import _cores_of_quota, usable_cores


def cores(folder: Path, own: str, files: dict[str, str]) -> int:
    for name, text in files.items():
        path = folder / "groups" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (folder / "own").write_text(own)
    return _cores_of_quota(folder / "groups", folder / "own")


@pytest.mark.parametrize(
    ("own", "files", "most"),
    [
        ("0::/\n", {"cpu.max": "400000 100000\n"}, 4),  # a container
        ("0::/\n", {"cpu.max": "150000 100000\n"}, 2),
        ("0::/\n", {"cpu.max": "20000 100000\n"}, 1),
        ("0::/\n", {"cpu.max": "max 100000\n"}, 1 << 16),
        ("0::/system.slice/one.service\n", {"system.slice/one.service/cpu.max": "300000 100000\n"}, 3),
        ("0::/a/b\n", {"a/cpu.max": "200000 100000\n", "a/b/cpu.max": "max 100000\n"}, 2),  # of the group around it
        ("0::/not/seen/here\n", {"cpu.max": "200000 100000\n"}, 2),
        ("4:cpu,cpuacct:/\n0::/\n", {"cpu/cpu.cfs_quota_us": "250000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 3),
        ("1:cpu:/\n", {"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 1 << 16),
        ("0::/\n", {}, 1 << 16),
        ("nonsense", {}, 1 << 16),
    ],
)
def test_a_bound_on_processor_time_is_a_bound_on_cores(
    tmp_path: Path, own: str, files: dict[str, str], most: int
) -> None:
    assert cores(tmp_path, own, files) == most


def test_there_is_a_core_and_no_more_than_the_machine_has() -> None:
    assert 1 <= usable_cores() <= (os.cpu_count() or 1)
