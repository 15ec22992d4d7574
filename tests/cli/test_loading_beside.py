"""Networks are loaded while the first photo is unpacked, and fetched only for one that was read."""

from __future__ import annotations

from pathlib import Path

import pytest

from feathercut.cli.loading import Loading
from feathercut.errors import WeightsError
from feathercut.models import weights
from feathercut.options import Network, Options
from feathercut.settings import Settings


def test_nothing_is_fetched_before_the_photo_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched = []

    def fetch(record: object, file: object, source: object, *_: object) -> Path:
        fetched.append(source)
        raise WeightsError("refused")

    monkeypatch.setenv("FEATHERCUT_CACHE", str(tmp_path))
    monkeypatch.delenv("FEATHERCUT_OFFLINE", raising=False)
    monkeypatch.setattr(weights, "_fetch_one", fetch)
    loading = Loading(Network(model="u2netp"), is_quiet=True)
    loading.begin(at_once=1)
    loading.end()
    assert not fetched
    with pytest.raises(WeightsError, match="refused"):
        loading.apply(b"never looked at", Options())
    assert fetched


@pytest.mark.weights
def test_what_was_loaded_beside_is_what_runs(
    u2netp_path: Path, weights_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEATHERCUT_CACHE", str(weights_settings.cache))
    loading = Loading(Network(model="u2netp"), is_quiet=True)
    loading.begin(at_once=1)
    loading.begin(at_once=1)
    loading.end()
    monkeypatch.setattr(Loading, "_fetched", lambda _: pytest.fail("it is loaded already"))
    photo = Path(__file__).parents[2] / "examples" / "photos" / "cat.jpg"
    assert loading.apply(photo, Options()).found
