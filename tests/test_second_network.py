"""The second network of a record: which one it is, and who is named where it cannot be had."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import feathercut
from factories import flat
from feathercut import loading
from feathercut.errors import LicenceError, RecordError, UnknownModelError, WeightsError
from feathercut.loading import recipe
from feathercut.models import catalogue
from feathercut.options import Network
from feathercut.remover import Remover
from feathercut.settings import Settings
from incumbent.tiny_network import tiny_network


def test_a_recipe_names_the_one_that_draws_first() -> None:
    settings = Settings.read()
    assert [one.model for one in recipe(Network(quality="fast"), settings)] == ["isnet-general"]
    for network in (Network(), Network(quality="best")):
        assert [one.model for one in recipe(network, settings)] == ["isnet-general", "u2netp"]


def test_every_second_network_is_one_that_comes_with_feathercut_and_may_be_used_alike() -> None:
    found = catalogue.records()
    pairs = [(record, found[record.second]) for record in found.values() if record.second]
    assert [(first.id, second.id) for first, second in pairs] == [("isnet-general", "u2netp")]
    for first, second in pairs:
        assert second.licence.commercial >= first.licence.commercial and second.licence.accept is None


OWN = {
    "version": 1,
    "id": "mine",
    "title": "A user's",
    "task": "subject",
    "verified": True,
    "licence": {"weights": "Apache-2.0", "commercial": True, "source": "its author"},
    "input": {"name": "input", "size": [64, 64], "mean": [0, 0, 0], "std": [1, 1, 1]},
    "output": {"name": "output"},
}


@pytest.fixture(name="own")
def own_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes a network of the user's own with this second one; the line is cut."""
    monkeypatch.setenv("FEATHERCUT_MODELS", str(tmp_path / "models"))
    monkeypatch.setenv("FEATHERCUT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("FEATHERCUT_OFFLINE", "1")
    feathercut.unload()

    def make(second: str) -> None:
        folder = tmp_path / "models"
        folder.mkdir(exist_ok=True)
        (folder / "mine.onnx").write_bytes(tiny_network())
        (folder / "mine.json").write_text(json.dumps({**OWN, "second": second}), "utf-8")

    return make


def test_a_second_network_that_cannot_be_fetched_is_named(own: Callable[[str], None]) -> None:
    own("u2netp")
    with pytest.raises(WeightsError) as caught:
        Remover(model="mine")
    assert str(caught.value).startswith("No weights for `u2netp`, and the network is off.")
    assert "Run `feathercut models get u2netp`" in str(caught.value)


def test_fast_needs_no_second_network(own: Callable[[str], None]) -> None:
    own("u2netp")
    with Remover(model="mine", quality="fast") as remover:
        assert remover.remove(flat((20, 30))).alpha.min() > 0.99


def test_a_second_network_whose_licence_is_not_accepted_is_named(own: Callable[[str], None]) -> None:
    own("rmbg-1.4")
    with pytest.raises(LicenceError, match=r"`rmbg-1\.4` has a restricted licence"):
        Remover(model="mine")
    with pytest.raises(WeightsError, match=r"No weights for `rmbg-1\.4`"):
        Remover(model="mine", accept_licence="rmbg-1.4")
    Remover(model="mine", quality="fast").close()


def test_a_second_network_that_may_not_be_used_commercially_is_refused(own: Callable[[str], None]) -> None:
    own("rmbg-1.4")
    with pytest.raises(LicenceError, match=r"`rmbg-1\.4` may not be used commercially"):
        Remover(model="mine", licence="commercial", accept_licence="rmbg-1.4")


def test_a_second_network_that_does_not_exist_is_named(own: Callable[[str], None]) -> None:
    own("u2nep")
    with pytest.raises(UnknownModelError, match=r"There is no model `u2nep`\. Did you mean `u2netp`"):
        Remover(model="mine")


def test_a_second_networks_licence_is_looked_at_before_anything_is_loaded(
    own: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(*_: object) -> None:
        raise AssertionError("something was loaded")

    own("rmbg-1.4")
    monkeypatch.setattr(loading, "load_engine", load)
    with pytest.raises(LicenceError):
        Remover(model="mine")


def test_a_wrong_second_in_a_record_is_a_record_error(own: Callable[[str], None], tmp_path: Path) -> None:
    own("u2netp")
    (tmp_path / "models" / "mine.json").write_text(json.dumps({**OWN, "second": 7}), "utf-8")
    with pytest.raises(RecordError, match="second"):
        Remover(model="mine")


def test_remove_hears_an_accepted_licence_of_the_second_network(own: Callable[[str], None]) -> None:
    own("rmbg-1.4")
    with pytest.raises(WeightsError, match="rmbg"):  # accepted, so that only its weights are lacking
        feathercut.remove(flat((8, 8)).rgb, model="mine", accept_licence="rmbg-1.4")


def test_remove_refuses_a_second_network_that_may_not_be_used_commercially(
    own: Callable[[str], None], tmp_path: Path
) -> None:
    own("free")
    free = {"weights": "CC-BY-NC-4.0", "commercial": False, "source": "its author"}
    (tmp_path / "models" / "free.onnx").write_bytes(tiny_network())
    (tmp_path / "models" / "free.json").write_text(json.dumps({**OWN, "id": "free", "licence": free}), "utf-8")
    with pytest.raises(LicenceError, match="`free`"):
        feathercut.remove(flat((8, 8)).rgb, model="mine", licence="commercial")
