"""With a trimap there is nothing to fetch or load, and a result does not claim that a network looked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

import feathercut
from factories import red_remover, soft_disc
from feathercut.errors import WeightsError
from feathercut.pictures import Image

DISC = soft_disc((32, 32))
PHOTO = Image(np.stack([DISC, DISC * 0, 0.2 * (1 - DISC)], axis=2).astype(np.float32))


@pytest.fixture(name="trimap")
def trimap_of_the_disc(tmp_path: Path) -> Path:
    """What the disc surely is and is not, and a ring that is unknown."""
    Pillow.fromarray(np.where(DISC == 1, 255, np.where(DISC == 0, 0, 128)).astype(np.uint8)).save(tmp_path / "t.png")
    return tmp_path / "t.png"


@pytest.fixture(name="cache")
def empty_cache_and_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FEATHERCUT_OFFLINE", "1")
    monkeypatch.setenv("FEATHERCUT_CACHE", str(tmp_path / "cache"))
    feathercut.unload()
    return tmp_path / "cache"


def test_remove_needs_no_weights(trimap: Path, cache: Path) -> None:
    result = feathercut.remove(PHOTO, trimap=trimap, crop=True)
    alpha = result.cutout.alpha
    assert result.found and (alpha[DISC == 1] == 1).all() and not alpha[DISC == 0].any()
    assert np.abs(alpha - DISC).mean() < 0.01
    assert result.model == "trimap" and not cache.exists()


def test_network_that_does_not_run_is_not_refused(trimap: Path, cache: Path) -> None:
    assert feathercut.remove(PHOTO, trimap=trimap, model="rmbg-1.4", licence="commercial").model == "trimap"


def test_remover_still_needs_its_weights_when_it_is_made(cache: Path) -> None:
    with pytest.raises(WeightsError, match="No weights for `isnet-general`"):
        feathercut.Remover()


def test_result_says_which_of_the_two_a_remover_went_by(trimap: Path) -> None:
    with red_remover((32, 32)) as remover:
        assert remover.remove(PHOTO, trimap=trimap).model == "trimap"
        assert remover.remove(PHOTO).model == "tiny"
        assert [one.model for one in remover.batch([PHOTO, PHOTO], trimap=trimap)] == ["trimap"] * 2
