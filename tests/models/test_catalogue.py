from __future__ import annotations

import json
from pathlib import Path

import pytest

from feathercut.errors import LicenceError, RecordError, UnknownModelError
from feathercut.models import catalogue
from feathercut.models.spec import UrlSource

OURS = {
    "birefnet-dis", "birefnet-general", "birefnet-hrsod", "birefnet-lite", "birefnet-portrait",
    "depth-anything-v2-small", "isnet-anime", "isnet-general", "midas-small", "rmbg-1.4", "rmbg-2.0", "silueta",
    "u2net", "u2net-human", "u2netp",
}  # fmt: skip


def _own(folder: Path, stem: str, **changes: object) -> None:
    record = catalogue.find("u2netp").model_dump(mode="json")
    (folder / f"{stem}.json").write_text(json.dumps({**record, "id": stem, **changes}), "utf-8")


def test_all_records_are_valid_and_say_where_they_come_from() -> None:
    found = catalogue.records()
    assert set(found) == OURS
    assert all(record.provenance for record in found.values())
    assert {name for name, record in found.items() if record.verified} == {"u2netp", "isnet-general"}


def test_normalisation_is_as_trained() -> None:
    found = catalogue.records()
    by_maximum = {name for name, record in found.items() if record.input.scale == "image-max"}
    assert by_maximum == {"u2net", "u2netp", "u2net-human", "silueta"}
    with_logits = {name for name, record in found.items() if record.output.activation == "sigmoid"}
    assert with_logits == {name for name in OURS if name.startswith("birefnet")}


def test_every_file_has_a_published_address_or_a_package() -> None:
    for record in catalogue.records().values():
        assert record.files
        assert any(isinstance(source, UrlSource) for source in record.files[0].sources)


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(UnknownModelError, match=r"no model `isnet`.*`isnet-general`"):
        catalogue.find("isnet")
    with pytest.raises(UnknownModelError, match="feathercut models list"):
        catalogue.find("../../secrets")


def test_a_users_record_is_found_beside_ours(tmp_path: Path) -> None:
    _own(tmp_path, "mine", files=[])
    assert catalogue.find("mine", tmp_path).id == "mine"
    assert set(catalogue.records(tmp_path)) == {*OURS, "mine"}
    assert catalogue.is_own(catalogue.find("mine", tmp_path))
    assert not catalogue.is_own(catalogue.find("u2net"))


def test_a_users_record_may_not_take_one_of_our_names(tmp_path: Path) -> None:
    _own(tmp_path, "u2net")
    for look in (lambda: catalogue.records(tmp_path), lambda: catalogue.find("u2net", tmp_path)):
        with pytest.raises(RecordError, match="comes with Feathercut"):
            look()


def test_a_wrong_record_of_the_user_can_be_passed_over(tmp_path: Path) -> None:
    _own(tmp_path, "mine", files=[])
    _own(tmp_path, "u2net")
    wrong: list[RecordError] = []
    assert set(catalogue.records(tmp_path, wrong)) == {*OURS, "mine"}
    assert [str(error).partition(":")[0] for error in wrong] == [str(tmp_path / "u2net.json")]


def test_a_record_is_named_after_its_id(tmp_path: Path) -> None:
    _own(tmp_path, "mine", id="yours")
    with pytest.raises(RecordError, match="id: must be the file's name, `mine`, got: yours"):
        catalogue.find("mine", tmp_path)


@pytest.mark.parametrize("name", ["rmbg-1.4", "rmbg-2.0"])
def test_a_restricted_licence_must_be_accepted_by_name(name: str) -> None:
    record = catalogue.find(name)
    for accepted in (None, "yes", "rmbg"):
        with pytest.raises(LicenceError, match=f'`accept_licence="{name}"`'):
            catalogue.check_licence(record, "any", accepted)
    catalogue.check_licence(record, "any", name)
    with pytest.raises(LicenceError, match="may not be used commercially"):
        catalogue.check_licence(record, "commercial", name)


def test_commercial_weights_pass_both_ways() -> None:
    record = catalogue.find("isnet-general")
    catalogue.check_licence(record, "any", None)
    catalogue.check_licence(record, "commercial", None)
