"""`batch_size`: photos of a folder that are one run of the network give what each gives alone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from feathercut import Remover
from feathercut.cli.main import run
from feathercut.engines.batching import Batching
from feathercut.settings import Settings

PHOTOS = Path(__file__).parents[1] / "examples" / "photos"
SOURCES = [PHOTOS / name for name in ("cat.jpg", "astronaut.jpg", "cup.jpg", "cat.jpg")]
pytestmark = pytest.mark.weights


@pytest.fixture
def sizes(weights_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many photos each run had."""
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
    monkeypatch.setattr("feathercut.loading._WAIT_S", 30.0)  # so that a slow machine brings whole batches, too
    found: list[int] = []
    answer = Batching._answer

    def counted(self: Batching, batch: Sequence[Any]) -> None:
        found.append(len(batch))
        answer(self, batch)

    monkeypatch.setattr(Batching, "_answer", counted)
    return found


def test_photos_of_a_batch_come_in_order_and_as_each_alone(sizes: list[int]) -> None:
    with Remover(model="u2netp", batch_size=4) as remover:
        together = [result.alpha for result in remover.batch(SOURCES)]
    assert sizes == [4]
    with Remover(model="u2netp", precision="fp32") as remover:
        for alpha, source in zip(together, SOURCES, strict=True):
            assert np.abs(alpha - remover.remove(source).alpha).max() < 0.01


def test_a_folder_is_done_in_batches(sizes: list[int], tmp_path: Path) -> None:
    words = ["--model", "u2netp", "--batch-size", "2", "--jobs", "2", "--output-dir", str(tmp_path), "--quiet"]
    assert run(["remove", *map(str, SOURCES[:2]), *words]) == 0
    assert sizes == [2]
    assert {path.name for path in tmp_path.iterdir()} == {"cat.png", "astronaut.png"}
