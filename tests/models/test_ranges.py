"""What an int8 form is built from is measured on photos, of published networks and of one's own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from feathercut.models.catalogue import find
from feathercut.models.folded import folded
from feathercut.models.quantisation import path_of, read_quantisation
from feathercut.models.ranges import RECIPES, Recipe, measured, widened


@pytest.mark.weights
def test_the_published_network_is_measured_layer_by_layer(u2netp_path: Path, tmp_path: Path) -> None:
    record = find("u2netp")
    random = np.random.default_rng(0)
    photos = [random.normal(0, 1, (1, 3, 320, 320)).astype(np.float32)]
    whole = folded(u2netp_path, record, record.input.size, tmp_path)
    found = measured(whole, photos, RECIPES["u2netp"], tmp_path, model_id="own", photos="noise")
    shipped = read_quantisation("u2netp")
    assert found.input == shipped.input
    for own, other in zip(found.layers, shipped.layers, strict=True):
        assert (own.shape, own.form, len(own.steps)) == (other.shape, other.form, len(other.steps))
        assert own.norm == pytest.approx(other.norm, rel=1e-3)
    corrected = measured(whole, photos, Recipe(0.7, 1, "float"), tmp_path, model_id="own", photos="noise")
    assert [len(one.means) for one in corrected.layers] == [one.shape[1] for one in corrected.layers]
    assert corrected.layers[0].means == pytest.approx(photos[0].mean(axis=(0, 2, 3)), rel=0.06)
    wide = widened(found, shipped)
    for one, own, other in zip(wide.layers, found.layers, shipped.layers, strict=True):
        assert one.steps == tuple(map(max, own.steps, other.steps))
        assert (one.low, one.high) == (min(own.low, other.low), max(own.high, other.high))


def test_another_structure_widens_nothing() -> None:
    one, other = read_quantisation("u2netp"), read_quantisation("isnet-general")
    assert widened(one, other) is one


def test_data_of_ones_own_lie_in_ones_own_folder_and_take_no_published_ones_place(tmp_path: Path) -> None:
    assert path_of("own", tmp_path) == tmp_path / "quantised" / "own.json"
    assert path_of("u2netp", tmp_path) == path_of("u2netp")
    (tmp_path / "quantised").mkdir()
    text = read_quantisation("u2netp").model_copy(update={"id": "own"}).model_dump_json()
    path_of("own", tmp_path).write_text(text, "utf-8")
    assert read_quantisation("own", tmp_path).id == "own"
