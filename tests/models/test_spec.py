from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feathercut.errors import RecordError
from feathercut.models.spec import parse_record, read_record

RECORDS = Path(__file__).parents[2] / "src" / "feathercut" / "models" / "records"


def _rename(place: dict[str, Any], old: str, new: str) -> None:
    place[new] = place.pop(old)


WRONG: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda r: _rename(r["files"][0]["sources"][2], "pypi", "pipy"), "files[0].sources[2].pipy: there is no such word"),
    (lambda r: _rename(r["files"][0]["sources"][0], "rembg", "rembgg"), "files[0].sources[0].rembgg: "),
    (lambda r: r["files"][0]["sources"][1].update(url="ftp://there"), "files[0].sources[1].url: "),
    (lambda r: r["files"][0].update(sha256="beef"), "files[0].sha256: "),
    (lambda r: [r["files"][0].pop(kind) for kind in ("sha256", "md5")], "files[0]: sha256 or md5 is needed"),
    (lambda r: r["input"].update(scale="256"), "input.scale: Input should be '255' or 'image-max', got \"256\""),
    (lambda r: _rename(r["input"], "size", "szie"), "input.szie: there is no such word; `size` is missing"),
    (lambda r: r["input"].update(size=[320]), "input.size[1]: "),
    (lambda r: r["input"].update(std=[0.2, 0, 0.2]), "input.std[1]: "),
    (lambda r: r["output"].update(activation="relu"), "output.activation: "),
    (lambda r: r["licence"].pop("commercial"), "licence.commercial: Field required"),
    (lambda r: r["provenance"].pop("doubts"), "provenance.doubts: Field required"),
    (lambda r: r.update(id="Big Net"), "id: "),
    (lambda r: r.update(colour="red"), "colour: there is no such word"),
]


@pytest.mark.parametrize(("spoil", "said"), WRONG, ids=[said.partition(":")[0] for _, said in WRONG])
def test_the_wrong_word_is_named_by_its_path(spoil: Callable[[dict[str, Any]], object], said: str) -> None:
    record = json.loads((RECORDS / "u2netp.json").read_text("utf-8"))
    spoil(record)
    with pytest.raises(RecordError) as caught:
        parse_record(json.dumps(record), "u2netp.json")
    assert str(caught.value).startswith(f"u2netp.json: {said}")


def test_a_newer_record_is_refused_with_a_sentence() -> None:
    with pytest.raises(RecordError, match="a record of version 2; this Feathercut reads up to 1"):
        parse_record('{"version": 2}', "new.json")


def test_what_is_no_json_is_refused_by_line() -> None:
    with pytest.raises(RecordError, match="not JSON, line 2 column"):
        parse_record('{\n"version" 1}', "broken.json")


def test_a_record_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"none\.json: is not there; check the path"):
        read_record(tmp_path / "none.json")


def test_a_record_without_files_is_valid() -> None:
    record = json.loads((RECORDS / "u2netp.json").read_text("utf-8"))
    del record["files"]
    assert parse_record(json.dumps(record), "own.json").files == ()
