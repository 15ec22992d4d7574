from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from feathercut.settings import Settings


@pytest.fixture
def shared_weights(weights_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The cache that all tests share, as this process's own."""
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
    return weights_settings.cache


@pytest.fixture(scope="session")
def disc() -> Image.Image:
    """A red disc on pale green, which every network takes for the subject."""
    y, x = np.mgrid[:120, :160]
    inside = np.hypot(x - 80, y - 60) < 40
    return Image.fromarray(np.where(inside[..., None], [200, 30, 40], [215, 235, 215]).astype(np.uint8))
